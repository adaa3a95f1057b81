"""What the database promises: all of a piece of work or none of it, on the disk, and never in the event loop's way."""

from __future__ import annotations

import asyncio
import threading
import traceback
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection, event, func, insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError

from core.storage import database as module
from core.storage import one_writer
from core.storage.database import Database, DatabaseBusy, UnusableDatabaseUrl, described
from core.storage.tables import Inbox, Person
from tests.support.database import Postgres

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def keep(connection: Connection, key: str) -> None:
    connection.execute(insert(Inbox), {"event_key": key, "received_at": NOON})


def kept(connection: Connection) -> int:
    return connection.scalar(select(func.count()).select_from(Inbox)) or 0


def lock_the_inbox(connection: Connection) -> None:
    """On SQLite a write holds the whole file as soon as it begins."""
    keep(connection, "the other's")
    if connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE inbox IN EXCLUSIVE MODE"))


class Interrupted(Exception):
    pass


async def test_what_was_written_can_be_read(database: Database) -> None:
    await database.write(lambda connection: keep(connection, "one"))
    assert await database.read(kept) == 1


def test_a_moment_comes_back_as_it_was_with_its_zone(database: Database) -> None:
    database.write_now(lambda connection: keep(connection, "one"))
    assert database.read_now(lambda connection: connection.scalar(select(Inbox.received_at))) == NOON


def test_a_moment_without_a_zone_is_refused(database: Database) -> None:
    row = {"event_key": "one", "received_at": NOON.replace(tzinfo=None)}
    with pytest.raises(StatementError, match="a moment needs a time zone"):
        database.write_now(lambda connection: connection.execute(insert(Inbox), row) and None)


async def test_work_that_fails_leaves_nothing_behind(database: Database) -> None:
    def fail_half_way(connection: Connection) -> None:
        keep(connection, "one")
        raise Interrupted

    with pytest.raises(Interrupted):
        await database.write(fail_half_way)
    assert await database.read(kept) == 0


def test_part_of_a_piece_of_work_can_be_taken_back(database: Database) -> None:
    def work(connection: Connection) -> None:
        keep(connection, "one")
        with connection.begin_nested() as part:
            keep(connection, "two")
            part.rollback()

    database.write_now(work)
    assert database.read_now(kept) == 1


def test_a_read_can_change_nothing(database: Database) -> None:
    with pytest.raises(DBAPIError):
        database.read_now(lambda connection: keep(connection, "one"))
    assert database.read_now(kept) == 0


def test_the_statements_of_a_read_see_one_moment(database: Database) -> None:
    def before_and_after_a_write(connection: Connection) -> tuple[int, int]:
        before = kept(connection)
        database.write_now(lambda writing: keep(writing, "one"))
        return before, kept(connection)

    assert database.read_now(before_and_after_a_write) == (0, 0)
    assert database.read_now(kept) == 1


async def test_the_event_loop_goes_on_while_work_is_done(database: Database) -> None:
    go_on = threading.Event()
    work = asyncio.create_task(database.write(lambda _: go_on.wait(10)))
    await asyncio.sleep(0)
    go_on.set()  # A loop that was blocked would never come here.
    assert await work


async def test_a_task_that_is_cancelled_leaves_its_work_whole(database: Database, database_url: str) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slowly(connection: Connection) -> None:
        keep(connection, "one")
        begun.set()
        go_on.wait(10)
        keep(connection, "two")

    work = asyncio.create_task(database.write(slowly))
    await asyncio.to_thread(begun.wait, 10)
    work.cancel()
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await work
    database.close()  # It waits for work that has begun.
    reopened = Database(database_url)
    assert reopened.read_now(kept) == 2
    reopened.close()


# Writes that wait for one another, in a thread or, where they are brief, on the event loop

either_way = pytest.mark.parametrize("brief", [False, True], ids=["as any", "brief"])


