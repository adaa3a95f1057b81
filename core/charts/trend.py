"""What changed since last time: a small slope for each sub-theme, with its numbers, area by area."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Final, Literal, TypeAlias

from core.charts.frame import MARGIN, WIDTH, Frame, KeyEntry
from core.charts.lettering import fitted, measure, wrapped
from core.charts.marks import Kind, Mark, draw_mark, ink
from core.charts.rows import MANY
from core.charts.sheet import Across, Sheet
from core.charts.style import BAND, GRID, LINE, PAPER, QUIET_INK, Type

Direction: TypeAlias = Literal["up", "down"]

_AREA: Final = Type(20, bold=True)
_BAND: Final = 36.0
_BETWEEN: Final = 24.0
_HIGHEST_PANEL: Final = 190.0
_LEAST_PANEL: Final = 130.0
_ARROWS: Final = {"up": "↑", "down": "↓"}


@dataclass(frozen=True, slots=True)
class TrendChartLine:
    label: str
    values: tuple[Mark | None, ...]
    """A value for each cycle, oldest first; None where it is withheld or was not asked."""
    moves: str = ""
    """How many schools went up, stayed and went down, in words."""
    direction: Direction | None = None
    """An arrow, where enough schools moved the same way."""


@dataclass(frozen=True, slots=True)
class TrendArea:
    label: str
    lines: tuple[TrendChartLine, ...]


@dataclass(frozen=True, slots=True)
class TrendChart:
    """Everything the picture says, in the language of its readers."""

    title: str
    subtitle: str
    kind: Kind
    """Whether these are scores for the schools or for the partnership; determines shape and colour."""
    cycles: tuple[str, ...]
    """Their names, the oldest first; two at least."""
    levels: tuple[str, ...]
    """The names of the levels, lowest first."""
    withheld: str
    areas: tuple[TrendArea, ...]
    note: str = ""


def trend_sheet(picture: TrendChart) -> Sheet:
    """At most 1024 x 1024 pixels."""
    key = KeyEntry(partial(draw_mark, kind=picture.kind, scale=0.6), " → ".join(picture.cycles))
    slopes = sum(len(area.lines) for area in picture.areas)
    frame = Frame(picture.title, picture.subtitle, picture.note, [key], slopes >= MANY)
    banded = _Banded(picture)
    if banded.panel_height(frame.room) >= _LEAST_PANEL:
        return banded.draw(frame)
    return _Close(picture).draw(frame)


class _Banded:
    """Three sub-themes side by side, below a band with the name of their area."""

    _ACROSS: Final = 3

    def __init__(self, picture: TrendChart) -> None:
        self._picture = picture
        self._lines = sum(_times(len(area.lines), self._ACROSS) for area in picture.areas)

    def panel_height(self, room: float) -> float:
        return min(_HIGHEST_PANEL, (room - _BAND * len(self._picture.areas)) / max(1, self._lines))

    def draw(self, frame: Frame) -> Sheet:
        height = self.panel_height(frame.room)
        sheet = frame.sheet(_BAND * len(self._picture.areas) + height * self._lines)
        width = (WIDTH - 2 * MARGIN - _BETWEEN * (self._ACROSS - 1)) / self._ACROSS
        y = frame.top
        for area in self._picture.areas:
            self._draw_band(sheet, area, y)
            y += _BAND
            for number, line in enumerate(area.lines):
                x = MARGIN + number % self._ACROSS * (width + _BETWEEN)
                top = y + number // self._ACROSS * height
                _Panel(sheet, self._picture, (x, top), (width, height)).draw(line)
            y += _times(len(area.lines), self._ACROSS) * height
        return sheet

    def _draw_band(self, sheet: Sheet, area: TrendArea, y: float) -> None:
        sheet.band(MARGIN / 2, y, WIDTH - MARGIN, _BAND - 4, BAND)
        name, type_ = fitted(area.label, _AREA, WIDTH - 2 * MARGIN, _AREA.leading)
        sheet.lines(MARGIN, y + _BAND / 2 - 2, name, type_)


class _Close:
    """All sub-themes in sequence, as many side by side as there is room for; area names in small type."""

    _MOST_ACROSS: Final = 8

    def __init__(self, picture: TrendChart) -> None:
        self._picture = picture
        self._lines = [
            (line, area.label if line is area.lines[0] else "") for area in picture.areas for line in area.lines
        ]

    def draw(self, frame: Frame) -> Sheet:
        across = next(
            (count for count in range(3, self._MOST_ACROSS) if self._height(frame.room, count) >= _LEAST_PANEL),
            self._MOST_ACROSS,
        )
        height = self._height(frame.room, across)
        sheet = frame.sheet(height * _times(len(self._lines), across))
        width = (WIDTH - 2 * MARGIN - _BETWEEN * (across - 1)) / across
        for number, (line, area) in enumerate(self._lines):
            corner = (MARGIN + number % across * (width + _BETWEEN), frame.top + number // across * height)
            _Panel(sheet, self._picture, corner, (width, height)).draw(line, area)
        return sheet

    def _height(self, room: float, across: int) -> float:
        return room / _times(len(self._lines), across)


def _times(count: int, across: int) -> int:
    return -(-count // across)


class _Panel:
    """The name of a sub-theme, its slope, and how many schools moved."""

    def __init__(
        self, sheet: Sheet, picture: TrendChart, corner: tuple[float, float], size: tuple[float, float]
    ) -> None:
        self._sheet, self._picture = sheet, picture
        self._left, self._top = corner
        self._width, self._height = size
        self._type = Type(max(9.0, min(19.0, self._height * 0.105)))
        self._small = Type(max(8.0, min(15.0, self._height * 0.09)))

    def draw(self, line: TrendChartLine, area: str = "") -> None:
        top = self._top + 6
        if area:
            small = Type(self._small.size, bold=True)
            self._sheet.lines(
                self._left, top + small.leading / 2, wrapped(area, small, self._width, 1), small, QUIET_INK
            )
        if area or self._height < _LEAST_PANEL + 10:
            top += self._small.leading
        top = self._draw_label(line, top)
        bottom = self._top + self._height - 8
        if line.moves:
            moves, small = fitted(line.moves, self._small, self._width, self._small.leading)
            self._sheet.lines(self._left, bottom - small.leading / 2, moves, small, QUIET_INK)
            bottom -= small.leading + 4
        self._draw_slope(line, top + 6, bottom)

    def _draw_label(self, line: TrendChartLine, top: float) -> float:
        """Draw the label; returns where it ends."""
        words = f"{_ARROWS[line.direction]} {line.label}" if line.direction else line.label
        label, type_ = fitted(words, self._type, self._width, 2.2 * self._small.leading)
        height = len(label) * type_.leading
        self._sheet.lines(self._left, top + height / 2, label, type_)
        return top + height

    @property
    def _xs(self) -> list[float]:
        """The x positions of the cycles; there is room for a number at either end."""
        inset = max(measure("0.0", self._number) + 22 * self._shrunk, self._width * 0.2)
        step = (self._width - 2 * inset) / max(1, len(self._picture.cycles) - 1)
        return [self._left + inset + number * step for number in range(len(self._picture.cycles))]

    @property
    def _number(self) -> Type:
        return Type(self._type.size, bold=True)

    @property
    def _shrunk(self) -> float:
        return min(1.0, self._height / 150)

    def _draw_slope(self, line: TrendChartLine, top: float, bottom: float) -> None:
        if self._height >= _LEAST_PANEL + 10 and all(self._fits(cycle) for cycle in self._picture.cycles):
            bottom = self._draw_cycles(bottom)
        for x in self._xs:
            self._sheet.line((x, top), (x, bottom), GRID, 1.5)
        inset = self._number.size / 2
        per_level = (bottom - top - 2 * inset) / (len(self._picture.levels) - 1)
        places = [
            (x, bottom - inset - per_level * (mark.value - 1), mark)
            for x, mark in zip(self._xs, line.values, strict=True)
            if mark is not None
        ]
        for one, other in pairwise(places):
            self._sheet.line(one[:2], other[:2], LINE, 3 * self._shrunk)
        for x, y, mark in places:
            draw_mark(self._sheet, x, y, self._picture.kind, 0.55 * self._shrunk)
            self._draw_number(x, y, mark)
        self._draw_words(line, (top + bottom) / 2)

    def _fits(self, cycle: str) -> bool:
        return measure(cycle, self._small) < self._width / len(self._picture.cycles) - 6

    def _draw_cycles(self, bottom: float) -> float:
        """Draw the cycles' names below the slope; returns where the slope may end."""
        for x, cycle in zip(self._xs, self._picture.cycles, strict=True):
            self._sheet.text(x, bottom - self._small.leading / 2, cycle, self._small, QUIET_INK, "center")
        return bottom - self._small.leading - 2

    def _draw_number(self, x: float, y: float, mark: Mark) -> None:
        """Draw a number: the first to the left of its mark, the last to the right, others above if there is room."""
        beside = 17 * self._shrunk
        across: Across = "center"
        if x == self._xs[0]:
            x, across = x - beside, "right"
        elif x == self._xs[-1]:
            x, across = x + beside, "left"
        elif measure(mark.text, self._number) < self._xs[1] - self._xs[0] - 4:
            y -= beside
        else:
            return
        self._sheet.text(x, y, mark.text, self._number, ink(self._picture.kind), across)

    def _draw_words(self, line: TrendChartLine, y: float) -> None:
        """Say that something is withheld; only once if nothing is shown at all."""
        missing = [x for x, mark in zip(self._xs, line.values, strict=True) if mark is None]
        if len(missing) == len(line.values):
            missing = [self._left + self._width / 2]
        type_ = Type(self._small.size, italic=True)
        for x in missing:
            word, smaller = fitted(self._picture.withheld, type_, self._width / 2, type_.leading)
            self._sheet.clear(x, y, measure(word[0], smaller), smaller, PAPER)
            self._sheet.lines(x, y, word, smaller, QUIET_INK, "center")
