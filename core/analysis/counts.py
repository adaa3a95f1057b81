"""How many schools have reached a level. Source: "Counts" in ``docs/analysis.md``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Tally:
    """``schools`` of the ``of`` that have a score; a count that nobody may see yet."""

    schools: int
    of: int


def at_or_above(scores: Iterable[Fraction | None], level: int) -> Tally:
    """ "4 of 6 at Established or above": how many schools have S >= level, of those that have S.

    0 of 0 where none has a score. With one, two or three schools it would reveal individual ones.
    """
    there = [score for score in scores if score is not None]
    return Tally(sum(score >= level for score in there), len(there))
