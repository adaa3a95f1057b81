"""What changed since last time: a small slope for each sub-theme, with its numbers, area by area."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal, TypeAlias

from core.charts.frame import MARGIN, WIDTH, Frame
from core.charts.marks import Kind, Mark, draw_mark, ink
from core.charts.style import BAND, GRID, INK, LINE, QUIET_INK, Sheet, Type, measure, wrapped

Direction: TypeAlias = Literal["up", "down"]

_AREA: Final = Type(20, bold=True)
_BETWEEN: Final = 24.0
_HIGHEST_PANEL: Final = 190.0
_ARROWS: Final = {"up": "↑", "down": "↓"}


@dataclass(frozen=True, slots=True)
class TrendLine:
    label: str
    values: tuple[Mark | None, ...]
    """One for each cycle, the oldest first; None where it is withheld or was not asked."""
    moves: str = ""
    """How many schools went up, stayed and went down, in words."""
    direction: Direction | None = None
    """An arrow, where so many schools moved one way that it may be drawn."""


@dataclass(frozen=True, slots=True)
class TrendArea:
    label: str
    lines: tuple[TrendLine, ...]


@dataclass(frozen=True, slots=True)
class Trend:
    """Everything the picture says, in the language of its readers."""

    title: str
    subtitle: str
    kind: Kind
    """Whether these are scores of the schools or of the partnership; gives shape and colour."""
    cycles: tuple[str, ...]
    """Their names, the oldest first; two at least."""
    levels: tuple[str, ...]
    """The names of the levels, lowest first."""
    withheld: str
    areas: tuple[TrendArea, ...]
    note: str = ""


def draw_trend(picture: Trend) -> bytes:
    """A PNG of at most 1024 x 1024 pixels."""
    frame = Frame(picture.title, picture.subtitle, picture.note)
    panels = _Panels(picture, frame.room)
    sheet = frame.sheet(panels.height)
    panels.draw(sheet, frame.top)
    return sheet.png()


class _Panels:
    """Areas below one another, the sub-themes of each side by side."""

    def __init__(self, picture: Trend, room: float) -> None:
        self._picture = picture
        self._across = self._best_across(room)
        self._width = (WIDTH - 2 * MARGIN - _BETWEEN * (self._across - 1)) / self._across
        self._band = min(34.0, room / (4 * max(1, len(picture.areas))))
        self._panel = min(_HIGHEST_PANEL, self._panel_height(room, self._across))
        self.height = self._band * len(picture.areas) + self._panel * self._lines(self._across)

    def _lines(self, across: int) -> int:
        return sum(-(-len(area.lines) // across) for area in self._picture.areas)

    def _panel_height(self, room: float, across: int) -> float:
        return (room - 34.0 * len(self._picture.areas)) / max(1, self._lines(across))

    def _best_across(self, room: float) -> int:
        """Three beside one another, or as many more as leaves panels that can be read."""
        return next((across for across in range(3, 7) if self._panel_height(room, across) >= 84), 6)

    def draw(self, sheet: Sheet, top: float) -> None:
        for area in self._picture.areas:
            sheet.band(MARGIN / 2, top, WIDTH - MARGIN, self._band - 4, BAND)
            type_ = Type(min(_AREA.size, self._band * 0.6), bold=True)
            (name,) = wrapped(area.label, type_, WIDTH - 2 * MARGIN, 1)
            sheet.text(MARGIN, top + self._band / 2 - 2, name, type_)
            top += self._band
            for number, line in enumerate(area.lines):
                x = MARGIN + number % self._across * (self._width + _BETWEEN)
                y = top + number // self._across * self._panel
                _Panel(sheet, self._picture, (x, y), (self._width, self._panel)).draw(line)
            top += -(-len(area.lines) // self._across) * self._panel


class _Panel:
    def __init__(self, sheet: Sheet, picture: Trend, corner: tuple[float, float], size: tuple[float, float]) -> None:
        self._sheet, self._picture = sheet, picture
        self._left, self._top = corner
        self._width, self._height = size
        self._label = Type(min(19.0, self._height * 0.12 + 3))
        self._small = Type(min(16.0, self._height * 0.11 + 2))
        self._number = Type(min(19.0, self._height * 0.12 + 3), bold=True)

    def draw(self, line: TrendLine) -> None:
        arrow = f"{_ARROWS[line.direction]} " if line.direction else ""
        label = wrapped(arrow + line.label, self._label, self._width, 1)
        self._sheet.lines(self._left, self._top + self._label.leading * 0.7, label, self._label)
        bottom = self._top + self._height - 6
        if line.moves:
            (moves,) = wrapped(line.moves, self._small, self._width, 1)
            self._sheet.text(self._left, bottom - self._small.leading / 2, moves, self._small, QUIET_INK)
        self._draw_slope(line, self._top + self._label.leading * 1.3, bottom - 2 * self._small.leading)

    def _draw_slope(self, line: TrendLine, top: float, bottom: float) -> None:
        inset = max(measure("0.0", self._number) + 20, self._width * 0.16)
        step = (self._width - 2 * inset) / max(1, len(line.values) - 1)
        xs = [self._left + inset + number * step for number in range(len(line.values))]
        for x in xs:
            self._sheet.line((x, top), (x, bottom), GRID, 1.5)
        places = [
            (x, bottom - (bottom - top) * (mark.value - 1) / (len(self._picture.levels) - 1), mark)
            for x, mark in zip(xs, line.values, strict=True)
            if mark is not None
        ]
        for one, other in pairwise(places):
            self._sheet.line(one[:2], other[:2], LINE, 3)
        for number, (x, y, mark) in enumerate(places):
            draw_mark(self._sheet, x, y, self._picture.kind, 0.5)
            first = number == 0
            across: Literal["left", "right"] = "right" if first else "left"
            self._sheet.text(x + (-14 if first else 14), y, mark.text, self._number, ink(self._picture.kind), across)
        for x, cycle, missing in zip(xs, self._picture.cycles, (mark is None for mark in line.values), strict=True):
            (name,) = wrapped(cycle, self._small, max(step, inset * 2) - 6, 1)
            self._sheet.text(x, bottom + self._small.leading * 0.5, name, self._small, QUIET_INK, "center")
            if missing:
                (word,) = wrapped(self._picture.withheld, self._small, inset * 2, 1)
                self._sheet.text(x, (top + bottom) / 2, word, self._small, INK, "center")
