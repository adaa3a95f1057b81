"""Need, votes, and what comes first."""

from __future__ import annotations

from fractions import Fraction

import pytest

from core.analysis.priorities import need, school_vote, votes, weight
from core.analysis.ranking import Ranked, first
from core.analysis.scores import Cell
from tests.support.scores import school


@pytest.mark.parametrize(
    ("partnership", "established", "expected"),
    [
        pytest.param(Fraction(1), 3, Fraction(1), id="the lowest level has the whole way to go"),
        pytest.param(Fraction(5, 2), 3, Fraction(1, 4), id="half a level of two"),
        pytest.param(Fraction(3), 3, Fraction(0), id="established"),
        pytest.param(Fraction(4), 3, Fraction(0), id="beyond it is not a need below zero"),
        pytest.param(Fraction(3), 6, Fraction(3, 5), id="a scale of seven"),
        pytest.param(Fraction(3, 2), 2, Fraction(1, 2), id="a scale of two"),
    ],
)
def test_need_is_the_share_of_the_way_to_established(
    partnership: Fraction, established: int, expected: Fraction
) -> None:
    assert need(partnership, established) == expected


def test_a_schools_vote_is_the_share_of_its_leaders() -> None:
    oak = school("oak", {}, {}, {}, votes=[{"1.1", "1.2"}, {"1.2"}, set()])
    assert [school_vote(oak, subtheme) for subtheme in ("1.1", "1.2", "1.3")] == [
        Fraction(1, 3),
        Fraction(2, 3),
        Fraction(0),
    ]


def test_votes_are_the_mean_over_the_schools_that_voted() -> None:
    one = school("ash", {}, votes=[{"1.1"}])
    half = school("elm", {}, {}, votes=[{"1.1"}, {"1.2"}])
    other = school("oak", {}, votes=[{"1.3"}])
    none = school("yew", {}, {}, votes=[set(), set()])
    # (1 + 1/2 + 0) / 3; the school that chose nothing has no say in the mean
    assert votes([one, half, other, none], "1.1") == Cell(Fraction(1, 2), 3)


def test_nobody_voted() -> None:
    assert votes([school("yew", {}, votes=[set()])], "1.1") == Cell(None, 0)
    assert votes([], "1.1") == Cell(None, 0)


def test_votes_can_double_a_need_and_never_make_one() -> None:
    assert weight(Fraction(1, 4), Fraction(1)) == Fraction(1, 2)
    assert weight(Fraction(0), Fraction(1)) == 0


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        pytest.param([1, 9, 5, 7], "b1 d2 c3", id="the three highest"),
        pytest.param([5, 9, 5, 1], "b1 a2 c2", id="a tie shares its rank"),
        pytest.param([5, 9, 9, 1], "b1 c1 a3", id="the next one counts all before it"),
        pytest.param([5, 9, 5, 7, 5], "b1 d2 a3 c3 e3", id="a tie for the last place is listed whole"),
        pytest.param([5, 9, 5, 7, 5, 5], "b1 d2", id="unless it is too long to stand out"),
        pytest.param([5, 5, 5, 5, 5, 5], "", id="nothing stands out"),
        pytest.param([], "", id="nothing there"),
    ],
)
def test_first_are_three_and_ties_are_ties(values: list[int], expected: str) -> None:
    listed = first({"abcdef"[place]: Fraction(value) for place, value in enumerate(values)}, 3)
    assert listed == tuple(Ranked(int(each[1]), each[0]) for each in expected.split())
