"""Whoever sends hears at once that another process has put something: what no event caused, on PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection

from core.storage import outbox
from core.storage.database import Database
from core.storage.listening import listen
from tests.support.database import Postgres
from tests.support.days import NOW
from tests.support.post_office import SOMEBODY, acquaint


@pytest.fixture
def url(postgres: Postgres) -> Iterator[str]:
    address = postgres.fresh_url()
    database = Database(address)
    database.upgrade()
    database.write_now(acquaint)
    database.close()
    yield address
    postgres.drop(address)


@asynccontextmanager
async def listening(database: Database) -> AsyncIterator[asyncio.Queue[None]]:
    """What is heard; first that it has begun, since something may have been put before."""
    heard: asyncio.Queue[None] = asyncio.Queue()
    task = asyncio.create_task(listen(database, lambda: heard.put_nowait(None)))
    await asyncio.wait_for(heard.get(), 10)
    yield heard
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def put(database: Database, key: str, turn: str | None = None) -> None:
    def work(writing: Connection) -> None:
        outbox.put(
            writing, platform="fake", tenant="trust", conversation="alys", kind="direct", person=SOMEBODY, key=key,
            prompt="{}", manner="once", now=NOW, turn=turn,
        )  # fmt: skip

    database.write_now(work)


async def test_another_process_has_put_a_reminder(url: str) -> None:
    here, there = Database(url), Database(url)
    async with listening(here) as heard:
        await asyncio.to_thread(put, there, "nudge")
        await asyncio.wait_for(heard.get(), 10)
    here.close()
    there.close()


async def test_the_answer_to_an_event_is_sent_by_whoever_received_it(url: str) -> None:
    """Nobody is told of it: of the two that are put only the reminder is heard."""
    here, there = Database(url), Database(url)
    async with listening(here) as heard:
        await asyncio.to_thread(put, there, "card", "t1")
        await asyncio.to_thread(put, there, "nudge")
        await asyncio.wait_for(heard.get(), 10)
        assert heard.empty()
    here.close()
    there.close()


async def test_a_file_tells_nobody(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'test.db'}")
    await asyncio.wait_for(listen(database, lambda: pytest.fail("Nothing was put.")), 10)
    database.close()


async def test_behind_a_pooler_that_lends_for_one_transaction_nobody_can_listen() -> None:
    database = Database("postgresql://bot@nowhere.example/bot", pooled=True)
    await asyncio.wait_for(listen(database, lambda: pytest.fail("Nobody is asked.")), 10)
    database.close()
