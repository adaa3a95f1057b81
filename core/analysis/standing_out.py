"""What stands out in a report: the strongest, the first priorities, and the widest differences.

Whatever is ranked here is ranked by the figures as they are shown, so that an order tells no more than they do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final

from core.analysis.agreement import Agreement
from core.analysis.disclosure import Bound, Gate, Shown, Votes, Withheld, leave_votes_over, to_tenth
from core.analysis.priorities import need, votes, weight
from core.analysis.ranking import MOST_FIRST, first
from core.analysis.report import Difference, Priority, Strength, SubThemeFacts
from core.analysis.scores import SchoolScores
from core.enquiry import MOST_PRIORITIES
from core.framework import Framework, Perspective

WIDE: Final = Decimal("0.5")
"""The least difference worth speaking of: one criterion of a sub-theme's two, scored one level apart. Less than that is
what rounding and the midpoint between two schools can do."""


def _most(subthemes: Sequence[SubThemeFacts]) -> int:
    """A third of the sub-themes, three at most: of a few, not all can be strongest and first priorities at once."""
    return min(MOST_FIRST, max(1, len(subthemes) // 3))


def strongest(subthemes: Sequence[SubThemeFacts]) -> tuple[Strength, ...]:
    """The highest as the partnership is seen, or as schools see themselves where only that is asked.

    The lowest of them all is never called strong, so nothing is where all are level.
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
    rank = _by_need_and_votes if Perspective.PARTNERSHIP in framework.perspectives else _by_votes
    cast = {each.id: gate.votes(votes(schools, each.id)) for each in subthemes}
    listed = rank(framework, subthemes, cast)
    if gate.named or leave_votes_over([each.votes for each in listed], MOST_PRIORITIES):
        return listed
    return rank(framework, subthemes, dict.fromkeys(cast, Withheld()))


def _by_need_and_votes(
    framework: Framework, subthemes: Sequence[SubThemeFacts], cast: Mapping[str, Votes | Withheld]
) -> tuple[Priority, ...]:
    needs = {
        each.id: need(Fraction(each.partnership.value), framework.established)
        for each in subthemes
        if isinstance(each.partnership, Shown)
    }
    facts = {each.id: each for each in subthemes}
    weights = {subtheme: weight(needs[subtheme], _share(cast[subtheme])) for subtheme in needs if needs[subtheme] > 0}
    return tuple(
        Priority(
            each.rank,
            each.subtheme,
            to_tenth(needs[each.subtheme]),
            cast[each.subtheme],
            _is_split(facts[each.subtheme]),
        )
        for each in first(weights, _most(subthemes))
    )


def _by_votes(
    _: Framework, subthemes: Sequence[SubThemeFacts], cast: Mapping[str, Votes | Withheld]
) -> tuple[Priority, ...]:
    """Without the partnership perspective there is no need; what hardly anybody chose is no priority."""
    facts = {each.id: each for each in subthemes}
    chosen = {
        subtheme: votes.share
        for subtheme, votes in cast.items()
        if isinstance(votes, Votes) and votes.bound is not Bound.AT_MOST
    }
    return tuple(
        Priority(each.rank, each.subtheme, None, cast[each.subtheme], _is_split(facts[each.subtheme]))
        for each in first(chosen, _most(subthemes))
    )


def _is_split(subtheme: SubThemeFacts) -> bool:
    return any(each.agreement is Agreement.SPLIT for each in subtheme.criteria)


def _share(votes: Votes | Withheld) -> Fraction:
    return votes.share if isinstance(votes, Votes) else Fraction()


def differences(subthemes: Sequence[SubThemeFacts]) -> tuple[Difference, ...]:
    """The widest, whichever way they point, from half a level on."""
    values = {each.id: each.difference.value for each in subthemes if isinstance(each.difference, Shown)}
    wide = {subtheme: abs(value) for subtheme, value in values.items() if abs(value) >= WIDE}
    return tuple(Difference(each.rank, each.subtheme, values[each.subtheme]) for each in first(wide, MOST_FIRST))
