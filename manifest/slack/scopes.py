"""The permissions the bot asks a Slack workspace for, each with a reason that an administrator can check."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Scope:
    name: str
    why: str
    needed_for: tuple[str, ...]
    """The Slack methods and events the bot uses that require it."""


NEEDED: Final = (
    Scope(
        "chat:write",
        "write to leaders, and post the report in the partnership's channel",
        ("chat.postMessage", "chat.postEphemeral", "chat.update"),
    ),
    Scope("commands", "hear the commands /partnership-report and /partnership", ("slash commands",)),
    Scope("im:history", "read what a leader types to the bot itself; no other conversation", ("message.im",)),
    Scope(
        "im:write", "begin a direct message with a leader, for the invitation and reminders", ("conversations.open",)
    ),
    Scope(
        "files:write",
        "add the report's picture and its table of figures",
        ("files.getUploadURLExternal", "files.completeUploadExternal"),
    ),
    Scope("files:read", "see that Slack has finished with the picture before it is shown", ("files.info",)),
    Scope(
        "users:read",
        "see that an account is active, and a full member of the workspace or its organisation: no guest and no bot",
        ("users.info",),
    ),
    Scope(
        "users:read.email",
        "know a leader by the e-mail address in the partnership's file, so that nobody needs a code",
        ("users.lookupByEmail",),
    ),
    Scope(
        "channels:read",
        "tell you when the bot is missing from the partnership's channel",
        ("conversations.info", "users.conversations"),
    ),
)
"""If one of these is missing, something does not work; ``partnership-bot doctor`` reports which."""

PRIVATE_CHANNELS: Final = (
    Scope(
        "groups:read",
        "the same as channels:read where the partnership's channel is private",
        ("conversations.info", "users.conversations"),
    ),
)
LOOK_BACK: Final = (
    Scope(
        "channels:history",
        "after a broken connection, look whether the report is in the channel already instead of asking you",
        ("conversations.history", "conversations.replies"),
    ),
    Scope("groups:history", "the same in a private channel", ("conversations.history", "conversations.replies")),
)
CONNECTION: Final = "connections:write"
"""The one scope of an app-level token, for Socket Mode."""


def table() -> str:
    """The scopes and their reasons as shown in ``docs/slack.md``."""
    return "".join(f"{line}\n" for line in _lines())


def _lines() -> Iterator[str]:
    yield "| scope | so that the bot can | asked for |"
    yield "|---|---|---|"
    for scopes, when in (
        (NEEDED, "always"),
        (PRIVATE_CHANNELS, "with `--private-channels`"),
        (LOOK_BACK, "with `--look-back`"),
    ):
        yield from (f"| `{each.name}` | {each.why} | {when} |" for each in scopes)
