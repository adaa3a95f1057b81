"""Three workers share what Slack allows a workspace: together they never exceed it, and no workspace is starved."""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack
from typing import Final

from tests.slack.limited_slack import standing
from tests.slack.rush import served, set_up
from tests.support.database import Postgres

LARGE, SMALL, PAUSED = "T0LARGE", "T0SMALL", "T0PAUSED"
SCHOOLS: Final = {LARGE: 30, SMALL: 12, PAUSED: 12}


async def test_three_workers_share_the_pace_of_each_workspace(postgres: Postgres) -> None:
    """The large one takes ten seconds. The small one needn't wait for it, nor for one that Slack wants to pause."""
    url = postgres.fresh_url()
    set_up(url, SCHOOLS)
    async with standing() as (slack, api), AsyncExitStack() as stack:
        slack.pauses[PAUSED, "chat.postMessage"] = 8
        since = time.time()
        workers = (stack.enter_async_context(served(url, api, role="worker", epoch=since)) for _ in range(3))
        await asyncio.gather(*workers)
        await slack.until(lambda: len(slack.arrived) == sum(SCHOOLS.values()), seconds=60)
        invited, channels = [each.tenant for each in slack.arrived], [each.channel for each in slack.arrived]
    for_small = len(invited) - invited[::-1].index(SMALL)
    assert invited[:for_small].count(LARGE) < SCHOOLS[LARGE], "the small one did not come last"
    assert slack.limits.refused == []
    assert len(set(channels)) == len(channels), "each was invited once"
    postgres.drop(url)
