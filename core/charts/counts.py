"""How many schools are at each level, a dot for each: how far they agree, without saying which is which."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Final, NamedTuple

from core.charts.frame import MARGIN, WIDTH, Frame, KeyEntry
from core.charts.lettering import fitted, measure, wrapped
from core.charts.marks import Kind, ink
from core.charts.rows import MANY, draw_label, row_height, text_size
from core.charts.sheet import Sheet
from core.charts.style import GRID, OWN_SCHOOL, PAPER, PARTNERSHIP, QUIET_INK, Type

_LABELS_END: Final = 322.0
_COLUMNS_START: Final = 340.0
_HEADING: Final = Type(19)
_BIGGEST_DOT: Final = 20.0
_SMALLEST_DOT: Final = 2.0


@dataclass(frozen=True, slots=True)
class DotCount:
    schools: int
    """The number of dots."""
    text: str
    """The number as written beside them, such as ``at most 2``."""
    unsure: int = 0
    """How many of the dots, at the end, are empty: these schools may or may not belong here."""


@dataclass(frozen=True, slots=True)
class CountsRow:
    label: str
    counts: tuple[DotCount | None, ...]
    """One for each column; None where it is withheld."""
    area: bool = False
    """The row of an area is above those of its sub-themes; it may have no counts at all."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Everything the picture says, in its readers' language. What may be shown is decided beforehand."""

    title: str
    subtitle: str
    kind: Kind
    """Whether the scores counted are for own schools or the partnership; determines shape and colour."""
    dot: str
    """What a dot represents, such as ``one school``."""
    withheld: str
    columns: tuple[str, ...]
    """What was counted, from left to right: the names of levels, or of ranges of them."""
    rows: tuple[CountsRow, ...]
    note: str = ""


def counts_sheet(picture: Counts) -> Sheet:
    """At most 1024 x 1024 pixels."""
    key = [KeyEntry(partial(_dot, kind=picture.kind), picture.dot)]
    frame = Frame(picture.title, picture.subtitle, picture.note, key, len(picture.rows) >= MANY)
    columns = _Columns(picture)
    height = row_height(frame.room - columns.names_height, len(picture.rows))
    top = frame.top + columns.names_height
    sheet = frame.sheet(columns.names_height + height * len(picture.rows))
    lines = [(top + (number + 0.5) * height, row) for number, row in enumerate(picture.rows)]
    for y, row in lines:
        draw_label(sheet, row.label, y, height, _LABELS_END, row.area)
    columns.draw(sheet, top, top + height * len(picture.rows))
    dots = [dot for y, row in lines for dot in columns.draw_row(sheet, row, y, height)]
    size = columns.dot_size(height)
    _dots(sheet, [(dot.x, dot.y) for dot in dots if not dot.empty], picture.kind, size)
    _dots(sheet, [(dot.x, dot.y) for dot in dots if dot.empty], picture.kind, size, PAPER)
    return sheet


class _Dot(NamedTuple):
    x: float
    y: float
    empty: bool


def _dot(sheet: Sheet, x: float, y: float, kind: Kind) -> None:
    _dots(sheet, [(x, y)], kind, _BIGGEST_DOT)


def _dots(sheet: Sheet, places: list[tuple[float, float]], kind: Kind, size: float, colour: str | None = None) -> None:
    fill = colour or (OWN_SCHOOL if kind == "school" else PARTNERSHIP)
    if places:
        sheet.marks(places, "o" if kind == "school" else "D", size, fill, ink(kind))


class _Columns:
    """A column for each level, with the number of schools and, beside it, their dots in as many lines as needed."""

    def __init__(self, picture: Counts) -> None:
        self._picture = picture
        self._width = (WIDTH - MARGIN - _COLUMNS_START) / max(1, len(picture.columns))
        self._names = [fitted(name, _HEADING, self._width - 14, 3 * _HEADING.leading) for name in picture.columns]
        self._counts = [count for row in picture.rows for count in row.counts if count is not None]

    @property
    def _names_text_height(self) -> float:
        return max((len(lines) * type_.leading for lines, type_ in self._names), default=0.0)

    @property
    def names_height(self) -> float:
        return self._names_text_height + 22

    def draw(self, sheet: Sheet, top: float, bottom: float) -> None:
        for number, (lines, type_) in enumerate(self._names):
            x = _COLUMNS_START + number * self._width
            middle = top - 10 - len(lines) * type_.leading / 2
            sheet.lines(x + self._width / 2, middle, lines, type_, QUIET_INK, "center")
            sheet.line((x, top - 6), (x, bottom), GRID, 2)

    def _type(self, height: float) -> Type:
        return Type(min(20.0, text_size(height)), bold=True)

    def _number_width(self, height: float) -> float:
        """The width of the longest number, capped so that a whole sentence still leaves room for the dots."""
        texts = {count.text for count in self._counts}
        return min(self._width / 2, max((measure(text, self._type(height)) for text in texts), default=0.0))

    def _across(self, size: float, height: float) -> int:
        """How many dots of this size fit side by side."""
        return max(1, int((self._width - self._number_width(height) - 30) / _step(size)))

    def dot_size(self, height: float) -> float:
        """The largest dots with which the fullest column still fits its row."""
        most = max((count.schools for count in self._counts), default=1)
        size = min(_BIGGEST_DOT, height * 0.7)
        while size > _SMALLEST_DOT and self._across(size, height) * max(1, int(height * 0.92 / _step(size))) < most:
            size -= 0.5
        return size

    def draw_row(self, sheet: Sheet, row: CountsRow, y: float, height: float) -> list[_Dot]:
        """Draws the numbers and words; returns where the dots go."""
        if row.counts and all(count is None for count in row.counts):
            self._draw_word(sheet, (_COLUMNS_START + WIDTH - MARGIN) / 2, y, height)
            return []
        dots = []
        for number, count in enumerate(row.counts):
            x = _COLUMNS_START + number * self._width
            if count is None:
                self._draw_word(sheet, x + self._width / 2, y, height)
            else:
                dots += self._draw_count(sheet, count, x + 10, y, height)
        return dots

    def _draw_word(self, sheet: Sheet, x: float, y: float, height: float) -> None:
        type_ = Type(text_size(height) - 2, italic=True)
        word = wrapped(self._picture.withheld, type_, self._width - 8, 1)
        sheet.clear(x, y, measure(word[0], type_), type_, PAPER)
        sheet.lines(x, y, word, type_, QUIET_INK, "center")

    def _draw_count(self, sheet: Sheet, count: DotCount, x: float, y: float, height: float) -> list[_Dot]:
        room = self._number_width(height)
        type_ = self._type(height)
        number = wrapped(count.text, type_, room + 1, max(1, int(height / type_.leading)))
        sheet.lines(x + room, y, number, type_, ink(self._picture.kind), "right")
        size = self.dot_size(height)
        step, across = _step(size), self._across(size, height)
        first, top = x + room + 10 + size / 2, y - (-(-count.schools // across) - 1) * step / 2
        sure = count.schools - count.unsure
        return [
            _Dot(first + dot % across * step, top + dot // across * step, dot >= sure) for dot in range(count.schools)
        ]


def _step(size: float) -> float:
    """The distance from one dot to the next."""
    return size + max(1.0, size * 0.12)
