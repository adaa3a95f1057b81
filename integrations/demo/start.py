"""Start the demo: fill its database the first time, and serve its pages from it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection

from core.storage.database import Database
from integrations.demo.clock import DemoClock
from integrations.demo.forward import Mover, ways_forward
from integrations.demo.furnish import furnish
from integrations.demo.history import SET_UP
from integrations.demo.play import HandSetClock
from integrations.demo.samples import CHANNEL, PARTNERSHIP, SAMPLES
from integrations.runtime import House, open_house
from integrations.web.chat import Chat
from integrations.web.client import BrowserChat


def prepare(file: Path, *, fresh: bool, at_last: Callable[[Connection], None] | None = None) -> None:
    """Make the demo's database, unless it exists already; ``fresh`` discards the existing one first.

    ``at_last`` changes the finished database before anybody sees it. It is built under another name first, so that an
    interrupted start leaves nothing half done.
    """
    if file.exists() and not fresh:
        return
    unfinished = file.with_name(f"{file.name}.unfinished")
    _remove(unfinished)
    asyncio.run(_furnished(unfinished, at_last))
    _remove(file)
    unfinished.rename(file)


def _remove(file: Path) -> None:
    """Remove the database, with the files beside it; or whoever was erased would be so in the new one too."""
    for ending in ("", "-wal", "-shm", ".erased"):
        file.with_name(f"{file.name}{ending}").unlink(missing_ok=True)


async def _furnished(file: Path, at_last: Callable[[Connection], None] | None) -> None:
    clock = HandSetClock(SET_UP)
    with open_house(Database(f"sqlite:///{file}"), clock, lambda database: [BrowserChat(database, clock)]) as house:
        await furnish(house, clock)
        if at_last is not None:
            await house.database.write(at_last)


def chat_of(house: House, clock: DemoClock) -> Chat:
    return Chat(
        database=house.database,
        shelf=house.shelf,
        clock=clock,
        deliver=house.delivery.deliver,
        move_clock=Mover(house.database, clock, house.tick),
        ways_forward=ways_forward,
        partnership=PARTNERSHIP,
        channel=CHANNEL,
        samples={sample.user: sample for sample in SAMPLES},
    )
