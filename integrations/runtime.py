"""The parts behind every entry point, put together: storage, drawing, words and delivery."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from random import SystemRandom

from bot.compose.composer import Composer
from bot.platform import Platform
from core.charts.pool import ChartPool
from core.services import erasing
from core.storage.database import Database
from core.storage.frameworks import FrameworkShelf
from scheduler.delivery import Delivery
from scheduler.planner import plan_due
from scheduler.sending import Clock


@dataclass(frozen=True)
class House:
    database: Database
    shelf: FrameworkShelf
    charts: ChartPool
    clock: Clock
    composer: Composer
    delivery: Delivery

    async def tick(self) -> None:
        """Run the clock's work of every minute now."""
        await plan_due(self.database, self.clock())
        await self.delivery.drain()


@contextmanager
def open_house(
    database: Database, clock: Clock, platforms: Callable[[Database], Iterable[Platform]]
) -> Iterator[House]:
    """Open a house on this database, updating it first; everything is closed in order at the end.

    Raises ``DatabaseTooNew`` and the database's own errors, without values.
    """
    shelf, charts = FrameworkShelf(), ChartPool()
    try:
        database.upgrade()
        erasing.finish_now(database, clock())
        by_name = {platform.name: platform for platform in platforms(database)}
        calls = {name: platform.calls for name, platform in by_name.items()}
        composer = Composer(database, shelf, charts.draw, clock, calls)
        yield House(
            database,
            shelf,
            charts,
            clock,
            composer,
            Delivery(database, by_name, composer, clock, phase=SystemRandom().random()),
        )
    finally:
        charts.close()
        database.close()