async def at_once(database: Database, *works: Callable[[Connection], object], brief: bool) -> list[object]:
    """What becomes of work that came while the writer was busy."""
    begun, go_on = threading.Event(), threading.Event()

    def busy(_: Connection) -> None:
        begun.set()
        go_on.wait(10)

    first = asyncio.create_task(database.write(busy))
    await asyncio.to_thread(begun.wait, 10)
    waiting = [asyncio.create_task(database.write(work, brief=brief)) for work in works]
    await asyncio.sleep(0)
    go_on.set()
    await first
    return list(await asyncio.gather(*waiting, return_exceptions=True))


def keep_and_count(connection: Connection, key: str) -> int:
    keep(connection, key)
    return kept(connection)


def keep_and_fail(connection: Connection) -> None:
    keep(connection, "failed")
    raise Interrupted


@either_way
async def test_each_of_them_happens_whole_or_not_at_all(database: Database, brief: bool) -> None:
    """PostgreSQL does them side by side, so that neither of two need see the other's row; in the end both are there."""
    works = partial(keep, key="one"), keep_and_fail, partial(keep, key="two")
    one, failed, two = await at_once(database, *works, brief=brief)
    assert isinstance(failed, Interrupted)
    assert (one, two) == (None, None)
    assert await database.read(kept) == 2


@either_way
async def test_one_that_breaks_the_databases_own_rules_harms_no_other(database: Database, brief: bool) -> None:
    one, again, two = await at_once(
        database,
        lambda connection: keep(connection, "one"),
        lambda connection: keep(connection, "one"),
        lambda connection: keep(connection, "two"),
        brief=brief,
    )
    assert sorted(type(each).__name__ for each in (one, again)) == ["IntegrityError", "NoneType"]
    assert two is None
    assert await database.read(kept) == 2


