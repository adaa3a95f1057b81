"""Time that passes only while somebody waits."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from selectors import DefaultSelector, SelectorKey
from typing import Final, TypeVar

T = TypeVar("T")
_FOR_OTHERS: Final = 0.0005
"""Seconds in which threads and sockets may come up with something before time is passed."""
_AT_ONCE: Final = 0.1
"""Seconds that then pass at once, so that a thread that takes long doesn't seem to take hours."""


class Time:
    """Seconds that pass only while somebody waits."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.waited: list[float] = []

    def seconds(self) -> float:
        return self.now

    async def pause(self, seconds: float) -> None:
        if seconds > 0:
            self.waited.append(round(seconds, 3))
            self.now += seconds


def in_passing_time(work: Coroutine[None, None, T]) -> T:
    """Run this where time goes two hundred times as fast while everybody waits."""
    with asyncio.Runner(loop_factory=_PassingLoop) as runner:
        return runner.run(work)


class _Hurrying(DefaultSelector):
    def __init__(self) -> None:
        super().__init__()
        self.passed = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[SelectorKey, int]]:
        if timeout is None or timeout <= 0:
            return super().select(timeout)
        ready = super().select(min(timeout, _FOR_OTHERS))
        if not ready:
            self.passed += min(timeout, _AT_ONCE)
        return ready


class _PassingLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._hurrying = _Hurrying()
        super().__init__(self._hurrying)

    def time(self) -> float:
        return super().time() + self._hurrying.passed
