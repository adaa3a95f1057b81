"""Time that passes only while somebody waits."""

from __future__ import annotations


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
