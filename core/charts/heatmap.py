"""Schools against sub-themes with a number in every cell: the whole partnership, where schools may be named."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from core.charts.frame import MARGIN, WIDTH, Frame, KeyEntry
from core.charts.lettering import fits, fitted, measure, wrapped
from core.charts.marks import Mark
from core.charts.raster import Raster
from core.charts.rows import MANY, row_height
from core.charts.sheet import Sheet
from core.charts.style import GRID, INK, LINE, OWN_SCHOOL, PAPER, QUIET_INK, Type, red_green_blue

PALEST: Final = "#E6EEF6"
"""The lowest level; the highest is the blue of a school's own score."""
NOTHING: Final = "–"
"""In a cell without a score."""
_BLACK: Final = "#000000"
_AREA: Final = Type(17, bold=True)

_LABEL: Final = Type(19)
_COLUMN: Final = Type(16)
_LEAST_COLUMN: Final = Type(12)
_HIGHEST_ROW: Final = 44.0
_LEAST_CELL: Final = 21.0
_WIDEST_CELL: Final = 96.0
_LEAST_LABEL: Final = 170.0
_MOST_LABEL: Final = 236.0
_MOST_LABEL_OF_MANY: Final = 370.0
"""The label width when there are so many rows that each gets a single line."""
_GAP: Final = 12.0
"""The gap between the labels and the cells, and below a row that is set apart."""
_TALLEST: Final = 132.0
"""The limit for column names that are written vertically."""
_MOST_LINES: Final = 4
"""The limit for a name written horizontally."""


@dataclass(frozen=True, slots=True)
class HeatmapColumn:
    label: str
    area: str = ""
    """Neighbouring columns of one area are grouped under its name."""


@dataclass(frozen=True, slots=True)
class HeatmapRow:
    label: str
    cells: tuple[Mark | None, ...]
    """One for each column; None where there is no score."""
    apart: bool = False
    """For a row that summarises the others; it is set apart from them."""


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


def heatmap_sheet(picture: Heatmap) -> Sheet:
    """At most 1024 x 1024 pixels."""
    frame = Frame(picture.title, picture.subtitle, picture.note, tuple(_key(picture)), len(picture.rows) >= MANY)
    grid = _Grid(picture, frame)
    sheet = frame.sheet(grid.height)
    grid.draw(sheet, frame.top)
    return sheet


def shade(value: float, levels: int) -> str:
    """From pale at level 1 to dark at the highest, slowly at first: black stands out best on paler colours."""
    share = min(1.0, max(0.0, (value - 1) / (levels - 1))) ** 1.5
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
    """The layout: labels on the left, the names of areas and columns on top, cells on whole pixels."""

    def __init__(self, picture: Heatmap, frame: Frame) -> None:
        self._picture = picture
        columns = max(1, len(picture.columns))
        wide = WIDTH - 2 * MARGIN - _GAP
        labels = min(self._labels_width(), max(_LEAST_LABEL, wide - columns * _LEAST_CELL))
        self._cell = min(_WIDEST_CELL, (wide - labels) / columns)
        self._left = WIDTH - MARGIN - self._cell * columns
        self._head = _Head(picture.columns, self._left, self._cell)
        gaps = _GAP * sum(row.apart for row in picture.rows)
        self._row = row_height(frame.room - self._head.height - gaps, len(picture.rows), _HIGHEST_ROW)
        self.height = self._head.height + gaps + self._row * len(picture.rows)

    def _labels_width(self) -> float:
        many = len(self._picture.rows) >= MANY
        longest = max((measure(row.label, _LABEL) for row in self._picture.rows), default=0.0)
        return min(max(_LEAST_LABEL, longest), _MOST_LABEL_OF_MANY if many else _MOST_LABEL)

    def draw(self, sheet: Sheet, top: float) -> None:
        self._head.draw(sheet, top)
        y = top + self._head.height
        raster = Raster(round(self._cell * len(self._picture.columns)) + 1, sheet.height)
        for row in self._picture.rows:
            self._draw_label(sheet, row, y + self._row / 2)
            self._draw_cells(raster, row, y)
            y += self._row + (_GAP if row.apart else 0)
        raster.put(sheet, round(self._left), 0)

    def _draw_label(self, sheet: Sheet, row: HeatmapRow, y: float) -> None:
        type_ = Type(min(_LABEL.size, self._row * 0.9), bold=row.apart)
        lines, type_ = fitted(row.label, type_, self._left - _GAP - MARGIN, max(self._row * 0.92, type_.leading))
        sheet.lines(MARGIN, y, lines, type_)

    def _draw_cells(self, raster: Raster, row: HeatmapRow, y: float) -> None:
        type_ = Type(min(19.0, self._row, self._cell * 0.5), bold=row.apart)
        top, bottom = round(y), round(y + self._row)
        for number, cell in enumerate(row.cells):
            left, right = round(number * self._cell), round((number + 1) * self._cell)
            size = right - left - 1, bottom - top - 1
            if cell is None:
                raster.fill(left, top, *size, GRID)
                raster.fill(left + 1, top + 1, size[0] - 2, size[1] - 2, PAPER)
            colour = PAPER if cell is None else shade(cell.value, len(self._picture.levels))
            if cell is not None:
                raster.fill(left, top, *size, colour)
            text = NOTHING if cell is None else cell.text
            raster.text(left + size[0] / 2, top + size[1] / 2, text, type_, ink_on(colour))


