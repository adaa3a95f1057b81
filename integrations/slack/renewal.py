"""Renew bot tokens before they expire, in one process at a time, since each refresh token works only once.

https://docs.slack.dev/authentication/using-token-rotation
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from slack_sdk.errors import SlackApiError

from bot.platform import SendFailed
from core.log import Log, places
from core.storage.database import Database
from integrations.pacing import Pause
from integrations.slack import installations
from integrations.slack.connection import CALL_ERRORS, Connection
from integrations.slack.errors import code_of
from integrations.slack.installations import Installation
from integrations.slack.vault import Tokens, Vault

_log = Log(__name__)

IN_GOOD_TIME: Final = timedelta(hours=2)
"""How long before the end of a token's twelve hours. The old one still works while it is renewed."""
LEASE: Final = timedelta(minutes=1)
_LOOKS: Final = (0.2, 0.4, 0.8, 1.6)
"""Seconds between checks whether another process has renewed an expired token."""


@dataclass(frozen=True, slots=True)
class App:
    """The Slack app that workspaces install."""

    client_id: str
    client_secret: str

    def __repr__(self) -> str:
        return f"App({self.client_id!r})"


class _Unclear(Exception):
    """Slack said yes, but gave no tokens."""


class Renewal:
    def __init__(
        self,
        database: Database,
        vault: Vault,
        connection: Connection,
        app: App,
        clock: Callable[[], datetime],
        pause: Pause = asyncio.sleep,
    ) -> None:
        self._database, self._vault, self._connection, self._app = database, vault, connection, app
        self._clock, self._pause = clock, pause

    async def fresh(self, found: Installation) -> Installation:
        """The installation with tokens that are good for a while. Raises ``SendFailed`` and ``UnreadableSecret``."""
        if not self._is_due(found):
            return found
        now = self._clock()
        ours = await self._database.write(
            lambda connection: installations.claim_renewal(connection, found, now, now + LEASE)
        )
        if not ours:
            return found if self._works(found) else await self._by_another(found)
        tokens = self._vault.open(found.tenant, found.tokens)
        try:
            await self._renew(found, tokens)
        except (*CALL_ERRORS, _Unclear) as error:
            await self._database.write(lambda connection: installations.not_renewed(connection, found))
            return self._as_it_is(found, error)
        return await self._again(found)

    async def _renew(self, found: Installation, tokens: Tokens) -> None:
        answer = await self._connection.client("").oauth_v2_access(
            client_id=self._app.client_id,
            client_secret=self._app.client_secret,
            grant_type="refresh_token",
            refresh_token=tokens.refresh,
        )
        match answer.data:
            case {"access_token": str(bot), "refresh_token": str(refresh), "expires_in": int(seconds)}:
                sealed = self._vault.seal(found.tenant, Tokens(bot, refresh))
                expires_at = self._clock() + timedelta(seconds=seconds)
            case _:
                raise _Unclear
        await self._database.write(lambda connection: installations.renewed(connection, found, sealed, expires_at))

    async def _by_another(self, found: Installation) -> Installation:
        for wait in _LOOKS:
            await self._pause(wait)
            found = await self._again(found)
            if self._works(found):
                return found
        raise SendFailed("The Slack app's token is being renewed.")

    def _as_it_is(self, found: Installation, error: Exception) -> Installation:
        """The old token as long as it is good."""
        reason = code_of(error) if isinstance(error, SlackApiError) else places(error)
        _log.warning("The token for a Slack workspace could not be renewed", tenant=found.tenant, reason=reason)
        if self._works(found):
            return found
        raise SendFailed("The Slack app's token has expired and could not be renewed: have the app installed again.")

    async def _again(self, found: Installation) -> Installation:
        return await self._database.read(lambda connection: installations.load(connection, found.tenant)) or found

    def _is_due(self, found: Installation) -> bool:
        return found.expires_at is not None and found.expires_at - self._clock() <= IN_GOOD_TIME

    def _works(self, found: Installation) -> bool:
        return found.expires_at is None or found.expires_at > self._clock()
