"""What the bot needs from a chat platform, and how a platform says that it couldn't do it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Final, Literal, Protocol, TypeAlias

from bot.inbound.events import Conversation
from bot.messages.blocks import Message
from core.pace import PacedLine

LONGEST_CALL: Final = 120.0
"""Seconds after which a call of ``Platform`` is given up, whatever it waits for; each platform sees to it that it ends
before.
"""
Way: TypeAlias = Literal["post", "edit", "private"]
"""How a message is sent, as the methods of ``Platform`` call it."""


class Cause(StrEnum):
    """Why a message could not be sent, as far as a lead can do something about it. The values are stored."""

    OTHER = "other"
    ARCHIVED = "archived"
    NOT_IN_CHANNEL = "not-in-channel"
    CHANNEL_NOT_FOUND = "channel-not-found"
    MAY_NOT_POST = "may-not-post"
    REMOVED = "removed"
    """The bot was removed from the whole workspace or organisation, or is no longer let in."""
    TOO_LONG = "too-long"
    UNWELL = "unwell"
    """The platform could not be reached, or could not do it."""


@dataclass
class RateLimited(Exception):
    """Rate limited: nothing was sent, and the platform asks for a pause; ``hold_all`` if for the whole workspace."""

    after: timedelta
    hold_all: bool = False
    own: bool = False
    """It isn't the platform that asks: others of our calls come first."""


@dataclass
class SendFailed(Exception):
    """Nothing was sent, and trying again may help."""

    reason: str
    cause: Cause = field(default=Cause.OTHER, kw_only=True)


@dataclass
class Rejected(SendFailed):
    """Nothing was sent, and the platform will refuse it again."""

    plain_may_help: bool = False
    """It is about the message's form: as plain text it may be taken."""


@dataclass
class OutcomeUnknown(Exception):
    """It may or may not have been sent: the connection ended before the platform answered."""

    reason: str


@dataclass
class Unreachable(Exception):
    """Nothing can be sent there: a channel that was deleted, a person who removed the bot."""

    reason: str
    deactivated: bool = False
    """The person's account was deactivated, for certain."""
    cause: Cause = field(default=Cause.OTHER, kw_only=True)


class Platform(Protocol):
    """A chat platform to send messages to. Every asynchronous method may raise the exceptions in this module.

    ``post``, ``edit`` and ``private`` are called when their turn in their lines has come.
    """

    @property
    def name(self) -> str: ...

    @property
    def calls(self) -> str:
        """The prefix a command needs for the bot to receive it in a channel: ``/``, or the bot's own name."""
        ...

    def lines(self, conversation: Conversation, way: Way) -> Sequence[PacedLine]:
        """The lines that such a call has to join first, if the platform limits it."""
        ...

    async def ready(self, conversation: Conversation) -> None:
        """Whatever takes time before a message can be sent there, such as opening the conversation."""
        ...

    async def post(self, conversation: Conversation, message: Message, thread: str | None = None) -> str:
        """Send a new message and return the platform's id for it.

        ``thread`` is the id of an earlier message here whose thread this goes in; it goes to the bottom of the
        conversation where there are no threads. Raises ``Unreachable`` if that message no longer exists.
        """
        ...

    async def edit(self, conversation: Conversation, message_id: str, message: Message) -> None:
        """Replace a message sent earlier."""
        ...

    async def private(self, conversation: Conversation, user: str, message: Message) -> bool:
        """Show a message in a channel to one person only; False if the platform can't."""
        ...

    async def find(self, conversation: Conversation, key: str, thread: str | None = None) -> str | None:
        """The id of a message that may have been sent already, looked up by its key; None if it isn't found.

        ``thread`` is the message whose thread it would be in.
        """
        ...
