"""Several processes on one database: whichever of them Slack tells, each event has one effect and is answered once."""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeAlias

import httpx
import pytest
from sqlalchemy import Connection, func, select

from bot.compose.composer import Composer
from bot.messages import references
from core.charts.pool import ChartPool
from core.storage import outbox, tables
from core.storage.database import Database
from core.storage.frameworks import FrameworkShelf
from integrations.pacing import SharedLines
from integrations.slack.client import SlackChat
from integrations.slack.connection import Connection as ToSlack
from integrations.slack.pacing import SlackPacer
from integrations.slack.workspaces import OneWorkspace
from scheduler.delivery import Delivery
from tests.contract.stage import set_up
from tests.slack.block_kit import ROOT
from tests.slack.conftest import Time
from tests.slack.playing_slack import TEAM, TOKEN, PlayedSlack, Posted, playing
from tests.slack.requests import SECRET, Request, as_form, as_json, command, event, interaction, message, press
from tests.slack.school_world import RIVER, buttons, direct, renamed, user
from tests.support.days import NOW

Json: TypeAlias = dict[str, Any]

REPLICAS = 2


@dataclass
class Served:
    """The bot in several processes, and the Slack that talks to them."""

    slack: PlayedSlack
    database: Database
    replicas: Sequence[httpx.AsyncClient]

    async def hear(self, *requests: Request) -> None:
        """Every replica is sent everything, all at once: what Slack repeats may come anywhere and at any time."""
        sent = [_sent(each, request) for request in requests for each in self.replicas]
        assert set(await asyncio.gather(*sent)) == {200}

    def own(self, person: str) -> list[Posted]:
        return self.slack.direct(user(person)).messages

    async def shows(self, words: str, person: str) -> Posted:
        """Their latest message, once it says this."""
        await self.slack.until(lambda: bool(self.own(person)) and words in self.own(person)[-1].text)
        return self.own(person)[-1]

    def keys(self, person: str) -> list[str]:
        return [each.metadata["event_payload"]["key"] for each in self.own(person) if each.metadata]

    def count(self, table: type[tables.Base]) -> int:
        return self.database.read_now(
            lambda reading: reading.execute(select(func.count()).select_from(table)).scalar_one()
        )


async def _sent(replica: httpx.AsyncClient, request: Request) -> int:
    response = await replica.post("/slack/events", content=request.body, headers=request.headers)
    return response.status_code


@asynccontextmanager
async def replica(url: str, api: str) -> AsyncIterator[httpx.AsyncClient]:
    settings = {
        "PARTNERSHIP_DATABASE_URL": url,
        "PARTNERSHIP_ROLE": "serve",
        "PARTNERSHIP_SLACK__API_URL": api,
        "PARTNERSHIP_SLACK__BOT_TOKEN": TOKEN,
        "PARTNERSHIP_SLACK__SIGNING_SECRET": SECRET,
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.slack.replica", stdin=PIPE, stdout=PIPE, cwd=ROOT, env=os.environ | settings
    )
    try:
        assert process.stdout is not None
        address = (await asyncio.wait_for(process.stdout.readline(), 60)).decode().strip()
        async with httpx.AsyncClient(base_url=address, timeout=60) as http:
            yield http
    finally:
        await _stopped(process)


async def _stopped(process: Process) -> None:
    """It finishes what it has begun."""
    assert process.stdin is not None
    process.stdin.close()
    await asyncio.wait_for(process.communicate(), 60)


@pytest.fixture
async def served(database_url: str) -> AsyncIterator[Served]:
    set_up(database_url, "slack", TEAM)
    renamed(database_url)
    database, slack = Database(database_url), PlayedSlack()
    slack.has_channel(RIVER, *(user(person) for person in ("priya", "ruth", "sian", "tom")))
    slack.direct(user("priya"))
    async with playing(slack) as api, AsyncExitStack() as stack:
        opening = [stack.enter_async_context(replica(database_url, api)) for _ in range(REPLICAS)]
        yield Served(slack, database, [await each for each in opening])
    database.close()
    assert slack.wrong == []


def typed(person: str, text: str, seconds: int) -> Request:
    return as_json(event(message(user(person), text, NOW + timedelta(seconds=seconds))), NOW)


def pressed(person: str, posted: Posted, button: Json, seconds: int) -> Request:
    at = NOW + timedelta(seconds=seconds)
    payload = press(user(person), direct(person), button["value"], at, action_id=button["action_id"], ts=posted.ts)
    return interaction(payload, NOW)


async def test_what_every_replica_is_told_happens_once(served: Served) -> None:
    before = served.count(tables.Answer)
    await served.hear(typed("priya", "start", 0))
    question = await served.shows("0 of 18 answered", "priya")
    for criterion in range(1, 4):
        school, partnership = (each for each in buttons(question) if each["text"]["text"] == "3 Established")
        taps = (pressed("priya", question, row, 2 * criterion + n) for n, row in enumerate((school, partnership)))
        await served.hear(*taps)
        question = await served.shows(f"{criterion} of 18 answered", "priya")
        assert served.count(tables.Answer) == before + 2 * criterion
    await served.hear(typed("priya", "status", 9))
    await served.shows("Where things stand", "priya")
    assert served.count(tables.Inbox) == 8
    assert len(served.own("priya")) == len(set(served.keys("priya"))), "no message stands there twice"

    await served.hear(as_form(command(user("ruth"), RIVER, "/partnership", "help"), NOW))
    river = served.slack.channels[RIVER]
    await served.slack.until(lambda: bool(river.messages))
    await served.hear(as_form(command(user("ruth"), RIVER, "/partnership", "status"), NOW))
    await served.slack.until(lambda: len(river.messages) > 1)
    assert ["What I can do" in each.text for each in river.messages] == [True, False]


# Pace


async def test_two_processes_that_send_in_one_channel_are_not_too_fast_for_slack(
    slack: PlayedSlack, time: Time, database_url: str
) -> None:
    """They share the lines of the workspace and of the channel."""
    set_up(database_url, "slack", TEAM)
    slack.has_channel(RIVER)
    database, charts = Database(database_url), ChartPool()

    def wait(writing: Connection) -> None:
        for number in range(20):
            outbox.put(
                writing, platform="slack", tenant=TEAM, conversation=RIVER, kind="channel", key=f"line:{number}",
                prompt=references.to_json(references.ShortReply("stranger")), manner="once", now=NOW,
            )  # fmt: skip

    await database.write(wait)
    async with AsyncExitStack() as stack:
        processes = []
        for _ in range(2):
            connection = ToSlack(
                f"{slack.base}/api/", SlackPacer(time.seconds, time.pause, SharedLines(database, "slack"))
            )
            stack.push_async_callback(connection.close)
            chat = SlackChat(OneWorkspace(TOKEN), connection, time.pause)
            composer = Composer(database, FrameworkShelf(), charts.draw, lambda: NOW)
            processes.append(Delivery(database, {chat.name: chat}, composer, lambda: NOW, time.seconds, time.pause))
        await asyncio.gather(*(each.drain() for each in processes))
    charts.close()
    database.close()
    assert slack.called("chat.postMessage") == ["chat.postMessage"] * 20, "Slack refused none"
    assert [each.metadata["event_payload"]["key"] for each in slack.channels[RIVER].messages if each.metadata] == [
        f"line:{number}" for number in range(20)
    ]
