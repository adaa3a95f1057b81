"""Many who write at the same moment, in one process and in several: each effect once, and nothing is lost."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial

from sqlalchemy import Connection, func, insert, select
from sqlalchemy.exc import IntegrityError

from core.framework import Perspective, Row
from core.services import answering, cycles
from core.storage import inbox
from core.storage.database import Database
from core.storage.frameworks import FrameworkShelf
from core.storage.tables import Answer, Inbox
from tests.support.enquiries import MONDAY, NEXT_MONDAY, begin, bring
from tests.support.partnership_files import river

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
ROW = Row("1.1.a", Perspective.SCHOOL)
WRITE_50 = """
import sys
from tests.core.test_storage_concurrency import Database, read_then_keep
database = Database(sys.argv[1])
for number in range(50):
    database.write_now(lambda connection: read_then_keep(connection, f"{sys.argv[2]}-{number}"))
database.close()
"""


def keep(connection: Connection, key: str) -> None:
    connection.execute(insert(Inbox), {"event_key": key, "received_at": NOON})


def kept(connection: Connection) -> int:
    return connection.scalar(select(func.count()).select_from(Inbox)) or 0


def read_then_keep(connection: Connection, key: str) -> None:
    """A transaction that reads first is the one that fails on SQLite under a deferred BEGIN."""
    kept(connection)
    keep(connection, key)


def test_an_event_delivered_many_times_at_once_is_new_once(database: Database) -> None:
    def deliver(_: int) -> bool:
        return database.write_now(lambda connection: inbox.is_new(connection, "the same event", NOON))

    with ThreadPoolExecutor(16) as threads:
        assert sum(threads.map(deliver, range(64))) == 1
    assert database.read_now(kept) == 1


def test_one_key_written_by_many_at_once_is_kept_once(database: Database) -> None:
    def attempt(_: int) -> bool:
        try:
            database.write_now(lambda connection: keep(connection, "the same event"))
        except IntegrityError:
            return False
        return True

    with ThreadPoolExecutor(16) as threads:
        assert sum(threads.map(attempt, range(64))) == 1
    assert database.read_now(kept) == 1


def test_an_answer_given_many_times_at_once_is_one_row_that_counts_them(database: Database) -> None:
    def start(connection: Connection) -> int:
        bring(connection, river())
        cycle = cycles.open_cycle(connection, FrameworkShelf(), "river", "Autumn", NEXT_MONDAY, None, MONDAY)
        return begin(connection, cycle.id, "alder", "ann")

    response = database.write_now(start)

    def answer(number: int) -> None:
        level = 1 + number % 4
        database.write_now(lambda connection: answering.save_answer(connection, response, ROW, level, None, MONDAY))

    with ThreadPoolExecutor(16) as threads:
        list(threads.map(answer, range(64)))
    ((level, revision),) = database.read_now(
        lambda connection: connection.execute(select(Answer.level, Answer.revision)).all()
    )
    assert level in {1, 2, 3, 4}
    assert revision == 64


def test_two_databases_write_side_by_side_and_nothing_is_lost(database: Database, database_url: str) -> None:
    other = Database(database_url)

    def write(number: int) -> None:
        chosen = (database, other)[number % 2]
        chosen.write_now(lambda connection: read_then_keep(connection, str(number)))

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(write, range(100)))
    other.close()
    assert database.read_now(kept) == 100


def test_processes_write_side_by_side_and_nothing_is_lost(database: Database, database_url: str) -> None:
    """A server, a worker and the command line on one database."""
    started = [subprocess.Popen([sys.executable, "-c", WRITE_50, database_url, name]) for name in ("one", "two")]
    for number in range(50):
        database.write_now(partial(read_then_keep, key=f"own-{number}"))
    assert [process.wait(60) for process in started] == [0, 0]
    assert database.read_now(kept) == 150
