"""The one gate that every figure over schools passes on its way to a message, picture, file or log.

The rule behind the rules (source: "What is withheld" in ``docs/analysis.md``, with the reasoning in full): a reader who
knows the scores of their own school, everything that was published, and this rule is left with at least two possible
levels for every other school in every cell. So every decision here, and every ranking made afterwards, depends on
nothing but figures that are published themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction
from math import floor
from typing import Final, TypeAlias

from core.analysis.agreement import Agreement
from core.analysis.counts import Tally
from core.analysis.nonresponse import Bounds, median_bounds
from core.analysis.scores import Cell, mean_of_most

LEAST_SCHOOLS: Final = 4
LEAST_FOR_DIFFERENCE: Final = 5
LEAST_VOTING: Final = 5
LEAST_OTHERS: Final = 5
LEAST_FOR_CRITERIA: Final = 5
LEAST_FOR_CRITERIA_OF_TWO: Final = 10
LEAST_FOR_COUNTS: Final = 8
LEAST_PARTNERSHIPS: Final = 5
HIDDEN_AT_AN_END: Final = 2
"""So many votes are never told apart from fewer, at either end."""

_TENTH: Final = Decimal("0.1")


class Reason(StrEnum):
    """Why a figure is withheld.

    There is one reason on purpose: to tell "too few schools" from "at an end of the scale" would tell the very thing
    that is withheld.
    """

    FEW_SCHOOLS = "few-schools"


@dataclass(frozen=True, slots=True)
class Shown:
    value: Decimal
    """With one decimal."""
    n: int
    """How many schools it was made of."""


@dataclass(frozen=True, slots=True)
class Withheld:
    reason: Reason = Reason.FEW_SCHOOLS


Published: TypeAlias = Shown | Withheld


def shown_as_it_is(cell: Cell) -> Published:
    """Where schools have agreed to be named, nothing is withheld; there is no figure of no school."""
    return Withheld() if cell.value is None else Shown(to_tenth(cell.value), cell.n)


def to_tenth(value: Fraction) -> Decimal:
    """One decimal, half up; below zero half down (-0.25 is -0.3), so that a difference reads the same both ways."""
    tenths = (Decimal(value.numerator * 10) / Decimal(value.denominator)).quantize(Decimal(1), ROUND_HALF_UP)
    return Decimal(int(tenths)) * _TENTH


def disclose_median(cell: Cell, lowest: int, highest: int) -> Published:
    """The median of schools' scores on a scale from ``lowest`` to ``highest``: from four schools.

    Less than four schools: withheld. Exactly four: withheld at either end of the scale. There the middle two, and so
    three of the four schools, stand at the end; a reader whose own score differs would know all the others. From five
    schools on, a median at the end leaves at least one school free to stand elsewhere, and nobody can say which.
    """
    if cell.value is None or cell.n < LEAST_SCHOOLS:
        return Withheld()
    value = to_tenth(cell.value)
    at_an_end = not lowest < value < highest
    return Withheld() if cell.n == LEAST_SCHOOLS and at_an_end else Shown(value, cell.n)


def disclose_difference(cell: Cell, own_school: Published, partnership: Published) -> Published:
    """The own-school/partnership difference: from five schools with both scores, and only beside both medians.

    With four, the three figures of a sub-theme together can leave one possibility: on a scale of four levels a reader
    at 1 and 1 who sees 2.0, 3.5 and -1.5 knows that each of the other three scored its own school 2. With five or
    more, one of the other schools can always move a level without moving any of the three.
    """
    if cell.value is None or cell.n < LEAST_FOR_DIFFERENCE:
        return Withheld()
    if isinstance(own_school, Withheld) or isinstance(partnership, Withheld):
        return Withheld()
    return Shown(to_tenth(cell.value), cell.n)


def mean_of_published(cells: Sequence[Published]) -> Published:
    """An area's figure: the mean of its sub-themes' figures as they are shown, if at least half of them are.

    ``n`` is the smallest of theirs. It is not the median of schools' area scores: published beside the medians and
    differences of the sub-themes, that could leave a single possibility for partnerships of any size. A figure made
    of published figures tells nothing new.
    """
    value = mean_of_most([Fraction(cell.value) if isinstance(cell, Shown) else None for cell in cells])
    if value is None:
        return Withheld()
    return Shown(to_tenth(value), min(cell.n for cell in cells if isinstance(cell, Shown)))


class Bound(StrEnum):
    AT_MOST = "at-most"
    ABOUT = "about"
    AT_LEAST = "at-least"


@dataclass(frozen=True, slots=True)
class Votes:
    """How many schools chose a sub-theme: about, at most or at least ``schools`` of the ``voting`` ones."""

    schools: int
    voting: int
    bound: Bound

    @property
    def share(self) -> Fraction:
        return Fraction(self.schools, self.voting)


@dataclass(frozen=True, slots=True)
class Count:
    """So many of ``of`` schools: about, at most or at least ``schools``."""

    schools: int
    of: int
    bound: Bound


@dataclass(frozen=True, slots=True)
class Span:
    least: Decimal
    most: Decimal


def disclose_votes(cell: Cell) -> Votes | Withheld:
    """A mean vote as a number of schools: from five voting schools, and never near none or all of them.

    None, one and two are all "at most 2", and so at the other end: "none" and "all" would tell every school's vote, and
    "one" and "all but one" would tell it to the school that stands alone. Where leaders of a school chose differently
    their shares add up to a number between, which is rounded: the remainder could point at the school with several
    leaders.
    """
    if cell.value is None or cell.n < LEAST_VOTING:
        return Withheld()
    schools = floor(cell.value * cell.n + Fraction(1, 2))
    most = cell.n - HIDDEN_AT_AN_END
    if schools <= HIDDEN_AT_AN_END:
        return Votes(HIDDEN_AT_AN_END, cell.n, Bound.AT_MOST)
    return Votes(most, cell.n, Bound.AT_LEAST) if schools >= most else Votes(schools, cell.n, Bound.ABOUT)


def votes_as_they_are(cell: Cell) -> Votes | Withheld:
    """Votes as a number of schools, rounded, where schools agreed to be named."""
    if cell.value is None:
        return Withheld()
    return Votes(floor(cell.value * cell.n + Fraction(1, 2)), cell.n, Bound.ABOUT)


def span(bounds: Bounds) -> Span:
    return Span(to_tenth(bounds.least), to_tenth(bounds.most))


def leave_votes_over(listed: Sequence[Votes | Withheld], votes_of_a_leader: int) -> bool:
    """Whether the listed sub-themes can be told together: they must not have taken nearly all votes of the others.

    A leader has ``votes_of_a_leader`` votes. Where none is left, a reader would know that nobody else chose what is not
    listed. If this is False, tell no votes, and list by need alone: the order would tell the same.
    """
    told = [votes for votes in listed if isinstance(votes, Votes)]
    taken = sum(votes.schools for votes in told if votes.bound is not Bound.AT_MOST)
    return not told or taken < votes_of_a_leader * (told[0].voting - 1)


def disclose_others(cell: Cell) -> Published:
    """The median of the other schools, for one school's own report: from five others that have a score."""
    return shown_as_it_is(cell) if cell.n >= LEAST_OTHERS else Withheld()


