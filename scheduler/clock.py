"""The clock: every minute plan what is due and send what waits; every day forget what is old.

APScheduler is nothing but a clock here. It keeps no jobs: what is due is read from our own tables each time, so that a
minute that was missed, or one too many, makes no difference.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import Final

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from core.log import Log
from core.storage.database import Database
from scheduler import planner
from scheduler.delivery import Clock, Delivery

_SECONDS_TO_FINISH: Final = 10.0
# However late the machine comes to it, once is enough.
_ALWAYS_ONCE: Final = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}

_log = Log(__name__)


@asynccontextmanager
async def ticking(database: Database, delivery: Delivery, clock: Clock) -> AsyncIterator[None]:
    """Let the clock run as long as the application does. What is under way when it stops is finished first."""
    at_work = asyncio.Lock()

    async def every_minute() -> None:
        async with at_work:
            await _whatever_happens(planner.plan_due(database, clock()))
            await _whatever_happens(delivery.drain())

    async def every_day() -> None:
        async with at_work:
            await _whatever_happens(planner.purge(database, clock()))

    scheduler = AsyncIOScheduler(timezone=UTC, job_defaults=_ALWAYS_ONCE)
    scheduler.add_job(every_minute, "interval", minutes=1, next_run_time=datetime.now(UTC))
    scheduler.add_job(every_day, "interval", days=1, next_run_time=datetime.now(UTC))
    scheduler.start()
    try:
        yield
    finally:
        scheduler.pause()
        with suppress(TimeoutError):
            async with asyncio.timeout(_SECONDS_TO_FINISH), at_work:
                pass
        scheduler.shutdown()
        await asyncio.sleep(0)  # The scheduler stops in the event loop's next round.


async def _whatever_happens(work: Awaitable[None]) -> None:
    try:
        await work
    except Exception as error:  # noqa: BLE001 - the clock goes on; the next minute tries again
        _log.error("The clock's work failed", error)
