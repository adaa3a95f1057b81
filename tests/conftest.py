"""What every test may ask for: a real browser, a real database."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, Page

from core.storage.database import Database
from tests.support import browser as chromium
from tests.support import database

# The same examples each time, so that a red run means a change; `--hypothesis-profile=explore` looks for new ones.
settings.register_profile("steady", derandomize=True, deadline=None)
settings.register_profile("explore", deadline=None, max_examples=2_000)
settings.load_profile("steady")


# Not for the whole session: while playwright runs, no async test can, so it ends with the module that wanted it.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Headless Chromium. A module that uses it has no async tests."""
    path = chromium.find_chromium()
    if path is None:
        pytest.skip(chromium.MISSING)
    with chromium.running_browser(path) as started:
        yield started


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh profile; the test fails on a console error or a request to another machine."""
    with chromium.watched_page(browser) as opened:
        yield opened


@pytest.fixture(scope="session")
def postgres() -> Iterator[database.Postgres]:
    """A PostgreSQL server for this process."""
    with database.running_postgres() as server:
        if server is None:
            pytest.skip(database.MISSING)
        yield server


@pytest.fixture(scope="session")
def upgraded_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite database of today's shape, to be copied: making one takes half a second."""
    file = tmp_path_factory.mktemp("upgraded") / "upgraded.db"
    _upgrade(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def upgraded_in_postgres(postgres: database.Postgres) -> str:
    """The name of a PostgreSQL database of today's shape, to be copied."""
    url = postgres.fresh_url()
    _upgrade(url)
    return url.rpartition("/")[2].partition("?")[0]


def _upgrade(url: str) -> None:
    made = Database(url)
    made.upgrade()
    made.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database of today's shape with nothing in it, once on each engine."""
    if request.param == "sqlite":
        file: Path = request.getfixturevalue("upgraded_file")
        yield f"sqlite:///{shutil.copy(file, tmp_path / 'test.db')}"
        return
    server: database.Postgres = request.getfixturevalue("postgres")
    url = server.fresh_url(template=request.getfixturevalue("upgraded_in_postgres"))
    yield url
    server.drop(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without a table, once on each engine."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'test.db'}"
        return
    server: database.Postgres = request.getfixturevalue("postgres")
    url = server.fresh_url()
    yield url
    server.drop(url)
