"""Pacing, so that a platform is never called faster than it accepts."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Final, Protocol

from bot.platform import RateLimited
from core.pace import PacedLine, Seconds, after_pause, turn
from core.pace import Pause as Pause
from core.storage import pace
from core.storage.database import Database

PATIENCE: Final = 8.0
"""Seconds; a call that would have to wait longer is refused, to be tried again later."""


class Lines(Protocol):
    """Where the lines of a platform's calls are kept."""

    async def join(self, tenant: str, lines: Sequence[PacedLine], now: float, *, bulk: bool) -> float:
        """As ``core.storage.pace.join``."""
        ...

    async def hold(self, tenant: str, line: PacedLine, seconds: float, now: float) -> None: ...


@dataclass(slots=True)
class LinesOfProcess:
    """Lines of this process alone: of what no other process calls, and of programs that have no database."""

    _empty_at: dict[tuple[str, str], float] = field(default_factory=dict)

    def forget(self) -> None:
        self._empty_at.clear()

    def __len__(self) -> int:
        return len(self._empty_at)

    async def join(self, tenant: str, lines: Sequence[PacedLine], now: float, *, bulk: bool) -> float:  # noqa: ARG002
        turns = {line.name: turn(line.rate, self._empty_at.get((tenant, line.name), 0.0), now) for line in lines}
        wait = max((each.wait for each in turns.values()), default=0.0)
        if wait <= PATIENCE:
            self._empty_at |= {(tenant, name): each.empty_at for name, each in turns.items()}
        return wait

    async def hold(self, tenant: str, line: PacedLine, seconds: float, now: float) -> None:
        empty_at = self._empty_at.get((tenant, line.name), 0.0)
        self._empty_at[tenant, line.name] = after_pause(line.rate, empty_at, now, seconds)


@dataclass(frozen=True, slots=True)
class SharedLines:
    """Lines of all processes that use this database."""

    database: Database
    platform: str

    async def join(self, tenant: str, lines: Sequence[PacedLine], now: float, *, bulk: bool) -> float:
        whose = partial(pace.join, platform=self.platform, tenant=tenant, lines=lines)
        work = partial(whose, now=now, patience=PATIENCE, bulk=bulk)
        return await self.database.write(work, brief=True)

    async def hold(self, tenant: str, line: PacedLine, seconds: float, now: float) -> None:
        work = partial(pace.hold, platform=self.platform, tenant=tenant, line=line, seconds=seconds, now=now)
        await self.database.write(work, brief=True)


@dataclass(slots=True)
class Turns:
    """How many seconds the calls for one message may wait for their turns in all, where that may be long."""

    left: float


@dataclass(frozen=True, slots=True)
class _Limit:
    timeout: asyncio.Timeout
    turns: Turns


_limit: ContextVar[_Limit | None] = ContextVar("limit", default=None)


@asynccontextmanager
async def in_time(platform: float, turns: Turns) -> AsyncIterator[None]:
    """A timeout in seconds for what a platform does here. Waiting for turns is no fault of its, and isn't counted."""
    async with asyncio.timeout(platform) as timeout:
        before = _limit.set(_Limit(timeout, turns))
        try:
            yield
        finally:
            _limit.reset(before)


@contextmanager
def _not_counted(limit: _Limit | None) -> Iterator[None]:
    ends = None if limit is None else limit.timeout.when()
    if limit is None or ends is None:
        yield
        return
    now = asyncio.get_running_loop().time
    left = ends - now()
    limit.timeout.reschedule(None)
    try:
        yield
    finally:
        limit.timeout.reschedule(now() + left)


@dataclass(slots=True)
class Pacer:
    """Lets calls wait for their turn."""

    lines: Lines
    seconds: Seconds = time.time
    pause: Pause = asyncio.sleep

    async def turn(self, tenant: str, lines: Sequence[PacedLine], *, bulk: bool = False) -> None:
        """Raises ``RateLimited`` if it would take too long. ``bulk``: nobody is waiting for this call."""
        limit = _limit.get()
        with _not_counted(limit):
            await self._turn(tenant, lines, Turns(PATIENCE) if limit is None else limit.turns, bulk=bulk)

    async def _turn(self, tenant: str, lines: Sequence[PacedLine], turns: Turns, *, bulk: bool) -> None:
        while (wait := await self.lines.join(tenant, lines, self.seconds(), bulk=bulk)) > PATIENCE:
            if wait > turns.left:
                raise RateLimited(timedelta(seconds=wait), own=True)
            await self._wait(wait - PATIENCE, turns)  # No place is given that far ahead.
        await self._wait(wait, turns)

    async def _wait(self, seconds: float, turns: Turns) -> None:
        if seconds > 0:
            turns.left -= seconds
            await self.pause(seconds)

    async def hold(self, tenant: str, line: PacedLine, seconds: float) -> None:
        """Call nothing there for this many seconds."""
        await self.lines.hold(tenant, line, seconds, self.seconds())
