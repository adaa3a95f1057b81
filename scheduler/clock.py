"""The clock: every minute plan what is due, every day delete what is old; and meanwhile send what is waiting.

APScheduler is only a clock here. It stores no jobs: what is due is read from our own tables each time, so a missed or
extra minute makes no difference. Planning never waits for a platform: sending has a task of its own.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from time import perf_counter
from typing import Final, TypeVar

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from core.log import Log, begin_turn, new_turn
from core.services import erasing
from core.storage import signs_of_life
from core.storage.database import Database
from core.storage.listening import listen
from scheduler import planner
from scheduler.delivery import Delivery
from scheduler.planner import Planned
from scheduler.sending import Clock

_SECONDS_TO_FINISH: Final = 5.0
# However late it runs, once is enough.
_ALWAYS_ONCE: Final = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}

T = TypeVar("T")

_log = Log(__name__)


@asynccontextmanager
async def ticking(database: Database, delivery: Delivery, clock: Clock) -> AsyncIterator[None]:
    """Run the clock while the application runs. Work in progress is finished before it stops."""
    at_work = asyncio.Lock()

    async def every_minute() -> None:
        async with at_work:
            await plan(database, clock(), delivery.wake)

    async def every_day() -> None:
        async with at_work:
            await forget(database, clock())

    scheduler = AsyncIOScheduler(timezone=UTC, job_defaults=_ALWAYS_ONCE)
    scheduler.add_job(every_minute, "interval", minutes=1, next_run_time=datetime.now(UTC))
    scheduler.add_job(every_day, "interval", days=1, next_run_time=datetime.now(UTC))
    scheduler.start()
    others = [asyncio.create_task(delivery.run()), asyncio.create_task(listen(database, delivery.wake))]
    try:
        yield
    finally:
        scheduler.pause()
        for each in others:
            each.cancel()
        with suppress(TimeoutError):
            async with asyncio.timeout(_SECONDS_TO_FINISH), at_work:
                pass
        await asyncio.gather(*others, return_exceptions=True)
        scheduler.shutdown()
        await asyncio.sleep(0)  # The scheduler stops in the event loop's next iteration.


async def plan(database: Database, now: datetime, put: Callable[[], None]) -> None:
    """What the clock does every minute. ``put`` is called once what is due is waiting to be sent."""
    begun = _begin_tick()
    planned = await _whatever_happens(_planned(database, now)) or Planned(0, 0)
    put()
    await _whatever_happens(erasing.finish(database, now))
    _log_tick("minute", begun, closed=planned.closed, messages=planned.messages)


async def _planned(database: Database, now: datetime) -> Planned:
    planned = await planner.plan_due(database, now)
    await database.write(partial(signs_of_life.give, kind="minute", now=now))
    return planned


async def forget(database: Database, now: datetime) -> None:
    """What the clock does every day."""
    begun = _begin_tick()
    forgotten = await _whatever_happens(planner.purge(database, now)) or 0
    _log_tick("day", begun, forgotten=forgotten)


async def _whatever_happens(work: Awaitable[T]) -> T | None:
    try:
        return await work
    except Exception as error:  # noqa: BLE001 - the clock keeps running; the next minute tries again
        _log.error("The clock's work failed", error)
        return None


def _begin_tick() -> float:
    begin_turn(new_turn())
    return perf_counter()


def _log_tick(every: str, begun: float, **done: int) -> None:
    write = _log.info if any(done.values()) else _log.debug
    write("tick", every=every, ms=round((perf_counter() - begun) * 1000, 1), **done)
