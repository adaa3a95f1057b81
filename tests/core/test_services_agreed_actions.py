"""Improvement actions: what is kept of a meeting, and who sees it, on both databases."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, select

from core.agreed_actions import ActionState, NewAction
from core.services import agreed_actions, agreed_actions_due, cycles
from core.storage import tables
from core.storage.frameworks import FrameworkShelf
from tests.support.days import london
from tests.support.enquiries import MONDAY, NEXT_MONDAY, bring
from tests.support.partnership_files import river

MEETING = london("2027-07-13 16:00")


@pytest.fixture(autouse=True)
def partnership(connection: Connection) -> None:
    bring(connection, river())


def opened(connection: Connection, opens: datetime, closes: datetime) -> int:
    return cycles.open_cycle(connection, FrameworkShelf(), "river", "Cycle", closes, None, opens, opens_at=opens).id


def agree(
    connection: Connection, number: int, at: datetime = MEETING, owner: str = "birch", partnership: str = "river"
) -> None:
    new = NewAction(number, partnership, "2.2", f"Do {number}", owner, date(2027, 10, 15))
    agreed_actions.keep(connection, new, "lea", at)


def numbers(actions: Any) -> list[int]:
    return [each.id for each in actions]


def seen_by(connection: Connection, person: str) -> list[tuple[str, list[int]]]:
    found = agreed_actions.agreements_of(connection, FrameworkShelf(), person)
    return [(each.id, numbers(each.actions)) for each in found]


def test_an_action_is_kept_as_it_was_said(connection: Connection) -> None:
    agree(connection, 7)
    (action,) = agreed_actions.all_of(connection, FrameworkShelf(), "river")
    assert (action.subtheme, action.title["en"], action.words, action.owner.name, action.due_on) == (
        "2.2", "Support and challenge", "Do 7", "Birch School", date(2027, 10, 15),
    )  # fmt: skip
    assert (action.state, action.agreed_at, action.posted, action.round) == (ActionState.OPEN, MEETING, False, None)


def test_keeping_it_twice_keeps_it_once(connection: Connection) -> None:
    agree(connection, 7)
    agree(connection, 7, owner="cedar")
    (action,) = agreed_actions.all_of(connection, FrameworkShelf(), "river")
    assert action.owner.id == "birch"
    done = connection.scalars(select(tables.Audit.act).where(tables.Audit.person_id == "lea")).all()
    assert done == ["action agreed"]


def test_what_was_done_is_written_down_without_its_words(connection: Connection) -> None:
    agree(connection, 7)
    agreed_actions.settle(connection, 7, ActionState.DONE, "ben", MEETING)
    agreed_actions.remove(connection, 7, "lea", MEETING)
    told = select(tables.Audit.act, tables.Audit.about).where(tables.Audit.act.startswith("action"))
    assert [tuple(row) for row in connection.execute(told.order_by(tables.Audit.id))] == [
        ("action agreed", {"action": 7, "partnership": "river"}),
        ("action settled", {"action": 7, "state": "done"}),
        ("action removed", {"action": 7, "partnership": "river"}),
    ]


def test_everybody_in_the_partnership_sees_it_and_nobody_else(connection: Connection) -> None:
    hill = river(
        id="hill", name="Hill", schools={"elm": ["eve"]}, people=("eve", "lea", "fay"), leads=("lea",), channel="hill",
        more="facilitators: [fay]",
    )  # fmt: skip
    bring(connection, hill)
    agree(connection, 7)
    agree(connection, 8, owner="elm", partnership="hill")
    assert seen_by(connection, "ann") == [("river", [7])]
    assert seen_by(connection, "eve") == [("hill", [8])]
    assert seen_by(connection, "fay") == [("hill", [8])]
    assert seen_by(connection, "lea") == [("hill", [8]), ("river", [7])]
    assert seen_by(connection, "nobody") == []


@pytest.mark.parametrize(
    ("person", "leads", "own"),
    [("lea", True, ""), ("ben", False, "birch"), ("ann", False, "alder")],
)
def test_who_is_who(connection: Connection, person: str, leads: bool, own: str) -> None:
    (agreement,) = agreed_actions.agreements_of(connection, FrameworkShelf(), person)
    assert (agreement.leads, " ".join(agreement.own_schools), agreement.has_channel) == (leads, own, True)
    assert [each.id for each in agreement.owners] == ["alder", "birch", "cedar", "damson"]


def test_a_school_that_left_sees_it_no_more_and_is_no_choice(connection: Connection) -> None:
    agree(connection, 7)
    bring(connection, river(schools={"alder": ["ann"], "birch": ["ben"], "cedar": ["cat"]}))
    assert seen_by(connection, "dan") == []
    (agreement,) = agreed_actions.agreements_of(connection, FrameworkShelf(), "ann")
    assert [each.id for each in agreement.owners] == ["alder", "birch", "cedar"]


def test_last_time_is_the_latest_meeting_and_what_is_left_of_those_before(connection: Connection) -> None:
    shelf = FrameworkShelf()
    agree(connection, 1, MONDAY - timedelta(days=1))  # before any cycle: done by the next meeting
    agree(connection, 2, MONDAY - timedelta(days=1))  # carried on since
    first = opened(connection, MONDAY, NEXT_MONDAY)
    cycles.close_cycle(connection, first, NEXT_MONDAY, by=None)
    agree(connection, 3)
    agree(connection, 4)
    second = opened(connection, MEETING + timedelta(days=30), MEETING + timedelta(days=60))
    agree(connection, 5, MEETING + timedelta(days=31))  # a late meeting about the first, while the second is open
    for number, state in ((1, ActionState.DONE), (2, ActionState.CARRIED_ON), (3, ActionState.DONE)):
        agreed_actions.settle(connection, number, state, "lea", MEETING)
    assert numbers(agreed_actions.last_time(connection, shelf, first)) == [1, 2], "the only meeting before it"
    assert numbers(agreed_actions.last_time(connection, shelf, second)) == [2, 3, 4, 5]
    assert agreed_actions.last_time(connection, shelf, 999) == ()


def test_the_current_ones_are_those_of_the_latest_meeting_and_the_unfinished(connection: Connection) -> None:
    agree(connection, 1, MONDAY - timedelta(days=1))
    agreed_actions.settle(connection, 1, ActionState.DONE, "lea", MONDAY)
    assert seen_by(connection, "ann") == [("river", [1])], "done at the latest meeting"
    first = opened(connection, MONDAY, NEXT_MONDAY)
    cycles.close_cycle(connection, first, NEXT_MONDAY, by=None)
    agree(connection, 2)
    assert seen_by(connection, "ann") == [("river", [2])]


# In the channel


def test_what_waits_is_taken_together_once(connection: Connection) -> None:
    shelf = FrameworkShelf()
    agree(connection, 9)
    agree(connection, 4, MEETING + timedelta(minutes=5))
    assert agreed_actions_due.take_to_post(connection, "river") == 9, "the first that was agreed"
    assert agreed_actions_due.take_to_post(connection, "river") is None
    assert numbers(agreed_actions.posted_together(connection, shelf, 9)) == [9, 4]
    agree(connection, 2, MEETING + timedelta(hours=1))
    assert agreed_actions_due.take_to_post(connection, "river") == 2
    assert agreed_actions.remove(connection, 4, "lea", MEETING) == agreed_actions.RemovedAction("river", 9)
    assert numbers(agreed_actions.posted_together(connection, shelf, 9)) == [9]
    assert agreed_actions.remove(connection, 4, "lea", MEETING) is None


def test_it_is_due_half_an_hour_after_the_last_one(connection: Connection) -> None:
    agree(connection, 1)
    agree(connection, 2, MEETING + timedelta(minutes=20))
    assert agreed_actions_due.to_post(connection, MEETING + timedelta(minutes=49)) == ()
    assert agreed_actions_due.to_post(connection, MEETING + timedelta(minutes=50)) == ("river",)
    agreed_actions_due.take_to_post(connection, "river")
    assert agreed_actions_due.to_post(connection, MEETING + timedelta(days=1)) == ()


def test_a_partnership_without_a_channel_has_nothing_to_post(connection: Connection) -> None:
    bring(connection, river().replace("channels:", "# channels:"))
    agree(connection, 1)
    assert agreed_actions_due.to_post(connection, MEETING + timedelta(days=1)) == ()
