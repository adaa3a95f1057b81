"""What surrounds every picture: title, subtitle and key above it, a note below it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from core.charts.lettering import measure, wrapped
from core.charts.sheet import Sheet
from core.charts.style import MOST_PIXELS, QUIET_INK, Type

WIDTH: Final = MOST_PIXELS
MARGIN: Final = 36.0

_TOP: Final = 24.0
_SMALL: Final = 0.72
"""For a crowded picture: its words are smaller, so that its numbers need not be."""

KeyMark: TypeAlias = Callable[[Sheet, float, float], None]
"""Draws the mark that the key explains, centred at the given place."""


@dataclass(frozen=True, slots=True)
class KeyEntry:
    mark: KeyMark
    words: str


class Frame:
    """Lays the words out around a picture whose height is not known yet.

    Leave out a title or note that is already shown beside the picture.
    """

    def __init__(self, title: str, subtitle: str, note: str, key: Sequence[KeyEntry] = (), full: bool = False) -> None:
        wide = WIDTH - 2 * MARGIN
        scale = _SMALL if full else 1.0
        self._title_type, self._type, self._note_type = Type(35 * scale, bold=True), Type(22 * scale), Type(18 * scale)
        self._key_height = 36 * scale
        self._title = wrapped(title, self._title_type, wide, 3) if title else ()
        self._subtitle = wrapped(subtitle, self._type, wide, 3) if subtitle else ()
        self._note = wrapped(note, self._note_type, wide, 3) if note else ()
        self._key = self._key_lines(key, wide)

    @property
    def _words_height(self) -> float:
        title, subtitle = len(self._title) * self._title_type.leading, len(self._subtitle) * self._type.leading
        return _TOP + title + 6 + subtitle + 14

    @property
    def top(self) -> float:
        """Where the picture can start."""
        return self._words_height + len(self._key) * self._key_height

    @property
    def foot(self) -> float:
        """How much space is needed below it."""
        return MARGIN + len(self._note) * self._note_type.leading

    @property
    def room(self) -> float:
        """How tall the picture may be."""
        return MOST_PIXELS - self.top - self.foot

    def sheet(self, height: float) -> Sheet:
        """A sheet for a picture of this height, with the words around it."""
        sheet = Sheet(WIDTH, round(self.top + height + self.foot))
        subtitle_top = _TOP + len(self._title) * self._title_type.leading + 6
        subtitle_middle = subtitle_top + len(self._subtitle) * self._type.leading / 2
        sheet.lines(MARGIN, (_TOP + subtitle_top - 6) / 2, self._title, self._title_type)
        sheet.lines(MARGIN, subtitle_middle, self._subtitle, self._type, QUIET_INK)
        for number, line in enumerate(self._key):
            self._draw_key(sheet, self._words_height + (number + 0.5) * self._key_height, line)
        sheet.lines(MARGIN, self.top + height + self.foot / 2, self._note, self._note_type, QUIET_INK)
        return sheet

    def _entry_width(self, entry: KeyEntry) -> float:
        """The width of an entry, including the space before the next."""
        return 47 + measure(entry.words, self._type) + MARGIN

    def _key_lines(self, key: Sequence[KeyEntry], wide: float) -> list[list[KeyEntry]]:
        """Break the entries into lines, as many on each as fit."""
        lines: list[list[KeyEntry]] = []
        left = 0.0
        for entry in key:
            width = self._entry_width(entry)
            if not lines or width - MARGIN > left:
                lines.append([])
                left = wide
            lines[-1].append(entry)
            left -= width
        return lines

    def _draw_key(self, sheet: Sheet, y: float, line: Sequence[KeyEntry]) -> None:
        x = MARGIN + 19
        for entry in line:
            entry.mark(sheet, x, y)
            sheet.lines(x + 28, y, wrapped(entry.words, self._type, WIDTH - x - 28 - MARGIN, 1), self._type)
            x += self._entry_width(entry)