class _Head:
    """The names of areas over lines that span their columns; below them the column names, vertical if need be."""

    def __init__(self, columns: Sequence[HeatmapColumn], left: float, cell: float) -> None:
        self._left, self._cell = left, cell
        self._across = True
        self._across = all(fits(column.label, _LEAST_COLUMN, *self._room) for column in columns)
        types = [fitted(column.label, self._largest, *self._room)[1] for column in columns]
        self._type = min(types, key=lambda type_: type_.size, default=_COLUMN)
        """The same for all of them."""
        width, height = self._room
        most_lines = max(1, int(height / self._type.leading))
        self._names = [wrapped(column.label, self._type, width, most_lines) for column in columns]
        self._areas = tuple(_areas(columns, left, cell))
        self._areas_height = max((area.height for area in self._areas), default=0.0)
        self.height = self._areas_height + self._names_height + 8

    @property
    def _room(self) -> tuple[float, float]:
        """How long a line of a name may be, and how much room its lines have in total."""
        return (self._cell - 8, _MOST_LINES * _COLUMN.leading) if self._across else (_TALLEST, self._cell)

    @property
    def _largest(self) -> Type:
        return _COLUMN if self._across else Type(min(_COLUMN.size, self._cell / 1.7))

    @property
    def _names_height(self) -> float:
        if self._across:
            return max((len(lines) for lines in self._names), default=0) * self._type.leading
        return max((measure(line, self._type) for lines in self._names for line in lines), default=0.0)

    def draw(self, sheet: Sheet, top: float) -> None:
        for area in self._areas:
            area.draw(sheet, top + self._areas_height)
        bottom = top + self.height - 8
        for number, lines in enumerate(self._names):
            x = self._left + (number + 0.5) * self._cell
            if self._across:
                sheet.lines(x, bottom - len(lines) * self._type.leading / 2, lines, self._type, INK, "center")
            else:
                sheet.upright(x, bottom, lines, self._type)


@dataclass(frozen=True, slots=True)
class _Area:
    name: str
    starts: float
    width: float

    @property
    def _lines(self) -> tuple[tuple[str, ...], Type]:
        return fitted(self.name, _AREA, self.width - 10, 3 * _AREA.leading)

    @property
    def height(self) -> float:
        lines, type_ = self._lines
        return len(lines) * type_.leading + 14

    def draw(self, sheet: Sheet, bottom: float) -> None:
        lines, type_ = self._lines
        sheet.line((self.starts + 4, bottom - 8), (self.starts + self.width - 4, bottom - 8), LINE, 2)
        middle = bottom - 14 - len(lines) * type_.leading / 2
        sheet.lines(self.starts + self.width / 2, middle, lines, type_, INK, "center")


def _areas(columns: Sequence[HeatmapColumn], left: float, cell: float) -> Iterator[_Area]:
    """Each area's name over its neighbouring columns."""
    first = 0
    for name, together in groupby(columns, key=lambda column: column.area):
        count = len(list(together))
        if name:
            yield _Area(name, left + first * cell, count * cell)
        first += count
