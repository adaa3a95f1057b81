"""From leaders' levels to a school's score, and from schools' scores to the partnership's value.

Every formula is exact (fractions); the source of each is section "The formulas" of ``docs/analysis.md``. Scores lie
between the lowest and the highest level of the framework.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from core.framework import Area, Perspective, Row, SubTheme


@dataclass(frozen=True, slots=True)
class SchoolScores:
    """A school that has submitted: an entry in ``leaders`` and in ``votes`` for each leader who did."""

    school: str
    leaders: tuple[Mapping[Row, int | None], ...]
    """The level given to each row; None or absent where it is unscored."""
    votes: tuple[frozenset[str], ...]
    """The sub-themes each leader chose as priorities; empty where a leader chose none."""
    respondents: frozenset[str] = field(default=frozenset(), compare=False)
    """The leaders' ids, only to check whether they are the same people as last time."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure across schools, not yet cleared for anyone to see, and how many schools it is based on."""

    value: Fraction | None
    """None where ``n`` is 0."""
    n: int


def median(values: Iterable[Fraction]) -> Fraction | None:
    """The middle value, or the midpoint of the middle two; None for no values."""
    ordered = tuple(values)
    return statistics.median(ordered) if ordered else None


def mean_of_most(values: Sequence[Fraction | None]) -> Fraction | None:
    """The mean of the values present, if at least half of all are; else None."""
    there = [value for value in values if value is not None]
    return sum(there, Fraction()) / len(there) if there and 2 * len(there) >= len(values) else None


def school_answer(school: SchoolScores, row: Row) -> Fraction | None:
    """A school's answer: the median of its leaders, so that one school is one voice however many leaders it has.

    Leaders who left the row unscored do not count. None if no leader scored it; one leader's level as it is; the
    midpoint of two (so half levels are possible); the middle one of three.
    """
    levels = (leader.get(row) for leader in school.leaders)
    return median(Fraction(level) for level in levels if level is not None)


def subtheme_score(school: SchoolScores, subtheme: SubTheme, perspective: Perspective) -> Fraction | None:
    """S(i,s,p): the mean of a school's answered criteria, if at least half of the sub-theme's criteria are answered.

    One of two criteria is enough, or two of three; None where too few are answered.
    """
    return mean_of_most([school_answer(school, Row(criterion.id, perspective)) for criterion in subtheme.criteria])


def area_score(school: SchoolScores, area: Area, perspective: Perspective) -> Fraction | None:
    """A school's score for an area: the mean of its sub-themes, if at least half of them have a score."""
    return mean_of_most([subtheme_score(school, subtheme, perspective) for subtheme in area.subthemes])


def over_schools(scores: Iterable[Fraction | None]) -> Cell:
    """The median over the schools that have a score, with their number.

    No school gives no value, one school its own score, two their midpoint, three the middle one: all of these would
    reveal individual schools, and ``disclosure`` withholds every one of them.
    """
    there = [score for score in scores if score is not None]
    return Cell(median(there), len(there))


def partnership_value(schools: Sequence[SchoolScores], subtheme: SubTheme, perspective: Perspective) -> Cell:
    """P(s,p): the median of S(i,s,p) over the schools that have one. For n = 0 to 3 see ``over_schools``."""
    return over_schools(subtheme_score(school, subtheme, perspective) for school in schools)
