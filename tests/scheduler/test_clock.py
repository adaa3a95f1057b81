"""The clock ticks from the start, goes on whatever happens, and lets what is under way finish."""

from __future__ import annotations

import asyncio
import logging

import pytest

from bot.messages.blocks import Message
from core.storage.outbox import OutboxItem
from scheduler.clock import ticking
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
