"""What a figure could be if the missing schools had answered. Source: "Response" in ``docs/analysis.md``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from core.analysis.counts import Tally
from core.analysis.scores import median


@dataclass(frozen=True, slots=True)
class Bounds:
    """The lowest and highest that a figure could be; not yet cleared for anyone to see."""

    least: Fraction
    most: Fraction


def median_bounds(scores: Iterable[Fraction | None], missing: int, lowest: int, highest: int) -> Bounds:
    """The median if all ``missing`` schools had the lowest level, and if all had the highest.

    With none missing, both are the median itself. Once more are missing than have a score, the bounds are the ends of
    the scale, as they are with no school at all. With one, two or three schools they reveal individual ones.
    """
    there = [score for score in scores if score is not None]
    least = median([*there, *[Fraction(lowest)] * missing])
    most = median([*there, *[Fraction(highest)] * missing])
    return Bounds(Fraction(lowest) if least is None else least, Fraction(highest) if most is None else most)


def tally_bounds(tally: Tally, missing: int) -> tuple[Tally, Tally]:
    """A count if none of the missing schools had been counted, and if all had; both out of all schools."""
    of = tally.of + missing
    return Tally(tally.schools, of), Tally(tally.schools + missing, of)
