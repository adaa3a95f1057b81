"""Identify leaders by the e-mail address their workspace has confirmed, if it lets the bot see that.

The bot looks only where it could find somebody: where a partnership has its channel in the workspace, and somebody who
takes part in it has an address and no account there yet.

On Enterprise Grid a person belongs to an organisation and may be at home in several of its workspaces. What Slack gives
as their workspace is then any of these, the organisation, or nothing.
https://docs.slack.dev/enterprise/developing-for-enterprise-orgs
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.apply.tell import note_account
from bot.platform import OutcomeUnknown, SendFailed, Unreachable
from core.enquiry import Account
from core.log import Log
from core.services import deactivated_accounts, linking
from core.storage.database import Database
from integrations.account_matching import KNOWN_FOR, UNKNOWN_FOR, Found, Recognised, by_ids_in_files
from integrations.slack.connection import Answer, Call, Connection, in_our_words
from integrations.slack.errors import code_of
from integrations.slack.installations import is_organisation
from integrations.slack.parse import PLATFORM
from integrations.slack.workspaces import Workspaces

_log = Log(__name__)

_PATIENCE: Final = 1.5
"""Seconds; Slack wants a press acknowledged within three."""
_MOST_REMEMBERED: Final = 10_000


class _Profile(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)

    email: str | None = None


class _InOrganisation(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)

    enterprise_id: str | None = None
    teams: tuple[str, ...] | None = None


class Member(BaseModel):
    """A person, as ``users.info`` describes them: https://docs.slack.dev/reference/objects/user-object"""

    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)

    id: str
    team_id: str | None = None
    enterprise_user: _InOrganisation | None = None
    """Only on Enterprise Grid."""
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

    @property
    def is_full_member(self) -> bool:
        """Of whichever workspace it is: no guest, and nobody who has left or not come yet."""
        return not any(
            (
                self.deleted,
                self.is_bot,
                self.is_restricted,
                self.is_ultra_restricted,
                self.is_stranger,
                self.is_invited_user,
            )
        )

    @property
    def homes(self) -> frozenset[str]:
        """The workspaces this person is at home in, as far as Slack says, and their organisation."""
        of_organisation = self.enterprise_user or _InOrganisation()
        named = (self.team_id, of_organisation.enterprise_id, *(of_organisation.teams or ()))
        return frozenset(each for each in named if each)

    def may_come_from(self, home: str) -> bool:
        """Whether they can sign in from this workspace, or Slack names none of an organisation's."""
        return home in self.homes or (self.enterprise_user is not None and not self.enterprise_user.teams)

    @property
    def organisation(self) -> str | None:
        return next((each for each in sorted(self.homes) if is_organisation(each)), None)


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

    async def confirmed_address(self, tenant: str, member: Member) -> str | None:
        """The address that identifies this person; None for anybody whom the workspace doesn't vouch for.

        Raises the exceptions of ``bot.platform``.
        """
        worth_asking = member.is_email_confirmed and member.profile.email
        return member.profile.email if worth_asking and await self.are_ours(tenant, member) else None

    async def are_ours(self, tenant: str, member: Member) -> bool:
        """Whether they are a full member of this workspace, or of another one of the same organisation.

        Raises the exceptions of ``bot.platform``.
        """
        if not member.is_full_member:
            return False
        if tenant in member.homes:
            return True
        return member.organisation is not None and member.organisation == await self._organisation(tenant)

    async def _organisation(self, tenant: str) -> str | None:
        """The organisation that this workspace is part of, which Slack says to its own apps."""

        async def who(slack: AsyncWebClient) -> AsyncSlackResponse:
            return await slack.auth_test()

        with in_our_words():
            match await self._ask(tenant, "auth.test", who):
                case {"enterprise_id": str(organisation)}:
                    return organisation
        return None

    async def _asked(self, tenant: str, method: str, ask: Call) -> Member | None:
        with in_our_words():
            try:
                answer = await self._ask(tenant, method, ask)
            except SlackApiError as error:
                if code_of(error) in {"user_not_found", "users_not_found", "user_not_visible"}:
                    return None
                raise
        try:
            return Member.model_validate(answer.get("user"))
        except ValidationError:
            return None

    async def _ask(self, tenant: str, method: str, ask: Call) -> Answer:
        workspace = await self._workspaces.find(tenant)
        if workspace is None:
            raise Unreachable("The bot is not installed in this Slack workspace.")
        return await self._connection.ask(tenant, workspace.token, method, ask)


