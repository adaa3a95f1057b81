"""An attacker with a constraint solver, against invented partnerships of 2 to 12 schools.

``test_disclosure.py`` goes through everything where there is little; here is what it cannot go through. Two cycles with
schools that come, go, are late or say nothing; answers left unscored; readers who lead two schools; previews, focus
cycles, own reports, criteria, words, counts, bounds, forms, trends, priorities and what a network keeps.

``DISCLOSURE_EXAMPLES=20000`` tries so many partnerships.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from math import ceil
from operator import itemgetter
from random import Random
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.analysis.agreement import Agreement
from core.analysis.disclosure import Bound, Count, Shown, Withheld
from core.analysis.report import CriterionFacts, Detail
from core.analysis.scores import SchoolScores, school_answer
from core.analysis.subtheme_facts import of_agreement
from core.framework import Perspective, Row, SubTheme
from tests.support.attacker import Answers, Attacker, Seen, Value, score
from tests.support.told import Round, Told, World, invented, with_answers

EXAMPLES: Final = int(os.environ.get("DISCLOSURE_EXAMPLES", "400"))
PARTS: Final = 8
"""So that several processes share them."""


@pytest.mark.parametrize("part", range(PARTS))
def test_every_other_school_is_left_two_levels_in_every_cell(part: int) -> None:
    @settings(max_examples=ceil(EXAMPLES / PARTS), database=None)
    @given(st.integers(0, 2**40))
    def attack(seed: int) -> None:
        attacked(Random(f"{part} {seed}"))

    attack()


def attacked(random: Random) -> None:
    """In each round one sub-theme from one perspective: every cell of one other school."""
    world = invented(random)
    published = world.publication()
    for number, snapshots in enumerate(world.told()):
        each, told = world.rounds[number], snapshots[-1]
        others = [school for school in told.schools if school.school not in world.reader]
        if others:
            side = Side(random.choice(each.framework.subthemes), random.choice(each.framework.perspectives))
            random.shuffle(others)
            attacker = Attacker(what_is_seen(world, each, told, side))
            for value in side.cells():
                for answers in another_possibility(attacker, value, side.of(others[0])):
                    changed = dict(zip((school.school for school in others), answers, strict=True))
                    assert with_other_answers(world, number, side, changed).publication() == published


@dataclass(frozen=True, slots=True)
class Side:
    subtheme: SubTheme
    perspective: Perspective

    @property
    def criteria(self) -> tuple[str, ...]:
        return tuple(criterion.id for criterion in self.subtheme.criteria)

    def of(self, school: SchoolScores) -> Answers:
        return tuple(school_answer(school, Row(criterion, self.perspective)) for criterion in self.criteria)

    def cells(self) -> Iterator[Value]:
        """What must not become known of a school: each of its answers, and its score."""
        yield from (itemgetter(place) for place in range(len(self.criteria)))
        yield score


def another_possibility(attacker: Attacker, value: Value, answers: Answers) -> Iterator[list[Answers]]:
    """Worlds that together have two levels in this cell of this school: the true one is one of them, if it has one."""
    known = value(answers)
    if known is None:
        first = attacker.another(value, None)
        if first is None:
            return  # It cannot have scored this, so there is no level to find out.
        yield first
        known = value(first[0])
    other = attacker.another(value, known)
    assert other is not None, f"it is known that this school stands at {known}"
    yield other


def what_is_seen(world: World, each: Round, told: Told, side: Side) -> Seen:
    framework, schools = each.framework, told.schools
    own = [school for school in schools if school.school in world.reader]
    facts = next(subtheme for subtheme in told.facts.subthemes if subtheme.id == side.subtheme.id)
    median = facts.figure(side.perspective)
    assert median is not None
    place = (side.subtheme.id, side.perspective)
    return Seen(
        levels=len(framework.levels),
        criteria=len(side.criteria),
        established=framework.established,
        known=world.known(schools),
        own=tuple(side.of(school) for school in own),
        others=len(schools) - len(own),
        missing=each.roster - len(schools),
        median=median,
        median_of_others=tuple(told.of_others[school.school].get(place, Withheld()) for school in own),
        told=facts.criteria if side.perspective is of_agreement(framework) else (),
        detail=next(detail for detail in facts.details if detail.perspective is side.perspective),
    )


def with_other_answers(world: World, number: int, side: Side, answers: Mapping[str, Answers]) -> World:
    def changed(school: SchoolScores) -> SchoolScores:
        if school.school not in answers:
            return school
        levels = [None if answer is None else int(answer) for answer in answers[school.school]]
        return with_answers(school, side.criteria, side.perspective, levels)

    each = world.rounds[number]
    other = replace(each, in_time=tuple(map(changed, each.in_time)), late=tuple(map(changed, each.late)))
    return replace(world, rounds=(*world.rounds[:number], other, *world.rounds[number + 1 :]))


def seen_of_one_criterion(levels: int, own: int, others: int, median: str, word: Agreement | Withheld) -> Seen:
    """What a careless gate would have told of one criterion."""
    shown = Shown(Decimal(median), others + 1)
    told = CriterionFacts("1.1.a", shown, word)
    return Seen(
        levels=levels,
        criteria=1,
        established=2,
        known=1,
        own=((Fraction(own),),),
        others=others,
        missing=0,
        median=shown,
        median_of_others=(),
        told=() if isinstance(word, Withheld) else (told,),
        detail=Detail(Perspective.SCHOOL, Count(2, others + 1, Bound.AT_LEAST), None),
    )


@pytest.mark.parametrize(
    ("seen", "all_stand_at"),
    [
        pytest.param(seen_of_one_criterion(4, 1, 3, "4.0", Withheld()), 4, id="four schools, the middle at the top"),
        pytest.param(seen_of_one_criterion(2, 1, 9, "2.0", Agreement.CLOSE), 2, id="a word on a scale of two levels"),
    ],
)
def test_the_attacker_finds_what_the_rules_close(seen: Seen, all_stand_at: int) -> None:
    attacker = Attacker(seen)
    assert attacker.another(score, None) == [(Fraction(all_stand_at),)] * seen.others
    assert attacker.another(score, Fraction(all_stand_at)) is None
