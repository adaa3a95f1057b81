"""What a platform's way in needs of delivery."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from sqlalchemy import Connection

from bot.inbound.events import Conversation
from core.storage.outbox import OutboxItem


class Delivers(Protocol):
    """What sends what an event has put into the outbox: some of it is claimed in the event's own transaction."""

    def claim(
        self, connection: Connection, conversations: Iterable[Conversation], leaving: str | None = ..., /
    ) -> Sequence[OutboxItem]: ...

    async def deliver(
        self,
        conversations: Iterable[Conversation],
        claimed: Iterable[OutboxItem] = ...,
        leaving: str | None = ...,
        /,
    ) -> None:
        """``leaving`` is the key of a message whose edits are to wait."""
        ...
