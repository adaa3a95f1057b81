"""What is sent, in which order, how often, and what becomes of it when the platform is unwell."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import insert

from bot.inbound.events import Conversation, Kind
from bot.messages.blocks import Message
from bot.platform import RateLimited, Unreachable
from core.storage.database import Database
from core.storage.outbox import OutboxItem
from core.storage.tables import Account, Person
from scheduler.delivery import Delivery
from tests.support.fake_platform import (
    ACCEPTED_THEN_DROPPED,
    CONVERSATION_GONE,
    DROPPED,
    PAUSE,
    PAUSE_FOR_ALL,
    REFUSED,
    Fault,
    ProcessStops,
    Refuses,
    TakesThen,
)
from tests.support.post_office import CHANNEL, LEADER, LEASE, OTHER_LEADER, PostOffice, in_plain_words

# Three manners of saying something


async def test_messages_arrive_in_the_order_they_were_put(office: PostOffice) -> None:
    for key in ("one", "two", "three"):
        await office.put(key)
    await office.process().deliver([LEADER])
    assert office.seen() == ["one", "two", "three"]


async def test_a_refresh_edits_the_message_that_stands_there(office: PostOffice) -> None:
    await office.put("card", "first question")
    await office.process().deliver([LEADER])
    await office.put("card", "second question")
    await office.process().deliver([LEADER])
    assert office.done() == [("post", "first question"), ("edit", "second question")]
    assert office.seen() == ["second question"]


async def test_a_refresh_of_a_message_somebody_deleted_is_posted_anew(office: PostOffice) -> None:
    await office.put("card", "first question")
    await office.process().deliver([LEADER])
    office.platform.forgets(LEADER, "message-1")
    await office.put("card", "second question")
    await office.process().deliver([LEADER])
    await office.put("card", "third question")
    await office.process().deliver([LEADER])
    assert office.done()[1:] == [("post", "second question"), ("edit", "third question")]


async def test_below_posts_anew_and_the_new_message_is_edited_from_then_on(office: PostOffice) -> None:
    for text, manner in (("question", "refresh"), ("question again", "below"), ("next question", "refresh")):
        await office.put("card", text, manner=manner)  # type: ignore[arg-type]
        await office.process().deliver([LEADER])
    assert office.seen() == ["question", "next question"]


async def test_the_same_key_in_two_conversations_is_two_messages(office: PostOffice) -> None:
    await office.put("report", to=LEADER)
    await office.put("report", to=OTHER_LEADER)
    await office.process().drain()
    assert (office.seen(LEADER), office.seen(OTHER_LEADER)) == (["report"], ["report"])


async def test_several_taps_while_nothing_could_be_sent_are_one_edit(office: PostOffice) -> None:
    for text in ("first tap", "second tap", "third tap"):
        await office.put("card", text)
    await office.process().deliver([LEADER])
    assert office.done() == [("post", "third tap")]


async def test_when_there_is_nothing_left_to_say_nothing_is_said(office: PostOffice) -> None:
    async def nothing(_: OutboxItem) -> Message | None:
        return None

    await office.put("nudge", manner="once")
    await replace(office, compose=nothing).process().deliver([LEADER])
    assert office.platform.asked == 0
    assert await office.states() == [("nudge", "superseded")]


async def test_deliver_sends_in_the_named_conversations_and_drain_everywhere(office: PostOffice) -> None:
    await office.put("card", to=LEADER)
    await office.put("card", to=OTHER_LEADER)
    await office.process().deliver([LEADER])
    assert (office.seen(LEADER), office.seen(OTHER_LEADER)) == (["card"], [])
    await office.process().drain()
    assert office.seen(OTHER_LEADER) == ["card"]


async def test_a_platform_that_another_process_serves_is_left_to_it(office: PostOffice) -> None:
    elsewhere = Conversation("another", "trust", "with-leader", Kind.DIRECT)
    await office.put("card", to=elsewhere)
    await office.process().drain()
    await office.process().deliver([elsewhere])
    assert (await office.states(), await office.trouble("card")) == ([("card", "waiting")], None)


# A platform that asks for a pause


async def test_a_pause_is_obeyed_by_every_process_until_it_is_over(office: PostOffice) -> None:
    office.platform.next_calls(PAUSE)
    await office.put("card")
    await office.process().deliver([LEADER])
    office.later(seconds=29)
    await office.process().drain()
    assert office.platform.asked == 1
    office.later(seconds=1)
    await office.process().drain()
    assert office.seen() == ["card"]


async def test_a_pause_in_one_conversation_leaves_the_others_alone(office: PostOffice) -> None:
    office.platform.next_calls(PAUSE)
    await office.put("card", to=LEADER)
    await office.process().deliver([LEADER])
    await office.put("card", to=OTHER_LEADER)
    await office.process().drain()
    assert (office.seen(LEADER), office.seen(OTHER_LEADER)) == ([], ["card"])


async def test_a_pause_for_the_workspace_holds_all_of_it(office: PostOffice) -> None:
    office.platform.next_calls(PAUSE_FOR_ALL)
    await office.put("card", to=LEADER)
    await office.process().deliver([LEADER])
    await office.put("card", to=OTHER_LEADER)
    await office.process().drain()
    assert office.platform.asked == 1
    office.later(seconds=30)
    await office.process().drain()
    assert (office.seen(LEADER), office.seen(OTHER_LEADER)) == (["card"], ["card"])


async def test_a_pause_of_no_length_is_still_a_pause(office: PostOffice) -> None:
    office.platform.next_calls(*[Refuses(RateLimited(timedelta(0)))] * 50)
    await office.put("card")
    await office.process().deliver([LEADER])
    assert office.platform.asked == 1


async def test_any_number_of_pauses_is_no_reason_to_give_up(office: PostOffice) -> None:
    office.platform.next_calls(*[PAUSE] * 40)
    await office.put("nudge", manner="once")
    for _ in range(41):
        await office.process().drain()
        office.later(seconds=30)
    assert office.seen() == ["nudge"]


# A platform that refuses


async def test_what_was_refused_is_tried_again_at_once_and_then_later(office: PostOffice) -> None:
    office.platform.next_calls(REFUSED, REFUSED)
    await office.put("card")
    await office.put("next")
    await office.process().deliver([LEADER])
    assert (office.platform.asked, office.seen()) == (3, ["next"])
    office.later(seconds=5)
    await office.process().drain()
    assert office.seen() == ["next", "card"]


async def test_what_is_refused_time_and_again_is_given_up_and_blocks_nothing(office: PostOffice) -> None:
    office.platform.next_calls(REFUSED, REFUSED, None, *[REFUSED] * 10)
    await office.put("card")
    await office.put("next")
    await office.process().drain()
    assert office.seen() == ["next"]
    for _ in range(10):
        office.later(hours=1)
        await office.process().drain()
    assert await office.states() == [("card", "dead"), ("next", "sent")]
    assert await office.trouble("card") == "Given up after 12 attempts. The platform is not well."


async def test_where_nothing_can_be_sent_any_more_the_row_is_dead_and_the_next_is_tried(office: PostOffice) -> None:
    office.platform.next_calls(CONVERSATION_GONE)
    await office.put("card")
    await office.put("next")
    await office.process().deliver([LEADER])
    assert await office.states() == [("card", "dead"), ("next", "sent")]
    assert await office.trouble("card") == "The bot was removed from this conversation."


# A platform that may have taken it


@pytest.mark.parametrize("can_look_up", [True, False])
async def test_a_doubtful_prompt_that_did_not_arrive_is_sent_again(office: PostOffice, can_look_up: bool) -> None:
    office.platform.can_look_up = can_look_up
    office.platform.next_calls(DROPPED)
    await office.put("card")
    await office.process().deliver([LEADER])
    assert office.seen() == ["card"]


async def test_a_doubtful_prompt_that_is_found_is_not_sent_again(office: PostOffice) -> None:
    office.platform.next_calls(ACCEPTED_THEN_DROPPED)
    await office.put("card", "question")
    await office.process().deliver([LEADER])
    assert office.done() == [("post", "question"), ("edit", "question")]
    assert await office.states() == [("card", "sent")]


async def test_a_prompt_found_after_a_doubt_says_what_is_true_now(office: PostOffice) -> None:
    """An earlier version had arrived without the bot's knowing, and the later one did not."""
    await office.put("card", "question")
    office.platform.next_calls(TakesThen(ProcessStops()), DROPPED)
    with pytest.raises(BaseExceptionGroup):
        await office.process().deliver([LEADER])
    await office.put("card", "next question")
    office.now += LEASE
    await office.process().deliver([LEADER])
    assert office.seen() == ["next question"]


