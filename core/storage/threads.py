"""The database's worker threads, each with its own connection that stays open."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from core.storage.work import (
    Guard,
    Outcome,
    QueuedWork,
    Work,
    ask,
    ask_now,
    tell,
)

T = TypeVar("T")

CLOSED: Final = "the database is closed"
NO_MORE_WORK: Final = "work asked for more work to be done: pass the connection on instead"


class Threads:
    """Threads that each keep one connection open and run one piece of work at a time on it."""

    def __init__(self, engine: Engine, guard: Guard, name: str, most: int) -> None:
        self._engine, self._guard = engine, guard
        # An executor would do, but handing work to it and getting the result takes 20 µs longer: 5% of a turn.
        self._name, self._most = f"database-{name}", most
        self._door, self._closed = threading.Lock(), False
        self._threads: list[threading.Thread] = []
        self._idle: list[SimpleQueue[QueuedWork | None]] = []
        self._waiting: deque[QueuedWork] = deque()
        self._mine = threading.local()
        self._opened: list[Connection] = []

    async def run(self, work: Callable[[Connection], T], *, brief: bool = False) -> T:  # noqa: ARG002 - all wait alike
        return await ask(self._submit, work)

    def run_now(self, work: Callable[[Connection], T]) -> T:
        if hasattr(self._mine, "connection"):
            raise RuntimeError(NO_MORE_WORK)
        return ask_now(self._submit, work)

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

    def _submit(self, asked: QueuedWork) -> None:
        with self._door:
            if self._closed:
                raise RuntimeError(CLOSED)
            if self._idle:
                self._idle.pop().put(asked)  # The thread that worked last: its connection is warm.
            elif len(self._threads) < self._most:
                self._begin(asked)
            else:
                self._waiting.append(asked)

    def _begin(self, asked: QueuedWork) -> None:
        thread = threading.Thread(target=self._work, args=(asked,), name=self._name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _work(self, first: QueuedWork) -> None:
        mine: SimpleQueue[QueuedWork | None] = SimpleQueue()
        asked: QueuedWork | None = first
        while asked is not None:
            self._do(asked)
            asked = self._next(mine)

    def _next(self, mine: SimpleQueue[QueuedWork | None]) -> QueuedWork | None:
        """Wait for the next piece of work; None once there will be no more."""
        with self._door:
            if self._waiting:
                return self._waiting.popleft()
            if self._closed:
                return None
            self._idle.append(mine)
        return mine.get()

    def _do(self, asked: QueuedWork) -> None:
        tell([(asked, self._alone(asked.work))])

    def _alone(self, work: Work[Any]) -> Outcome:
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


def _worked(connection: Connection, work: Work[T]) -> T:
    try:
        return work(connection)
    except DBAPIError as error:
        if not error.connection_invalidated:
            raise
    # The server was restarted, say, while this connection was idle. Nothing was committed: the work can be redone.
    connection.rollback()
    return work(connection)
