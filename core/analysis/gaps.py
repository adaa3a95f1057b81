"""Where two views of the same thing differ. Source: "Gaps" in ``docs/analysis.md``."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Final

from core.analysis.scores import Cell, SchoolScores, over_schools, subtheme_score
from core.framework import Framework, Perspective, Row, SubTheme

FLAGGED_FROM: Final = 1
"""A gap of a level or more is worth mentioning."""
LEADERS_APART: Final = 2


def own_minus_partnership(school: SchoolScores, subtheme: SubTheme) -> Fraction | None:
    """S(i,s,school) - S(i,s,partnership); None where the school has only one of the two, or neither."""
    own = subtheme_score(school, subtheme, Perspective.SCHOOL)
    partnership = subtheme_score(school, subtheme, Perspective.PARTNERSHIP)
    return None if own is None or partnership is None else own - partnership


def own_school_partnership_difference(schools: Sequence[SchoolScores], subtheme: SubTheme) -> Cell:
    """The median over schools of own school minus partnership, between -(K-1) and K-1 on a scale of K levels.

    Above zero, schools score themselves higher than the partnership: is good practice not yet shared, or are we being
    generous to ourselves? n counts the schools with both scores. It is not the difference of the two medians, which
    may come from different schools. For n = 0 to 3 see ``over_schools``.
    """
    return over_schools(own_minus_partnership(school, subtheme) for school in schools)


def others_values(schools: Sequence[SchoolScores], subtheme: SubTheme, perspective: Perspective) -> Mapping[str, Cell]:
    """For each school, the median of S over all other schools.

    Its standing gap (own school) or view gap (partnership) is measured against this. For n = 0 to 3 others see
    ``over_schools``.

    Scores are sorted once for all schools, so that a school in a large partnership takes no longer than one in a small
    one.
    """
    scores = [(each.school, subtheme_score(each, subtheme, perspective)) for each in schools]
    ordered = sorted(score for _, score in scores if score is not None)
    everybody = over_schools(ordered)
    return {school: everybody if score is None else _without(ordered, score) for school, score in scores}


def _without(ordered: Sequence[Fraction], one: Fraction) -> Cell:
    """The median of sorted scores, leaving one out."""
    n, place = len(ordered) - 1, bisect_left(ordered, one)
    if n == 0:
        return Cell(None, 0)
    low, high = (ordered[middle + (middle >= place)] for middle in ((n - 1) // 2, n // 2))
    return Cell((low + high) / 2, n)


def leaders_differ(school: SchoolScores, framework: Framework) -> Iterator[Row]:
    """The rows in which two leaders of this school are two or more levels apart; for this school's eyes only.

    Rows that fewer than two leaders scored are left out.
    """
    for row in framework.rows:
        levels = [level for leader in school.leaders if (level := leader.get(row)) is not None]
        if levels and max(levels) - min(levels) >= LEADERS_APART:
            yield row