async def test_the_message_that_stood_there_before_is_not_taken_for_the_new_one(office: PostOffice) -> None:
    await office.put("card", "question")
    await office.process().deliver([LEADER])
    office.platform.next_calls(DROPPED)
    await office.put("card", "question again", manner="below")
    await office.process().deliver([LEADER])
    assert office.seen() == ["question", "question again"]


async def test_a_doubtful_edit_is_made_again(office: PostOffice) -> None:
    await office.put("card", "question")
    await office.process().deliver([LEADER])
    office.platform.next_calls(DROPPED)
    await office.put("card", "next question")
    await office.process().deliver([LEADER])
    assert office.seen() == ["next question"]


async def test_a_doubtful_nudge_that_is_found_counts_as_sent(office: PostOffice) -> None:
    office.platform.next_calls(ACCEPTED_THEN_DROPPED)
    await office.put("nudge", manner="once")
    await office.process().deliver([LEADER])
    assert await office.states() == [("nudge", "sent")]


@pytest.mark.parametrize("fault", [ACCEPTED_THEN_DROPPED, DROPPED, TakesThen(KeyError("ok")), Refuses(KeyError("ok"))])
async def test_a_doubtful_nudge_that_cannot_be_looked_up_is_never_sent_again(office: PostOffice, fault: Fault) -> None:
    office.platform.can_look_up = False
    office.platform.next_calls(fault)
    await office.put("nudge", manner="once")
    await office.put("card")
    await office.process().deliver([LEADER])
    office.later(days=7)
    await office.process().drain()
    assert await office.states() == [("nudge", "unknown"), ("card", "sent")]
    assert office.platform.asked == 2


