"""How long what is under way may take once the process was told to stop, and what is told of the rest.

Whatever is cut off is safe: what is stored is whole, and a row that was being sent keeps its lease, after which another
process sends it, or says that nobody knows whether it arrived.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Final

from core.log import ROOMS, Log

SECONDS: Final = 2.0

_log = Log(__name__)


async def in_time(finish: Callable[[], Awaitable[None]]) -> None:
    """Let it finish, or cancel it after some seconds."""
    try:
        async with asyncio.timeout(SECONDS):
            await finish()
    except TimeoutError:
        tell_left_for_later(asyncio.all_tasks())


def tell_left_for_later(tasks: Iterable[asyncio.Task[object]]) -> None:
    _log.warning("stopped with work left for later", left=sorted(filter(None, map(_kind_of, tasks))))


def _kind_of(task: asyncio.Task[object]) -> str | None:
    """The function that a task runs, as ``Delivery.run``; None if it isn't one of ours."""
    frame = getattr(task.get_coro(), "cr_frame", None)
    module = "" if frame is None else str(frame.f_globals.get("__name__"))
    return None if module.partition(".")[0] not in ROOMS else str(getattr(task.get_coro(), "__qualname__", module))
