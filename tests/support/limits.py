"""The limits of a played platform, in buckets of tokens: not as the bot counts, so that each checks the other."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass
class Bucket:
    """It holds so many tokens at most, and gains one every so many seconds; each call takes one."""

    most: int
    every: float
    tokens: float
    at: float

    def refuses(self, now: float) -> int:
        """Whole seconds until the next token, as platforms tell it; 0 if there is one, which is then taken."""
        self.tokens, self.at = min(self.most, self.tokens + (now - self.at) / self.every), now
        if self.tokens >= 1:
            self.tokens -= 1
            return 0
        return math.ceil((1 - self.tokens) * self.every)


@dataclass
class Limits:
    """A bucket for each method in each workspace."""

    of_method: Mapping[str, tuple[int, float]]
    """How many calls at once, and then one every how many seconds; a method that isn't named has no limit."""
    seconds: Callable[[], float]
    refused: list[tuple[str, str]] = field(default_factory=list)
    """Workspace and method of each call that was refused."""
    _buckets: dict[tuple[str, str], Bucket] = field(default_factory=dict)

    def refuses(self, tenant: str, method: str) -> int:
        """In how many seconds the call may be repeated; 0 if it was taken."""
        if method not in self.of_method:
            return 0
        bucket = self._buckets.get((tenant, method))
        if bucket is None:
            most, every = self.of_method[method]
            bucket = self._buckets[tenant, method] = Bucket(most, every, most, self.seconds())
        seconds = bucket.refuses(self.seconds())
        if seconds:
            self.refused.append((tenant, method))
        return seconds
