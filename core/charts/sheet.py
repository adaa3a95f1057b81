"""A sheet measured in pixels, on which text is always literal."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Literal, TypeAlias

from core.charts.lettering import drawable
from core.charts.style import INK, PAPER, Type

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.figure import Figure
    from numpy import uint8
    from numpy.typing import NDArray

Across: TypeAlias = Literal["left", "center", "right"]
Shape: TypeAlias = Literal["o", "D"]


class Sheet:
    """A white sheet on which places and sizes are pixels, counted from the top left."""

    def __init__(self, width: int, height: int) -> None:
        self.width = width
        self.height = height
        self._things = 0

    @cached_property
    def _figure(self) -> Figure:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        # 72 dots per inch make a point a pixel.
        figure = Figure(figsize=(self.width / 72, self.height / 72), dpi=72, facecolor=PAPER)
        FigureCanvasAgg(figure)
        return figure

    def text(self, x: float, y: float, words: str, type_: Type, colour: str = INK, across: Across = "left") -> None:
        """One line centred on ``y``. ``$`` and ``\\`` are literal, whatever matplotlib's settings."""
        self._text(x, y, words, type_, colour, horizontalalignment=across, verticalalignment="center_baseline")

    def upright(self, x: float, y: float, lines: Sequence[str], type_: Type, colour: str = INK) -> None:
        """Lines that read from the bottom up and begin at ``y``, centred together on ``x``."""
        left = x - type_.leading * (len(lines) - 1) / 2
        for number, line in enumerate(lines):
            self._text(
                left + number * type_.leading,
                y,
                line,
                type_,
                colour,
                rotation=90,
                rotation_mode="anchor",
                horizontalalignment="left",
                verticalalignment="center_baseline",
            )

    def _text(self, x: float, y: float, words: str, type_: Type, colour: str, **how: str | float) -> None:
        self._figure.text(
            x / self.width,
            1 - y / self.height,
            drawable(words, type_),
            font=type_.file,
            fontsize=type_.pixels,
            color=colour,
            parse_math=False,
            usetex=False,
            zorder=self._next(),
            **how,  # type: ignore[arg-type]
        )

    def clear(self, x: float, y: float, width: float, type_: Type, paper: str) -> None:
        """Make room for a text of this width that is centred at the place, so that no line runs through it."""
        beside = type_.size * 0.15
        self.band(x - width / 2 - beside, y - type_.size / 2, width + 2 * beside, type_.size, paper)

    def lines(
        self, x: float, y: float, lines: Sequence[str], type_: Type, colour: str = INK, across: Across = "left"
    ) -> None:
        """Several lines, centred together on ``y``."""
        top = y - type_.leading * (len(lines) - 1) / 2
        for number, line in enumerate(lines):
            self.text(x, top + number * type_.leading, line, type_, colour, across)

    def line(self, start: tuple[float, float], end: tuple[float, float], colour: str, width: float) -> None:
        self._path([start[0], end[0]], [start[1], end[1]], color=colour, linewidth=width, solid_capstyle="butt")

    def marks(self, places: Sequence[tuple[float, float]], shape: Shape, size: float, fill: str, edge: str) -> None:
        """Many discs or diamonds at once, ``size`` pixels across with their edges."""
        side = size if shape == "o" else size / 2**0.5
        thick = min(1.5, size / 8)
        self._path(
            [x for x, _ in places],
            [y for _, y in places],
            marker=shape,
            markersize=side - thick,
            markerfacecolor=fill,
            markeredgecolor=edge,
            markeredgewidth=thick,
            linestyle="none",
        )

    def frame(self, x: float, y: float, width: float, height: float, colour: str, thick: float = 1.5) -> None:
        """The outline of a rectangle."""
        left, top, right, bottom = x, y, x + width, y + height
        self._path([left, right, right, left, left], [top, top, bottom, bottom, top], color=colour, linewidth=thick)

    def image(self, x: int, y: int, pixels: NDArray[uint8]) -> None:
        """RGBA pixels, with their top left corner at the place."""
        self._figure.figimage(pixels, x, self.height - y - pixels.shape[0], origin="upper", zorder=self._next())

    def mark(self, x: float, y: float, shape: Shape, size: float, fill: str, edge: str) -> None:
        """A disc or a diamond, ``size`` pixels across, with an edge of a pixel and a half."""
        side = size if shape == "o" else size / 2**0.5
        self._path(
            [x],
            [y],
            marker=shape,
            markersize=side,
            markerfacecolor=fill,
            markeredgecolor=edge,
            markeredgewidth=1.5,
            linestyle="none",
        )

    def band(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        """A filled rectangle from its top left corner."""
        from matplotlib.patches import Rectangle

        corner = (x / self.width, 1 - (y + height) / self.height)
        size = (width / self.width, height / self.height)
        figure = self._figure
        figure.add_artist(
            Rectangle(corner, *size, color=colour, linewidth=0, transform=figure.transFigure, zorder=self._next())
        )

    def _path(self, xs: Sequence[float], ys: Sequence[float], **how: str | float) -> None:
        from matplotlib.lines import Line2D

        across, down = [x / self.width for x in xs], [1 - y / self.height for y in ys]
        self._add(Line2D(across, down, **how))  # type: ignore[arg-type]

    def _add(self, thing: Artist) -> None:
        thing.set_transform(self._figure.transFigure)
        thing.set_zorder(self._next())
        self._figure.add_artist(thing)

    def _next(self) -> int:
        """Whatever is drawn later goes on top."""
        self._things += 1
        return self._things

    def png(self) -> bytes:
        written = io.BytesIO()
        # No date or program name in the file, so that the same picture gives the same bytes.
        self._figure.savefig(written, format="png", dpi=72, facecolor=PAPER, metadata={"Software": None})
        return written.getvalue()
