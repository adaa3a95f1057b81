"""What an event has put is claimed in its own transaction, and sent after it: one wait for the disk less."""

from __future__ import annotations

from datetime import timedelta

from bot.inbound.events import Conversation, Kind
from core.storage.outbox import Claimed
from scheduler.delivery import Delivery
from tests.support.post_office import CHANNEL, LEADER, LEASE, OTHER_LEADER, PostOffice


async def claimed(office: PostOffice, process: Delivery, *where: Conversation) -> tuple[Claimed, ...]:
    return await office.database.write(lambda connection: process.claim(connection, where))


async def test_it_is_sent_first_and_what_waits_behind_it_after_it(office: PostOffice) -> None:
    process = office.process()
    await office.put("record", to=LEADER)
    await office.put("question", to=LEADER)
    items = await claimed(office, process, LEADER)
    assert [each.item.key for each in items] == ["record"]
    assert office.platform.asked == 0

    await process.deliver([LEADER], items)

    assert office.seen() == ["record", "question"]
    assert await office.states() == [("record", "sent"), ("question", "sent")]


async def test_in_each_conversation_something_goes_first(office: PostOffice) -> None:
    process = office.process()
    await office.put("answer", to=LEADER)
    await office.put("news", to=OTHER_LEADER)
    items = await claimed(office, process, LEADER, OTHER_LEADER)

    await process.deliver([LEADER, OTHER_LEADER], items)

    assert (office.seen(LEADER), office.seen(OTHER_LEADER)) == (["answer"], ["news"])


async def test_what_another_process_is_sending_is_left_to_it(office: PostOffice) -> None:
    await office.put("card")
    await office.claim()
    assert await claimed(office, office.process(), LEADER) == ()


async def test_what_is_said_at_most_once_is_claimed_only_when_it_is_sent(office: PostOffice) -> None:
    """Claimed here and the process stopped, nobody could tell whether it was sent."""
    process = office.process()
    await office.put("report", manner="once", to=CHANNEL)
    items = await claimed(office, process, CHANNEL)
    assert (items, await office.state("report")) == ((), "waiting")

    await process.deliver([CHANNEL], items)

    assert office.seen(CHANNEL) == ["report"]


async def test_if_the_process_stops_before_it_is_sent_another_sends_it_when_the_lease_is_over(
    office: PostOffice,
) -> None:
    await office.put("card")
    await claimed(office, office.process(), LEADER)
    await office.process().drain()
    assert office.seen() == []

    office.now += LEASE + timedelta(seconds=1)
    await office.process().drain()

    assert office.seen() == ["card"]


async def test_on_a_platform_that_another_process_serves_nothing_is_claimed(office: PostOffice) -> None:
    elsewhere = Conversation("another", "trust", "with-leader", Kind.DIRECT)
    await office.put("card", to=elsewhere)
    assert await claimed(office, office.process(), elsewhere) == ()