async def test_a_nudge_that_was_refused_is_tried_again(office: PostOffice) -> None:
    office.platform.next_calls(REFUSED, PAUSE)
    await office.put("nudge", manner="once")
    await office.process().deliver([LEADER])
    office.later(seconds=30)
    await office.process().drain()
    assert office.done() == [("post", "nudge")]


# In the thread of another message


async def test_pictures_go_into_the_thread_of_their_report_in_order(office: PostOffice) -> None:
    await office.put("report", manner="once", to=CHANNEL)
    for key in ("first picture", "second picture"):
        await office.put(key, manner="once", to=CHANNEL, thread="report")
    await office.process().deliver([CHANNEL])
    assert office.seen(CHANNEL) == ["report"]
    assert office.seen_in_thread("message-1") == ["first picture", "second picture"]


async def test_a_picture_waits_for_the_report_in_whose_thread_it_goes(office: PostOffice) -> None:
    office.platform.next_calls(PAUSE)
    await office.put("report", manner="once", to=CHANNEL)
    await office.put("picture", manner="once", to=CHANNEL, thread="report")
    await office.process().deliver([CHANNEL])
    assert office.platform.asked == 1
    office.later(seconds=30)
    await office.process().drain()
    assert office.seen_in_thread("message-2") == ["picture"]


@pytest.mark.parametrize("fault", [DROPPED, CONVERSATION_GONE], ids=["doubtful", "refused"])
async def test_without_its_report_a_picture_is_not_sent_and_holds_nothing_up(office: PostOffice, fault: Fault) -> None:
    office.platform.can_look_up = False
    office.platform.next_calls(fault)
    await office.put("report", manner="once", to=CHANNEL)
    await office.put("picture", manner="once", to=CHANNEL, thread="report")
    await office.put("next", to=CHANNEL)
    await office.process().deliver([CHANNEL])
    assert office.seen(CHANNEL) == ["next"]
    assert await office.trouble("picture") == "The message in whose thread it goes was not sent, or may not have been."


async def test_a_report_found_after_a_doubt_gets_its_pictures(office: PostOffice) -> None:
    office.platform.next_calls(ACCEPTED_THEN_DROPPED)
    await office.put("report", manner="once", to=CHANNEL)
    await office.put("picture", manner="once", to=CHANNEL, thread="report")
    await office.process().deliver([CHANNEL])
    assert office.seen_in_thread("message-1") == ["picture"]


async def test_a_doubtful_picture_is_looked_for_in_its_thread_and_not_sent_again(office: PostOffice) -> None:
    office.platform.next_calls(None, ACCEPTED_THEN_DROPPED)
    await office.put("report", manner="once", to=CHANNEL)
    await office.put("picture", manner="once", to=CHANNEL, thread="report")
    await office.process().deliver([CHANNEL])
    assert office.seen_in_thread("message-1") == ["picture"]
    assert await office.states() == [("report", "sent"), ("picture", "sent")]


@pytest.mark.parametrize("fault", [ACCEPTED_THEN_DROPPED, DROPPED])
async def test_a_doubtful_picture_that_cannot_be_looked_up_is_never_sent_again(
    office: PostOffice, fault: Fault
) -> None:
    office.platform.can_look_up = False
    office.platform.next_calls(None, fault)
    await office.put("report", manner="once", to=CHANNEL)
    for key in ("first picture", "second picture"):
        await office.put(key, manner="once", to=CHANNEL, thread="report")
    await office.process().deliver([CHANNEL])
    office.later(days=7)
    await office.process().drain()
    assert await office.states() == [("report", "sent"), ("first picture", "unknown"), ("second picture", "sent")]
    assert office.platform.asked == 3


