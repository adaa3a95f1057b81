"""The few that come first, with ties as ties."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from typing import Final, TypeVar

MOST_FIRST: Final = 3
MOST_MORE_FOR_TIES: Final = 2
"""A tie that would lengthen the list by more than this is left out altogether."""

Number = TypeVar("Number", Fraction, Decimal)


@dataclass(frozen=True, slots=True)
class Ranked:
    rank: int
    """1 for the first; members of a tie share a rank, and the next one counts them all (1, 1, 3)."""
    subtheme: str


def first(values: Mapping[str, Number], most: int) -> tuple[Ranked, ...]:
    """The ``most`` with the highest values, a few more where the last is a tie; ties keep the given order."""
    listed: list[Ranked] = []
    for tie in _ties(values):
        if not _has_room(len(listed), tie, most):
            break
        rank = len(listed) + 1
        listed.extend(Ranked(rank, subtheme) for subtheme in tie)
    return tuple(listed)


def in_question(values: Mapping[str, Number], most: int) -> tuple[str, ...]:
    """Those that are listed, and any tie left out where fewer than ``most`` are.

    A lower value for any of these could change the list; one for any other could not.
    """
    considered: list[str] = []
    for tie in _ties(values):
        if len(considered) >= most:
            break
        considered.extend(tie)
        if len(considered) > most + MOST_MORE_FOR_TIES:
            break
    return tuple(considered)


def _ties(values: Mapping[str, Number]) -> Iterator[tuple[str, ...]]:
    ordered = sorted(values, key=lambda each: -values[each])
    yield from (tuple(tie) for _, tie in groupby(ordered, key=lambda each: values[each]))


def _has_room(listed: int, tie: Sequence[str], most: int) -> bool:
    return listed < most and listed + len(tie) <= most + MOST_MORE_FOR_TIES
