"""What moved since last time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from core.analysis.report import TrendLine
from core.analysis.report_making import report_facts
from core.analysis.scores import SchoolScores
from core.analysis.trend import Direction, Moves, Twice, direction, in_both, moves, school_change
from core.analysis.trend_facts import Previous
from core.enquiry import Visibility
from core.framework import Perspective
from tests.support.scores import Pair, school, small_framework

FRAMEWORK = small_framework({"1": {"1.1": 2, "1.2": 1}})
SUBTHEME = FRAMEWORK.subthemes[0]


def twice(then: Sequence[Pair], now: Sequence[Pair]) -> Twice:
    def of(pairs: Sequence[Pair]) -> SchoolScores:
        return school("any", {f"1.1.{letter}": pair for letter, pair in zip("ab", pairs, strict=True)})

    return Twice(of(then), of(now))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (Fraction(1, 2), Direction.UP),
        (Fraction(1, 3), Direction.SAME),
        (Fraction(0), Direction.SAME),
        (Fraction(-1, 3), Direction.SAME),
        (Fraction(-1, 2), Direction.DOWN),
    ],
)
def test_a_move_is_half_a_level(change: Fraction, expected: Direction) -> None:
    assert direction(change) is expected


@pytest.mark.parametrize(
    ("then", "now", "expected"),
    [
        pytest.param([(2, 1), (3, 1)], [(3, 1), (3, 1)], Fraction(1, 2), id="one of two criteria, one level"),
        pytest.param([(2, 1), (None, 1)], [(3, 1), (1, 1)], Fraction(1), id="only what was answered both times"),
        pytest.param([(2, 1), (None, 1)], [(None, 1), (1, 1)], None, id="nothing was answered both times"),
    ],
)
def test_a_schools_change_is_over_what_it_answered_both_times(
    then: Sequence[Pair], now: Sequence[Pair], expected: Fraction | None
) -> None:
    assert school_change(twice(then, now), SUBTHEME, Perspective.SCHOOL) == expected


@pytest.mark.parametrize(
    ("counted", "arrow"),
    [
        pytest.param(Moves(3, 0, 0), None, id="three schools, all up: too few for an arrow"),
        pytest.param(Moves(3, 1, 0), Direction.UP, id="three of four"),
        pytest.param(Moves(2, 2, 0), None, id="half of four is not more than half"),
        pytest.param(Moves(0, 1, 4), Direction.DOWN, id="four of five down"),
        pytest.param(Moves(4, 0, 1), Direction.UP, id="net three of five"),
        pytest.param(Moves(4, 0, 2), None, id="net two of six"),
        pytest.param(Moves(0, 0, 0), None, id="no school"),
    ],
)
def test_an_arrow_takes_four_schools_and_more_than_half_of_them_net(counted: Moves, arrow: Direction | None) -> None:
    assert counted.arrow is arrow


def cycle(levels: dict[str, int], people: str = "") -> list[SchoolScores]:
    return [
        replace(
            school(name, {"1.1.a": (level, 2), "1.1.b": (level, 2), "1.2.a": (1, 1)}),
            respondents=frozenset({f"leader of {name}{people if name == 'a' else ''}"}),
        )
        for name, level in levels.items()
    ]


THEN = cycle({"a": 2, "b": 2, "c": 2, "d": 3, "gone": 4})
NOW = cycle({"a": 3, "b": 3, "c": 3, "d": 2, "new": 1}, people=", another one")


def test_schools_of_both_cycles_are_compared_and_those_with_other_leaders_known() -> None:
    both = in_both(THEN, NOW)
    assert [each.now.school for each in both] == ["a", "b", "c", "d"]
    assert [each.respondents_changed for each in both] == [True, False, False, False]
    assert moves(both, SUBTHEME, Perspective.SCHOOL) == Moves(3, 0, 1)
    assert moves((), SUBTHEME, Perspective.SCHOOL) == Moves(0, 0, 0)


def test_the_report_compares_what_was_published() -> None:
    before = Previous(7, report_facts(FRAMEWORK, 5, THEN), THEN)
    trend = report_facts(FRAMEWORK, 5, NOW, previous=before).trend
    assert trend is not None
    assert (trend.previous, trend.schools, trend.respondents_changed) == (7, 4, 1)
    # Then 2 2 2 3 4, now 1 2 3 3 3.
    up = TrendLine("1.1", Perspective.SCHOOL, Decimal("2.0"), Decimal("3.0"), Direction.UP, None)
    assert trend.lines[0] == up
    assert up.change == Decimal("1.0")
    assert [(each.subtheme, each.perspective.value, each.direction.value) for each in trend.lines] == [
        ("1.1", "school", "up"),
        ("1.2", "school", "same"),
        ("1.1", "partnership", "same"),
        ("1.2", "partnership", "same"),
    ]


def test_how_many_moved_is_told_where_schools_are_named() -> None:
    before = Previous(7, report_facts(FRAMEWORK, 5, THEN, visibility=Visibility.OPEN), THEN)
    facts = report_facts(FRAMEWORK, 5, NOW, visibility=Visibility.OPEN, previous=before)
    assert facts.trend is not None
    assert facts.trend.lines[0].moves == Moves(3, 0, 1)


def test_it_is_not_told_beside_names_of_a_time_when_schools_were_not_named() -> None:
    """Two of today's scores beside "3 moved up" would tell two of then."""
    for then in (Visibility.OWN_AND_GROUP, Visibility.LEAD_ONLY):
        before = Previous(7, report_facts(FRAMEWORK, 5, THEN, visibility=then), THEN)
        facts = report_facts(FRAMEWORK, 5, NOW, visibility=Visibility.OPEN, previous=before)
        assert facts.trend is not None
        assert {each.moves for each in facts.trend.lines} == {None}


def test_what_was_withheld_then_or_now_has_no_trend() -> None:
    before = Previous(7, report_facts(FRAMEWORK, 5, THEN[:3]), THEN[:3])
    trend = report_facts(FRAMEWORK, 5, NOW, previous=before).trend
    assert trend is not None
    assert (trend.schools, trend.lines) == (3, ())
