"""Willow Valley in a played Slack: the bot as it is served, and what people do, signed as Slack signs it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeAlias

import httpx
from fastapi import FastAPI
from slack_bolt.async_app import AsyncApp
from sqlalchemy import Connection, func, update

from bot.compose.composer import Composer
from core.charts.pool import ChartPool
from core.storage import tables
from core.storage.database import Database
from core.storage.frameworks import FrameworkShelf
from integrations.slack.app import slack_routes
from integrations.slack.client import SlackChat
from integrations.slack.connection import Connection as ToSlack
from integrations.slack.home import Homes
from integrations.slack.joining import Colleagues, Members
from integrations.slack.listeners import bolt_app
from integrations.slack.pacing import SlackPacer
from integrations.slack.receive import SlackDoor
from integrations.slack.workspaces import OneWorkspace
from scheduler.delivery import Delivery
from tests.contract.stage import CHANNEL, Clock, rows_of, set_up
from tests.slack.playing_slack import TEAM, TOKEN, PlayedSlack, Posted, playing
from tests.slack.requests import (
    SECRET,
    Request,
    as_form,
    as_json,
    command,
    event,
    home_opened,
    interaction,
    message,
    press,
    press_at_home,
    submission,
)
from tests.support.passing_time import Time

Json: TypeAlias = dict[str, Any]

RIVER = "C0WILLOW"
"""The partnership's channel, as Slack calls it."""


def user(person: str) -> str:
    return f"U0{person.upper()}"


def direct(person: str) -> str:
    return f"D0{person.upper()}"


def furnished(file: Path) -> Path:
    """A database with Willow Valley in it."""
    furnish(f"sqlite:///{file}")
    return file


def furnish(url: str) -> None:
    set_up(url, "slack", TEAM)
    renamed(url)


def renamed(url: str) -> None:
    """Give the people and the channel of Willow Valley the names that Slack would give them."""
    database = Database(url)
    database.write_now(_rename)
    database.close()


def _rename(connection: Connection) -> None:
    account, channel = tables.Account.__table__, tables.Channel.__table__
    connection.execute(update(account).values(user="U0" + func.upper(account.c.user)))
    connection.execute(update(channel).where(channel.c.conversation == CHANNEL).values(conversation=RIVER))


@dataclass
class SlackWorld:
    slack: PlayedSlack
    database: Database
    door: SlackDoor
    bolt: AsyncApp
    http: httpx.AsyncClient
    delivery: Delivery
    workspaces: OneWorkspace
    to_slack: ToSlack
    clock: Clock

    @property
    def now(self) -> datetime:
        return self.clock.now

    async def send(self, request: Request) -> httpx.Response:
        """Send a request as Slack would, and wait until the bot has done all it does because of it."""
        headers = [(name.encode(), value.encode("latin-1")) for name, value in request.headers.items()]
        response = await self.http.post("/slack/events", content=request.body, headers=headers)
        await self.door.finish()
        return response

    # What people do

    async def types(self, person: str, text: str, **more: object) -> httpx.Response:
        self.clock.later()
        self.slack.direct(user(person))
        return await self.send(as_json(event(message(user(person), text, self.now, **more)), self.now))

    async def commands(self, person: str, name: str, text: str = "", *, channel: str = RIVER) -> httpx.Response:
        self.clock.later()
        self.slack.direct(user(person))
        return await self.send(as_form(command(user(person), channel, name, text), self.now))

    async def presses(self, person: str, button: Json, channel: str, ts: str) -> httpx.Response:
        self.clock.later()
        payload = press(user(person), channel, button["value"], self.now, action_id=button["action_id"], ts=ts)
        self.slack.triggers.add(payload["trigger_id"])
        return await self.send(interaction(payload, self.now))

    async def opens_home(self, person: str) -> httpx.Response:
        self.clock.later()
        self.slack.direct(user(person))
        return await self.send(as_json(event(home_opened(user(person), self.now, self.home(person))), self.now))

    async def presses_at_home(self, person: str, label: str) -> httpx.Response:
        self.clock.later()
        button = next(each for each in buttons(self.slack.homes[user(person)]) if each["text"]["text"] == label)
        payload = press_at_home(user(person), button["value"], self.now, action_id=button["action_id"])
        return await self.send(interaction(payload, self.now))

    async def submits(self, person: str, view: Json, text: str) -> httpx.Response:
        self.clock.later()
        return await self.send(interaction(submission(user(person), view, text), self.now))

    # What they see

    def home(self, person: str) -> Json | None:
        """Their tab of the bot; None until it has been shown to them."""
        return self.slack.homes.get(user(person))

    def own(self, person: str) -> list[Posted]:
        """What stands in their conversation with the bot."""
        return self.slack.direct(user(person)).messages

    def in_channel(self, person: str) -> list[Posted]:
        return [each for each in self.slack.channels[RIVER].messages if each.only_to in (None, user(person))]

    async def rows(self) -> dict[str, int]:
        """How many rows each table has."""
        return await self.database.read(rows_of)


def buttons(shown: Posted | Json) -> list[Json]:
    """The buttons of a message or of a page."""
    blocks = shown.blocks if isinstance(shown, Posted) else shown["blocks"]
    return [each for block in blocks if block["type"] == "actions" for each in block["elements"]]


@asynccontextmanager
async def slack_world(
    where: Path | str, *, learned: bool = True, slack: PlayedSlack | None = None
) -> AsyncIterator[SlackWorld]:
    """``where`` is the file of its database, or the database's address.

    ``learned``: the bot knows already which workspace its token belongs to.
    """
    slack, time, clock = slack or PlayedSlack(), Time(), Clock()
    url = f"sqlite:///{where}" if isinstance(where, Path) else where
    database, shelf, charts = Database(url), FrameworkShelf(), ChartPool()
    async with playing(slack) as address:
        to_slack, workspaces = ToSlack(address, SlackPacer(time.seconds, time.pause)), OneWorkspace(TOKEN)
        chat = SlackChat(workspaces, to_slack, time.pause)
        composer = Composer(database, shelf, charts.draw, clock)
        delivery = Delivery(database, {chat.name: chat}, composer, clock)
        door = SlackDoor(
            workspaces=workspaces,
            slack=chat,
            database=database,
            shelf=shelf,
            clock=clock,
            delivery=delivery,
            is_colleague=Colleagues(Members(workspaces, to_slack), clock),
            show_home=Homes(workspaces, to_slack, database, shelf, clock),
        )
        bolt, app = bolt_app(door.receive, clock), FastAPI()
        app.include_router(slack_routes(bolt, SECRET, clock))
        slack.has_channel(RIVER, *(user(person) for person in ("priya", "ruth", "sian", "tom")))
        if learned:
            await workspaces.learn(to_slack)
            slack.calls.clear()
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://bot") as http:
            yield SlackWorld(slack, database, door, bolt, http, delivery, workspaces, to_slack, clock)
        await door.finish()
        await to_slack.close()
    charts.close()
    database.close()
    assert slack.wrong == []
