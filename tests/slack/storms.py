"""What goes on while the bot is killed, told things several times, or cannot rely on Slack."""

from __future__ import annotations

import asyncio
import os
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Final, NamedTuple

import httpx
from sqlalchemy import select

from core.storage import tables
from core.storage.database import Database
from tests.slack.limited_slack import LimitedSlack
from tests.slack.requests import Request
from tests.slack.rush import INVITED, Bot, channel, served, typed
from tests.support.faults import ACCEPTED_THEN_DROPPED, DROPPED, Fault

SEED: Final = 20270622
PATIENCE: Final = 60.0
LOOKS_EVERY: Final = 0.2
REPEATS_AFTER: Final = 0.1
"""Seconds until Slack sends again what nobody has acknowledged; in truth it waits longer."""
TROUBLES: Final = (
    DROPPED,
    ACCEPTED_THEN_DROPPED,
    Fault(500, {"ok": False, "error": "internal_error"}),
    Fault(429, {"ok": False, "error": "ratelimited"}, {"Retry-After": "1"}),
)


def so_many(name: str, short: int) -> int:
    """How much of it ``make test-long`` wants."""
    return int(os.environ.get(f"PARTNERSHIP_TEST_{name}", short))


class Reminder(NamedTuple):
    """Something that is sent at most once, as the outbox knows it."""

    conversation: str
    key: str
    state: str
    trouble: str | None

    def is_as_promised(self, came: int) -> bool:
        """It came once, or wasn't needed any more; or nobody can tell whether it came, and there is a reason."""
        match self.state:
            case "sent":
                return came == 1
            case "superseded":
                return came == 0
            case _:
                return self.state == "unknown" and came <= 1 and bool(self.trouble)


@dataclass
class Mortal:
    """A process of the bot that is killed now and then, and started again each time."""

    slack: LimitedSlack
    url: str
    api: str
    role: str
    epoch: float
    kills: int = 0
    bot: Bot | None = None
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def lives(self, until_killed: Callable[[], Awaitable[bool]]) -> None:
        """Start it, and kill and start it again until told otherwise."""
        goes_on = True
        while goes_on:
            async with served(self.url, self.api, role=self.role, epoch=self.epoch) as bot:
                await self._is(bot)
                goes_on = await until_killed()
                await self._is(None)
                if goes_on:
                    await bot.killed()
                    self.kills += 1

    @property
    def now(self) -> datetime:
        return INVITED + timedelta(seconds=time.time() - self.epoch)

    async def _is(self, bot: Bot | None) -> None:
        async with self.changed:
            self.bot = bot
            self.changed.notify_all()

    async def takes(self, request: Request) -> None:
        """Send it as often as is needed for it to be acknowledged, as Slack does."""
        taken = False
        while not taken:
            async with self.changed:
                await self.changed.wait_for(lambda: self.bot is not None)
                bot = self.bot
            assert bot is not None
            taken = await tried(bot, request)


async def tried(bot: Bot, request: Request) -> bool:
    """Whether it was acknowledged; if not, because the bot was killed or the connection was lost, a moment later."""
    try:
        if await bot.takes(request):
            return True
    except httpx.TransportError:
        pass
    await asyncio.sleep(REPEATS_AFTER)
    return False


async def a_while(slack: LimitedSlack, random: Random, over: asyncio.Event | None = None, most: int = 8) -> None:
    """Until some more messages have arrived, and a moment longer; not after it is over."""
    enough = len(slack.arrived) + random.randint(1, most)
    await slack.until(lambda: len(slack.arrived) >= enough or (over is not None and over.is_set()), 10 * PATIENCE)
    await asyncio.sleep(random.uniform(0, 0.3))


@asynccontextmanager
async def living(mortal: Mortal, until_killed: Callable[[], Awaitable[bool]]) -> AsyncIterator[asyncio.Task[None]]:
    """The task is done when it isn't killed any more, and has been stopped."""
    task = asyncio.create_task(mortal.lives(until_killed))
    try:
        yield task
        await task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@dataclass
class Leaders:
    """They answer one question after another, and each waits for the next."""

    slack: LimitedSlack
    tells: Callable[[Request], Awaitable[object]]
    """Returns once what a leader typed has been acknowledged."""
    now: Callable[[], datetime]
    said: dict[str, list[int]] = field(default_factory=dict)
    """The levels that each of them has answered, and that were acknowledged."""

    async def answer(self, tenant: str, who: str, random: Random, rows: int, over: asyncio.Event) -> None:
        """So many rows at most, until it is over."""
        await self._types(tenant, who, "start")
        self.said[who] = []
        while len(self.said[who]) < rows and not over.is_set():
            level = random.randint(1, 4)
            await self._types(tenant, who, str(level))
            self.said[who].append(level)

    async def _types(self, tenant: str, who: str, text: str) -> None:
        before = len(self.questions(who))
        await self.tells(typed(tenant, who, text, self.now()))
        await self.slack.until(lambda: len(self.questions(who)) > before, PATIENCE)

    def questions(self, who: str) -> list[str]:
        """What the bot has posted to them, besides the invitation."""
        there = self.slack.sent_to(channel(who))
        return [each.text for each in there if each.key.startswith("card") and not each.is_edit]

    def is_stored(self, database: Database) -> bool:
        """Whether what they said, and nothing else, is stored."""
        return {who: answers_of(database, who) for who in self.said} == self.said


def unreliable(seed: int, share: float) -> Callable[[str], Fault | None]:
    """A share of all messages meets some trouble."""
    random = Random(seed)

    def fails(method: str) -> Fault | None:
        return random.choice(TROUBLES) if method == "chat.postMessage" and random.random() < share else None

    return fails


# What is stored


def answers_of(database: Database, who: str) -> list[int]:
    """The levels that a leader has answered, in that order."""
    answer, response = tables.Answer.__table__, tables.Response.__table__
    rows = (
        select(answer.c.level)
        .join(response, response.c.id == answer.c.response_id)
        .where(response.c.school_id == f"s-{who.lower()}")
        .order_by(answer.c.answered_at)
    )
    return list(database.read_now(lambda reading: reading.scalars(rows).all()))


def reminders(database: Database) -> list[Reminder]:
    """What is sent at most once."""
    row = tables.Outbox.__table__
    rows = select(row.c.conversation, row.c.key, row.c.state, row.c.trouble).where(row.c.manner == "once")
    return [Reminder(*each) for each in database.read_now(lambda reading: reading.execute(rows).all())]


async def all_are_settled(database: Database, seconds: float = PATIENCE) -> list[Reminder]:
    """The reminders, when none of them waits any more."""
    async with asyncio.timeout(seconds):
        while True:
            found = reminders(database)
            if all(each.state not in {"waiting", "claimed"} for each in found):
                return found
            await asyncio.sleep(LOOKS_EVERY)


def not_as_promised(slack: LimitedSlack, found: Sequence[Reminder]) -> list[tuple[Reminder, int]]:
    """The reminders that came twice, or did not come though nobody is in doubt; and how often they came."""
    came = Counter((each.channel, each.key) for each in slack.arrived if not each.is_edit)
    counted = [(each, came[channel(each.conversation), each.key]) for each in found]
    return [(each, times) for each, times in counted if not each.is_as_promised(times)]
