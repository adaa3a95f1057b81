"""What may be published about one sub-theme."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from core.analysis.agreement import agreement
from core.analysis.counts import at_or_above
from core.analysis.disclosure import Gate, Published, ScoredCell, Span, Withheld
from core.analysis.gaps import own_school_partnership_difference
from core.analysis.nonresponse import median_bounds
from core.analysis.report import CriterionFacts, Detail, SubThemeFacts
from core.analysis.scores import SchoolScores, mean_of_most, over_schools, school_answer
from core.framework import Framework, Perspective, Row, SubTheme


def subtheme_facts(
    framework: Framework, subtheme: SubTheme, schools: Sequence[SchoolScores], missing: int, gate: Gate
) -> SubThemeFacts:
    """The facts of a sub-theme; ``missing`` schools are on the roster but did not submit."""
    sides = {each: _side(framework, subtheme, each, schools) for each in framework.perspectives}
    own_school = sides[Perspective.SCHOOL].median(gate) if Perspective.SCHOOL in sides else None
    partnership = sides[Perspective.PARTNERSHIP].median(gate) if Perspective.PARTNERSHIP in sides else None
    difference = None
    if own_school is not None and partnership is not None:
        cell = own_school_partnership_difference(schools, subtheme)
        difference = gate.difference(cell, own_school, partnership)
    return SubThemeFacts(
        id=subtheme.id,
        own_school=own_school,
        partnership=partnership,
        difference=difference,
        criteria=sides[of_agreement(framework)].criteria(gate),
        details=tuple(side.detail(missing, gate) for side in sides.values()),
    )


def of_agreement(framework: Framework) -> Perspective:
    """The perspective for which agreement is shown: the partnership's, where all look at the same thing, if asked.

    Schools that describe themselves differently don't disagree.
    """
    return framework.perspectives[-1]


@dataclass(frozen=True, slots=True)
class _Side:
    """The schools' scores for one sub-theme from one perspective."""

    framework: Framework
    perspective: Perspective
    answers: Mapping[str, Sequence[Fraction | None]]
    """By criterion, an entry for each school."""
    scores: Sequence[Fraction | None]
    complete: Sequence[Fraction]
    """The scores of the schools that scored every criterion."""

    @property
    def ends(self) -> tuple[int, int]:
        return self.framework.level_values[0], self.framework.level_values[-1]

    @property
    def scored(self) -> ScoredCell:
        began = sum(any(answer is not None for answer in school) for school in zip(*self.answers.values(), strict=True))
        return ScoredCell(sum(score is not None for score in self.scores), began - len(self.complete))

    def median(self, gate: Gate) -> Published:
        return gate.median(over_schools(self.scores), *self.ends)

    def criteria(self, gate: Gate) -> tuple[CriterionFacts, ...]:
        scored = self.scored
        return tuple(self._criterion(each, answers, scored, gate) for each, answers in self.answers.items())

    def _criterion(
        self, criterion: str, answers: Sequence[Fraction | None], scored: ScoredCell, gate: Gate
    ) -> CriterionFacts:
        cell = over_schools(answers)
        word = agreement(Counter(answer for answer in answers if answer is not None), *self.ends)
        told = gate.agreement(word, cell.n, len(self.framework.levels), scored)
        return CriterionFacts(criterion, gate.criterion(cell, scored), told)

    def detail(self, missing: int, gate: Gate) -> Detail:
        return Detail(
            perspective=self.perspective,
            established=gate.count(at_or_above(self.complete, self.framework.established)),
            could_be=self._could_be(missing, gate) if missing else None,
        )

    def _could_be(self, missing: int, gate: Gate) -> Span | Withheld:
        return gate.could_be(median_bounds(self.scores, missing, *self.ends), missing, self.scored)


def _side(framework: Framework, subtheme: SubTheme, perspective: Perspective, schools: Sequence[SchoolScores]) -> _Side:
    rows = [Row(criterion.id, perspective) for criterion in subtheme.criteria]
    by_school = [[school_answer(school, row) for row in rows] for school in schools]
    scores = [mean_of_most(answers) for answers in by_school]
    return _Side(
        framework=framework,
        perspective=perspective,
        answers={row.criterion: [answers[place] for answers in by_school] for place, row in enumerate(rows)},
        scores=scores,
        complete=[
            score for score, answers in zip(scores, by_school, strict=True) if score is not None and None not in answers
        ],
    )
