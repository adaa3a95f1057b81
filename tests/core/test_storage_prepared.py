"""Statements of the hot path behave as they would through SQLAlchemy."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Connection, bindparam, insert, literal, select
from sqlalchemy.exc import IntegrityError

from core.storage import tables
from core.storage.database import Database
from core.storage.prepared import Prepared
from core.storage.upsert import insert_or_ignore
from tests.support.database import Postgres

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)

WRITE = Prepared(insert(tables.Inbox))
WRITE_ONCE = insert_or_ignore(tables.Inbox.__table__)
READ = Prepared(
    select(tables.Inbox.event_key, tables.Inbox.received_at, literal(7).label("seven"))
    .where(tables.Inbox.received_at >= bindparam("since"))
    .order_by(tables.Inbox.event_key)
)


def event(key: str, at: datetime = NOON) -> dict[str, object]:
    return {"event_key": key, "received_at": at}


def test_values_are_converted_on_their_way_in_and_out(connection: Connection) -> None:
    summer_time = timezone(timedelta(hours=1))
    WRITE.run(connection, event("a", datetime(2026, 7, 1, 13, tzinfo=summer_time)))

    assert READ.first(connection, {"since": datetime(2026, 7, 1, 12, tzinfo=UTC)}) == {
        "event_key": "a",
        "received_at": datetime(2026, 7, 1, 12, tzinfo=UTC),
        "seven": 7,
    }


def test_all_rows_come_in_order_and_the_first_is_none_where_there_is_none(connection: Connection) -> None:
    for key in ("b", "a"):
        WRITE.run(connection, event(key))

    assert [row[0] for row in READ.all(connection, {"since": NOON})] == ["a", "b"]
    assert READ.first(connection, {"since": NOON + timedelta(seconds=1)}) is None


def test_it_tells_how_many_rows_were_written(connection: Connection) -> None:
    assert [WRITE_ONCE.run(connection, event("a")) for _ in range(2)] == [1, 0]


def test_what_it_wrote_is_committed_with_the_transaction(database: Database) -> None:
    database.write_now(lambda connection: WRITE.run(connection, event("a")))

    assert database.read_now(lambda connection: READ.all(connection, {"since": NOON})) != []


def test_what_it_wrote_is_taken_back_with_the_transaction(database: Database) -> None:
    def write_and_fail(connection: Connection) -> None:
        WRITE.run(connection, event("a"))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        database.write_now(write_and_fail)

    assert database.read_now(lambda connection: READ.all(connection, {"since": NOON})) == []


def test_an_error_is_sqlalchemys_own_and_holds_no_value(database: Database) -> None:
    def write_twice(connection: Connection) -> None:
        WRITE.run(connection, event("a secret"))
        WRITE.run(connection, event("a secret"))

    with pytest.raises(IntegrityError) as caught:
        database.write_now(write_twice)

    assert "secret" not in f"{caught.value} {caught.value.__cause__} {caught.value.__context__}"


def test_a_connection_that_the_server_ended_is_opened_anew(postgres: Postgres) -> None:
    """As when the server was restarted while the connection lay idle."""
    url = postgres.fresh_url()
    with closing(Database(url)) as database:
        database.upgrade()
        database.write_now(lambda connection: WRITE.run(connection, event("a")))
        with database.engine.begin() as connection:
            connection.exec_driver_sql(END_THE_OTHERS)

        assert database.write_now(lambda connection: WRITE.run(connection, event("b"))) == 1
    postgres.drop(url)


END_THE_OTHERS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE pid <> pg_backend_pid() AND datname = current_database()"
)
