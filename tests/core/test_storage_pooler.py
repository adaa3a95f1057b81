"""PostgreSQL behind a pooler that lends a connection for one transaction at a time, as PgBouncer often does."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Connection, func, select, text

from core.storage import inbox
from core.storage.database import Database
from core.storage.tables import Inbox
from integrations.commands.doctor import doctor
from tests.support import pooler
from tests.support.database import Postgres, in_psycopgs_words

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def pooled_url(postgres: Postgres, upgraded_in_postgres: str) -> Iterator[str]:
    direct = postgres.fresh_url(template=upgraded_in_postgres)
    with pooler.pooled(direct) as url:
        if url is None:
            pytest.skip(pooler.MISSING)
        yield url
    postgres.drop(direct)


@pytest.fixture
def database(pooled_url: str) -> Iterator[Database]:
    with closing(Database(pooled_url, pooled=True)) as opened:
        yield opened
        opened.write_now(lambda connection: connection.execute(text("DELETE FROM inbox")))


def setting(connection: Connection, name: str) -> str | None:
    return connection.scalar(select(func.current_setting(name)))


def mood(connection: Connection) -> tuple[str | None, str | None]:
    return setting(connection, "transaction_read_only"), setting(connection, "lock_timeout")


def kept(connection: Connection) -> int:
    return connection.scalar(select(func.count()).select_from(Inbox)) or 0


def test_many_at_once_each_keep_what_they_bring(database: Database) -> None:
    """Eight threads write while others read, on three connections to the server: each has everybody's in turn."""

    def keep(connection: Connection, number: int) -> tuple[bool, *tuple[str | None, ...]]:
        return inbox.is_new(connection, f"event {number}", NOON), *mood(connection)

    def bring(number: int) -> tuple[bool, *tuple[str | None, ...]]:
        database.read_now(kept)
        return database.write_now(lambda connection: keep(connection, number))

    with ThreadPoolExecutor(16) as threads:
        assert set(threads.map(bring, range(200))) == {(True, "off", "10s")}
    assert database.read_now(kept) == 200


def test_a_read_sees_one_moment_and_cannot_write(database: Database) -> None:
    assert database.read_now(mood) == ("on", "10s")
    assert database.read_now(lambda connection: setting(connection, "transaction_isolation")) == "repeatable read"


def test_nothing_stays_on_a_connection_that_others_have_next(database: Database) -> None:
    database.read_now(kept)
    database.write_now(lambda connection: inbox.is_new(connection, "event", NOON))
    with psycopg.connect(in_psycopgs_words(database.engine.url), prepare_threshold=None) as another:
        asked = another.execute("SELECT current_setting('lock_timeout'), current_setting('transaction_read_only')")
        assert asked.fetchall() == [("0", "off")]
        assert another.execute("SELECT name FROM pg_prepared_statements").fetchall() == []


def test_work_is_done_again_on_a_connection_of_its_own_where_the_server_was_restarted(
    postgres: Postgres, database: Database
) -> None:
    database.write_now(kept)
    with psycopg.connect(in_psycopgs_words(postgres.url), autocommit=True) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [database.engine.url.database]
        )
    assert database.write_now(lambda connection: inbox.is_new(connection, "event", NOON))


def test_a_pooler_that_nobody_named_is_noticed(postgres: Postgres, pooled_url: str) -> None:
    """By the server's processes, whatever the pooler is: here with one to lend, and with several."""
    with closing(Database(pooled_url)) as database:
        assert database.needs_pooler_setting()
    with pooler.pooled(postgres.fresh_url(), connections=1) as url, closing(Database(str(url))) as database:
        assert database.needs_pooler_setting()


def test_a_pooler_that_leaves_each_its_own_and_none_at_all_need_no_setting(
    postgres: Postgres, pooled_url: str, tmp_path: Path
) -> None:
    direct = postgres.fresh_url()
    with pooler.pooled(direct, mode="session") as url:
        for each in (str(url), direct, f"sqlite:///{tmp_path}/bot.db"):
            with closing(Database(each)) as database:
                assert not database.needs_pooler_setting()
    with closing(Database(pooled_url, pooled=True)) as named:
        assert not named.needs_pooler_setting()
    assert list(tmp_path.iterdir()) == []


def test_the_doctor_proposes_the_setting(
    pooled_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PARTNERSHIP_DATABASE_URL", pooled_url)
    proposed = "Set PARTNERSHIP_DATABASE_POOLER=transaction"
    doctor()
    assert proposed in capsys.readouterr().out
    monkeypatch.setenv("PARTNERSHIP_DATABASE_POOLER", "transaction")
    doctor()
    assert proposed not in capsys.readouterr().out


def test_only_postgresql_has_a_pooler(tmp_path: Path) -> None:
    with closing(Database(f"sqlite:///{tmp_path}/bot.db", pooled=True)) as file:
        assert not file.behind_pooler
    with closing(Database("postgresql://localhost/bot", pooled=True)) as server:
        assert server.behind_pooler
