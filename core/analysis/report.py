"""The facts of a cycle's report: every figure that may be published, and nothing else. ``report_making`` makes them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from core.analysis.agreement import Agreement
from core.analysis.disclosure import LEAST_SCHOOLS, Count, Published, Span, Votes, Withheld
from core.analysis.trend import Direction, Moves
from core.enquiry import Visibility
from core.framework import Perspective


@dataclass(frozen=True, slots=True)
class ResponseRate:
    submitted: int
    roster: int
    least: int = LEAST_SCHOOLS
    """How many schools are needed before any figure can be shown: four, or one where schools agreed to be named."""

    @property
    def partial(self) -> bool:
        """Fewer than 60% of the schools have submitted."""
        return self.submitted * 5 < self.roster * 3

    @property
    def missing(self) -> int:
        """How many more schools are needed before any figure can be shown; 0 where there are enough."""
        return max(0, self.least - self.submitted)


@dataclass(frozen=True, slots=True)
class CriterionFacts:
    """Where schools stand on one criterion, from the one perspective for which agreement is shown.

    That is the partnership's, where all look at the same thing, or own school's where only that is asked about.
    """

    id: str
    value: Published
    """The median of the schools' answers."""
    agreement: Agreement | Withheld


@dataclass(frozen=True, slots=True)
class Detail:
    """What accompanies a sub-theme's figure from one perspective."""

    perspective: Perspective
    established: Count | Withheld
    """How many schools stand at the established level or above; from eight schools."""
    could_be: Span | Withheld | None
    """What the figure could be if the missing schools had answered; None where none is missing."""


@dataclass(frozen=True, slots=True)
class SubThemeFacts:
    """A sub-theme's figures; None where the framework does not ask for one, which is not the same as withheld."""

    id: str
    own_school: Published | None
    partnership: Published | None
    difference: Published | None
    """Own school minus partnership: the median of the schools' own differences, not the difference of the medians."""
    criteria: tuple[CriterionFacts, ...] = ()
    details: tuple[Detail, ...] = ()
    """One for each perspective that is asked; none in a report of the first version."""

    def figure(self, perspective: Perspective) -> Published | None:
        return self.own_school if perspective is Perspective.SCHOOL else self.partnership


@dataclass(frozen=True, slots=True)
class AreaFacts:
    id: str
    own_school: Published | None
    partnership: Published | None
    subthemes: tuple[SubThemeFacts, ...]

    def figure(self, perspective: Perspective) -> Published | None:
        return self.own_school if perspective is Perspective.SCHOOL else self.partnership


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
    evidence_first: bool = False
    """A criterion of it is split: "discuss the evidence first"."""


@dataclass(frozen=True, slots=True)
class Difference:
    rank: int
    subtheme: str
    value: Decimal
    """Above 0 where schools score themselves higher than the partnership, below 0 where lower."""


@dataclass(frozen=True, slots=True)
class Forms:
    """Forms of collaboration: where the partnership stands between trust and support and challenge."""

    trust: Published
    challenge: Published
    improvement: bool | None
    """Whether it is in the one named box, established or above on both; None where either is withheld."""


@dataclass(frozen=True, slots=True)
class TrendLine:
    subtheme: str
    perspective: Perspective
    then: Decimal
    now: Decimal
    """Both as they were published."""
    direction: Direction
    """Of ``change``: a move is half a level or more."""
    moves: Moves | None
    """How many schools moved; only where schools agreed to be named."""

    @property
    def change(self) -> Decimal:
        return self.now - self.then


@dataclass(frozen=True, slots=True)
class Trend:
    """What changed since the cycle before, on the same version of the framework."""

    previous: int
    """The id of the cycle that it is compared with."""
    schools: int
    """How many submitted both times. The published figures are of all that submitted each time."""
    respondents_changed: int
    """In how many of those different leaders answered than last time."""
    lines: tuple[TrendLine, ...]


class More(StrEnum):
    """What the schools could do or agree to in order to see more."""

    MORE_SCHOOLS = "more-schools"
    """More schools would have to submit."""
    BE_OPEN = "be-open"
    """The schools could agree to be open with one another."""
    SCORE_MORE = "score-more"
    """Sub-themes are withheld because schools left some of their criteria unscored, or stood at an end of the scale."""


@dataclass(frozen=True, slots=True)
class ReportFacts:
    response: ResponseRate
    areas: tuple[AreaFacts, ...]
    strongest: tuple[Strength, ...]
    """Up to three, more only where they tie; empty where nothing stands out or everything is withheld."""
    priorities: tuple[Priority, ...]
    differences: tuple[Difference, ...]
    visibility: Visibility = Visibility.OWN_AND_GROUP
    forms: Forms | None = None
    """None where the framework does not ask for it."""
    trend: Trend | None = None
    """None without a comparable earlier cycle."""
    more: tuple[More, ...] = ()

    @property
    def enough(self) -> bool:
        """Whether enough schools have submitted for any figure; if not, only the response rate may be mentioned."""
        return self.response.missing == 0

    @property
    def subthemes(self) -> tuple[SubThemeFacts, ...]:
        return tuple(subtheme for area in self.areas for subtheme in area.subthemes)

    def of_agreement(self, word: Agreement) -> tuple[str, ...]:
        """The criteria with this word for agreement, in the framework's order."""
        criteria = (criterion for subtheme in self.subthemes for criterion in subtheme.criteria)
        return tuple(criterion.id for criterion in criteria if criterion.agreement is word)
