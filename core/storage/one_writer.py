"""The one writer of a SQLite file: a single connection, and whoever works with it just now.

That is a thread, or, where the work is brief, the event loop that asked for it. A thread gives the interpreter away
with every row that SQLite reads and gets it back when the event loop next waits for something, so that the two would
interrupt each other seventy times in a turn (docs/adr/0015). What the loop never does is wait: the commit, which waits
for the disk, is the thread's, and so is everything while another program holds the file.
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
"""Pieces of work that go to the disk at one time: the first of them waits for the last."""
LONGEST_ON_LOOP: Final = 0.010
"""Seconds after which an event loop takes up no further piece: something else may wait for it."""


class OneWriter:
    """Does one thing at a time, in the order in which it was asked.

    What came to wait meanwhile is done in one transaction, so that one wait for the disk serves all of it: a dozen
    leaders who press at one moment would otherwise wait for dozens. Each piece of work still happens whole or not at
    all, and is on the disk before anybody is told.
    """

    def __init__(self, engine: Engine, guard: Guard, patience: float) -> None:
        """``patience``: the seconds that the engine's connections wait for another program's."""
        self._engine, self._guard, self._patience = engine, guard, patience
        self._door, self._closed = threading.Lock(), False
        self._waiting: deque[QueuedWork] = deque()
        self._free = True
        self._promised: asyncio.AbstractEventLoop | None = None
        """The loop that will take up what waits, and has not yet. Until it does, the thread may."""
        self._connection: Connection | None = None
        self._working: int | None = None
        """The thread, perhaps that of a loop, whose work is going on."""
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

    # Who works next. `_begin`, `_give_to_thread` and `_promise` are called by who holds the door.

    def _submit(self, asked: QueuedWork) -> None:
        with self._door:
            if self._closed:
                raise RuntimeError(CLOSED)
            self._waiting.append(asked)
            if self._free:
                self._begin(asked)
            elif self._promised is not None and not (asked.brief and asked.loop is self._promised):
                self._give_to_thread()  # That loop may have stopped, and nobody is to wait for it.

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
        """Let a loop take up what waits once it has done what follows from the work before: more may come of that."""
        if first.loop is None or not first.brief:
            return False
        if any(each.loop is None for each in self._waiting):
            return False  # A thread that waits may be the loop's own.
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
        except BaseException as error:  # Another program is writing, or a piece is in trouble: a thread can wait.
            self._put_back(taken)
            with self._door:
                self._give_to_thread()
            if not isinstance(error, Exception):
                raise  # Somebody wants the program to end, and it can: the work is the thread's now.
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
        """Begin, without waiting for anybody, and do as many of them as there is time for."""
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
            # Nothing was stored, because of one of them; it is to harm no other.
            return [self._alone(each.work) for each in taken]
        except BaseException as error:  # noqa: BLE001 - whoever waits for the work is told
            return [(False, error)] * len(taken)

    def _alone(self, work: Work[Any]) -> Outcome:
        try:
            return True, self._guard(lambda: self._or_nothing(lambda: self._committed(self._worked(work))))
        except BaseException as error:  # noqa: BLE001 - whoever waits for the work is told
            return False, error

    # A transaction

    def _opened(self) -> Connection:
        if self._connection is None:
            self._connection = self._engine.connect()
        return self._connection

    def _wait_for_others(self, seconds: float) -> None:
        """For other programs that hold the file."""
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
        except BaseException as error:  # noqa: BLE001 - whoever waits for the work is told
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
    """The transaction of several pieces of work is over, and nothing of it was stored."""
