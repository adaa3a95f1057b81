"""Forms of collaboration: trust across, support and challenge upwards; only the high/high box has a name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from core.charts.frame import MARGIN, WIDTH, Frame
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
    Sheet,
    Type,
    measure,
    wrapped,
)

_LEFT: Final = MARGIN + 170.0
_RIGHT: Final = WIDTH - MARGIN - 60.0
_BELOW: Final = 96.0
_HIGHEST: Final = 640.0
_AXIS: Final = Type(22, bold=True)
_LEVEL: Final = Type(18)
_BOX: Final = Type(24, bold=True)
_LABEL: Final = Type(20, bold=True)
_SCHOOL: Final = Type(15)


@dataclass(frozen=True, slots=True)
class Place:
    name: str
    trust: float
    challenge: float
    """Both on the scale of levels, the lowest of which is 1."""
    text: str = ""
    """The two values as they are written beside the name."""


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
    """From here on, on both axes, lies the box."""
    box: str
    """Its name."""
    withheld: str
    now: Place | None
    """The partnership; None where it is withheld."""
    before: Place | None = None
    """Where it stood last time."""
    schools: tuple[Place, ...] = ()
    """Where schools are named, or where dots may be shown without names."""
    note: str = ""


def draw_forms(picture: FormsOfCollaboration) -> bytes:
    """A PNG of at most 1024 x 1024 pixels."""
    frame = Frame(picture.title, picture.subtitle, picture.note)
    height = min(_HIGHEST, frame.room - _BELOW)
    sheet = frame.sheet(height + _BELOW)
    _Plane(sheet, picture, frame.top + 8, frame.top + height).draw()
    return sheet.png()


class _Plane:
    def __init__(self, sheet: Sheet, picture: FormsOfCollaboration, top: float, bottom: float) -> None:
        self._sheet, self._picture = sheet, picture
        self._top, self._bottom = top, bottom
        self._inset = 44.0

    def _x(self, trust: float) -> float:
        share = (trust - 1) / (len(self._picture.levels) - 1)
        return _LEFT + self._inset + (_RIGHT - _LEFT - 2 * self._inset) * share

    def _y(self, challenge: float) -> float:
        share = (challenge - 1) / (len(self._picture.levels) - 1)
        return self._bottom - self._inset - (self._bottom - self._top - 2 * self._inset) * share

    def draw(self) -> None:
        self._draw_box()
        self._draw_axes()
        for school in self._picture.schools:
            self._draw_school(school)
        self._draw_partnership()

    def _draw_box(self) -> None:
        x, y = self._x(self._picture.established), self._y(self._picture.established)
        self._sheet.band(x, self._top, _RIGHT - x, y - self._top, BAND)
        self._sheet.frame(x, self._top, _RIGHT - x, y - self._top, OWN_SCHOOL, 2)
        (name,) = wrapped(self._picture.box, _BOX, _RIGHT - x - 24, 1)
        self._sheet.text(x + 12, self._top + 22, name, _BOX, OWN_SCHOOL)

    def _draw_axes(self) -> None:
        between = (_RIGHT - _LEFT - 2 * self._inset) / (len(self._picture.levels) - 1)
        for number, name in enumerate(self._picture.levels, start=1):
            x, y = self._x(number), self._y(number)
            self._sheet.line((x, self._top), (x, self._bottom), GRID, 1.5)
            self._sheet.line((_LEFT, y), (_RIGHT, y), GRID, 1.5)
            below = wrapped(name, _LEVEL, between - 12, 2)
            self._sheet.lines(x, self._bottom + 8 + len(below) * _LEVEL.leading / 2, below, _LEVEL, QUIET_INK, "center")
            beside = wrapped(name, _LEVEL, 116, 2)
            self._sheet.lines(_LEFT - 10, y, beside, _LEVEL, QUIET_INK, "right")
        self._sheet.frame(_LEFT, self._top, _RIGHT - _LEFT, self._bottom - self._top, LINE)
        (trust,) = wrapped(f"{self._picture.trust} →", _AXIS, _RIGHT - _LEFT, 1)
        self._sheet.text((_LEFT + _RIGHT) / 2, self._bottom + _BELOW - 30, trust, _AXIS, INK, "center")
        (challenge,) = wrapped(f"{self._picture.challenge} →", _AXIS, self._bottom - self._top, 1)
        start = (self._top + self._bottom + measure(challenge, _AXIS)) / 2
        self._sheet.upright(MARGIN + 8, start, [challenge], _AXIS)

    def _draw_school(self, school: Place) -> None:
        x, y = self._x(school.trust), self._y(school.challenge)
        self._sheet.mark(x, y, "o", 16, OWN_SCHOOL, PAPER)
        if school.name:
            (name,) = wrapped(school.name, _SCHOOL, 160, 1)
            self._sheet.text(x + 12, y, name, _SCHOOL)

    def _draw_partnership(self) -> None:
        now, before = self._picture.now, self._picture.before
        if now is None:
            middle = (_LEFT + _RIGHT) / 2, (self._top + self._bottom) / 2
            type_ = Type(22, italic=True)
            self._sheet.clear(*middle, measure(self._picture.withheld, type_), type_, PAPER)
            self._sheet.text(*middle, self._picture.withheld, type_, QUIET_INK, "center")
            return
        x, y = self._x(now.trust), self._y(now.challenge)
        if before is not None:
            old = self._x(before.trust), self._y(before.challenge)
            self._sheet.line(old, (x, y), PARTNERSHIP_INK, 3)
            self._sheet.mark(*old, "D", 30, PAPER, PARTNERSHIP_INK)
            self._label(before, *old)
        self._sheet.mark(x, y, "D", 44, PARTNERSHIP, PARTNERSHIP_INK)
        self._label(now, x, y)

    def _label(self, place: Place, x: float, y: float) -> None:
        words = f"{place.name} {place.text}".strip()
        right = x < (_LEFT + _RIGHT) / 2
        lines = wrapped(words, _LABEL, (_RIGHT - x if right else x - _LEFT) - 40, 3)
        self._sheet.lines(x + (30 if right else -30), y, lines, _LABEL, PARTNERSHIP_INK, "left" if right else "right")
