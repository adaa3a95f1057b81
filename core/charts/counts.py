"""How many schools stand where, a dot for each: how far the schools agree, without saying which school is which."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Final

from core.charts.frame import MARGIN, WIDTH, Frame, KeyEntry
from core.charts.marks import Kind, ink
from core.charts.rows import draw_label, row_height, text_size
from core.charts.style import GRID, OWN_SCHOOL, PARTNERSHIP, QUIET_INK, Shape, Sheet, Type, measure, wrapped

_LABELS_END: Final = 330.0
_COLUMNS_START: Final = 350.0
_COLUMNS_END: Final = WIDTH - MARGIN
_HEADING: Final = Type(19)
_BIGGEST_DOT: Final = 20.0


@dataclass(frozen=True, slots=True)
class Count:
    schools: int
    """So many dots."""
    text: str
    """The number as it is written beside them, such as ``at most 2``."""


@dataclass(frozen=True, slots=True)
class CountsRow:
    label: str
    counts: tuple[Count | None, ...]
    """One for each column; None where it is withheld."""
    area: bool = False
    """The row of an area stands above those of its sub-themes; it may have no counts at all."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Everything the picture says, in the language of its readers. What may be told is decided before."""

    title: str
    subtitle: str
    kind: Kind
    """Whether schools were counted by the score of themselves or of the partnership; gives shape and colour."""
    dot: str
    """What a dot stands for, such as ``one school``."""
    withheld: str
    columns: tuple[str, ...]
    """What was counted, from left to right: the names of levels, or of ranges of them."""
    rows: tuple[CountsRow, ...]
    note: str = ""


def draw_counts(picture: Counts) -> bytes:
    """A PNG of at most 1024 x 1024 pixels."""
    frame = Frame(
        picture.title, picture.subtitle, picture.note, [KeyEntry(partial(_dot, kind=picture.kind), picture.dot)]
    )
    columns = _Columns(picture)
    height = row_height(frame.room - columns.names_height, len(picture.rows))
    top = frame.top + columns.names_height
    sheet = frame.sheet(columns.names_height + height * len(picture.rows))
    lines = [top + (number + 0.5) * height for number in range(len(picture.rows))]
    for y, row in zip(lines, picture.rows, strict=True):
        draw_label(sheet, row.label, y, height, _LABELS_END, row.area)
    columns.draw(sheet, top, top + height * len(picture.rows))
    dots = [
        place for y, row in zip(lines, picture.rows, strict=True) for place in columns.draw_row(sheet, row, y, height)
    ]
    _dots(sheet, dots, picture.kind, columns.dot_size(height))
    return sheet.png()


def _dot(sheet: Sheet, x: float, y: float, kind: Kind) -> None:
    _dots(sheet, [(x, y)], kind, _BIGGEST_DOT)


def _dots(sheet: Sheet, places: list[tuple[float, float]], kind: Kind, size: float) -> None:
    colour = OWN_SCHOOL if kind == "school" else PARTNERSHIP
    shape: Shape = "o" if kind == "school" else "D"
    if places:
        sheet.marks(places, shape, size, colour, ink(kind))


class _Columns:
    """A column for each level; in it the dots of a row side by side, then below one another, and their number."""

    def __init__(self, picture: Counts) -> None:
        self._picture = picture
        self._width = (_COLUMNS_END - _COLUMNS_START) / max(1, len(picture.columns))
        self._names = [wrapped(name, _HEADING, self._width - 14, 2) for name in picture.columns]
        counts = [count for row in picture.rows for count in row.counts if count is not None]
        self._most = max((count.schools for count in counts), default=1)
        self._texts = [count.text for count in counts]

    @property
    def names_height(self) -> float:
        return max((len(lines) for lines in self._names), default=0) * _HEADING.leading + 22

    def draw(self, sheet: Sheet, top: float, bottom: float) -> None:
        text_height = self.names_height - 22
        for number, lines in enumerate(self._names):
            x = _COLUMNS_START + number * self._width
            sheet.lines(x + self._width / 2, top - 10 - text_height / 2, lines, _HEADING, QUIET_INK, "center")
            sheet.line((x, top - 6), (x, bottom), GRID, 2)

    def _type(self, height: float) -> Type:
        return Type(min(20.0, text_size(height)), bold=True)

    def _room(self, height: float) -> float:
        """For the dots, beside the longest of the numbers."""
        number = max((measure(text, self._type(height)) for text in set(self._texts)), default=0.0)
        return max(self._width / 3, self._width - number - 26)

    def dot_size(self, height: float) -> float:
        """As big as lets the most dots of a column fit their rows."""
        size = min(_BIGGEST_DOT, height * 0.7)
        while size > 2 and self._across(size, height) * int(height * 0.9 / (size + 1)) < self._most:
            size -= 0.5
        return size

    def _across(self, size: float, height: float) -> int:
        return max(1, int(self._room(height) / (size + 2)))

    def draw_row(self, sheet: Sheet, row: CountsRow, y: float, height: float) -> list[tuple[float, float]]:
        """Draws the numbers and words; returns where the dots go."""
        type_ = Type(text_size(height) - 2, italic=True)
        if row.counts and all(count is None for count in row.counts):
            sheet.text((_COLUMNS_START + _COLUMNS_END) / 2, y, self._picture.withheld, type_, QUIET_INK, "center")
            return []
        places = []
        for number, count in enumerate(row.counts):
            x = _COLUMNS_START + number * self._width
            if count is None:
                sheet.text(x + self._width / 2, y, self._picture.withheld, type_, QUIET_INK, "center")
            else:
                sheet.text(x + self._width - 10, y, count.text, self._type(height), ink(self._picture.kind), "right")
                places += self._places(count.schools, x + 8, y, height)
        return places

    def _places(self, count: int, x: float, y: float, height: float) -> list[tuple[float, float]]:
        size = self.dot_size(height)
        across = self._across(size, height)
        lines = -(-count // across)
        top = y - (lines - 1) * (size + 1) / 2
        return [
            (x + size / 2 + number % across * (size + 2), top + number // across * (size + 1))
            for number in range(count)
        ]
