"""The one writer of a SQLite file: a single connection, and the thread or event loop currently using it.

Brief work runs on the event loop that asked for it. A thread releases the interpreter lock with every row that SQLite
reads and gets it back when the event loop next waits for something, so the two would interrupt each other seventy times
per turn (docs/adr/0015). The loop itself never waits: the thread does the commit, which waits for the disk, and
everything while another program holds the file.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from queue import SimpleQueue
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import IntegrityError

from core.storage.threads import CLOSED, NO_MORE_WORK
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

MOST_TOGETHER: Final = 32
"""Pieces of work per commit: the first of them waits for the last."""
LONGEST_ON_LOOP: Final = 0.010
"""Time budget in seconds: after this the loop yields instead of starting another piece of work."""


class OneWriter:
    """Does one piece of work at a time, in the order of the requests.

    Work that queues up meanwhile shares one transaction, and so one wait for the disk: otherwise a dozen leaders who
    press at the same moment would wait for a dozen. Each piece of work still happens completely or not at all, and is
    on the disk before its caller is told.
    """

    def __init__(self, engine: Engine, guard: Guard, patience: float) -> None:
        """``patience``: how many seconds the engine's connections wait for another program's."""
        self._engine, self._guard, self._patience = engine, guard, patience
        self._door, self._closed = threading.Lock(), False
        self._waiting: deque[QueuedWork] = deque()
        self._free = True
        self._promised: asyncio.AbstractEventLoop | None = None
        """The loop scheduled to take up the queued work. Until it does, the thread may."""
        self._connection: Connection | None = None
        self._working: int | None = None
        """The thread, perhaps an event loop's, that is currently working."""
        self._jobs: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._thread: threading.Thread | None = None

    async def run(self, work: Callable[[Connection], T], *, brief: bool = False) -> T:
        return await ask(self._submit, work, brief=brief)

    def run_now(self, work: Callable[[Connection], T]) -> T:
        if self._working == threading.get_ident():
            raise RuntimeError(NO_MORE_WORK)
        return ask_now(self._submit, work)

    def close(self) -> None:
        """Let running and waiting work finish, then close the connection."""
        with self._door:
            self._closed = True
            if self._promised is not None:
                self._give_to_thread()
            elif self._free:
                self._jobs.put(None)
        if self._thread is not None:
            self._thread.join()
        if self._connection is not None:
            self._connection.close()

    # Who works next. `_begin`, `_give_to_thread` and `_promise` are called with the lock held.

    def _submit(self, asked: QueuedWork) -> None:
        with self._door:
            if self._closed:
                raise RuntimeError(CLOSED)
            self._waiting.append(asked)
            if self._free:
                self._begin(asked)
            elif self._promised is not None and not (asked.brief and asked.loop is self._promised):
                self._give_to_thread()  # That loop may have stopped, and nobody should wait for it.

    def _begin(self, asked: QueuedWork) -> None:
        if asked.loop is not None and asked.brief and self._connection is not None:
            self._free, self._promised = False, asked.loop
            asked.loop.call_soon(self._take_up, asked.loop)
        else:
            self._give_to_thread()

    def _give_to_thread(self) -> None:
        self._free, self._promised = False, None
        self._jobs.put(self._work)
        if self._thread is None:
            self._thread = threading.Thread(target=self._serve, name="database-write", daemon=True)
            self._thread.start()

    def _go_on(self) -> None:
        with self._door:
            if not self._waiting:
                self._free = True
                if self._closed:
                    self._jobs.put(None)
            elif self._closed or not self._promise(self._waiting[0]):
                self._give_to_thread()

    def _promise(self, first: QueuedWork) -> bool:
        """Let a loop take up the queue once it has handled the results of earlier work, which may add more."""
        if first.loop is None or not first.brief:
            return False
        if any(each.loop is None for each in self._waiting):
            return False  # A waiting thread may be the loop's own.
        self._promised = first.loop
        try:
            first.loop.call_soon_threadsafe(first.loop.call_soon, self._take_up, first.loop)
        except RuntimeError:  # It is closed.
            self._promised = None
        return self._promised is not None

    # On an event loop

    def _take_up(self, loop: asyncio.AbstractEventLoop) -> None:
        with self._door:
            if self._promised is not loop:
                return
            self._promised = None
            taken = self._brief_ones(loop)
        try:
            outcomes = self._guard(lambda: self._or_nothing(lambda: self._briefly(taken)))
        except BaseException as error:  # Another program is writing, or a piece has failed: a thread can wait.
            self._put_back(taken)
            with self._door:
                self._give_to_thread()
            if not isinstance(error, Exception):
                raise  # The program is being stopped, and can be: the work is the thread's now.
        else:
            self._put_back(taken[len(outcomes) :])
            self._jobs.put(partial(self._commit, taken[: len(outcomes)], outcomes))

    def _brief_ones(self, loop: asyncio.AbstractEventLoop) -> list[QueuedWork]:
        taken: list[QueuedWork] = []
        waiting = self._waiting
        while waiting and waiting[0].brief and waiting[0].loop is loop and len(taken) < MOST_TOGETHER:
            taken.append(waiting.popleft())
        return taken

    def _briefly(self, taken: Sequence[QueuedWork]) -> list[Outcome]:
        """Begin without waiting, and do as many of them as there is time for."""
        until = time.perf_counter() + LONGEST_ON_LOOP
        self._opened().begin()
        if len(taken) == 1:
            return [(True, self._worked(taken[0].work))]
        outcomes: list[Outcome] = []
        for asked in taken:
            outcomes.append(self._part(asked.work))
            if time.perf_counter() > until:
                break
        return outcomes

    def _put_back(self, asked: Sequence[QueuedWork]) -> None:
        with self._door:
            self._waiting.extendleft(reversed(asked))

    # In the thread

    def _serve(self) -> None:
        while (job := self._jobs.get()) is not None:
            job()

    def _work(self) -> None:
        with self._door:
            taken = [self._waiting.popleft() for _ in range(min(len(self._waiting), MOST_TOGETHER))]
        self._wait_for_others(self._patience)
        outcomes = [self._alone(taken[0].work)] if len(taken) == 1 else self._together(taken, self._all_parts)
        self._wait_for_others(0)  # The next may be an event loop's.
        self._tell(taken, outcomes)

    def _commit(self, taken: Sequence[QueuedWork], outcomes: Sequence[Outcome]) -> None:
        self._tell(taken, self._together(taken, lambda _: outcomes))

    def _tell(self, taken: Sequence[QueuedWork], outcomes: Sequence[Outcome]) -> None:
        tell(zip(taken, outcomes, strict=True))
        self._go_on()

    def _together(
        self, taken: Sequence[QueuedWork], work: Callable[[Sequence[QueuedWork]], Sequence[Outcome]]
    ) -> Sequence[Outcome]:
        try:
            return self._guard(lambda: self._or_nothing(lambda: self._committed(work(taken))))
        except (_Undone, IntegrityError):
            # Nothing was stored, because one of them failed; it must not affect the others.
            return [self._alone(each.work) for each in taken]
        except BaseException as error:  # noqa: BLE001 - the waiting caller gets the error
            return [(False, error)] * len(taken)

    def _alone(self, work: Work[Any]) -> Outcome:
        try:
            return True, self._guard(lambda: self._or_nothing(lambda: self._committed(self._worked(work))))
        except BaseException as error:  # noqa: BLE001 - the waiting caller gets the error
            return False, error

    # A transaction

    def _opened(self) -> Connection:
        if self._connection is None:
            self._connection = self._engine.connect()
        return self._connection

    def _wait_for_others(self, seconds: float) -> None:
        """Wait for other programs that hold the file."""
        if self._connection is not None:
            driver: Any = self._connection.connection.dbapi_connection
            driver.execute(f"PRAGMA busy_timeout = {int(seconds * 1000)}")

    def _or_nothing(self, run: Callable[[], T]) -> T:
        try:
            return run()
        except BaseException:
            if self._connection is not None:
                self._connection.rollback()
            raise

    def _committed(self, result: T) -> T:
        self._opened().commit()
        return result

    def _all_parts(self, taken: Sequence[QueuedWork]) -> Sequence[Outcome]:
        self._opened().begin()
        return [self._part(each.work) for each in taken]

    def _part(self, work: Work[Any]) -> Outcome:
        driver: Any = self._opened().connection.dbapi_connection
        driver.execute("SAVEPOINT work")
        try:
            outcome = True, self._guard(lambda: self._worked(work))
        except BaseException as error:  # noqa: BLE001 - the waiting caller gets the error
            if not driver.in_transaction:  # Some errors end the whole transaction, such as a full disk.
                raise _Undone from None
            driver.execute("ROLLBACK TO work")
            outcome = False, error
        driver.execute("RELEASE work")
        return outcome

    def _worked(self, work: Callable[[Connection], T]) -> T:
        connection, self._working = self._opened(), threading.get_ident()
        try:
            return work(connection)
        finally:
            self._working = None


class _Undone(Exception):
    """The transaction of several pieces of work has ended with nothing stored."""
