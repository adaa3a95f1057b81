"""Teams as configured for this installation; the entry points build and open it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

import httpx
from fastapi import APIRouter

from bot.apply.welcome_channel import welcome
from bot.platform import OutcomeUnknown, RateLimited, SendFailed, Unreachable
from core.log import Log
from core.settings import Settings, SettingsMistakes, TeamsSettings
from core.storage.database import Database
from core.storage.frameworks import FrameworkShelf
from integrations.account_matching import Found
from integrations.delivery_port import Delivers
from integrations.pacing import Pause, SharedLines
from integrations.registration import LivePlatform, LookUp, Parts, Served
from integrations.stopping import in_time
from integrations.teams.admission import Admission, ByToken, Playground
from integrations.teams.app import teams_routes
from integrations.teams.client import TeamsChat
from integrations.teams.clouds import Cloud, cloud_of
from integrations.teams.connector import Connector, new_client
from integrations.teams.files import Files, file_routes
from integrations.teams.joining import Members, Recognition, find_people
from integrations.teams.keys import KeyRing
from integrations.teams.pacing import TeamsPacer
from integrations.teams.pages import page_routes
from integrations.teams.parse import PLATFORM
from integrations.teams.receive import SOON, Standing, TeamsDoor
from integrations.teams.service_urls import ServiceUrls
from integrations.teams.tokens import AppTokens, ConnectorTokens, NoTokens, credential_of
from integrations.teams.verify import Bot

_log = Log(__name__)

Clock = Callable[[], datetime]

_PREFIX = "PARTNERSHIP_TEAMS__"


@dataclass(frozen=True)
class Teams:
    """``chat`` can send messages as soon as it exists; ``serving`` lets activities in."""

    database: Database
    clock: Clock
    connector: Connector
    chat: TeamsChat
    admission: Admission
    ring: KeyRing | None
    """None in the playground."""

    @property
    def members(self) -> Members:
        return Members(self.connector)

    async def find(self, tenant: str) -> Found:
        """Look for people whose addresses the bot knows. Raises the exceptions of ``bot.platform``."""
        return await find_people(self.database, self.members, tenant, self.clock())

    async def meet(self, tenant: str) -> None:
        """The same in the background: whatever can't be found out now is found out later."""
        try:
            await self.find(tenant)
        except (RateLimited, SendFailed, OutcomeUnknown, Unreachable) as trouble:
            reason = getattr(trouble, "reason", "Teams asks for a pause.")
            _log.warning("A team's people could not be looked up", reason=reason)

    async def close(self) -> None:
        if self.ring is not None:
            await self.ring.close()
        self.connector.tokens.close()
        await self.connector.http.aclose()

    @asynccontextmanager
    async def sending(self) -> AsyncIterator[None]:
        """For a process that only sends: the connections are closed at the end."""
        async with AsyncExitStack() as stack:
            stack.push_async_callback(self.close)
            yield

    def door(
        self,
        shelf: FrameworkShelf,
        delivery: Delivers,
        standing: Standing,
        soon: float = SOON,
        pause: Pause = asyncio.sleep,
    ) -> TeamsDoor:
        return TeamsDoor(
            teams=self.chat,
            database=self.database,
            shelf=shelf,
            clock=self.clock,
            delivery=delivery,
            standing=standing,
            welcome=welcome,
            recognise=Recognition(self.database, self.members, self.clock),
            meet=self.meet,
            soon=soon,
            pause=pause,
        )

    @asynccontextmanager
    async def serving(self, door: TeamsDoor) -> AsyncIterator[APIRouter]:
        """Activities come in by the given routes."""
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self.sending())
            stack.push_async_callback(in_time, door.finish)
            if self.ring is not None:
                fetching = asyncio.create_task(self.ring.fetch())
                stack.callback(fetching.cancel)
            rooms = (
                teams_routes(door, self.admission, self.clock),
                file_routes(self.database, self.clock),
                page_routes(),
            )
            # Side by side: a nested router would be searched for every activity.
            yield APIRouter(routes=[route for each in rooms for route in each.routes])

    @asynccontextmanager
    async def looking_up(self) -> AsyncIterator[LookUp]:
        async def look_up(tenant: str) -> list[str]:
            return list((await self.find(tenant)).in_words())

        async with self.sending():
            yield look_up

    def live(self) -> LivePlatform:
        @asynccontextmanager
        async def serving(parts: Parts) -> AsyncIterator[Served]:
            door = self.door(parts.shelf, parts.delivery, parts.composer.standing)
            async with self.serving(door) as routes:
                yield Served(routes)

        return LivePlatform(self.chat, self.sending, serving, self.looking_up)


def teams_of(
    settings: Settings,
    database: Database,
    clock: Clock,
    pacer: TeamsPacer | None = None,
    login: httpx.Client | None = None,
) -> Teams | None:
    """None if nothing is set for Teams. ``login`` is the URL where Microsoft issues tokens.

    Raises ``SettingsMistakes``.
    """
    teams = settings.teams
    if not teams.model_fields_set:
        return None
    if teams.playground:
        here = ServiceUrls(frozenset(), on_this_computer=True)
        connector = Connector(
            new_client(), NoTokens(), here, pacer or TeamsPacer(lines=SharedLines(database, PLATFORM))
        )
        return _teams(settings, database, clock, connector, Playground(), None)
    mistakes = list(_mistakes(teams))
    if mistakes:
        raise SettingsMistakes(mistakes)
    http, cloud = new_client(), cloud_of(teams)
    connector = Connector(
        http,
        _tokens(teams, cloud, login),
        cloud.service_urls,
        pacer or TeamsPacer(lines=SharedLines(database, PLATFORM)),
    )
    ring = KeyRing(cloud.openid_url, http, clock)
    admission = ByToken(Bot(teams.app_id or "", cloud.issuer), ring, cloud.service_urls, teams.tenants, clock)
    return _teams(settings, database, clock, connector, admission, ring)


def _teams(
    settings: Settings,
    database: Database,
    clock: Clock,
    connector: Connector,
    admission: Admission,
    ring: KeyRing | None,
) -> Teams:
    teams = settings.teams
    reached_at = settings.public_url or (f"http://{settings.host}:{settings.port}" if teams.playground else None)
    files = None if reached_at is None else Files(database, reached_at, clock)
    along = teams.pictures == "attachment"
    chat = TeamsChat(connector, database, clock, f"28:{teams.app_id or ''}", files, pictures_along=along)
    return Teams(database, clock, connector, chat, admission, ring)


def _mistakes(teams: TeamsSettings) -> Iterator[str]:
    if not teams.app_id:
        yield f"{_PREFIX}APP_ID: needed; docs/teams.md says where to find it."
    if not teams.tenant_id:
        yield f"{_PREFIX}TENANT_ID: needed; docs/teams.md says where to find it."
    try:
        credential_of(teams)
    except SettingsMistakes as mistakes:
        yield from mistakes.lines


def _tokens(teams: TeamsSettings, cloud: Cloud, login: httpx.Client | None) -> ConnectorTokens:
    authority = f"{cloud.authority}/{teams.tenant_id}"
    return AppTokens(
        teams.app_id or "", credential_of(teams), authority, cloud.scope, login or httpx.Client(timeout=10)
    )
