"""A database that can't be used: one sentence that says why, and what to do next; never a password, and soon."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from time import monotonic
from typing import Any

import psycopg
import pytest
from sqlalchemy import URL, make_url
from sqlalchemy.exc import DBAPIError

from core.storage import migrations
from core.storage.database import Database, UnusableDatabaseUrl
from core.storage.migrations import DatabaseTooNew
from core.storage.unusable import Unusable, why_unusable
from tests.support.database import EXTERNAL, Postgres, in_psycopgs_words

SETTING = "PARTNERSHIP_DATABASE_URL"


def complaint(url: str | URL) -> str:
    """What is wrong, said alike whether somebody reads or writes first, without the address."""
    written = url if isinstance(url, str) else url.render_as_string(hide_password=False)
    told = set()
    with closing(Database(written)) as database:
        for attempt in (database.read_now, database.write_now):
            with pytest.raises(DBAPIError) as found:
                attempt(lambda connection: connection.exec_driver_sql("SELECT 1").scalar())
            assert isinstance(found.value.orig, Unusable)
            told.add(str(found.value.orig))
    (words,) = told
    assert "hush" not in words
    return words.partition(": ")[2]


# The address


@pytest.mark.parametrize(
    ("url", "told"),
    [
        pytest.param("sqlite://hush.db", "comes after three slashes (sqlite:///name.db)", id="two slashes"),
        pytest.param("sqlite:hush.db", "comes after three slashes (sqlite:///name.db)", id="no slash"),
        pytest.param("sqlite:///~/hush.db", "Write the full path: sqlite:////srv/bot/name.db", id="a tilde"),
        pytest.param("sqlite:////~/hush.db", "Write the full path: sqlite:////srv/bot/name.db", id="four and a tilde"),
        pytest.param("sqlite:///$HOME/hush.db", "Write the full path: sqlite:////srv/bot/name.db", id="a variable"),
        pytest.param("sqlite:///hush.db ", "There is a space before or after", id="a space after it"),
        pytest.param("\tsqlite:///hush.db", "There is a space before or after", id="a tab before it"),
        pytest.param('"sqlite:///hush.db"', "There are quotation marks around", id="quotation marks"),
        pytest.param("sqlite:///hush.db?mode=ro", "takes no options", id="an option of a file"),
        pytest.param("postgresql://bot@db:hush/bot", "The port is not a number", id="a port in words"),
        pytest.param("postgresql://bot:h@us/h@db/bot", "write %40 or %25 instead", id="@ and / in the password"),
    ],
)
def test_an_address_that_is_none_is_told_apart(url: str, told: str) -> None:
    with pytest.raises(UnusableDatabaseUrl) as found:
        Database(url)
    assert told in str(found.value)
    assert "hush" not in str(found.value)
    assert found.value.__cause__ is None


# A file


def test_a_file_that_is_no_database_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("Minutes of the meeting, taken by hand. " * 30)
    assert complaint(f"sqlite:///{tmp_path}/notes.txt") == (
        f"this file is not a SQLite database. Move it away, or name another in {SETTING}."
    )
    assert [each.name for each in tmp_path.iterdir()] == ["notes.txt"]


def test_a_folder_is_no_database(tmp_path: Path) -> None:
    assert complaint(f"sqlite:///{tmp_path}") == (
        "this file can't be opened. Is it a folder, or does this user lack permission to read and write it?"
    )


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "taken").touch()
    assert complaint(f"sqlite:///{tmp_path}/taken/bot.db") == (
        f"this folder can't be made or used: file exists. Name another in {SETTING}."
    )


def test_a_database_of_a_later_version_is_told(database_url: str) -> None:
    with closing(Database(database_url)) as database:
        database.write_now(lambda writing: writing.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'"))
        with pytest.raises(DatabaseTooNew, match="Install that version again"):
            database.upgrade()
        assert database.read_now(migrations.version_of) == "9999"


# A server


@pytest.fixture(scope="module")
def strict(postgres: Postgres) -> Iterator[URL]:
    """The address of a server that asks one user for a password, and lets another in from nowhere."""
    url = make_url(postgres.fresh_url())
    rules = Path(str(url.query["host"])) / "data" / "pg_hba.conf"
    if not rules.exists():
        pytest.skip(f"The server that {EXTERNAL} names keeps its rules elsewhere.")
    before = rules.read_text()
    rules.write_text(f"local all unused_asked scram-sha-256\nlocal all unused_barred reject\n{before}")
    with psycopg.connect(in_psycopgs_words(url), autocommit=True) as admin:
        admin.execute("CREATE ROLE unused_asked LOGIN PASSWORD 'right'")
        admin.execute("CREATE ROLE unused_full LOGIN CONNECTION LIMIT 0")
        admin.execute("CREATE ROLE unused_reader LOGIN")
        admin.execute("SELECT pg_reload_conf(), pg_sleep(0.2)")
        yield url
        rules.write_text(before)
        for name in ("asked", "full", "reader"):
            admin.execute(f"DROP ROLE unused_{name}")


_NOT_ACCEPTED = "the server doesn't accept this user with this password. Check both in PARTNERSHIP_DATABASE_URL"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        pytest.param({"username": "unused_asked", "password": "hush"}, _NOT_ACCEPTED, id="wrong password"),
        pytest.param({"username": "unused_asked"}, "the server asks for a password. Write it in", id="no password"),
        pytest.param({"username": "unknown"}, _NOT_ACCEPTED, id="unknown user"),
        pytest.param({"database": "none"}, "the server has no database of this name. Check", id="no such database"),
        pytest.param({"username": "unused_barred"}, "the server lets this user in from other places", id="barred"),
        pytest.param({"username": "unused_full"}, "the server has no connection left", id="no connection left"),
    ],
)
def test_what_the_server_refuses_is_told(strict: URL, change: dict[str, Any], told: str) -> None:
    assert complaint(strict.set(**change)).startswith(told)


@pytest.mark.parametrize("option", ["colour=hush", "sslmode=hush", "connect_timeout=hush"])
def test_an_option_that_postgresql_does_not_know_is_told(strict: URL, option: str) -> None:
    told = complaint(strict.update_query_string(option))
    assert told.startswith(
        f"the server's port, or an option after the ? in {SETTING}, is not one that PostgreSQL knows."
    )


def test_a_user_who_may_make_no_tables_is_told(strict: URL) -> None:
    url, told = strict.set(username="unused_reader").render_as_string(), "GRANT CREATE, USAGE ON SCHEMA public"
    with closing(Database(url)) as database, pytest.raises(DBAPIError, match=told):
        database.upgrade()


def test_an_unknown_host_is_told() -> None:
    told = complaint("postgresql://bot:hush@unknown.invalid/bot")
    assert told == f"there is no computer with this name. Check the host in {SETTING}."


def test_a_place_where_something_else_answers_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as elsewhere, ThreadPoolExecutor(1) as pool:
        pool.submit(_answer_as_a_web_server, elsewhere)
        told = complaint(f"postgresql://bot:hush@127.0.0.1:{elsewhere.getsockname()[1]}/bot")
    assert told == f"what answers there is not PostgreSQL. Check the host and the port in {SETTING}."


def _answer_as_a_web_server(listening: socket.socket) -> None:
    for _ in range(2):
        connection, _ = listening.accept()
        with connection:
            connection.recv(100)
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")


def test_a_place_where_nothing_listens_is_told(tmp_path: Path) -> None:
    told = f"nothing answers there. Does PostgreSQL run, and are host and port in {SETTING} right?"
    assert complaint("postgresql://bot:hush@127.0.0.1:1/bot") == told
    assert complaint(f"postgresql://bot:hush@/bot?host={tmp_path}") == told


def test_a_server_that_never_answers_is_told_within_five_seconds() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        closing(Database(f"postgresql://bot:hush@127.0.0.1:{silent.getsockname()[1]}/bot")) as database,
    ):
        began = monotonic()
        with pytest.raises(DBAPIError, match="the server doesn't answer"):
            database.read_now(lambda connection: connection.exec_driver_sql("SELECT 1"))
        assert monotonic() - began < 4.5


def test_any_other_error_is_no_fault_of_the_database() -> None:
    assert why_unusable(psycopg.errors.UniqueViolation(), "here") is None
    assert why_unusable(ValueError("hush"), "here") is None
