"""Many own reports at once, by three workers: each is whole, however long it has to wait for its turn."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Connection

from bot.messages.blocks import File, Heading, Message, Picture
from core.storage import outbox
from core.storage.database import Database
from core.storage.outbox import OutboxItem
from integrations.pacing import SharedLines
from integrations.slack.client import SlackChat
from integrations.slack.connection import Connection as ToSlack
from integrations.slack.pacing import SlackPacer
from integrations.slack.workspaces import OneWorkspace
from scheduler.delivery import Delivery
from tests.slack.limited_slack import DOCUMENTED
from tests.slack.playing_slack import TEAM, TOKEN, PlayedSlack, Posted, playing
from tests.support.days import NOW
from tests.support.limits import Limits
from tests.support.passing_time import in_passing_time

SCHOOLS, WORKERS = 34, 3
LEADERS = [f"U0HEAD{number}" for number in range(SCHOOLS)]


async def own_report(item: OutboxItem) -> Message:
    files = (File("own.csv", "text/csv", b"1"), File("own.xlsx", "application/xlsx", b"2"))
    return Message(
        item.key, (Heading("Your report"), Picture("own.png", b"a picture", "Trust is strong.")), "en", files
    )


def wait_for_it(connection: Connection) -> None:
    for each in LEADERS:
        outbox.put(
            connection, platform="slack", tenant=TEAM, conversation=each, kind="direct", key=f"own:{each}",
            prompt="own-report", manner="once", now=NOW,
        )  # fmt: skip


@asynccontextmanager
async def served(slack: PlayedSlack, database: Database) -> AsyncIterator[Delivery]:
    """One process of the bot, whose time is that of its event loop."""
    seconds, begun = asyncio.get_running_loop().time, asyncio.get_running_loop().time()
    connection = ToSlack(f"{slack.base}/api/", SlackPacer(seconds, lines=SharedLines(database, "slack")))
    chat = SlackChat(OneWorkspace(TOKEN), connection)
    for each in LEADERS:  # They have written to it.
        chat.remember(TEAM, each, f"D{each.removeprefix('U')}")
    yield Delivery(
        database, {"slack": chat}, own_report, lambda: NOW + timedelta(seconds=seconds() - begun), seconds=seconds
    )
    await connection.close()


def is_whole(messages: list[Posted]) -> bool:
    """The message with its picture, and its two files below."""
    return [(len(each.blocks), len(each.files)) for each in messages] == [(2, 0), (0, 2)]


async def sent_to_all(database: Database) -> list[list[Posted]]:
    seconds = asyncio.get_running_loop().time
    slack = PlayedSlack(seconds=seconds, limits=Limits(DOCUMENTED, seconds), takes=0.1)
    channels = [slack.direct(each) for each in LEADERS]
    async with playing(slack), AsyncExitStack() as stack:
        workers = [await stack.enter_async_context(served(slack, database)) for _ in range(WORKERS)]
        await database.write(wait_for_it)
        for _ in range(60):
            await asyncio.gather(*(each.drain() for each in workers))
            if all(each.messages for each in channels):
                break
            await asyncio.sleep(1)  # Slack's clock isn't quite ours, so it may have asked for a pause.
    return [each.messages for each in channels]


def test_every_school_gets_its_report_with_picture_and_files(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'rush.db'}")
    database.upgrade()
    told = in_passing_time(sent_to_all(database))
    database.close()
    assert sum(map(is_whole, told)) == SCHOOLS
