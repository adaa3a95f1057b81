"""From leaders' levels to schools' scores and the partnership's value."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations

import pytest

from core.analysis.scores import (
    Cell,
    area_score,
    over_schools,
    partnership_value,
    school_answer,
    subtheme_score,
)
from core.framework import Perspective, Row
from tests.support.scores import Pair, school, small_framework

HALF = Fraction(1, 2)
OWN = Perspective.SCHOOL
FRAMEWORK = small_framework({"1": {"1.1": 2, "1.2": 3, "1.3": 1}})
AREA = FRAMEWORK.areas[0]
TWO, THREE, ONE = AREA.subthemes


@pytest.mark.parametrize(
    ("given", "answer"),
    [
        pytest.param([3], Fraction(3), id="one leader: the level itself"),
        pytest.param([2, 3], 2 + HALF, id="two leaders: the midpoint"),
        pytest.param([1, 4], 2 + HALF, id="two leaders far apart: the midpoint"),
        pytest.param([1, 4, 4], Fraction(4), id="three leaders: the middle one"),
        pytest.param([2, None], Fraction(2), id="a leader who could not say does not count"),
        pytest.param([None, None], None, id="nobody could say"),
    ],
)
def test_a_school_is_one_voice(given: list[int | None], answer: Fraction | None) -> None:
    leaders: list[dict[str, Pair]] = [{"1.1.a": (level, None)} for level in given]
    assert school_answer(school("oak", *leaders), Row("1.1.a", OWN)) == answer


def test_a_row_that_a_leader_never_reached_is_unscored() -> None:
    assert school_answer(school("oak", {}, {"1.1.a": (4, 1)}), Row("1.1.a", OWN)) == 4


@pytest.mark.parametrize(
    ("answers", "score"),
    [
        pytest.param({"1.2.a": 1, "1.2.b": 2, "1.2.c": 4}, Fraction(7, 3), id="all three"),
        pytest.param({"1.2.a": 1, "1.2.b": 2}, 1 + HALF, id="two of three are most of them"),
        pytest.param({"1.2.a": 1}, None, id="one of three is not"),
        pytest.param({}, None, id="none"),
    ],
)
def test_a_subtheme_is_the_mean_of_its_answered_criteria_if_half_are(
    answers: dict[str, int], score: Fraction | None
) -> None:
    oak = school("oak", {criterion: (level, None) for criterion, level in answers.items()})
    assert subtheme_score(oak, THREE, OWN) == score


def test_one_of_two_criteria_is_half() -> None:
    assert subtheme_score(school("oak", {"1.1.b": (3, None)}), TWO, OWN) == 3


def test_the_mean_is_of_the_schools_answers_not_of_its_leaders() -> None:
    # a: 2 and 4 make 3; b: only one leader scored it, 1; (3 + 1) / 2
    oak = school("oak", {"1.1.a": (2, None), "1.1.b": (1, None)}, {"1.1.a": (4, None)})
    assert subtheme_score(oak, TWO, OWN) == 2


def test_an_area_is_the_mean_of_its_subthemes_not_of_its_criteria() -> None:
    # 1.1: 1; 1.2: (2 + 2 + 2) / 3; 1.3: 4
    answers: dict[str, Pair] = {"1.1.a": (1, None), "1.3.a": (4, None)}
    answers |= {f"1.2.{letter}": (2, None) for letter in "abc"}
    assert area_score(school("oak", answers), AREA, OWN) == Fraction(7, 3)


def test_an_area_needs_half_of_its_subthemes() -> None:
    two_of_three: dict[str, Pair] = {"1.1.a": (1, None), "1.3.a": (4, None)}
    assert area_score(school("oak", two_of_three), AREA, OWN) == 2 + HALF
    assert area_score(school("oak", {"1.3.a": (4, None)}), AREA, OWN) is None


@pytest.mark.parametrize(
    ("levels", "cell"),
    [
        pytest.param([], Cell(None, 0), id="no school"),
        pytest.param([2], Cell(Fraction(2), 1), id="one"),
        pytest.param([2, 3], Cell(2 + HALF, 2), id="two"),
        pytest.param([4, 1, 2], Cell(Fraction(2), 3), id="three"),
        pytest.param([4, 1, 2, 3], Cell(2 + HALF, 4), id="four"),
        pytest.param([4, None, 1, 2, None, 3, 3], Cell(Fraction(3), 5), id="five of seven"),
    ],
)
def test_the_partnership_value_is_the_median_of_the_schools_that_have_a_score(
    levels: list[int | None], cell: Cell
) -> None:
    schools = [school(f"school {number}", {"1.3.a": (None, level)}) for number, level in enumerate(levels)]
    assert partnership_value(schools, ONE, Perspective.PARTNERSHIP) == cell


def test_the_order_of_the_schools_makes_no_difference() -> None:
    levels = [Fraction(1), Fraction(7, 3), None, Fraction(4)]
    assert {over_schools(order) for order in permutations(levels)} == {Cell(Fraction(7, 3), 3)}


def test_one_more_leader_changes_only_the_score_of_that_school() -> None:
    others = [school(name, {"1.3.a": (level, None)}) for name, level in (("ash", 1), ("elm", 2), ("yew", 4))]
    alone = school("oak", {"1.3.a": (4, None)})
    joined = school("oak", {"1.3.a": (4, None)}, {"1.3.a": (2, None)}, {"1.3.a": (2, None)})
    # 1 2 4 4, then 1 2 2 4: oak weighs the same with three leaders as with one.
    assert partnership_value([*others, alone], ONE, OWN) == Cell(Fraction(3), 4)
    assert partnership_value([*others, joined], ONE, OWN) == Cell(Fraction(2), 4)
