"""What the bot may do in Teams, each permission with a reason that an administrator can check."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Permission:
    what: str
    why: str
    comes_with: str


PERMISSIONS: Final = (
    Permission(
        "talk with a person alone",
        "ask leaders, remind them, and answer what they type",
        "the scope `personal` of the app",
    ),
    Permission(
        "be called by name in a channel, and post there",
        "post the report where its partnership meets",
        "the scope `team`, in the teams it is added to",
    ),
    Permission(
        "read the roster of a team it is in (names and e-mail addresses)",
        "know a leader by the address in the partnership's file, so that nobody needs a code",
        "the scope `team`",
    ),
)
"""There is nothing else: no Microsoft Graph permission, no reading of channels, no acting on a user's behalf."""


def table() -> str:
    """The permissions and their reasons as shown in ``docs/teams.md``."""
    return "".join(f"{line}\n" for line in _lines())


def _lines() -> Iterator[str]:
    yield "| it may | so that it can | comes with |"
    yield "|---|---|---|"
    yield from (f"| {each.what} | {each.why} | {each.comes_with} |" for each in PERMISSIONS)
