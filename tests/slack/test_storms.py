"""What is promised holds while processes and databases are killed, events come several times and Slack fails.

``PARTNERSHIP_TEST_KILLS``, ``_RESTARTS``, ``_ANSWERS`` and ``_SLOTS`` say how much of it: ``make test-long``.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from random import Random
from typing import Final

import pytest

from core.storage.database import Database
from tests.slack.limited_slack import standing
from tests.slack.requests import Request
from tests.slack.rush import Bot, served, set_up, user
from tests.slack.storms import (
    PATIENCE,
    SEED,
    Leaders,
    Mortal,
    a_while,
    all_are_settled,
    living,
    not_as_promised,
    so_many,
    tried,
    unreliable,
)
from tests.support.database import MISSING, Postgres, running_postgres

KILLS: Final = so_many("KILLS", 3)
RESTARTS: Final = so_many("RESTARTS", 0)
ANSWERS: Final = so_many("ANSWERS", 60)
SLOTS: Final = so_many("SLOTS", 60)
IS_LONG: Final = KILLS > 3
TENANT: Final = "T0STORM"
TENANTS: Final = ("T0TOLDA", "T0TOLDB", "T0TOLDC", "T0TOLDD")
LANES: Final = 3
"""Leaders who answer at the same time."""
ROWS: Final = 36


# Killed


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'storm.db'}"
        return
    if not IS_LONG:
        pytest.skip("only in make test-long")
    server: Postgres = request.getfixturevalue("postgres")
    yield (fresh := server.fresh_url())
    server.drop(fresh)


async def test_no_answer_is_lost_and_no_reminder_comes_twice_when_the_bot_is_killed(url: str) -> None:
    async def until_killed(bot: Mortal) -> bool:
        await a_while(bot.slack, random)
        return bot.kills < KILLS

    random = Random(SEED)
    async with standing() as (slack, api):
        await through_a_storm(Mortal(slack, url, api, "all", time.time()), until_killed, KILLS)


async def test_no_answer_is_lost_and_no_reminder_comes_twice_when_postgresql_is_killed() -> None:
    if not RESTARTS:
        pytest.skip("only in make test-long")
    random = Random(SEED)
    with running_postgres() as server:
        if server is None or server.again is None:
            pytest.skip(MISSING)
        again = server.again

        async def until_killed(bot: Mortal) -> bool:
            for _ in range(RESTARTS):
                await a_while(bot.slack, random)
                await asyncio.to_thread(again)
            await a_while(bot.slack, random)
            return False

        async with standing() as (slack, api):
            bot = Mortal(slack, server.fresh_url(), api, "all", time.time())
            await through_a_storm(bot, until_killed, RESTARTS)


async def through_a_storm(bot: Mortal, until_killed: Callable[[Mortal], Awaitable[bool]], strength: int) -> None:
    """Reminders go out and leaders answer, one after another, until the storm is over."""
    schools, over = 12 + 4 * strength, asyncio.Event()
    set_up(bot.url, {TENANT: schools})
    leaders, database = Leaders(bot.slack, bot.takes, lambda: bot.now), Database(bot.url)

    async def lane(number: int) -> None:
        for leader in range(schools - 1 - number, -1, -LANES):
            if not over.is_set():
                await leaders.answer(TENANT, user(TENANT, leader), Random(leader), ROWS - 1, over)

    async def storm() -> bool:
        if await until_killed(bot):
            return True
        over.set()
        await asyncio.gather(*lanes)
        a_second_each = float(schools)
        assert not_as_promised(bot.slack, await all_are_settled(database, PATIENCE + a_second_each)) == []
        return False

    lanes = [asyncio.create_task(lane(number)) for number in range(LANES)]
    await bot.lives(storm)
    assert leaders.is_stored(database)
    assert sum(map(len, leaders.said.values())) > strength
    database.close()


# Told several times


async def test_what_is_told_several_times_happens_once(postgres: Postgres) -> None:
    """Each event comes one to four times, to any of the processes, at any moment."""
    processes, of_each = (3, ROWS - 1) if ANSWERS > 100 else (2, 3)
    url, random, each_has = postgres.fresh_url(), Random(SEED), -(-ANSWERS // of_each // len(TENANTS))
    set_up(url, dict.fromkeys(TENANTS, each_has))
    async with standing() as (slack, api), AsyncExitStack() as stack:
        since, database = time.time(), Database(url)
        bots = [await stack.enter_async_context(served(url, api, epoch=since)) for _ in range(processes)]

        async def tells(request: Request) -> None:
            whom = random.choices(bots, k=random.randint(1, 4))
            await asyncio.gather(*(after(random.uniform(0, 1), each, request) for each in whom))

        leaders = Leaders(slack, tells, lambda: bots[0].now)
        who = [(tenant, user(tenant, number)) for tenant in TENANTS for number in range(each_has)]
        await asyncio.gather(*(leaders.answer(*each, random, of_each, asyncio.Event()) for each in who))
        assert not_as_promised(slack, await all_are_settled(database)) == []
        database.close()
    assert leaders.is_stored(Database(url))
    assert {len(leaders.questions(leader)) for _, leader in who} == {of_each + 1}
    assert {len({*leaders.questions(leader)}) for _, leader in who} == {of_each + 1}, "each of them once"
    assert slack.limits.refused == []
    postgres.drop(url)


async def after(seconds: float, bot: Bot, request: Request) -> None:
    await asyncio.sleep(seconds)
    while not await tried(bot, request):
        pass


# Reminders while everything fails


async def test_each_reminder_comes_once_or_is_known_to_be_in_doubt(postgres: Postgres) -> None:
    """Workers are killed, and of Slack's answers a tenth is lost, an error or a pause."""
    workers, kills, workspaces = (3, 20, 40) if SLOTS > 100 else (2, 1, 6)
    url, random = postgres.fresh_url(), Random(SEED)
    set_up(url, {f"T0SLOTS{number}": SLOTS // workspaces for number in range(workspaces)})
    async with standing() as (slack, api), AsyncExitStack() as stack:
        slack.fails, since = unreliable(SEED, 0.1), time.time()
        settled, reaper = asyncio.Event(), asyncio.Lock()
        mortals = [Mortal(slack, url, api, "worker", since) for _ in range(workers)]

        async def until_killed(mortal: Mortal) -> bool:
            if mortal.kills >= kills // workers + (mortal is mortals[0]) * (kills % workers):
                await settled.wait()
                return False
            async with reaper:  # The others go on meanwhile.
                await a_while(slack, random, settled, most=SLOTS // kills)
            return not settled.is_set()

        for each in mortals:
            await stack.enter_async_context(living(each, partial(until_killed, each)))
        database = Database(url)
        await slack.until(lambda: len(slack.arrived) > SLOTS * 0.7, 600)
        found = await all_are_settled(database, 300)
        settled.set()
        async with slack.changed:
            slack.changed.notify_all()
        database.close()
    assert len(found) == SLOTS
    assert not_as_promised(slack, found) == []
    assert slack.limits.refused == []
    postgres.drop(url)
