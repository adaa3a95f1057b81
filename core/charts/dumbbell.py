"""Own school against partnership, a row for each sub-theme under one for its area: the lead picture of a report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from core.charts.frame import WIDTH, Frame, KeyEntry
from core.charts.marks import Mark, key_entry
from core.charts.rows import MANY, draw_label, row_height
from core.charts.scale import Scale, ScaleRow
from core.charts.sheet import Sheet

_LABELS_END: Final = 352.0
_SCALE_STARTS: Final = 426.0
_SCALE_ENDS: Final = WIDTH - 96.0
"""Room for a value beside its mark, between the labels and the lowest level and after the highest."""


@dataclass(frozen=True, slots=True)
class DumbbellRow:
    label: str
    own_school: Mark | None
    """None where it is withheld."""
    partnership: Mark | None
    area: bool = False
    """The row of an area is above those of its sub-themes."""


@dataclass(frozen=True, slots=True)
class Dumbbell:
    """Everything the picture says, in the language of its readers."""

    title: str
    subtitle: str
    own_school: str | None
    partnership: str | None
    """What the two marks are called. None if the framework doesn't ask about it: then only the other is drawn."""
    withheld: str
    levels: tuple[str, ...]
    """The names of the levels, lowest first."""
    rows: tuple[DumbbellRow, ...]
    note: str = ""
    """A line below the picture."""


def dumbbell_sheet(picture: Dumbbell) -> Sheet:
    """The picture, at most 1024 x 1024 pixels and no taller than its rows need."""
    frame = Frame(picture.title, picture.subtitle, picture.note, _key(picture), len(picture.rows) >= MANY)
    scale = Scale(_SCALE_STARTS, _SCALE_ENDS, picture.levels)
    height = row_height(frame.room - scale.names_height, len(picture.rows))
    top = frame.top + scale.names_height
    bottom = top + height * len(picture.rows)
    sheet = frame.sheet(bottom - frame.top)
    papers = [
        draw_label(sheet, row.label, top + (number + 0.5) * height, height, _LABELS_END, row.area)
        for number, row in enumerate(picture.rows)
    ]
    scale.draw(sheet, top, bottom)
    for number, (row, paper) in enumerate(zip(picture.rows, papers, strict=True)):
        _draw_marks(ScaleRow(sheet, scale, top + (number + 0.5) * height, height, paper), row, picture)
    return sheet


def _key(picture: Dumbbell) -> list[KeyEntry]:
    own_school = [] if picture.own_school is None else [key_entry("school", picture.own_school)]
    return own_school if picture.partnership is None else [*own_school, key_entry("partnership", picture.partnership)]


def _draw_marks(line: ScaleRow, row: DumbbellRow, picture: Dumbbell) -> None:
    own_school, partnership = row.own_school or picture.withheld, row.partnership or picture.withheld
    if picture.partnership is None:
        line.one("school", own_school)
    elif picture.own_school is None:
        line.one("partnership", partnership)
    else:
        line.two(own_school, partnership)
