"""Rounds: contenders take turns on the same work, so that whatever else the machine does meets them all alike."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

T = TypeVar("T")

Contender: TypeAlias = Callable[[], float]
"""Does one round of the work; returns the seconds that one turn of it took."""


@dataclass(frozen=True, slots=True)
class Rounds:
    """The seconds a turn took in each round, by contender."""

    seconds: Mapping[str, tuple[float, ...]]

    def median(self, name: str) -> float:
        return statistics.median(self.seconds[name])

    def times_as_fast(self, ours: str, peer: str) -> tuple[float, float, float]:
        """How many times as fast ours was: the median of the rounds, with the quartiles below and above it.

        Both sides of a ratio are of the same round: a round in which the machine was busy was slow for both.
        """
        pairs = zip(self.seconds[ours], self.seconds[peer], strict=True)
        low, middle, high = statistics.quantiles((theirs / own for own, theirs in pairs), n=4, method="inclusive")
        return middle, low, high

    def share(self, ours: str, peer: str) -> tuple[float, float, float]:
        """What ours is as a share of the peer's, in the same way."""
        pairs = zip(self.seconds[ours], self.seconds[peer], strict=True)
        low, middle, high = statistics.quantiles((own / theirs for own, theirs in pairs), n=4, method="inclusive")
        return middle, low, high


def interleaved(rounds: int, contenders: Mapping[str, Contender]) -> Rounds:
    """``in_turns`` of contenders of whom a round says one thing."""
    return Rounds({name: tuple(each) for name, each in in_turns(rounds, contenders).items()})


def in_turns(rounds: int, contenders: Mapping[str, Callable[[], T]]) -> dict[str, list[T]]:
    """Let every contender do one round that does not count, then so many that do; each round begins with another."""
    names = list(contenders)
    for name in names:
        contenders[name]()
    found: dict[str, list[T]] = {name: [] for name in names}
    for number in range(rounds):
        first = number % len(names)
        for name in (*names[first:], *names[:first]):
            found[name].append(contenders[name]())
    return found
