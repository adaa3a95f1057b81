"""An attacker with a constraint solver: what else could the other schools have scored, given all that a reader sees?

It knows the rules, the answers of the reader's own schools and everything that is told of one sub-theme from one
perspective. It takes each other school to have one leader, which leaves the fewest possibilities. What it finds is not
believed: ``publication`` publishes it all again, and it has to come out the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache
from itertools import chain, combinations_with_replacement, product
from math import ceil
from typing import TypeAlias

from ortools.sat.python import cp_model

from core.analysis.agreement import Agreement, agreement
from core.analysis.disclosure import Bound, Count, Gate, Published, ScoredCell, Shown, Span, Withheld, to_tenth
from core.analysis.disclosure.gate import LEAST_FOR_SPREAD
from core.analysis.report import CriterionFacts, Detail
from core.analysis.scores import mean_of_most

Answers: TypeAlias = tuple[Fraction | None, ...]
"""One school's answers to the criteria of a sub-theme."""
Value: TypeAlias = Callable[[Answers], Fraction | None]
Linear: TypeAlias = cp_model.LinearExprT


def score(answers: Answers) -> Fraction | None:
    return mean_of_most(answers)


def is_complete(answers: Answers) -> bool:
    return None not in answers


def is_incomplete(answers: Answers) -> bool:
    return None in answers and any(answer is not None for answer in answers)


@dataclass(frozen=True, slots=True)
class Seen:
    """All that one reader is told of one sub-theme from one perspective."""

    levels: int
    criteria: int
    established: int
    known: int
    """What the gate takes for the most schools that one reader knows."""
    own: tuple[Answers, ...]
    """The answers of the reader's own schools."""
    others: int
    """How many other schools submitted."""
    missing: int
    median: Published
    median_of_others: tuple[Published, ...]
    """For each of the own schools."""
    told: tuple[CriterionFacts, ...]
    """Empty from the perspective of which agreement is not told."""
    detail: Detail


