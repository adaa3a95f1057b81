"""How soon a call may follow the ones before it: the generic cell rate algorithm."""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

Seconds: TypeAlias = Callable[[], float]
"""The time, in seconds since 1970."""
Pause: TypeAlias = Callable[[float], Awaitable[None]]
"""Waits for so many seconds."""

LEARNT_BY: Final = 1.2
"""How much slower bulk messages go after a first refusal."""
LEARNT_AT_MOST: Final = 1.5
"""The same after a later one: if the line was idle meanwhile, the platform would have taken more than it was given."""
ENOUGH_CALLS: Final = 5
"""So many calls between two refusals tell what a platform allows."""
SLOWEST: Final = 30.0
HALF_LIFE: Final = 3600.0
"""Seconds until half of what was learnt is forgotten, so that it is noticed when a platform allows more again."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A burst of calls, and after that one call every ``every`` seconds."""

    burst: int
    every: float


@dataclass(frozen=True, slots=True)
class PacedLine:
    """Calls that a platform limits together, under its own name for them: one method, in one workspace."""

    name: str
    rate: Rate


@dataclass(frozen=True, slots=True)
class Turn:
    """What a call would get if it joined a line."""

    wait: float
    """Seconds until it may be made."""
    empty_at: float
    """When the line would be empty after it."""


def turn(rate: Rate, empty_at: float, now: float) -> Turn:
    """The turn of a call that somebody is waiting for. ``empty_at``: when the line is empty without it."""
    then = max(empty_at, now) + rate.every
    return Turn(max(0.0, then - (rate.burst - _margin(rate)) * rate.every - now), then)


def _margin(rate: Rate) -> int:
    """A tenth of the burst, for calls that take longer to arrive than those after them."""
    return rate.burst // 10


def turn_of_bulk(rate: Rate, empty_at: float, now: float, slower: float) -> Turn:
    """The turn of a call that nobody is waiting for: it leaves a quarter of the burst to answers."""
    then = max(empty_at, now) + rate.every * slower
    burst = rate.burst - rate.burst // 4
    return Turn(max(0.0, then - max(burst, slower) * rate.every - now), then)


def after_pause(rate: Rate, empty_at: float, now: float, seconds: float) -> float:
    """When the line counts as empty if no call may be made for this many seconds, and then one at a time."""
    return max(empty_at, now + seconds + rate.every * (rate.burst - _margin(rate) - 1))


def remembered(slower: float, seconds: float) -> float:
    """What is left, after so many seconds, of what was learnt; 1 is the rate that the platform documents."""
    return 1 + (slower - 1) * math.exp2(-max(seconds, 0.0) / HALF_LIFE)


def learnt(rate: Rate, slower: float, calls: int, seconds: float) -> float:
    """How much slower to go after a refusal, so many calls and seconds after the one before it.

    At a refusal a platform's allowance is used up, so what it allows is what it took since the last. Before that is
    known, somewhat slower has to do.
    """
    if calls < ENOUGH_CALLS:
        return min(slower * LEARNT_BY, SLOWEST)
    return min(max(seconds / calls / rate.every, 1.0), slower * LEARNT_AT_MOST, SLOWEST)
