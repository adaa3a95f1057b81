"""A piece of work for the database, who waits for it, and how they hear what became of it."""

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
    """Runs something, and raises what goes wrong in it without the values that people wrote."""

    def __call__(self, run: Callable[[], T], /) -> T: ...


@dataclass(frozen=True, slots=True)
class QueuedWork:
    work: Work[Any]
    done: asyncio.Future[Any] | Future[Any]
    loop: asyncio.AbstractEventLoop | None = None
    """The event loop in which somebody waits; none where a thread waits."""
    brief: bool = False


Outcome: TypeAlias = tuple[bool, Any]
"""Whether the work was done, and its result or else what went wrong."""
Settled: TypeAlias = tuple[QueuedWork, Outcome]
Submit: TypeAlias = Callable[[QueuedWork], None]


async def ask(submit: Submit, work: Callable[[Connection], T], *, brief: bool = False) -> T:
    """Wait for work without keeping the event loop from anything else."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[T] = loop.create_future()
    submit(QueuedWork(work, done, loop, brief))
    return await done


def ask_now(submit: Submit, work: Callable[[Connection], T]) -> T:
    done: Future[T] = Future()
    submit(QueuedWork(work, done))
    return done.result()


def tell(settled: Iterable[Settled]) -> None:
    """Each event loop is woken once."""
    by_loop: dict[asyncio.AbstractEventLoop | None, list[Settled]] = defaultdict(list)
    for asked, outcome in settled:
        by_loop[asked.loop].append((asked, outcome))
    for loop, those in by_loop.items():
        _tell_in(loop, those)


def _tell_in(loop: asyncio.AbstractEventLoop | None, settled: Iterable[Settled]) -> None:
    if loop is None:
        _settle(settled)
    else:
        with suppress(RuntimeError):  # A loop that is closed has nobody left who waits.
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
    """No future takes ``StopIteration``, and whoever is told after it would never be."""
    if isinstance(error, StopIteration):
        return RuntimeError("work raised StopIteration").with_traceback(error.__traceback__)
    return error
