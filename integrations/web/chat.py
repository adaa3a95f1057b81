"""The browser chat without its pages: who can be played, and passing what they do to the bot."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final, TypeAlias

from sqlalchemy import Connection

from bot.inbound.events import Account, Command, Conversation, Incoming, Kind
from bot.turn.event_line import logged
from bot.turn.handle import Handled, turn
from core.log import Log
from core.storage import inbox
from core.storage.database import Database
from core.storage.frameworks import FrameworkShelf
from integrations.web.client import PLATFORM, keep

_log = Log(__name__)

PATIENCE: Final = 1.5
"""Seconds that a press waits for the bot's answer; after that the page shows that it is on its way."""


class Forward(StrEnum):
    """How far the demo's clock is moved."""

    DAY = "day"
    NUDGE = "nudge"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Sample:
    """Somebody to play in the demo."""

    user: str
    name: str
    role: str
    to_try: str
    language: str = "en"
    in_channel: bool = True


Deliver: TypeAlias = Callable[[Iterable[Conversation]], Awaitable[None]]
Move: TypeAlias = Callable[[Forward], Awaitable[None]]


@dataclass(frozen=True)
class Chat:
    """What the pages are built on."""

    database: Database
    shelf: FrameworkShelf
    clock: Callable[[], datetime]
    deliver: Deliver
    move_clock: Move
    ways_forward: Callable[[Connection, datetime], Collection[Forward]]
    """How the clock can be moved from its present time."""
    partnership: str
    channel: Conversation
    samples: Mapping[str, Sample]
    """Everybody who can be played, by user name."""
    _running: set[asyncio.Task[None]] = field(default_factory=set)

    def direct(self, user: str) -> Conversation:
        return Conversation(PLATFORM, self.channel.tenant, direct_id(user), Kind.DIRECT)

    def account(self, user: str) -> Account:
        return Account(PLATFORM, self.channel.tenant, user)

    async def meet(self, incoming: Incoming, own_words: str | None) -> None:
        """Let the bot handle what somebody did, and wait a moment for its answer; anything slower goes on in the
        background.
        """
        now = self.clock()
        with logged(incoming) as line:
            handled = await self.database.write(lambda connection: self._turn(connection, incoming, own_words, now))
            line.take(handled)
        await self._a_moment(self.deliver(handled.conversations))

    def _turn(self, connection: Connection, incoming: Incoming, own_words: str | None, now: datetime) -> Handled:
        handled = turn(connection, self.shelf, incoming, now)
        if handled.fresh and own_words is not None:
            only_to = incoming.account.user if isinstance(incoming.body, Command) else None
            keep(connection, incoming.conversation.id, incoming.account.user, own_words, now, only_to=only_to)
        return handled

    async def forward(self, user: str, token: str, how: Forward) -> None:
        """Move the clock, once for each form shown."""
        key, now = f"{PLATFORM}:{self.channel.tenant}:{user}:{token}:clock", self.clock()
        if await self.database.write(lambda connection: inbox.is_new(connection, key, now)):
            await self._a_moment(self.move_clock(how))

    async def _a_moment(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._running.add(task)
        task.add_done_callback(self._ended)
        done, _ = await asyncio.wait({task}, timeout=PATIENCE)
        for each in done:
            each.result()

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("Something that was begun on a page failed", error)

    async def finish(self) -> None:
        """Wait until all background work is done."""
        await asyncio.gather(*self._running, return_exceptions=True)


def direct_id(user: str) -> str:
    """The bot's direct conversation with this user."""
    return f"with-{user}"
