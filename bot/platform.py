"""What the bot needs of a chat platform, and how a platform says that it could not do it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from bot.inbound.events import Conversation
from bot.messages.blocks import Message


@dataclass
class RateLimited(Exception):
    """The platform asks for a pause: nothing was sent; ``hold_all`` where the pause is for the whole workspace."""

    after: timedelta
    hold_all: bool = False


@dataclass
class SendFailed(Exception):
    """Nothing was sent, and trying again may help."""

    reason: str


@dataclass
class OutcomeUnknown(Exception):
    """It may or may not have been sent: the connection ended before the platform answered."""

    reason: str


@dataclass
class Unreachable(Exception):
    """Nothing can be sent there: a channel that was deleted, a person who removed the bot."""

    reason: str


class Platform(Protocol):
    """A chat platform that messages are sent to. Every method may raise the exceptions of this module."""

    @property
    def name(self) -> str: ...

    @property
    def calls(self) -> str:
        """What one types before a word of command, so that the bot hears it in a channel: ``/``, or its own name."""
        ...

    async def post(self, conversation: Conversation, message: Message, thread: str | None = None) -> str:
        """Send a new message and return the platform's id of it.

        ``thread`` is the id of a message that was posted here before, in whose thread this one goes; below everything
        where the platform, or this conversation, has no threads. ``Unreachable`` where that message is no longer there.
        """
        ...

    async def edit(self, conversation: Conversation, message_id: str, message: Message) -> None:
        """Replace a message that was sent before."""
        ...

    async def private(self, conversation: Conversation, user: str, message: Message) -> bool:
        """Show a message in a channel to one person alone; False where the platform has no such thing."""
        ...

    async def find(self, conversation: Conversation, key: str, thread: str | None = None) -> str | None:
        """The id of a message that may have been sent before, looked up by its key; None where it is not found.

        ``thread`` is the message in whose thread it would be.
        """
        ...
