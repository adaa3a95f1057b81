"""What may be published about a cycle's trend.

Where schools are not named, it is made from the figures published then and now, so it reveals nothing that a reader
of both reports does not know. How many schools moved is shown only where they are named, and were named then too:
beside the scores of today it would tell those of then.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from core.analysis.disclosure import Gate, Shown
from core.analysis.report import ReportFacts, SubThemeFacts, Trend, TrendLine
from core.analysis.scores import SchoolScores
from core.analysis.trend import Twice, direction, in_both, moves
from core.enquiry import Visibility
from core.framework import Framework, Perspective


@dataclass(frozen=True, slots=True)
class Previous:
    """The cycle before, on the same version of the framework."""

    cycle: int
    facts: ReportFacts
    """As they were published."""
    schools: Sequence[SchoolScores]


def trend_facts(
    framework: Framework,
    subthemes: Sequence[SubThemeFacts],
    schools: Sequence[SchoolScores],
    previous: Previous,
    gate: Gate,
) -> Trend:
    twice = in_both(previous.schools, schools)
    named = gate.named and previous.facts.visibility is Visibility.OPEN
    return Trend(
        previous=previous.cycle,
        schools=len(twice),
        respondents_changed=sum(school.respondents_changed for school in twice),
        lines=tuple(_lines(framework, subthemes, twice, previous.facts, named)),
    )


def _lines(
    framework: Framework,
    subthemes: Sequence[SubThemeFacts],
    twice: Sequence[Twice],
    before: ReportFacts,
    named: bool,
) -> Iterator[TrendLine]:
    earlier = {subtheme.id: subtheme for subtheme in before.subthemes}
    for perspective in framework.perspectives:
        for subtheme in subthemes:
            if subtheme.id in earlier:
                yield from _line(framework, perspective, earlier[subtheme.id], subtheme, twice, named)


def _line(
    framework: Framework,
    perspective: Perspective,
    before: SubThemeFacts,
    subtheme: SubThemeFacts,
    twice: Sequence[Twice],
    named: bool,
) -> Iterator[TrendLine]:
    then, now = before.figure(perspective), subtheme.figure(perspective)
    if not isinstance(then, Shown) or not isinstance(now, Shown):
        return
    counted = moves(twice, framework.subtheme_by_id[subtheme.id], perspective) if named else None
    change = direction(Fraction(now.value - then.value))
    yield TrendLine(subtheme.id, perspective, then.value, now.value, change, counted)
