"""What an event means: read once, at the head of the turn, and then handed on as one value."""

from __future__ import annotations

from datetime import datetime
from typing import Final, TypeAlias

from bot.inbound.events import Body, Command, Incoming, Installed, Kind, Left, Pressed, Typed
from bot.inbound.typed_text import Commanded, Meaning, Word, read
from core.framework import Framework
from core.values import value

OWN_COMMAND: Final = "partnership"
"""The bot's own command, behind which anything may be typed."""


@value
class Wrote:
    """Something was typed, be it alone or behind the bot's own command."""

    text: str
    meaning: Meaning


@value
class ReportCommand:
    """The command that a platform has for the report, and what stands behind it."""

    rest: str


Understood: TypeAlias = Pressed | Wrote | ReportCommand | Installed | Left


@value
class Event:
    at: datetime
    """When it happened, as the platform says."""
    what: Understood


def is_overheard(incoming: Incoming) -> bool:
    """Said among others in a channel, or somebody left one: none of it is meant for the bot."""
    return incoming.conversation.kind is Kind.CHANNEL and isinstance(incoming.body, Typed | Left)


def understand(body: Body, framework: Framework | None) -> Understood:
    """What came in, while this framework is being answered (None: while none is)."""
    match body:
        case Typed(text):
            return _wrote(text, framework)
        case Command(name, text) if name.casefold().lstrip("/") == OWN_COMMAND:
            return _wrote(text or "help", framework)
        case Command(name, text) if read(name, None) == Commanded(Word.REPORT):
            return ReportCommand(text)
        case Command(name, text):
            return _wrote(f"{name} {text}".strip(), framework)
        case Pressed() | Installed() | Left():
            return body


def _wrote(text: str, framework: Framework | None) -> Wrote:
    return Wrote(text, read(text, framework))
