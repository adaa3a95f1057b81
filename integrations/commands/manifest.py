"""``manifest``: what is pasted into a chat platform to make an app of it that fits this bot."""

from __future__ import annotations

import json
from pathlib import Path

import yaml

from integrations.commands.output import CannotBeDone, say
from manifest.slack import scopes
from manifest.slack.builder import Manifest, NoManifest, build_slack_manifest
from manifest.teams import permissions
from manifest.teams.builder import NotAnApp, build_teams_manifest, package


def slack(public_url: str | None, *, as_yaml: bool, **options: bool) -> None:
    """``options`` are those of ``build_slack_manifest``. Raises ``CannotBeDone``."""
    try:
        built = build_slack_manifest(public_url, **options)
    except NoManifest as error:
        raise CannotBeDone(str(error)) from None
    say(as_text(built, as_yaml=as_yaml).rstrip("\n"))


def slack_scopes() -> None:
    say(scopes.table().rstrip("\n"))


def teams(public_url: str | None, app_id: str | None, out: Path) -> None:
    """Write the package of the Teams app into ``out``. Raises ``CannotBeDone``."""
    try:
        built = package(build_teams_manifest(public_url, app_id))
    except NotAnApp as error:
        raise CannotBeDone(str(error)) from None
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(built)
    say(f"The app is in {out}. Upload it in the Teams admin centre: docs/teams.md, step 4.")


def teams_permissions() -> None:
    say(permissions.table().rstrip("\n"))


def as_text(built: Manifest, *, as_yaml: bool = False) -> str:
    if as_yaml:
        return yaml.safe_dump(built, sort_keys=False, allow_unicode=True, width=100)
    return json.dumps(built, indent=2, ensure_ascii=False) + "\n"
