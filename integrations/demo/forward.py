"""Move the demo's clock forward, through everything that falls due on the way."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from core.services import cycles, nudges
from core.storage.database import Database
from integrations.demo.clock import DemoClock
from integrations.demo.samples import PARTNERSHIP_ID
from integrations.web.chat import Forward

_A_DAY: Final = timedelta(days=1)
_MOST_STOPS: Final = 100


@dataclass(frozen=True)
class Mover:
    database: Database
    clock: DemoClock
    tick: Callable[[], Awaitable[None]]
    """Plan what is due by the clock, and deliver it."""

    async def __call__(self, how: Forward) -> None:
        to = (await self.database.read(lambda connection: ways_forward(connection, self.clock()))).get(how)
        if to is not None:
            await self._through_nudges(to)

    async def _through_nudges(self, to: datetime) -> None:
        """Send each nudge on the way at its own time."""
        for _ in range(_MOST_STOPS):
            at = await self.database.read(lambda connection: nudges.next_at(connection, self.clock()))
            if at is None or at >= to:
                break
            await self._stand_at(at)
        await self._stand_at(to)

    async def _stand_at(self, moment: datetime) -> None:
        await self.database.write(lambda connection: self.clock.forward(connection, moment))
        await self.tick()


def ways_forward(connection: Connection, now: datetime) -> dict[Forward, datetime]:
    """How the clock can be moved, and where that would take it."""
    cycle = cycles.current_cycle(connection, PARTNERSHIP_ID, now)
    nudge = nudges.next_at(connection, now)
    there = {Forward.DAY: now + _A_DAY, Forward.NUDGE: nudge, Forward.CLOSE: None if cycle is None else cycle.closes_at}
    return {how: moment for how, moment in there.items() if moment is not None}
