"""Own school against the partnership."""

from __future__ import annotations

from fractions import Fraction

import pytest

from core.analysis.gaps import (
    leaders_differ,
    others_values,
    own_minus_partnership,
    own_school_partnership_difference,
)
from core.analysis.scores import Cell, SchoolScores
from core.framework import Perspective, Row
from tests.support.scores import Pair, school, small_framework

SUBTHEME = small_framework({"1": {"1.1": 1}}).subthemes[0]


def schools(*pairs: Pair) -> list[SchoolScores]:
    return [school(f"school {number}", {"1.1.a": pair}) for number, pair in enumerate(pairs)]


def test_it_is_the_median_of_each_schools_own_difference() -> None:
    # 0, 2, 0, -1, 2: in order -1 0 0 2 2. The medians, 3 and 2, would make it 1, out of two different schools.
    cell = own_school_partnership_difference(schools((1, 1), (4, 2), (4, 4), (2, 3), (3, 1)), SUBTHEME)
    assert cell == Cell(Fraction(0), 5)


def test_a_school_that_scored_one_side_only_has_no_difference() -> None:
    assert own_minus_partnership(schools((3, None))[0], SUBTHEME) is None
    assert own_school_partnership_difference(schools((3, None), (None, 1), (4, 1)), SUBTHEME) == Cell(Fraction(3), 1)


def test_it_is_below_zero_where_the_partnership_is_scored_higher() -> None:
    assert own_school_partnership_difference(schools((1, 4), (2, 4)), SUBTHEME) == Cell(Fraction(-5, 2), 2)


def test_no_school_has_none() -> None:
    assert own_school_partnership_difference([], SUBTHEME) == Cell(None, 0)


def test_the_others_are_all_schools_but_this_one() -> None:
    four = schools((1, 4), (2, 4), (4, 1), (None, 2))
    assert others_values(four, SUBTHEME, Perspective.SCHOOL)["school 0"] == Cell(Fraction(3), 2)
    assert others_values(four, SUBTHEME, Perspective.PARTNERSHIP)["school 0"] == Cell(Fraction(2), 3)
    assert others_values(four[:1], SUBTHEME, Perspective.SCHOOL)["school 0"] == Cell(None, 0)


@pytest.mark.parametrize(
    ("scores", "others"),
    [
        # In order 1 2 4. Without the 2: 1 4, without the 4: 1 2, without the 1: 2 4; to who has no score: all three.
        pytest.param((2, None, 4, 1), ("5/2", "2", "3/2", "3"), id="one without a score"),
        # In order 1 2 2 2 4. Whichever 2 is left out, 1 2 2 4 are there.
        pytest.param((2, 4, 2, 1, 2), ("2", "2", "2", "2", "2"), id="several alike"),
        # In order 1 1 3 4. Without a 1: 1 3 4, without the 3 or the 4: 1 1 and the other.
        pytest.param((1, 4, 1, 3), ("3", "1", "3", "1"), id="alike in one half"),
        pytest.param((3, 1), ("1", "3"), id="two"),
    ],
)
def test_each_school_has_others_of_its_own(scores: tuple[int | None, ...], others: tuple[str, ...]) -> None:
    n = sum(score is not None for score in scores)
    expected = [
        Cell(Fraction(value), n if score is None else n - 1) for score, value in zip(scores, others, strict=True)
    ]
    pairs: list[Pair] = [(score, None) for score in scores]
    found = others_values(schools(*pairs), SUBTHEME, Perspective.SCHOOL)
    assert list(found.values()) == expected


def test_leaders_differ_where_they_stand_two_levels_apart() -> None:
    framework = small_framework({"1": {"1.1": 2}})
    three = school(
        "any",
        {"1.1.a": (1, 2), "1.1.b": (2, None)},
        {"1.1.a": (3, 3), "1.1.b": (3, 1)},
        {"1.1.a": (2, None), "1.1.b": (None, 3)},
    )
    assert list(leaders_differ(three, framework)) == [
        Row("1.1.a", Perspective.SCHOOL),
        Row("1.1.b", Perspective.PARTNERSHIP),
    ]
    alone = school("any", {"1.1.a": (1, None)})
    assert list(leaders_differ(alone, framework)) == []
