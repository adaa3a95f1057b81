"""Willow Valley in a played Teams: the bot as it is put together for real, and what its people do and see there."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeAlias
from uuid import NAMESPACE_URL, uuid5

import httpx
from fastapi import APIRouter, FastAPI
from sqlalchemy import Connection, select, update
from starlette.responses import Response

from bot.compose.composer import Composer
from bot.inbound.events import Conversation, Kind
from core.charts.pool import ChartPool
from core.settings import Settings
from core.storage import tables
from core.storage.database import Database
from core.storage.frameworks import FrameworkShelf
from integrations.error_middleware import Contained
from integrations.teams.pacing import TeamsPacer
from integrations.teams.receive import A_MOMENT, TeamsDoor
from integrations.teams.setup import Teams, teams_of
from scheduler.delivery import Delivery
from tests.contract.stage import CHANNEL as STAGE_CHANNEL
from tests.contract.stage import Clock, rows_of, set_up
from tests.support.passing_time import Time
from tests.teams import activities
from tests.teams.activities import CHANNEL, TEAM
from tests.teams.adaptive_cards import complaints
from tests.teams.certificates import client_context
from tests.teams.playing_teams import CARD, Member, PlayedTeams, Posted, playing
from tests.teams.settings import teams_settings
from tests.teams.signing import CONNECTOR, TENANT, claims

Json: TypeAlias = dict[str, Any]


def member(person: str) -> Member:
    """Somebody of Willow Valley, as Teams knows them."""
    return Member(str(uuid5(NAMESPACE_URL, person)), person.title())


def furnished(file: Path) -> Path:
    """A database with Willow Valley in it."""
    furnish(f"sqlite:///{file}")
    return file


def furnish(url: str) -> None:
    set_up(url, "teams", TENANT)
    renamed(url)


def renamed(url: str) -> None:
    """Give the people and the channel of Willow Valley the names that Teams would give them."""
    database = Database(url)
    database.write_now(_rename)
    database.close()


def _rename(connection: Connection) -> None:
    account, channel = tables.Account.__table__, tables.Channel.__table__
    for user in connection.scalars(select(account.c.user)).all():
        renamed = update(account).where(account.c.user == user)
        connection.execute(renamed.values(user=member(user).directory_id))
    connection.execute(update(channel).where(channel.c.conversation == STAGE_CHANNEL).values(conversation=CHANNEL))


@dataclass
class TeamsWorld:
    teams: PlayedTeams
    bot: Teams
    door: TeamsDoor
    http: httpx.AsyncClient
    delivery: Delivery
    clock: Clock
    time: Time
    """That passes only while the bot waits its turn."""

    @property
    def now(self) -> datetime:
        return self.clock.now

    @property
    def database(self) -> Database:
        return self.bot.database

    def token(self, **other: object) -> str:
        return CONNECTOR.token(claims(self.teams.service_url, self.now, **other))

    async def send(self, activity: Json, token: str | None = None) -> httpx.Response:
        """Send an activity as the Bot Connector would, and wait until the bot has done all it does because of it."""
        return await self.send_raw(json.dumps(activity).encode(), f"Bearer {token or self.token()}")

    async def send_raw(self, body: bytes, authorization: str | bytes | None) -> httpx.Response:
        shown = authorization.encode() if isinstance(authorization, str) else authorization
        headers = {} if shown is None else {b"Authorization": shown}
        response = await self.http.post("/api/messages", content=body, headers=headers)
        await self.door.finish()
        return response

    # What people do

    async def types(self, person: Member, text: str, **more: object) -> httpx.Response:
        self._does(person)
        return await self.send(activities.message(person, text, self.now, self.teams.service_url, **more))

    async def mentions(self, person: Member, text: str, **more: object) -> httpx.Response:
        self._does(person)
        return await self.send(activities.mention(person, text, self.now, self.teams.service_url, **more))

    async def executes(self, person: Member, posted: Posted, data: Json, **more: object) -> httpx.Response:
        """Press a button; the client shows the card that comes back, until the message itself is edited."""
        self._does(person)
        at, where, edits = self.now, self.teams.service_url, posted.edits
        response = await self.send(activities.executed(person, data, posted.id, at, where, **more))
        if response.status_code == 200 and response.json()["type"] == CARD:
            attachment = {"contentType": CARD, "content": response.json()["value"]}
            shown = posted.activity | {"attachments": [attachment]}
            self.teams.wrong.extend(complaints(attachment["content"], shown))
            posted.activity = posted.activity if posted.edits > edits else shown
        await self.a_moment_passes(person)
        return response

    async def a_moment_passes(self, person: Member) -> None:
        """Then the cards that were pressed are edited for other devices."""
        self.clock.later(A_MOMENT)
        await self.delivery.deliver([Conversation("teams", person.tenant, person.directory_id, Kind.DIRECT)])

    async def submits(self, person: Member, posted: Posted, data: Json) -> httpx.Response:
        """Press a button in a client that knows no ``Action.Execute``."""
        self._does(person)
        return await self.send(activities.submitted(person, data, posted.id, self.now, self.teams.service_url))

    async def installs(self, person: Member, action: str = "add", **more: object) -> httpx.Response:
        self._does(person)
        return await self.send(activities.installed(person, self.now, self.teams.service_url, action, **more))

    def _does(self, person: Member) -> None:
        self.clock.later()
        self.teams.direct(person)

    # What they see

    def own(self, person: Member) -> list[Posted]:
        """What stands in their conversation with the bot."""
        return self.teams.direct(person).messages

    @property
    def channel(self) -> list[Posted]:
        return self.teams.talks[CHANNEL].messages

    async def rows(self) -> dict[str, int]:
        """How many rows each table has."""
        return await self.database.read(rows_of)


_NEVER = 3600.0
"""Seconds after which an answer is announced: a test that wants to see that sets them to none."""
PEOPLE = ("priya", "ruth", "sian", "tom")


@asynccontextmanager
async def teams_world(where: Path | str, **given: object) -> AsyncIterator[TeamsWorld]:
    """``where`` is the file of its database, or the database's address.

    ``given`` are settings of Teams in place of the usual ones.
    """
    url = f"sqlite:///{where}" if isinstance(where, Path) else where
    time, clock = Time(), Clock()
    async with playing(PlayedTeams(seconds=time.seconds)) as teams:
        for place in (CHANNEL, TEAM):
            teams.has_talk(place, *map(member, PEOPLE))
        async with bot_in(teams, url, time, clock, **given) as world:
            yield world
    assert teams.wrong == []


@asynccontextmanager
async def bot_in(teams: PlayedTeams, url: str, time: Time, clock: Clock, **given: object) -> AsyncIterator[TeamsWorld]:
    """One process of the bot: there may be several on one database."""
    database, shelf, charts = Database(url), FrameworkShelf(), ChartPool()
    async with AsyncExitStack() as stack:
        stack.callback(database.close)
        stack.callback(charts.close)
        pointed = {"openid_url": teams.openid_url, "authority": teams.login, "service_hosts": teams.base[7:]}
        settings = Settings(teams=teams_settings(**pointed | given), public_url="https://bot.example.org")
        login = httpx.Client(verify=client_context(), trust_env=False)
        bot = teams_of(settings, database, clock, TeamsPacer(time.seconds, time.pause), login)
        assert bot is not None
        composer = Composer(database, shelf, charts.draw, clock, {bot.chat.name: bot.chat.calls})
        delivery = Delivery(database, {bot.chat.name: bot.chat}, composer, clock)
        door = bot.door(shelf, delivery, composer.standing, _NEVER, time.pause)
        http = await stack.enter_async_context(_served(await stack.enter_async_context(bot.serving(door))))
        if bot.ring is not None:
            await bot.ring.fetch()
        teams.calls.clear()
        yield TeamsWorld(teams, bot, door, http, delivery, clock, time)


def _served(routes: APIRouter) -> httpx.AsyncClient:
    app = FastAPI()
    app.include_router(routes)
    app.add_middleware(Contained, problem=lambda status: Response(status_code=status))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://bot")
