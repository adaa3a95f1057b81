"""What a figure could be if the schools that are missing had answered. Source: "Response" in ``docs/analysis.md``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from core.analysis.counts import Tally
from core.analysis.scores import median


@dataclass(frozen=True, slots=True)
class Bounds:
    """The least and the most that a figure could be; nobody may see them yet."""

    least: Fraction
    most: Fraction


def median_bounds(scores: Iterable[Fraction | None], missing: int, lowest: int, highest: int) -> Bounds:
    """The median if all ``missing`` schools had the lowest level, and if all had the highest.

    With nobody missing both are the median itself. Once more are missing than have a score, the bounds are the ends of
    the scale; so they are with no school at all. Of one, two or three schools they tell about single ones.
    """
    there = [score for score in scores if score is not None]
    least = median([*there, *[Fraction(lowest)] * missing])
    most = median([*there, *[Fraction(highest)] * missing])
    return Bounds(Fraction(lowest) if least is None else least, Fraction(highest) if most is None else most)


def tally_bounds(tally: Tally, missing: int) -> tuple[Tally, Tally]:
    """A count if none of the missing schools were counted in it, and if all were; both out of all schools."""
    of = tally.of + missing
    return Tally(tally.schools, of), Tally(tally.schools + missing, of)
