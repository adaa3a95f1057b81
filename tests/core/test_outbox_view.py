"""What whoever looks after the bot sees of the outbox, and what they can do about a message."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select, update

from core.services import outbox_repair
from core.storage import outbox
from core.storage.outbox import OutboxItem, Place
from core.storage.outbox_view import Listed, Overdue, PutAs, listed, overdue
from core.storage.tables import Audit, Channel, Hold, Outbox
from tests.support.days import NOW
from tests.support.enquiries import bring
from tests.support.partnership_files import river

LEASE = timedelta(seconds=4)
ANN = Place("slack", "T1", "DANN")
BEN = Place("slack", "T1", "DBEN")
CHANNEL = Place("slack", "T1", "CRIVER")


@pytest.fixture(autouse=True)
def partnership(connection: Connection) -> None:
    bring(connection, river())
    connection.execute(update(Channel).values(CHANNEL._asdict()))


def put(connection: Connection, place: Place = ANN, *, at: datetime = NOW, **more: Any) -> int:
    row = {"kind": "direct", "key": "card:1", "prompt": "{}", "manner": "refresh", "person": "ann"} | more
    if "once" in row["manner"]:
        row["key"] = f"once:{place.conversation}"
    assert outbox.put(connection, **place._asdict(), **row, now=at)
    return connection.scalars(select(Outbox.id).order_by(Outbox.id.desc())).first() or 0


def claimed(connection: Connection, place: Place = ANN, at: datetime = NOW) -> OutboxItem:
    item = outbox.claim(connection, place, now=at, lease=LEASE)
    assert item is not None
    return item


def minutes(number: float) -> datetime:
    """The moment so many minutes after ``NOW``."""
    return NOW + timedelta(minutes=number)


# Overdue


def test_what_nobody_sends_is_overdue_after_two_minutes(connection: Connection) -> None:
    put(connection, turn="a1")
    put(connection, BEN, at=minutes(1))
    assert overdue(connection, minutes(1.9)) == []
    assert overdue(connection, minutes(2)) == [Overdue("slack", 1, NOW)]
    assert overdue(connection, minutes(3)) == [Overdue("slack", 2, NOW)]


def test_what_is_tried_again_later_is_not_overdue(connection: Connection) -> None:
    put(connection)
    connection.execute(update(Outbox).values(due_at=minutes(30)))
    assert overdue(connection, minutes(20)) == []


def test_what_a_pause_of_the_platform_holds_back_is_not_overdue_until_two_minutes_after_it(
    connection: Connection,
) -> None:
    put(connection)
    held = {"platform": "slack", "tenant": "T1", "conversation": "", "until": minutes(10)}
    connection.execute(insert(Hold).values(held))
    assert overdue(connection, minutes(11.9)) == []
    assert overdue(connection, minutes(12)) == [Overdue("slack", 1, NOW)]


def test_what_a_stopped_process_had_begun_to_send_is_overdue_too(connection: Connection) -> None:
    put(connection)
    item = claimed(connection)
    outbox.renew(connection, [item], minutes(5))
    assert overdue(connection, minutes(6)) == []
    assert overdue(connection, minutes(7)) == [Overdue("slack", 1, NOW)]


def test_what_goes_into_a_thread_waits_for_the_message_it_goes_below(connection: Connection) -> None:
    put(connection, key="report")
    put(connection, key="picture", thread="report")
    connection.execute(update(Outbox).where(Outbox.key == "report").values(due_at=minutes(30)))
    assert overdue(connection, minutes(10)) == []


@pytest.mark.parametrize(
    ("turn", "sent_at", "found"),
    [
        pytest.param(None, minutes(9), [], id="its turn comes"),
        pytest.param(None, minutes(7), [Overdue("slack", 1, NOW)], id="nothing has gone there for two minutes"),
        pytest.param("a1", minutes(9), [Overdue("slack", 1, NOW)], id="somebody waits for it"),
    ],
)
def test_a_reminder_may_wait_while_others_of_its_workspace_go_out(
    connection: Connection, turn: str | None, sent_at: datetime, found: list[Overdue]
) -> None:
    put(connection, BEN)
    outbox.sent(connection, claimed(connection, BEN), "m1", sent_at)
    put(connection, turn=turn)
    assert overdue(connection, minutes(10)) == found


# One by one


def test_each_is_listed_with_whom_it_is_for_and_why_it_waits(connection: Connection) -> None:
    waiting, sent = put(connection, prompt='{"what":"card"}'), put(connection, BEN)
    outbox.sent(connection, claimed(connection, BEN), "m1", NOW)
    being_sent = put(connection, Place("teams", "t", "a"), person="ben")
    claimed(connection, Place("teams", "t", "a"))
    doubtful = put(connection, CHANNEL, kind="channel", person=None, manner="once")
    outbox.unknown(connection, claimed(connection, CHANNEL), "Slack did not answer in time.")
    dead = put(connection, BEN, key="x")
    outbox.dead(connection, claimed(connection, BEN), "The bot was removed from this workspace.")
    assert listed(connection) == [
        Listed(waiting, "waiting", "slack", '{"what":"card"}', "Ann", None, NOW, 0, None),
        Listed(being_sent, "being sent", "teams", "{}", "Ben", None, NOW, 1, None),
        Listed(doubtful, "doubtful", "slack", "{}", None, "River Partnership", NOW, 1, "Slack did not answer in time."),
        Listed(dead, "dead", "slack", "{}", "Ann", None, NOW, 1, "The bot was removed from this workspace."),
    ]
    assert sent not in {each.row for each in listed(connection)}


def stored(connection: Connection, row: int) -> tuple[str, int, datetime]:
    found = connection.execute(select(Outbox.state, Outbox.attempts, Outbox.due_at).where(Outbox.id == row)).one()
    return found.state, found.attempts, found.due_at


def acts(connection: Connection) -> list[tuple[str, dict[str, Any]]]:
    found = connection.execute(select(Audit.act, Audit.about).where(Audit.act.startswith("message ")))
    return [(act, about) for act, about in found]


def waits(connection: Connection) -> int:
    row = put(connection)
    outbox.retry(connection, claimed(connection), "Slack is not well at the moment.", NOW)
    return row


def is_dead(connection: Connection) -> int:
    row = put(connection)
    outbox.dead(connection, claimed(connection), "This channel is archived.")
    return row


def is_doubtful(connection: Connection) -> int:
    row = put(connection, manner="once")
    outbox.unknown(connection, claimed(connection), "Slack did not answer in time.")
    return row


def always(connection: Connection, put: PutAs) -> bool:
    return True


def was_being_sent(connection: Connection) -> int:
    """By a process that has stopped since."""
    row = put(connection, at=NOW - LEASE)
    claimed(connection, at=NOW - LEASE)
    return row


@pytest.mark.parametrize(("begins", "was"), [(waits, "waiting"), (is_dead, "dead"), (was_being_sent, "waiting")])
def test_a_message_is_sent_anew(connection: Connection, begins: Callable[[Connection], int], was: str) -> None:
    row = begins(connection)
    assert outbox_repair.retry(connection, row, minutes(60), always) == "done"
    assert stored(connection, row) == ("waiting", 0, minutes(60))
    assert acts(connection) == [("message retried", {"row": row, "was": was})]
    assert claimed(connection, at=minutes(60)).id == row


def test_what_would_be_left_out_now_stays_as_it_is(connection: Connection) -> None:
    """A reminder that is sent anew in the evening would be left out for good, and its slot stay taken."""
    row = is_dead(connection)
    asked: list[str] = []

    def in_the_evening(connection: Connection, put: PutAs) -> bool:
        asked.append(put.key)
        return False

    before = stored(connection, row)
    assert outbox_repair.retry(connection, row, minutes(60), in_the_evening) == "not now"
    assert (stored(connection, row), acts(connection), len(asked)) == (before, [], 1)


def test_what_may_have_arrived_is_sent_anew_only_by_somebody_who_says_so(connection: Connection) -> None:
    row = is_doubtful(connection)
    assert outbox_repair.retry(connection, row, minutes(60), always) == "may have arrived"
    assert stored(connection, row) == ("unknown", 1, NOW)
    assert acts(connection) == []

    assert outbox_repair.retry(connection, row, minutes(60), always, even_if_it_arrived=True) == "done"
    item = claimed(connection, at=minutes(60))
    assert (item.id, item.attempts, item.interrupted) == (row, 1, False)
    assert acts(connection) == [("message retried", {"row": row, "was": "doubtful"})]


@pytest.mark.parametrize(
    ("begins", "was"),
    [(waits, "waiting"), (is_dead, "dead"), (is_doubtful, "doubtful"), (was_being_sent, "waiting")],
)
def test_a_message_is_given_up(connection: Connection, begins: Callable[[Connection], int], was: str) -> None:
    row = begins(connection)
    assert outbox_repair.drop(connection, row, NOW) == "done"
    assert stored(connection, row)[0] == "superseded"
    assert listed(connection) == []
    assert outbox.claim(connection, ANN, now=minutes(60), lease=LEASE) is None
    assert acts(connection) == [("message dropped", {"row": row, "was": was})]


def test_nothing_is_kept_of_a_message_to_a_stranger_that_is_given_up(connection: Connection) -> None:
    row = put(connection, person=None)
    assert outbox_repair.drop(connection, row, NOW) == "done"
    assert connection.scalar(select(Outbox.id).where(Outbox.id == row)) is None


@pytest.mark.parametrize("does", [partial(outbox_repair.retry, is_wanted=always), outbox_repair.drop])
def test_what_is_sent_just_now_or_was_sent_is_left_alone(
    connection: Connection, does: Callable[[Connection, int, datetime], str]
) -> None:
    row = put(connection)
    item = claimed(connection)
    assert does(connection, row, NOW) == "being sent"
    outbox.sent(connection, item, "m1", NOW)
    assert does(connection, row, NOW) == "not listed"
    assert does(connection, 4711, NOW) == "not listed"
    assert stored(connection, row)[0] == "sent"
    assert acts(connection) == []
