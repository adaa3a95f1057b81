"""Invented partnerships over two cycles, and everything that is ever told of them to one reader."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Final

from core.analysis import others
from core.analysis.disclosure import Gate, may_follow
from core.analysis.narrative import narrative
from core.analysis.network import figures_of
from core.analysis.report import ReportFacts
from core.analysis.report_making import report_facts
from core.analysis.scores import SchoolScores
from core.analysis.trend_facts import Previous
from core.framework import Axis, Framework, Perspective, Row, SubTheme
from core.storage.stored_reports import others_to_json, report_to_json
from tests.support.scores import BOTH, small_framework

STYLES: Final = ("all at one level", "two neighbours", "the ends", "anything")


@dataclass(frozen=True, slots=True)
class Round:
    """One cycle: who submitted in time, who was late, and how many never did."""

    framework: Framework
    in_time: tuple[SchoolScores, ...]
    late: tuple[SchoolScores, ...]
    silent: int

    @property
    def roster(self) -> int:
        return len(self.in_time) + len(self.late) + self.silent


@dataclass(frozen=True, slots=True)
class Told:
    """A snapshot, the schools in it, and what the reader's schools may see of the others."""

    facts: ReportFacts
    schools: tuple[SchoolScores, ...]
    of_others: Mapping[str, others.Others]


@dataclass(frozen=True, slots=True)
class World:
    rounds: tuple[Round, ...]
    reader: frozenset[str]
    """The schools that the reader leads, two at most."""

    def known(self, schools: Sequence[SchoolScores]) -> int:
        return max(1, sum(school.school in self.reader for school in schools))

    def told(self) -> list[list[Told]]:
        """The snapshots of each round, as ``core.services.report_snapshots`` freezes them."""
        found: list[list[Told]] = []
        previous: Previous | None = None
        for number, each in enumerate(self.rounds):
            found.append(self._of_round(each, previous))
            last = found[-1][-1]
            previous = Previous(number, last.facts, last.schools) if last.facts.enough else previous
        return found

    def _of_round(self, each: Round, previous: Previous | None) -> list[Told]:
        first = self._snapshot(each, each.in_time, previous)
        if not each.late or not may_follow(named=False, figures=first.facts.enough):
            return [first]
        return [first, self._snapshot(each, (*each.in_time, *each.late), previous)]

    def _snapshot(self, each: Round, schools: tuple[SchoolScores, ...], previous: Previous | None) -> Told:
        known = self.known(schools)
        facts = report_facts(each.framework, each.roster, schools, known=known, previous=previous)
        own = [school.school for school in schools if school.school in self.reader]
        of_others = others.others_of_each(each.framework, schools, Gate(known=known))
        return Told(facts, schools, {name: of_others[name] for name in own})

    def publication(self) -> str:
        """Everything in one text: reports, what they say of it, own reports, and what a network keeps."""
        return json.dumps(
            [
                [
                    report_to_json(told.facts),
                    repr(narrative(each.framework, told.facts)),
                    repr(figures_of(told.facts)),
                    {name: others_to_json(cells) for name, cells in told.of_others.items()},
                ]
                for each, snapshots in zip(self.rounds, self.told(), strict=True)
                for told in snapshots
            ]
        )


def invented(random: Random, most_schools: int = 12) -> World:
    levels = random.choice((2, 3, 4, 4))
    shape = {
        f"{area}": {f"{area}.{number}": random.choice((1, 1, 2, 2, 3)) for number in range(1, random.randint(1, 2) + 1)}
        for area in range(1, random.randint(1, 2) + 1)
    }
    sides = random.choice((BOTH, BOTH, BOTH[:1]))
    framework = _tagged(small_framework(shape, levels, random.randint(2, levels), sides), random)
    number = random.randint(2, most_schools)
    names = [f"school {place}" for place in range(number)]
    reader = frozenset(random.sample(names, random.choice((1, 1, 1, 2)) if number > 2 else 1))
    focus = framework.only(random.sample([each.id for each in framework.subthemes], 1))
    second = random.choice((framework, focus))
    return World((_round(random, framework, names, reader), _round(random, second, names, reader)), reader)


def _tagged(framework: Framework, random: Random) -> Framework:
    def subtheme(of: SubTheme) -> SubTheme:
        axes: tuple[Axis, ...] = ("trust", "challenge", "none")
        return replace(of, criteria=tuple(replace(each, axis=random.choice(axes)) for each in of.criteria))

    areas = (replace(area, subthemes=tuple(map(subtheme, area.subthemes))) for area in framework.areas)
    return replace(framework, areas=tuple(areas))


def _round(random: Random, framework: Framework, names: Sequence[str], reader: frozenset[str]) -> Round:
    """Some schools left or joined in between, some are late, and some say nothing."""
    fates = random.choices(("in time", "late", "silent"), weights=(12, random.choice((0, 2, 8)), 2), k=len(names))
    style = {row: (random.choice(STYLES), random.randint(1, len(framework.levels))) for row in framework.rows}
    unscored = random.choice((0.0, 0.1, 0.4))
    schools = [
        (fate, _school(random, name, framework, style, unscored, leaders=random.randint(1, 3) if name in reader else 1))
        for name, fate in zip(names, fates, strict=True)
    ]
    return Round(
        framework,
        tuple(school for fate, school in schools if fate == "in time"),
        tuple(school for fate, school in schools if fate == "late"),
        fates.count("silent"),
    )


def _school(
    random: Random,
    name: str,
    framework: Framework,
    style: Mapping[Row, tuple[str, int]],
    unscored: float,
    *,
    leaders: int,
) -> SchoolScores:
    teams = range(leaders)
    return SchoolScores(
        school=name,
        leaders=tuple(
            {row: _level(random, framework, *style[row]) for row in framework.rows if random.random() >= unscored}
            for _ in teams
        ),
        votes=tuple(_vote(random, framework) for _ in teams),
        respondents=frozenset(f"{name} {random.choice('xy')}" for _ in teams),
    )


def _vote(random: Random, framework: Framework) -> frozenset[str]:
    subthemes = [each.id for each in framework.subthemes]
    return frozenset(random.sample(subthemes, random.randint(0, min(3, len(subthemes)))))


def _level(random: Random, framework: Framework, style: str, level: int) -> int:
    most = len(framework.levels)
    match style:
        case "all at one level":
            return level
        case "two neighbours":
            return min(most, level + random.randint(0, 1))
        case "the ends":
            return random.choice((1, most))
        case _:
            return random.randint(1, most)


def with_answers(
    school: SchoolScores, criteria: Sequence[str], perspective: Perspective, answers: Sequence[int | None]
) -> SchoolScores:
    """The same school, each of whose leaders gave these answers."""
    given = {Row(criterion, perspective): level for criterion, level in zip(criteria, answers, strict=True)}
    return replace(school, leaders=tuple({**leader, **given} for leader in school.leaders))
