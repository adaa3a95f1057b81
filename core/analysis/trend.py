"""What moved since last time, school by school. Source: "Trend" in ``docs/analysis.md``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final

from core.analysis.scores import SchoolScores, mean_of_most, school_answer
from core.framework import Perspective, Row, SubTheme

A_MOVE: Final = Fraction(1, 2)
LEAST_FOR_ARROW: Final = 4


class Direction(StrEnum):
    UP = "up"
    SAME = "same"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Moves:
    """How many schools moved up, stayed and moved down, of those that answered both times."""

    up: int
    same: int
    down: int

    @property
    def schools(self) -> int:
        return self.up + self.same + self.down

    @property
    def arrow(self) -> Direction | None:
        """Up or down where more than half of the schools, net, moved that way; else none. From four schools."""
        net = self.up - self.down
        if self.schools < LEAST_FOR_ARROW or 2 * abs(net) <= self.schools:
            return None
        return Direction.UP if net > 0 else Direction.DOWN


@dataclass(frozen=True, slots=True)
class Twice:
    """A school that submitted in both cycles."""

    then: SchoolScores
    now: SchoolScores

    @property
    def respondents_changed(self) -> bool:
        """Whether different leaders answered: they may see things differently, so a trend always says so."""
        return self.then.respondents != self.now.respondents


def in_both(then: Sequence[SchoolScores], now: Sequence[SchoolScores]) -> tuple[Twice, ...]:
    before = {school.school: school for school in then}
    return tuple(Twice(before[school.school], school) for school in now if school.school in before)


def direction(change: Fraction) -> Direction:
    """A move is half a level or more."""
    if change >= A_MOVE:
        return Direction.UP
    return Direction.DOWN if change <= -A_MOVE else Direction.SAME


def school_change(school: Twice, subtheme: SubTheme, perspective: Perspective) -> Fraction | None:
    """Now minus then, over the criteria that the school answered both times, if they are at least half of all.

    Both cycles must ask them in the same version. Between -(K-1) and K-1.
    """
    rows = [Row(criterion.id, perspective) for criterion in subtheme.criteria]
    return mean_of_most([_change(school_answer(school.then, row), school_answer(school.now, row)) for row in rows])


def _change(then: Fraction | None, now: Fraction | None) -> Fraction | None:
    return None if then is None or now is None else now - then


def moves(schools: Iterable[Twice], subtheme: SubTheme, perspective: Perspective) -> Moves:
    """How many schools in both cycles moved up, stayed and moved down. With fewer than four there is no arrow."""
    changes = [school_change(school, subtheme, perspective) for school in schools]
    found = [direction(change) for change in changes if change is not None]
    return Moves(found.count(Direction.UP), found.count(Direction.SAME), found.count(Direction.DOWN))
