"""The manifest of the Slack app: pasted once at api.slack.com/apps, it makes an app that fits this bot.

https://docs.slack.dev/reference/app-manifest
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias
from urllib.parse import urlsplit

from manifest.slack.scopes import LOOK_BACK, NEEDED, PRIVATE_CHANNELS

Manifest: TypeAlias = dict[str, object]

NAME: Final = "Partnership bot"
EVENTS_PATH: Final = "/slack/events"
INSTALL_PATH: Final = "/slack/install"
REDIRECT_PATH: Final = "/slack/oauth_redirect"
EVENTS: Final = ("app_home_opened", "app_uninstalled", "message.im", "tokens_revoked", "user_change")


class NoManifest(ValueError):
    """The manifest can't be made; the message is shown to whoever asked for it."""


@dataclass(frozen=True, slots=True)
class SlackCommand:
    name: str
    description: str
    usage: str


COMMANDS: Final = (
    SlackCommand(
        "/partnership-report",
        "Post the partnership's report in its channel (for leads)",
        "[help | preview] [cycle] [area]",
    ),
    SlackCommand("/partnership", "Answer the enquiry, see where things stand, get help", "[start | status | help]"),
)


def build_slack_manifest(
    public_url: str | None = None,
    *,
    socket_mode: bool = False,
    many_workspaces: bool = False,
    private_channels: bool = False,
    look_back: bool = False,
) -> Manifest:
    """The app for one address, or for Socket Mode, which needs none.

    ``many_workspaces`` is for an app that others install themselves: its tokens expire and are renewed, and it can be
    installed for a whole organisation. Expiring tokens can't be switched off again.
    Raises ``NoManifest`` where Slack could not reach the bot, or options contradict each other.
    """
    if many_workspaces and public_url is None:
        raise NoManifest("To be installed from several workspaces, the bot needs an address: --public-url https://…")
    if many_workspaces and (private_channels or look_back):
        raise NoManifest(
            "With --many-workspaces, people who install the app grant only the scopes it always needs. "
            "Leave out --private-channels and --look-back: they would have no effect."
        )
    address = None if public_url is None and socket_mode else _checked(public_url)
    scopes = (*NEEDED, *(PRIVATE_CHANNELS if private_channels else ()), *(LOOK_BACK if look_back else ()))
    oauth: Manifest = {"scopes": {"bot": sorted(each.name for each in scopes)}}
    if address is not None:
        oauth["redirect_urls"] = [address + REDIRECT_PATH]
    return {
        "_metadata": {"major_version": 1, "minor_version": 1},
        "display_information": _DISPLAY,
        "features": _features(None if socket_mode else address),
        "oauth_config": oauth,
        "settings": _settings(None if socket_mode else address, many_workspaces),
    }


def _checked(public_url: str | None) -> str:
    url = urlsplit(public_url or "")
    if url.scheme != "https" or not url.hostname or url.query or url.fragment or url.username:
        raise NoManifest(
            "Give the address at which Slack can reach the bot, such as --public-url https://bot.example.org, "
            "or --socket-mode if it has none."
        )
    return url.geturl().rstrip("/")


_DISPLAY: Final[Manifest] = {
    "name": NAME,
    "description": "Asks the leaders of each school how their partnership works, and reports back.",
    "background_color": "#12436D",
    "long_description": (
        "Each term the leaders of the schools in a partnership look at how well their own school and the partnership "
        "work together. The bot asks them here, in direct messages, by buttons or by typing. When the cycle closes, a "
        "lead posts the report in the partnership's channel. What a leader answers is shown only as far as the "
        "partnership has agreed."
    ),
}


def _features(address: str | None) -> Manifest:
    return {
        "app_home": {
            "home_tab_enabled": True,
            # Without both of these nobody could send the bot a message.
            "messages_tab_enabled": True,
            "messages_tab_read_only_enabled": False,
        },
        "bot_user": {"display_name": NAME, "always_online": True},
        "slash_commands": [_command(each, address) for each in COMMANDS],
    }


def _command(command: SlackCommand, address: str | None) -> Manifest:
    return {
        "command": command.name,
        **_reached_at("url", address),
        "description": command.description,
        "usage_hint": command.usage,
        "should_escape": False,
    }


def _settings(address: str | None, many_workspaces: bool) -> Manifest:
    return {
        "event_subscriptions": {**_reached_at("request_url", address), "bot_events": list(EVENTS)},
        "interactivity": {"is_enabled": True, **_reached_at("request_url", address)},
        "org_deploy_enabled": many_workspaces,
        "socket_mode_enabled": address is None,
        "token_rotation_enabled": many_workspaces,
    }


def _reached_at(name: str, address: str | None) -> Manifest:
    """Slack rejects a manifest that gives an address for events received over Socket Mode."""
    return {} if address is None else {name: address + EVENTS_PATH}
