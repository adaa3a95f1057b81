"""A migrated database on each engine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from core.storage.database import Database
from tests.support.post_office import PostOffice


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url)
    opened.upgrade()
    yield opened
    opened.close()


@pytest.fixture
def office(database: Database) -> PostOffice:
    return PostOffice(database)
