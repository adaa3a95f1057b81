"""A pixel raster for what is drawn hundreds of times: coloured cells, and short texts that recur.

1,620 numbers as separate matplotlib texts take longer than the rest of a picture put together
(``benchmarks/heatmap.py``), so each text is drawn once and copied.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from core.charts.lettering import drawable, sized_font
from core.charts.sheet import Sheet
from core.charts.style import Type, red_green_blue

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Raster:
    """A raster, transparent where nothing is drawn; places are whole pixels, counted from its top left."""

    def __init__(self, width: int, height: int) -> None:
        self._width, self._height = width, height
        self._stamps: dict[tuple[str, Type], NDArray[np.uint8]] = {}

    @cached_property
    def _pixels(self) -> NDArray[np.uint8]:
        import numpy as np

        return np.zeros((self._height, self._width, 4), dtype=np.uint8)

    def fill(self, x: int, y: int, width: int, height: int, colour: str) -> None:
        self._pixels[y : y + height, x : x + width] = (*red_green_blue(colour), 255)

    def text(self, x: float, y: float, words: str, type_: Type, colour: str) -> None:
        """One line centred at the place, on top of what was filled before; cut off at the raster's edges."""
        import numpy as np

        stamp = self._stamp(words, type_)
        top, left = max(0, round(y - stamp.shape[0] / 2)), max(0, round(x - stamp.shape[1] / 2))
        below = self._pixels[top : top + stamp.shape[0], left : left + stamp.shape[1], :3]
        share = stamp[: below.shape[0], : below.shape[1], np.newaxis] / np.float32(255)
        below[:] = below + (np.array(red_green_blue(colour), dtype=np.float32) - below) * share + np.float32(0.5)

    def _stamp(self, words: str, type_: Type) -> NDArray[np.uint8]:
        """How much of each pixel the text covers, drawn once for all its places."""
        key = words, type_
        if key not in self._stamps:
            import numpy as np
            from matplotlib.ft2font import LoadFlags

            drawn = drawable(words, type_)
            font = sized_font(type_)
            font.set_text(drawn, flags=LoadFlags.DEFAULT)
            font.draw_glyphs_to_bitmap(antialiased=True)
            self._stamps[key] = np.array(font.get_image(), dtype=np.uint8)
        return self._stamps[key]

    def put(self, sheet: Sheet, x: int, y: int) -> None:
        """Copy it onto a sheet, with its top left corner at the place."""
        sheet.image(x, y, self._pixels)
