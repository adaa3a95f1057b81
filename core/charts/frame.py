"""What stands around every picture: title, subtitle and the key to its marks above it, a note below it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from core.charts.style import MOST_PIXELS, QUIET_INK, Sheet, Type, measure, wrapped

WIDTH: Final = MOST_PIXELS
MARGIN: Final = 36.0
SMALL_TYPE: Final = Type(18)

_TITLE: Final = Type(35, bold=True)
_SUBTITLE: Final = Type(22)
_KEY: Final = Type(22)
_KEY_HEIGHT: Final = 36.0
_TOP: Final = 24.0

KeyMark: TypeAlias = Callable[[Sheet, float, float], None]
"""Draws what is explained, with its middle at the place."""


@dataclass(frozen=True, slots=True)
class KeyEntry:
    mark: KeyMark
    words: str


class Frame:
    """Lays the words out around a picture whose height is not known yet."""

    def __init__(self, title: str, subtitle: str, note: str, key: Sequence[KeyEntry] = ()) -> None:
        wide = WIDTH - 2 * MARGIN
        self._title = wrapped(title, _TITLE, wide, 3)
        self._subtitle = wrapped(subtitle, _SUBTITLE, wide, 3) if subtitle else ()
        self._note = wrapped(note, SMALL_TYPE, wide, 3) if note else ()
        self._key = _key_lines(key, wide)

    @property
    def top(self) -> float:
        """Where there is room for the picture from."""
        title, subtitle = len(self._title) * _TITLE.leading, len(self._subtitle) * _SUBTITLE.leading
        return _TOP + title + 6 + subtitle + 14 + len(self._key) * _KEY_HEIGHT

    @property
    def foot(self) -> float:
        """How much room is needed below it."""
        return MARGIN + len(self._note) * SMALL_TYPE.leading

    @property
    def room(self) -> float:
        """How high the picture may be."""
        return MOST_PIXELS - self.top - self.foot

    def sheet(self, height: float) -> Sheet:
        """A sheet for a picture of this height, with the words around it."""
        sheet = Sheet(WIDTH, round(self.top + height + self.foot))
        y = _TOP + len(self._title) * _TITLE.leading / 2
        sheet.lines(MARGIN, y, self._title, _TITLE)
        y = _TOP + len(self._title) * _TITLE.leading + 6
        sheet.lines(MARGIN, y + len(self._subtitle) * _SUBTITLE.leading / 2, self._subtitle, _SUBTITLE, QUIET_INK)
        y += len(self._subtitle) * _SUBTITLE.leading + 14 + _KEY_HEIGHT / 2
        for line in self._key:
            _draw_key(sheet, y, line)
            y += _KEY_HEIGHT
        sheet.lines(MARGIN, self.top + height + self.foot / 2, self._note, SMALL_TYPE, QUIET_INK)
        return sheet


def _entry_width(entry: KeyEntry) -> float:
    return 47 + measure(entry.words, _KEY) + 2 * MARGIN


def _key_lines(key: Sequence[KeyEntry], wide: float) -> list[list[KeyEntry]]:
    """As many entries on a line as fit it."""
    lines: list[list[KeyEntry]] = []
    left = 0.0
    for entry in key:
        width = _entry_width(entry)
        if not lines or width - 2 * MARGIN > left:
            lines.append([])
            left = wide
        lines[-1].append(entry)
        left -= width
    return lines


def _draw_key(sheet: Sheet, y: float, line: Sequence[KeyEntry]) -> None:
    x = MARGIN + 19
    for entry in line:
        entry.mark(sheet, x, y)
        (name,) = wrapped(entry.words, _KEY, WIDTH - x - 28 - MARGIN, 1)
        sheet.text(x + 28, y, name, _KEY)
        x += _entry_width(entry)
