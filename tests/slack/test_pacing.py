"""As fast as Slack takes it, and no faster: everybody who calls a method of a workspace waits in one line."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.platform import RateLimited
from core.pace import PacedLine, Rate
from integrations.pacing import PATIENCE, LinesOfProcess, Pacer, Turns, in_time
from integrations.slack.pacing import SlackPacer
from tests.slack.conftest import Time
from tests.support.passing_time import in_passing_time


async def test_a_few_go_at_once_and_the_others_one_by_one(time: Time) -> None:
    line, pacer = PacedLine("calls", Rate(burst=3, every=1.0)), Pacer(LinesOfProcess(), time.seconds, time.pause)
    for _ in range(6):
        await pacer.turn("T1", [line])
    assert time.waited == [1.0, 1.0, 1.0]


async def test_after_a_while_a_few_can_go_at_once_again(time: Time) -> None:
    line, pacer = PacedLine("calls", Rate(burst=3, every=1.0)), Pacer(LinesOfProcess(), time.seconds, time.pause)
    for _ in range(3):
        await pacer.turn("T1", [line])
    time.now += 2
    await pacer.turn("T1", [line])
    await pacer.turn("T1", [line])
    assert time.waited == []
    await pacer.turn("T1", [line])
    assert time.waited == [1.0]


async def test_who_would_wait_too_long_is_sent_away_and_takes_no_place(time: Time) -> None:
    line, pacer = PacedLine("calls", Rate(burst=1, every=1.0)), Pacer(LinesOfProcess(), time.seconds, time.pause)
    await pacer.hold("T1", line, PATIENCE + 1)
    for _ in range(3):
        with pytest.raises(RateLimited) as sent_away:
            await pacer.turn("T1", [line])
        assert sent_away.value == RateLimited(timedelta(seconds=PATIENCE + 1), own=True)
    time.now += PATIENCE + 1
    await pacer.turn("T1", [line])
    assert time.waited == []


async def test_nobody_goes_while_slack_wants_a_pause(time: Time) -> None:
    pacer = SlackPacer(time.seconds, time.pause)
    await pacer.hold("T1", "chat.postMessage", 5)
    await pacer.turn("T1", "chat.postMessage")
    assert time.waited == [5.0]


async def test_another_method_and_another_workspace_have_lines_of_their_own(time: Time) -> None:
    pacer = SlackPacer(time.seconds, time.pause)
    await pacer.hold("T1", "chat.postMessage", 5)
    await asyncio.gather(pacer.turn("T1", "chat.update"), pacer.turn("T2", "chat.postMessage"))
    assert time.waited == []


async def test_a_channel_gets_one_message_a_second_whatever_the_method(time: Time) -> None:
    pacer = SlackPacer(time.seconds, time.pause)
    for method in ("chat.postMessage", "chat.postEphemeral", "chat.postMessage", "files.completeUploadExternal"):
        await pacer.turn("T1", method, "C1")
    await pacer.turn("T1", "chat.postMessage", "C2")
    assert time.waited == [1.0]


async def _calls_that_take(seconds: float) -> None:
    """Six calls, each five seconds after the other, and in all the platform may take six."""
    now = asyncio.get_running_loop().time
    line, pacer = PacedLine("calls", Rate(burst=1, every=5.0)), Pacer(LinesOfProcess(), now)
    async with in_time(6, Turns(60)):
        for _ in range(6):
            await pacer.turn("T1", [line])
            await asyncio.sleep(seconds)


def test_waiting_for_a_turn_is_not_the_platforms_time() -> None:
    in_passing_time(_calls_that_take(0.5))


def test_the_platforms_time_is_counted_between_turns() -> None:
    with pytest.raises(TimeoutError):
        in_passing_time(_calls_that_take(1.5))


async def test_leave_to_wait_ends_with_the_seconds_that_were_given(time: Time) -> None:
    line, pacer = PacedLine("calls", Rate(burst=1, every=1.0)), Pacer(LinesOfProcess(), time.seconds, time.pause)
    await pacer.hold("T1", line, 12)
    turns = Turns(20)
    async with in_time(5, turns):
        await pacer.turn("T1", [line])
        assert (sum(time.waited), turns.left) == (12, 8)
        await pacer.hold("T1", line, 10)
        with pytest.raises(RateLimited):
            await pacer.turn("T1", [line])
