"""The disclosure rules: what passes, from how many schools, and where the proof in ``docs/analysis.md`` needs it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Final

from core.analysis.agreement import Agreement
from core.analysis.counts import Tally
from core.analysis.disclosure.published import (
    LEAST_SCHOOLS,
    Bound,
    Count,
    Published,
    Span,
    Votes,
    Withheld,
    as_it_is,
    bounded,
    difference_of_published,
    to_tenth,
)
from core.analysis.disclosure.words import word_may_be_told
from core.analysis.nonresponse import Bounds
from core.analysis.scores import Cell

LEAST_FOR_SPREAD: Final = 8
"""No counts and no bounds below eight schools."""


@dataclass(frozen=True, slots=True)
class ScoredCell:
    """How many schools scored a sub-theme from one perspective; the scores themselves don't matter."""

    schools: int
    """How many schools have a score for it."""
    incomplete: int
    """How many scored some of its criteria and left others blank."""


@dataclass(frozen=True, slots=True)
class Gate:
    """The rules for the readers of one cycle."""

    named: bool = False
    """The schools agreed to be named to one another: everything passes."""
    known: int = 1
    """The most schools whose scores one reader knows, because they lead them."""

    @property
    def least(self) -> int:
        """How many schools it takes before any figure is shown."""
        return 1 if self.named else LEAST_SCHOOLS + 2 * (self.known - 1)

    @property
    def _enough(self) -> int:
        """From so many schools a median is safe wherever it lies: five, and two more for each other school that a
        reader knows. The schools a reader does not know then hold the middle even after one of them has moved.
        """
        return self.least + 1

    @property
    def _hidden(self) -> int:
        """So many are never told apart from fewer, at either end of a count: those a reader knows, and one more."""
        return self.known + 1

    def median(self, cell: Cell, lowest: int, highest: int) -> Published:
        """The median of schools' scores on a scale from ``lowest`` to ``highest``: from four schools.

        With exactly four it is withheld at either end of the scale. There the middle two, and so three of the four
        schools, stand at the end; a reader whose own score differs would know all the others.
        """
        if self.named or cell.value is None:
            return as_it_is(cell)
        inside = lowest < to_tenth(cell.value) < highest
        return as_it_is(cell) if cell.n >= self._enough or (cell.n == self.least and inside) else Withheld()

    def middle(self, cell: Cell) -> Published:
        """A median that is told from five schools, or partnerships, wherever it lies: that of the other schools in one
        school's own report, or that of a network's partnerships.
        """
        return as_it_is(cell) if self.named or cell.n >= self._enough else Withheld()

    def difference(self, cell: Cell, own_school: Published, partnership: Published) -> Published:
        """Own school minus partnership: the difference of the two medians as shown, unless schools are named.

        The median of the schools' own differences ties the two sides of each school together, and published beside both
        medians and what schools agree about it could leave a single possibility.
        """
        return as_it_is(cell) if self.named else difference_of_published(own_school, partnership)

    def criteria(self, scored: ScoredCell) -> bool:
        """Whether single criteria of a sub-theme may be shown: from five schools, if few enough left criteria unscored.

        None of five or six schools, one of seven or eight, two of nine or ten.
        """
        most = ceil(scored.schools / 2) - 2 - self.known
        return self.named or (scored.schools >= self._enough and scored.incomplete <= most)

    def criterion(self, cell: Cell, scored: ScoredCell) -> Published:
        """The median of the schools' answers to one criterion."""
        return as_it_is(cell) if self.criteria(scored) else Withheld()

    def agreement(self, word: Agreement | None, n: int, levels: int, scored: ScoredCell) -> Agreement | Withheld:
        """The word for how far ``n`` schools agree on a criterion."""
        if word is None or not self.criteria(scored):
            return Withheld()
        return word if self.named or word_may_be_told(n, self.known, levels) else Withheld()

    def count(self, tally: Tally) -> Count | Withheld:
        """How many schools that scored a whole sub-theme have reached a level: from eight, never near none or all.

        ``tally`` covers only those schools.
        """
        if self.named:
            return Count(tally.schools, tally.of, Bound.ABOUT)
        if tally.of < max(LEAST_FOR_SPREAD, self._enough):
            return Withheld()
        schools, bound = bounded(tally.schools, tally.of, self._hidden)
        return Count(schools, tally.of, bound)

    def partnerships(self, tally: Tally) -> Count | Withheld:
        """A count of a network's partnerships: from five, never near none or all."""
        if tally.of < self._enough:
            return Withheld()
        told, bound = bounded(tally.schools, tally.of, self._hidden)
        return Count(told, tally.of, bound)

    def could_be(self, bounds: Bounds, missing: int, scored: ScoredCell) -> Span | Withheld:
        """What a median could be if the missing schools had answered, from eight schools that have.

        Only where the lowest or highest few of them don't decide it.
        """
        decided_by = ceil((scored.schools - missing) / 2)
        safe = scored.schools >= LEAST_FOR_SPREAD and decided_by >= scored.incomplete + self.known + 2
        return Span(to_tenth(bounds.least), to_tenth(bounds.most)) if self.named or safe else Withheld()

    def votes(self, cell: Cell) -> Votes | Withheld:
        """A mean vote as a number of schools: from five voting schools, and never near none or all of them.

        None, one and two are all "at most 2", and likewise at the top: "none" and "all" would reveal every vote, and
        "one" and "all but one" would reveal the others' to the school that is alone. Where leaders of a school chose
        differently their shares add up to a number between, which is rounded: the remainder could point at the school
        with several leaders.
        """
        if cell.value is None:
            return Withheld()
        schools = floor(cell.value * cell.n + Fraction(1, 2))
        if self.named:
            return Votes(schools, cell.n, Bound.ABOUT)
        if cell.n < self._enough:
            return Withheld()
        told, bound = bounded(schools, cell.n, self._hidden)
        return Votes(told, cell.n, bound)

    def leaves_votes_over(self, considered: Sequence[Votes | Withheld], votes_of_a_leader: int) -> bool:
        """Whether votes can be shown together: they mustn't account for nearly all votes of the other schools.

        A leader has ``votes_of_a_leader`` votes. Where none is left, a reader would know that nobody else chose
        anything outside ``considered``, the sub-themes that are listed or would be but for a tie.
        """
        told = [votes for votes in considered if isinstance(votes, Votes)]
        taken = sum(votes.schools for votes in told if votes.bound is not Bound.AT_MOST)
        return self.named or not told or taken < votes_of_a_leader * (told[0].voting - self.known)


def may_follow(named: bool, figures: bool) -> bool:
    """Whether another snapshot of a cycle may follow one that published ``figures`` or only the response rate.

    Whoever sees two medians, one with a late school and one without, can often work that school out. So figures are
    published once, unless schools agreed to be named.
    """
    return named or not figures
