"""Forms of collaboration: trust across, support and challenge upwards; only the high/high box has a name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from core.charts.frame import MARGIN, WIDTH, Frame
from core.charts.free_room import FreeRoom
from core.charts.lettering import fitted, measure, wrapped
from core.charts.sheet import Sheet
from core.charts.style import (
    BAND,
    GRID,
    INK,
    LINE,
    OWN_SCHOOL,
    PAPER,
    PARTNERSHIP,
    PARTNERSHIP_INK,
    QUIET_INK,
    Type,
)

_LEFT: Final = MARGIN + 196.0
_RIGHT: Final = WIDTH - MARGIN
_BELOW: Final = 92.0
_HIGHEST: Final = 660.0
_INSET: Final = 48.0
"""The distance of the lowest and highest level from the edges, so that no mark is cut off."""
_AXIS: Final = Type(22, bold=True)
_LEVEL: Final = Type(18)
_BOX: Final = Type(24, bold=True)
_LABEL: Final = Type(20, bold=True)
_WIDEST_LABEL: Final = 380.0
_DIAMOND: Final = 46.0


@dataclass(frozen=True, slots=True)
class FormPoint:
    name: str
    trust: float
    challenge: float
    """Both on the scale of levels, the lowest of which is 1."""
    text: str = ""
    """The two values as written beside the name."""


@dataclass(frozen=True, slots=True)
class FormsOfCollaboration:
    """Everything the picture says, in the language of its readers."""

    title: str
    subtitle: str
    trust: str
    challenge: str
    """The names of the axes."""
    levels: tuple[str, ...]
    """The names of the levels, lowest first."""
    established: float
    """Where the box starts, on both axes."""
    box: str
    """Its name."""
    withheld: str
    now: FormPoint | None
    """The partnership; None where it is withheld."""
    note: str = ""


def forms_sheet(picture: FormsOfCollaboration) -> Sheet:
    """At most 1024 x 1024 pixels."""
    frame = Frame(picture.title, picture.subtitle, picture.note)
    height = min(_HIGHEST, frame.room - _BELOW)
    sheet = frame.sheet(height + _BELOW)
    plane = _Plane(sheet, picture, frame.top + 8, frame.top + height)
    plane.draw_axes()
    plane.draw_partnership()
    return sheet


class _Plane:
    def __init__(self, sheet: Sheet, picture: FormsOfCollaboration, top: float, bottom: float) -> None:
        self._sheet, self._picture = sheet, picture
        self._top, self._bottom = top, bottom
        self._room = FreeRoom(_LEFT, top, _RIGHT, bottom)

    def _share(self, value: float) -> float:
        return (value - 1) / (len(self._picture.levels) - 1)

    def _x(self, trust: float) -> float:
        return _LEFT + _INSET + (_RIGHT - _LEFT - 2 * _INSET) * self._share(trust)

    def _y(self, challenge: float) -> float:
        return self._bottom - _INSET - (self._bottom - self._top - 2 * _INSET) * self._share(challenge)

    def draw_axes(self) -> None:
        self._draw_box()
        for number, name in enumerate(self._picture.levels, start=1):
            self._draw_level(number, name)
        self._sheet.frame(_LEFT, self._top, _RIGHT - _LEFT, self._bottom - self._top, LINE)
        trust = wrapped(f"{self._picture.trust} →", _AXIS, _RIGHT - _LEFT, 1)
        self._sheet.lines((_LEFT + _RIGHT) / 2, self._bottom + _BELOW - 28, trust, _AXIS, INK, "center")
        challenge, type_ = fitted(f"{self._picture.challenge} →", _AXIS, self._bottom - self._top, _AXIS.leading)
        start = (self._top + self._bottom + measure(challenge[0], type_)) / 2
        self._sheet.upright(MARGIN + 10, start, challenge, type_)

    def _draw_box(self) -> None:
        x, y = self._x(self._picture.established), self._y(self._picture.established)
        self._sheet.band(x, self._top, _RIGHT - x, y - self._top, BAND)
        self._sheet.frame(x, self._top, _RIGHT - x, y - self._top, OWN_SCHOOL, 2)
        name, type_ = fitted(self._picture.box, _BOX, _RIGHT - x - 24, _BOX.leading)
        self._sheet.lines(x + 12, self._top + 22, name, type_, OWN_SCHOOL)
        self._room.take(x + 12, self._top + 6, measure(name[0], type_), 32)

    def _draw_level(self, number: int, name: str) -> None:
        x, y = self._x(number), self._y(number)
        self._sheet.line((x, self._top), (x, self._bottom), GRID, 1.5)
        self._sheet.line((_LEFT, y), (_RIGHT, y), GRID, 1.5)
        between = (_RIGHT - _LEFT - 2 * _INSET) / (len(self._picture.levels) - 1)
        below, type_ = fitted(name, _LEVEL, between - 12, 2 * _LEVEL.leading)
        self._sheet.lines(x, self._bottom + 8 + len(below) * type_.leading / 2, below, type_, QUIET_INK, "center")
        beside, type_ = fitted(name, _LEVEL, _LEFT - MARGIN - 44, 2 * _LEVEL.leading)
        self._sheet.lines(_LEFT - 10, y, beside, type_, QUIET_INK, "right")

    def draw_partnership(self) -> None:
        now = self._picture.now
        if now is None:
            self._draw_word()
            return
        x, y = self._x(now.trust), self._y(now.challenge)
        self._sheet.mark(x, y, "D", _DIAMOND, PARTNERSHIP, PARTNERSHIP_INK)
        lines, type_ = fitted(f"{now.name} {now.text}".strip(), _LABEL, _WIDEST_LABEL, 3 * _LABEL.leading)
        size = max(measure(line, type_) for line in lines), len(lines) * type_.leading
        left, top = self._room.beside((x, y), _DIAMOND / 2 + 6, size)
        self._sheet.lines(left + size[0] / 2, top + size[1] / 2, lines, type_, PARTNERSHIP_INK, "center")

    def _draw_word(self) -> None:
        x, y, type_ = (_LEFT + _RIGHT) / 2, (self._top + self._bottom) / 2, Type(22, italic=True)
        word, type_ = fitted(self._picture.withheld, type_, _RIGHT - _LEFT - 40, type_.leading)
        width = measure(word[0], type_)
        self._sheet.clear(x, y, width, type_, PAPER)
        self._sheet.lines(x, y, word, type_, QUIET_INK, "center")
