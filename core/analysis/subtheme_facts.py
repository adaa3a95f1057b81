"""What may be published of one sub-theme."""

from __future__ import annotations

from collections.abc import Sequence

from core.analysis.agreement import agreement
from core.analysis.counts import at_or_above
from core.analysis.disclosure import Gate, Published
from core.analysis.gaps import own_school_partnership_difference
from core.analysis.report import CriterionFacts, Detail, SubThemeFacts
from core.analysis.scores import SchoolScores, over_schools, partnership_value, school_answer, subtheme_score
from core.framework import Framework, Perspective, Row, SubTheme


def subtheme_facts(
    framework: Framework, subtheme: SubTheme, schools: Sequence[SchoolScores], missing: int, gate: Gate
) -> SubThemeFacts:
    """``missing`` schools are in the roster and did not submit."""
    own_school = _median(framework, subtheme, Perspective.SCHOOL, schools, gate)
    partnership = _median(framework, subtheme, Perspective.PARTNERSHIP, schools, gate)
    difference = None
    if own_school is not None and partnership is not None:
        cell = own_school_partnership_difference(schools, subtheme)
        difference = gate.difference(cell, own_school, partnership)
    return SubThemeFacts(
        subtheme.id,
        own_school,
        partnership,
        difference,
        tuple(_criterion(framework, criterion.id, schools, gate) for criterion in subtheme.criteria),
        tuple(_detail(framework, subtheme, each, schools, missing, gate) for each in framework.perspectives),
    )


def _median(
    framework: Framework, subtheme: SubTheme, perspective: Perspective, schools: Sequence[SchoolScores], gate: Gate
) -> Published | None:
    if perspective not in framework.perspectives:
        return None
    lowest, highest = framework.level_values[0], framework.level_values[-1]
    return gate.median(partnership_value(schools, subtheme, perspective), lowest, highest)


def of_agreement(framework: Framework) -> Perspective:
    """The perspective of which agreement is told: the partnership's, where all look at the same thing, if it is asked.

    That schools differ in what they say of themselves is no disagreement.
    """
    return framework.perspectives[-1]


def _criterion(framework: Framework, criterion: str, schools: Sequence[SchoolScores], gate: Gate) -> CriterionFacts:
    row = Row(criterion, of_agreement(framework))
    answers = [answer for school in schools if (answer := school_answer(school, row)) is not None]
    word = agreement(answers, framework.level_values[0], framework.level_values[-1])
    return CriterionFacts(
        criterion, gate.criterion(over_schools(answers)), gate.agreement(word, len(answers), len(framework.levels))
    )


def _detail(
    framework: Framework,
    subtheme: SubTheme,
    perspective: Perspective,
    schools: Sequence[SchoolScores],
    missing: int,
    gate: Gate,
) -> Detail:
    scores = [subtheme_score(school, subtheme, perspective) for school in schools]
    lowest, highest = framework.level_values[0], framework.level_values[-1]
    return Detail(
        perspective,
        gate.count(at_or_above(scores, framework.established)),
        gate.could_be(scores, missing, lowest, highest) if missing else None,
    )
