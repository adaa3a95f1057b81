"""How long a leader waits for the next question: on a quiet day, in a rush, after a pause, and after a crash.

The bot is served by a real process, on SQLite, in front of a Slack that enforces its documented limits and takes 50 ms
for each call.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from benchmarks.table import Result, skipped
from tests.slack.limited_slack import LimitedSlack, standing
from tests.slack.rush import Waited, answers, channel, served, set_up, user
from tests.support import database

_TENANT: Final = "T0RUSH"
_INVITED: Final = 80
_ASKED_FOR: Final = 3
"""Seconds of the pause that Slack asks for."""
_ANSWERS: Final = ("start", "3", "2", "3", "2")


def waiting(home: Path, long: bool) -> Iterator[Result]:
    rounds = 10 if long else 3
    quiet = asyncio.run(_quiet(home / "waiting-quiet.db"))
    yield _told("a quiet day", quiet, quiet)
    yield _told(
        f"while {_INVITED} invitations go out", asyncio.run(_rush(home / "waiting-rush.db")), quiet, p95=2, worst=5
    )
    paused = asyncio.run(_paused(home / "waiting-paused.db", rounds))
    yield _told(f"after a pause of {_ASKED_FOR} s, from its end", paused, quiet, worst=2)
    killed = asyncio.run(_killed(home / "waiting-killed.db", rounds))
    yield _told("after kill -9 in a send, from ready", killed, quiet, worst=5)
    case = f"Slack: from the death of one of two workers to the next of {_INVITED} invitations"
    with database.running_postgres(durable=True) as server:
        if server is None:
            yield skipped(case, database.MISSING)
            return
        next_sent, all_sent = asyncio.run(_worker_dies(server))
    yield Result(case, f"{next_sent:.2f} s; the last {all_sent:.0f} s after the first")


async def _quiet(file: Path) -> list[float]:
    url, waited = f"sqlite:///{file}", Waited()
    set_up(url, {_TENANT: 8})
    async with standing() as (slack, api), served(url, api) as bot:
        await slack.until(lambda: len(slack.arrived) == 8)
        for number in range(8):
            await answers(bot, slack, _TENANT, user(_TENANT, number), _ANSWERS, waited)
    return waited.seconds


async def _rush(file: Path) -> list[float]:
    url, waited = f"sqlite:///{file}", Waited()
    set_up(url, {_TENANT: _INVITED})
    async with standing() as (slack, api), served(url, api) as bot:
        await slack.until(lambda: len(slack.arrived) > 5)
        leaders = [user(_TENANT, _INVITED - number) for number in range(1, 13)]
        await asyncio.gather(*(answers(bot, slack, _TENANT, each, _ANSWERS, waited, thinks=4.0) for each in leaders))
        assert slack.limits.refused == [], "Slack's limits were kept"
    return waited.seconds


async def _paused(file: Path, rounds: int) -> list[float]:
    url, waited = f"sqlite:///{file}", Waited()
    set_up(url, {_TENANT: 4})
    async with standing() as (slack, api), served(url, api) as bot:
        await slack.until(lambda: len(slack.arrived) == 4)
        for text in ("start", *["3"] * (rounds - 1)):
            slack.pauses[_TENANT, "chat.postMessage"] = _ASKED_FOR
            await answers(bot, slack, _TENANT, user(_TENANT, 0), [text], waited)
    return [max(0.0, seconds - _ASKED_FOR) for seconds in waited.seconds]


async def _killed(file: Path, rounds: int) -> list[float]:
    url, who, epoch = f"sqlite:///{file}", user(_TENANT, 0), time.time()
    set_up(url, {_TENANT: 4})
    async with standing() as (slack, api):
        async with served(url, api, epoch=epoch):
            await slack.until(lambda: len(slack.arrived) == 4)
        return [await _killed_once(slack, url, api, epoch, who, each) for each in ("start", *["3"] * (rounds - 1))]


async def _killed_once(slack: LimitedSlack, url: str, api: str, epoch: float, who: str, text: str) -> float:
    async with served(url, api, epoch=epoch) as bot:
        slack.holds, slack.held = {channel(who)}, set()
        await bot.hears(_TENANT, who, text)
        await slack.until(lambda: bool(slack.held))
        await bot.killed()
    slack.holds, before = set(), len(slack.arrived)
    async with served(url, api, epoch=epoch):
        ready = time.monotonic()
        return slack.arrived[await slack.next_in(channel(who), before)].at - ready


async def _worker_dies(server: database.Postgres) -> tuple[float, float]:
    """Seconds to the next invitation, and from the first of all to the last."""
    url, epoch = server.fresh_url(), time.time()
    set_up(url, {_TENANT: _INVITED})
    async with (
        standing() as (slack, api),
        served(url, api, role="worker", epoch=epoch) as dying,
        served(url, api, role="worker", epoch=epoch),
    ):
        await slack.until(lambda: len(slack.arrived) > _INVITED // 3)
        before, died = len(slack.arrived), time.monotonic()
        await dying.killed()
        await slack.until(lambda: len(slack.arrived) > before)
        # What the dead worker had called Slack with and not recorded is in doubt, and is not sent again.
        await slack.until(lambda: len({each.channel for each in slack.arrived}) >= _INVITED - 4, 120)
        sent = [each.at for each in slack.arrived]
    server.drop(url)
    return sent[before] - died, sent[-1] - sent[0]


def _told(
    when: str, seconds: Sequence[float], quiet: Sequence[float], p95: float | None = None, worst: float | None = None
) -> Result:
    targets = [f"p95 ≤ {p95:g} s"] if p95 else []
    targets += [f"worst ≤ {worst:g} s"] if worst else []
    p50 = statistics.median(seconds)
    met = (p95 is None or _p95(seconds) <= p95) and (worst is None or max(seconds) <= worst)
    return Result(
        f"Slack: waiting {when}",
        f"p50 {p50:.2f} s, p95 {_p95(seconds):.2f} s, worst {max(seconds):.2f} s ({len(seconds)})",
        "" if seconds is quiet else f"a quiet day: {statistics.median(quiet):.2f} s",
        "" if seconds is quiet else f"{p50 / statistics.median(quiet):.1f}",
        "",
        ", ".join(targets),
        met if targets else None,
    )


def _p95(seconds: Sequence[float]) -> float:
    return statistics.quantiles(seconds, n=20, method="inclusive")[18]
