"""Where two ways of looking at the same thing come apart. Source: "Gaps" in ``docs/analysis.md``."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from core.analysis.scores import Cell, SchoolScores, over_schools, subtheme_score
from core.framework import Perspective, SubTheme


def own_minus_partnership(school: SchoolScores, subtheme: SubTheme) -> Fraction | None:
    """S(i,s,school) - S(i,s,partnership); None where the school has only one of the two, or neither."""
    own = subtheme_score(school, subtheme, Perspective.SCHOOL)
    partnership = subtheme_score(school, subtheme, Perspective.PARTNERSHIP)
    return None if own is None or partnership is None else own - partnership


def own_school_partnership_difference(schools: Sequence[SchoolScores], subtheme: SubTheme) -> Cell:
    """The median over schools of own school minus partnership, between -(K-1) and K-1 on a scale of K levels.

    Above zero, schools score themselves higher than the partnership: is good practice not yet shared, or do we see
    ourselves kindly? n counts the schools with both scores. It is not the difference of the two medians, which may be
    made of different schools. What n = 0 to 3 give: see ``over_schools``.
    """
    return over_schools(own_minus_partnership(school, subtheme) for school in schools)
