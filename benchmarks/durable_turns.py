"""The durable turn: an event comes in, is de-duplicated, its answer stored and the next message enqueued.

For comparison, the same statements with the same values, recorded from a real run, go through the bare driver.
"""

from __future__ import annotations

import asyncio
import itertools
import shutil
import sqlite3
import time
from collections.abc import Callable, Coroutine, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import psycopg
from sqlalchemy import Dialect, event
from uvicorn import Config

from benchmarks.partnership import lay_down
from bot.inbound.events import Incoming
from bot.turn.handle import handle, turn
from core.storage.database import Database
from core.storage.frameworks import FrameworkShelf
from tests.support.database import Postgres

WARM_UP = 20
"""Warm-up turns that are not counted, while the connection opens and statements are compiled."""

Statement: TypeAlias = tuple[str, Any]
FreshCopy: TypeAlias = Callable[[], AbstractContextManager[str]]
"""Yields the URL of a fresh copy of the prepared partnership."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A prepared partnership, the presses to come, and the statements of each."""

    fresh_copy: FreshCopy
    taps: Sequence[Incoming]
    statements: Sequence[Sequence[Statement]]

    def ours(self, at_once: int = 1) -> float:
        """The seconds per turn through ``bot.turn.handle``, with this many turns in flight at once."""
        with self.fresh_copy() as url, closing(Database(url)) as database:
            shelf = FrameworkShelf()
            _run(_handle_all(database, shelf, self.taps[:WARM_UP], at_once))
            begun = time.perf_counter()
            _run(_handle_all(database, shelf, self.taps[WARM_UP:], at_once))
            return (time.perf_counter() - begun) / (len(self.taps) - WARM_UP)

    def raw(self) -> float:
        """The seconds per transaction through the bare driver, on one connection in one thread."""
        with (
            self.fresh_copy() as url,
            closing(Database(url)) as database,
            closing(database.engine.raw_connection()) as prepared,  # The same pragmas and settings as ours.
        ):
            connection = prepared.driver_connection
            _replay(connection, database.is_sqlite, self.statements[:WARM_UP])
            begun = time.perf_counter()
            _replay(connection, database.is_sqlite, self.statements[WARM_UP:])
            return (time.perf_counter() - begun) / (len(self.taps) - WARM_UP)


def _replay(connection: Any, is_sqlite: bool, turns: Iterable[Sequence[Statement]]) -> None:
    for statements in turns:
        if is_sqlite:  # psycopg begins the transaction itself.
            connection.execute("BEGIN IMMEDIATE")
        for statement, values in statements:
            cursor = connection.execute(statement, values)
            if cursor.description:
                cursor.fetchall()
        connection.commit()


def _run(turns: Coroutine[Any, Any, None]) -> None:
    """Run it on the event loop that the server uses."""
    with asyncio.Runner(loop_factory=Config(_handle_all).get_loop_factory()) as runner:
        runner.run(turns)


async def _handle_all(database: Database, shelf: FrameworkShelf, taps: Iterable[Incoming], at_once: int) -> None:
    waiting = iter(taps)

    async def one_after_the_other() -> None:
        for tap in waiting:
            handled = await handle(database, shelf, tap, tap.at)
            assert handled.fresh

    await asyncio.gather(*(one_after_the_other() for _ in range(at_once)))


def on_sqlite(folder: Path) -> Stage:
    template = folder / "laid-down.db"
    database = Database(f"sqlite:///{template}")
    taps = _laid_down(database)
    numbers = itertools.count()

    @contextmanager
    def fresh_copy() -> Iterator[str]:
        copy = folder / f"copy-{next(numbers)}.db"
        shutil.copy(template, copy)  # Once closed, a SQLite database is a single file.
        yield f"sqlite:///{copy}"
        for path in folder.glob(f"{copy.name}*"):
            path.unlink()

    return Stage(fresh_copy, taps, _recorded(fresh_copy, taps))


def on_postgresql(server: Postgres) -> Stage:
    template = server.fresh_url()
    taps = _laid_down(Database(template))
    name = template.rpartition("/")[2].partition("?")[0]

    @contextmanager
    def fresh_copy() -> Iterator[str]:
        url = server.fresh_url(name)
        yield url
        server.drop(url)

    return Stage(fresh_copy, taps, _recorded(fresh_copy, taps))


def _laid_down(database: Database) -> tuple[Incoming, ...]:
    with closing(database):
        database.upgrade()
        return database.write_now(lay_down)


def _recorded(fresh_copy: FreshCopy, taps: Sequence[Incoming]) -> list[list[Statement]]:
    """The statements of each turn, as the driver receives them."""
    recorded: list[list[Statement]] = []

    def record(statement: str, values: object) -> None:
        recorded[-1].append((statement, values))

    with fresh_copy() as url, closing(Database(url)) as database:
        event.listen(database.engine, "do_connect", _listening(record))
        shelf = FrameworkShelf()
        for tap in taps:
            recorded.append([])
            database.write_now(lambda connection, tap=tap: turn(connection, shelf, tap, tap.at))  # type: ignore[misc]
    return recorded


def _listening(record: Callable[[str, object], None]) -> Callable[..., Any]:
    """Opens a connection whose cursors record what they execute."""

    class SqliteCursor(sqlite3.Cursor):
        def execute(self, statement: str, values: Any = ()) -> SqliteCursor:
            record(statement, values)
            return super().execute(statement, values)

    class SqliteConnection(sqlite3.Connection):
        def cursor(self) -> sqlite3.Cursor:  # type: ignore[override]
            return super().cursor(SqliteCursor)

    class PostgresCursor(psycopg.Cursor[Any]):
        def execute(self, statement: Any, values: Any = None, **options: Any) -> psycopg.Cursor[Any]:  # type: ignore[override]
            record(statement, values)
            return super().execute(statement, values, **options)

    def connect(dialect: Dialect, _record: object, arguments: list[Any], options: dict[str, Any]) -> Any:
        if dialect.name == "sqlite":
            return sqlite3.connect(*arguments, **options, factory=SqliteConnection)
        return psycopg.connect(*arguments, **options, cursor_factory=PostgresCursor)

    return connect