def disclose_criterion(cell: Cell) -> Published:
    """The median of schools' answers to one criterion: from five schools."""
    return shown_as_it_is(cell) if cell.n >= LEAST_FOR_CRITERIA else Withheld()


def disclose_agreement(word: Agreement | None, n: int, levels: int) -> Agreement | Withheld:
    """The word for how far schools agree about a criterion: from five schools, on a scale of two levels from ten."""
    least = LEAST_FOR_CRITERIA_OF_TWO if levels == 2 else LEAST_FOR_CRITERIA
    return Withheld() if word is None or n < least else word


def disclose_count(tally: Tally) -> Count | Withheld:
    """How many schools have come so far: from eight schools, and never near none or all of them."""
    return Withheld() if tally.of < LEAST_FOR_COUNTS else _count(tally)


def disclose_network_count(tally: Tally) -> Count | Withheld:
    """How many partnerships of a network: from five, and never near none or all of them."""
    return Withheld() if tally.of < LEAST_PARTNERSHIPS else _count(tally)


def disclose_network_median(cell: Cell) -> Published:
    """The median of partnerships' published figures: from five partnerships."""
    return shown_as_it_is(cell) if cell.n >= LEAST_PARTNERSHIPS else Withheld()


def _count(tally: Tally) -> Count:
    most = tally.of - HIDDEN_AT_AN_END
    if tally.schools <= HIDDEN_AT_AN_END:
        return Count(HIDDEN_AT_AN_END, tally.of, Bound.AT_MOST)
    if tally.schools >= most:
        return Count(most, tally.of, Bound.AT_LEAST)
    return Count(tally.schools, tally.of, Bound.ABOUT)


@dataclass(frozen=True, slots=True)
class Gate:
    """What passes for the readers of one cycle: everything where its schools agreed to be named to one another."""

    named: bool = False

    @property
    def least(self) -> int:
        """How many schools it takes before there is any figure."""
        return 1 if self.named else LEAST_SCHOOLS

    def median(self, cell: Cell, lowest: int, highest: int) -> Published:
        return shown_as_it_is(cell) if self.named else disclose_median(cell, lowest, highest)

    def difference(self, cell: Cell, own_school: Published, partnership: Published) -> Published:
        return shown_as_it_is(cell) if self.named else disclose_difference(cell, own_school, partnership)

    def criterion(self, cell: Cell) -> Published:
        return shown_as_it_is(cell) if self.named else disclose_criterion(cell)

    def agreement(self, word: Agreement | None, n: int, levels: int) -> Agreement | Withheld:
        if self.named:
            return Withheld() if word is None else word
        return disclose_agreement(word, n, levels)

    def count(self, tally: Tally) -> Count | Withheld:
        return Count(tally.schools, tally.of, Bound.ABOUT) if self.named else disclose_count(tally)

    def could_be(self, scores: Sequence[Fraction | None], missing: int, lowest: int, highest: int) -> Span | Withheld:
        n = sum(score is not None for score in scores)
        if not self.named and (n < LEAST_FOR_COUNTS or n - missing < 2 * HIDDEN_AT_AN_END + 2):
            return Withheld()
        return span(median_bounds(scores, missing, lowest, highest))

    def votes(self, cell: Cell) -> Votes | Withheld:
        return votes_as_they_are(cell) if self.named else disclose_votes(cell)
