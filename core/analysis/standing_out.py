"""What stands out in a report: the strongest areas, the top priorities and the widest differences.

Everything here is ranked by the figures as shown, so that the order reveals no more than they do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final

from core.analysis.agreement import Agreement
from core.analysis.disclosure import Bound, Gate, Shown, Votes, Withheld, to_tenth
from core.analysis.priorities import need, votes, weight
from core.analysis.ranking import MOST_FIRST, Ranked, first, in_question
from core.analysis.report import Difference, Priority, Strength, SubThemeFacts
from core.analysis.scores import SchoolScores
from core.enquiry import MOST_PRIORITIES
from core.framework import Framework, Perspective

WIDE: Final = Decimal("0.5")
"""The smallest difference worth mentioning: one of a sub-theme's two criteria scored one level apart. Less could come
from rounding or from the midpoint between two schools."""


def _most(subthemes: Sequence[SubThemeFacts]) -> int:
    """A third of the sub-themes, at most three: a few can't all be strongest and top priorities at once."""
    return min(MOST_FIRST, max(1, len(subthemes) // 3))


def strongest(subthemes: Sequence[SubThemeFacts]) -> tuple[Strength, ...]:
    """The highest scores for the partnership, or for own schools where only those are asked about.

    The lowest score is never called strong, so nothing is strong where all are level.
    """
    values = {
        each.id: cell.value
        for each in subthemes
        if isinstance(cell := each.own_school if each.partnership is None else each.partnership, Shown)
    }
    above = {subtheme: value for subtheme, value in values.items() if value > min(values.values())}
    return tuple(Strength(each.rank, each.subtheme, values[each.subtheme]) for each in first(above, _most(subthemes)))


def priorities(
    framework: Framework, subthemes: Sequence[SubThemeFacts], schools: Sequence[SchoolScores], gate: Gate
) -> tuple[Priority, ...]:
    """What to work on first: by need and votes, or by votes alone where there is no partnership perspective."""
    by_need = Perspective.PARTNERSHIP in framework.perspectives
    needs = _needs(framework, subthemes) if by_need else None
    most = _most(subthemes)
    cast = {each.id: gate.votes(votes(schools, each.id)) for each in subthemes}
    weights = _weights(needs, cast)
    considered = [cast[subtheme] for subtheme in in_question(weights, most)]
    if not gate.leaves_votes_over(considered, MOST_PRIORITIES):
        cast = dict.fromkeys(cast, Withheld())
        weights = _weights(needs, cast)
    facts = {each.id: each for each in subthemes}
    return tuple(_priority(each, facts[each.subtheme], needs, cast) for each in first(weights, most))


def _needs(framework: Framework, subthemes: Sequence[SubThemeFacts]) -> Mapping[str, Fraction]:
    found = {
        each.id: need(Fraction(each.partnership.value), framework.established)
        for each in subthemes
        if isinstance(each.partnership, Shown)
    }
    return {subtheme: value for subtheme, value in found.items() if value > 0}


def _weights(needs: Mapping[str, Fraction] | None, cast: Mapping[str, Votes | Withheld]) -> Mapping[str, Fraction]:
    """Need and votes; without needs the votes alone, and then what hardly anybody chose is not a priority."""
    told = {subtheme: each for subtheme, each in cast.items() if isinstance(each, Votes)}
    if needs is None:
        return {subtheme: each.share for subtheme, each in told.items() if each.bound is not Bound.AT_MOST}
    none = Fraction()
    return {each: weight(needs[each], told[each].share if each in told else none) for each in needs}


def _priority(
    ranked: Ranked,
    facts: SubThemeFacts,
    needs: Mapping[str, Fraction] | None,
    cast: Mapping[str, Votes | Withheld],
) -> Priority:
    return Priority(
        rank=ranked.rank,
        subtheme=ranked.subtheme,
        need=None if needs is None else to_tenth(needs[ranked.subtheme]),
        votes=cast[ranked.subtheme],
        evidence_first=any(each.agreement is Agreement.SPLIT for each in facts.criteria),
    )


def differences(subthemes: Sequence[SubThemeFacts]) -> tuple[Difference, ...]:
    """The widest differences, in either direction, from half a level upwards."""
    values = {each.id: each.difference.value for each in subthemes if isinstance(each.difference, Shown)}
    wide = {subtheme: abs(value) for subtheme, value in values.items() if abs(value) >= WIDE}
    return tuple(Difference(each.rank, each.subtheme, values[each.subtheme]) for each in first(wide, MOST_FIRST))
