"""Turns the scores of a closed cycle into what may be published."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from core.analysis.disclosure import Gate, Published, Withheld, mean_of_published
from core.analysis.forms import has_forms
from core.analysis.forms_facts import forms_facts
from core.analysis.report import AreaFacts, More, ReportFacts, ResponseRate, SubThemeFacts
from core.analysis.scores import SchoolScores
from core.analysis.standing_out import differences, priorities, strongest
from core.analysis.subtheme_facts import subtheme_facts
from core.analysis.trend_facts import Previous, trend_facts
from core.enquiry import Visibility
from core.framework import Area, Framework


def gate_of(visibility: Visibility, known: int) -> Gate:
    """The gate for what every school may see: if only the lead may see names, no more than if nobody may."""
    return Gate(named=visibility is Visibility.OPEN, known=known)


def report_facts(
    framework: Framework,
    schools_in_roster: int,
    submitted: Sequence[SchoolScores],
    *,
    visibility: Visibility = Visibility.OWN_AND_GROUP,
    known: int = 1,
    previous: Previous | None = None,
) -> ReportFacts:
    """What may be published about a closed cycle to every school of the partnership.

    ``framework`` is already narrowed to the cycle's scope. The order of the schools doesn't matter. With fewer than
    four submitted schools every figure is withheld, unless they are open with one another. ``known`` is the most
    schools whose scores one reader knows, because they lead them: usually 1.
    """
    gate = gate_of(visibility, known)
    missing = schools_in_roster - len(submitted)
    areas = tuple(_area(framework, area, submitted, missing, gate) for area in framework.areas)
    subthemes = tuple(subtheme for area in areas for subtheme in area.subthemes)
    response = ResponseRate(len(submitted), schools_in_roster, gate.least)
    return ReportFacts(
        response=response,
        areas=areas,
        strongest=strongest(subthemes),
        priorities=priorities(framework, subthemes, submitted, gate),
        differences=differences(subthemes),
        visibility=visibility,
        forms=forms_facts(framework, subthemes, submitted, gate) if has_forms(framework) else None,
        trend=None if previous is None else trend_facts(framework, subthemes, submitted, previous, gate),
        more=tuple(_more(response, subthemes, gate)),
    )


def _area(framework: Framework, area: Area, schools: Sequence[SchoolScores], missing: int, gate: Gate) -> AreaFacts:
    subthemes = tuple(subtheme_facts(framework, each, schools, missing, gate) for each in area.subthemes)
    return AreaFacts(
        id=area.id,
        own_school=_mean([subtheme.own_school for subtheme in subthemes]),
        partnership=_mean([subtheme.partnership for subtheme in subthemes]),
        subthemes=subthemes,
    )


def _mean(cells: Sequence[Published | None]) -> Published | None:
    asked = [cell for cell in cells if cell is not None]
    return mean_of_published(asked) if asked else None


def _more(response: ResponseRate, subthemes: Sequence[SubThemeFacts], gate: Gate) -> Iterator[More]:
    """What would let the schools see more, if anything is withheld from them."""
    if gate.named:
        return
    if response.submitted < response.roster:
        yield More.MORE_SCHOOLS
    yield More.BE_OPEN
    if not response.missing and any(_withholds(subtheme) for subtheme in subthemes):
        yield More.SCORE_MORE


def _withholds(subtheme: SubThemeFacts) -> bool:
    return any(isinstance(cell, Withheld) for cell in (subtheme.own_school, subtheme.partnership))
