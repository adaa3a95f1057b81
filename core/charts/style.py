"""What all pictures have in common: colours, maximum size and typography."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

MOST_PIXELS: Final = 1024
MOST_BYTES: Final = 1_000_000

OWN_SCHOOL: Final = "#12436D"
PARTNERSHIP: Final = "#F46A25"
"""With OWN_SCHOOL, a pair that colour-blind readers can tell apart (UK Government Analysis Function)."""
PARTNERSHIP_INK: Final = "#9A3B0B"
"""The same hue for text and edges, which need more contrast than filled areas."""
INK: Final = "#1A1F26"
QUIET_INK: Final = "#545E6B"
LINE: Final = "#7D8896"
GRID: Final = "#D3D9E0"
BAND: Final = "#EDF1F6"
PAPER: Final = "#FFFFFF"


@dataclass(frozen=True, slots=True)
class Type:
    """How a text is set; ``size`` in pixels, of which matplotlib draws whole ones only."""

    size: float
    bold: bool = False
    italic: bool = False

    @property
    def pixels(self) -> int:
        return max(1, int(self.size))

    @property
    def file(self) -> Path:
        """A font that ships with matplotlib, so that a picture looks the same on every machine."""
        return _font_file(self.bold, self.italic)

    @property
    def leading(self) -> float:
        """The distance from one line to the next."""
        return self.pixels * 1.18


@lru_cache
def _font_file(bold: bool, italic: bool) -> Path:
    from matplotlib import get_data_path

    style = ("Bold" if bold else "") + ("Oblique" if italic else "")
    return Path(get_data_path()) / "fonts" / "ttf" / f"DejaVuSans{'-' if style else ''}{style}.ttf"


def red_green_blue(colour: str) -> tuple[int, int, int]:
    """The components of a colour given as ``#rrggbb``, each from 0 to 255."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
