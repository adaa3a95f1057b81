"""What all pictures have in common: colours, a sheet measured in pixels, and text that is only ever text."""

from __future__ import annotations

import io
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.figure import Figure
    from matplotlib.ft2font import FT2Font
    from numpy import uint8
    from numpy.typing import NDArray

MOST_PIXELS: Final = 1024
MOST_BYTES: Final = 1_000_000

OWN_SCHOOL: Final = "#12436D"
PARTNERSHIP: Final = "#F46A25"
"""With OWN_SCHOOL a pair that colour-blind readers tell apart (UK Government Analysis Function)."""
PARTNERSHIP_INK: Final = "#9A3B0B"
"""The same hue for text and edges, which need more contrast than an area does."""
INK: Final = "#1A1F26"
QUIET_INK: Final = "#545E6B"
LINE: Final = "#7D8896"
GRID: Final = "#D3D9E0"
BAND: Final = "#EDF1F6"
PAPER: Final = "#FFFFFF"

BOX: Final = "□"
"""Stands for a character that no font at hand can draw."""
ELLIPSIS: Final = "…"

_MOST_CHARACTERS: Final = 600
"""More has no place in a picture, and takes long to measure."""
_CONTROLS: Final = ("Cc", "Cf")
_MARKS_ON_OTHERS: Final = ("Mn", "Me")

Across: TypeAlias = Literal["left", "center", "right"]
Shape: TypeAlias = Literal["o", "D"]


@dataclass(frozen=True, slots=True)
class Type:
    """How a text is set; ``size`` in pixels."""

    size: float
    bold: bool = False
    italic: bool = False

    @property
    def file(self) -> Path:
        """A font that comes with matplotlib, so that a picture looks the same on every machine."""
        from matplotlib import get_data_path

        style = ("Bold" if self.bold else "") + ("Oblique" if self.italic else "")
        return Path(get_data_path()) / "fonts" / "ttf" / f"DejaVuSans{'-' if style else ''}{style}.ttf"

    @property
    def leading(self) -> float:
        """From one line to the next."""
        return self.size * 1.18


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
        """One line with its middle at ``y``. ``$`` and ``\\`` mean themselves, whatever settings matplotlib found."""
        self._text(x, y, words, type_, colour, horizontalalignment=across, verticalalignment="center_baseline")

    def upright(self, x: float, y: float, lines: Sequence[str], type_: Type, colour: str = INK) -> None:
        """Lines that are read from the bottom up and begin at ``y``, with their common middle at ``x``."""
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
            fontsize=type_.size,
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
        """Several lines with their common middle at ``y``."""
        top = y - type_.leading * (len(lines) - 1) / 2
        for number, line in enumerate(lines):
            self.text(x, top + number * type_.leading, line, type_, colour, across)

    def line(self, start: tuple[float, float], end: tuple[float, float], colour: str, width: float) -> None:
        self._path([start[0], end[0]], [start[1], end[1]], color=colour, linewidth=width, solid_capstyle="butt")

    def dashes(self, start: tuple[float, float], end: tuple[float, float], colour: str, width: float) -> None:
        self._path([start[0], end[0]], [start[1], end[1]], color=colour, linewidth=width, linestyle="--")

    def marks(self, places: Sequence[tuple[float, float]], shape: Shape, size: float, fill: str, edge: str) -> None:
        """Many discs or diamonds at once, ``size`` pixels across; the edge lies inside."""
        side = size if shape == "o" else size / 2**0.5
        self._path(
            [x for x, _ in places],
            [y for _, y in places],
            marker=shape,
            markersize=side - 1.5,
            markerfacecolor=fill,
            markeredgecolor=edge,
            markeredgewidth=1.5,
            linestyle="none",
        )

    def frame(self, x: float, y: float, width: float, height: float, colour: str, thick: float = 1.5) -> None:
        """The outline of a rectangle."""
        left, top, right, bottom = x, y, x + width, y + height
        self._path([left, right, right, left, left], [top, top, bottom, bottom, top], color=colour, linewidth=thick)

    def image(self, x: int, y: int, pixels: NDArray[uint8]) -> None:
        """Pixels of red, green, blue and how opaque they are, with their top left corner at the place."""
        self._figure.figimage(pixels, x, self.height - y - pixels.shape[0], origin="upper", zorder=self._next())

    def mark(self, x: float, y: float, shape: Shape, size: float, fill: str, edge: str) -> None:
        """A disc or a diamond, ``size`` pixels across; an edge of a pixel and a half."""
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
        """Whatever is drawn later lies on top."""
        self._things += 1
        return self._things

    def png(self) -> bytes:
        written = io.BytesIO()
        # No date and no program in the file: the same picture is the same bytes.
        self._figure.savefig(written, format="png", dpi=72, facecolor=PAPER, metadata={"Software": None})
        return written.getvalue()


def red_green_blue(colour: str) -> tuple[int, int, int]:
    """Of a colour as ``#rrggbb``, each from 0 to 255."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def font_of(type_: Type) -> FT2Font:
    from matplotlib.font_manager import get_font

    return get_font(type_.file)


def drawable(words: str, type_: Type) -> str:
    """The words on one line, with a box in place of what the font cannot draw.

    A run of such characters (an emoji of several parts, a name in another script) becomes one box; what has no shape of
    its own, such as a joiner or a change of direction, is left out.
    """
    font = font_of(type_)
    drawn: list[str] = []
    for character in unicodedata.normalize("NFC", " ".join(words.split())):
        category = unicodedata.category(character)
        if font.get_char_index(ord(character)) and category not in _CONTROLS:
            drawn.append(character)
        elif category not in (*_CONTROLS, *_MARKS_ON_OTHERS) and drawn[-1:] != [BOX]:
            drawn.append(BOX)
    return "".join(drawn)


def measure(words: str, type_: Type) -> float:
    """How many pixels wide a text will be."""
    font = font_of(type_)
    font.set_size(type_.size, 72)
    font.set_text(drawable(words, type_))
    return font.get_width_height()[0] / 64


def wrapped(words: str, type_: Type, width: float, most_lines: int) -> tuple[str, ...]:
    """The words in lines that fit the width; what does not fit the last one is cut, and ends in an ellipsis."""
    lines = [""]
    for word in drawable(words, type_)[:_MOST_CHARACTERS].split():
        for piece in _pieces(word, type_, width):
            longer = f"{lines[-1]} {piece}".strip()
            if measure(longer, type_) <= width:
                lines[-1] = longer
            else:
                lines.append(piece)
    if len(lines) <= most_lines:
        return tuple(lines)
    return (*lines[: most_lines - 1], _cut(" ".join(lines[most_lines - 1 :]), type_, width))


def _pieces(word: str, type_: Type, width: float) -> list[str]:
    """The word, in pieces that fit where it is wider than a line."""
    pieces = []
    while word:
        fit = max(1, _how_many_fit(word, type_, width))
        pieces.append(word[:fit])
        word = word[fit:]
    return pieces


def _cut(line: str, type_: Type, width: float) -> str:
    fit = _how_many_fit(line, type_, width - measure(ELLIPSIS, type_))
    return line[:fit].rstrip() + ELLIPSIS


def _how_many_fit(words: str, type_: Type, width: float) -> int:
    """How many of the first characters fit the width."""
    return bisect_right(range(1, len(words) + 1), width, key=lambda count: measure(words[:count], type_))
