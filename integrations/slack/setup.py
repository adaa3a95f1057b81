"""Slack as configured for this installation; the entry points build and open it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Final

from fastapi import APIRouter
from pydantic import SecretStr
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient

from bot.platform import RateLimited
from core.log import Log
from core.services import people
from core.settings import Settings, SettingsMistakes, SlackSettings
from core.storage.database import Database
from core.storage.frameworks import FrameworkShelf
from integrations.delivery_port import Delivers
from integrations.pacing import Pause, SharedLines
from integrations.registration import LivePlatform, LookUp, Served
from integrations.slack import installations
from integrations.slack.app import slack_routes
from integrations.slack.client import SlackChat
from integrations.slack.connection import CALL_ERRORS, Connection, in_our_words
from integrations.slack.direct_channels import DirectChannels
from integrations.slack.home import Homes
from integrations.slack.installed_workspaces import InstalledWorkspaces
from integrations.slack.joining import Colleagues, Members, Recognition, find_people
from integrations.slack.listeners import bolt_app
from integrations.slack.oauth import install_routes
from integrations.slack.pacing import SlackPacer
from integrations.slack.parse import PLATFORM
from integrations.slack.receive import SlackDoor
from integrations.slack.renewal import App, Renewal
from integrations.slack.socket_mode import listening
from integrations.slack.stores import Installations
from integrations.slack.vault import NoKeys, Vault
from integrations.slack.workspaces import OneWorkspace, Workspace, Workspaces
from integrations.stopping import in_time
from manifest.slack.scopes import NEEDED

_log = Log(__name__)

Clock = Callable[[], datetime]

_WAITS: Final = (1.0, 10.0, 60.0, 600.0)
"""Seconds before asking Slack again who the bot is; the last value repeats for ever."""


_NOT_CONNECTED: Final = "Slack's Socket Mode is not connected, so nothing comes in from there."


@dataclass(frozen=True)
class Slack:
    """``chat`` can send messages as soon as it exists; ``serving`` lets events in."""

    settings: SlackSettings
    database: Database
    clock: Clock
    workspaces: Workspaces
    connection: Connection
    chat: SlackChat
    begin: Callable[[], Awaitable[None]]
    """What a process does first, alongside everything else."""
    installing: APIRouter | None = None

    @property
    def members(self) -> Members:
        return Members(self.workspaces, self.connection)

    @asynccontextmanager
    async def sending(self) -> AsyncIterator[None]:
        """For a process that only sends: the connection is closed at the end."""
        async with AsyncExitStack() as stack:
            stack.push_async_callback(self.connection.close)
            beginning = asyncio.create_task(_contained(self.begin))
            stack.callback(beginning.cancel)
            yield

    @asynccontextmanager
    async def serving(self, shelf: FrameworkShelf, delivery: Delivers) -> AsyncIterator[Served]:
        """Events come in by the given routes, or over a socket if there is an app token."""
        door = SlackDoor(
            workspaces=self.workspaces,
            slack=self.chat,
            database=self.database,
            shelf=shelf,
            clock=self.clock,
            delivery=delivery,
            recognise=Recognition(self.database, self.members, self.clock),
            is_colleague=Colleagues(self.members, self.clock),
            show_home=Homes(self.workspaces, self.connection, self.database, shelf, self.clock),
        )
        bolt = bolt_app(door.receive, self.clock)
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self.sending())
            stack.push_async_callback(in_time, door.finish)
            socket = None
            if self.settings.app_token is not None:
                app_token = self.settings.app_token.get_secret_value()
                socket = await stack.enter_async_context(listening(bolt, app_token, self.connection.client("")))
            yield Served(self._routes(bolt), () if socket is None else (partial(_is_connected, socket),))

    @asynccontextmanager
    async def looking_up(self) -> AsyncIterator[LookUp]:
        """For ``find-people``: the connection is closed at the end."""
        async with AsyncExitStack() as stack:
            stack.push_async_callback(self.connection.close)
            if isinstance(self.workspaces, OneWorkspace):
                with in_our_words():
                    await self.workspaces.learn(self.connection)
            yield self._look_up

    async def _look_up(self, tenant: str) -> list[str]:
        if await self.workspaces.find(tenant) is None:
            return ["the bot is not in this workspace. Check its id in the partnership's file."]
        found = await find_people(self.database, self.members, tenant, self.clock())
        await self.database.write(lambda writing: people.open_conversations(writing, PLATFORM, tenant))
        return list(found.in_words())

    def live(self) -> LivePlatform:
        return LivePlatform(
            self.chat, self.sending, lambda parts: self.serving(parts.shelf, parts.delivery), self.looking_up
        )

    def _routes(self, bolt: AsyncApp) -> APIRouter:
        router = APIRouter()
        if self.settings.signing_secret is not None:
            router.include_router(slack_routes(bolt, self.settings.signing_secret.get_secret_value(), self.clock))
        if self.installing is not None:
            router.include_router(self.installing)
        return router


def slack_of(settings: Settings, database: Database, clock: Clock) -> Slack | None:
    """None if nothing is set for Slack. Raises ``SettingsMistakes``."""
    slack = settings.slack
    if slack.bot_token is not None and slack.client_id is not None:
        raise SettingsMistakes(
            ["PARTNERSHIP_SLACK__BOT_TOKEN is for one workspace and PARTNERSHIP_SLACK__CLIENT_ID for many: give one."]
        )
    if slack.bot_token is not None:
        return _in_one_workspace(slack, slack.bot_token, database, clock)
    return None if slack.client_id is None else _in_many(settings, slack.client_id, database, clock)


async def _is_connected(socket: SocketModeClient) -> str | None:
    return None if await socket.is_connected() else _NOT_CONNECTED


async def _contained(begin: Callable[[], Awaitable[None]]) -> None:
    try:
        await begin()
    except Exception as error:  # noqa: BLE001 - everything else goes on without it
        _log.error("Slack could not be set up as it should", error)


def _in_one_workspace(slack: SlackSettings, bot_token: SecretStr, database: Database, clock: Clock) -> Slack:
    workspaces, connection = OneWorkspace(bot_token.get_secret_value()), _connection(slack, database)

    async def begin() -> None:
        workspace = await introduce(workspaces, connection)
        if workspace is not None:
            tenant = workspace.tenant
            await database.write(lambda writing: people.open_conversations(writing, PLATFORM, tenant))

    return Slack(slack, database, clock, workspaces, connection, _chat(workspaces, connection, database, clock), begin)


def _in_many(settings: Settings, client_id: str, database: Database, clock: Clock) -> Slack:
    slack, connection = settings.slack, _connection(settings.slack, database)
    app, vault = App(client_id, _needed(slack.client_secret, "CLIENT_SECRET")), vault_of(slack)
    renewal = Renewal(database, vault, connection, app, clock)
    workspaces = InstalledWorkspaces(database, vault, connection, renewal, clock)

    async def begin() -> None:
        await database.write(lambda writing: installations.seal_anew(writing, vault, clock()))

    chat = _chat(workspaces, connection, database, clock)
    made = Slack(slack, database, clock, workspaces, connection, chat, begin)
    if settings.public_url is None:
        return made
    routes = install_routes(
        app=app,
        scopes=(each.name for each in NEEDED),
        public_url=settings.public_url,
        installations=Installations(database, vault, clock, workspaces.changed),
        database=database,
        connection=connection,
        clock=clock,
    )
    return replace(made, installing=routes)


def _chat(workspaces: Workspaces, connection: Connection, database: Database, clock: Clock) -> SlackChat:
    return SlackChat(workspaces, connection, channels=DirectChannels(database, clock))


def _connection(slack: SlackSettings, database: Database) -> Connection:
    return Connection(slack.api_url, SlackPacer(lines=SharedLines(database, PLATFORM)))


def vault_of(slack: SlackSettings) -> Vault:
    """Raises ``SettingsMistakes``."""
    keys = _needed(slack.encryption_keys, "ENCRYPTION_KEYS").split(",")
    try:
        return Vault([each.strip() for each in keys])
    except NoKeys as error:
        raise SettingsMistakes([str(error)]) from None


def _needed(secret: SecretStr | None, name: str) -> str:
    if secret is None:
        raise SettingsMistakes([f"PARTNERSHIP_SLACK__{name}: needed beside PARTNERSHIP_SLACK__CLIENT_ID."])
    return secret.get_secret_value()


async def introduce(workspaces: OneWorkspace, connection: Connection, pause: Pause = asyncio.sleep) -> Workspace | None:
    """Ask Slack who the bot is until it says so. Runs in the background."""
    failures = 0
    while True:
        try:
            return await workspaces.learn(connection)
        except (RateLimited, *CALL_ERRORS):
            _log.warning("Slack does not say which workspace the bot token belongs to. Is the token right?")
        await pause(_WAITS[min(failures, len(_WAITS) - 1)])
        failures += 1
