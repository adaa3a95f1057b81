"""Slack as this installation is set up for it: for the edges, which build it and open it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from fastapi import APIRouter

from bot.ports import NotNow
from core.settings import SlackSettings
from core.storage.database import Database
from core.storage.frameworks import FrameworkShelf
from integrations.slack.app import slack_routes
from integrations.slack.client import SlackChat
from integrations.slack.connection import CALL_ERRORS, Connection
from integrations.slack.door import Deliver, ShowHome, SlackDoor
from integrations.slack.pacing import Pause
from integrations.slack.socket_mode import listening
from integrations.slack.workspaces import OneWorkspace

_log = logging.getLogger(__name__)

_WAITS: Final = (1.0, 10.0, 60.0, 600.0)
"""Seconds until Slack is asked again who the bot is; the last of them for ever."""


@dataclass(frozen=True)
class Slack:
    """Messages can be sent with ``chat`` as soon as it is there; ``serving`` lets events in."""

    settings: SlackSettings
    workspaces: OneWorkspace
    connection: Connection
    chat: SlackChat

    @asynccontextmanager
    async def sending(self) -> AsyncIterator[None]:
        """For a process that sends only: the connection is closed at the end."""
        async with AsyncExitStack() as stack:
            stack.push_async_callback(self.connection.close)
            introducing = asyncio.create_task(introduce(self.workspaces, self.connection))
            stack.callback(introducing.cancel)
            yield

    @asynccontextmanager
    async def serving(
        self,
        database: Database,
        shelf: FrameworkShelf,
        clock: Callable[[], datetime],
        deliver: Deliver,
        show_home: ShowHome | None = None,
    ) -> AsyncIterator[APIRouter]:
        """Events come in by the routes that are given, or over a socket where there is an app token."""
        door = SlackDoor(
            workspaces=self.workspaces, slack=self.chat, database=database, shelf=shelf, clock=clock, deliver=deliver,
            show_home=show_home,
        )  # fmt: skip
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self.sending())
            stack.push_async_callback(door.finish)
            if self.settings.app_token is not None:
                app_token = self.settings.app_token.get_secret_value()
                await stack.enter_async_context(listening(door, app_token, self.connection.client("")))
            yield self._routes(door)

    def _routes(self, door: SlackDoor) -> APIRouter:
        secret = self.settings.signing_secret
        return APIRouter() if secret is None else slack_routes(door, secret.get_secret_value())


def slack_of(settings: SlackSettings) -> Slack | None:
    """None where nothing is set up for Slack."""
    if settings.bot_token is None:
        return None
    workspaces, connection = OneWorkspace(settings.bot_token.get_secret_value()), Connection(settings.api_url)
    return Slack(settings, workspaces, connection, SlackChat(workspaces, connection))


async def introduce(workspaces: OneWorkspace, connection: Connection, pause: Pause = asyncio.sleep) -> None:
    """Ask Slack who the bot is until it says so. Nothing waits for it."""
    failures = 0
    while True:
        try:
            await workspaces.learn(connection)
            return
        except (NotNow, *CALL_ERRORS):
            _log.warning("Slack does not say which workspace the bot token belongs to. Is the token right?")
        await pause(_WAITS[min(failures, len(_WAITS) - 1)])
        failures += 1
