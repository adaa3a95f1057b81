"""Schools by name as a table: beside the pictures of them, and for the same readers only."""

from __future__ import annotations

from collections.abc import Iterator

from bot.messages.languages import Words
from bot.wording.figures import title
from bot.wording.report_material import ReportMaterial
from core.analysis.disclosure import Published, Shown
from core.analysis.school_table import SchoolTable
from core.exports import ExportTable, Value
from core.framework import Perspective


def school_table(material: ReportMaterial, words: Words) -> ExportTable | None:
    """A row for each school and perspective, then the middle scores; None if schools aren't named."""
    if material.schools is None:
        return None
    subthemes = tuple(title(material.framework, each.id, words) for each in material.framework.subthemes)
    rows = tuple(
        row
        for perspective in material.framework.perspectives
        for row in _of_perspective(material, material.schools, perspective, words)
    )
    return ExportTable(words("Schools by name"), (words("What is shown"), words("School"), *subthemes), rows)


def _of_perspective(
    material: ReportMaterial, table: SchoolTable, perspective: Perspective, words: Words
) -> Iterator[tuple[Value, ...]]:
    own = perspective is Perspective.SCHOOL
    places = {each.subtheme: place for place, each in enumerate(table.columns) if each.perspective is perspective}
    asked = [places[each.id] for each in material.framework.subthemes]
    seen = words("How each school sees itself") if own else words("How each school sees the partnership")
    no_score = words("no score")
    for row in table.rows:
        scores = (row.scores[place] for place in asked)
        yield seen, material.names[row.school], *(no_score if score is None else score for score in scores)
    yield seen, words("Middle score"), *(_middle(table.partnership[place], words) for place in asked)


def _middle(cell: Published, words: Words) -> Value:
    return cell.value if isinstance(cell, Shown) else words("withheld")
