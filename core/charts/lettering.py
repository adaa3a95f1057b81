"""How wide a text is, where its lines break, and which of its characters can be drawn."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from core.charts.style import Type

if TYPE_CHECKING:
    from matplotlib.ft2font import FT2Font

BOX: Final = "□"
"""Replaces a character that no available font can draw."""
ELLIPSIS: Final = "…"

_MOST_CHARACTERS: Final = 600
"""Longer text has no place in a picture, and is slow to measure."""
_SMALLER: Final = (1.0, 0.9, 0.82, 0.74, 0.66)
_CONTROLS: Final = ("Cc", "Cf")
_MARKS_ON_OTHERS: Final = ("Mn", "Me")


def sized_font(type_: Type) -> FT2Font:
    """The shared font of its kind; it keeps its size until the next call sets another."""
    from matplotlib.font_manager import get_font

    font = get_font(type_.file)
    font.set_size(type_.pixels, 72)
    return font


def drawable(words: str, type_: Type) -> str:
    """The words on one line, with a box for anything the font cannot draw.

    A run of such characters (a multi-part emoji, a name in another script) becomes one box; what has no shape of
    its own, such as a joiner or a change of direction, is left out.
    """
    drawn: list[str] = []
    for character in unicodedata.normalize("NFC", " ".join(words.split())):
        category = unicodedata.category(character)
        if _has_shape(character, type_.bold, type_.italic) and category not in _CONTROLS:
            drawn.append(character)
        elif category not in (*_CONTROLS, *_MARKS_ON_OTHERS) and drawn[-1:] != [BOX]:
            drawn.append(BOX)
    return "".join(drawn)


@lru_cache(maxsize=8192)
def _has_shape(character: str, bold: bool, italic: bool) -> bool:
    from matplotlib.font_manager import get_font

    # Don't touch the size: a caller that has just set it is about to draw with it.
    return get_font(Type(1, bold, italic).file).get_char_index(ord(character)) != 0


@lru_cache(maxsize=8192)
def _advance(character: str, pixels: int, bold: bool, italic: bool) -> float:
    """The distance from one character to the next, rounded to whole pixels as in drawing."""
    from matplotlib.ft2font import LoadFlags

    type_ = Type(pixels, bold, italic)
    return sized_font(type_).load_char(ord(character), flags=LoadFlags.DEFAULT).horiAdvance / 64


def measure(words: str, type_: Type) -> float:
    """How many pixels wide a text will be."""
    return _width(drawable(words, type_), type_)


def _width(drawn: str, type_: Type) -> float:
    return sum(_advances(drawn, type_))


def _advances(drawn: str, type_: Type) -> Iterator[float]:
    pixels, bold, italic = type_.pixels, type_.bold, type_.italic
    return (_advance(character, pixels, bold, italic) for character in drawn)


def wrapped(words: str, type_: Type, width: float, most_lines: int) -> tuple[str, ...]:
    """The words in lines that fit the width; the last line is cut with an ellipsis if necessary."""
    lines = _broken(words, type_, width)
    if len(lines) <= most_lines:
        return tuple(lines)
    return (*lines[: most_lines - 1], _cut(" ".join(lines[most_lines - 1 :]), type_, width))


def fitted(words: str, type_: Type, width: float, height: float) -> tuple[tuple[str, ...], Type]:
    """The words in the largest type that shows them whole, down to two thirds of the requested size; else cut."""
    sizes = [replace(type_, size=type_.size * share) for share in _SMALLER]
    best = next((smaller for smaller in sizes if fits(words, smaller, width, height)), sizes[-1])
    return wrapped(words, best, width, max(1, int(height / best.leading))), best


def fits(words: str, type_: Type, width: float, height: float) -> bool:
    """Whether all the words fit without splitting any of them."""
    if any(_width(word, type_) > width for word in drawable(words, type_).split()):
        return False
    return len(_broken(words, type_, width)) * type_.leading <= height


def _broken(words: str, type_: Type, width: float) -> list[str]:
    lines = [""]
    space, left = _width(" ", type_), width
    for word in drawable(words, type_)[:_MOST_CHARACTERS].split():
        for piece in _pieces(word, type_, width):
            needed = _width(piece, type_)
            if not lines[-1]:
                lines[-1] = piece
            elif space + needed <= left:
                lines[-1] += f" {piece}"
                left -= space
            else:
                lines.append(piece)
                left = width
            left -= needed
    return lines


def _pieces(word: str, type_: Type, width: float) -> Iterator[str]:
    """The word, split into pieces that fit if it is wider than a line."""
    while word:
        fit = max(1, _how_many_fit(word, type_, width))
        yield word[:fit]
        word = word[fit:]


def _cut(line: str, type_: Type, width: float) -> str:
    fit = _how_many_fit(line, type_, width - _width(ELLIPSIS, type_))
    return line[:fit].rstrip() + ELLIPSIS


def _how_many_fit(drawn: str, type_: Type, width: float) -> int:
    """How many of the first characters fit the width."""
    for number, advance in enumerate(_advances(drawn, type_)):
        width -= advance
        if width < 0:
            return number
    return len(drawn)
