"""Schools against sub-themes with a number in every cell: the whole partnership, where schools may be named."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from core.charts.frame import MARGIN, WIDTH, Frame, KeyEntry
from core.charts.marks import Mark
from core.charts.raster import Raster
from core.charts.style import (
    GRID,
    INK,
    LINE,
    OWN_SCHOOL,
    PAPER,
    QUIET_INK,
    Sheet,
    Type,
    measure,
    red_green_blue,
    wrapped,
)

PALEST: Final = "#E6EEF6"
"""The lowest level; the highest is the blue of a school's own score."""
NOTHING: Final = "–"
"""In a cell without a score."""
_BLACK: Final = "#000000"
_AREA: Final = Type(17, bold=True)

_HIGHEST_ROW: Final = 44.0
_LEAST_CELL: Final = 21.0
_WIDEST_CELL: Final = 92.0
_LEAST_LABEL: Final = 170.0
_GAP: Final = 12.0
"""Between the labels and the cells, and around a row that stands apart."""
_MOST_HEAD: Final = 190.0
_ACROSS_FROM: Final = 62.0
"""A cell of this width takes the name of its column written across; above a narrower one it stands upright."""


@dataclass(frozen=True, slots=True)
class HeatmapColumn:
    label: str
    area: str = ""
    """Neighbouring columns of one area stand together under its name."""


@dataclass(frozen=True, slots=True)
class HeatmapRow:
    label: str
    cells: tuple[Mark | None, ...]
    """One for each column; None where there is no score."""
    apart: bool = False
    """For a row that sums the others up; it is set apart from them."""


@dataclass(frozen=True, slots=True)
class Heatmap:
    """Everything the picture says, in the language of its readers."""

    title: str
    subtitle: str
    levels: tuple[str, ...]
    """The names of the levels, lowest first."""
    unscored: str
    """What an empty cell means."""
    columns: tuple[HeatmapColumn, ...]
    rows: tuple[HeatmapRow, ...]
    note: str = ""


def draw_heatmap(picture: Heatmap) -> bytes:
    """A PNG of at most 1024 x 1024 pixels."""
    frame = Frame(picture.title, picture.subtitle, picture.note, tuple(_key(picture)))
    grid = _Grid(picture, frame)
    sheet = frame.sheet(grid.height)
    grid.draw(sheet, frame.top)
    return sheet.png()


def shade(value: float, levels: int) -> str:
    """From pale at level 1 to dark at the highest; in between in proportion."""
    share = min(1.0, max(0.0, (value - 1) / (levels - 1)))
    mixed = (
        round(low + (high - low) * share)
        for low, high in zip(red_green_blue(PALEST), red_green_blue(OWN_SCHOOL), strict=True)
    )
    return "#" + "".join(f"{part:02X}" for part in mixed)


def ink_on(colour: str) -> str:
    """Black or white, whichever stands out more: at least 4.58 to 1 on any colour (WCAG 2.2, "contrast ratio")."""
    return PAPER if _luminance(colour) < 0.179 else _BLACK


def _luminance(colour: str) -> float:
    parts = (part / 255 for part in red_green_blue(colour))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _key(picture: Heatmap) -> Iterator[KeyEntry]:
    for number, level in enumerate(picture.levels, start=1):
        yield KeyEntry(_swatch(shade(number, len(picture.levels))), level)
    if any(cell is None for row in picture.rows for cell in row.cells):
        yield KeyEntry(_swatch(None), picture.unscored)


def _swatch(colour: str | None) -> Callable[[Sheet, float, float], None]:
    def draw(sheet: Sheet, x: float, y: float) -> None:
        sheet.band(x - 17, y - 13, 34, 26, PAPER if colour is None else colour)
        sheet.frame(x - 17, y - 13, 34, 26, LINE, 1)
        if colour is None:
            sheet.text(x, y, NOTHING, Type(20), QUIET_INK, "center")

    return draw


