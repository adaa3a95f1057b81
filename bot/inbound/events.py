"""What came in: one event from a chat platform, in the bot's own terms."""

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
    """Somewhere messages can be sent. Only its platform knows what ``id`` means."""

    platform: str
    tenant: str
    id: str
    kind: Kind


@value
class Pressed:
    """A button was pressed; ``inputs`` are the texts typed beside it, by name."""

    press: Press | None
    """None if no button of ours ever carried what the platform sent."""
    inputs: Mapping[str, str] = field(default_factory=dict)
    form_refused: bool = False
    """The platform did not open the form for what is typed beside the button."""


def pressed(carried: str, inputs: Mapping[str, str] | None = None) -> Pressed:
    """A press, decoded from what the bot had put on the button."""
    return Pressed(decode(carried), inputs or {})


@value
class Typed:
    text: str
    with_files: bool = False
    """Pictures, files or a forwarded message came with it, which the bot does not keep."""


@value
class Edited:
    """The person has changed the text of a message they sent earlier; what that message did stays as it is."""


@value
class Command:
    """A slash command, or the bot mentioned in a channel; ``name`` has no slash."""

    name: str
    text: str = ""
    with_files: bool = False


@value
class Installed:
    """This person added the bot, or opened it for the first time."""


@value
class Left:
    """The person removed the bot."""


Body: TypeAlias = Pressed | Typed | Edited | Command | Installed | Left


@value
class Incoming:
    event_id: str
    """The platform's own key for this event; an event delivered twice has the same key."""
    at: datetime
    """When it happened, as the platform says; timezone-aware."""
    account: Account
    conversation: Conversation
    body: Body
    about: str | None = None
    """The platform's id of the message that was pressed, or whose thread or quotation this is; None if it is none."""
    answered_alone: bool = False
    """It came from a channel on a platform without private messages there: all replies to the person go to their own
    conversation, and the platform says so in the channel.
    """
    turn: str = field(default_factory=new_turn, compare=False)
    """The id that the log uses for this event and everything that follows from it."""
