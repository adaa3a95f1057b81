"""The migrations make the tables that the program works with, whoever runs them and however often."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect, text
from sqlalchemy.engine.interfaces import ReflectedIndex

from core.storage.database import Database
from core.storage.migrations import DatabaseTooNew, configuration, newest
from core.storage.tables import Base

UPGRADE = "import sys; from core.storage.database import Database; Database(sys.argv[1]).upgrade()"


@pytest.fixture
def database(empty_database_url: str) -> Iterator[Database]:
    database = Database(empty_database_url)
    yield database
    database.close()


def description(connection: Connection) -> dict[str, object]:
    """Everything the database says about its tables, in an order of our own; constraints by name included."""
    inspector = inspect(connection)
    return {
        table: [
            sorted(map(str, inspector.get_columns(table))),
            inspector.get_pk_constraint(table),
            sorted(map(str, inspector.get_foreign_keys(table))),
            sorted(map(str, inspector.get_unique_constraints(table))),
            sorted(map(str, inspector.get_check_constraints(table))),
            sorted(_index(index) for index in inspector.get_indexes(table)),
            sorted(inspector.get_table_options(table).items()),
        ]
        for table in inspector.get_table_names()
        if table != "alembic_version"
    }


def _index(index: ReflectedIndex) -> str:
    options = {name: str(option) for name, option in index.get("dialect_options", {}).items()}
    return f"{index['name']} {index['unique']} {index['column_names']} {options}"


def test_the_migrations_make_what_the_tables_say(database: Database) -> None:
    database.upgrade()
    difference = database.read_now(lambda reading: compare_metadata(MigrationContext.configure(reading), Base.metadata))
    assert difference == []


def test_they_also_make_the_constraints_that_alembic_does_not_compare(database: Database) -> None:
    database.upgrade()
    migrated = database.read_now(description)
    database.write_now(Base.metadata.drop_all)
    database.write_now(Base.metadata.create_all)
    assert database.read_now(description) == migrated


def test_upgrading_again_changes_nothing(database: Database) -> None:
    database.upgrade()
    database.write_now(lambda connection: connection.execute(text("INSERT INTO demo_clock VALUES (1, 60)")) and None)
    database.upgrade()
    assert database.read_now(lambda connection: connection.scalar(text("SELECT ahead_seconds FROM demo_clock"))) == 60


def test_a_database_of_todays_shape_is_known_by_the_newest_step(database: Database) -> None:
    database.upgrade()
    stands_at = text("SELECT version_num FROM alembic_version")
    assert database.read_now(lambda connection: connection.scalar(stands_at)) == newest()


def test_a_database_of_todays_shape_is_opened_without_alembic(database: Database, empty_database_url: str) -> None:
    database.upgrade()
    upgrade_and_look = f"{UPGRADE}\nassert 'alembic' not in sys.modules"
    assert subprocess.run([sys.executable, "-c", upgrade_and_look, empty_database_url], check=False).returncode == 0


def test_processes_that_start_together_upgrade_once(database: Database, empty_database_url: str) -> None:
    started = [subprocess.Popen([sys.executable, "-c", UPGRADE, empty_database_url]) for _ in range(3)]
    assert [process.wait(60) for process in started] == [0, 0, 0]
    assert database.read_now(lambda connection: connection.scalar(text("SELECT count(*) FROM alembic_version"))) == 1


def test_a_database_of_a_later_version_is_left_alone(database: Database) -> None:
    database.upgrade()
    later = text("UPDATE alembic_version SET version_num = '9999'")
    database.write_now(lambda connection: connection.execute(later) and None)
    with pytest.raises(DatabaseTooNew, match="later version of the program"):
        database.upgrade()


def test_the_turns_of_messages_can_be_taken_back(database: Database) -> None:
    database.write_now(lambda connection: command.upgrade(configuration(connection), "0010"))
    database.write_now(lambda connection: command.downgrade(configuration(connection), "0009"))
    assert "turn" not in database.read_now(columns_of_outbox)
    database.upgrade()
    assert "turn" in database.read_now(columns_of_outbox)


def columns_of_outbox(connection: Connection) -> set[str]:
    return {column["name"] for column in inspect(connection).get_columns("outbox")}


def test_going_back_is_refused_because_it_would_lose_answers(database: Database) -> None:
    database.upgrade()
    with pytest.raises(NotImplementedError, match="restore a copy"):
        database.write_now(lambda connection: command.downgrade(configuration(connection), "base"))
    assert "answer" in database.read_now(lambda connection: inspect(connection).get_table_names())
