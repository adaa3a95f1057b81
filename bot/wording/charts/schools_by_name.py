"""Schools by name: only for readers who may see them, because every school in the partnership agreed to that."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from bot.messages.languages import Words
from bot.wording.charts.drawing import Drawing, in_words, subtitle
from bot.wording.figures import level_names, mark, on_the_scale, title, written
from bot.wording.report_material import ReportMaterial
from core.charts.heatmap import Heatmap, HeatmapColumn, HeatmapRow
from core.framework import Perspective, in_language


def of_own_schools(material: ReportMaterial, words: Words) -> Drawing | None:
    return _heatmap(material, Perspective.SCHOOL, words("How each school sees itself"), words)


def of_partnership(material: ReportMaterial, words: Words) -> Drawing | None:
    return _heatmap(material, Perspective.PARTNERSHIP, words("How each school sees the partnership"), words)


def _heatmap(material: ReportMaterial, perspective: Perspective, named: str, words: Words) -> Drawing | None:
    table, framework = material.schools, material.framework
    if table is None or perspective not in framework.perspectives:
        return None
    places = {each.subtheme: place for place, each in enumerate(table.columns) if each.perspective is perspective}
    asked = [places[each.id] for each in framework.subthemes]
    schools = [(material.names[row.school], [row.scores[place] for place in asked]) for row in table.rows]
    middle = HeatmapRow(words("Middle score"), tuple(mark(table.partnership[place]) for place in asked), apart=True)
    picture = Heatmap(
        title=named,
        subtitle=subtitle(material, words),
        levels=level_names(framework, words),
        unscored=words("no score"),
        columns=tuple(
            HeatmapColumn(in_language(each.short_title, words.language), in_language(area.short_title, words.language))
            for area in framework.areas
            for each in area.subthemes
        ),
        rows=(*(HeatmapRow(name, tuple(map(mark, scores))) for name, scores in schools), middle),
        note=words("The order of the schools is no ranking."),
    )
    opening = words(
        "For each school its score for each sub-theme, {on_the_scale}.", on_the_scale=on_the_scale(framework, words)
    )
    return Drawing(picture, in_words(named, opening, _lines(material, schools, words)))


def _lines(
    material: ReportMaterial, schools: Sequence[tuple[str, list[Decimal | None]]], words: Words
) -> Iterator[tuple[str, list[str]]]:
    names = [title(material.framework, each.id, words) for each in material.framework.subthemes]
    for school, scores in schools:
        yield school, [f"{name} {_score(score, words)}" for name, score in zip(names, scores, strict=True)]


def _score(score: Decimal | None, words: Words) -> str:
    return words("no score") if score is None else written(score)
