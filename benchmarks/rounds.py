"""Rounds: contenders take turns at the same work, so that other load on the machine affects them all alike."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

T = TypeVar("T")

Contender: TypeAlias = Callable[[], float]
"""Does one round of the work; returns the seconds per turn."""


@dataclass(frozen=True, slots=True)
class Rounds:
    """The seconds a turn took in each round, by contender."""

    seconds: Mapping[str, tuple[float, ...]]

    def median(self, name: str) -> float:
        return statistics.median(self.seconds[name])

    def times_as_fast(self, ours: str, peer: str) -> tuple[float, float, float]:
        """How many times as fast ours was: the median over the rounds, with the lower and upper quartiles.

        Both sides of a ratio come from the same round: when the machine was busy, it was slow for both.
        """
        pairs = zip(self.seconds[ours], self.seconds[peer], strict=True)
        low, middle, high = statistics.quantiles((theirs / own for own, theirs in pairs), n=4, method="inclusive")
        return middle, low, high

    def share(self, ours: str, peer: str) -> tuple[float, float, float]:
        """Our time as a share of the peer's, computed in the same way."""
        pairs = zip(self.seconds[ours], self.seconds[peer], strict=True)
        low, middle, high = statistics.quantiles((own / theirs for own, theirs in pairs), n=4, method="inclusive")
        return middle, low, high


def interleaved(rounds: int, contenders: Mapping[str, Contender]) -> Rounds:
    """Like ``in_turns``, for contenders that report a single figure per round."""
    return Rounds({name: tuple(each) for name, each in in_turns(rounds, contenders).items()})


def in_turns(rounds: int, contenders: Mapping[str, Callable[[], T]]) -> dict[str, list[T]]:
    """Run a warm-up round for every contender, then the counted ones; each starts with a different contender."""
    names = list(contenders)
    for name in names:
        contenders[name]()
    found: dict[str, list[T]] = {name: [] for name in names}
    for number in range(rounds):
        first = number % len(names)
        for name in (*names[first:], *names[:first]):
            found[name].append(contenders[name]())
    return found
