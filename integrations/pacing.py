"""Waiting one's turn, so that a platform is never asked faster than it takes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, TypeAlias

from bot.platform import RateLimited

Seconds: TypeAlias = Callable[[], float]
Pause: TypeAlias = Callable[[float], Awaitable[None]]

PATIENCE: Final = 8.0
"""Whoever would have to wait longer than these seconds is sent away to come back later."""


@dataclass(frozen=True, slots=True)
class Rate:
    """So many at once, and after that one every ``every`` seconds."""

    burst: int
    every: float


@dataclass(slots=True)
class PacedLine:
    """Who comes waits for the next place (the generic cell rate algorithm)."""

    rate: Rate
    seconds: Seconds
    pause: Pause
    _next: float = 0.0
    """When the line would be empty again, at one every ``rate.every`` seconds."""

    async def turn(self) -> None:
        """Raises ``NotNow`` where it would take too long."""
        now = self.seconds()
        begins = max(self._next, now)
        wait = begins - now - self.rate.every * (self.rate.burst - 1)
        if wait > PATIENCE:
            raise RateLimited(timedelta(seconds=wait))
        self._next = begins + self.rate.every
        if wait > 0:
            await self.pause(wait)

    def hold(self, seconds: float) -> None:
        """Nobody goes before these seconds are over."""
        begins = self.seconds() + seconds + self.rate.every * (self.rate.burst - 1)
        self._next = max(self._next, begins)
