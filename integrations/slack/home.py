"""The bot's home tab: where a leader stands, and what a lead may know of the open cycle."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from slack_sdk.models.views import View
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.compose.home_tab import home
from bot.inbound.events import Account
from bot.messages.blocks import Message, Paragraph
from core.storage.database import Database
from core.storage.frameworks import FrameworkShelf
from integrations.slack import words
from integrations.slack.connection import Connection, in_our_words
from integrations.slack.parse import PLATFORM
from integrations.slack.render import render
from integrations.slack.workspaces import Workspaces
from integrations.words import in_language

HOME: Final = "home"


def home_view(message: Message) -> View:
    """The page as Slack's blocks: limited to those of a message, which is half of what a page may have."""
    note = Paragraph(in_language(words.UNDER_MESSAGES, message.lang))
    whole = Message(message.key, (*message.blocks, note), message.lang)
    return View(type="home", callback_id=HOME, blocks=[dict(block) for block in render(whole).blocks])


class Homes:
    def __init__(
        self,
        workspaces: Workspaces,
        connection: Connection,
        database: Database,
        shelf: FrameworkShelf,
        clock: Callable[[], datetime],
    ) -> None:
        self._workspaces, self._connection = workspaces, connection
        self._database, self._shelf, self._clock = database, shelf, clock

    async def __call__(self, tenant: str, user: str) -> None:
        """Show a person their page as things stand now. Raises the exceptions of ``bot.platform``."""
        workspace = await self._workspaces.find(tenant)
        if workspace is None:
            return
        account = Account(PLATFORM, tenant, user)
        message = await self._database.read(lambda reading: home(reading, self._shelf, account, self._clock()))
        view = home_view(message)

        async def publish(slack: AsyncWebClient) -> AsyncSlackResponse:
            return await slack.views_publish(user_id=user, view=view)

        with in_our_words():
            await self._connection.ask(tenant, workspace.token, "views.publish", publish)
