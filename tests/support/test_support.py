"""The tests' own ground: the database and the browser that they stand on are real."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import psycopg
import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import create_engine, inspect, text

from tests.support.browser import watched_page
from tests.support.database import Postgres, in_psycopgs_words

PAGES = {
    "/kind": "<title>Kind</title><h1>Good morning</h1>",
    "/broken": "<title>Broken</title><script>undefinedFunction()</script>",
    "/nosy": "<title>Nosy</title><img src='http://192.0.2.1/pixel.png' alt=''>",
}


class _Site(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = PAGES.get(self.path, "").encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name for it
        """Keep quiet."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Site) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_postgresql_is_a_real_server(postgres: Postgres) -> None:
    with psycopg.connect(in_psycopgs_words(postgres.url)) as connection:
        row = connection.execute("SELECT version()").fetchone()
    assert row
    assert row[0].startswith("PostgreSQL")


@pytest.mark.parametrize("turn", ["first", "second"])
def test_each_test_gets_an_empty_database_on_each_engine(empty_database_url: str, turn: str) -> None:
    engine = create_engine(empty_database_url)
    with engine.begin() as connection:
        assert inspect(connection).get_table_names() == []
        connection.execute(text("CREATE TABLE left_behind (id INTEGER)"))
    engine.dispose()


def test_a_fresh_database_can_be_the_copy_of_another(postgres: Postgres) -> None:
    original = postgres.fresh_url()
    with psycopg.connect(in_psycopgs_words(original)) as connection:
        connection.execute("CREATE TABLE schools (name TEXT)")
        connection.execute("INSERT INTO schools VALUES ('Ash Grove')")
    copy = postgres.fresh_url(template=original.rpartition("/")[2].partition("?")[0])
    with psycopg.connect(in_psycopgs_words(copy)) as connection:
        assert connection.execute("SELECT name FROM schools").fetchall() == [("Ash Grove",)]
    postgres.drop(copy)
    postgres.drop(original)


def test_a_page_is_shown_in_a_real_browser(page: Page, site: str) -> None:
    page.goto(f"{site}/kind")
    expect(page.get_by_role("heading", name="Good morning")).to_be_visible()


@pytest.mark.parametrize(
    ("path", "complaint"),
    [("/broken", "undefinedFunction is not defined"), ("/nosy", "request to another machine: http://192.0.2.1/")],
)
def test_a_page_that_errs_or_looks_elsewhere_fails_its_test(
    browser: Browser, site: str, path: str, complaint: str
) -> None:
    with pytest.raises(AssertionError, match=complaint), watched_page(browser) as page:
        page.goto(f"{site}{path}")
