"""A morning's reminders in many workspaces, against the least time that the limits of a played Slack allow.

``told``: Slack's limits are those that the bot knows. ``learnt``: Slack takes only 0.6 of that, which the bot finds out
from its refusals. On PostgreSQL, by one worker and by two.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.table import Result, skipped
from tests.slack.limited_slack import DOCUMENTED, standing
from tests.slack.rush import served, set_up
from tests.support import database

_WORKSPACES: Final = 40
_OF_EACH: Final = 250
_SLOWER: Final = 0.6
_FOR_EACH: Final = ("conversations.open", "chat.postMessage")
"""What a first reminder calls."""

Limits = Mapping[str, tuple[int, float]]


@dataclass(frozen=True, slots=True)
class _Sent:
    seconds: float
    refused: int
    calls: int


def reminders(_home: Path, _long: bool) -> Iterator[Result]:
    """Some ten minutes: with fewer reminders the time would be that of the first burst."""
    name = f"Slack: {_WORKSPACES * _OF_EACH:,} reminders in {_WORKSPACES} workspaces"
    slower = {method: (burst, every / _SLOWER) for method, (burst, every) in DOCUMENTED.items()}
    with database.running_postgres(durable=True) as server:
        if server is None:
            yield skipped(name, database.MISSING)
            return
        for limits, most, how in ((DOCUMENTED, 1.05, "told"), (slower, 1.25, "learnt")):
            for workers in (1, 2):
                sent = asyncio.run(_sent(server, limits, workers))
                yield _told(f"{name}, limits {how}, {workers} worker{'s' * (workers > 1)}", sent, _least(limits), most)


def _least(limits: Limits) -> float:
    return max((_OF_EACH - limits[method][0]) * limits[method][1] for method in _FOR_EACH)


async def _sent(server: database.Postgres, limits: Limits, workers: int) -> _Sent:
    url, since = server.fresh_url(), time.time()
    set_up(url, {f"T0W{number}": _OF_EACH for number in range(_WORKSPACES)}, of_a_school=7)
    async with standing(limits) as (slack, api), AsyncExitStack() as stack:
        for _ in range(workers):
            await stack.enter_async_context(served(url, api, role="worker", epoch=since))
        await slack.until(lambda: bool(slack.arrived), 120)
        await slack.until(lambda: len(slack.arrived) == _WORKSPACES * _OF_EACH, 3600)
        begun = min(each.at for each in slack.arrived)
        taken = _Sent(max(each.at for each in slack.arrived) - begun, len(slack.limits.refused), slack.calls)
    server.drop(url)
    return taken


def _told(case: str, sent: _Sent, least: float, most: float) -> Result:
    ratio, refused = sent.seconds / least, sent.refused / sent.calls
    return Result(
        case,
        f"{sent.seconds:.0f} s, {refused:.1%} of {sent.calls:,} calls refused",
        f"the least that the limits allow: {least:.0f} s",
        f"{ratio:.2f}",
        "",
        f"≤ {most:g} ×, ≤ 1% refused",
        ratio <= most and refused <= 0.01,
    )
