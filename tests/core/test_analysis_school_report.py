"""A school's own report, and schools by name."""

from __future__ import annotations

from decimal import Decimal

import pytest

from core.analysis import others
from core.analysis.disclosure import Gate, Shown, Withheld
from core.analysis.report_making import report_facts
from core.analysis.school_report import SchoolReport, own_report
from core.analysis.school_table import Column, SchoolRow, may_see, school_table
from core.analysis.scores import SchoolScores
from core.enquiry import Visibility
from core.framework import Perspective, Row
from tests.support.scores import school, small_framework

FRAMEWORK = small_framework({"1": {"1.1": 2, "1.2": 1}})
OWN = school("own", {"1.1.a": (1, 4), "1.1.b": (2, 4)}, {"1.1.a": (3, 4), "1.1.b": (2, None), "1.2.a": (2, 3)})
REST = [school(name, {"1.1.a": (3, 2), "1.1.b": (3, 3), "1.2.a": (2, 2)}) for name in "abcde"]
ALL = [OWN, *REST]
BOTH = (Perspective.SCHOOL, Perspective.PARTNERSHIP)


def shown(value: str, n: int) -> Shown:
    return Shown(Decimal(value), n)


def of(schools: list[SchoolScores]) -> SchoolReport:
    told = others.others_of_each(FRAMEWORK, schools, Gate())["own"]
    return own_report(FRAMEWORK, OWN, told, report_facts(FRAMEWORK, 7, schools))


def test_own_figures_stand_beside_the_partnerships_and_the_others() -> None:
    first, second = of(ALL).subthemes
    assert first.own_school is not None
    # Own: the medians of 1 and 3 and of 2 and 2. All six: 2 3 3 3 3 3.
    assert (first.own_school.own, first.own_school.group, first.own_school.others) == (
        Decimal("2.0"),
        shown("3.0", 6),
        shown("3.0", 5),
    )
    assert (first.own_school.gap, first.own_school.flagged) == (Decimal("-1.0"), True)
    assert first.partnership is not None
    assert (first.partnership.gap, first.partnership.flagged) == (Decimal("1.5"), True)
    assert second.own_school is not None
    assert (second.own_school.gap, second.own_school.flagged) == (Decimal("0.0"), False)


def test_standing_and_view_are_flagged_apart() -> None:
    report = of(ALL)
    assert report.flagged(Perspective.SCHOOL) == ("1.1",)
    assert report.flagged(Perspective.PARTNERSHIP) == ("1.1", "1.2")


def test_an_area_has_own_and_partnership_and_no_gap() -> None:
    (area,) = of(ALL).areas
    assert area.own_school is not None
    assert (area.own_school.own, area.own_school.group) == (Decimal("2.0"), shown("2.5", 6))
    assert (area.own_school.gap, area.own_school.flagged) == (None, False)


def test_the_leaders_of_the_school_learn_where_they_differ() -> None:
    report = of(ALL)
    assert report.leaders == 2
    assert report.leaders_differ == (Row("1.1.a", Perspective.SCHOOL),)
    assert report.subthemes[0].criteria[0].answers == dict(zip(BOTH, (Decimal("2.0"), Decimal("4.0")), strict=True))


def test_of_fewer_than_five_others_there_is_no_gap() -> None:
    figure = of(ALL[:5]).subthemes[0].own_school
    assert figure is not None
    assert (figure.own, figure.others, figure.gap) == (Decimal("2.0"), Withheld(), None)


def test_a_school_that_scored_nothing_has_the_partnership_to_look_at() -> None:
    silent = school("own", {})
    report = own_report(FRAMEWORK, silent, {}, report_facts(FRAMEWORK, 7, REST))
    figure = report.subthemes[0].own_school
    assert figure is not None
    assert (figure.own, figure.group, figure.gap) == (None, shown("3.0", 5), None)


def test_of_fewer_than_five_others_a_school_may_see_nothing() -> None:
    assert others.others_of_each(FRAMEWORK, ALL[:5], Gate())["own"] == {}


@pytest.mark.parametrize(
    ("visibility", "leader", "lead"),
    [
        (Visibility.OPEN, True, True),
        (Visibility.LEAD_ONLY, False, True),
        (Visibility.OWN_AND_GROUP, False, False),
    ],
)
def test_names_are_seen_by_whom_the_schools_agreed_to(visibility: Visibility, leader: bool, lead: bool) -> None:
    assert may_see(visibility, lead=False) is leader
    assert may_see(visibility, lead=True) is lead


def test_the_table_has_a_row_for_each_school_in_the_order_of_their_ids() -> None:
    table = school_table(FRAMEWORK, [OWN, *REST[1::-1]])
    assert table.columns == tuple(Column(each, side) for side in BOTH for each in ("1.1", "1.2"))
    assert [row.school for row in table.rows] == ["a", "b", "own"]
    own = tuple(Decimal(each) for each in ("2.0", "2.0", "4.0", "3.0"))
    assert table.rows[2] == SchoolRow("own", 2, own, None, None)
    assert table.of(Perspective.PARTNERSHIP)["own"] == own[2:]
    assert table.partnership == (shown("3.0", 3), shown("2.0", 3), shown("2.5", 3), shown("2.0", 3))


def test_a_table_of_no_school_says_so() -> None:
    table = school_table(FRAMEWORK, [])
    assert (table.rows, set(table.partnership)) == ((), {Withheld()})
