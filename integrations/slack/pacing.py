"""Not faster than Slack takes: everything that calls one method of one workspace waits in one line.

https://docs.slack.dev/apis/web-api/rate-limits
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final, TypeAlias

from bot.ports import NotNow

Seconds: TypeAlias = Callable[[], float]
Pause: TypeAlias = Callable[[float], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Rate:
    """So many at once, and after that one every ``every`` seconds."""

    burst: int
    every: float


IN_A_CHANNEL: Final = Rate(3, 1.0)
OF_METHOD: Final[Mapping[str, Rate]] = {
    "auth.teams.list": Rate(10, 3.0),
    "auth.test": Rate(10, 0.2),
    "chat.postMessage": Rate(20, 0.2),
    "chat.postEphemeral": Rate(20, 0.6),
    "chat.update": Rate(60, 0.2),
    "conversations.history": Rate(10, 1.2),
    "conversations.info": Rate(20, 1.2),
    "conversations.open": Rate(20, 0.6),
    "files.getUploadURLExternal": Rate(10, 0.6),
    "files.completeUploadExternal": Rate(10, 0.6),
    "files.info": Rate(20, 0.6),
    "users.info": Rate(50, 0.6),
    "users.lookupByEmail": Rate(20, 1.2),
    "views.open": Rate(50, 0.6),
    "views.publish": Rate(50, 0.6),
}
"""By Slack's tiers (20, 50 and 100 a minute). ``chat.postMessage`` has "several hundred" a minute in a workspace."""
_OTHERS: Final = Rate(10, 0.6)
PATIENCE: Final = 8.0
"""Whoever would have to wait longer than these seconds is sent away to come back later."""


@dataclass(slots=True)
class Line:
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
            raise NotNow(timedelta(seconds=wait))
        self._next = begins + self.rate.every
        if wait > 0:
            await self.pause(wait)

    def hold(self, seconds: float) -> None:
        """Nobody goes before these seconds are over."""
        begins = self.seconds() + seconds + self.rate.every * (self.rate.burst - 1)
        self._next = max(self._next, begins)


@dataclass(slots=True)
class Pacer:
    """The lines of all workspaces."""

    seconds: Seconds = time.monotonic
    pause: Pause = asyncio.sleep
    in_a_channel: Rate = IN_A_CHANNEL
    of_method: Mapping[str, Rate] = field(default_factory=lambda: OF_METHOD)
    _lines: dict[tuple[str, str], Line] = field(default_factory=dict)

    async def turn(self, tenant: str, method: str, channel: str | None = None) -> None:
        """Wait until this method may be called in this workspace and, where something is posted, in this channel."""
        if channel is not None:
            await self._line(tenant, channel, self.in_a_channel).turn()
        await self._line(tenant, method, self.of_method.get(method, _OTHERS)).turn()

    def hold(self, tenant: str, method: str, seconds: float) -> None:
        self._line(tenant, method, self.of_method.get(method, _OTHERS)).hold(seconds)

    def _line(self, tenant: str, name: str, rate: Rate) -> Line:
        return self._lines.setdefault((tenant, name), Line(rate, self.seconds, self.pause))
