"""What an event means: read once, at the start of the turn, then passed on as one value."""

from __future__ import annotations

from datetime import datetime
from typing import Final, TypeAlias

from bot.inbound.events import Body, Command, Edited, Incoming, Installed, Kind, Left, Pressed, Typed
from bot.inbound.typed_text import Commanded, Meaning, Word, read
from core.framework import Framework
from core.values import value

OWN_COMMAND: Final = "partnership"
"""The bot's own command, which may be followed by any text."""


@value
class Wrote:
    """Something was typed, on its own or after the bot's own command."""

    text: str
    meaning: Meaning


@value
class ReportCommand:
    """The platform's command for the report, and what follows it."""

    rest: str


Understood: TypeAlias = Pressed | Wrote | Edited | ReportCommand | Installed | Left


@value
class Event:
    at: datetime
    """When it happened, according to the platform."""
    what: Understood


def is_overheard(incoming: Incoming) -> bool:
    """Whether it was said among others in a channel, or somebody left one: neither is meant for the bot."""
    return incoming.conversation.kind is Kind.CHANNEL and isinstance(incoming.body, Typed | Edited | Left)


def understand(body: Body, framework: Framework | None) -> Understood:
    """What came in, given the framework being answered (None if none is)."""
    match body:
        case Typed(text):
            return _wrote(text, framework)
        case Command(name, text) if name.casefold().lstrip("/") == OWN_COMMAND:
            return _wrote(text or "help", framework)
        case Command(name, text) if read(name, None) == Commanded(Word.REPORT):
            return ReportCommand(text)
        case Command(name, text):
            return _wrote(f"{name} {text}".strip(), framework)
        case Pressed() | Edited() | Installed() | Left():
            return body


def _wrote(text: str, framework: Framework | None) -> Wrote:
    return Wrote(text, read(text, framework))
