"""Rows with their labels on the left: those of areas in bold on a band, those of sub-themes below them."""

from __future__ import annotations

from typing import Final

from core.charts.frame import MARGIN, WIDTH
from core.charts.lettering import fitted
from core.charts.sheet import Sheet
from core.charts.style import BAND, PAPER, Type

MANY: Final = 24
"""From this many rows on, the frame around a picture shrinks to make room for them."""
_HIGHEST: Final = 60.0
_INDENT: Final = 22.0


def row_height(room: float, rows: int, highest: float = _HIGHEST) -> float:
    return min(highest, room / max(1, rows))


def text_size(height: float) -> float:
    """The size of the text in a row of this height."""
    return min(20.0, height * 0.7)


def draw_label(sheet: Sheet, label: str, y: float, height: float, ends: float, area: bool = False) -> str:
    """Draw a row's label, centred on ``y``, on a band if it is an area's; returns the background colour."""
    if area:
        sheet.band(MARGIN / 2, y - height / 2 + 2, WIDTH - MARGIN, height - 4, BAND)
    size = text_size(height)
    x = MARGIN if area else MARGIN + _INDENT * min(1.0, height / 42)
    lines, type_ = fitted(label, Type(size - 1 if area else size, bold=area), ends - x, height * 0.84)
    sheet.lines(x, y, lines, type_)
    return BAND if area else PAPER
