"""Rate limiting, so that a platform is never called faster than it accepts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, TypeAlias

from bot.platform import RateLimited

Seconds: TypeAlias = Callable[[], float]
Pause: TypeAlias = Callable[[float], Awaitable[None]]

PATIENCE: Final = 8.0
"""Seconds; a call that would have to wait longer is refused, to be tried again later."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A burst of calls, and after that one call every ``every`` seconds."""

    burst: int
    every: float


@dataclass(slots=True)
class PacedLine:
    """A queue in which each caller waits for the next slot (the generic cell rate algorithm)."""

    rate: Rate
    seconds: Seconds
    pause: Pause
    _next: float = 0.0
    """When the queue would be empty again, at one call every ``rate.every`` seconds."""

    async def turn(self) -> None:
        """Wait for a slot. Raises ``RateLimited`` if that would take too long."""
        now = self.seconds()
        begins = max(self._next, now)
        wait = begins - now - self.rate.every * (self.rate.burst - 1)
        if wait > PATIENCE:
            raise RateLimited(timedelta(seconds=wait))
        self._next = begins + self.rate.every
        if wait > 0:
            await self.pause(wait)

    def hold(self, seconds: float) -> None:
        """Give out no slot for this many seconds."""
        begins = self.seconds() + seconds + self.rate.every * (self.rate.burst - 1)
        self._next = max(self._next, begins)
