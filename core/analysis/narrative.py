"""What a report says, chosen from its facts, as data; the wording comes later.

Nothing here is a new figure: it is a selection from what is published, so it reveals nothing more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from core.analysis.agreement import Agreement
from core.analysis.disclosure import Count, Published, Withheld
from core.analysis.report import Difference, Priority, ReportFacts, Strength, SubThemeFacts, TrendLine
from core.analysis.trend import Direction
from core.framework import Framework, Perspective

MOST_CHANGES: Final = 3


@dataclass(frozen=True, slots=True)
class Evidence:
    """A top priority with the evidence for it."""

    priority: Priority
    partnership: Published | None
    established: Count | Withheld
    """How many schools see the partnership at the established level or above."""
    split: tuple[str, ...]
    """Its criteria on which the schools are split: their evidence should be discussed first."""


@dataclass(frozen=True, slots=True)
class Narrative:
    celebrate: tuple[Strength, ...]
    work_on: tuple[Evidence, ...]
    differ: tuple[Difference, ...]
    """Where we see our schools and our partnership differently: a question, not a verdict."""
    split: tuple[str, ...]
    """All criteria on which the schools are split."""
    close: tuple[str, ...]
    """All criteria on which they agree closely."""
    question: str | None
    """The one split criterion to take at the meeting, evidence first: of the first priority that has one, else the
    first of the framework."""
    changed: tuple[TrendLine, ...]
    """What moved most since last time, by half a level or more, in either direction."""


def narrative(framework: Framework, facts: ReportFacts) -> Narrative:
    subthemes = {subtheme.id: subtheme for subtheme in facts.subthemes}
    split = facts.of_agreement(Agreement.SPLIT)
    work_on = tuple(_evidence(each, subthemes[each.subtheme]) for each in facts.priorities)
    return Narrative(
        celebrate=facts.strongest,
        work_on=work_on,
        differ=facts.differences,
        split=split,
        close=facts.of_agreement(Agreement.CLOSE),
        question=next((criterion for each in work_on for criterion in each.split), next(iter(split), None)),
        changed=_changed(framework, () if facts.trend is None else facts.trend.lines),
    )


def _evidence(priority: Priority, subtheme: SubThemeFacts) -> Evidence:
    split = tuple(each.id for each in subtheme.criteria if each.agreement is Agreement.SPLIT)
    told = (each.established for each in subtheme.details if each.perspective is Perspective.PARTNERSHIP)
    return Evidence(priority, subtheme.partnership, next(told, Withheld()), split)


def _changed(framework: Framework, lines: Sequence[TrendLine]) -> tuple[TrendLine, ...]:
    """The biggest changes in the partnership's figures, or in own schools' where only those are asked about."""
    moved = [
        line
        for line in lines
        if line.perspective is framework.perspectives[-1] and line.direction is not Direction.SAME
    ]
    return tuple(sorted(moved, key=lambda line: -abs(line.change))[:MOST_CHANGES])