async def test_a_picture_whose_process_stopped_is_not_sent_by_another(office: PostOffice) -> None:
    await office.put("report", manner="once", to=CHANNEL)
    await office.process().deliver([CHANNEL])
    await office.put("picture", manner="once", to=CHANNEL, thread="report")
    await office.claim(CHANNEL, calling=True)
    office.now += LEASE
    await office.process().drain()
    assert await office.states() == [("report", "sent"), ("picture", "unknown")]


async def test_the_pictures_of_a_report_that_somebody_deleted_are_not_sent(office: PostOffice) -> None:
    await office.put("report", manner="once", to=CHANNEL)
    await office.process().deliver([CHANNEL])
    office.platform.forgets(CHANNEL, "message-1")
    await office.put("picture", manner="once", to=CHANNEL, thread="report")
    await office.process().deliver([CHANNEL])
    assert (office.platform.asked, await office.state("picture")) == (1, "dead")


async def test_a_message_deleted_in_a_persons_conversation_does_not_make_it_forgotten(office: PostOffice) -> None:
    await a_leader_with_a_conversation(office.database)
    await office.put("report", manner="once")
    await office.process().deliver([LEADER])
    office.platform.forgets(LEADER, "message-1")
    await office.put("picture", manner="once", thread="report")
    await office.process().deliver([LEADER])
    office.platform.has_private_messages = False
    await office.put("answer", to=CHANNEL, private_to="u1")
    await office.process().deliver([CHANNEL])
    assert office.seen(LEADER) == ["answer"]


# A process that stops between claiming and sending


async def test_a_prompt_whose_process_stopped_is_sent_by_another(office: PostOffice) -> None:
    await office.put("card")
    await office.claim()
    await office.process().drain()
    assert office.seen() == []
    office.now += LEASE
    await office.process().drain()
    assert office.seen() == ["card"]


async def test_a_nudge_whose_process_stopped_is_not_sent_by_another(office: PostOffice) -> None:
    await office.put("nudge", manner="once")
    await office.put("card")
    await office.claim(calling=True)
    office.now += LEASE
    await office.process().drain()
    assert await office.states() == [("nudge", "unknown"), ("card", "sent")]
    assert office.seen() == ["card"]
    assert await office.trouble("nudge") == (
        "It may or may not have been sent, and won't be sent again. The bot stopped while it was sending this."
    )


async def test_a_nudge_that_only_waited_for_its_turn_when_the_process_stopped_is_sent(office: PostOffice) -> None:
    await office.put("nudge", manner="once")
    await office.claim()
    office.now += LEASE
    await office.process().drain()
    assert await office.states() == [("nudge", "sent")]


async def test_a_nudge_whose_process_stopped_after_sending_is_found(office: PostOffice) -> None:
    await office.put("nudge", manner="once")
    item = await office.claim(calling=True)
    assert item is not None
    message = await in_plain_words(item)
    assert message is not None
    await office.platform.post(LEADER, message)
    office.now += LEASE
    await office.process().drain()
    assert await office.states() == [("nudge", "sent")]


async def test_a_row_that_stops_the_process_each_time_is_given_up(office: PostOffice) -> None:
    await office.put("card")
    for _ in range(12):
        assert await office.claim()
        office.now += LEASE
    await office.process().drain()
    assert await office.states() == [("card", "dead")]


# What only one person may see


async def test_a_private_answer_is_shown_in_the_channel_to_one_person(office: PostOffice) -> None:
    await office.put("refusal", to=CHANNEL, private_to="u1")
    await office.process().deliver([CHANNEL])
    (shown,) = office.platform.log
    assert (shown.how, shown.only_to, shown.conversation) == ("private", "u1", CHANNEL)
    assert office.seen(CHANNEL) == []


async def test_where_a_channel_has_no_private_answers_it_goes_to_the_person_at_once(office: PostOffice) -> None:
    office.platform.has_private_messages = False
    await a_leader_with_a_conversation(office.database)
    await office.put("refusal", to=CHANNEL, private_to="u1")
    await office.process().deliver([CHANNEL])
    assert (office.seen(CHANNEL), office.seen(LEADER)) == ([], ["refusal"])


async def test_where_the_person_has_no_conversation_either_nobody_sees_it(office: PostOffice) -> None:
    office.platform.has_private_messages = False
    await office.put("refusal", to=CHANNEL, private_to="u1")
    await office.put("report", to=CHANNEL, manner="once")
    await office.process().deliver([CHANNEL])
    assert office.seen(CHANNEL) == ["report"]
    assert await office.state("refusal") == "dead"


