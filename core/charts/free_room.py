"""Finds room for a label beside its mark, on a plane that already holds other things."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

Point: TypeAlias = tuple[float, float]


@dataclass(frozen=True, slots=True)
class _Box:
    left: float
    top: float
    width: float
    height: float

    def overlap(self, other: _Box) -> float:
        """The area that both cover."""
        across = min(self.left + self.width, other.left + other.width) - max(self.left, other.left)
        down = min(self.top + self.height, other.top + other.height) - max(self.top, other.top)
        return max(0.0, across) * max(0.0, down)


class FreeRoom:
    def __init__(self, left: float, top: float, right: float, bottom: float) -> None:
        self._plane = _Box(left, top, right - left, bottom - top)
        self._taken: list[_Box] = []

    def take(self, left: float, top: float, width: float, height: float) -> None:
        self._taken.append(_Box(left, top, width, height))

    def beside(self, at: Point, gap: float, size: Point) -> Point:
        """The top left corner, inside the plane, where a label of this size covers least; marks that place as taken."""
        inside = [box for box in _around(at, gap, size) if box == self._moved_inside(box)]
        best = min(inside or [self._moved_inside(next(_around(at, gap, size)))], key=self._covered)
        self._taken.append(best)
        return best.left, best.top

    def _covered(self, box: _Box) -> float:
        return sum(box.overlap(each) for each in self._taken)

    def _moved_inside(self, box: _Box) -> _Box:
        left = max(self._plane.left, min(box.left, self._plane.left + self._plane.width - box.width))
        top = max(self._plane.top, min(box.top, self._plane.top + self._plane.height - box.height))
        return _Box(left, top, box.width, box.height)


def _around(at: Point, gap: float, size: Point) -> Iterator[_Box]:
    """Candidate places: right and left first, then above and below, then the corners."""
    (x, y), (width, height) = at, size
    sides = (x + gap, x - gap - width), (y - gap - height, y + gap)
    for left in sides[0]:
        yield _Box(left, y - height / 2, width, height)
    for top in sides[1]:
        yield _Box(x - width / 2, top, width, height)
    for left in sides[0]:
        for top in sides[1]:
            yield _Box(left, top, width, height)
