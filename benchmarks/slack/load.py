"""Many leaders at once: each presses, waits for the result, and presses again."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from benchmarks.slack.platform import Platform
from benchmarks.slack.wire import Line, line_to

_PATIENCE: Final = 30.0


class Turn(NamedTuple):
    channel: str
    request: bytes
    messages: int
    """How many messages the platform must receive before the turn is over."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds: wall-clock time per turn, and the median and 99th percentile of a turn."""

    a_turn: float
    p50: float
    p99: float


def measured(elapsed: float, taken: Sequence[float]) -> Measured:
    hundredths = statistics.quantiles(taken, n=100, method="inclusive")
    return Measured(elapsed / len(taken), hundredths[49], hundredths[98])


async def acknowledged(port: int, requests: Iterable[bytes], lines: int) -> Measured:
    """Share the requests among this many connections; a turn is over when it is acknowledged."""
    waiting, taken = iter(requests), list[float]()
    opened = [await line_to(port) for _ in range(lines)]

    async def one_after_the_other(line: Line) -> None:
        for request in waiting:
            begun = time.perf_counter()
            status = await line.ask(request)
            assert status < 300, f"{port} answered {status}"
            taken.append(time.perf_counter() - begun)

    begun = time.perf_counter()
    await asyncio.gather(*map(one_after_the_other, opened))
    elapsed = time.perf_counter() - begun
    for line in opened:
        line.close()
    return measured(elapsed, taken)


class Leaders:
    """Leaders who each have their own connection, and press again when their next question has arrived."""

    def __init__(self, port: int, platform: Platform) -> None:
        self._port = port
        self._here: dict[str, asyncio.Semaphore] = {}
        platform.arrived = self._arrived

    def _arrived(self, channel: str) -> None:
        self._here[channel].release()

    async def do(self, turns: Sequence[Sequence[Turn]]) -> list[float]:
        """Do the turns; returns the seconds of each."""
        async with asyncio.timeout(_PATIENCE):
            return [taken for each in await asyncio.gather(*map(self._one, turns)) for taken in each]

    async def _one(self, turns: Sequence[Turn]) -> list[float]:
        line = await line_to(self._port)
        taken = [await self._turn(line, each) for each in turns]
        line.close()
        return taken

    async def _turn(self, line: Line, turn: Turn) -> float:
        here = self._here.setdefault(turn.channel, asyncio.Semaphore(0))
        begun = time.perf_counter()
        assert await line.ask(turn.request) == 200
        for _ in range(turn.messages):
            await here.acquire()
        return time.perf_counter() - begun
