"""A piece of work for the database, who is waiting for it, and how they get the result."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias, TypeVar

from sqlalchemy import Connection

T = TypeVar("T")
Work: TypeAlias = Callable[[Connection], T]


class Guard(Protocol):
    """Runs something, and re-raises its errors without the values that people wrote."""

    def __call__(self, run: Callable[[], T], /) -> T: ...


@dataclass(frozen=True, slots=True)
class QueuedWork:
    work: Work[Any]
    done: asyncio.Future[Any] | Future[Any]
    loop: asyncio.AbstractEventLoop | None = None
    """The event loop of the waiting caller; None if a thread is waiting."""
    brief: bool = False


Outcome: TypeAlias = tuple[bool, Any]
"""Whether the work was done, and its result or error."""
Settled: TypeAlias = tuple[QueuedWork, Outcome]
Submit: TypeAlias = Callable[[QueuedWork], None]


async def ask(submit: Submit, work: Callable[[Connection], T], *, brief: bool = False) -> T:
    """Wait for work without blocking the event loop."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[T] = loop.create_future()
    submit(QueuedWork(work, done, loop, brief))
    return await done


def ask_now(submit: Submit, work: Callable[[Connection], T]) -> T:
    done: Future[T] = Future()
    submit(QueuedWork(work, done))
    return done.result()


def tell(settled: Iterable[Settled]) -> None:
    """Pass on the outcomes, waking each event loop once."""
    by_loop: dict[asyncio.AbstractEventLoop | None, list[Settled]] = defaultdict(list)
    for asked, outcome in settled:
        by_loop[asked.loop].append((asked, outcome))
    for loop, those in by_loop.items():
        _tell_in(loop, those)


def _tell_in(loop: asyncio.AbstractEventLoop | None, settled: Iterable[Settled]) -> None:
    if loop is None:
        _settle(settled)
    else:
        with suppress(RuntimeError):  # Nobody is waiting on a closed loop.
            loop.call_soon_threadsafe(_settle, settled)


def _settle(settled: Iterable[Settled]) -> None:
    for asked, (well, what) in settled:
        if asked.done.cancelled():
            continue
        if well:
            asked.done.set_result(what)
        else:
            asked.done.set_exception(_tellable(what))


def _tellable(error: BaseException) -> BaseException:
    """Replace ``StopIteration``, which no future accepts, so that later callers would never be told."""
    if isinstance(error, StopIteration):
        return RuntimeError("work raised StopIteration").with_traceback(error.__traceback__)
    return error
