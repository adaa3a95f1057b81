"""The workspaces of an app that people install themselves, each with its own token; cached, but never stale."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.platform import RateLimited, SendFailed
from core.storage.database import Database
from integrations.slack import installations
from integrations.slack.connection import CALL_ERRORS, Answer, Connection
from integrations.slack.errors import trouble_of
from integrations.slack.installations import Installation
from integrations.slack.renewal import Renewal
from integrations.slack.vault import UnreadableSecret, Vault
from integrations.slack.workspaces import Workspace

KEPT_FOR: Final = timedelta(minutes=1)
"""How long a process may use its cache after another process has learnt that the app was removed."""
NOT_THERE_FOR: Final = timedelta(seconds=10)
_MOST_PAGES: Final = 50


@dataclass(frozen=True, slots=True)
class _Kept:
    workspace: Workspace | None
    until: datetime


class InstalledWorkspaces:
    def __init__(
        self, database: Database, vault: Vault, connection: Connection, renewal: Renewal, clock: Callable[[], datetime]
    ) -> None:
        self._database, self._vault, self._connection = database, vault, connection
        self._renewal, self._clock = renewal, clock
        self._kept: dict[str, _Kept] = {}
        self._changes = 0

    def changed(self, _: str) -> None:
        """An installation has changed; an organisation's may cover any workspace."""
        self._kept.clear()
        self._changes += 1

    async def find(self, tenant: str) -> Workspace | None:
        """The workspace. Raises ``SendFailed``, ``RateLimited`` and ``OutcomeUnknown`` if it can't be found out."""
        kept = self._kept.get(tenant)
        if kept is not None and self._clock() < kept.until:
            return kept.workspace
        changes = self._changes
        workspace = await self._looked_up(tenant)
        if changes == self._changes:
            until = self._clock() + (NOT_THERE_FOR if workspace is None else KEPT_FOR)
            self._kept[tenant] = _Kept(workspace, until)
        return workspace

    async def forget(self, tenant: str) -> None:
        """The app was removed there, or its tokens were revoked.

        Slack may say so late, after the app has been installed again: only tokens that no longer work are deleted.
        """
        own, organisations = await self._database.read(lambda connection: installations.acting_for(connection, tenant))
        if own is not None and await self._works(own) is True:
            return
        gone = [own] if own is not None else [each for each in organisations if await self._works(each) is False]
        now = self._clock()
        await self._database.write(lambda connection: installations.forget(connection, tenant, gone, now))
        self.changed(tenant)

    async def _looked_up(self, tenant: str) -> Workspace | None:
        own, organisations = await self._database.read(lambda connection: installations.acting_for(connection, tenant))
        try:
            if own is not None:
                return await self._workspace(tenant, own)
            for each in organisations:
                workspace = await self._workspace(tenant, each)
                if await self._may_act_in(each, workspace):
                    return workspace
        except UnreadableSecret as error:
            raise SendFailed(str(error)) from None
        return None

    async def _workspace(self, tenant: str, found: Installation) -> Workspace:
        found = await self._renewal.fresh(found)
        tokens = self._vault.open(found.tenant, found.tokens)
        return Workspace(tenant, tokens.bot, found.bot_user, found.bot)

    async def _may_act_in(self, organisation: Installation, workspace: Workspace) -> bool:
        """Whether an organisation's app was admitted to this workspace."""
        cursor = ""
        for _ in range(_MOST_PAGES):
            page = await self._page_of_workspaces(organisation, workspace.token, cursor)
            match page:
                case {"teams": list() as teams} if any(_id(each) == workspace.tenant for each in teams):
                    return True
                case {"response_metadata": {"next_cursor": str() as cursor}} if cursor:
                    continue
            break
        return False

    async def _page_of_workspaces(self, organisation: Installation, token: str, cursor: str) -> Answer:
        async def page(slack: AsyncWebClient) -> AsyncSlackResponse:
            return await slack.auth_teams_list(cursor=cursor or None, limit=100)

        try:
            return await self._connection.ask(organisation.tenant, token, "auth.teams.list", page)
        except CALL_ERRORS as error:
            raise trouble_of(error) from None

    async def _works(self, found: Installation) -> bool | None:
        """Whether Slack accepts its token; None if Slack doesn't say."""

        async def test(slack: AsyncWebClient) -> AsyncSlackResponse:
            return await slack.auth_test()

        try:
            token = self._vault.open(found.tenant, found.tokens).bot
            await self._connection.ask(found.tenant, token, "auth.test", test)
        except (SlackApiError, UnreadableSecret):
            return False
        except (RateLimited, *CALL_ERRORS):
            return None
        return True


def _id(team: object) -> object:
    return team.get("id") if isinstance(team, dict) else None
