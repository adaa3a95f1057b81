"""The clock ticks from the start, goes on whatever happens, and lets what is under way finish."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from functools import partial

import pytest

from bot.messages.blocks import Message
from bot.messages.references import Invitation
from core.services.cycles import due_to_close
from core.storage import signs_of_life
from core.storage.database import Database
from core.storage.outbox import OutboxItem
from scheduler.clock import forget, plan, ticking
from tests.support.by_the_clock import River, to_all
from tests.support.days import CLOSES, london
from tests.support.log import written_log
from tests.support.post_office import PostOffice, in_plain_words


async def test_what_waits_is_sent_as_soon_as_the_application_starts(office: PostOffice) -> None:
    begun, go_on = held_up(office)
    await office.put("card")
    async with ticking(office.database, office.process(), lambda: office.now):
        await asyncio.wait_for(begun.wait(), timeout=10)
        go_on.set()
    assert office.seen() == ["card"]


async def test_a_plan_that_fails_does_not_keep_messages_back(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def fails(*_: object) -> None:
        raise ValueError("what Ann wrote")

    monkeypatch.setattr("scheduler.planner.plan_due", fails)
    begun, go_on = held_up(office)
    await office.put("card")
    with caplog.at_level(logging.DEBUG):
        async with ticking(office.database, office.process(), lambda: office.now):
            await asyncio.wait_for(begun.wait(), timeout=10)
            go_on.set()
    assert office.seen() == ["card"]
    assert "ValueError at tests.scheduler.test_clock:" in caplog.text
    assert "what Ann wrote" not in caplog.text


# What a tick leaves behind


async def test_each_minute_that_was_planned_is_a_sign_of_life(database: Database) -> None:
    River(database)
    await plan(database, CLOSES, lambda: None)
    assert await database.read(partial(signs_of_life.last, kind="minute")) == CLOSES


async def test_a_plan_that_fails_is_no_sign_of_life(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fails(*_: object) -> None:
        raise ValueError

    monkeypatch.setattr("scheduler.planner.plan_due", fails)
    await plan(database, CLOSES, lambda: None)
    assert await database.read(partial(signs_of_life.last, kind="minute")) is None


async def test_a_tick_that_did_something_leaves_one_line(database: Database) -> None:
    partnership, now = River(database), london("2027-06-07 15:45")
    with written_log() as log:
        for _ in range(2):
            await plan(database, now, lambda: None)
    (tick,) = log.of("tick")
    invited = len(to_all(Invitation(partnership.cycle)))
    assert {key: tick[key] for key in ("level", "every", "closed", "messages")} == {
        "level": "info", "every": "minute", "closed": 0, "messages": invited,
    }  # fmt: skip


async def test_a_cycle_that_the_clock_closes_is_counted(database: Database) -> None:
    River(database)
    with written_log() as log:
        await plan(database, CLOSES, lambda: None)
    assert [(each["closed"], each["messages"]) for each in log.of("tick")] == [(1, 1)]


async def test_each_day_one_line_tells_how_much_was_forgotten(office: PostOffice) -> None:
    await office.put("reply:1")
    await office.process().drain()
    with written_log() as log:
        for days in (89, 91, 91):
            await forget(office.database, office.now + timedelta(days=days))
    assert [(each["every"], each["forgotten"]) for each in log.of("tick")] == [("day", 1)]


def held_up(office: PostOffice) -> tuple[asyncio.Event, asyncio.Event]:
    """An event that tells when the first message is being made, and one that lets it go on."""
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def compose(item: OutboxItem) -> Message | None:
        begun.set()
        await go_on.wait()
        for _ in range(10):  # The event loop goes round a few times more before the message is made.
            await asyncio.sleep(0)
        return await in_plain_words(item)

    office.compose = compose
    return begun, go_on


# Planning and sending


async def test_planning_does_not_wait_for_a_platform(database: Database) -> None:
    """A message is on its way for ever; a cycle is closed all the same, and its lead's message put beside it."""
    River(database)
    office = PostOffice(database)
    begun, go_on = held_up(office)
    await office.put("card", turn="t1")
    process = office.process()
    sending = asyncio.create_task(process.run())
    await asyncio.wait_for(begun.wait(), timeout=10)

    await asyncio.wait_for(plan(database, CLOSES, process.wake), timeout=10)

    assert not sending.done()
    assert database.read_now(lambda reading: due_to_close(reading, CLOSES)) == ()
    go_on.set()
    sending.cancel()
    await asyncio.gather(sending, return_exceptions=True)
