"""Identify leaders by the e-mail address their workspace has confirmed, if it lets the bot see that.

The bot looks only where it could find somebody: where a partnership has its channel in the workspace, and somebody who
takes part in it has an address and no account there yet.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from pydantic import BaseModel, ConfigDict, ValidationError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.platform import Unreachable
from core.enquiry import Account
from core.services import linking
from core.services.linking import Unjoined
from core.storage.database import Database
from integrations.account_matching import Found, Recognised
from integrations.slack.connection import Call, Connection, in_our_words
from integrations.slack.errors import code_of
from integrations.slack.parse import PLATFORM
from integrations.slack.workspaces import Workspaces


class _Profile(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)

    email: str | None = None


class Member(BaseModel):
    """A person, as ``users.info`` describes them: https://docs.slack.dev/reference/objects/user-object"""

    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)

    id: str
    team_id: str
    is_email_confirmed: bool = False
    deleted: bool = False
    is_bot: bool = False
    is_restricted: bool = False
    """A guest; so is anybody who is ``is_ultra_restricted``."""
    is_ultra_restricted: bool = False
    is_stranger: bool = False
    """From another workspace, with which a channel is shared."""
    is_invited_user: bool = False
    """Invited, but hasn't accepted yet."""
    profile: _Profile = _Profile()

    def confirmed_address(self, tenant: str) -> str | None:
        """The address that identifies this person; None for anybody but a full member of this workspace."""
        others = (
            self.deleted, self.is_bot, self.is_restricted, self.is_ultra_restricted, self.is_stranger,
            self.is_invited_user,
        )  # fmt: skip
        vouched_for = self.team_id == tenant and self.is_email_confirmed and not any(others)
        return self.profile.email if vouched_for else None


class Members:
    """Looks up the people of the workspaces in Slack."""

    def __init__(self, workspaces: Workspaces, connection: Connection) -> None:
        self._workspaces, self._connection = workspaces, connection

    async def by_id(self, tenant: str, user: str) -> Member | None:
        """Raises the exceptions of ``bot.platform``."""

        async def ask(slack: AsyncWebClient) -> AsyncSlackResponse:
            return await slack.users_info(user=user)

        found = await self._asked(tenant, "users.info", ask)
        return found if found is not None and found.id == user else None

    async def by_email(self, tenant: str, email: str) -> Member | None:
        """Raises the exceptions of ``bot.platform``."""

        async def ask(slack: AsyncWebClient) -> AsyncSlackResponse:
            return await slack.users_lookupByEmail(email=email)

        return await self._asked(tenant, "users.lookupByEmail", ask)

    async def _asked(self, tenant: str, method: str, ask: Call) -> Member | None:
        workspace = await self._workspaces.find(tenant)
        if workspace is None:
            raise Unreachable("The bot is not installed in this Slack workspace.")
        with in_our_words():
            try:
                answer = await self._connection.ask(tenant, workspace.token, method, ask)
            except SlackApiError as error:
                if code_of(error) in {"user_not_found", "users_not_found", "user_not_visible"}:
                    return None
                raise
        try:
            return Member.model_validate(answer.get("user"))
        except ValidationError:
            return None


class Recognition:
    """Identifies who is writing to the bot."""

    def __init__(self, database: Database, members: Members, clock: Callable[[], datetime]) -> None:
        self._members = members
        self._recognised = Recognised(database, clock)

    async def __call__(self, account: Account) -> None:
        await self._recognised.by(account, lambda: self._addresses(account))

    async def _addresses(self, account: Account) -> tuple[str, ...]:
        member = await self._members.by_id(account.tenant, account.user)
        email = None if member is None else member.confirmed_address(account.tenant)
        return () if email is None else (email,)


async def find_people(database: Database, members: Members, tenant: str, now: datetime) -> Found:
    """Match, by address, everybody who has no account in this workspace yet: then the bot can write to them first.

    Raises the exceptions of ``bot.platform``; matches made before that are kept.
    """
    unjoined = await database.read(lambda reading: linking.unjoined(reading, PLATFORM, tenant))
    joined: list[str] = []
    not_there: list[str] = []
    for each in unjoined:
        if each.email is not None:
            found = await _found(database, members, tenant, each, each.email, now)
            (joined if found else not_there).append(each.person)
    return Found(tuple(joined), tuple(not_there), tuple(each.person for each in unjoined if each.email is None))


async def _found(
    database: Database, members: Members, tenant: str, wanted: Unjoined, email: str, now: datetime
) -> bool:
    member = await members.by_email(tenant, email)
    confirmed = None if member is None else member.confirmed_address(tenant)
    if member is None or confirmed is None:
        return False
    account = Account(PLATFORM, tenant, member.id)
    who = await database.write(lambda writing: linking.join_by_email(writing, account, member.id, confirmed, now))
    return who == wanted.person
