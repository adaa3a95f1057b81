"""What came in: one event of a chat platform, in the bot's own words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from bot.inbound.button_codec import decode
from bot.inbound.buttons import Press
from core.enquiry import Account as Account
from core.log import new_turn
from core.values import value


class Kind(StrEnum):
    DIRECT = "direct"
    CHANNEL = "channel"


@value
class Conversation:
    """A place messages can be sent to. ``id`` means something to its platform only."""

    platform: str
    tenant: str
    id: str
    kind: Kind


@value
class Pressed:
    """A button was pressed; ``inputs`` are the texts typed beside it, by name."""

    press: Press | None
    """None where no button of ours ever carried what came back."""
    inputs: Mapping[str, str] = field(default_factory=dict)


def pressed(carried: str, inputs: Mapping[str, str] | None = None) -> Pressed:
    """A button that came back with what the bot had put on it."""
    return Pressed(decode(carried), inputs or {})


@value
class Typed:
    text: str


@value
class Command:
    """A slash command, or the bot called by name in a channel; ``name`` without the slash."""

    name: str
    text: str = ""


@value
class Installed:
    """The bot was added by this person, or opened for the first time."""


@value
class Left:
    """The person removed the bot."""


Body: TypeAlias = Pressed | Typed | Command | Installed | Left


@value
class Incoming:
    event_id: str
    """The platform's own key of this event; the same event delivered twice has the same key."""
    at: datetime
    """When it happened, as the platform says; timezone-aware."""
    account: Account
    conversation: Conversation
    body: Body
    answered_alone: bool = False
    """It came from a channel of a platform that has nothing there for one person's eyes: all that they are told goes to
    their own conversation, and the platform says in the channel that it does."""
    turn: str = field(default_factory=new_turn, compare=False)
    """The id under which the log has this event, and everything that comes of it."""
