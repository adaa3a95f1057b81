"""A school's own report: its scores next to those of the partnership's schools, a row for each area."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from core.charts.frame import MARGIN, WIDTH, Frame
from core.charts.lettering import wrapped
from core.charts.marks import Mark, key_entry
from core.charts.rows import MANY, draw_label, row_height
from core.charts.scale import Scale, ScaleRow
from core.charts.sheet import Sheet
from core.charts.style import INK, Type

_LABELS_END: Final = 314.0
_PANELS_START: Final = 330.0
_BESIDE: Final = 62.0
"""Room on either side of a scale for a value beside its mark."""
_HEADING: Final = Type(21, bold=True)


@dataclass(frozen=True, slots=True)
class ScorePair:
    ours: Mark | None
    """None where our leaders gave no score."""
    others: Mark | None
    """None where it is withheld."""


@dataclass(frozen=True, slots=True)
class OwnSchoolRow:
    label: str
    panels: tuple[ScorePair, ...]
    """A pair for each of the picture's panels."""
    area: bool = False
    """The row of an area is above those of its sub-themes, if they are shown."""


@dataclass(frozen=True, slots=True)
class OwnSchool:
    """Everything the picture says, in the language of its reader."""

    title: str
    subtitle: str
    ours: str
    others: str
    """What the two marks are called."""
    unscored: str
    withheld: str
    panels: tuple[str, ...]
    """Their headings, one or two: how schools see themselves, how they see the partnership."""
    levels: tuple[str, ...]
    """The names of the levels, lowest first."""
    rows: tuple[OwnSchoolRow, ...]
    note: str = ""


def own_school_sheet(picture: OwnSchool) -> Sheet:
    """At most 1024 x 1024 pixels."""
    key = [key_entry("school", picture.ours), key_entry("partnership", picture.others)]
    frame = Frame(picture.title, picture.subtitle, picture.note, key, len(picture.rows) >= MANY)
    panels = _panels(picture)
    head = max(panel.head for panel in panels)
    height = row_height(frame.room - head, len(picture.rows))
    top, bottom = frame.top + head, frame.top + head + height * len(picture.rows)
    sheet = frame.sheet(bottom - frame.top)
    lines = [top + (number + 0.5) * height for number in range(len(picture.rows))]
    papers = [
        draw_label(sheet, row.label, y, height, _LABELS_END, row.area)
        for y, row in zip(lines, picture.rows, strict=True)
    ]
    for number, panel in enumerate(panels):
        panel.draw(sheet, top, bottom)
        for y, row, paper in zip(lines, picture.rows, papers, strict=True):
            pair = row.panels[number]
            line = ScaleRow(sheet, panel.scale, y, height, paper)
            line.two(pair.ours or picture.unscored, pair.others or picture.withheld)
    return sheet


@dataclass(frozen=True)
class _Panel:
    heading: tuple[str, ...]
    scale: Scale

    @property
    def head(self) -> float:
        return len(self.heading) * _HEADING.leading + self.scale.names_height

    def draw(self, sheet: Sheet, top: float, bottom: float) -> None:
        self.scale.draw(sheet, top, bottom)
        middle = top - self.scale.names_height - len(self.heading) * _HEADING.leading / 2 + 8
        sheet.lines((self.scale.starts + self.scale.ends) / 2, middle, self.heading, _HEADING, INK, "center")


def _panels(picture: OwnSchool) -> list[_Panel]:
    width = (WIDTH - MARGIN - _PANELS_START) / len(picture.panels)
    return [
        _Panel(
            wrapped(heading, _HEADING, width - 20, 2),
            Scale(
                _PANELS_START + number * width + _BESIDE, _PANELS_START + (number + 1) * width - _BESIDE, picture.levels
            ),
        )
        for number, heading in enumerate(picture.panels)
    ]
