"""Bolt's interfaces for storing installations, on our own database and encrypted."""

from __future__ import annotations

import hashlib
import logging
import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from logging import Logger
from typing import Final

from slack_bolt.error import BoltError
from slack_sdk.oauth.installation_store import Bot
from slack_sdk.oauth.installation_store import Installation as Answer
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore
from sqlalchemy import Connection, delete, insert

from core.storage import tables
from core.storage.database import Database
from integrations.slack import installations
from integrations.slack.installations import Installation, is_organisation
from integrations.slack.vault import Tokens, Vault

_log = logging.getLogger(__name__)
_states = tables.SlackState.__table__

STATE_SECONDS: Final = 600
"""How long somebody may take to approve the app at Slack."""


class Installations(AsyncInstallationStore):
    def __init__(
        self,
        database: Database,
        vault: Vault,
        clock: Callable[[], datetime],
        changed: Callable[[str], None] = lambda _: None,
    ) -> None:
        """``changed`` is called with each workspace or organisation whose installation has changed."""
        self._database, self._vault, self._clock, self._changed = database, vault, clock, changed

    @property
    def logger(self) -> Logger:
        return _log

    async def async_save(self, installation: Answer) -> None:
        """Raises ``BoltError`` if Slack left out something we need."""
        kept = self._kept(installation)
        await self._database.write(lambda connection: installations.save(connection, kept))
        self._changed(kept.tenant)

    async def async_save_bot(self, bot: Bot) -> None:
        kept = self._kept(bot)
        await self._database.write(lambda connection: installations.save(connection, kept))
        self._changed(kept.tenant)

    async def async_find_bot(
        self, *, enterprise_id: str | None, team_id: str | None, is_enterprise_install: bool | None = False
    ) -> Bot | None:
        found = await self._found(_tenant(enterprise_id, team_id, is_enterprise_install))
        return None if found is None else found.to_bot()

    async def async_find_installation(
        self,
        *,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None = None,  # noqa: ARG002 - the bot acts for no person
        is_enterprise_install: bool | None = False,
    ) -> Answer | None:
        return await self._found(_tenant(enterprise_id, team_id, is_enterprise_install))

    async def async_delete_bot(self, *, enterprise_id: str | None, team_id: str | None) -> None:
        await self._delete(_tenant(enterprise_id, team_id, is_enterprise_install=team_id is None))

    async def async_delete_installation(
        self, *, enterprise_id: str | None, team_id: str | None, user_id: str | None = None
    ) -> None:
        """One person's part in an installation isn't stored."""
        if user_id is None:
            await self.async_delete_bot(enterprise_id=enterprise_id, team_id=team_id)

    async def _found(self, tenant: str | None) -> Answer | None:
        """Raises ``UnreadableSecret``."""
        if tenant is None:
            return None
        found = await self._database.read(lambda connection: installations.load(connection, tenant))
        return None if found is None else _in_bolts_words(found, self._vault.open(tenant, found.tokens))

    async def _delete(self, tenant: str | None) -> None:
        if tenant is None:
            return
        now = self._clock()

        def delete_it(connection: Connection) -> None:
            found = installations.load(connection, tenant)
            if found is not None:
                installations.remove(connection, found, now)

        await self._database.write(delete_it)
        self._changed(tenant)

    def _kept(self, answer: Answer | Bot) -> Installation:
        tenant = _tenant(answer.enterprise_id, answer.team_id, answer.is_enterprise_install)
        if tenant is None or answer.bot_token is None:
            raise BoltError("Slack named no workspace, or gave no bot token")
        expires_at = answer.bot_token_expires_at
        return Installation(
            tenant=tenant,
            name=answer.enterprise_name if is_organisation(tenant) else answer.team_name,
            bot_user=answer.bot_user_id,
            bot=answer.bot_id,
            scopes=sorted(answer.bot_scopes or ()),
            tokens=self._vault.seal(tenant, Tokens(answer.bot_token, answer.bot_refresh_token)),
            expires_at=None if expires_at is None else datetime.fromtimestamp(expires_at, UTC),
            installed_at=self._clock(),
        )


def _tenant(enterprise_id: str | None, team_id: str | None, is_enterprise_install: bool | None) -> str | None:
    """An installation for a whole organisation belongs to it, whichever workspace it was started in."""
    return enterprise_id if is_enterprise_install else team_id


def _in_bolts_words(found: Installation, tokens: Tokens) -> Answer:
    whole = is_organisation(found.tenant)
    return Answer(
        enterprise_id=found.tenant if whole else None,
        enterprise_name=found.name if whole else None,
        team_id=None if whole else found.tenant,
        team_name=None if whole else found.name,
        bot_token=tokens.bot,
        bot_id=found.bot,
        bot_user_id=found.bot_user,
        bot_scopes=found.scopes,
        bot_refresh_token=tokens.refresh,
        bot_token_expires_at=found.expires_at,
        user_id="",
        is_enterprise_install=whole,
        installed_at=found.installed_at,
    )


class States(AsyncOAuthStateStore):
    """What an installation carries to Slack and back, so that nobody can be tricked into finishing one they didn't
    start.
    """

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database, self._clock = database, clock

    @property
    def logger(self) -> Logger:
        return _log

    async def async_issue(self, *_: object, **__: object) -> str:
        state, now = secrets.token_urlsafe(32), self._clock()
        values = {"state_hash": _hashed(state), "valid_until": now + timedelta(seconds=STATE_SECONDS)}

        def keep(connection: Connection) -> None:
            connection.execute(delete(_states).where(_states.c.valid_until <= now))
            connection.execute(insert(_states), values)

        await self._database.write(keep)
        return state

    async def async_consume(self, state: str) -> bool:
        """Whether it is one of ours and still good; it can be used only once."""
        good = delete(_states).where(_states.c.state_hash == _hashed(state), _states.c.valid_until > self._clock())
        return await self._database.write(lambda connection: connection.execute(good).rowcount) == 1


def _hashed(state: str) -> str:
    return hashlib.sha256(state.encode("utf-8", "replace")).hexdigest()
