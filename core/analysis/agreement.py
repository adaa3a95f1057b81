"""How far schools agree about one criterion. Source: "Agreement" in ``docs/analysis.md``.

The measure is the consensus of Tastle and Wierman, "Consensus and dissention: a measure of ordinal dispersion",
International Journal of Approximate Reasoning 45 (2007) 531-545. It requires only that the scale's levels are ordered.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from enum import StrEnum
from fractions import Fraction
from typing import Final

LEAST_FOR_AGREEMENT: Final = 4
_SPLIT_BELOW: Final = 0.5
_CLOSE_FROM: Final = Fraction(4, 5)
_ON_EACH_SIDE: Final = 2
_TWO_LEVELS: Final = 2


class Agreement(StrEnum):
    SPLIT = "split"
    CLOSE = "close"
    MIXED = "mixed"


def shares(standing: Mapping[Fraction, int]) -> Mapping[int, Fraction]:
    """The share of schools at each level, from the number of schools giving each answer.

    A midpoint such as 2.5 counts half to each neighbour.
    """
    schools = sum(standing.values())
    found: dict[int, Fraction] = defaultdict(Fraction)
    for answer, how_many in standing.items():
        below = math.floor(answer)
        found[below] += (below + 1 - answer) * how_many / schools
        if answer != below:
            found[below + 1] += (answer - below) * how_many / schools
    return dict(sorted(found.items()))


def consensus(shares: Mapping[int, Fraction], lowest: int, highest: int) -> float:
    """Cns = 1 + sum of p_k log2(1 - |k - mu| / (highest - lowest)): 1 where all are at one level, 0 where half of
    them are at each end. ``shares`` add up to 1; mu is their mean. Two levels at least.
    """
    mean = sum((level * share for level, share in shares.items()), Fraction())
    width = highest - lowest
    return 1 + math.fsum(
        float(share) * math.log2(1 - abs(level - mean) / width) for level, share in shares.items() if share
    )


def agreement(standing: Mapping[Fraction, int], lowest: int, highest: int) -> Agreement | None:
    """One word for how far four or more schools agree about a criterion, from the number giving each answer.

    None for fewer than four schools. Split, where the consensus is below one half and two or more schools are on each
    side, two levels apart (one level on a scale of two); else close, where four fifths are within two adjacent levels
    (at one level on a scale of two); else mixed.
    """
    if sum(standing.values()) < LEAST_FOR_AGREEMENT:
        return None
    there = shares(standing)
    only_two = highest - lowest == 1
    if consensus(there, lowest, highest) < _SPLIT_BELOW and _apart(standing) >= (1 if only_two else _TWO_LEVELS):
        return Agreement.SPLIT
    window = 0 if only_two else 1
    within = max(sum(share for at, share in there.items() if 0 <= at - level <= window) for level in there)
    return Agreement.CLOSE if within >= _CLOSE_FROM else Agreement.MIXED


def _apart(standing: Mapping[Fraction, int]) -> Fraction:
    """How far the two lowest are below the two highest."""
    ordered = sorted(standing)
    return _second(standing, reversed(ordered)) - _second(standing, ordered)


def _second(standing: Mapping[Fraction, int], answers: Iterable[Fraction]) -> Fraction:
    """The second school's answer, in this order."""
    passed = 0
    for answer in answers:
        passed += standing[answer]
        if passed >= _ON_EACH_SIDE:
            return answer
    raise ValueError("there are fewer than two schools")
