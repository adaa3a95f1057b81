"""What a school, the lead and a network may see, as it was when the report was made."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Connection, delete, select, update

from core.analysis.disclosure import Shown, Withheld
from core.analysis.periods import Period, Term
from core.analysis.trend import Direction
from core.enquiry import Visibility
from core.framework import Perspective
from core.services import (
    cycles,
    network_reports,
    report_snapshots,
    school_reports,
)
from core.services import (
    visibility as consents,
)
from core.services.network_reports import NotOver
from core.services.report_snapshots import Snapshot
from core.storage import tables
from core.storage.frameworks import FrameworkShelf
from tests.support.days import london
from tests.support.enquiries import MONDAY, NEXT_MONDAY, answer, bring
from tests.support.partnership_files import river

LED_BY = {"alder": "ann", "birch": "ben", "cedar": "cat", "damson": "dan", "elm": "eve", "fir": "fay"}
SIX: Mapping[str, int] = {"alder": 1, "birch": 2, "cedar": 2, "damson": 3, "elm": 3, "fir": 4}
LATER = MONDAY + timedelta(days=100)


def brought(connection: Connection, *, visibility: Visibility = Visibility.OWN_AND_GROUP) -> None:
    """Six schools with a leader each, and all of them agree to what the partnership wishes to see."""
    schools = {school: [person] for school, person in LED_BY.items()}
    bring(connection, river(schools=schools, people=(*LED_BY.values(), "lea"), visibility=visibility.value))
    if visibility is not Visibility.OWN_AND_GROUP:
        for school, person in LED_BY.items():
            consents.say(connection, "river", school, visibility, True, person, MONDAY)


def opened(connection: Connection, at: datetime = MONDAY) -> int:
    closes_at = at + (NEXT_MONDAY - MONDAY)
    return cycles.open_cycle(connection, FrameworkShelf(), "river", "A cycle", closes_at, None, at).id


def submit(connection: Connection, cycle: int, levels: Mapping[str, int]) -> None:
    """Of sub-theme 1.1 each school gives itself this level, and the partnership 3."""
    for school, level in levels.items():
        answer(connection, cycle, school, LED_BY[school], {"1.1.a": (level, 3), "1.1.b": (level, 3)})


def frozen(connection: Connection, cycle: int, levels: Mapping[str, int], at: datetime = MONDAY) -> Snapshot:
    submit(connection, cycle, levels)
    cycles.close_cycle(connection, cycle, at, by=None)
    return report_snapshots.freeze(connection, FrameworkShelf(), cycle, at)


def first(levels: Mapping[str, int], schools: int) -> dict[str, int]:
    return dict(list(levels.items())[:schools])


def shown(value: str, n: int) -> Shown:
    return Shown(Decimal(value), n)


def test_late_answers_do_not_change_figures_that_were_told(connection: Connection, shelf: FrameworkShelf) -> None:
    brought(connection)
    cycle = opened(connection)
    told = frozen(connection, cycle, first(SIX, 5))
    submit(connection, cycle, {"fir": 4})
    assert report_snapshots.freeze(connection, shelf, cycle, NEXT_MONDAY) == told
    assert school_reports.lead_view(connection, shelf, told.cycle).late == ("Fir School",)
    assert school_reports.own_report_of(connection, shelf, told, "fir") is None


def test_a_report_that_told_the_response_alone_may_be_followed(connection: Connection, shelf: FrameworkShelf) -> None:
    brought(connection)
    cycle = opened(connection)
    told = frozen(connection, cycle, first(SIX, 3))
    assert not told.facts.enough
    assert report_snapshots.freeze(connection, shelf, cycle, NEXT_MONDAY) == told
    submit(connection, cycle, {"damson": 3, "elm": 3})
    second = report_snapshots.freeze(connection, shelf, cycle, NEXT_MONDAY)
    assert (second.number, second.facts.response.submitted) == (2, 5)
    submit(connection, cycle, {"fir": 4})
    assert report_snapshots.freeze(connection, shelf, cycle, NEXT_MONDAY) == second
    assert report_snapshots.last_snapshot(connection, cycle) == second
    assert report_snapshots.snapshot(connection, told.id) == told


def test_where_schools_are_open_late_answers_make_another_report(connection: Connection, shelf: FrameworkShelf) -> None:
    brought(connection, visibility=Visibility.OPEN)
    cycle = opened(connection)
    assert frozen(connection, cycle, first(SIX, 2)).facts.enough
    submit(connection, cycle, {"cedar": 2})
    second = report_snapshots.freeze(connection, shelf, cycle, NEXT_MONDAY)
    assert (second.number, second.facts.response.submitted) == (2, 3)


def test_a_school_that_left_and_answers_that_were_erased_change_no_report(
    connection: Connection, shelf: FrameworkShelf
) -> None:
    brought(connection)
    cycle = opened(connection)
    told = frozen(connection, cycle, SIX)
    response = select(tables.Response.id).filter_by(person_id="fay").scalar_subquery()
    connection.execute(delete(tables.Answer).where(tables.Answer.response_id == response))
    connection.execute(update(tables.Membership).filter_by(school_id="fir").values(left_on=MONDAY.date()))
    assert report_snapshots.freeze(connection, shelf, cycle, NEXT_MONDAY) == told


def test_an_own_report_has_the_others_as_they_were_frozen(connection: Connection, shelf: FrameworkShelf) -> None:
    brought(connection)
    snapshot = frozen(connection, opened(connection), SIX)
    assert school_reports.schools_in(connection, snapshot) == tuple(SIX)
    found = school_reports.own_report_of(connection, shelf, snapshot, "alder")
    assert found is not None
    figure = found[1].subthemes[0].own_school
    assert figure is not None
    # All six 1 2 2 3 3 4, the others 2 2 3 3 4.
    assert (figure.own, figure.group, figure.others) == (Decimal("1.0"), shown("2.5", 6), shown("3.0", 5))
    connection.execute(update(tables.Answer).values(level=4))
    again = school_reports.own_report_of(connection, shelf, snapshot, "alder")
    assert again is not None
    own_now = again[1].subthemes[0].own_school
    assert own_now is not None
    assert (own_now.own, own_now.group, own_now.others) == (Decimal("4.0"), shown("2.5", 6), shown("3.0", 5))


@pytest.mark.parametrize(
    ("visibility", "leader", "lead"),
    [
        (Visibility.OPEN, True, True),
        (Visibility.LEAD_ONLY, False, True),
        (Visibility.OWN_AND_GROUP, False, False),
    ],
)
def test_schools_by_name_are_for_whom_they_agreed_to(
    connection: Connection, shelf: FrameworkShelf, visibility: Visibility, leader: bool, lead: bool
) -> None:
    brought(connection, visibility=visibility)
    snapshot = frozen(connection, opened(connection), first(SIX, 4))
    seen_by_leader = school_reports.table_of(connection, shelf, snapshot, lead=False)
    view = school_reports.lead_view(connection, shelf, snapshot.cycle)
    assert (seen_by_leader is not None, view.table is not None) == (leader, lead)
    assert view.submitted == ("Alder School", "Birch School", "Cedar School", "Damson School")
    assert (view.waiting, view.late) == (("Elm School", "Fir School"), ())
    if view.table is not None:
        assert view.table.of(Perspective.SCHOOL)["damson"][0] == Decimal("3.0")


def test_where_only_the_lead_sees_names_the_report_withholds_as_ever(connection: Connection) -> None:
    brought(connection, visibility=Visibility.LEAD_ONLY)
    facts = frozen(connection, opened(connection), first(SIX, 3)).facts
    assert facts.subthemes[0].own_school == Withheld()


def test_a_leader_of_two_schools_makes_figures_take_two_schools_more(connection: Connection) -> None:
    schools = {school: ["ann" if school == "birch" else person] for school, person in LED_BY.items()}
    bring(connection, river(schools=schools, people=(*LED_BY.values(), "lea")))
    cycle = opened(connection)
    for school, level in first(SIX, 5).items():
        answer(connection, cycle, school, schools[school][0], {"1.1.a": (level, 3), "1.1.b": (level, 3)})
    cycles.close_cycle(connection, cycle, MONDAY, by=None)
    facts = report_snapshots.freeze(connection, FrameworkShelf(), cycle, MONDAY).facts
    assert (facts.enough, facts.response.missing) == (False, 1)
    assert facts.subthemes[0].own_school == Withheld()


def test_a_report_is_compared_with_the_last_that_asked_as_much(connection: Connection) -> None:
    brought(connection)
    before = frozen(connection, opened(connection), SIX)
    focus_at = MONDAY + timedelta(days=30)
    closes_at = focus_at + timedelta(days=7)
    focus = cycles.open_cycle(connection, FrameworkShelf(), "river", "Focus", closes_at, ["1.1"], focus_at).id
    focused = frozen(connection, focus, dict.fromkeys(SIX, 4), focus_at)
    now = frozen(connection, opened(connection, LATER), dict.fromkeys(SIX, 4), LATER)
    assert (before.facts.trend, focused.facts.trend is not None) == (None, True)
    trend = now.facts.trend
    assert trend is not None
    # The focus cycle asked one sub-theme only.
    assert (trend.previous, trend.schools, trend.respondents_changed) == (before.cycle, 6, 0)
    line = trend.lines[0]
    assert (line.subtheme, line.then, line.now, line.direction) == ("1.1", Decimal("2.5"), Decimal("4.0"), Direction.UP)


def test_there_is_no_trend_to_a_cycle_of_which_no_figures_were_told(connection: Connection) -> None:
    brought(connection)
    frozen(connection, opened(connection), first(SIX, 3))
    assert frozen(connection, opened(connection, LATER), SIX, LATER).facts.trend is None


SUMMER = Period(Term.SUMMER, date(2027, 5, 1), date(2027, 9, 1))
SEPTEMBER = london("2027-09-06 09:00")


def test_a_network_adds_up_a_term_that_is_over_and_keeps_it(connection: Connection) -> None:
    brought(connection)
    snapshot = frozen(connection, opened(connection), SIX)
    with pytest.raises(NotOver, match="not over yet"):
        network_reports.network_report(connection, "north", "partnership-enquiry", ["river"], SUMMER, MONDAY)
    facts = network_reports.network_report(connection, "north", "partnership-enquiry", ["river"], SUMMER, SEPTEMBER)
    assert (facts.partnerships, facts.reporting, facts.submitted, facts.roster) == (1, 1, 6, 6)
    assert facts.most_needed == ()
    connection.execute(delete(tables.SnapshotFigures).filter_by(snapshot_id=snapshot.id))
    again = network_reports.network_report(connection, "north", "partnership-enquiry", [], SUMMER, SEPTEMBER)
    assert again == facts


def test_a_network_has_the_last_report_of_each_of_its_partnerships_in_the_term(connection: Connection) -> None:
    brought(connection)
    frozen(connection, opened(connection), SIX)
    second = MONDAY + timedelta(days=14)
    frozen(connection, opened(connection, second), first(SIX, 5), second)
    # As it is in a database from before there were figures beside a snapshot.
    connection.execute(delete(tables.SnapshotFigures))
    one = network_reports.summed_up(connection, "partnership-enquiry", ["river"], SUMMER)
    assert (one.reporting, one.submitted) == (1, 5)
    assert network_reports.summed_up(connection, "partnership-enquiry", ["lake"], SUMMER).reporting == 0
    assert network_reports.summed_up(connection, "another", ["river"], SUMMER).reporting == 0
    autumn = Period(Term.AUTUMN, date(2027, 9, 1), date(2028, 1, 1))
    assert network_reports.summed_up(connection, "partnership-enquiry", ["river"], autumn).reporting == 0
