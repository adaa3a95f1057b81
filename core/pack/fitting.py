"""What fits on a slide or a page: parts that are too long continue on the next."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final, TypeVar

from core.charts.lettering import wrapped
from core.charts.style import Type

MOST_CHARACTERS: Final = 600
"""The limit for one sentence or cell; a page full of a single one helps no meeting."""

_STEPS: Final = 40

_T = TypeVar("_T")


def shortened(words: str) -> str:
    """The text on one line, cut if it is very long."""
    line = " ".join(words.split())
    return line if len(line) <= MOST_CHARACTERS else line[: MOST_CHARACTERS - 1].rstrip() + "…"


def lines_of(words: str, size: float, width: float, *, bold: bool = False) -> int:
    """How many lines the words take, with sizes in points; rather one too many than one too few.

    Measured in a wide typeface, since a slide is shown in whatever font its reader has.
    """
    return len(wrapped(words, Type(size, bold), width, MOST_CHARACTERS))


def pages(things: Sequence[_T], height_of: Callable[[_T], float], room: float) -> list[tuple[_T, ...]]:
    """The items in order, as many on each page as fit; at least one page, with at least one item each."""
    filled: list[list[_T]] = [[]]
    left = room
    for thing in things:
        height = height_of(thing)
        if filled[-1] and height > left:
            filled.append([])
            left = room
        filled[-1].append(thing)
        left -= height
    return [tuple(page) for page in filled]


def even_pages(things: Sequence[_T], height_of: Callable[[_T], float], room: float) -> list[tuple[_T, ...]]:
    """As few pages as ``pages`` would use, but evenly filled."""
    fewest = len(pages(things, height_of, room))
    least = sum(map(height_of, things)) / fewest
    rooms = (least + (room - least) * step / _STEPS for step in range(_STEPS))
    return next(
        (filled for each in rooms if len(filled := pages(things, height_of, each)) == fewest),
        pages(things, height_of, room),
    )


def pages_of_groups(
    groups: Iterable[Sequence[_T]], height_of: Callable[[_T], float], room: float
) -> list[tuple[_T, ...]]:
    """The first of each group is its heading: never last on a page, and repeated where its group continues.

    A group that fits on a page is not split. No groups give no pages.
    """
    filled: list[list[_T]] = []
    left = 0.0

    def put(thing: _T) -> None:
        nonlocal left
        filled[-1].append(thing)
        left -= height_of(thing)

    def begin_page() -> None:
        nonlocal left
        filled.append([])
        left = room

    for heading, *rest in groups:
        whole = sum(map(height_of, (heading, *rest)))
        least = whole if whole <= room else sum(map(height_of, (heading, *rest[:1])))
        if not filled or least > left:
            begin_page()
        put(heading)
        for thing in rest:
            if height_of(thing) > left and filled[-1][-1] is not heading:
                begin_page()
                put(heading)
            put(thing)
    return [tuple(page) for page in filled]
