"""Answers overtake what nobody is waiting for; nobody waits for a queue, a pause, a crash or another workspace."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.inbound.events import Conversation, Kind
from bot.messages.blocks import Message, Paragraph
from bot.platform import RateLimited, Rejected
from core.pace import PacedLine, Rate
from core.storage import pace
from core.storage.outbox import OutboxItem
from scheduler import delivery as deliveries
from scheduler.delivery import BULK_SIDE_BY_SIDE, Delivery
from tests.support.fake_platform import PAUSE_FOR_ALL, Refuses
from tests.support.passing_time import Time
from tests.support.post_office import CHANNEL, LEADER, LEASE, OTHER_LEADER, PostOffice, in_plain_words

ELSEWHERE = Conversation("fake", "another-trust", "with-leader", Kind.DIRECT)
POSTS = PacedLine("posts", Rate(burst=4, every=1.0))


@pytest.fixture
def time() -> Time:
    return Time()


def at_its_pace(office: PostOffice, time: Time) -> Delivery:
    """A process on a platform that takes four messages at once in a workspace, and then one a second."""
    office.platform.limits = [POSTS]
    platforms = {office.platform.name: office.platform}
    return Delivery(office.database, platforms, office.compose, lambda: office.now, time.seconds, time.pause)


def leader(number: int) -> Conversation:
    return replace(LEADER, id=f"leader-{number}")


async def test_an_answer_goes_before_the_invitation_that_was_held_back(office: PostOffice) -> None:
    await office.put("invitation", manner="once")
    await office.put("card", turn="t1")
    await office.process().deliver([LEADER])
    assert office.seen() == ["card", "invitation"]


async def test_invitations_leave_room_for_an_answer(office: PostOffice, time: Time) -> None:
    """Three of eighty have gone when a leader presses: the fourth place is the answer's."""
    process = at_its_pace(office, time)
    for number in range(3):
        await office.put(f"invitation {number}", manner="once", to=leader(number))
    await process.drain()
    await office.put("invitation 3", manner="once", to=leader(3))
    await office.put("card", to=OTHER_LEADER, turn="t1")

    await process.deliver([OTHER_LEADER])

    assert (office.seen(OTHER_LEADER), time.waited) == (["card"], [])


async def test_whatever_nobody_waits_for_goes_when_its_turn_comes(office: PostOffice, time: Time) -> None:
    for number in range(6):
        await office.put(f"invitation {number}", manner="once", to=leader(number))
    assert await at_its_pace(office, time).drain() == 6
    assert time.waited == [1, 1, 1]


async def test_nothing_is_claimed_while_its_turn_has_not_come(office: PostOffice, time: Time) -> None:
    """So that an answer there, or another process, need not wait for it."""
    process = at_its_pace(office, time)
    for number in range(4):
        await office.put(f"invitation {number}", manner="once", to=leader(number))
    states = []

    async def look(seconds: float) -> None:
        states.append(await office.state("invitation 3"))
        time.now += seconds

    process._pause = look
    await process.drain()
    assert states == ["waiting"]


async def test_a_turn_that_comes_much_later_is_left_to_whoever_looks_then(office: PostOffice, time: Time) -> None:
    process = at_its_pace(office, time)
    await office.database.write(
        lambda writing: pace.hold(writing, "fake", "trust", POSTS, seconds=20, now=time.seconds())
    )
    await office.put("card", turn="t1")
    await process.deliver([LEADER])
    assert (office.seen(), await office.states()) == ([], [("card", "waiting")])
    office.later(seconds=20)
    time.now += 20
    await process.drain()
    assert office.seen() == ["card"]


async def test_workspaces_do_not_wait_for_one_another(office: PostOffice, time: Time) -> None:
    """While one workspace has to be waited for, the other gets everything."""
    process = at_its_pace(office, time)
    for number in range(5):
        await office.put(f"invitation {number}", manner="once", to=leader(number))
    await office.put("invitation", manner="once", to=ELSEWHERE)
    seen_elsewhere = []

    async def look(seconds: float) -> None:
        seen_elsewhere.append(office.seen(ELSEWHERE))
        time.now += seconds

    process._pause = look
    await process.drain()
    assert seen_elsewhere[-1] == ["invitation"]


async def test_a_workspace_that_wants_a_pause_is_left_alone(office: PostOffice, time: Time) -> None:
    process = at_its_pace(office, time)
    office.platform.next_calls(PAUSE_FOR_ALL)
    for number in range(40):
        await office.put(f"invitation {number}", manner="once", to=leader(number))
    await process.drain()
    assert office.platform.asked < 6


