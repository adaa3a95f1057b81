"""The facts of a cycle's report: every figure that may be published, and nothing else.

Whatever is ranked here is ranked by the figures as they are shown, so that an order tells no more than they do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from core.analysis.disclosure import (
    LEAST_SCHOOLS,
    Bound,
    Published,
    Shown,
    Votes,
    Withheld,
    disclose_difference,
    disclose_median,
    disclose_votes,
    leave_votes_over,
    mean_of_published,
    to_tenth,
)
from core.analysis.gaps import own_school_partnership_difference
from core.analysis.priorities import need, votes, weight
from core.analysis.ranking import MOST_FIRST, first
from core.analysis.scores import SchoolScores, partnership_value
from core.enquiry import MOST_PRIORITIES
from core.framework import Area, Framework, Perspective, SubTheme

WIDE: Final = Decimal("0.5")
"""The least difference worth speaking of: one criterion of a sub-theme's two, scored one level apart. Less than that is
what rounding and the midpoint between two schools can do."""


@dataclass(frozen=True, slots=True)
class ResponseRate:
    submitted: int
    roster: int

    @property
    def partial(self) -> bool:
        """Under 60 % of the schools have submitted."""
        return self.submitted * 5 < self.roster * 3

    @property
    def missing(self) -> int:
        """How many schools more it takes before any figure can be shown; 0 where there are enough."""
        return max(0, LEAST_SCHOOLS - self.submitted)


@dataclass(frozen=True, slots=True)
class SubThemeFacts:
    """Each figure is None where the framework does not ask for it, which is not the same as withheld."""

    id: str
    own_school: Published | None
    partnership: Published | None
    difference: Published | None
    """Own school minus partnership: the median of the schools' own differences, not the difference of the medians."""


@dataclass(frozen=True, slots=True)
class AreaFacts:
    id: str
    own_school: Published | None
    partnership: Published | None
    subthemes: tuple[SubThemeFacts, ...]


@dataclass(frozen=True, slots=True)
class Strength:
    rank: int
    subtheme: str
    value: Decimal


@dataclass(frozen=True, slots=True)
class Priority:
    rank: int
    subtheme: str
    need: Decimal | None
    """0 to 1; None where the framework does not ask about the partnership."""
    votes: Votes | Withheld


@dataclass(frozen=True, slots=True)
class Difference:
    rank: int
    subtheme: str
    value: Decimal
    """Above 0 where schools score themselves higher than the partnership, below 0 where lower."""


@dataclass(frozen=True, slots=True)
class ReportFacts:
    response: ResponseRate
    areas: tuple[AreaFacts, ...]
    strongest: tuple[Strength, ...]
    """Up to three, more only where they tie; empty where nothing stands out or everything is withheld."""
    priorities: tuple[Priority, ...]
    differences: tuple[Difference, ...]

    @property
    def enough(self) -> bool:
        """Whether enough schools have submitted for any figure; if not, only the response may be spoken of."""
        return self.response.missing == 0

    @property
    def subthemes(self) -> tuple[SubThemeFacts, ...]:
        return tuple(subtheme for area in self.areas for subtheme in area.subthemes)


def report_facts(framework: Framework, schools_in_roster: int, submitted: Sequence[SchoolScores]) -> ReportFacts:
    """What may be published of a closed cycle. ``framework`` is already narrowed to the cycle's scope.

    The order of the schools makes no difference. Of fewer than four submitted schools every figure is withheld.
    """
    areas = tuple(_area(framework, area, submitted) for area in framework.areas)
    subthemes = tuple(subtheme for area in areas for subtheme in area.subthemes)
    return ReportFacts(
        response=ResponseRate(len(submitted), schools_in_roster),
        areas=areas,
        strongest=_strongest(subthemes),
        priorities=_priorities(framework, subthemes, submitted),
        differences=_differences(subthemes),
    )


def _area(framework: Framework, area: Area, schools: Sequence[SchoolScores]) -> AreaFacts:
    subthemes = tuple(_subtheme(framework, subtheme, schools) for subtheme in area.subthemes)
    return AreaFacts(
        id=area.id,
        own_school=_mean([subtheme.own_school for subtheme in subthemes]),
        partnership=_mean([subtheme.partnership for subtheme in subthemes]),
        subthemes=subthemes,
    )


def _mean(cells: Sequence[Published | None]) -> Published | None:
    asked = [cell for cell in cells if cell is not None]
    return mean_of_published(asked) if asked else None


def _subtheme(framework: Framework, subtheme: SubTheme, schools: Sequence[SchoolScores]) -> SubThemeFacts:
    own_school = _median(framework, subtheme, Perspective.SCHOOL, schools)
    partnership = _median(framework, subtheme, Perspective.PARTNERSHIP, schools)
    difference = None
    if own_school is not None and partnership is not None:
        cell = own_school_partnership_difference(schools, subtheme)
        difference = disclose_difference(cell, own_school, partnership)
    return SubThemeFacts(subtheme.id, own_school, partnership, difference)


def _median(
    framework: Framework, subtheme: SubTheme, perspective: Perspective, schools: Sequence[SchoolScores]
) -> Published | None:
    if perspective not in framework.perspectives:
        return None
    lowest, highest = framework.level_values[0], framework.level_values[-1]
    return disclose_median(partnership_value(schools, subtheme, perspective), lowest, highest)


def _most(subthemes: Sequence[SubThemeFacts]) -> int:
    """A third of the sub-themes, three at most: of a few, not all can be strongest and first priorities at once."""
    return min(MOST_FIRST, max(1, len(subthemes) // 3))


def _strongest(subthemes: Sequence[SubThemeFacts]) -> tuple[Strength, ...]:
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


def _priorities(
    framework: Framework, subthemes: Sequence[SubThemeFacts], schools: Sequence[SchoolScores]
) -> tuple[Priority, ...]:
    rank = _by_need_and_votes if Perspective.PARTNERSHIP in framework.perspectives else _by_votes
    cast = {each.id: disclose_votes(votes(schools, each.id)) for each in subthemes}
    listed = rank(framework, subthemes, cast)
    if leave_votes_over([each.votes for each in listed], MOST_PRIORITIES):
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
    weights = {subtheme: weight(needs[subtheme], _share(cast[subtheme])) for subtheme in needs if needs[subtheme] > 0}
    return tuple(
        Priority(each.rank, each.subtheme, to_tenth(needs[each.subtheme]), cast[each.subtheme])
        for each in first(weights, _most(subthemes))
    )


def _by_votes(
    _: Framework, subthemes: Sequence[SubThemeFacts], cast: Mapping[str, Votes | Withheld]
) -> tuple[Priority, ...]:
    """Without the partnership perspective there is no need; what hardly anybody chose is no priority."""
    chosen = {
        subtheme: votes.share
        for subtheme, votes in cast.items()
        if isinstance(votes, Votes) and votes.bound is not Bound.AT_MOST
    }
    return tuple(
        Priority(each.rank, each.subtheme, None, cast[each.subtheme]) for each in first(chosen, _most(subthemes))
    )


def _share(votes: Votes | Withheld) -> Fraction:
    return votes.share if isinstance(votes, Votes) else Fraction()


def _differences(subthemes: Sequence[SubThemeFacts]) -> tuple[Difference, ...]:
    """The widest, whichever way they point, from half a level on."""
    values = {each.id: each.difference.value for each in subthemes if isinstance(each.difference, Shown)}
    wide = {subtheme: abs(value) for subtheme, value in values.items() if abs(value) >= WIDE}
    return tuple(Difference(each.rank, each.subtheme, values[each.subtheme]) for each in first(wide, MOST_FIRST))
