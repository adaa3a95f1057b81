"""A migrated database on each engine: one for each test, or one connection whose work is taken back afterwards."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection

from core.storage.database import Database
from core.storage.frameworks import FrameworkShelf
from tests.support.database import Postgres


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    database.upgrade()
    yield database
    database.close()


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def shared_database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """For ``connection`` only: nothing is ever committed to it."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('shared') / 'test.db'}"
    else:
        server: Postgres = request.getfixturevalue("postgres")
        url = server.fresh_url()
    database = Database(url)
    database.upgrade()
    yield database
    database.close()


@pytest.fixture
def connection(shared_database: Database) -> Iterator[Connection]:
    """A transaction on an empty database, which is rolled back after the test."""
    with shared_database.engine.connect() as connection:
        yield connection
        connection.rollback()


@pytest.fixture
def shelf() -> FrameworkShelf:
    return FrameworkShelf()
