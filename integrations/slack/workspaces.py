"""The workspaces the bot was added to, and its token in each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from integrations.slack.connection import Connection


@dataclass(frozen=True, slots=True)
class Workspace:
    """``bot_user`` is the bot's own id there, and ``bot`` the id on its messages."""

    tenant: str
    token: str
    bot_user: str | None = None
    bot: str | None = None

    def __repr__(self) -> str:
        return f"Workspace({self.tenant!r})"


class Workspaces(Protocol):
    async def find(self, tenant: str) -> Workspace | None:
        """None if the bot isn't installed. May raise the exceptions of ``bot.platform``."""
        ...

    async def forget(self, tenant: str) -> None:
        """The bot was removed there."""
        ...


class OneWorkspace:
    """The one workspace of an installation whose bot token was set by hand.

    Until Slack has said which one that is, any workspace that events come from counts: events are signed with the app's
    secret, so they can only come from there, or from guests in its channels whom nobody knows.
    """

    def __init__(self, token: str) -> None:
        self._token = token
        self._known: Workspace | None = None

    async def find(self, tenant: str) -> Workspace | None:
        if self._known is None:
            return Workspace(tenant, self._token)
        return self._known if self._known.tenant == tenant else None

    async def forget(self, tenant: str) -> None:
        """The token was set by hand, so it has to be removed by hand."""

    async def learn(self, connection: Connection) -> Workspace | None:
        """Ask Slack which workspace it is; None if it doesn't say."""

        async def who(slack: AsyncWebClient) -> AsyncSlackResponse:
            return await slack.auth_test()

        match await connection.ask("", self._token, "auth.test", who):
            case {"team_id": str(tenant), "user_id": str(bot_user), **others}:
                bot = others.get("bot_id")
                self._known = Workspace(tenant, self._token, bot_user, bot if isinstance(bot, str) else None)
        return self._known
