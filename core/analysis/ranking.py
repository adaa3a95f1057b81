"""The few that come first, with ties as ties."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from typing import Final, TypeVar

MOST_FIRST: Final = 3
MOST_MORE_FOR_TIES: Final = 2
"""A tie that would make the list longer by more than this does not stand out, and is left out altogether."""

Number = TypeVar("Number", Fraction, Decimal)


@dataclass(frozen=True, slots=True)
class Ranked:
    rank: int
    """1 for the first; members of a tie share a rank, and the next one counts them all (1, 1, 3)."""
    subtheme: str


def first(values: Mapping[str, Number], most: int) -> tuple[Ranked, ...]:
    """The ``most`` with the highest values, a few more where the last is a tie; a tie stays in the order given."""
    listed: list[Ranked] = []
    for _, tie in groupby(sorted(values, key=lambda each: -values[each]), key=lambda each: values[each]):
        members = tuple(tie)
        if len(listed) >= most or len(listed) + len(members) > most + MOST_MORE_FOR_TIES:
            break
        rank = len(listed) + 1
        listed.extend(Ranked(rank, subtheme) for subtheme in members)
    return tuple(listed)