class Recognition:
    """Identifies who is writing to the bot."""

    def __init__(self, database: Database, members: Members, clock: Callable[[], datetime]) -> None:
        self._members = members
        self._recognised = Recognised(database, clock)

    async def __call__(self, account: Account) -> None:
        await self._recognised.by(account, lambda: self._addresses(account), lambda: self._workspaces(account))

    async def _addresses(self, account: Account) -> tuple[str, ...]:
        member = await self._members.by_id(account.tenant, account.user)
        email = None if member is None else await self._members.confirmed_address(account.tenant, member)
        return () if email is None else (email,)

    async def _workspaces(self, account: Account) -> frozenset[str]:
        """Where else this is the same account: on Enterprise Grid a person has one id in the whole organisation."""
        member = await self._members.by_id(account.tenant, account.user)
        if member is None or member.enterprise_user is None or not await self._members.are_ours(account.tenant, member):
            return frozenset()
        return member.homes


@dataclass(frozen=True, slots=True)
class _Found:
    is_colleague: bool
    until: datetime


class Colleagues:
    """Tells who signs in from another workspace of our own organisation; remembers it for a while."""

    def __init__(self, members: Members, clock: Callable[[], datetime]) -> None:
        self._members, self._clock = members, clock
        self._found: dict[tuple[str, str, str], _Found] = {}

    async def __call__(self, tenant: str, user: str, home: str) -> bool:
        """Whether the user of our workspace with this id is a full member there, or of another workspace of its
        organisation, and at home where this one signs in.

        Raises ``RateLimited`` and ``OutcomeUnknown`` if that can't be found out now.
        """
        key, now = (tenant, user, home), self._clock()
        found = self._found.get(key)
        if found is None or now >= found.until:
            is_colleague = await self._asked(tenant, user, home)
            if len(self._found) >= _MOST_REMEMBERED:
                self._found.clear()
            found = self._found[key] = _Found(is_colleague, now + (KNOWN_FOR if is_colleague else UNKNOWN_FOR))
        return found.is_colleague

    async def _asked(self, tenant: str, user: str, home: str) -> bool:
        try:
            async with asyncio.timeout(_PATIENCE):
                member = await self._members.by_id(tenant, user)
                return (
                    member is not None and member.may_come_from(home) and await self._members.are_ours(tenant, member)
                )
        except TimeoutError:
            raise OutcomeUnknown("Slack did not say in time who somebody is.") from None
        except (SendFailed, Unreachable) as trouble:
            _log.warning("It could not be asked who somebody is", reason=trouble.reason)
            return False


async def find_people(database: Database, members: Members, tenant: str, now: datetime) -> Found:
    """Match, by address, everybody who has no account in this workspace yet: then the bot can write to them first.

    Look also whose account was deactivated there, or restored.

    Raises the exceptions of ``bot.platform``; matches made before that are kept.
    """
    unjoined = await database.read(lambda reading: linking.unjoined(reading, PLATFORM, tenant))
    matched: list[linking.Matched] = []
    not_there: list[str] = []
    for each in unjoined:
        if each.email is not None:
            found = await _found(database, members, tenant, each.email, now)
            if found is None:
                not_there.append(each.person)
            else:
                matched.append(found)
    without_address = tuple(each.person for each in unjoined if each.email is None)
    deactivated = await _deactivated(database, members, tenant, now)
    passed_on = tuple(each.person for each in matched if each.passed_on)
    joined = tuple(each.person for each in matched)
    result = Found(joined, tuple(not_there), without_address, deactivated, passed_on)
    return await database.read(partial(by_ids_in_files, found=result))


async def _deactivated(database: Database, members: Members, tenant: str, now: datetime) -> tuple[str, ...]:
    """The people whose accounts there are deactivated. Somebody whom Slack doesn't describe stays what they were."""
    gone = []
    for each in await database.read(lambda reading: deactivated_accounts.joined_in(reading, PLATFORM, tenant)):
        member = await members.by_id(tenant, each.account.user)
        deactivated = each.deactivated if member is None else member.deleted
        if deactivated != each.deactivated:
            await database.write(partial(note_account, account=each.account, active=not deactivated, now=now))
        if deactivated:
            gone.append(each.person)
    return tuple(gone)


async def _found(
    database: Database, members: Members, tenant: str, email: str, now: datetime
) -> linking.Matched | None:
    member = await members.by_email(tenant, email)
    confirmed = None if member is None else await members.confirmed_address(tenant, member)
    if member is None or confirmed is None:
        return None
    account = Account(PLATFORM, tenant, member.id)
    return await database.write(lambda writing: linking.join_by_email(writing, account, member.id, confirmed, now))
