"""Pacing, so that a platform is never called faster than it accepts."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Final, Protocol, TypeAlias

from bot.platform import RateLimited
from core.pace import Line, after_pause, turn
from core.storage import pace
from core.storage.database import Database

Seconds: TypeAlias = Callable[[], float]
Pause: TypeAlias = Callable[[float], Awaitable[None]]

PATIENCE: Final = 8.0
"""Seconds; a call that would have to wait longer is refused, to be tried again later."""


class Lines(Protocol):
    """Where the lines of a platform's calls are kept."""

    async def join(self, tenant: str, lines: Sequence[Line], now: float, *, bulk: bool) -> float:
        """As ``core.storage.pace.join``."""
        ...

    async def hold(self, tenant: str, line: Line, seconds: float, now: float) -> None: ...


@dataclass(slots=True)
class LinesOfProcess:
    """Lines of this process alone: of what no other process calls, and of programs that have no database."""

    _empty_at: dict[tuple[str, str], float] = field(default_factory=dict)

    def forget(self) -> None:
        self._empty_at.clear()

    def __len__(self) -> int:
        return len(self._empty_at)

    async def join(self, tenant: str, lines: Sequence[Line], now: float, *, bulk: bool) -> float:  # noqa: ARG002
        turns = {line.name: turn(line.rate, self._empty_at.get((tenant, line.name), 0.0), now) for line in lines}
        wait = max((each.wait for each in turns.values()), default=0.0)
        if wait <= PATIENCE:
            self._empty_at |= {(tenant, name): each.empty_at for name, each in turns.items()}
        return wait

    async def hold(self, tenant: str, line: Line, seconds: float, now: float) -> None:
        empty_at = self._empty_at.get((tenant, line.name), 0.0)
        self._empty_at[tenant, line.name] = after_pause(line.rate, empty_at, now, seconds)


@dataclass(frozen=True, slots=True)
class SharedLines:
    """Lines of all processes that use this database."""

    database: Database
    platform: str

    async def join(self, tenant: str, lines: Sequence[Line], now: float, *, bulk: bool) -> float:
        whose = partial(pace.join, platform=self.platform, tenant=tenant, lines=lines)
        work = partial(whose, now=now, patience=PATIENCE, bulk=bulk)
        return await self.database.write(work, brief=True)

    async def hold(self, tenant: str, line: Line, seconds: float, now: float) -> None:
        work = partial(pace.hold, platform=self.platform, tenant=tenant, line=line, seconds=seconds, now=now)
        await self.database.write(work, brief=True)


@dataclass(slots=True)
class Pacer:
    """Lets calls wait for their turn."""

    lines: Lines
    seconds: Seconds = time.time
    pause: Pause = asyncio.sleep

    async def turn(self, tenant: str, lines: Sequence[Line], *, bulk: bool = False) -> None:
        """Raises ``RateLimited`` if it would take too long. ``bulk``: nobody is waiting for this call."""
        wait = await self.lines.join(tenant, lines, self.seconds(), bulk=bulk)
        if wait > PATIENCE:
            raise RateLimited(timedelta(seconds=wait))
        if wait > 0:
            await self.pause(wait)

    async def hold(self, tenant: str, line: Line, seconds: float) -> None:
        """Call nothing there for this many seconds."""
        await self.lines.hold(tenant, line, seconds, self.seconds())
