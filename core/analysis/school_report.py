"""A school's own report: its own answers next to the partnership's published figures, for this school alone.

None of the school's own figures are withheld. Of the others it sees what every school sees, and their median, which
the gate passed for this school when the snapshot was made.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from core.analysis.disclosure import Published, Shown, Withheld, to_tenth
from core.analysis.gaps import FLAGGED_FROM, leaders_differ
from core.analysis.others import Others
from core.analysis.report import AreaFacts, ReportFacts, SubThemeFacts
from core.analysis.scores import SchoolScores, area_score, school_answer, subtheme_score
from core.framework import Area, Framework, Perspective, Row, SubTheme


@dataclass(frozen=True, slots=True)
class OwnFigure:
    own: Decimal | None
    """What this school said; None where it left too much unscored."""
    group: Published | None
    """The published figure for all schools; None where the report does not have it."""
    others: Published | None
    """The median of the others; None for an area, which has no gap."""

    @property
    def gap(self) -> Decimal | None:
        """Own minus others: the standing gap for own school, the view gap for the partnership."""
        if self.own is None or not isinstance(self.others, Shown):
            return None
        return self.own - self.others.value

    @property
    def flagged(self) -> bool:
        """The gap is a level or more."""
        return self.gap is not None and abs(self.gap) >= FLAGGED_FROM


@dataclass(frozen=True, slots=True)
class OwnCriterion:
    id: str
    answers: Mapping[Perspective, Decimal | None]
    """This school's answer from each perspective that is asked: the median of its leaders."""
    leaders_differ: tuple[Perspective, ...]
    """The perspectives from which its leaders are two levels apart."""


@dataclass(frozen=True, slots=True)
class OwnSubTheme:
    id: str
    own_school: OwnFigure | None
    partnership: OwnFigure | None
    """Either is None where the framework does not ask for it."""
    criteria: tuple[OwnCriterion, ...]


@dataclass(frozen=True, slots=True)
class OwnArea:
    id: str
    own_school: OwnFigure | None
    partnership: OwnFigure | None
    subthemes: tuple[OwnSubTheme, ...]


@dataclass(frozen=True, slots=True)
class SchoolReport:
    school: str
    leaders: int
    """How many of its leaders submitted."""
    areas: tuple[OwnArea, ...]

    @property
    def subthemes(self) -> tuple[OwnSubTheme, ...]:
        return tuple(subtheme for area in self.areas for subtheme in area.subthemes)

    @property
    def leaders_differ(self) -> tuple[Row, ...]:
        """Where this school's leaders are two levels apart: a private hint to talk to one another."""
        criteria = (criterion for subtheme in self.subthemes for criterion in subtheme.criteria)
        return tuple(Row(each.id, perspective) for each in criteria for perspective in each.leaders_differ)

    def flagged(self, perspective: Perspective) -> tuple[str, ...]:
        """The sub-themes with a gap of a level or more: standing (own school) or view (partnership)."""
        figures = {
            each.id: each.own_school if perspective is Perspective.SCHOOL else each.partnership
            for each in self.subthemes
        }
        return tuple(subtheme for subtheme, figure in figures.items() if figure is not None and figure.flagged)


def own_report(framework: Framework, school: SchoolScores, others: Others, facts: ReportFacts) -> SchoolReport:
    """A school's report; ``framework`` is narrowed to the cycle's scope, and ``facts`` come from its snapshot."""
    areas = {area.id: area for area in facts.areas}
    subthemes = {subtheme.id: subtheme for subtheme in facts.subthemes}
    return SchoolReport(
        school=school.school,
        leaders=len(school.leaders),
        areas=tuple(
            OwnArea(
                area.id,
                *_figures_of_area(framework, area, school, areas.get(area.id)),
                tuple(_subtheme(framework, each, school, others, subthemes.get(each.id)) for each in area.subthemes),
            )
            for area in framework.areas
        ),
    )


def _figures_of_area(
    framework: Framework, area: Area, school: SchoolScores, published: AreaFacts | None
) -> tuple[OwnFigure | None, OwnFigure | None]:
    def figure(perspective: Perspective) -> OwnFigure | None:
        if perspective not in framework.perspectives:
            return None
        group = None if published is None else published.figure(perspective)
        score = area_score(school, area, perspective)
        return OwnFigure(None if score is None else to_tenth(score), group, None)

    return figure(Perspective.SCHOOL), figure(Perspective.PARTNERSHIP)


def _subtheme(
    framework: Framework, subtheme: SubTheme, school: SchoolScores, others: Others, published: SubThemeFacts | None
) -> OwnSubTheme:
    def figure(perspective: Perspective) -> OwnFigure | None:
        if perspective not in framework.perspectives:
            return None
        group = None if published is None else published.figure(perspective)
        score = subtheme_score(school, subtheme, perspective)
        against = others.get((subtheme.id, perspective), Withheld())
        return OwnFigure(None if score is None else to_tenth(score), group, against)

    apart = frozenset(leaders_differ(school, framework))
    return OwnSubTheme(
        subtheme.id,
        figure(Perspective.SCHOOL),
        figure(Perspective.PARTNERSHIP),
        tuple(_criterion(framework, school, criterion.id, apart) for criterion in subtheme.criteria),
    )


def _criterion(framework: Framework, school: SchoolScores, criterion: str, apart: frozenset[Row]) -> OwnCriterion:
    def answer(perspective: Perspective) -> Decimal | None:
        found = school_answer(school, Row(criterion, perspective))
        return None if found is None else to_tenth(found)

    return OwnCriterion(
        criterion,
        {perspective: answer(perspective) for perspective in framework.perspectives},
        tuple(each for each in framework.perspectives if Row(criterion, each) in apart),
    )
