"""How far schools agree about one criterion."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction

import pytest

from core.analysis.agreement import Agreement, agreement, consensus, shares


def of_counts(*counts: int) -> float:
    """The consensus of so many answers at each level, from the lowest up."""
    there = {Fraction(level): count for level, count in enumerate(counts, start=1) if count}
    return consensus(shares(there), 1, len(counts))


@pytest.mark.parametrize(
    ("counts", "published"),
    [
        pytest.param((30, 40, 210, 130, 530, 50, 10), 0.7256876, id="the example of the R package agrmt"),
        pytest.param((3, 3, 2, 3, 7), 0.3340394927779964, id="the example of the Python package stikpetP"),
        pytest.param((5, 0, 0, 0, 5), 0.0, id="half at each end, as Tastle and Wierman demand"),
        pytest.param((0, 0, 9, 0, 0), 1.0, id="all at one level, as they demand"),
        # mean 2.5 of 1..4, each half a level off: 1 + log2(1 - 0.5 / 3) = log2(5 / 3)
        pytest.param((0, 4, 4, 0), 0.7369655941662062, id="two neighbours, by hand"),
        # mean 1.4, four fifths 0.4 off and one fifth 1.6, of 2: 1 + 0.8 log2(0.8) + 0.2 log2(0.2)
        pytest.param((4, 0, 1), 1 + 0.8 * -0.3219280948873623 + 0.2 * -2.321928094887362, id="one against four"),
    ],
)
def test_the_consensus_is_the_published_one(counts: Sequence[int], published: float) -> None:
    assert of_counts(*counts) == pytest.approx(published, abs=5e-8)


def test_it_is_the_same_from_both_ends() -> None:
    assert of_counts(1, 2, 0, 5) == pytest.approx(of_counts(5, 0, 2, 1))


def test_a_midpoint_counts_half_to_each_neighbour() -> None:
    assert shares({Fraction(5, 2): 1, Fraction(3): 1}) == {2: Fraction(1, 4), 3: Fraction(3, 4)}


def word(*answers: float, levels: int = 4) -> Agreement | None:
    return agreement(Counter(Fraction(answer) for answer in answers), 1, levels)


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        pytest.param((), None, id="no school"),
        pytest.param((1,), None, id="one"),
        pytest.param((1, 4), None, id="two"),
        pytest.param((1, 4, 4), None, id="three"),
        pytest.param((1, 1, 4, 4), Agreement.SPLIT, id="two at each end"),
        # mean 2.5, 1.5 and 0.5 off: 1 + (log2 0.5 + log2 0.8333) / 2 = 0.368
        pytest.param((1, 2, 3, 4), Agreement.MIXED, id="two below and two above, but one level apart"),
        pytest.param((1, 4, 4, 4), Agreement.MIXED, id="one alone is never a side"),
        pytest.param((1, 1, 3, 4, 4), Agreement.SPLIT, id="somebody between does not mend it"),
        pytest.param((1, 3, 3, 3, 4), Agreement.CLOSE, id="four fifths within two levels, an outlier or not"),
        pytest.param((1, 2, 3, 3, 3), Agreement.CLOSE, id="four fifths"),
        # mean 2.2, 1.2 and 0.8 off: 1 + 0.4 log2(0.6) + 0.6 log2(0.7333) = 0.437
        pytest.param((1, 1, 3, 3, 3), Agreement.SPLIT, id="two against three"),
        # mean 2, four of seven a level off: 1 + 4/7 log2(2/3) = 0.666
        pytest.param((1, 1, 2, 2, 2, 3, 3), Agreement.MIXED, id="two on each side, but most between them"),
        pytest.param((2.5, 2.5, 2.5, 2.5), Agreement.CLOSE, id="all between the same two levels"),
        # a sixth at 1, a third at 2, a third at 3, a sixth at 4: 1 + log2(0.5) / 3 + 2/3 log2(0.8333) = 0.491
        pytest.param((1.5, 1.5, 2.5, 2.5, 3.5, 3.5), Agreement.SPLIT, id="midpoints two levels apart"),
    ],
)
def test_a_word_says_how_far_schools_agree(answers: Sequence[float], expected: Agreement | None) -> None:
    assert word(*answers) is expected


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        pytest.param((1, 1, 2, 2), Agreement.SPLIT, id="two on each level"),
        pytest.param((1, 2, 2, 2, 2), Agreement.CLOSE, id="four fifths at one level"),
        pytest.param((1, 2, 2, 2), Agreement.MIXED, id="three quarters at one level"),
    ],
)
def test_on_a_scale_of_two_one_level_is_what_two_are_elsewhere(answers: Sequence[float], expected: Agreement) -> None:
    assert word(*answers, levels=2) is expected
