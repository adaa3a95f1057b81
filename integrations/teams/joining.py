"""Identify leaders by the e-mail address in their organisation's directory, from the roster of their team.

https://learn.microsoft.com/microsoftteams/platform/bots/how-to/get-teams-context
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy import Connection as Transaction

from bot.platform import Unreachable
from core.enquiry import Account
from core.services import conversation_addresses, linking, people
from core.services.conversation_addresses import Reference
from core.storage.database import Database
from core.storage.outbox import Place
from integrations.account_matching import Found, Recognised, by_ids_in_files
from integrations.teams.connector import Connector, Service
from integrations.teams.errors import nothing_sent
from integrations.teams.parse import PLATFORM
from integrations.teams.payloads import Id

_A_PAGE: Final = 500
_SMALLEST_PAGE: Final = 50
_MOST_PAGES: Final = 60
"""No team is larger than 25,000."""


class Member(BaseModel):
    """A person, as a roster describes them."""

    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)

    id: Id
    directory_id: Id = Field(alias="aadObjectId")
    email: str | None = None
    principal: str | None = Field(None, alias="userPrincipalName")
    role: str = Field("", alias="userRole")
    tenant: str | None = Field(None, alias="tenantId")

    @property
    def user(self) -> str:
        return self.directory_id.lower()

    def confirmed_addresses(self, tenant: str) -> tuple[str, ...]:
        """The addresses that identify this person; none for anybody but a full member of this organisation."""
        if self.role != "user" or (self.tenant is not None and self.tenant.lower() != tenant):
            return ()
        return tuple(dict.fromkeys(each for each in (self.email, self.principal) if each))


class Members:
    """Looks up the people of teams in Teams. Everything here may raise the exceptions of ``bot.platform``."""

    def __init__(self, connector: Connector) -> None:
        self._connector = connector

    async def one(self, service: Service, conversation: str, member: str) -> Member | None:
        """One person in a conversation with the bot."""
        try:
            with nothing_sent():
                answer = await self._connector.member(service, conversation, member)
        except Unreachable:
            return None
        return _read(answer)

    async def page_of_team(self, service: Service, team: str) -> None:
        """Ask for one page, to see whether the bot is in there."""
        with nothing_sent():
            await self._connector.page_of_members(service, team, None, _SMALLEST_PAGE)

    async def of_team(self, service: Service, team: str) -> list[Member]:
        """Everybody in a team, or in another conversation of several people."""
        found: list[Member] = []
        token: str | None = None
        for _ in range(_MOST_PAGES):
            with nothing_sent():
                answer = await self._connector.page_of_members(service, team, token, _A_PAGE)
            told = answer.get("members")
            members = (_read(each) for each in (told if isinstance(told, list) else ()))
            found.extend(member for member in members if member is not None)
            following = answer.get("continuationToken")
            if not isinstance(following, str) or not following:
                break
            token = following
        return found


def _read(told: object) -> Member | None:
    try:
        return Member.model_validate(told)
    except ValidationError:
        return None


class Recognition:
    """Identifies who is writing to the bot."""

    def __init__(self, database: Database, members: Members, clock: Callable[[], datetime]) -> None:
        self._members = members
        self._recognised = Recognised(database, clock)

    async def __call__(self, account: Account, service: Service, conversation: str, member: str) -> None:
        async def addresses() -> tuple[str, ...]:
            found = await self._members.one(service, conversation, member)
            return () if found is None or found.user != account.user else found.confirmed_addresses(account.tenant)

        await self._recognised.by(account, addresses)


async def find_people(database: Database, members: Members, tenant: str, now: datetime) -> Found:
    """Search an organisation's teams for people the bot could write to and doesn't know yet.

    Raises the exceptions of ``bot.platform``; matches made before that are kept. A team the bot has left is reported
    after all the others have been searched.
    """
    joined, gone = list[linking.Matched](), list[Unreachable]()
    for channel in await database.read(partial(_channels, tenant=tenant)):
        try:
            joined += await _look_through(database, members, Place(PLATFORM, tenant, channel), now)
        except Unreachable as end:
            gone.append(end)
    if gone:
        raise gone[0]
    unjoined = await database.read(partial(linking.unjoined, platform=PLATFORM, tenant=tenant))
    not_there = tuple(each.person for each in unjoined if each.email is not None)
    found = Found(
        tuple(each.person for each in joined),
        not_there,
        tuple(each.person for each in unjoined if each.email is None),
        passed_on=tuple(each.person for each in joined if each.passed_on),
    )
    return await database.read(partial(by_ids_in_files, found=found))


async def _look_through(database: Database, members: Members, channel: Place, now: datetime) -> list[linking.Matched]:
    """Everybody matched by their address in the team of this channel."""
    reference = await database.read(partial(conversation_addresses.find, place=channel))
    if reference is None:
        return []
    service = Service(channel.tenant, reference.service_url)
    there = await members.of_team(service, reference.team or channel.conversation)
    return await database.write(partial(_met, tenant=channel.tenant, service=service, members=there, now=now))


def _channels(reading: Transaction, tenant: str) -> list[str]:
    return [each.conversation for each in people.channels_on(reading, PLATFORM) if each.tenant == tenant]


def _met(
    writing: Transaction, *, tenant: str, service: Service, members: Iterable[Member], now: datetime
) -> list[linking.Matched]:
    """The bot can write to anybody who shares a team with it. Returns everybody matched by their address."""
    wanted = {each.email.casefold() for each in linking.unjoined(writing, PLATFORM, tenant) if each.email is not None}
    found = []
    for member in members:
        account = Account(PLATFORM, tenant, member.user)
        known = linking.belongs_to_somebody(writing, account)
        addresses = [each for each in member.confirmed_addresses(tenant) if each.casefold() in wanted]
        joined = _joined(writing, account, addresses, now)
        if joined is not None:
            found.append(joined)
        if known or joined is not None:
            people.open_conversation(writing, account)
            place = Place(PLATFORM, tenant, member.user)
            conversation_addresses.remember(writing, place, Reference(service.url, member=member.id), now, hearsay=True)
    return found


def _joined(writing: Transaction, account: Account, addresses: Iterable[str], now: datetime) -> linking.Matched | None:
    for address in addresses:
        who = linking.join_by_email(writing, account, account.user, address, now)
        if who is not None:
            return who
    return None
