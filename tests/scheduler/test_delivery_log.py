"""What becomes of each message leaves one line, under the turn of the event that caused it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from bot.messages import references
from bot.messages.blocks import Message
from core.storage.outbox import OutboxItem
from tests.support.fake_platform import (
    CONVERSATION_GONE,
    DROPPED,
    PAUSE,
    REFUSED,
    Fault,
)
from tests.support.log import Entry, Written, written_log
from tests.support.post_office import CHANNEL, LEADER, PostOffice

TURN = "0123456789"
CARD = references.to_json(references.Card(response=7, subtheme="2.1"))


@pytest.fixture
def log() -> Iterator[Written]:
    with written_log() as written:
        yield written


def messages(log: Written) -> list[Entry]:
    return [each for each in log.entries if each["event"].startswith("message ")]


def told(log: Written) -> list[tuple[str, str, str | None]]:
    return [(each["event"], each["level"], each.get("reason")) for each in messages(log)]


async def test_a_message_is_sent_and_later_edited(office: PostOffice, log: Written) -> None:
    await office.put("card:7:2.1", CARD, turn=TURN)
    await office.process().deliver([LEADER])
    await office.put("card:7:2.1", CARD, turn="9876543210")
    await office.process().deliver([LEADER])

    sent, edited = messages(log)
    assert {key: sent[key] for key in ("level", "event", "turn", "platform", "row", "what")} == {
        "level": "info", "event": "message sent", "turn": TURN, "platform": "fake", "row": 1, "what": "card",
    }  # fmt: skip
    assert (edited["event"], edited["turn"], edited["row"]) == ("message edited", "9876543210", 2)


async def test_a_message_that_the_clock_caused_belongs_to_no_turn(office: PostOffice, log: Written) -> None:
    await office.put("card")
    await office.process().drain()
    assert ["turn" in each for each in messages(log)] == [False]


async def test_the_turn_goes_with_a_message_to_another_process(office: PostOffice, log: Written) -> None:
    await office.put("card", turn=TURN)
    await office.claim()  # by a process that stops
    office.later(minutes=3)
    await office.process().drain()
    assert [(each["event"], each["turn"], each["attempt"]) for each in messages(log)] == [("message sent", TURN, 2)]


async def test_a_message_that_is_cut_off_is_left_for_later(office: PostOffice, log: Written) -> None:
    begun = asyncio.Event()

    async def never(_: OutboxItem) -> Message | None:
        begun.set()
        return await asyncio.Future()

    office.compose = never
    await office.put("nudge", manner="once", turn=TURN)
    sending = asyncio.create_task(office.process().deliver([LEADER]))
    await begun.wait()
    sending.cancel()
    await asyncio.wait([sending])

    assert [(each["event"], each["turn"], each["row"]) for each in messages(log)] == [
        ("message left for later", TURN, 1)
    ]
    assert await office.states() == [("nudge", "claimed")]


@pytest.mark.parametrize(
    ("fault", "line", "reason"),
    [
        pytest.param(PAUSE, ("message paused", "info"), "The platform asks for a pause of 30 s.", id="pause"),
        pytest.param(
            CONVERSATION_GONE,
            ("message given up", "warning"),
            "The bot was removed from this conversation.",
            id="conversation gone",
        ),
        pytest.param(DROPPED, ("message in doubt", "warning"), "The connection was lost.", id="answer lost"),
    ],
)
async def test_a_message_that_is_not_sent_says_why(
    office: PostOffice, log: Written, fault: Fault, line: tuple[str, str], reason: str
) -> None:
    office.platform.next_calls(fault)
    await office.put("report:1:", manner="once", to=CHANNEL)
    await office.process().deliver([CHANNEL])
    assert told(log) == [(*line, reason)]


async def test_a_message_is_tried_again_until_it_is_given_up(office: PostOffice, log: Written) -> None:
    office.platform.next_calls(*[REFUSED] * 12)
    await office.put("card")
    for _ in range(12):
        await office.process().drain()
        office.later(hours=1)

    why = "The platform is not well."
    given_up = ("message given up", "warning", f"Given up after 12 attempts. {why}")
    assert told(log) == [("message retried", "warning", why)] * 11 + [given_up]
    assert await office.state("card") == "dead"
