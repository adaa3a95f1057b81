"""Brief reads of a SQLite file on the event loop itself, since handing them to a thread costs more than reading."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection, Engine

from core.storage.threads import Threads
from core.storage.work import Guard

T = TypeVar("T")


class LoopReader:
    def __init__(self, engine: Engine, guard: Guard, threads: Threads) -> None:
        """The connections of ``engine`` must never wait; ``threads`` do what cannot be done at once."""
        self._engine, self._guard, self._threads = engine, guard, threads
        self._connection: Connection | None = None
        self._mine = threading.Lock()

    async def run(self, work: Callable[[Connection], T]) -> T:
        if self._connection is None:
            return await self._threads.run(lambda connection: self._opening(connection, work))
        if not self._mine.acquire(blocking=False):  # Another thread's loop is reading.
            return await self._threads.run(work)
        try:
            return self._read(self._connection, work)
        except Exception:  # noqa: BLE001 - a thread can wait for the file, and report what is wrong if something is
            pass
        finally:
            self._mine.release()
        return await self._threads.run(work)

    def _read(self, connection: Connection, work: Callable[[Connection], T]) -> T:
        try:
            return self._guard(lambda: work(connection))
        finally:
            connection.rollback()

    def close(self) -> None:
        with self._mine:
            if self._connection is not None:
                self._connection.close()

    def _opening(self, connection: Connection, work: Callable[[Connection], T]) -> T:
        """Open the file in a thread, since that may take a while."""
        with self._mine:
            self._connection = self._connection or self._engine.connect()
        return work(connection)
