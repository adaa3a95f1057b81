"""The longest stall of the event loop while pictures are drawn: in our pool, and in a thread.

In a thread the worst is not the drawing itself but garbage collection: now and then Python scans every object, and a
server has loaded a lot of them. So here they are loaded too, and a round is long enough for it to happen.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from typing import TypeAlias

from benchmarks.rounds import Contender
from core.charts.pool import ChartPool, Picture, draw_picture
from integrations import app
from tests.support.pictures import every_kind, many_areas, many_schools

Draw: TypeAlias = Callable[[Picture], Awaitable[bytes]]

LOADED = app
_PICTURES = 2 * list(every_kind(many_areas(9, 3), many_schools(60)).values())
PICTURES = len(_PICTURES)
_TICK = 0.001


async def _in_a_thread(picture: Picture) -> bytes:
    return await asyncio.to_thread(draw_picture, picture)


@contextmanager
def contenders() -> Iterator[dict[str, Contender]]:
    """A round of each is two pictures of every kind, one after the other; it returns the longest stall in seconds."""
    numbers = count()
    pool = ChartPool()
    with asyncio.Runner() as runner:

        def contender(draw: Draw) -> Contender:
            return lambda: runner.run(_longest_stall(draw, numbers))

        try:
            yield {"pool": contender(pool.draw), "thread": contender(_in_a_thread)}
        finally:
            pool.close()


async def _longest_stall(draw: Draw, numbers: Iterator[int]) -> float:
    drawing = asyncio.create_task(_draw_some(draw, numbers))
    longest = 0.0
    while not drawing.done():
        begun = time.perf_counter()
        await asyncio.sleep(_TICK)
        longest = max(longest, time.perf_counter() - begun - _TICK)
    await drawing
    return longest


async def _draw_some(draw: Draw, numbers: Iterator[int]) -> None:
    """Draw no picture twice, since the pool caches them."""
    for picture in _PICTURES:
        await draw(replace(picture, subtitle=f"Picture {next(numbers)}"))
