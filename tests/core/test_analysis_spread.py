"""How many schools have come so far, and what those that are missing could change."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import pytest

from core.analysis.counts import Tally, at_or_above
from core.analysis.nonresponse import Bounds, median_bounds, tally_bounds


def fractions(*values: float | None) -> list[Fraction | None]:
    return [None if value is None else Fraction(value) for value in values]


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        pytest.param((), Tally(0, 0), id="no school"),
        pytest.param((3,), Tally(1, 1), id="one"),
        pytest.param((3, 2.5), Tally(1, 2), id="two and a half is not yet three"),
        pytest.param((3, 4, None), Tally(2, 2), id="without a score a school is not counted"),
        pytest.param((1, 2, 3, 3, 4, 4), Tally(4, 6), id="4 of 6 at Established or above"),
    ],
)
def test_schools_at_established_or_above_are_counted(scores: Sequence[float | None], expected: Tally) -> None:
    assert at_or_above(fractions(*scores), 3) == expected


@pytest.mark.parametrize(
    ("scores", "missing", "least", "most"),
    [
        pytest.param((2, 3, 4), 0, 3, 3, id="nobody is missing"),
        # 1 1 2 2 3 3 4 and 2 2 3 3 4 4 4
        pytest.param((2, 2, 3, 3, 4), 2, 2, 3, id="two of seven"),
        pytest.param((2,), 1, 1.5, 3, id="one of two"),
        pytest.param((2,), 2, 1, 4, id="more are missing than answered"),
        pytest.param((), 3, 1, 4, id="nobody answered"),
        pytest.param((), 0, 1, 4, id="nobody was asked"),
        pytest.param((None, 2, 3), 1, 2, 3, id="without a score a school counts as neither"),
    ],
)
def test_missing_schools_could_all_stand_at_one_end(
    scores: Sequence[float | None], missing: int, least: float, most: float
) -> None:
    assert median_bounds(fractions(*scores), missing, 1, 4) == Bounds(Fraction(least), Fraction(most))


def test_a_count_could_have_all_missing_schools_in_it_or_none() -> None:
    assert tally_bounds(Tally(4, 6), 2) == (Tally(4, 8), Tally(6, 8))
