"""A report is made from what was submitted when its cycle closed, and is the same whenever it is asked for."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Connection, func, select

from core.analysis.disclosure import Shown
from core.analysis.scores import SchoolScores
from core.enquiry import Cycle
from core.framework import Perspective, Row
from core.services import answering, cycles, report_snapshots
from core.services.report_snapshots import NotClosed
from core.services.scores import scores_of, submitted_scores
from core.storage import tables
from core.storage.database import Database
from core.storage.frameworks import FrameworkShelf
from tests.support.enquiries import MONDAY, NEXT_MONDAY, answer, begin, bring
from tests.support.partnership_files import river

SCHOOL_A, PARTNERSHIP_A = Row("1.1.a", Perspective.SCHOOL), Row("1.1.a", Perspective.PARTNERSHIP)


def opened(connection: Connection) -> Cycle:
    bring(connection, river())
    return cycles.open_cycle(connection, FrameworkShelf(), "river", "Summer 2027", NEXT_MONDAY, None, MONDAY)


def four_schools_submit(connection: Connection, cycle: int) -> None:
    """Sub-theme 1.1 by school: their own 1, 2, 3, 4 and the partnership 3, 3, 4, 4."""
    for school, person, levels in (
        ("alder", "ann", (1, 3)),
        ("birch", "ben", (2, 3)),
        ("cedar", "cat", (3, 4)),
        ("damson", "dan", (4, 4)),
    ):
        answer(connection, cycle, school, person, {"1.1.a": levels, "1.1.b": levels}, votes=["1.1"])


def test_scores_are_those_of_submitted_responses_by_school(connection: Connection) -> None:
    cycle = opened(connection)
    answer(connection, cycle.id, "birch", "ben", {"1.1.a": (2, None)}, votes=["2.1", "1.2"])
    answer(connection, cycle.id, "alder", "ann", {"1.1.a": (4, 3)})
    answer(connection, cycle.id, "cedar", "cat", {"1.1.a": (1, 1)}, votes=["3.1"], submit=False)
    begin(connection, cycle.id, "damson", "dan")
    assert submitted_scores(connection, cycle.id) == [
        SchoolScores("alder", ({SCHOOL_A: 4, PARTNERSHIP_A: 3},), (frozenset(),)),
        SchoolScores("birch", ({SCHOOL_A: 2, PARTNERSHIP_A: None},), (frozenset({"2.1", "1.2"}),)),
    ]


def test_every_leader_of_a_school_who_submitted_counts_in_it(connection: Connection) -> None:
    bring(connection, river(schools={"alder": ["ann", "ben"], "birch": ["ben"], "cedar": ["cat"], "damson": ["dan"]}))
    cycle = cycles.open_cycle(connection, FrameworkShelf(), "river", "Summer 2027", NEXT_MONDAY, None, MONDAY)
    answer(connection, cycle.id, "alder", "ann", {"1.1.a": (4, 3)}, votes=["1.1"])
    answer(connection, cycle.id, "alder", "ben", {"1.1.a": (2, 2)}, votes=["1.2"])
    (alder,) = submitted_scores(connection, cycle.id)
    assert alder.leaders == ({SCHOOL_A: 4, PARTNERSHIP_A: 3}, {SCHOOL_A: 2, PARTNERSHIP_A: 2})
    assert alder.votes == (frozenset({"1.1"}), frozenset({"1.2"}))


def test_the_scores_of_one_school_are_those_it_has_among_all(connection: Connection) -> None:
    cycle = opened(connection)
    answer(connection, cycle.id, "alder", "ann", {"1.1.a": (4, 3)}, votes=["1.1"])
    answer(connection, cycle.id, "birch", "ben", {"1.1.a": (2, None)})
    answer(connection, cycle.id, "cedar", "cat", {"1.1.a": (1, 1)}, submit=False)
    assert [scores_of(connection, cycle.id, school) for school in ("alder", "birch")] == submitted_scores(
        connection, cycle.id
    )
    assert scores_of(connection, cycle.id, "cedar") == SchoolScores("cedar", (), ())


def test_nothing_of_another_cycle_counts(connection: Connection) -> None:
    cycle = opened(connection)
    answer(connection, cycle.id, "alder", "ann", {"1.1.a": (4, 3)})
    cycles.close_cycle(connection, cycle.id, MONDAY, by=None)
    second = cycles.open_cycle(connection, FrameworkShelf(), "river", "Again", NEXT_MONDAY, None, MONDAY)
    assert submitted_scores(connection, second.id) == []


def test_an_open_cycle_has_no_report(connection: Connection, shelf: FrameworkShelf) -> None:
    cycle = opened(connection)
    with pytest.raises(NotClosed, match="still open"):
        report_snapshots.freeze(connection, shelf, cycle.id, NEXT_MONDAY - timedelta(seconds=1))
    assert connection.scalar(select(func.count()).select_from(tables.Snapshot)) == 0


def test_the_snapshot_holds_the_facts_of_the_cycle(connection: Connection, shelf: FrameworkShelf) -> None:
    cycle = opened(connection)
    four_schools_submit(connection, cycle.id)
    cycles.close_cycle(connection, cycle.id, MONDAY, by=None)
    snapshot = report_snapshots.freeze(connection, shelf, cycle.id, MONDAY)
    assert (snapshot.cycle, snapshot.partnership, snapshot.number, snapshot.made_at) == (cycle.id, "river", 1, MONDAY)
    assert (snapshot.facts.response.submitted, snapshot.facts.response.roster) == (4, 4)
    # The middle of 1, 2, 3, 4 is 2.5, and of 3, 3, 4, 4 it is 3.5.
    shown = snapshot.facts.subthemes[0]
    assert (shown.own_school, shown.partnership) == (Shown(Decimal("2.5"), 4), Shown(Decimal("3.5"), 4))


def test_a_cycle_whose_time_is_over_can_be_frozen_before_the_clock_closes_it(
    connection: Connection, shelf: FrameworkShelf
) -> None:
    cycle = opened(connection)
    assert report_snapshots.freeze(connection, shelf, cycle.id, NEXT_MONDAY + timedelta(seconds=20)).number == 1
    closed = cycles.cycle_by_id(connection, cycle.id)
    assert closed is not None
    assert closed.closed_at == NEXT_MONDAY
    assert not cycles.close_overdue(connection, cycle.id, NEXT_MONDAY + timedelta(minutes=1))


def test_it_is_made_once_and_can_be_found_again(connection: Connection, shelf: FrameworkShelf) -> None:
    cycle = opened(connection)
    four_schools_submit(connection, cycle.id)
    cycles.close_cycle(connection, cycle.id, MONDAY, by=None)
    first = report_snapshots.freeze(connection, shelf, cycle.id, MONDAY)
    response = connection.execute(select(tables.Response.id).filter_by(person_id="ann")).scalar_one()
    answering.save_answer(connection, response, SCHOOL_A, 4, None, MONDAY)
    assert report_snapshots.freeze(connection, shelf, cycle.id, NEXT_MONDAY) == first
    assert report_snapshots.snapshot(connection, first.id) == first
    assert report_snapshots.snapshot(connection, first.id + 1) is None


def test_a_cycle_that_is_not_there_cannot_be_frozen(connection: Connection, shelf: FrameworkShelf) -> None:
    with pytest.raises(LookupError):
        report_snapshots.freeze(connection, shelf, 999, MONDAY)


@pytest.fixture
def closed(database: Database) -> int:
    def story(connection: Connection) -> int:
        cycle = opened(connection)
        four_schools_submit(connection, cycle.id)
        return cycles.close_cycle(connection, cycle.id, MONDAY, by=None).id

    return database.write_now(story)


def test_many_who_ask_at_the_same_moment_get_one_snapshot(database: Database, closed: int) -> None:
    def ask(_: int) -> int:
        return database.write_now(lambda connection: report_snapshots.freeze(connection, shelf, closed, MONDAY)).id

    shelf = FrameworkShelf()
    with ThreadPoolExecutor(6) as threads:
        assert len(set(threads.map(ask, range(6)))) == 1
