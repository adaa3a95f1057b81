"""A leader is known by the address in their organisation's directory, as their team's roster tells it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from shutil import copy

import httpx
import pytest
from sqlalchemy import Connection as Transaction
from sqlalchemy import delete, insert, select, update

from bot.platform import RateLimited, Unreachable
from core.enquiry import Account
from core.services import conversation_addresses, linking, people
from core.services.conversation_addresses import Reference
from core.storage import tables
from core.storage.database import Database
from core.storage.outbox import Place
from integrations.account_matching import Found
from integrations.teams.connector import Connector, Service
from integrations.teams.joining import Members, Recognition, find_people
from integrations.teams.pacing import TeamsPacer
from integrations.teams.service_urls import ServiceUrls
from integrations.teams.tokens import NoTokens
from tests.support.days import NOW
from tests.support.enquiries import bring
from tests.support.faults import DROPPED, Fault
from tests.support.partnership_files import river
from tests.support.passing_time import Time
from tests.teams.activities import CHANNEL, TEAM
from tests.teams.playing_teams import RATE_LIMITED, Member, PlayedTeams, refused
from tests.teams.signing import TENANT

PEOPLE = ("ann", "ben", "cat", "dan", "lea")


def member(person: str, **other: object) -> Member:
    known = Member(f"0000-{person}", person.capitalize(), f"{person}@schools.example", f"{person}@tenant.example")
    return replace(known, **other)  # type: ignore[arg-type]


@dataclass
class Town:
    teams: PlayedTeams
    database: Database
    members: Members
    now: datetime = NOW

    def __post_init__(self) -> None:
        self.recognition = Recognition(self.database, self.members, lambda: self.now)

    @property
    def service(self) -> Service:
        return Service(TENANT, self.teams.service_url)

    async def writes(self, person: Member, tenant: str = TENANT) -> str | None:
        """Somebody writes to the bot; who they are known as from then on."""
        account = Account("teams", tenant, person.directory_id)
        talk = self.teams.direct(person)
        await self.recognition(account, replace(self.service, tenant=tenant), talk.id, person.id)
        return await self.known_as(account)

    async def known_as(self, account: Account) -> str | None:
        known = await self.database.read(lambda reading: people.person_of(reading, account))
        return None if known is None else known.id

    async def finds(self, *members: Member) -> Found:
        self.teams.has_talk(TEAM, *members)
        return await find_people(self.database, self.members, TENANT, self.now)

    async def changes(self, statement: object) -> None:
        await self.database.write(lambda writing: writing.execute(statement) and None)  # type: ignore[call-overload]


@pytest.fixture(scope="module")
def brought(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ann, Ben, Cat and Dan lead a school each and Lea the partnership, which has its channel in a team."""
    file = tmp_path_factory.mktemp("joining") / "test.db"
    database = Database(f"sqlite:///{file}")
    database.upgrade()
    database.write_now(_furnish)
    database.close()
    return file


def _furnish(writing: Transaction) -> None:
    everybody = (f"  - {{id: {each}, name: {each.capitalize()}, email: {each}@schools.example}}" for each in PEOPLE)
    bring(writing, river(people=(), more_people="\n".join(everybody)))
    writing.execute(update(tables.Channel).values(platform="teams", tenant=TENANT, conversation=CHANNEL))


@pytest.fixture
async def town(
    teams: PlayedTeams, http: httpx.AsyncClient, time: Time, brought: Path, tmp_path: Path
) -> AsyncIterator[Town]:
    database = Database(f"sqlite:///{copy(brought, tmp_path)}")
    there = ServiceUrls(frozenset(), on_this_computer=True)
    teams.tokens.add("")  # The bot shows none here.
    made = Town(teams, database, Members(Connector(http, NoTokens(), there, TeamsPacer(time.seconds, time.pause))))
    where, reference = Place("teams", TENANT, CHANNEL), Reference(teams.service_url, CHANNEL, team=TEAM)
    await database.write(lambda writing: conversation_addresses.remember(writing, where, reference, made.now))
    yield made
    database.close()


# Whoever writes


async def test_a_leader_is_known_by_their_address(town: Town) -> None:
    assert await town.writes(member("ann")) == "ann"


async def test_the_name_they_sign_in_with_is_an_address_too(town: Town) -> None:
    assert await town.writes(member("ann", email=None, principal="ANN@schools.example")) == "ann"


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"email": "somebody@schools.example", "principal": None}, id="another address"),
        pytest.param({"email": None, "principal": None}, id="no address"),
        pytest.param({"role": "guest"}, id="a guest"),
        pytest.param({"role": "anonymous"}, id="nobody"),
        pytest.param({"tenant": "another-tenant"}, id="of another organisation"),
    ],
)
async def test_nobody_else_is(town: Town, other: dict[str, object]) -> None:
    person = member("ann", **other)
    town.teams.direct(person)
    account = Account("teams", TENANT, person.directory_id)
    await town.recognition(account, town.service, f"a:1_{person.directory_id}", person.id)
    assert await town.known_as(account) is None


