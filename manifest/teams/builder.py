"""The package of the Teams app: uploaded once in the Teams admin centre, it makes an app that fits this bot.

https://learn.microsoft.com/microsoftteams/platform/resources/schema/manifest-schema
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from typing import Final, TypeAlias
from urllib.parse import urlsplit
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from core.charts.style import OWN_SCHOOL
from manifest.teams import icons

Manifest: TypeAlias = dict[str, object]

SCHEMA: Final = "https://developer.microsoft.com/json-schemas/teams/v1.24/MicrosoftTeams.schema.json"
VERSIONS: Final = {"1.0.0": "99e7cf4dd1e8da1e"}
"""Every version of the app, the latest last, with a digest of its content (``digest``).

Teams takes a changed app only with a higher version, so a change needs a new line, and none is ever edited.
"""
VERSION: Final = tuple(VERSIONS)[-1]
NAME: Final = "Partnership bot"
ABOUT_PATH, PRIVACY_PATH, TERMS_PATH = "/teams/about", "/teams/privacy", "/teams/terms"
"""Pages that the bot serves: Teams links to them from the app's details."""
COLOUR_FILE, OUTLINE_FILE = "color.png", "outline.png"
_LONG_AGO: Final = (2026, 1, 1, 0, 0, 0)
"""So that the same manifest gives the same package, byte for byte."""


class NotAnApp(ValueError):
    """The package can't be made; the message is shown to whoever asked for it."""


@dataclass(frozen=True, slots=True)
class TeamsCommand:
    title: str
    description: str


ALONE: Final = (
    TeamsCommand("start", "Answer for your school, or go on where you were"),
    TeamsCommand("status", "How far you have got"),
    TeamsCommand("review", "Look everything over, and submit"),
    TeamsCommand("reminders", "Choose when to be reminded"),
    TeamsCommand("cymraeg", "Siarad Cymraeg"),
    TeamsCommand("help", "What the bot can do"),
)
IN_A_CHANNEL: Final = (
    TeamsCommand("partnership-report", "Post the partnership's report here (for leads)"),
    TeamsCommand("help", "What the bot can do"),
)


def build_teams_manifest(public_url: str | None, app_id: str | None, version: str | None = None) -> Manifest:
    """The manifest. ``version`` is for an app that was changed here: a new address needs a higher one, too.

    Raises ``NotAnApp`` where the bot's address, its app id or the version is unusable.
    """
    address, bot, numbered = _checked_address(public_url), _checked_id(app_id), _checked_version(version or VERSION)
    return {
        "$schema": SCHEMA,
        "manifestVersion": "1.24",
        "version": numbered,
        "id": bot,
        "developer": {
            "name": NAME,
            "websiteUrl": address + ABOUT_PATH,
            "privacyUrl": address + PRIVACY_PATH,
            "termsOfUseUrl": address + TERMS_PATH,
        },
        "name": {"short": NAME, "full": f"{NAME} for school partnerships"},
        "description": _DESCRIPTION,
        "icons": {"color": COLOUR_FILE, "outline": OUTLINE_FILE},
        "accentColor": OWN_SCHOOL,
        "bots": [_bot(bot)],
        "validDomains": [urlsplit(address).netloc],
        "defaultInstallScope": "personal",
    }


def package(manifest: Manifest) -> bytes:
    """The manifest with its icons, as Teams accepts it."""
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        for name, content in (
            ("manifest.json", as_json(manifest).encode()),
            (COLOUR_FILE, icons.colour()),
            (OUTLINE_FILE, icons.outline()),
        ):
            entry = ZipInfo(name, _LONG_AGO)
            entry.compress_type = ZIP_DEFLATED
            archive.writestr(entry, content)
    return out.getvalue()


def digest(manifest: Manifest) -> str:
    """Tells one content of the app from another; the version is not part of it."""
    content = json.dumps({**manifest, "version": ""}, sort_keys=True)
    return sha256(content.encode()).hexdigest()[:16]


def as_json(manifest: Manifest) -> str:
    return json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"


_DESCRIPTION: Final[Manifest] = {
    "short": "Asks the leaders of each school how their partnership works, and reports.",
    "full": (
        "Each term the leaders of the schools in a partnership look at how well their own school and the partnership "
        "work together. The bot asks them here, in a chat of their own, by cards or by typing. When the cycle closes, "
        "a lead has the report posted in the partnership's channel. What a leader answers is shown only as far as the "
        "partnership has agreed. Say hello to the bot to begin; a leader whom it does not know yet is told how to join."
    ),
}


def _bot(app_id: str) -> Manifest:
    return {
        "botId": app_id,
        "scopes": ["personal", "team"],
        "isNotificationOnly": False,
        "supportsFiles": False,
        "commandLists": [_commands("personal", ALONE), _commands("team", IN_A_CHANNEL)],
    }


def _commands(scope: str, commands: tuple[TeamsCommand, ...]) -> Manifest:
    return {
        "scopes": [scope],
        "commands": [{"title": each.title, "description": each.description} for each in commands],
    }


def _checked_address(public_url: str | None) -> str:
    url = urlsplit(public_url or "")
    if url.scheme != "https" or not url.hostname or url.query or url.fragment or url.username:
        raise NotAnApp(
            "Give the address at which Teams can reach the bot, such as --public-url https://bot.example.org"
        )
    return url.geturl().rstrip("/")


def _checked_version(version: str) -> str:
    if re.fullmatch(r"[1-9][0-9]{0,4}(\.[0-9]{1,5}){2}", version) is None or _numbers(version) < _numbers(VERSION):
        raise NotAnApp(f"Give a version such as --app-version {VERSION}, or a higher one.")
    return version


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def _checked_id(app_id: str | None) -> str:
    try:
        return str(UUID(app_id or ""))
    except ValueError:
        raise NotAnApp(
            "Give the bot's app id (a Microsoft App ID), such as --app-id 12345678-1234-1234-1234-123456789abc"
        ) from None