class Attacker:
    """The possibilities that are left to a reader."""

    def __init__(self, seen: Seen) -> None:
        self._seen = seen
        self._gate = Gate(known=seen.known)
        self._model = cp_model.CpModel()
        levels: tuple[Fraction | None, ...] = (None, *map(Fraction, range(1, seen.levels + 1)))
        self._possible: list[Answers] = list(product(levels, repeat=seen.criteria))
        # What is seen does not change where two other schools change places: so one of them, and how many of the rest.
        self._one = [self._model.new_bool_var(f"one answered {answers}") for answers in self._possible]
        self._rest = [self._model.new_int_var(0, seen.others - 1, f"answered {answers}") for answers in self._possible]
        self._model.add_exactly_one(self._one)
        self._model.add(sum(self._rest) == seen.others - 1)
        self._scores = self._counting(lambda answers: score(answers) is not None)
        self._incomplete = self._counting(is_incomplete)
        self._sees_the_medians()
        self._sees_the_criteria()
        self._sees_the_spread()

    def another(self, value: Value, than: Fraction | None) -> list[Answers] | None:
        """What the others may have answered, the first of them with a value, and not the one it is known to have."""
        model = self._model.clone()
        for one, answers in zip(self._one, self._possible, strict=True):
            if value(answers) in {None, than}:
                model.add(model.get_bool_var_from_proto_index(one.index) == 0)
        solver = cp_model.CpSolver()
        # These puzzles are small: to prepare more than this takes longer than to solve them.
        solver.parameters.num_workers = 1
        solver.parameters.linearization_level = 0
        solver.parameters.cp_model_probing_level = 0
        solver.parameters.symmetry_level = 0
        if solver.solve(model) not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
            return None
        first = [answers for one, answers in zip(self._one, self._possible, strict=True) if solver.boolean_value(one)]
        rest = (
            [answers] * solver.value(how_many) for how_many, answers in zip(self._rest, self._possible, strict=True)
        )
        return [*first, *chain.from_iterable(rest)]

    def _counting(self, holds: Callable[[Answers], bool]) -> Linear:
        """How many schools have answers of which this holds, the reader's own included."""
        return sum(holds(answers) for answers in self._seen.own) + self._others_of(holds)

    def _others_of(self, holds: Callable[[Answers], bool]) -> Linear:
        places = [place for place, answers in enumerate(self._possible) if holds(answers)]
        return sum(self._one[place] + self._rest[place] for place in places)

    def _sees_the_medians(self) -> None:
        own = [score(answers) for answers in self._seen.own]
        self._sees_a_median(self._seen.median, score, own, self._withholds_the_median(own))
        for place, median in enumerate(self._seen.median_of_others):
            rest = [*own[:place], *own[place + 1 :]]
            few = self._model.new_bool_var("few others")
            scored = self._number_of(score, rest)
            self._model.add(scored <= self._gate.least).only_enforce_if(few)
            self._sees_a_median(median, score, rest, [few])

    def _withholds_the_median(self, own: Sequence[Fraction | None]) -> list[cp_model.IntVar]:
        """Why a median may be withheld: of too few schools, or of just enough at an end of the scale."""
        few, at_an_end = self._model.new_bool_var("few"), self._model.new_bool_var("at an end")
        self._model.add(self._scores < self._gate.least).only_enforce_if(few)
        self._model.add(self._scores == self._gate.least).only_enforce_if(at_an_end)
        ends = [
            self._has_median(score, own, self._gate.least, each) for each in (to_tenth(Fraction(1)), self._top_tenth)
        ]
        self._model.add_bool_or(*ends).only_enforce_if(at_an_end)
        return [few, at_an_end]

    @property
    def _top_tenth(self) -> Decimal:
        return to_tenth(Fraction(self._seen.levels))

    def _sees_a_median(
        self, seen: Published, value: Value, own: Sequence[Fraction | None], why_not: Sequence[cp_model.IntVar]
    ) -> None:
        if isinstance(seen, Withheld):
            self._model.add_bool_or(*why_not)
        else:
            self._model.add(self._number_of(value, own) == seen.n)
            self._model.add_bool_or(self._has_median(value, own, seen.n, seen.value))

    def _number_of(self, value: Value, own: Sequence[Fraction | None]) -> Linear:
        return self._at_most(value, own, Fraction(self._seen.levels))

    def _at_most(self, value: Value, own: Sequence[Fraction | None], level: Fraction) -> Linear:
        """How many schools stand at this level or below it."""
        known = sum(each is not None and each <= level for each in own)
        return known + self._others_of(lambda answers: (found := value(answers)) is not None and found <= level)

    def _has_median(self, value: Value, own: Sequence[Fraction | None], n: int, tenth: Decimal) -> cp_model.IntVar:
        """True only where the median of ``n`` schools is shown like this."""
        levels = sorted({each for each in (*map(value, self._possible), *own) if each is not None})
        pairs = combinations_with_replacement(levels, 2)
        middles = [
            pair for pair in pairs if to_tenth(sum(pair, Fraction()) / 2) == tenth and (n % 2 == 0 or len({*pair}) == 1)
        ]
        chosen = [self._model.new_bool_var(f"{low} and {high}") for low, high in middles]
        for (low, high), is_it in zip(middles, chosen, strict=True):
            self._has_rank(value, own, levels, ((n + 1) // 2, low), is_it)
            self._has_rank(value, own, levels, (n // 2 + 1, high), is_it)
        shown = self._model.new_bool_var(f"median {tenth}")
        self._model.add_bool_or(*chosen, shown.negated())
        return shown

    def _has_rank(
        self,
        value: Value,
        own: Sequence[Fraction | None],
        levels: Sequence[Fraction],
        ranked: tuple[int, Fraction],
        if_so: cp_model.IntVar,
    ) -> None:
        rank, level = ranked
        self._model.add(self._at_most(value, own, level) >= rank).only_enforce_if(if_so)
        if (place := levels.index(level)) > 0:
            self._model.add(self._at_most(value, own, levels[place - 1]) < rank).only_enforce_if(if_so)

    def _sees_the_criteria(self) -> None:
        if not self._seen.told:
            return
        told = any(isinstance(each.value, Shown) for each in self._seen.told)
        for scored in range(len(self._seen.own) + self._seen.others + 1):
            most = max(
                (left for left in range(scored + 1) if self._gate.criteria(ScoredCell(scored, left))), default=-1
            )
            so_many = self._model.new_bool_var(f"{scored} scored")
            self._model.add(self._scores != scored).only_enforce_if(so_many.negated())
            self._model.add(self._scores == scored).only_enforce_if(so_many)
            within = self._incomplete <= most if told else self._incomplete > most
            self._model.add(within).only_enforce_if(so_many)
        if told:
            for place, criterion in enumerate(self._seen.told):
                self._sees_a_criterion(place, criterion)

    def _sees_a_criterion(self, place: int, seen: CriterionFacts) -> None:
        def value(answers: Answers) -> Fraction | None:
            return answers[place]

        own = [answers[place] for answers in self._seen.own]
        self._sees_a_median(seen.value, value, own, [])
        if isinstance(seen.agreement, Agreement):
            self._sees_a_word(seen.agreement, value, [each for each in own if each is not None])

    def _sees_a_word(self, seen: Agreement, value: Value, own: Sequence[Fraction]) -> None:
        standing = []
        for level in range(1, self._seen.levels + 1):
            number = self._model.new_int_var(0, self._seen.others, f"at {level}")
            self._model.add(number == self._others_at(value, level))
            standing.append(number)
        said = _saying(seen, self._seen.others, tuple(sorted(own)), self._seen.levels)
        self._model.add_allowed_assignments(standing, said)

    def _others_at(self, value: Value, level: int) -> Linear:
        return self._others_of(lambda answers: value(answers) == level)

    def _sees_the_spread(self) -> None:
        complete = self._counting(is_complete)
        match self._seen.detail.established:
            case Withheld():
                self._model.add(complete < max(LEAST_FOR_SPREAD, self._gate.least + 1))
            case Count(schools, of, bound):
                self._model.add(complete == of)
                self._is_bounded(self._counting(self._is_established), schools, bound)
        if self._seen.missing:
            self._sees_the_bounds(self._seen.detail.could_be)

    def _is_established(self, answers: Answers) -> bool:
        found = score(answers)
        return is_complete(answers) and found is not None and found >= self._seen.established

    def _is_bounded(self, number: Linear, told: int, bound: Bound) -> None:
        match bound:
            case Bound.AT_MOST:
                self._model.add(number <= told)
            case Bound.ABOUT:
                self._model.add(number == told)
            case Bound.AT_LEAST:
                self._model.add(number >= told)

    def _sees_the_bounds(self, seen: Span | Withheld | None) -> None:
        everybody = len(self._seen.own) + self._seen.others
        for scored in range(everybody + 1):
            safe = [left for left in range(everybody + 1) if self._bounds_are_told(scored, left)]
            so_many = self._model.new_bool_var(f"{scored} scored")
            self._model.add(self._scores != scored).only_enforce_if(so_many.negated())
            self._model.add(self._scores == scored).only_enforce_if(so_many)
            most = max(safe, default=-1)
            told = isinstance(seen, Span)
            self._model.add(self._incomplete <= most if told else self._incomplete > most).only_enforce_if(so_many)
        if isinstance(seen, Span) and isinstance(self._seen.median, Shown):
            n = self._seen.median.n + self._seen.missing
            own = [score(answers) for answers in self._seen.own]
            for level, tenth in ((1, seen.least), (self._seen.levels, seen.most)):
                with_missing = [*own, *[Fraction(level)] * self._seen.missing]
                self._model.add_bool_or(self._has_median(score, with_missing, n, tenth))

    def _bounds_are_told(self, scored: int, incomplete: int) -> bool:
        decided_by = ceil((scored - self._seen.missing) / 2)
        return scored >= LEAST_FOR_SPREAD and decided_by >= incomplete + self._seen.known + 2


@cache
def _saying(word: Agreement, others: int, own: tuple[Fraction, ...], levels: int) -> list[tuple[int, ...]]:
    """How many of the others may stand at each level so that this is the word; some may stand at none."""
    return [counts for counts in _counts(others, levels) if _word(counts, own, levels) is word]


def _counts(schools: int, levels: int) -> Iterator[tuple[int, ...]]:
    """How many of at most so many schools may stand at each level."""
    if levels == 0:
        yield ()
        return
    for first in range(schools + 1):
        yield from ((first, *rest) for rest in _counts(schools - first, levels - 1))


def _word(counts: Sequence[int], own: Sequence[Fraction], levels: int) -> Agreement | None:
    standing = Counter(own)
    standing.update({Fraction(level): count for level, count in enumerate(counts, start=1)})
    return agreement(+standing, 1, levels)