# A process that runs


async def running(process: Delivery, until: asyncio.Event) -> None:
    run = asyncio.create_task(process.run())
    await asyncio.wait_for(until.wait(), 10)
    run.cancel()
    await asyncio.gather(run, return_exceptions=True)


async def test_what_another_process_puts_is_found_without_being_told(office: PostOffice) -> None:
    sent = asyncio.Event()

    async def compose(item: OutboxItem) -> Message | None:
        sent.set()
        return await in_plain_words(item)

    office.compose = compose
    process = office.process()
    run = asyncio.create_task(running(process, sent))
    await asyncio.sleep(0)
    await office.put("card", turn="t1")
    await run
    assert office.seen() == ["card"]


async def test_what_is_under_way_is_finished_before_a_process_stops(office: PostOffice) -> None:
    begun = asyncio.Event()

    async def compose(item: OutboxItem) -> Message | None:
        begun.set()
        for _ in range(10):
            await asyncio.sleep(0)
        return await in_plain_words(item)

    office.compose = compose
    await office.put("nudge", manner="once")
    await running(office.process(), begun)
    assert await office.states() == [("nudge", "sent")]


async def test_nothing_that_nobody_waits_for_is_begun_once_a_process_stops(office: PostOffice) -> None:
    """Forty invitations wait: those on their way are finished, and the others left to the next process."""
    begun = asyncio.Event()

    async def compose(item: OutboxItem) -> Message | None:
        begun.set()
        await asyncio.sleep(0.05)
        return await in_plain_words(item)

    office.compose = compose
    for number in range(40):
        await office.put(f"invitation {number}", manner="once", to=leader(number))
    await running(office.process(), begun)
    states = [state for _, state in await office.states()]
    assert {*states} == {"sent", "waiting"}
    assert states.count("sent") <= 2 * BULK_SIDE_BY_SIDE


async def test_a_claim_is_renewed_while_it_is_worked_on(office: PostOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    """Making this message takes longer than a lease: another process leaves it alone."""
    monkeypatch.setattr(deliveries, "LEASE", timedelta(seconds=0.04))
    others: list[int] = []

    async def compose(item: OutboxItem) -> Message | None:
        for _ in range(3):
            await asyncio.sleep(0.02)
            office.later(seconds=0.02)
        others.append(await office.process().drain())
        return await in_plain_words(item)

    office.compose = compose
    await office.put("card")
    await office.process().drain()
    assert (office.seen(), others) == (["card"], [0])


# What a platform refuses for good

TOO_LONG = Refuses(Rejected("It is too long.", plain_may_help=True))
NOT_ALLOWED = Refuses(Rejected("Nobody may post there."))


async def test_what_is_refused_for_its_form_goes_as_plain_text(office: PostOffice) -> None:
    office.platform.next_calls(TOO_LONG)
    await office.put("card", "Question 1\n\nHow do we plan?")
    await office.process().deliver([LEADER])
    (message,) = office.platform.messages(LEADER)
    assert message.blocks == (Paragraph("Question 1"), Paragraph("How do we plan?"))


@pytest.mark.parametrize("refusal", [TOO_LONG, NOT_ALLOWED])
async def test_the_second_refusal_ends_it_and_the_next_message_goes(office: PostOffice, refusal: Refuses) -> None:
    office.platform.next_calls(refusal, refusal)
    await office.put("card", "Question 1\n\nHow do we plan?")
    await office.put("next")
    await office.process().deliver([LEADER])
    assert await office.states() == [("card", "dead"), ("next", "sent")]
    assert (office.platform.asked, office.seen()) == (3, ["next"])


async def test_a_doubtful_message_blocks_nobody(office: PostOffice) -> None:
    await office.put("report", manner="once", to=CHANNEL)
    await office.claim(CHANNEL, calling=True)
    office.platform.can_look_up = False
    await office.put("answer", to=CHANNEL, turn="t1")
    office.now += LEASE
    await office.process().drain()
    assert await office.states() == [("report", "unknown"), ("answer", "sent")]


async def test_an_answer_comes_as_soon_as_a_pause_is_over(office: PostOffice) -> None:
    office.platform.next_calls(Refuses(RateLimited(timedelta(seconds=3), hold_all=True)))
    await office.put("card", turn="t1")
    await office.process().deliver([LEADER])
    office.later(seconds=3)
    await office.process().drain()
    assert office.seen() == ["card"]
