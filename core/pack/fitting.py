"""What fits on a slide or a page: parts that are too long for one go on to the next."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final, TypeVar

from core.charts.lettering import wrapped
from core.charts.style import Type

MOST_CHARACTERS: Final = 600
"""Of one sentence or cell; a whole page of a single one helps no meeting."""

_STEPS: Final = 40

_T = TypeVar("_T")


def shortened(words: str) -> str:
    """On one line, and cut if it is endless."""
    line = " ".join(words.split())
    return line if len(line) <= MOST_CHARACTERS else line[: MOST_CHARACTERS - 1].rstrip() + "…"


def lines_of(words: str, size: float, width: float, *, bold: bool = False) -> int:
    """How many lines the words take; in points, and rather one too many than one too few.

    Measured in a wide typeface, since a slide is shown in whatever its reader's machine has.
    """
    return len(wrapped(words, Type(size, bold), width, MOST_CHARACTERS))


def pages(things: Sequence[_T], height_of: Callable[[_T], float], room: float) -> list[tuple[_T, ...]]:
    """The things in their order, as many on a page as it has room for; at least one page, and one thing on each."""
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
    """As few pages as ``pages`` fills, but none nearly empty beside a full one."""
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
    """The first of each group is its heading: never the last thing on a page, and there again where its group goes on.

    A group that fits a page is not broken. No page where there is no group.
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
