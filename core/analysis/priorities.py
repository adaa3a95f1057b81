"""What the partnership might work on first: how far a sub-theme has to go, and who wants it.

Source: "Priorities" in ``docs/analysis.md``.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from core.analysis.scores import Cell, SchoolScores


def school_vote(school: SchoolScores, subtheme: str) -> Fraction | None:
    """The share (0 to 1) of a school's leaders who chose this sub-theme; None if none of them chose anything."""
    if not any(school.votes):
        return None
    return Fraction(sum(subtheme in vote for vote in school.votes), len(school.votes))


def votes(schools: Sequence[SchoolScores], subtheme: str) -> Cell:
    """v: the mean vote (0 to 1) of the schools that voted for anything at all, with their number.

    There is no value if none voted; with one, two or three voting schools the mean reveals individual schools, so
    ``disclosure`` withholds it.
    """
    shares = [share for school in schools if (share := school_vote(school, subtheme)) is not None]
    return Cell(sum(shares, Fraction()) / len(shares) if shares else None, len(shares))


def need(partnership: Fraction, established: int) -> Fraction:
    """How far a sub-theme has to go: 0 at "Established" or above, 1 at the lowest level.

    Need = max(0, A - P) / (A - 1), where A is the level that the framework calls established (2 or more).
    """
    return max(Fraction(), established - partnership) / (established - 1)


def weight(need: Fraction, vote: Fraction) -> Fraction:
    """Need x (1 + v), between 0 and 2: votes can double a need, but never create one."""
    return need * (1 + vote)