@either_way
async def test_on_sqlite_they_go_to_the_disk_together(
    sqlite: Database, brief: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(one_writer, "LONGEST_ON_LOOP", 10)
    commits = list[object]()
    event.listen(sqlite.engine, "commit", commits.append)
    works = (partial(keep_and_count, key=str(number)) for number in range(20))
    assert await at_once(sqlite, *works, brief=brief) == list(range(1, 21)), "in the order in which they came"
    assert len(commits) == 1, "the one that kept the writer busy has written nothing"


@either_way
async def test_one_that_ends_the_whole_transaction_harms_no_other(sqlite: Database, brief: bool) -> None:
    """As a full disk does: the others are done anew, each alone, and once."""

    def end_it(connection: Connection) -> None:
        connection.exec_driver_sql("ROLLBACK")
        raise Interrupted

    works = partial(keep_and_count, key="one"), end_it, partial(keep_and_count, key="two")
    one, ended, two = await at_once(sqlite, *works, brief=brief)
    assert isinstance(ended, Interrupted)
    assert (one, two) == (1, 2)
    assert await sqlite.read(kept) == 2


@either_way
async def test_one_that_raises_what_no_future_takes_keeps_nobody_waiting(database: Database, brief: bool) -> None:
    nothing: list[object] = []
    ended, two = await at_once(database, lambda _: next(iter(nothing)), partial(keep, key="two"), brief=brief)
    assert isinstance(ended, RuntimeError)
    assert two is None
    assert await database.read(kept) == 1


@either_way
async def test_when_the_database_is_closed_what_waits_is_done_first(
    database: Database, database_url: str, brief: bool
) -> None:
    write = partial(database.write, brief=brief)
    await write(partial(keep, key="first"))
    waiting = [asyncio.create_task(write(partial(keep, key=str(number)))) for number in range(5)]
    await asyncio.sleep(0)
    await asyncio.to_thread(database.close)
    await asyncio.gather(*waiting)
    reopened = Database(database_url)
    assert reopened.read_now(kept) == 6
    reopened.close()


# What is brief, on SQLite


def where(connection: Connection) -> int:
    kept(connection)
    return threading.get_ident()


async def test_what_is_brief_is_done_by_the_event_loop_which_never_waits_for_the_disk(sqlite: Database) -> None:
    await sqlite.write(kept)  # A thread opens the file.
    await sqlite.read(kept, brief=True)
    syncing = list[int]()
    event.listen(sqlite.engine, "commit", lambda _: syncing.append(threading.get_ident()))
    here = threading.get_ident()
    assert await sqlite.read(where, brief=True) == here
    assert await sqlite.write(where, brief=True) == here
    assert await sqlite.write(where) != here
    assert len(syncing) == 2
    assert here not in syncing


async def test_while_another_program_writes_a_thread_waits_for_what_is_brief(sqlite: Database) -> None:
    await sqlite.write(kept)
    await sqlite.read(kept, brief=True)
    other, held, let_go = Database(str(sqlite.engine.url)), threading.Event(), threading.Event()

    def hold(connection: Connection) -> None:
        keep(connection, "the other's")
        held.set()
        let_go.wait(10)

    holding = asyncio.create_task(other.write(hold))
    await asyncio.to_thread(held.wait, 10)
    ours = asyncio.create_task(sqlite.write(partial(keep_and_count, key="ours"), brief=True))
    assert await sqlite.read(kept, brief=True) == 0, "the event loop goes on"
    assert not ours.done()
    let_go.set()
    await holding
    assert await ours == 2
    other.close()


async def test_many_brief_ones_do_not_keep_the_event_loop_for_long(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No further one is begun when the time is over, and it comes next."""
    monkeypatch.setattr(one_writer, "LONGEST_ON_LOOP", 0.0)
    commits = list[object]()
    event.listen(sqlite.engine, "commit", commits.append)
    works = (partial(keep_and_count, key=str(number)) for number in range(4))
    assert await at_once(sqlite, *works, brief=True) == [1, 2, 3, 4]
    assert len(commits) == 4


def test_nobody_waits_for_an_event_loop_that_has_stopped(sqlite: Database) -> None:
    """What it was to take up, whoever comes next has done by the thread."""
    sqlite.write_now(kept)
    loop = asyncio.new_event_loop()
    left = loop.create_task(sqlite.write(partial(keep, key="left"), brief=True))
    loop.call_soon(loop.stop)  # After the task has asked, before it is taken up.
    loop.run_forever()
    assert sqlite.write_now(partial(keep_and_count, key="next")) == 2
    loop.run_until_complete(left)
    loop.close()


def test_an_event_loop_that_is_interrupted_leaves_its_work_to_the_thread(sqlite: Database) -> None:
    """As by Ctrl-C: the program ends, and the database can still be closed."""
    sqlite.write_now(kept)
    here = threading.get_ident()

    def interrupted(connection: Connection) -> None:
        keep(connection, "one")
        if threading.get_ident() == here:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        asyncio.run(sqlite.write(interrupted, brief=True))
    assert sqlite.write_now(kept) == 1


async def test_an_event_loop_that_waits_itself_is_not_waited_for(sqlite: Database) -> None:
    go_on = threading.Event()
    busy = asyncio.create_task(sqlite.write(lambda _: go_on.wait(10)))
    brief = asyncio.create_task(sqlite.write(partial(keep, key="brief"), brief=True))
    await asyncio.sleep(0)
    go_on.set()
    assert sqlite.write_now(partial(keep_and_count, key="now")) == 2
    await asyncio.gather(busy, brief)


async def test_brief_work_that_asks_for_more_is_told_so(sqlite: Database) -> None:
    await sqlite.write(kept)
    with pytest.raises(RuntimeError, match="pass the connection on"):
        await sqlite.write(lambda _: sqlite.write_now(kept), brief=True)


async def test_a_brief_read_can_change_nothing(sqlite: Database) -> None:
    await sqlite.read(kept, brief=True)
    with pytest.raises(DBAPIError):
        await sqlite.read(partial(keep, key="one"), brief=True)
    assert await sqlite.read(kept, brief=True) == 0


async def test_a_brief_read_sees_what_was_written_last(sqlite: Database) -> None:
    for number in range(1, 4):
        await sqlite.write(partial(keep, key=str(number)), brief=True)
        assert await sqlite.read(kept, brief=True) == number


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Database]:
    database = opened(tmp_path)
    yield database
    database.close()


def opened(folder: Path) -> Database:
    database = Database(f"sqlite:///{folder / 'test.db'}")
    database.upgrade()
    return database


def test_work_that_asks_for_work_is_told_so_instead_of_waiting_for_itself(database: Database) -> None:
    with pytest.raises(RuntimeError, match="pass the connection on"):
        database.write_now(lambda _: database.write_now(kept))


def test_a_database_that_stays_busy_says_so_in_words(
    database: Database, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BUSY_SECONDS", 0.1)
    other = Database(database_url)

    def meanwhile(connection: Connection) -> None:
        lock_the_inbox(connection)
        with pytest.raises(DatabaseBusy, match="Nothing was stored; please try again"):
            other.write_now(lambda connection: keep(connection, "ours"))

    database.write_now(meanwhile)
    other.write_now(lambda connection: keep(connection, "ours"))
    other.close()
    assert database.read_now(kept) == 2


def test_an_error_holds_nothing_that_people_wrote(database: Database) -> None:
    row = {"id": "1", "name": "Nia Secret", "email": "nia@secret.example", "language": "cy", "reminder_time": "any"}
    database.write_now(lambda connection: connection.execute(insert(Person), row) and None)
    with pytest.raises(IntegrityError) as found:
        database.write_now(lambda connection: connection.execute(insert(Person), row) and None)
    assert "secret" not in "".join(traceback.format_exception(found.value)).lower()
    assert found.value.__context__ is found.value.__cause__ is None or _is_sqlite(database)


def test_a_password_is_never_shown(tmp_path: Path) -> None:
    database = Database(f"postgresql://bot:hush@/bot?host={tmp_path}")
    with pytest.raises(DBAPIError) as found:
        database.read_now(kept)
    database.close()
    assert "hush" not in repr(database) + repr(database.engine)
    assert "hush" not in "".join(traceback.format_exception(found.value))


def test_a_file_is_described_by_its_full_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert described("sqlite:///var/bot.db") == f"{tmp_path}/var/bot.db"
    assert described("sqlite:////srv/bot.db") == "/srv/bot.db"


def test_an_address_is_described_without_a_password_wherever_it_stands() -> None:
    assert described("postgresql://bot:hush@db/bot?password=hush&sslmode=require") == (
        "postgresql+psycopg://bot:***@db/bot"
    )


@pytest.mark.parametrize("url", ["", "hush", "mysql://bot:hush@db/bot", "sqlite://", "sqlite:///:memory:"])
def test_another_kind_of_database_is_refused_in_words(url: str) -> None:
    with pytest.raises(UnusableDatabaseUrl, match="must name a SQLite file") as found:
        Database(url)
    assert "hush" not in "".join(traceback.format_exception(found.value)).replace(repr(url), "")


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_a_postgresql_address_is_understood_however_it_is_written(scheme: str) -> None:
    assert repr(Database(f"{scheme}://bot:hush@db/bot")) == "Database('postgresql+psycopg://bot:***@db/bot')"


def test_sqlite_writes_reach_the_disk_before_they_are_confirmed(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'new folder' / 'test.db'}")

    def pragmas(connection: Connection) -> list[object]:
        return [connection.scalar(text(f"PRAGMA {name}")) for name in ("journal_mode", "synchronous", "foreign_keys")]

    assert database.write_now(pragmas) == ["wal", 2, 1]  # 2 is FULL: every commit waits for fdatasync.
    database.close()


def test_a_folder_made_for_the_file_is_its_owners_alone(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'new' / 'test.db'}")
    database.upgrade()
    database.close()
    assert (tmp_path / "new").stat().st_mode & 0o077 == 0


def test_a_connection_that_the_server_ended_is_opened_anew(postgres: Postgres) -> None:
    database = Database(url := postgres.fresh_url())
    database.write_now(kept_alive)
    with database.engine.begin() as connection:
        assert connection.scalars(text(END_THE_OTHERS)).all() == [True]
    assert database.write_now(kept_alive) == 1
    database.close()
    postgres.drop(url)


END_THE_OTHERS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
    "AND datname = current_database()"
)


def kept_alive(connection: Connection) -> object:
    return connection.scalar(text("SELECT 1"))


def _is_sqlite(database: Database) -> bool:
    return database.engine.dialect.name == "sqlite"