async def test_in_an_organisation_without_the_partnerships_channel_nobody_is_known_by_address(town: Town) -> None:
    """Whoever administers it could give anybody any address."""
    assert await town.writes(member("ann", tenant="tenant-b"), "tenant-b") is None
    assert town.teams.called("member") == []


async def test_a_code_joins_a_leader_of_another_organisation(town: Town) -> None:
    account = Account("teams", "tenant-b", "0000-ann")
    code = await town.database.write(lambda writing: linking.new_code(writing, "ann", town.now))
    await town.database.write(lambda writing: linking.redeem(writing, account, account.user, code.text, town.now))
    assert await town.known_as(account) == "ann"


async def test_teams_is_asked_once_in_an_hour(town: Town) -> None:
    for _ in range(3):
        await town.writes(member("ann"))
    assert town.teams.called("member") == ["member"]


@pytest.mark.parametrize(
    "fault", [RATE_LIMITED, DROPPED, refused(404), refused(403, "BotDisabledByAdmin"), Fault(body={})]
)
async def test_whoever_could_not_be_looked_up_is_answered_as_a_stranger_and_looked_up_again(
    town: Town, fault: Fault
) -> None:
    town.teams.next_calls("member", fault)
    assert await town.writes(member("ann")) is None
    town.now += timedelta(minutes=1)
    assert await town.writes(member("ann")) == "ann"


# Everybody of a team


async def test_all_pages_of_a_roster_are_read(town: Town) -> None:
    everybody = [member(each) for each in (*PEOPLE, "zoe", "yan")]
    found = await town.finds(*everybody)
    assert (found.joined, found.not_there) == (("ann", "ben", "cat", "dan", "lea"), ())
    assert town.teams.called("page") == ["page"] * 4


async def test_whoever_was_found_can_be_written_to_first(town: Town) -> None:
    await town.finds(member("ann"))
    account, reference = tables.Account, tables.ConversationReference
    wanted = select(account.conversation).where(account.person_id == "ann")
    assert await town.database.read(lambda reading: reading.scalar(wanted)) == "0000-ann"
    its = select(reference.member, reference.service_url).where(reference.conversation == "0000-ann")
    assert await town.database.read(lambda reading: tuple(reading.execute(its).one())) == (
        "29:1-0000-ann", town.teams.service_url,
    )  # fmt: skip


async def test_accounts_of_the_file_can_be_written_to_once_they_are_seen_in_the_team(town: Town) -> None:
    named = {"platform": "teams", "tenant": TENANT, "user": "0000-ann", "person_id": "ann"}
    await town.changes(insert(tables.Account).values(**named))
    found = await town.finds(member("ann", email=None, principal=None))
    assert found.joined == ()
    wanted = select(tables.Account.conversation)
    assert await town.database.read(lambda reading: reading.scalar(wanted)) == "0000-ann"


async def test_who_is_not_there_and_who_has_no_address_is_told(town: Town) -> None:
    await town.changes(update(tables.Person).where(tables.Person.id == "ben").values(email=None))
    found = await town.finds(member("ann"), member("cat", role="guest"))
    assert found == Found(("ann",), ("cat", "dan", "lea"), ("ben",))


async def test_a_channel_that_nothing_came_from_yet_is_passed_over(town: Town) -> None:
    await town.changes(delete(tables.ConversationReference))
    found = await town.finds(member("ann"))
    assert found == Found(not_there=("ann", "ben", "cat", "dan", "lea"))


async def test_a_team_that_the_bot_is_not_in_any_more_keeps_nobody_of_another_from_being_found(town: Town) -> None:
    channel = {
        "partnership_id": "river",
        "platform": "teams",
        "tenant": TENANT,
        "conversation": "19:b",
        "language": "en",
    }
    await town.changes(insert(tables.Channel).values(channel))
    where, reference = Place("teams", TENANT, "19:b"), Reference(town.teams.service_url, "19:b", team="19:another-team")
    await town.database.write(lambda writing: conversation_addresses.remember(writing, where, reference, town.now))
    town.teams.has_talk("19:another-team", member("ann"))
    town.teams.next_calls("page", refused(403, "BotNotInConversationRoster"))
    with pytest.raises(Unreachable):
        await town.finds(member("ann"))
    assert await town.known_as(Account("teams", TENANT, "0000-ann")) == "ann"


@pytest.mark.parametrize(
    ("fault", "trouble"), [(RATE_LIMITED, RateLimited), (refused(403, "BotNotInConversationRoster"), Unreachable)]
)
async def test_trouble_with_a_roster_is_told(town: Town, fault: Fault, trouble: type[Exception]) -> None:
    town.teams.next_calls("page", fault)
    with pytest.raises(trouble):
        await town.finds(member("ann"))
