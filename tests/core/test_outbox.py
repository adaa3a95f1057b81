"""What waits to be said: in which order it may be taken, by whom, and how often it is tried."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import pytest
from sqlalchemy import Connection, delete, func, insert, select, text, update

from core.storage import outbox, outbox_record
from core.storage.database import Database
from core.storage.outbox import Manner, OutboxItem, Place
from core.storage.tables import Account, Hold, Outbox, Person, Posted
from tests.support.post_office import SOMEBODY, acquaint

T = TypeVar("T")
NINE = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LEASE = timedelta(minutes=2)
MOMENT = timedelta(seconds=2)
ALYS = Place("fake", "trust", "alys")
BRYN = Place("fake", "trust", "bryn")


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url)
    opened.upgrade()
    opened.write_now(acquaint)
    yield opened
    opened.close()


def put(database: Database, key: str, manner: Manner = "refresh", place: Place = ALYS, **more: Any) -> int | None:
    """The id of its row."""

    def work(connection: Connection) -> int | None:
        row = {"kind": "direct", "key": key, "prompt": "{}", "manner": manner, "now": NINE, "person": SOMEBODY, **more}
        kept = outbox.put(connection, **place._asdict(), **row)
        return connection.scalar(select(func.max(Outbox.id))) if kept else None

    return database.write_now(work)


def claim(database: Database, place: Place = ALYS, now: datetime = NINE) -> OutboxItem | None:
    return database.write_now(lambda connection: outbox.claim(connection, place, now=now, lease=LEASE))


def claimed(database: Database, place: Place = ALYS, now: datetime = NINE) -> OutboxItem:
    item = claim(database, place, now)
    assert item is not None
    return item


def settle(database: Database, what: Callable[..., object], *of: Any, **more: Any) -> None:
    database.write_now(lambda connection: what(connection, *of, **more))


def states(database: Database) -> dict[str, str]:
    query = select(Outbox.key, Outbox.state).order_by(Outbox.id)
    return database.read_now(lambda connection: {row.key: row.state for row in connection.execute(query)})


def test_a_row_carries_what_is_needed_to_say_it(database: Database) -> None:
    number = put(database, "card:1", private_to="u7")
    item = claimed(database)
    assert (item.id, item.place, item.key, item.prompt, item.manner) == (number, ALYS, "card:1", "{}", "refresh")
    assert (item.private_to, item.attempts, item.posted, item.interrupted) == ("u7", 1, None, False)


def test_a_row_in_a_thread_knows_the_message_that_was_sent_under_its_key(database: Database) -> None:
    put(database, "report")
    settle(database, outbox.sent, claimed(database), "m1", NINE)
    for key, thread in (("picture", "report"), ("stray", "no such report"), ("next", None)):
        put(database, key, thread=thread)
    told = []
    for _ in range(3):
        item = claimed(database)
        settle(database, outbox.sent, item, "m2", NINE)
        told.append((item.thread_key, item.thread))
    assert told == [("report", "m1"), ("no such report", None), (None, None)]


def test_a_thread_is_one_of_its_own_conversation(database: Database) -> None:
    put(database, "report", place=BRYN)
    settle(database, outbox.sent, claimed(database, BRYN), "m1", NINE)
    put(database, "picture", thread="report")
    assert claimed(database).thread is None


def test_a_once_is_put_once_wherever_it_would_be_said(database: Database) -> None:
    assert put(database, "report:4", "once") is not None
    assert put(database, "report:4", "once") is None
    assert put(database, "report:4", "once", BRYN) is None
    assert put(database, "report:5", "once") is not None


def test_a_prompt_may_be_put_again(database: Database) -> None:
    assert put(database, "card:1") != put(database, "card:1")


def test_rows_of_a_conversation_go_in_order_and_one_at_a_time(database: Database) -> None:
    put(database, "first", "below")
    put(database, "second", "below")
    first = claimed(database)
    assert first.key == "first"
    assert claim(database) is None
    settle(database, outbox.sent, first, "m1", NINE)
    assert claimed(database).key == "second"


def test_another_conversation_does_not_wait(database: Database) -> None:
    put(database, "for alys")
    put(database, "for bryn", place=BRYN)
    claimed(database, ALYS)
    assert claimed(database, BRYN).key == "for bryn"


@pytest.mark.parametrize("end", [outbox.dead, outbox.unknown])
def test_a_row_that_will_not_be_sent_lets_the_next_one_through(database: Database, end: Callable[..., object]) -> None:
    put(database, "first", "once")
    put(database, "second")
    settle(database, end, claimed(database), "The channel was deleted.")
    assert claimed(database).key == "second"


def test_edits_of_one_message_that_follow_one_another_are_sent_as_the_last_of_them(database: Database) -> None:
    put(database, "card:1")
    put(database, "card:1")
    last = put(database, "card:1")
    put(database, "card:2")
    assert claimed(database).id == last
    query = select(Outbox.state).order_by(Outbox.id)
    found = database.read_now(lambda connection: connection.execute(query).scalars().all())
    assert found == ["superseded", "superseded", "claimed", "waiting"]


def test_an_edit_does_not_overtake_another_message(database: Database) -> None:
    first = put(database, "card:1")
    put(database, "card:2")
    put(database, "card:1")
    assert claimed(database).id == first


def test_a_message_to_stand_below_is_not_left_out(database: Database) -> None:
    first = put(database, "status", "below")
    put(database, "status", "below")
    assert claimed(database).id == first


def test_what_one_person_may_see_does_not_replace_what_another_may(database: Database) -> None:
    first = put(database, "refusal", private_to="u1")
    put(database, "refusal", private_to="u2")
    assert claimed(database).id == first


def test_the_message_that_stands_there_is_known(database: Database) -> None:
    put(database, "card:1")
    settle(database, outbox.sent, claimed(database), "m1", NINE)
    put(database, "card:1")
    assert claimed(database).posted == "m1"
    put(database, "card:1", place=BRYN)
    assert claimed(database, BRYN).posted is None


def test_a_message_posted_anew_is_the_one_that_is_edited_from_then_on(database: Database) -> None:
    for manner, message in (("refresh", "m1"), ("below", "m2")):
        put(database, "card:1", manner)  # type: ignore[arg-type]
        settle(database, outbox.sent, claimed(database), message, NINE)
    put(database, "card:1")
    assert claimed(database).posted == "m2"


def test_edits_of_a_message_can_be_put_off(database: Database) -> None:
    """Only the last of them is kept; what else waits there goes meanwhile."""
    for _ in range(2):
        put(database, "card:1")
    put(database, "card:2", "below")
    assert not put_off(database, "card:1", until=NINE + MOMENT)
    settle(database, outbox.sent, claimed(database), "m2", NINE)
    assert claim(database, now=NINE) is None
    item = claimed(database, now=NINE + MOMENT)
    assert item.key == "card:1"
    settle(database, outbox.sent, item, "m1", NINE)
    assert claim(database, now=NINE + MOMENT) is None


def test_edits_can_be_put_off_again(database: Database) -> None:
    for at in (NINE, NINE + MOMENT / 2):
        put(database, "card:1")
        put_off(database, "card:1", until=at + MOMENT)
    assert claim(database, now=NINE + MOMENT) is None
    assert claimed(database, now=NINE + MOMENT * 3 / 2).key == "card:1"


def test_what_is_posted_anew_is_not_put_off(database: Database) -> None:
    put(database, "card:1", "below")
    put_off(database, "card:1", until=NINE + MOMENT)
    assert claimed(database).manner == "below"


@pytest.mark.parametrize(("seconds", "is_sent"), [(0, True), (LEASE.total_seconds(), False)])
def test_whoever_puts_edits_off_learns_whether_one_is_being_made(
    database: Database, seconds: float, *, is_sent: bool
) -> None:
    """Until its lease is over: then its process has stopped."""
    put(database, "card:1")
    claimed(database)
    now = NINE + timedelta(seconds=seconds)
    assert put_off(database, "card:1", now=now, until=now + MOMENT) == is_sent
    assert not put_off(database, "card:2", now=now, until=now + MOMENT)
    sent = database.read_now(lambda reading: outbox.is_being_sent(reading, ALYS, "card:1", now))
    assert sent == is_sent


def put_off(database: Database, key: str, *, until: datetime, now: datetime = NINE) -> bool:
    return database.write_now(lambda writing: outbox.postpone(writing, ALYS, key, now=now, until=until))


def test_a_claim_that_ran_out_is_taken_over(database: Database) -> None:
    put(database, "card:1")
    claimed(database)
    assert claim(database, now=NINE + LEASE - timedelta(seconds=1)) is None
    taken_over = claimed(database, now=NINE + LEASE)
    assert (taken_over.attempts, taken_over.interrupted) == (2, False)


def test_a_claim_that_ran_out_during_the_call_was_interrupted(database: Database) -> None:
    put(database, "card:1")
    settle(database, outbox.is_calling, claimed(database), NINE)
    assert claimed(database, now=NINE + LEASE).interrupted


@pytest.mark.parametrize("what", [None, outbox.put_back], ids=["stopped again", "its turn had not come"])
def test_it_stays_so_until_somebody_knows_what_became_of_it(
    database: Database, what: Callable[..., object] | None
) -> None:
    """A process that took the row over did not find out whether it had been sent: the next must not send it."""
    put(database, "nudge:1", "once")
    settle(database, outbox.is_calling, claimed(database), NINE)
    item = claimed(database, now=NINE + LEASE)
    if what is not None:
        settle(database, what, item)
    assert claimed(database, now=NINE + 2 * LEASE).interrupted


def test_what_was_called_with_and_refused_is_not_interrupted_by_the_next_claim(database: Database) -> None:
    put(database, "card:1")
    item = claimed(database)
    settle(database, outbox.is_calling, item, NINE)
    settle(database, outbox.retry, item, "Not well.", NINE)
    assert not claimed(database).interrupted


def test_a_renewed_claim_is_not_taken_over(database: Database) -> None:
    put(database, "card:1")
    item = claimed(database)
    database.write_now(lambda connection: outbox.renew(connection, [item], NINE + 2 * LEASE))
    assert claim(database, now=NINE + LEASE) is None
    assert claimed(database, now=NINE + 2 * LEASE)


def test_who_lost_a_row_can_no_longer_say_what_becomes_of_it(database: Database) -> None:
    put(database, "card:1")
    slow = claimed(database)
    quick = claimed(database, now=NINE + LEASE)
    settle(database, outbox.dead, slow, "It did not work for me.")
    assert states(database) == {"card:1": "claimed"}
    settle(database, outbox.sent, quick, "m1", NINE)
    assert states(database) == {"card:1": "sent"}


def test_that_it_was_sent_is_true_whoever_says_it(database: Database) -> None:
    put(database, "nudge", "once")
    slow = claimed(database)
    settle(database, outbox.unknown, claimed(database, now=NINE + LEASE), "The bot stopped.")
    settle(database, outbox.sent, slow, "m1", NINE)
    assert states(database) == {"nudge": "sent"}


def test_a_conversation_is_not_let_go_on_by_who_lost_its_row(database: Database) -> None:
    put(database, "first", "below")
    put(database, "second", "below")
    slow = claimed(database)
    quick = claimed(database, now=NINE + LEASE)
    settle(database, outbox.sent, slow, "m1", NINE)
    assert claim(database, now=NINE + LEASE) is None
    settle(database, outbox.sent, quick, "m2", NINE)
    settle(database, outbox.sent, slow, "m1", NINE)
    assert messages(database) == ["m2"]


def messages(database: Database) -> list[str]:
    return database.read_now(lambda connection: list(connection.scalars(select(Posted.message_id))))


@pytest.mark.parametrize("end", [outbox.sent, outbox.found])
def test_what_was_erased_while_it_was_sent_leaves_nothing_behind(
    database: Database, end: Callable[..., object]
) -> None:
    put(database, "card:1")
    item = claimed(database)
    database.write_now(lambda connection: connection.execute(delete(Outbox)) and None)
    later = put(database, "card:2", place=BRYN)
    assert later is not None
    assert later > item.id
    claimed(database, BRYN)
    settle(database, end, item, "m1", NINE)
    assert states(database) == {"card:2": "claimed"}
    assert messages(database) == []


def test_a_retry_waits_and_lets_the_rows_behind_it_pass(database: Database) -> None:
    put(database, "first", "below")
    put(database, "second", "below")
    settle(database, outbox.retry, claimed(database), "Not well.", NINE)
    settle(database, outbox.retry, claimed(database), "Not well.", NINE)
    second = claimed(database)
    assert second.key == "second"
    settle(database, outbox.sent, second, "m1", NINE)
    assert claim(database, now=NINE + timedelta(seconds=4)) is None
    assert claimed(database, now=NINE + timedelta(seconds=5)).key == "first"


def test_what_goes_into_a_thread_does_not_pass_the_message_it_goes_below(database: Database) -> None:
    put(database, "report", "once")
    put(database, "picture", "once", thread="report")
    settle(database, outbox.retry, claimed(database), "Not well.", NINE)
    settle(database, outbox.retry, claimed(database), "Not well.", NINE)
    assert claim(database) is None


def test_an_edit_that_waits_for_its_retry_has_nothing_to_add_to_a_later_one(database: Database) -> None:
    put(database, "card:1")
    for _ in range(2):
        settle(database, outbox.retry, claimed(database), "Not well.", NINE)
    later = put(database, "card:1")
    last = claimed(database)
    assert last.id == later
    settle(database, outbox.sent, last, "m1", NINE)
    assert claim(database, now=NINE + timedelta(hours=1)) is None


def test_an_answer_overtakes_what_the_clock_has_to_say(database: Database) -> None:
    put(database, "invitation", "once")
    put(database, "card:1", turn="t1")
    answer = claimed(database)
    assert answer.key == "card:1"
    assert claim(database) is None
    settle(database, outbox.sent, answer, "m1", NINE)
    assert claimed(database).key == "invitation"


@pytest.mark.parametrize(
    ("attempts", "seconds"), [(1, 0), (2, 5), (3, 10), (4, 20), (5, 40), (10, 1280), (11, 1800), (12, 1800)]
)
def test_each_wait_is_twice_the_one_before_up_to_half_an_hour(attempts: int, seconds: int) -> None:
    assert outbox.back_off(attempts) == timedelta(seconds=seconds)


def test_a_pause_holds_one_conversation_and_is_no_attempt(database: Database) -> None:
    put(database, "for alys")
    put(database, "for bryn", place=BRYN)
    until = NINE + timedelta(seconds=30)
    settle(database, outbox.hold_back, claimed(database), until, whole_tenant=False)
    assert claim(database, now=until - timedelta(seconds=1)) is None
    assert claimed(database, BRYN).key == "for bryn"
    assert claimed(database, now=until).attempts == 1


def test_a_pause_for_the_whole_tenant_holds_all_its_conversations_and_no_other_tenant(database: Database) -> None:
    elsewhere = Place("fake", "another trust", "alys")
    for place in (ALYS, BRYN, elsewhere):
        put(database, "card:1", place=place)
    until = NINE + timedelta(seconds=30)
    settle(database, outbox.hold_back, claimed(database), until, whole_tenant=True)
    assert claim(database, BRYN) is None
    assert claimed(database, elsewhere)
    assert claimed(database, BRYN, now=until)


def test_the_places_with_work_are_those_where_something_can_be_sent_now(database: Database) -> None:
    def places(now: datetime) -> list[Place]:
        work = database.read_now(lambda connection: outbox.places_with_work(connection, {"fake"}, now))
        return [each.place for each in work]

    served_elsewhere = Place("other", "trust", "alys")
    for place in (BRYN, ALYS, served_elsewhere):
        put(database, "card:1", place=place)
    assert places(NINE) == [BRYN, ALYS]
    claimed(database, BRYN)
    settle(database, outbox.hold_back, claimed(database, ALYS), NINE + timedelta(hours=1), whole_tenant=False)
    assert places(NINE) == []
    assert places(NINE + LEASE) == [BRYN]
    assert places(NINE + timedelta(hours=1)) == [BRYN, ALYS]


def test_a_person_who_removed_the_bot_has_no_conversation_any_more(database: Database) -> None:
    database.write_now(_one_account)
    put(database, "card:1")
    settle(database, outbox.gone, claimed(database), "The bot was removed.")
    found = database.read_now(lambda connection: connection.execute(select(Account.conversation)).scalars().all())
    assert found == [None]
    assert states(database) == {"card:1": "dead"}


def _one_account(connection: Connection) -> None:
    connection.execute(insert(Person).values(id="alys", name="Alys", language="cy", reminder_time="lunch", email=None))
    connection.execute(insert(Account).values(**ALYS._asdict(), user="u1", person_id="alys"))


def test_what_may_be_said_to_one_person_alone_moves_to_their_own_conversation(database: Database) -> None:
    put(database, "refusal", place=BRYN, private_to="u1")
    settle(database, outbox.readdress, claimed(database, BRYN), ALYS.conversation)
    assert claim(database, BRYN) is None
    item = claimed(database, ALYS)
    assert (item.kind, item.private_to, item.key) == ("direct", None, "refusal")


def test_what_was_sent_is_forgotten_after_ninety_days_but_not_where_it_stands(database: Database) -> None:
    put(database, "card:1")
    settle(database, outbox.sent, claimed(database), "m1", NINE)
    put(database, "report:4", "once")
    settle(database, outbox.sent, claimed(database), "m2", NINE)
    put(database, "card:2")
    settle(database, outbox.purge, NINE + timedelta(days=90))
    assert list(states(database)) == ["card:1", "report:4", "card:2"]
    settle(database, outbox.purge, NINE + timedelta(days=90, seconds=1))
    assert list(states(database)) == ["report:4", "card:2"]
    assert put(database, "report:4", "once") is None
    known = database.read_now(lambda connection: connection.execute(select(Posted.message_id)).scalars().all())
    assert sorted(known) == ["m1", "m2"]


def test_a_row_put_under_a_lower_number_does_not_go_while_a_later_one_is_being_sent(database: Database) -> None:
    """Two turns at the same moment may commit in another order than their numbers say."""
    put(database, "late")
    put(database, "early")
    database.write_now(
        lambda connection: connection.execute(
            update(Outbox).where(Outbox.key == "early").values(state="claimed", claimed_until=NINE + LEASE)
        )
    )
    assert claim(database) is None


def test_two_processes_never_take_rows_of_one_conversation_at_once(database: Database, database_url: str) -> None:
    other = Database(database_url)
    try:
        for number in range(3):
            put(database, f"card:{number}")
        taken = []
        while item := (claim(database) or claim(other)):
            assert claim(other) is None
            assert claim(database) is None
            taken.append(item.key)
            settle(other, outbox.sent, item, f"m{item.id}", NINE)
        assert taken == ["card:0", "card:1", "card:2"]
    finally:
        other.close()


def test_what_was_said_last_to_a_person_is_found_wherever_it_was_said(database: Database) -> None:
    about = {"language": "cy", "reminder_time": "lunch", "email": None}
    people = [{"id": person, "name": person, **about} for person in ("alys", "bryn")]
    database.write_now(lambda connection: connection.execute(insert(Person), people) and None)
    for key, place, person in (
        ("one", ALYS, "alys"),
        ("two", BRYN, "bryn"),
        ("three", BRYN, "alys"),
        ("four", ALYS, "alys"),
    ):
        put(database, key, "below", place, person=person)
    said = database.read_now(lambda connection: outbox_record.last_said(connection, "alys", 2))
    assert said == [(ALYS, "{}", "below"), (BRYN, "{}", "below")]
    settle(database, outbox.dead, claimed(database), "It could not be made.")
    assert len(database.read_now(lambda connection: outbox_record.last_said(connection, "alys", 9))) == 2


async def test_what_is_taken_after_waiting_for_another_process_edits_what_that_has_sent(database: Database) -> None:
    """A turn puts an edit and takes it in one go, while another process writes down that the message has been sent."""
    put(database, "card:1")
    first, written, go_on = claimed(database), threading.Event(), threading.Event()

    def write_down(connection: Connection) -> None:
        outbox.sent(connection, first, "m1", NINE)
        written.set()
        go_on.wait(20)

    def put_and_take(connection: Connection) -> OutboxItem | None:
        row = {"kind": "direct", "key": "card:1", "prompt": "{}", "manner": "refresh", "now": NINE}
        outbox.put(connection, **ALYS._asdict(), **row)  # type: ignore[arg-type]
        return outbox.claim(connection, ALYS, now=NINE, lease=LEASE)

    writing = asyncio.create_task(database.write(write_down))
    await asyncio.to_thread(written.wait, 20)
    taking = asyncio.create_task(database.write(put_and_take))
    while not await database.read(_somebody_waits):
        pass
    go_on.set()
    await writing
    item = await taking
    assert item is not None
    assert item.posted == "m1"


def _somebody_waits(connection: Connection) -> bool:
    """For a row; SQLite lets nobody begin to write before the other has ended."""
    if connection.dialect.name == "sqlite":
        return True
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    return bool(connection.scalar(text(waiting)))


# What stays posted, and what is kept of strangers


def posted(database: Database) -> list[str]:
    return database.read_now(lambda connection: sorted(connection.scalars(select(Posted.key))))


@pytest.mark.parametrize(("days", "left"), [(730, ["card"]), (731, [])])
def test_a_posted_message_can_be_replaced_for_two_years(database: Database, days: int, left: list[str]) -> None:
    put(database, "card")
    settle(database, outbox.sent, claimed(database), "m1", NINE)
    database.write_now(lambda connection: outbox.purge(connection, NINE + timedelta(days=days)))
    assert posted(database) == left


def test_one_of_which_an_earlier_version_did_not_say_when_is_kept_for_two_years_from_now(database: Database) -> None:
    """That version was still running when the tables were those of this one."""
    values = {**ALYS._asdict(), "key": "card", "message_id": "m1"}
    database.write_now(lambda connection: connection.execute(insert(Posted).values(values)) and None)
    database.write_now(lambda connection: outbox.purge(connection, NINE))
    for days, left in ((730, ["card"]), (731, [])):
        moment = NINE + timedelta(days=days)
        database.write_now(lambda connection, moment=moment: outbox.purge(connection, moment))  # type: ignore[misc]
        assert posted(database) == left


def ended_as(end: str, database: Database, item: OutboxItem) -> None:
    match end:
        case "sent":
            settle(database, outbox.sent, item, "m1", NINE)
        case "found":
            settle(database, outbox.found, item, "m1", NINE)
        case "superseded":
            settle(database, outbox.superseded, item)
        case "gone":
            settle(database, outbox.gone, item, "No such user.")
        case "dead":
            settle(database, outbox.dead, item, "It could not be made.")


@pytest.mark.parametrize("end", ["sent", "found", "superseded", "gone", "dead"])
@pytest.mark.parametrize("where", [{"kind": "direct"}, {"kind": "channel", "private_to": "U-alys"}], ids=str)
def test_however_a_message_to_somebody_unknown_ended_nothing_is_kept_of_it(
    database: Database, end: str, where: dict[str, str]
) -> None:
    put(database, "goodbye", "below", ALYS, person=None, **where)
    ended_as(end, database, claimed(database))
    assert (states(database), posted(database)) == ({}, [])


def test_what_everybody_in_a_channel_sees_is_not_for_somebody_unknown(database: Database) -> None:
    put(database, "report", "once", person=None, kind="channel")
    settle(database, outbox.sent, claimed(database), "m1", NINE)
    assert (states(database), posted(database)) == ({"report": "sent"}, ["report"])


def test_a_pause_for_the_conversation_of_somebody_unknown_goes_with_the_message(database: Database) -> None:
    put(database, "goodbye", "below", person=None)
    settle(database, outbox.hold_back, claimed(database), NINE, whole_tenant=False)
    settle(database, outbox.sent, claimed(database), "m1", NINE)
    assert database.read_now(lambda connection: connection.scalar(select(func.count()).select_from(Hold))) == 0


def test_a_goodbye_that_an_earlier_version_kept_is_gone_with_the_next_purge(database: Database) -> None:
    put(database, "goodbye", "below", person=None)
    put(database, "waits", "below", person=None, place=BRYN)
    ended = update(Outbox).where(Outbox.key == "goodbye").values(state="sent", sent_at=NINE)
    database.write_now(lambda connection: connection.execute(ended) and None)
    database.write_now(lambda connection: outbox.purge(connection, NINE))
    assert states(database) == {"waits": "waiting"}
