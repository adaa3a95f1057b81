"""Our schools beside the partnership, and how many schools are at which level."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from bot.messages.languages import Words
from bot.wording.charts.drawing import Drawing, in_words, subtitle
from bot.wording.figures import (
    counted,
    figure,
    kind,
    level_names,
    mark,
    on_the_scale,
    perspective_names,
    title,
)
from bot.wording.report_material import ReportMaterial
from core.analysis.disclosure import Bound, Count, Shown
from core.analysis.report import AreaFacts, Priority, Strength, SubThemeFacts
from core.charts import counts as charts
from core.charts.counts import Counts, CountsRow
from core.charts.dumbbell import Dumbbell, DumbbellRow
from core.enquiry import Visibility
from core.framework import Framework, Perspective, in_language


def overview(material: ReportMaterial, words: Words) -> Drawing:
    """The lead picture: our own schools and the partnership for each sub-theme."""
    framework, named = material.framework, _overview_title(material, words)
    asked = framework.perspectives
    picture = Dumbbell(
        title=named,
        subtitle=subtitle(material, words),
        own_school=words("Our own schools") if Perspective.SCHOOL in asked else None,
        partnership=words("Our partnership") if Perspective.PARTNERSHIP in asked else None,
        withheld=words("withheld"),
        levels=level_names(framework, words),
        rows=tuple(row for area in material.facts.areas for row in _area_rows(material, area, words)),
        note=words("The middle score of all schools. It is withheld where it could give one school's score away."),
    )
    return Drawing(picture, in_words(named, _overview_opening(framework, words), _overview_lines(material, words)))


def _overview_opening(framework: Framework, words: Words) -> str:
    scale = on_the_scale(framework, words)
    match framework.perspectives:
        case (Perspective.SCHOOL,):
            return words(
                "For each sub-theme, the middle score that schools gave themselves, {on_the_scale}.", on_the_scale=scale
            )
        case (Perspective.PARTNERSHIP,):
            return words(
                "For each sub-theme, the middle score that schools gave the partnership, {on_the_scale}.",
                on_the_scale=scale,
            )
        case _:
            return words(
                "For each sub-theme, the middle score that schools gave themselves and the one they gave the "
                "partnership, {on_the_scale}.",
                on_the_scale=scale,
            )


def _overview_title(material: ReportMaterial, words: Words) -> str:
    strongest = _level_at_the_top(material.facts.strongest)
    # A strong sub-theme may also be one that schools chose as a priority: the title doesn't say both of it.
    first = [each for each in _level_at_the_top(material.facts.priorities) if each not in strongest]
    strong, next_step = (
        words.joined([title(material.framework, each, words) for each in found]) for found in (strongest, first)
    )
    match strong, next_step:
        case "", "":
            return words("How we see our schools and our partnership")
        case "", _:
            return words("Next step: {next_step}.", next_step=next_step)
        case _, "":
            return words("Strongest: {strong}.", strong=strong)
        case _:
            return words("Strongest: {strong}. Next step: {next_step}.", strong=strong, next_step=next_step)


_NAMED_IN_A_TITLE: Final = 2


def _level_at_the_top(ranked: Sequence[Strength] | Sequence[Priority]) -> list[str]:
    """The top sub-themes, including ties; none if there are too many to name in a title."""
    found = [each.subtheme for each in ranked if each.rank == ranked[0].rank]
    return found if len(found) <= _NAMED_IN_A_TITLE else []


def _area_rows(material: ReportMaterial, area: AreaFacts, words: Words) -> Iterator[DumbbellRow]:
    yield DumbbellRow(_area_title(material, area, words), mark(area.own_school), mark(area.partnership), area=True)
    for each in area.subthemes:
        label = title(material.framework, each.id, words)
        yield DumbbellRow(label, mark(each.own_school), mark(each.partnership))


def _area_title(material: ReportMaterial, area: AreaFacts, words: Words) -> str:
    titles = {each.id: each.short_title for each in material.framework.areas}
    return in_language(titles[area.id], words.language)


def _overview_lines(material: ReportMaterial, words: Words) -> Iterator[tuple[str, list[str]]]:
    names = perspective_names(material.framework, words)
    for each in material.facts.subthemes:
        cells = [(name, each.figure(perspective)) for perspective, name in names.items()]
        told = [f"{name} {figure(cell, words)}" for name, cell in cells if cell is not None]
        yield title(material.framework, each.id, words), told


def counts(material: ReportMaterial, words: Words) -> Drawing | None:
    """A dot for each school: how many see the partnership at the established level. Shown from eight schools."""
    perspective = material.framework.perspectives[-1]
    if not any(_count(each, perspective) for each in material.facts.subthemes):
        return None
    named, columns = _counts_title(material, perspective, words), _columns(material, words)
    picture = Counts(
        title=named,
        subtitle=subtitle(material, words),
        kind=kind(perspective),
        dot=words("one school"),
        withheld=words("withheld"),
        columns=columns,
        rows=tuple(row for area in material.facts.areas for row in _count_rows(material, area, perspective, words)),
        note=_hidden_near_the_ends(material, words),
    )
    opening = words("For each sub-theme, how many schools give it {columns}.", columns=words.joined([*columns]))
    lines = (
        (title(material.framework, each.id, words), [_counted(_count(each, perspective), columns, words)])
        for each in material.facts.subthemes
    )
    return Drawing(picture, in_words(named, opening, lines))


def _hidden_near_the_ends(material: ReportMaterial, words: Words) -> str:
    if material.facts.visibility is Visibility.OPEN:
        return ""
    return words("Near none and near all the number is not told, so that nobody can be picked out.")


def _count(subtheme: SubThemeFacts, perspective: Perspective) -> Count | None:
    told = (each.established for each in subtheme.details if each.perspective is perspective)
    return next((each for each in told if isinstance(each, Count)), None)


def _columns(material: ReportMaterial, words: Words) -> tuple[str, str]:
    level = in_language(material.framework.level(material.framework.established).label, words.language)
    return words("below {level}", level=level), words("{level} or above", level=level)


def _counts_title(material: ReportMaterial, perspective: Perspective, words: Words) -> str:
    level = in_language(material.framework.level(material.framework.established).label, words.language)
    shown = [cell for each in material.facts.subthemes if isinstance(cell := each.figure(perspective), Shown)]
    there = sum(cell.value >= material.framework.established for cell in shown)
    return words.plural(
        "{number} of {all} sub-themes is at {level} or above for most schools",
        "{number} of {all} sub-themes are at {level} or above for most schools",
        there,
        all=len(shown),
        level=level,
    )


def _count_rows(
    material: ReportMaterial, area: AreaFacts, perspective: Perspective, words: Words
) -> Iterator[CountsRow]:
    yield CountsRow(_area_title(material, area, words), (), area=True)
    for each in area.subthemes:
        count = _count(each, perspective)
        told = (None, None) if count is None else (_dots(_others(count), words), _dots(count, words))
        yield CountsRow(title(material.framework, each.id, words), told)


_BOUNDS = {Bound.AT_MOST: Bound.AT_LEAST, Bound.ABOUT: Bound.ABOUT, Bound.AT_LEAST: Bound.AT_MOST}


def _others(count: Count) -> Count:
    """The schools not among those counted."""
    return Count(count.of - count.schools, count.of, _BOUNDS[count.bound])


def _dots(count: Count, words: Words) -> charts.DotCount:
    """Schools between "at least" and "at most" get an empty dot."""
    match count.bound:
        case Bound.AT_MOST:
            return charts.DotCount(count.schools, words("at most {number}", number=count.schools), count.schools)
        case Bound.ABOUT:
            return charts.DotCount(count.schools, str(count.schools))
        case Bound.AT_LEAST:
            text = words("at least {number}", number=count.schools)
            return charts.DotCount(count.of, text, count.of - count.schools)


def _counted(count: Count | None, columns: tuple[str, str], words: Words) -> str:
    return words("withheld") if count is None else f"{counted(count, words)} {columns[1]}"
