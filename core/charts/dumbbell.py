"""Own school against partnership, a row for each sub-theme under one for its area: the lead picture of a report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from core.charts.style import (
    BAND,
    GRID,
    LINE,
    MOST_PIXELS,
    OWN_SCHOOL,
    PAPER,
    PARTNERSHIP,
    PARTNERSHIP_INK,
    QUIET_INK,
    Sheet,
    Type,
    measure,
    wrapped,
)

Kind: TypeAlias = Literal["school", "partnership"]

_WIDTH: Final = MOST_PIXELS
_MARGIN: Final = 36.0
_LABELS_END: Final = 352.0
_SCALE_STARTS: Final = 426.0
_SCALE_ENDS: Final = _WIDTH - 96.0
"""Between the labels and the lowest level, and after the highest, there is room for a value beside its mark."""
_HIGHEST_ROW: Final = 60.0

_TITLE: Final = Type(35, bold=True)
_SUBTITLE: Final = Type(22)
_KEY: Final = Type(22)
_LEVEL: Final = Type(19)
_NOTE: Final = Type(18)


@dataclass(frozen=True, slots=True)
class Mark:
    value: float
    """On the scale of levels, the lowest of which is 1."""
    text: str
    """As it is written beside the mark."""


@dataclass(frozen=True, slots=True)
class DumbbellRow:
    label: str
    own_school: Mark | None
    """None where it is withheld."""
    partnership: Mark | None
    area: bool = False
    """The row of an area stands above those of its sub-themes."""


@dataclass(frozen=True, slots=True)
class Dumbbell:
    """Everything the picture says, in the language of its readers."""

    title: str
    subtitle: str
    own_school: str
    """What the mark of the own-school score is called."""
    partnership: str | None
    """None where the framework does not ask about the partnership; then only the one mark is drawn."""
    withheld: str
    levels: tuple[str, ...]
    """The names of the levels, lowest first."""
    rows: tuple[DumbbellRow, ...]
    note: str = ""
    """A line below the picture."""


def draw_dumbbell(picture: Dumbbell) -> bytes:
    """A PNG of at most 1024 x 1024 pixels; as low as its rows allow."""
    head = _Head(picture)
    foot = wrapped(picture.note, _NOTE, _WIDTH - 2 * _MARGIN, 2) if picture.note else ()
    foot_height = _MARGIN + len(foot) * _NOTE.leading
    row_height = min(_HIGHEST_ROW, (MOST_PIXELS - head.height - foot_height) / max(1, len(picture.rows)))
    rows_end = head.height + row_height * len(picture.rows)
    sheet = Sheet(_WIDTH, round(rows_end + foot_height))
    _bands(sheet, picture, head.height, row_height)
    _scale(sheet, picture, head.height, rows_end)
    head.draw(sheet)
    for number, row in enumerate(picture.rows):
        _Line(sheet, picture, head.height + (number + 0.5) * row_height, row_height).draw(row)
    sheet.lines(_MARGIN, rows_end + foot_height / 2, foot, _NOTE, QUIET_INK)
    return sheet.png()


def _x(picture: Dumbbell, value: float) -> float:
    """Where a value stands on the scale; a scale has two levels at least."""
    return _SCALE_STARTS + (_SCALE_ENDS - _SCALE_STARTS) * (value - 1) / (len(picture.levels) - 1)


class _Head:
    """Title, subtitle, the key to the marks and the names of the levels, from the top down."""

    def __init__(self, picture: Dumbbell) -> None:
        self._picture = picture
        wide = _WIDTH - 2 * _MARGIN
        self._title = wrapped(picture.title, _TITLE, wide, 3)
        self._subtitle = wrapped(picture.subtitle, _SUBTITLE, wide, 3) if picture.subtitle else ()
        self._key = self._key_lines(wide)
        between = (_SCALE_ENDS - _SCALE_STARTS) / (len(picture.levels) - 1)
        self._levels = [wrapped(level, _LEVEL, between - 14, 2) for level in picture.levels]

    def _key_lines(self, wide: float) -> list[list[tuple[Kind, str]]]:
        """The marks with their names, on one line where both fit."""
        school: tuple[Kind, str] = ("school", self._picture.own_school)
        if self._picture.partnership is None:
            return [[school]]
        partnership: tuple[Kind, str] = ("partnership", self._picture.partnership)
        together = measure(f"{school[1]}{partnership[1]}", _KEY) + 4 * _MARGIN + 60
        return [[school, partnership]] if together <= wide else [[school], [partnership]]

    @property
    def height(self) -> float:
        title, subtitle = len(self._title) * _TITLE.leading, len(self._subtitle) * _SUBTITLE.leading
        return 24 + title + 6 + subtitle + 14 + len(self._key) * 36 + 14 + self._levels_height + 12

    @property
    def _levels_height(self) -> float:
        return max(len(lines) for lines in self._levels) * _LEVEL.leading

    def draw(self, sheet: Sheet) -> None:
        y = 24 + len(self._title) * _TITLE.leading / 2
        sheet.lines(_MARGIN, y, self._title, _TITLE)
        y = 24 + len(self._title) * _TITLE.leading + 6
        sheet.lines(_MARGIN, y + len(self._subtitle) * _SUBTITLE.leading / 2, self._subtitle, _SUBTITLE, QUIET_INK)
        y += len(self._subtitle) * _SUBTITLE.leading + 14 + 18
        for line in self._key:
            self._draw_key(sheet, y, line)
            y += 36
        for number, lines in enumerate(self._levels):
            middle = self.height - 12 - self._levels_height / 2
            sheet.lines(_x(self._picture, number + 1), middle, lines, _LEVEL, QUIET_INK, "center")

    def _draw_key(self, sheet: Sheet, y: float, line: list[tuple[Kind, str]]) -> None:
        x = _MARGIN + 19
        for kind, words in line:
            _draw_mark(sheet, kind, x, y, 1)
            (name,) = wrapped(words, _KEY, _WIDTH - x - 28 - _MARGIN, 1)
            sheet.text(x + 28, y, name, _KEY)
            x += 28 + measure(name, _KEY) + 2 * _MARGIN


def _draw_mark(sheet: Sheet, kind: Kind, x: float, y: float, scale: float) -> None:
    """The disc is small enough to stand on the diamond, so that both are seen where they meet."""
    if kind == "school":
        sheet.mark(x, y, "o", 21 * scale, OWN_SCHOOL, PAPER)
    else:
        sheet.mark(x, y, "D", 40 * scale, PARTNERSHIP, PARTNERSHIP_INK)


def _bands(sheet: Sheet, picture: Dumbbell, top: float, row_height: float) -> None:
    for number, row in enumerate(picture.rows):
        if row.area:
            y = top + number * row_height
            sheet.band(_MARGIN / 2, y + 2, _WIDTH - _MARGIN, row_height - 4, BAND)


def _scale(sheet: Sheet, picture: Dumbbell, top: float, bottom: float) -> None:
    for level in range(1, len(picture.levels) + 1):
        x = _x(picture, level)
        sheet.line((x, top - 6), (x, bottom), GRID, 2)


class _Line:
    """One row: its label, its marks with their values beside them, and the word where something is withheld."""

    def __init__(self, sheet: Sheet, picture: Dumbbell, y: float, height: float) -> None:
        self._sheet = sheet
        self._picture = picture
        self._y = y
        self._height = height
        self._scale = min(1.0, height / 42)
        self._size = min(23.0, height * 0.7)
        """Of the text, which gets smaller later than the marks do."""
        self._paper = PAPER

    def draw(self, row: DumbbellRow) -> None:
        self._paper = BAND if row.area else PAPER
        self._label(row)
        # The diamond comes first, so that the disc stands on it.
        asked: list[tuple[Kind, Mark | None]] = [("partnership", row.partnership), ("school", row.own_school)]
        if self._picture.partnership is None:
            asked.pop(0)
        there = [(kind, mark) for kind, mark in asked if mark is not None]
        withheld = [kind for kind, mark in asked if mark is None]
        if not there:
            self._word((_SCALE_STARTS + _SCALE_ENDS) / 2)
        elif len(there) == 1:
            self._one_mark(*there[0], withheld)
        else:
            self._two_marks(there)

    def _label(self, row: DumbbellRow) -> None:
        type_ = Type(self._size - 1 if row.area else self._size, bold=row.area)
        x = _MARGIN if row.area else _MARGIN + 22 * self._scale
        most_lines = max(1, int(self._height / type_.leading))
        self._sheet.lines(x, self._y, wrapped(row.label, type_, _LABELS_END - x, most_lines), type_)

    def _one_mark(self, kind: Kind, mark: Mark, withheld: list[Kind]) -> None:
        """Where the other is withheld, a small mark of it and the word stand where there is more room."""
        high = mark.value > (1 + len(self._picture.levels)) / 2
        self._draw(kind, mark, "right" if high or not withheld else "left")
        for missing in withheld:
            end = _SCALE_STARTS if high else _SCALE_ENDS
            self._word((_x(self._picture, mark.value) + end) / 2, missing)

    def _word(self, x: float, missing: Kind | None = None) -> None:
        type_ = Type(self._size - 2, italic=True)
        width = measure(self._picture.withheld, type_)
        self._sheet.clear(x, self._y, width, type_, self._paper)
        self._sheet.text(x, self._y, self._picture.withheld, type_, QUIET_INK, "center")
        if missing:
            _draw_mark(self._sheet, missing, x - width / 2 - 18 * self._scale, self._y, self._scale / 2)

    def _two_marks(self, marks: list[tuple[Kind, Mark]]) -> None:
        """The lower value on the left of its mark, the higher one on the right; level, the school's on the left."""
        ends = [(_x(self._picture, mark.value), self._y) for _, mark in marks]
        self._sheet.line(ends[0], ends[1], LINE, 6 * self._scale)
        (_, partnership), (_, own_school) = marks
        for kind, mark in marks:
            school_is_left = own_school.value <= partnership.value
            self._draw(kind, mark, "left" if school_is_left is (kind == "school") else "right")

    def _draw(self, kind: Kind, mark: Mark, side: Literal["left", "right"]) -> None:
        x = _x(self._picture, mark.value)
        _draw_mark(self._sheet, kind, x, self._y, self._scale)
        type_ = Type(self._size, bold=True)
        width = measure(mark.text, type_)
        middle = x + (27 * self._scale + width / 2) * (1 if side == "right" else -1)
        self._sheet.clear(middle, self._y, width, type_, self._paper)
        colour = OWN_SCHOOL if kind == "school" else PARTNERSHIP_INK
        self._sheet.text(middle, self._y, mark.text, type_, colour, "center")
