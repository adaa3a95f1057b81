"""The numbers of a school's own report as a table, for the same readers: its own leaders."""

from __future__ import annotations

from collections.abc import Iterator

from bot.messages.languages import Words
from bot.wording.figures import title
from bot.wording.school_report import OwnMaterial
from bot.wording.shared import perspective_name
from core.analysis.disclosure import Published, Shown
from core.analysis.school_report import OwnArea, OwnFigure, OwnSubTheme
from core.exports import ExportTable, Value
from core.framework import Perspective, in_language


def own_table(material: OwnMaterial, words: Words) -> ExportTable:
    """A row for each area, followed by one for each of its sub-themes, as in the picture."""
    titles = {each.id: in_language(each.title, words.language) for each in material.framework.areas}
    header = (words("Area"), words("Sub-theme"), *_columns(material, words))
    return ExportTable(
        material.cycle.title,
        header,
        tuple(
            row
            for area in material.own.areas
            for row in (
                (titles[area.id], None, *_cells(material, area, words)),
                *(
                    (titles[area.id], title(material.framework, each.id, words), *_cells(material, each, words))
                    for each in area.subthemes
                ),
            )
        ),
    )


def _columns(material: OwnMaterial, words: Words) -> Iterator[str]:
    for perspective in material.framework.perspectives:
        name = perspective_name(perspective, words)
        yield name
        yield f"{name}: " + words("all schools, middle score")
        yield f"{name}: " + words("the other schools, middle score")
        yield f"{name}: " + words("above (+) or below (−) the others")


def _cells(material: OwnMaterial, of: OwnArea | OwnSubTheme, words: Words) -> Iterator[Value]:
    for perspective in material.framework.perspectives:
        found = of.own_school if perspective is Perspective.SCHOOL else of.partnership
        yield from _figure(found, words)


def _figure(found: OwnFigure | None, words: Words) -> tuple[Value, Value, Value, Value]:
    if found is None:
        return None, None, None, None
    own = words("no score") if found.own is None else found.own
    return own, _published(found.group, words), _published(found.others, words), found.gap


def _published(cell: Published | None, words: Words) -> Value:
    if cell is None:
        return None
    return cell.value if isinstance(cell, Shown) else words("withheld")
