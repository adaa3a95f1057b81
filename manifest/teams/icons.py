"""The app's two icons: a ring of schools, each linked to its neighbours. Drawn here, so no image files are needed."""

from __future__ import annotations

from io import BytesIO
from math import cos, pi, sin
from typing import TYPE_CHECKING, Final

from core.charts.style import OWN_SCHOOL, PAPER, PARTNERSHIP

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLOUR_PIXELS: Final = 192
OUTLINE_PIXELS: Final = 32
_DPI: Final = 100
_SCHOOLS: Final = 5
_RING: Final = 0.58
"""From the centre to a school; the icon spans -1 to 1."""
_SAFE: Final = 0.78
"""Teams may round off the icon's corners; everything visible stays within this share of it."""


def colour() -> bytes:
    """A PNG of 192 × 192 pixels without transparency."""
    return _drawn(COLOUR_PIXELS, OWN_SCHOOL, line=PAPER, first=PARTNERSHIP, width=7.0, filled=True)


def outline() -> bytes:
    """A PNG of 32 × 32 pixels: white on transparent."""
    return _drawn(OUTLINE_PIXELS, None, line=PAPER, first=PAPER, width=1.4, filled=False)


def _drawn(pixels: int, ground: str | None, *, line: str, first: str, width: float, filled: bool) -> bytes:
    from matplotlib.figure import Figure  # Slow to import, and only this command needs it.

    inches = pixels / _DPI
    figure = Figure(figsize=(inches, inches), dpi=_DPI, facecolor=ground or "none")
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set(xlim=(-1, 1), ylim=(-1, 1))
    _ring(axes, line, first, width, filled)
    out = BytesIO()
    figure.savefig(out, format="png", dpi=_DPI, transparent=ground is None, metadata={"Software": None})
    return out.getvalue()


def _ring(axes: Axes, line: str, first: str, width: float, filled: bool) -> None:
    from matplotlib.patches import Circle

    places = [_place(number) for number in range(_SCHOOLS)]
    for (x, y), (next_x, next_y) in zip(places, (*places[1:], places[0]), strict=True):
        axes.plot([x, next_x], [y, next_y], color=line, linewidth=width, solid_capstyle="round", zorder=1)
    for number, place in enumerate(places):
        colour = line if number else first
        axes.add_patch(Circle(place, 0.2, facecolor=colour if filled else line, edgecolor="none", zorder=2))


def _place(number: int) -> tuple[float, float]:
    turn = pi / 2 - 2 * pi * number / _SCHOOLS
    reach = _RING / _SAFE * 0.9
    return reach * cos(turn), reach * sin(turn)
