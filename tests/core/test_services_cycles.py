"""A partnership has one cycle at a time; what it asks, of whom and who sees what stay as they were when it opened."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, select, update

from core.calendar import NudgeSchedule
from core.enquiry import Cycle, Visibility
from core.framework_file import default_framework
from core.services import cycles, visibility
from core.services.cycles import Refused
from core.storage import tables
from core.storage.database import Database
from core.storage.frameworks import FrameworkShelf
from tests.support.days import london
from tests.support.enquiries import MONDAY, NEXT_MONDAY, answer, begin, bring
from tests.support.partnership_files import river

EARLIER = london("2027-04-19 08:00")
A_WEEK = timedelta(days=7)


def open_cycle(
    connection: Connection,
    partnership: str = "river",
    closes_at: datetime = NEXT_MONDAY,
    now: datetime = MONDAY,
    scope: Sequence[str] | None = None,
    **more: Any,
) -> Cycle:
    return cycles.open_cycle(connection, FrameworkShelf(), partnership, "Summer 2027", closes_at, scope, now, **more)


def hill() -> str:
    return river(id="hill", name="Hill", schools={"elm": ["eve"]}, people=("eve",), leads=("eve",), channel="hill")


def test_a_cycle_asks_the_schools_of_the_moment_it_opens(connection: Connection) -> None:
    bring(connection, river())
    bring(connection, river(schools={"alder": ["ann"], "birch": ["ben"], "cedar": ["cat"]}))
    cycle = open_cycle(connection)
    bring(connection, river(schools={"alder": ["ann"], "elder": ["ben"]}))
    assert cycles.progress(connection, cycle.id).roster == {"alder", "birch", "cedar"}


def test_what_the_partnership_agreed_to_see_is_pinned(connection: Connection) -> None:
    bring(connection, river(visibility="lead-only"))
    for school, person in (("alder", "ann"), ("birch", "ben"), ("cedar", "cat"), ("damson", "dan")):
        visibility.say(connection, "river", school, Visibility.LEAD_ONLY, True, person, MONDAY)
    cycle = open_cycle(connection)
    bring(connection, river(visibility="open"))
    assert cycle.visibility is Visibility.LEAD_ONLY
    assert cycles.current_cycle(connection, "river", MONDAY) == cycle


def test_it_is_written_down_who_opened_it_and_what_was_agreed(connection: Connection) -> None:
    bring(connection, river())
    cycle = open_cycle(connection, by="lea")
    last = select(tables.Audit.person_id, tables.Audit.act, tables.Audit.about).order_by(tables.Audit.id.desc())
    agreed = {"cycle": cycle.id, "visibility": "own-and-group"}
    assert connection.execute(last).first() == ("lea", "cycle opened", agreed)


def test_a_cycle_may_open_later_with_its_meeting_and_reminders_set(connection: Connection) -> None:
    bring(connection, river())
    schedule = NudgeSchedule(after_opening=(2,), before_close=(1,))
    later = MONDAY + timedelta(days=1)
    cycle = open_cycle(connection, opens_at=later, meeting_on=date(2027, 7, 2), schedule=schedule)
    assert (cycle.opens_at, cycle.closes_at, cycle.meeting_on) == (later, NEXT_MONDAY, date(2027, 7, 2))
    assert cycles.current_cycle(connection, "river", MONDAY) is None
    assert cycles.current_cycle(connection, "river", later) == cycle
    stored = connection.scalar(select(tables.Cycle.nudge_schedule))
    assert stored is not None
    assert NudgeSchedule.from_json(stored) == schedule


def test_a_full_cycle_asks_every_subtheme_and_a_focus_only_the_chosen_in_the_frameworks_order(
    connection: Connection,
) -> None:
    bring(connection, river())
    full = open_cycle(connection)
    cycles.close_cycle(connection, full.id, MONDAY, by=None)
    focus = open_cycle(connection, scope=["3.1", "1.2"])
    stored = dict(connection.execute(select(tables.Cycle.id, tables.Cycle.scope)).all())
    assert stored == {full.id: [each.id for each in default_framework().subthemes], focus.id: ["1.2", "3.1"]}


def test_a_focus_is_the_agreed_priorities_and_one_area() -> None:
    framework = default_framework()
    assert cycles.focus_scope(framework, ["3.3", "1.1"], "2") == ("1.1", "2.1", "2.2", "2.3", "3.3")
    assert cycles.focus_scope(framework, ["2.1"], "2") == ("2.1", "2.2", "2.3")


@pytest.mark.parametrize(
    ("priorities", "area", "words"),
    [(["9.9"], "1", "partnership-enquiry has no sub-theme 9.9"), (["1.1"], "9", "partnership-enquiry has no area 9")],
)
def test_a_focus_of_something_else_is_refused(priorities: list[str], area: str, words: str) -> None:
    with pytest.raises(Refused, match=words):
        cycles.focus_scope(default_framework(), priorities, area)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"partnership": "lake"}, "There is no partnership lake"),
        ({"opens_at": NEXT_MONDAY}, "has to open before it closes"),
        ({"closes_at": MONDAY - A_WEEK, "opens_at": MONDAY - 2 * A_WEEK}, "That date has passed"),
        ({"scope": []}, "at least one sub-theme"),
        ({"scope": ["9.9"]}, "partnership-enquiry has no sub-theme 9.9"),
    ],
    ids=["no partnership", "closes before it opens", "over before it begins", "nothing asked", "unknown sub-theme"],
)
def test_what_cannot_be_opened_is_refused_in_words(connection: Connection, asked: dict[str, Any], words: str) -> None:
    bring(connection, river())
    with pytest.raises(Refused, match=words):
        open_cycle(connection, **asked)
    assert cycles.cycles_of(connection, "river") == ()


def test_a_partnership_whose_schools_have_all_left_opens_none(connection: Connection) -> None:
    bring(connection, river())
    connection.execute(update(tables.Membership).values(left_on=MONDAY.date()))
    with pytest.raises(Refused, match="River Partnership has no school yet"):
        open_cycle(connection)


def test_a_second_cycle_is_refused_until_the_first_is_closed(connection: Connection) -> None:
    bring(connection, river())
    bring(connection, hill())
    first = open_cycle(connection)
    with pytest.raises(Refused, match="Summer 2027 has not been closed yet"):
        open_cycle(connection)
    open_cycle(connection, "hill")
    cycles.close_cycle(connection, first.id, MONDAY, by="lea")
    open_cycle(connection)


def test_two_who_open_at_the_same_moment_open_one(database: Database) -> None:
    database.write_now(lambda connection: bring(connection, river()))

    def attempt(_: int) -> bool:
        try:
            database.write_now(open_cycle)
        except Refused:
            return False
        return True

    with ThreadPoolExecutor(6) as threads:
        assert sum(threads.map(attempt, range(6))) == 1


def test_closing_stays_as_it_was_done_first(connection: Connection) -> None:
    bring(connection, river())
    cycle = open_cycle(connection)
    closed = cycles.close_cycle(connection, cycle.id, MONDAY + timedelta(hours=1), by="lea")
    assert closed.closed_at == MONDAY + timedelta(hours=1)
    assert not closed.is_open(MONDAY + timedelta(hours=1))
    assert cycles.close_cycle(connection, cycle.id, MONDAY + timedelta(hours=2), by=None) == closed
    acts = connection.scalars(select(tables.Audit.act).order_by(tables.Audit.id)).all()
    assert acts == ["partnership imported", "cycle opened", "cycle closed"]


@pytest.mark.parametrize("by", ["eve", "ann", "nobody"], ids=["another lead", "a leader of a school", "a stranger"])
def test_only_a_lead_of_the_partnership_closes_its_cycle(connection: Connection, by: str) -> None:
    bring(connection, river())
    bring(connection, hill())
    cycle = open_cycle(connection)
    with pytest.raises(Refused, match="Only a lead of the partnership"):
        cycles.close_cycle(connection, cycle.id, MONDAY, by=by)
    with pytest.raises(Refused, match="Only a lead of the partnership"):
        cycles.close_cycle(connection, cycle.id + 1, MONDAY, by="eve")
    assert cycles.current_cycle(connection, "river", MONDAY) == cycle


def test_cycles_are_found_by_what_became_of_them(connection: Connection) -> None:
    bring(connection, river())
    bring(connection, hill())
    first = open_cycle(connection, now=EARLIER, closes_at=EARLIER + A_WEEK)
    first = cycles.close_cycle(connection, first.id, EARLIER + A_WEEK, by=None)
    second = open_cycle(connection)
    assert cycles.cycles_of(connection, "river") == (second, first)
    assert cycles.cycles_of(connection, "hill") == ()
    assert cycles.current_cycle(connection, "river", MONDAY) == second
    assert cycles.last_closed(connection, "river", MONDAY) == first
    assert cycles.last_closed(connection, "hill", MONDAY) is None


def test_a_cycle_whose_time_is_over_takes_no_answers_and_is_due_to_close(connection: Connection) -> None:
    bring(connection, river())
    cycle = open_cycle(connection)
    assert cycles.due_to_close(connection, NEXT_MONDAY - timedelta(seconds=1)) == ()
    assert cycles.due_to_close(connection, NEXT_MONDAY) == (cycle,)
    assert cycles.current_cycle(connection, "river", NEXT_MONDAY) is None
    assert cycles.last_closed(connection, "river", NEXT_MONDAY) == cycle
    cycles.close_cycle(connection, cycle.id, NEXT_MONDAY, by=None)
    assert cycles.due_to_close(connection, NEXT_MONDAY) == ()


def test_a_school_has_submitted_once_any_of_its_leaders_has(connection: Connection) -> None:
    shared = {"alder": ["ann", "ben"], "birch": ["ben"], "cedar": ["cat"], "damson": ["dan"]}
    bring(connection, river(schools=shared))
    cycle = open_cycle(connection)
    answer(connection, cycle.id, "alder", "ann", {"1.1.a": (3, 3)})
    begin(connection, cycle.id, "alder", "ben")
    begin(connection, cycle.id, "birch", "ben")
    progress = cycles.progress(connection, cycle.id)
    assert (progress.schools_in_roster, progress.schools_submitted) == (4, 1)
    assert progress.submitted == {"alder"}