async def test_when_a_person_removed_the_bot_their_conversation_is_forgotten(office: PostOffice) -> None:
    await a_leader_with_a_conversation(office.database)
    office.platform.has_private_messages = False
    office.platform.next_calls(Refuses(Unreachable("The bot was removed.")))
    await office.put("card")
    await office.process().deliver([LEADER])
    await office.put("refusal", to=CHANNEL, private_to="u1")
    await office.process().deliver([CHANNEL])
    assert office.seen(LEADER) == []


async def a_leader_with_a_conversation(database: Database) -> None:
    alys = {"id": "alys", "name": "Alys", "email": None, "language": "en", "reminder_time": "lunch"}
    account = {"platform": "fake", "tenant": "trust", "user": "u1", "person_id": "alys", "conversation": LEADER.id}
    await database.write(lambda connection: connection.execute(insert(Person).values(**alys)))
    await database.write(lambda connection: connection.execute(insert(Account).values(**account)))


# The bot's own mistakes


async def test_a_message_that_cannot_be_made_harms_no_other_and_is_given_up(
    office: PostOffice, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(item: OutboxItem) -> Message | None:
        if item.key == "broken":
            raise ValueError("Our staff do not trust the trust")
        return await in_plain_words(item)

    office.compose = broken
    await office.put("broken", to=LEADER)
    await office.put("card", to=LEADER)
    await office.put("card", to=OTHER_LEADER)
    with caplog.at_level(logging.DEBUG):
        for _ in range(12):
            await office.process().drain()
            office.later(hours=1)
    assert (office.seen(LEADER), office.seen(OTHER_LEADER)) == (["card"], ["card"])
    trouble = await office.trouble("broken")
    assert trouble is not None
    wrong = "Something unexpected went wrong in the bot: ValueError at tests.scheduler.test_delivery:"
    assert trouble.startswith(f"Given up after 12 attempts. {wrong}")
    assert "trust the trust" not in caplog.text + trouble


async def test_a_message_that_takes_for_ever_to_make_is_given_up(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(item: OutboxItem) -> Message | None:
        if item.key == "chart":
            await asyncio.Event().wait()
        return await in_plain_words(item)

    monkeypatch.setattr("scheduler.sending.PATIENCE", 0.01)
    office.compose = never
    await office.put("chart")
    for _ in range(12):
        await office.process().drain()
        office.later(hours=1)
    assert await office.states() == [("chart", "dead")]


# Several at once


async def test_conversations_do_not_wait_for_one_another(office: PostOffice) -> None:
    released = asyncio.Event()

    async def slow_for_one(item: OutboxItem) -> Message | None:
        if item.conversation == LEADER.id:
            await released.wait()
        else:
            released.set()
        return await in_plain_words(item)

    office.compose = slow_for_one
    await office.put("chart", to=LEADER)
    await office.put("card", to=OTHER_LEADER)
    await asyncio.wait_for(office.process().drain(), timeout=10)
    assert office.seen(LEADER) == ["chart"]


async def test_who_comes_second_in_a_process_waits_until_its_rows_have_gone(office: PostOffice) -> None:
    process, entered, released = slow(office)
    await office.put("first")
    one = asyncio.create_task(process.deliver([LEADER]))
    await entered.wait()
    await office.put("second")
    two = asyncio.create_task(process.deliver([LEADER]))
    await process.deliver([OTHER_LEADER])
    assert not two.done()
    released.set()
    await two
    assert office.seen() == ["first", "second"]
    await one


async def test_two_processes_send_each_row_once(office: PostOffice) -> None:
    for number in range(5):
        await office.put(f"nudge {number}", manner="once", to=LEADER)
        await office.put(f"reminder {number}", manner="once", to=OTHER_LEADER)
    one, two = office.process(), office.process()
    await asyncio.gather(one.drain(), two.drain(), one.deliver([LEADER]), two.deliver([OTHER_LEADER]))
    await office.process().drain()
    assert office.seen(LEADER) == [f"nudge {number}" for number in range(5)]
    assert office.seen(OTHER_LEADER) == [f"reminder {number}" for number in range(5)]


def slow(office: PostOffice) -> tuple[Delivery, asyncio.Event, asyncio.Event]:
    """A process that stands still while it makes a message, until it is released."""
    entered, released = asyncio.Event(), asyncio.Event()

    async def compose(item: OutboxItem) -> Message | None:
        entered.set()
        await released.wait()
        return await in_plain_words(item)

    office.compose = compose
    return office.process(), entered, released
