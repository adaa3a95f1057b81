"""Several processes on one database: whichever of them Teams tells, each activity has one effect and is answered."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any, TypeAlias

import httpx
import pytest
from sqlalchemy import Connection, func, select

from bot.messages import references
from core.storage import outbox, tables
from tests.contract.stage import Clock
from tests.support.days import NOW
from tests.support.passing_time import Time
from tests.teams import activities
from tests.teams.activities import CHANNEL, TEAM, in_channel
from tests.teams.adaptive_cards import pressable
from tests.teams.playing_teams import CARD, Member, PlayedTeams
from tests.teams.signing import TENANT
from tests.teams.teams_world import PEOPLE, TeamsWorld, bot_in, furnish, member

Json: TypeAlias = dict[str, Any]
Replicas: TypeAlias = Sequence[TeamsWorld]

PRIYA, RUTH = member("priya"), member("ruth")


@pytest.fixture
async def replicas(teams: PlayedTeams, time: Time, database_url: str) -> AsyncIterator[Replicas]:
    furnish(database_url)
    for place in (CHANNEL, TEAM):
        teams.has_talk(place, *map(member, PEOPLE))
    teams.direct(PRIYA)
    clock = Clock()
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(bot_in(teams, database_url, time, clock)) for _ in range(2)]


async def hear(replicas: Replicas, activity: Json) -> list[httpx.Response]:
    """Every replica is sent it at once: what Teams repeats may come anywhere and at any time."""
    answers = await asyncio.gather(*(each.send(activity) for each in replicas))
    assert {each.status_code for each in answers} == {200}
    return answers


async def count(replicas: Replicas, table: type[tables.Base]) -> int:
    database = replicas[0].database
    return await database.read(lambda reading: reading.execute(select(func.count()).select_from(table)).scalar_one())


def said_by(person: Member, text: str, seconds: int, service_url: str) -> Json:
    return activities.message(person, text, NOW + timedelta(seconds=seconds), service_url)


async def test_what_every_replica_is_told_happens_once(replicas: Replicas, teams: PlayedTeams) -> None:
    before = await count(replicas, tables.Answer)
    await hear(replicas, said_by(PRIYA, "start", 0, teams.service_url))
    (card,) = teams.direct(PRIYA).messages
    for number, whose in enumerate(("Our school", "Our partnership"), 1):
        data = next(each for each in pressable(card.card or {}) if each["title"] == f"{whose}: 3 Established")["data"]
        at = NOW + timedelta(seconds=number)
        answers = await hear(replicas, activities.executed(PRIYA, data, card.id, at, teams.service_url))
        assert [each.json()["type"] for each in answers] == [CARD, CARD], "both show the card"
        assert await count(replicas, tables.Answer) == before + number
    assert await count(replicas, tables.Inbox) == 3
    assert "1 of 18" in card.text
    assert len(teams.direct(PRIYA).messages) == 1


async def test_a_channel_is_welcomed_by_one_of_them(replicas: Replicas, teams: PlayedTeams) -> None:
    await hear(replicas, activities.installed(RUTH, NOW, teams.service_url, **in_channel(RUTH)))
    assert len(teams.talks[CHANNEL].messages) == 1


async def test_two_processes_that_send_in_one_channel_are_not_too_fast_for_teams(
    replicas: Replicas, teams: PlayedTeams
) -> None:
    """Each has a line of its own; but whoever sends in a conversation holds it until it is empty."""
    await hear(replicas, activities.installed(RUTH, NOW, teams.service_url, "add-upgrade", **in_channel(RUTH)))

    def wait(writing: Connection) -> None:
        for number in range(20):
            outbox.put(
                writing, platform="teams", tenant=TENANT, conversation=CHANNEL, kind="channel", key=f"line:{number}",
                prompt=references.to_json(references.ShortReply("stranger")), manner="once", now=NOW,
            )  # fmt: skip

    await replicas[0].database.write(wait)
    await asyncio.gather(*(each.delivery.drain() for each in replicas))
    assert teams.called("send") == ["send"] * 20, "Teams refused none"
    assert len(teams.talks[CHANNEL].messages) == 20
