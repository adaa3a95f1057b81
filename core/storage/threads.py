"""The threads in which the work of the database is done, each with a connection of its own that stays open."""

from __future__ import annotations

import asyncio
import threading
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Any, Final, Protocol, TypeAlias, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, IntegrityError

T = TypeVar("T")
Work = Callable[[Connection], T]

MOST_TOGETHER: Final = 32
"""Pieces of work that go to the disk at one time: the first of them waits for the last."""


class Guard(Protocol):
    """Runs something, and raises what goes wrong in it without the values that people wrote."""

    def __call__(self, run: Callable[[], T], /) -> T: ...


class Threads:
    """Threads that each keep one connection open and run one piece of work at a time on it."""

    def __init__(self, engine: Engine, guard: Guard, name: str, most: int) -> None:
        self._engine, self._guard = engine, guard
        # An executor would do, but to hand it a piece of work and hear back takes 20 µs more: 5 % of a turn.
        self._name, self._most = f"database-{name}", most
        self._door, self._closed = threading.Lock(), False
        self._threads: list[threading.Thread] = []
        self._idle: list[SimpleQueue[_Asked | None]] = []
        self._waiting: deque[_Asked] = deque()
        self._mine = threading.local()
        self._opened: list[Connection] = []

    async def run(self, work: Work[T]) -> T:
        loop = asyncio.get_running_loop()
        done: asyncio.Future[T] = loop.create_future()
        self._submit(_Asked(work, done, loop))
        return await done

    def run_now(self, work: Work[T]) -> T:
        if hasattr(self._mine, "connection"):
            raise RuntimeError("work asked for more work to be done: pass the connection on instead")
        done: Future[T] = Future()
        self._submit(_Asked(work, done))
        return done.result()

    def close(self) -> None:
        """Let running and waiting work finish, then close every connection."""
        with self._door:
            self._closed = True
            idle, self._idle = self._idle, []
        for each in idle:
            each.put(None)
        for thread in self._threads:
            thread.join()
        for connection in self._opened:
            connection.close()

    def _submit(self, asked: _Asked) -> None:
        with self._door:
            if self._closed:
                raise RuntimeError("the database is closed")
            if self._idle:
                self._idle.pop().put(asked)  # Whoever worked last: its connection is warm.
            elif len(self._threads) < self._most:
                self._begin(asked)
            else:
                self._waiting.append(asked)

    def _begin(self, asked: _Asked) -> None:
        thread = threading.Thread(target=self._work, args=(asked,), name=self._name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _work(self, first: _Asked) -> None:
        mine: SimpleQueue[_Asked | None] = SimpleQueue()
        asked: _Asked | None = first
        while asked is not None:
            self._do(asked)
            asked = self._next(mine)

    def _next(self, mine: SimpleQueue[_Asked | None]) -> _Asked | None:
        """What is asked next, however long that takes; None once nothing more will be."""
        with self._door:
            if self._waiting:
                return self._waiting.popleft()
            if self._closed:
                return None
            self._idle.append(mine)
        return mine.get()

    def _do(self, asked: _Asked) -> None:
        _tell(asked.loop, [(asked, self._alone(asked.work))])

    def _alone(self, work: Work[Any]) -> _Outcome:
        try:
            return True, self._guard(lambda: self._transaction(work))
        except BaseException as error:  # noqa: BLE001 - whoever waits for the work is told
            return False, error

    def _transaction(self, work: Work[T]) -> T:
        connection = self._connection()
        try:
            result = _worked(connection, work)
            connection.commit()
            return result
        except BaseException:
            connection.rollback()
            raise

    def _connection(self) -> Connection:
        connection: Connection | None = getattr(self._mine, "connection", None)
        if connection is None:
            connection = self._mine.connection = self._engine.connect()
            self._opened.append(connection)
        return connection


class OneWriter(Threads):
    """The one thread that writes to a SQLite file.

    What came to wait while it worked is done in one transaction, so that one wait for the disk serves all of it: a
    dozen leaders who press at one moment would otherwise wait for dozens. Each piece of work still happens whole or
    not at all, in the order in which they came, and is on the disk before anybody is told.
    """

    def __init__(self, engine: Engine, guard: Guard, name: str) -> None:
        super().__init__(engine, guard, name, 1)

    def _do(self, asked: _Asked) -> None:
        taken = [asked, *self._more()]
        if len(taken) == 1:
            super()._do(asked)
        else:
            _tell_all(list(zip(taken, self._together([each.work for each in taken]), strict=True)))

    def _more(self) -> list[_Asked]:
        with self._door:
            return [self._waiting.popleft() for _ in range(min(len(self._waiting), MOST_TOGETHER - 1))]

    def _together(self, works: Sequence[Work[Any]]) -> Sequence[_Outcome]:
        try:
            return self._guard(lambda: self._one_transaction(works))
        except (_Undone, IntegrityError):
            # Nothing was stored, because of one of them; it is to harm no other.
            return list(map(self._alone, works))
        except BaseException as error:  # noqa: BLE001 - whoever waits for the work is told
            return [(False, error)] * len(works)

    def _one_transaction(self, works: Sequence[Work[Any]]) -> Sequence[_Outcome]:
        connection = self._connection()
        try:
            connection.begin()
            outcomes = [self._part(connection, work) for work in works]
            connection.commit()
            return outcomes
        except BaseException:
            connection.rollback()
            raise

    def _part(self, connection: Connection, work: Work[Any]) -> _Outcome:
        driver: Any = connection.connection.dbapi_connection
        driver.execute("SAVEPOINT work")
        try:
            outcome = True, self._guard(lambda: work(connection))
        except BaseException as error:  # noqa: BLE001 - whoever waits for the work is told
            if not driver.in_transaction:  # Some errors end the whole transaction, such as a full disk.
                raise _Undone from None
            driver.execute("ROLLBACK TO work")
            outcome = False, error
        driver.execute("RELEASE work")
        return outcome


class _Undone(Exception):
    """The transaction of several pieces of work is over, and nothing of it was stored."""


_Outcome: TypeAlias = tuple[bool, Any]
"""Whether the work was done, and its result or else what went wrong."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """A piece of work, and who waits for it."""

    work: Work[Any]
    done: asyncio.Future[Any] | Future[Any]
    loop: asyncio.AbstractEventLoop | None = None


_Settled: TypeAlias = tuple[_Asked, _Outcome]


def _tell_all(settled: Iterable[_Settled]) -> None:
    """Each event loop is woken once."""
    by_loop: dict[asyncio.AbstractEventLoop | None, list[_Settled]] = defaultdict(list)
    for asked, outcome in settled:
        by_loop[asked.loop].append((asked, outcome))
    for loop, those in by_loop.items():
        _tell(loop, those)


def _tell(loop: asyncio.AbstractEventLoop | None, settled: Iterable[_Settled]) -> None:
    if loop is None:
        _settle(settled)
    else:
        with suppress(RuntimeError):  # A loop that is closed has nobody left who waits.
            loop.call_soon_threadsafe(_settle, settled)


def _settle(settled: Iterable[_Settled]) -> None:
    for asked, (well, what) in settled:
        if asked.done.cancelled():
            continue
        if well:
            asked.done.set_result(what)
        else:
            asked.done.set_exception(what)


def _worked(connection: Connection, work: Work[T]) -> T:
    try:
        return work(connection)
    except DBAPIError as error:
        if not error.connection_invalidated:
            raise
    # The server was restarted, say, while this connection lay idle. Nothing was committed: the work can be done anew.
    connection.rollback()
    return work(connection)
