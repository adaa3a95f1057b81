"""Forms of collaboration, and what changed since last time."""

from __future__ import annotations

from bot.messages.languages import Words
from bot.wording.charts.drawing import Drawing, in_words, subtitle
from bot.wording.figures import (
    kind,
    level_names,
    mark,
    on_the_scale,
    title,
    written,
)
from bot.wording.report import both_times
from bot.wording.report_material import ReportMaterial
from core.analysis.disclosure import Shown
from core.analysis.report import Forms, TrendLine
from core.analysis.report import Trend as TrendFacts
from core.analysis.trend import Direction
from core.charts import trend as charts
from core.charts.forms import FormPoint, FormsOfCollaboration
from core.charts.trend import TrendArea, TrendChart
from core.framework import in_language


def forms(material: ReportMaterial, words: Words) -> Drawing | None:
    """Trust across, support and challenge upwards."""
    facts, framework = material.facts.forms, material.framework
    if facts is None or not isinstance(facts.trust, Shown) or not isinstance(facts.challenge, Shown):
        return None
    named = _forms_title(facts, framework.established, words)
    trust, challenge = written(facts.trust.value), written(facts.challenge.value)
    picture = FormsOfCollaboration(
        title=named,
        subtitle=subtitle(material, words),
        trust=words("Trust"),
        challenge=words("Support and challenge"),
        levels=level_names(framework, words),
        established=float(framework.established),
        box=words("Improvement"),
        withheld=words("withheld"),
        now=FormPoint(
            words("Our partnership"), float(facts.trust.value), float(facts.challenge.value), f"{trust} / {challenge}"
        ),
        note=words("The middle of how our schools see trust, and support and challenge, in the partnership."),
    )
    opening = words(
        "Where the partnership stands between trust and support and challenge, {on_the_scale}.",
        on_the_scale=on_the_scale(framework, words),
    )
    line = (words("Our partnership"), [f"{words('Trust')} {trust}", f"{words('Support and challenge')} {challenge}"])
    return Drawing(picture, in_words(named, opening, [line]))


def _forms_title(facts: Forms, established: int, words: Words) -> str:
    assert isinstance(facts.trust, Shown)
    assert isinstance(facts.challenge, Shown)
    match facts.trust.value >= established, facts.challenge.value >= established:
        case True, True:
            return words("Trust is strong, and so are support and challenge")
        case True, False:
            return words("Trust is strong; support and challenge are the next step")
        case False, True:
            return words("We support and challenge; trust is the next step")
        case _:
            return words("Trust, support and challenge can grow together")


def trend(material: ReportMaterial, words: Words) -> Drawing | None:
    """A slope for each sub-theme: the partnership's, or own schools' for sub-themes that ask only about them."""
    facts = material.facts.trend
    lines = {each.subtheme: each for each in ([] if facts is None else facts.lines) if _is_told(material, each)}
    if facts is None or not lines or material.previous is None:
        return None
    named = _trend_title(material.previous, lines, words)
    areas = (
        TrendArea(
            in_language(area.short_title, words.language),
            tuple(_line(material, lines[each.id], words) for each in area.subthemes if each.id in lines),
        )
        for area in material.framework.areas
    )
    picture = TrendChart(
        title=named,
        subtitle=subtitle(material, words),
        kind=kind(material.framework.perspectives[-1]),
        cycles=(material.previous, material.cycle.title),
        levels=level_names(material.framework, words),
        withheld=words("withheld"),
        areas=tuple(each for each in areas if each.lines),
        note=both_times(facts, words),
    )
    return Drawing(picture, _trend_in_words(material, named, facts, lines, words))


def _is_told(material: ReportMaterial, line: TrendLine) -> bool:
    return line.perspective is material.framework.perspectives[-1]


def _trend_title(then: str, lines: dict[str, TrendLine], words: Words) -> str:
    up = sum(line.change > 0 for line in lines.values())
    down = sum(line.change < 0 for line in lines.values())
    same = len(lines) - up - down
    told = (
        *((words("{number} higher", number=up),) if up else ()),
        *((words("{number} the same", number=same),) if same else ()),
        *((words("{number} lower", number=down),) if down else ()),
    )
    return words("Middle scores beside those of {then}: {told}", then=then, told=words.joined([*told]))


def _line(material: ReportMaterial, line: TrendLine, words: Words) -> charts.TrendChartLine:
    return charts.TrendChartLine(
        label=title(material.framework, line.subtheme, words),
        values=(mark(line.then), mark(line.now)),
        moves=_moves(line, words),
        direction=_arrow(line),
    )


def _arrow(line: TrendLine) -> charts.Direction | None:
    match None if line.moves is None else line.moves.arrow:
        case Direction.UP:
            return "up"
        case Direction.DOWN:
            return "down"
        case _:
            return None


def _moves(line: TrendLine, words: Words) -> str:
    if line.moves is None:
        return ""
    return words("{up} up, {same} the same, {down} down", up=line.moves.up, same=line.moves.same, down=line.moves.down)


def _trend_in_words(
    material: ReportMaterial, named: str, facts: TrendFacts, lines: dict[str, TrendLine], words: Words
) -> str:
    opening = words(
        "For each sub-theme its middle score in {then} and in {now}, {on_the_scale}. {both}",
        then=material.previous, now=material.cycle.title,
        on_the_scale=on_the_scale(material.framework, words), both=both_times(facts, words),
    )  # fmt: skip
    told = (
        (
            title(material.framework, subtheme, words),
            [
                words("from {then} to {now}", then=written(line.then), now=written(line.now)),
                *filter(None, [_moves(line, words)]),
            ],
        )
        for subtheme, line in lines.items()
    )
    return in_words(named, opening, told)