class _Grid:
    """Where everything stands: labels on the left, names of columns and areas on top, cells on whole pixels."""

    def __init__(self, picture: Heatmap, frame: Frame) -> None:
        self._picture = picture
        columns = max(1, len(picture.columns))
        widest = max((measure(row.label, Type(19)) for row in picture.rows), default=0.0)
        least = min(max(_LEAST_LABEL, widest), WIDTH - 2 * MARGIN - _GAP - columns * _LEAST_CELL)
        self._cell = min(_WIDEST_CELL, (WIDTH - 2 * MARGIN - _GAP - least) / columns)
        self._left = WIDTH - MARGIN - self._cell * columns
        self._across = self._cell >= _ACROSS_FROM
        self._heading = Type(15 if self._across else min(15.0, self._cell / 1.7))
        self._names = [self._name(column.label) for column in picture.columns]
        self._areas = self._area_spans()
        self._head = self._areas_height + self._names_height + 8
        gaps = _GAP * sum(row.apart for row in picture.rows)
        self._row = min(_HIGHEST_ROW, (frame.room - self._head - gaps) / max(1, len(picture.rows)))
        self.height = self._head + gaps + self._row * len(picture.rows)

    def _name(self, label: str) -> tuple[str, ...]:
        if self._across:
            return wrapped(label, self._heading, self._cell - 8, 4)
        return wrapped(label, self._heading, _MOST_HEAD, max(1, int(self._cell / self._heading.leading)))

    @property
    def _names_height(self) -> float:
        if self._across:
            return max((len(lines) for lines in self._names), default=0) * self._heading.leading
        return max((measure(line, self._heading) for lines in self._names for line in lines), default=0.0)

    def _area_spans(self) -> list[tuple[float, float, tuple[str, ...]]]:
        """From where to where each area's columns go, and its name."""
        spans = []
        first = 0
        for area, columns in groupby(self._picture.columns, key=lambda column: column.area):
            count = len(list(columns))
            if area:
                starts, width = self._left + first * self._cell, count * self._cell
                spans.append((starts, width, wrapped(area, _AREA, width - 10, 2)))
            first += count
        return spans

    @property
    def _areas_height(self) -> float:
        lines = max((len(name) for _, _, name in self._areas), default=0)
        return lines * _AREA.leading + 14 if lines else 0.0

    def draw(self, sheet: Sheet, top: float) -> None:
        self._draw_areas(sheet, top)
        self._draw_names(sheet, top + self._head - 8)
        y = top + self._head
        raster = Raster(round(self._cell * len(self._picture.columns)) + 1, sheet.height)
        for row in self._picture.rows:
            self._draw_label(sheet, row, y + self._row / 2)
            self._draw_cells(raster, row, y)
            y += self._row + (_GAP if row.apart else 0)
        raster.put(sheet, round(self._left), 0)

    def _draw_areas(self, sheet: Sheet, top: float) -> None:
        for starts, width, name in self._areas:
            bottom = top + self._areas_height - 8
            sheet.line((starts + 4, bottom), (starts + width - 4, bottom), LINE, 2)
            middle = bottom - 6 - len(name) * _AREA.leading / 2
            sheet.lines(starts + width / 2, middle, name, _AREA, INK, "center")

    def _draw_names(self, sheet: Sheet, bottom: float) -> None:
        for number, lines in enumerate(self._names):
            x = self._left + (number + 0.5) * self._cell
            if self._across:
                sheet.lines(x, bottom - len(lines) * self._heading.leading / 2, lines, self._heading, INK, "center")
            else:
                sheet.upright(x, bottom, lines, self._heading)

    def _draw_label(self, sheet: Sheet, row: HeatmapRow, y: float) -> None:
        type_ = Type(min(19.0, self._row * 0.78), bold=row.apart)
        lines = wrapped(row.label, type_, self._left - _GAP - MARGIN, max(1, int(self._row / type_.leading)))
        sheet.lines(MARGIN, y, lines, type_)

    def _draw_cells(self, raster: Raster, row: HeatmapRow, y: float) -> None:
        type_ = Type(min(19.0, self._row * 0.78, self._cell * 0.46), bold=row.apart)
        top, bottom = round(y), round(y + self._row)
        for number, cell in enumerate(row.cells):
            left, right = round(number * self._cell), round((number + 1) * self._cell)
            colour = PAPER if cell is None else shade(cell.value, len(self._picture.levels))
            if cell is None:
                raster.fill(left, top, right - left - 1, bottom - top - 1, GRID)
                raster.fill(left + 1, top + 1, right - left - 3, bottom - top - 3, PAPER)
            else:
                raster.fill(left, top, right - left - 1, bottom - top - 1, colour)
            text = NOTHING if cell is None else cell.text
            raster.text((left + right - 1) / 2, (top + bottom - 1) / 2, text, type_, ink_on(colour))
