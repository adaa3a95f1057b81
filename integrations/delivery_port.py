"""What receiving events requires of delivery."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from sqlalchemy import Connection

from bot.inbound.events import Conversation
from core.storage.outbox import Claimed


class Delivers(Protocol):
    """Sends what an event put into the outbox; the event's own transaction may already have claimed some of it."""

    def claim(self, connection: Connection, conversations: Iterable[Conversation], /) -> Sequence[Claimed]: ...

    async def deliver(self, conversations: Iterable[Conversation], claimed: Iterable[Claimed] = ..., /) -> None: ...
