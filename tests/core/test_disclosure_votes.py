"""An attacker with a constraint solver against what is told of votes: who else chose what, and who did not?"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from itertools import chain, combinations, product
from random import Random
from typing import Final, TypeAlias

from hypothesis import given, settings
from hypothesis import strategies as st
from ortools.sat.python import cp_model

from core.analysis.disclosure import Gate
from core.analysis.report import Priority, SubThemeFacts
from core.analysis.report_making import report_facts
from core.analysis.scores import SchoolScores
from core.analysis.standing_out import priorities
from core.enquiry import MOST_PRIORITIES
from core.framework import Framework
from tests.support.scores import BOTH, Pair, school, small_framework

EXAMPLES: Final = max(1, int(os.environ.get("DISCLOSURE_EXAMPLES", "400")) // 5)
LEAST_VOTING: Final = 5
HIDDEN: Final = 2
Ballot: TypeAlias = frozenset[str]


def invented(random: Random) -> tuple[Framework, Mapping[str, Pair], list[Ballot]]:
    """A framework, what everybody scored alike, and what each school's leader chose; the first is the reader's."""
    ids = [f"1.{number}" for number in range(1, random.randint(3, 5) + 1)]
    framework = small_framework({"1": dict.fromkeys(ids, 1)}, perspectives=random.choice((BOTH, BOTH[:1])))
    scored: dict[str, Pair] = {f"{each}.a": (2, random.randint(1, 3)) for each in ids}
    liked = random.sample(ids, random.randint(1, len(ids)))
    number = random.randint(4, 7)
    most = random.choice((1, 3, 3))
    ballots = [frozenset(random.sample(liked, min(len(liked), random.randint(0, most)))) for _ in range(number)]
    return framework, scored, ballots


def told(framework: Framework, scored: Mapping[str, Pair], ballots: Sequence[Ballot]) -> tuple[Priority, ...]:
    return report_facts(framework, len(ballots), [school("any", scored, votes=[each]) for each in ballots]).priorities


class Listing:
    """What would be told of any counts, found by asking for it."""

    def __init__(self, framework: Framework, scored: Mapping[str, Pair], published: tuple[Priority, ...]) -> None:
        self._framework = framework
        self._published = published
        self._schools = school("any", scored)
        self._saying: dict[tuple[int, int], list[tuple[int, ...]]] = {}

    def saying_the_same(self, schools: int, voting: int) -> list[tuple[int, ...]]:
        """How often each sub-theme may have been chosen, where none, one and two are 2, and so at the other end."""
        if (schools, voting) not in self._saying:
            told_apart = range(HIDDEN, voting - HIDDEN + 1) if voting >= LEAST_VOTING else range(1)
            subthemes = report_facts(self._framework, schools, [self._schools] * schools).subthemes
            every = product(told_apart, repeat=len(subthemes))
            self._saying[schools, voting] = [each for each in every if self._says(each, subthemes, voting)]
        return self._saying[schools, voting]

    def _says(self, counts: tuple[int, ...], subthemes: Sequence[SubThemeFacts], voting: int) -> bool:
        """So many schools vote, each for something that is not asked about, and so many of them for each of these."""
        chosen = list(zip((each.id for each in subthemes), counts, strict=True))
        ballots = ({each for each, count in chosen if place < count} for place in range(voting))
        schools = [SchoolScores("any", (), (frozenset({*ballot, "elsewhere"}),)) for ballot in ballots]
        return priorities(self._framework, subthemes, schools, Gate()) == self._published


@settings(max_examples=EXAMPLES, database=None)
@given(st.integers(0, 2**40))
def test_every_other_school_may_have_chosen_each_sub_theme_or_not(seed: int) -> None:
    framework, scored, ballots = invented(Random(seed))
    published = told(framework, scored, ballots)
    listing = Listing(framework, scored, published)
    for subtheme in (each.id for each in framework.subthemes):
        for chose in (True, False):
            others = possible(framework, listing, ballots, subtheme, chose=chose)
            assert others is not None, f"it is known whether others chose {subtheme}"
            assert (subtheme in others[0]) is chose
            assert told(framework, scored, [ballots[0], *others]) == published


def possible(
    framework: Framework, listing: Listing, ballots: Sequence[Ballot], subtheme: str, *, chose: bool
) -> list[Ballot] | None:
    """What the others may have chosen, the first of them this sub-theme or not, so that the same would be told."""
    own, *others = ballots
    for voting in range(len(ballots), -1, -1):
        counts = listing.saying_the_same(len(ballots), voting)
        found = _solved([each.id for each in framework.subthemes], own, len(others), voting, counts, (subtheme, chose))
        if found is not None:
            return found
    return None


def _solved(
    subthemes: Sequence[str],
    own: Ballot,
    others: int,
    voting: int,
    counts: Sequence[tuple[int, ...]],
    first_of_them: tuple[str, bool],
) -> list[Ballot] | None:
    model = cp_model.CpModel()
    every = [frozenset(each) for size in range(MOST_PRIORITIES + 1) for each in combinations(subthemes, size)]
    first = [model.new_bool_var(f"first {ballot}") for ballot in every]
    rest = [model.new_int_var(0, others - 1, f"rest {ballot}") for ballot in every]
    model.add_exactly_one(first)
    model.add(sum(rest) == others - 1)
    subtheme, chose = first_of_them
    for is_it, ballot in zip(first, every, strict=True):
        if (subtheme in ballot) is not chose:
            model.add(is_it == 0)
    cast = list(zip(every, first, rest, strict=True))
    model.add(bool(own) + sum(one + more for ballot, one, more in cast if ballot) == voting)
    told_apart = []
    for each in subthemes:
        chosen = (each in own) + sum(one + more for ballot, one, more in cast if each in ballot)
        told_apart.append(_told_apart(model, chosen, voting))
    model.add_allowed_assignments(told_apart, counts)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    if solver.solve(model) not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        return None
    return [
        *[ballot for ballot, one, _ in cast if solver.boolean_value(one)],
        *chain.from_iterable([ballot] * solver.value(more) for ballot, _, more in cast),
    ]


def _told_apart(model: cp_model.CpModel, chosen: cp_model.LinearExprT, voting: int) -> cp_model.IntVar:
    """A count, as far as it is told apart from others; not at all where too few voted."""
    if voting < LEAST_VOTING:
        return model.new_constant(0)
    at_least = model.new_int_var(HIDDEN, voting, "at least 2")
    model.add_max_equality(at_least, [chosen, HIDDEN])
    at_most = model.new_int_var(HIDDEN, voting - HIDDEN, "and at most all but 2")
    model.add_min_equality(at_most, [at_least, voting - HIDDEN])
    return at_most
