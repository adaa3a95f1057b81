"""A scale of levels that runs across a picture, and the marks of a row on it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal, TypeAlias

from core.charts.lettering import measure, wrapped
from core.charts.marks import Kind, Mark, draw_mark, draw_missing, ink
from core.charts.rows import text_size
from core.charts.sheet import Sheet
from core.charts.style import GRID, LINE, QUIET_INK, Type

_LEVEL: Final = Type(19)
_LOWER_LEVEL: Final = Type(16)
_ABOVE: Final = 14.0
_BELOW: Final = 12.0
_APART: Final = 14.0

MarkOrWord: TypeAlias = Mark | str
"""A score, or the word that says why there is none."""


@dataclass(frozen=True)
class Scale:
    starts: float
    ends: float
    levels: tuple[str, ...]
    """The names of the levels, lowest first; two at least."""

    def x(self, value: float) -> float:
        return self.starts + (self.ends - self.starts) * (value - 1) / (len(self.levels) - 1)

    @property
    def middle(self) -> float:
        return (1 + len(self.levels)) / 2

    @property
    def names_height(self) -> float:
        """How much space the names of the levels take above the scale."""
        return _ABOVE + self._text_height + _BELOW

    @property
    def _text_height(self) -> float:
        return max(len(lines) for lines in self._names) * self._type.leading

    @cached_property
    def _between(self) -> float:
        return (self.ends - self.starts) / (len(self.levels) - 1)

    @cached_property
    def _staggered(self) -> bool:
        """Whether every other name goes a line lower, since side by side they are too wide."""
        return any(measure(level, _LEVEL) > self._between - _APART for level in self.levels)

    @cached_property
    def _type(self) -> Type:
        return _LOWER_LEVEL if self._staggered else _LEVEL

    @cached_property
    def _names(self) -> list[tuple[str, ...]]:
        if not self._staggered:
            return [(level,) for level in self.levels]
        names = [wrapped(level, self._type, 2 * self._between - _APART, 1) for level in self.levels]
        return [("", *name) if number % 2 else (*name, "") for number, name in enumerate(names)]

    def draw(self, sheet: Sheet, top: float, bottom: float) -> None:
        """The names above ``top``, and a line for each level down to ``bottom``."""
        for number, lines in enumerate(self._names, start=1):
            x = self.x(number)
            line_top = top - _BELOW - (self._type.leading if self._staggered and number % 2 else 0) + 6
            sheet.line((x, line_top), (x, bottom), GRID, 2)
            sheet.lines(x, top - _BELOW - self._text_height / 2, lines, self._type, QUIET_INK, "center")


@dataclass(frozen=True, slots=True)
class ScaleRow:
    """The marks of one row with their values beside them, and a word where something is not shown."""

    sheet: Sheet
    scale: Scale
    y: float
    height: float
    paper: str

    @property
    def shrunk(self) -> float:
        """How much smaller than usual the marks are."""
        return min(1.0, self.height / 42)

    @property
    def size(self) -> float:
        """The size of the text, which shrinks later than the marks do."""
        return text_size(self.height)

    @property
    def _word_type(self) -> Type:
        return Type(self.size - 2, italic=True)

    def one(self, kind: Kind, mark: MarkOrWord) -> None:
        if isinstance(mark, Mark):
            self._mark(kind, mark, "left")
        else:
            self._word((self.scale.starts + self.scale.ends) / 2, mark)

    def two(self, own_school: MarkOrWord, partnership: MarkOrWord) -> None:
        match own_school, partnership:
            case Mark(), Mark():
                self._both(own_school, partnership)
            case Mark(), str():
                self._beside_a_word("school", own_school, "partnership", partnership)
            case str(), Mark():
                self._beside_a_word("partnership", partnership, "school", own_school)
            case str(), str():
                word = own_school if own_school == partnership else f"{own_school} · {partnership}"
                self._word((self.scale.starts + self.scale.ends) / 2, word)

    def _both(self, own_school: Mark, partnership: Mark) -> None:
        """Put the lower value to the left of its mark, the higher to the right; if equal, the school's goes left."""
        ends = [(self.scale.x(mark.value), self.y) for mark in (own_school, partnership)]
        self.sheet.line(ends[0], ends[1], LINE, 6 * self.shrunk)
        school_is_left = own_school.value <= partnership.value
        # Draw the diamond first, so that the disc is on top.
        self._mark("partnership", partnership, "right" if school_is_left else "left")
        self._mark("school", own_school, "left" if school_is_left else "right")

    def _beside_a_word(self, kind: Kind, mark: Mark, missing: Kind, word: str) -> None:
        """A small, empty mark for what is missing, with the word, goes where there is more room."""
        high = mark.value > self.scale.middle
        self._mark(kind, mark, "right" if high else "left")
        at = self.scale.x(mark.value)
        between = (measure(word, self._word_type) + 36 * self.shrunk) / 2 + 30 * self.shrunk
        if high:
            self._word(min((at + self.scale.starts) / 2, at - between + 36 * self.shrunk), word, missing)
        else:
            self._word(max((at + self.scale.ends) / 2, at + between), word, missing)

    def _word(self, x: float, word: str, missing: Kind | None = None) -> None:
        type_ = self._word_type
        width = measure(word, type_)
        self.sheet.clear(x, self.y, width, type_, self.paper)
        self.sheet.text(x, self.y, word, type_, QUIET_INK, "center")
        if missing:
            draw_missing(self.sheet, x - width / 2 - 18 * self.shrunk, self.y, missing, self.shrunk)

    def _mark(self, kind: Kind, mark: Mark, side: Literal["left", "right"]) -> None:
        x = self.scale.x(mark.value)
        draw_mark(self.sheet, x, self.y, kind, self.shrunk)
        type_ = Type(self.size, bold=True)
        width = measure(mark.text, type_)
        middle = x + (27 * self.shrunk + width / 2) * (1 if side == "right" else -1)
        self.sheet.clear(middle, self.y, width, type_, self.paper)
        self.sheet.text(middle, self.y, mark.text, type_, ink(kind), "center")
