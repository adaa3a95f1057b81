"""A leader is known by the address that their workspace has confirmed, and by nothing less."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from shutil import copy

import pytest
from sqlalchemy import Connection as Transaction
from sqlalchemy import Insert, insert, select, update

from bot.platform import Unreachable
from core.enquiry import Account
from core.services import people
from core.storage import tables
from core.storage.database import Database
from integrations.account_matching import Found
from integrations.slack.connection import Connection
from integrations.slack.joining import Members, Recognition, find_people
from integrations.slack.pacing import SlackPacer
from integrations.slack.workspaces import OneWorkspace
from tests.slack.conftest import Time
from tests.slack.playing_installs import InstalledSlack, Member, in_organisation
from tests.slack.playing_slack import DROPPED, RATE_LIMITED, TEAM, TOKEN, Fault, playing, refused
from tests.support.days import NOW
from tests.support.enquiries import bring
from tests.support.partnership_files import river

PEOPLE = ("ann", "ben", "cat", "dan", "lea")


def member(person: str, **other: object) -> Member:
    return replace(Member(f"U0{person.upper()}", f"{person}@schools.example", TEAM), **other)  # type: ignore[arg-type]


@dataclass
class Town:
    slack: InstalledSlack
    database: Database
    members: Members
    now: datetime = NOW
    recognition: Recognition = field(init=False)

    def __post_init__(self) -> None:
        self.recognition = Recognition(self.database, self.members, lambda: self.now)

    async def writes(self, user: str, tenant: str = TEAM) -> str | None:
        """Somebody writes to the bot; who they are known as from then on."""
        account = Account("slack", tenant, user)
        await self.recognition(account)
        known = await self.database.read(lambda reading: people.person_of(reading, account))
        return None if known is None else known.id

    async def finds(self, tenant: str = TEAM) -> Found:
        return await find_people(self.database, self.members, tenant, self.now)

    async def changes(self, statement: object) -> None:
        await self.database.write(lambda writing: writing.execute(statement) and None)  # type: ignore[call-overload]

    def asked(self) -> int:
        return len(self.slack.called("users.info", "users.lookupByEmail"))


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ann, Ben, Cat and Dan lead a school each and Lea the partnership, which has its channel in this workspace."""
    file = tmp_path_factory.mktemp("joining") / "test.db"
    database = Database(f"sqlite:///{file}")
    database.upgrade()
    database.write_now(_furnish)
    database.close()
    return file


def _furnish(writing: Transaction) -> None:
    everybody = (f"  - {{id: {each}, name: {each.capitalize()}, email: {each}@schools.example}}" for each in PEOPLE)
    bring(writing, river(people=(), more_people="\n".join(everybody)))
    writing.execute(update(tables.Channel).values(platform="slack", tenant=TEAM, conversation="C0RIVER"))


@pytest.fixture
async def town(database: Path, tmp_path: Path, time: Time) -> AsyncIterator[Town]:
    slack = InstalledSlack(tokens={TOKEN: TEAM})
    slack.scopes |= {"users:read", "users:read.email"}
    opened = Database(f"sqlite:///{copy(database, tmp_path)}")
    async with playing(slack) as api:
        connection, workspaces = Connection(api, SlackPacer(time.seconds, time.pause)), OneWorkspace(TOKEN)
        await workspaces.learn(connection)
        yield Town(slack, opened, Members(workspaces, connection))
        await connection.close()
    opened.close()


# Who is it that writes?


async def test_a_leader_is_known_with_their_first_message(town: Town) -> None:
    town.slack.has_member(member("ann"))
    assert await town.writes("U0ANN") == "ann"


async def test_capitals_in_the_address_make_no_difference(town: Town) -> None:
    town.slack.has_member(member("ann", email="Ann@Schools.Example"))
    assert await town.writes("U0ANN") == "ann"


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"is_email_confirmed": False}, id="an address nobody has confirmed"),
        pytest.param({"is_restricted": True}, id="a guest of several channels"),
        pytest.param({"is_ultra_restricted": True}, id="a guest of one channel"),
        pytest.param({"is_stranger": True}, id="somebody from a workspace with a shared channel"),
        pytest.param({"team_id": "T0ELSEWHERE"}, id="somebody whose home is another workspace"),
        pytest.param({"is_invited_user": True}, id="somebody who has not come yet"),
        pytest.param({"deleted": True}, id="somebody who has left"),
        pytest.param({"is_bot": True}, id="a bot"),
        pytest.param({"email": None}, id="no address"),
        pytest.param({"email": "ann@schools.example.org"}, id="an address that only begins like it"),
    ],
)
async def test_an_address_says_nothing_of(town: Town, other: dict[str, object]) -> None:
    town.slack.has_member(member("ann", **other))
    assert await town.writes("U0ANN") is None


# Enterprise Grid: TEAM is one of several workspaces of an organisation

OURS, THEIRS, NEXT_DOOR, ELSEWHERE = "E0OURS", "E0THEIRS", "T0NEXTDOOR", "T0ELSEWHERE"


@pytest.mark.parametrize(
    "told",
    [
        pytest.param(
            {"team_id": None, "enterprise_user": in_organisation("U0ANN", OURS, NEXT_DOOR, TEAM)}, id="no workspace"
        ),
        pytest.param(
            {"team_id": NEXT_DOOR, "enterprise_user": in_organisation("U0ANN", OURS, NEXT_DOOR, TEAM)},
            id="another of her workspaces",
        ),
        pytest.param({"team_id": OURS, "enterprise_user": in_organisation("U0ANN", OURS, TEAM)}, id="the organisation"),
        pytest.param(
            {"team_id": NEXT_DOOR, "enterprise_user": in_organisation("U0ANN", OURS, NEXT_DOOR)},
            id="a workspace next door, where alone she is at home",
        ),
        pytest.param({"team_id": None, "enterprise_user": in_organisation("U0ANN", OURS)}, id="only the organisation"),
    ],
)
async def test_a_leader_of_our_organisation_is_known_whatever_slack_gives_as_her_workspace(
    town: Town, told: dict[str, object]
) -> None:
    town.slack.organisations[TEAM] = OURS
    town.slack.has_member(member("ann", **told))
    assert await town.writes("U0ANN") == "ann"


async def test_such_a_leader_is_found_as_well(town: Town) -> None:
    town.slack.organisations[TEAM] = OURS
    town.slack.has_member(member("ann", team_id=None, enterprise_user=in_organisation("U0ANN", OURS, TEAM)))
    town.slack.has_member(member("ben", team_id=NEXT_DOOR, enterprise_user=in_organisation("U0BEN", OURS, NEXT_DOOR)))
    town.slack.has_member(member("cat", team_id=ELSEWHERE, enterprise_user=in_organisation("U0CAT", THEIRS, ELSEWHERE)))
    assert await town.finds() == Found(("ann", "ben"), ("cat", "dan", "lea"))


@pytest.mark.parametrize(
    ("ours", "told"),
    [
        pytest.param(
            OURS, {"team_id": ELSEWHERE, "enterprise_user": in_organisation("U0ANN", THEIRS, ELSEWHERE)},
            id="another organisation shares a channel with us",
        ),
        pytest.param(
            None, {"team_id": ELSEWHERE, "enterprise_user": in_organisation("U0ANN", THEIRS, ELSEWHERE)},
            id="theirs is an organisation, ours a workspace by itself",
        ),
        pytest.param(
            None, {"team_id": None, "enterprise_user": in_organisation("U0ANN", THEIRS)},
            id="an organisation, and nothing to compare it with",
        ),
        pytest.param(OURS, {"team_id": ELSEWHERE}, id="a workspace by itself shares a channel with our organisation"),
        pytest.param(OURS, {"team_id": None}, id="nothing at all"),
        pytest.param(
            OURS, {"is_restricted": True, "enterprise_user": in_organisation("U0ANN", OURS, TEAM)},
            id="a guest of several channels",
        ),
        pytest.param(
            OURS, {"is_ultra_restricted": True, "enterprise_user": in_organisation("U0ANN", OURS, TEAM)},
            id="a guest of one channel",
        ),
        pytest.param(
            OURS, {"deleted": True, "team_id": None, "enterprise_user": in_organisation("U0ANN", OURS, TEAM)},
            id="somebody who has left",
        ),
        pytest.param(OURS, {"team_id": None, "enterprise_user": []}, id="something odd"),
    ],
)  # fmt: skip
async def test_an_organisation_does_not_vouch_for(town: Town, ours: str | None, told: dict[str, object]) -> None:
    if ours is not None:
        town.slack.organisations[TEAM] = ours
    town.slack.has_member(member("ann", **told))
    assert await town.writes("U0ANN") is None


@pytest.mark.parametrize("fault", [RATE_LIMITED, refused("fatal_error"), DROPPED])
async def test_where_slack_does_not_say_which_organisation_ours_is_nobody_is_known_by_it(
    town: Town, fault: Fault
) -> None:
    town.slack.organisations[TEAM] = OURS
    town.slack.has_member(member("ann", team_id=NEXT_DOOR, enterprise_user=in_organisation("U0ANN", OURS, NEXT_DOOR)))
    town.slack.next_calls("auth.test", fault, fault)
    assert await town.writes("U0ANN") is None


def known_in(tenant: str, person: str, who: str = "U0ANN") -> Insert:
    """They have an account there, by a code or by the file."""
    return insert(tables.Account).values(platform="slack", tenant=tenant, user=who, person_id=person)


async def test_whoever_is_known_next_door_is_known_here_without_an_address(town: Town) -> None:
    """An app of a whole organisation hears of a person now through one workspace and now through another."""
    await town.changes(known_in(NEXT_DOOR, "ann"))
    grid = in_organisation("U0ANN", OURS, NEXT_DOOR, TEAM)
    town.slack.has_member(member("ann", email=None, team_id=None, enterprise_user=grid))
    assert await town.writes("U0ANN") == "ann"


@pytest.mark.parametrize(
    ("where", "told"),
    [
        pytest.param(NEXT_DOOR, {}, id="no organisation"),
        pytest.param(
            ELSEWHERE, {"enterprise_user": in_organisation("U0ANN", OURS, NEXT_DOOR, TEAM)},
            id="the same id in a workspace of somebody else",
        ),
        pytest.param(
            ELSEWHERE, {"team_id": ELSEWHERE, "enterprise_user": in_organisation("U0ANN", THEIRS, ELSEWHERE)},
            id="known in another organisation, with which a channel is shared",
        ),
        pytest.param(
            NEXT_DOOR, {"is_restricted": True, "enterprise_user": in_organisation("U0ANN", OURS, NEXT_DOOR, TEAM)},
            id="a guest here",
        ),
        pytest.param(
            NEXT_DOOR, {"deleted": True, "enterprise_user": in_organisation("U0ANN", OURS, NEXT_DOOR, TEAM)},
            id="deactivated here",
        ),
    ],
)  # fmt: skip
async def test_the_same_id_elsewhere_says_nothing_of(town: Town, where: str, told: dict[str, object]) -> None:
    town.slack.organisations[TEAM] = OURS
    await town.changes(known_in(where, "ann"))
    town.slack.has_member(member("ann", **({"email": None} | told)))
    assert await town.writes("U0ANN") is None


async def test_nor_where_two_workspaces_know_it_as_two_people(town: Town) -> None:
    for workspace, person in ((NEXT_DOOR, "ann"), ("T0THIRD", "ben")):
        await town.changes(known_in(workspace, person))
    grid = in_organisation("U0ANN", OURS, NEXT_DOOR, TEAM, "T0THIRD")
    town.slack.has_member(member("ann", email=None, enterprise_user=grid))
    assert await town.writes("U0ANN") is None


async def test_nor_does_one_that_two_people_have(town: Town) -> None:
    await town.changes(update(tables.Person).filter_by(id="ben").values(email="ann@schools.example"))
    town.slack.has_member(member("ann"))
    assert await town.writes("U0ANN") is None


async def test_what_slack_says_of_somebody_else_is_not_taken(town: Town) -> None:
    told = {"ok": True, "user": member("ann").told(with_email=True)}
    town.slack.next_calls("users.info", Fault(body=told))
    assert await town.writes("U0MALLORY") is None


@pytest.mark.parametrize("user", [None, [], {}, {"id": "U0ANN"}, {"id": 1, "team_id": TEAM}, "U0ANN"])
async def test_whatever_slack_says_a_stranger_stays_one(town: Town, user: object) -> None:
    town.slack.next_calls("users.info", Fault(body={"ok": True, "user": user}))
    assert await town.writes("U0ANN") is None


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(refused("missing_scope", needed="users:read"), id="the workspace does not allow it"),
        pytest.param(refused("user_not_found"), id="unknown"),
        pytest.param(RATE_LIMITED, id="busy"),
        pytest.param(Fault(500, {}), id="unwell"),
    ],
)
async def test_where_slack_does_not_say_they_are_a_stranger_for_now(town: Town, fault: Fault) -> None:
    town.slack.has_member(member("ann"))
    town.slack.next_calls("users.info", fault)
    assert await town.writes("U0ANN") is None
    town.now += timedelta(minutes=1)
    assert await town.writes("U0ANN") == "ann"


async def test_nor_where_the_connection_is_lost(town: Town) -> None:
    """Twice, since a question that changes nothing is asked again by itself."""
    town.slack.has_member(member("ann"))
    town.slack.next_calls("users.info", DROPPED, DROPPED)
    assert await town.writes("U0ANN") is None


async def test_without_the_scope_for_addresses_nobody_is_known_by_one(town: Town) -> None:
    town.slack.scopes.discard("users:read.email")
    town.slack.has_member(member("ann"))
    assert await town.writes("U0ANN") is None


# Asking no more than is needed


async def test_somebody_who_is_known_is_not_asked_about(town: Town) -> None:
    town.slack.has_member(member("ann"))
    await town.finds()
    before = town.asked()
    assert await town.writes("U0ANN") == "ann"
    assert town.asked() == before


async def test_a_stranger_is_asked_about_once_a_minute(town: Town) -> None:
    for _ in range(3):
        await town.writes("U0STRANGER")
    assert town.asked() == 1
    town.now += timedelta(minutes=1)
    await town.writes("U0STRANGER")
    assert town.asked() == 2


async def test_in_a_workspace_without_a_partnership_nobody_is_asked_about(town: Town) -> None:
    await town.changes(update(tables.Channel).values(tenant="T0ELSEWHERE"))
    await town.writes("U0ANN")
    assert town.asked() == 0


async def test_when_everybody_has_an_account_nobody_is_asked_about(town: Town) -> None:
    for person in PEOPLE:
        town.slack.has_member(member(person))
    await town.finds()
    before = town.asked()
    await town.writes("U0STRANGER")
    assert town.asked() == before


# Finding everybody


async def test_everybody_with_an_address_is_found_and_can_be_written_to_first(town: Town) -> None:
    for person in PEOPLE:
        town.slack.has_member(member(person))
    assert await town.finds() == Found(joined=PEOPLE)
    where = select(tables.Account.user, tables.Account.conversation).filter_by(platform="slack")
    rows = await town.database.read(lambda reading: [tuple(row) for row in reading.execute(where)])
    assert sorted(rows) == [(f"U0{person.upper()}", f"U0{person.upper()}") for person in PEOPLE]


async def test_who_is_not_found_is_named_with_the_reason(town: Town) -> None:
    town.slack.has_member(member("ann"))
    town.slack.has_member(member("ben", is_restricted=True))
    await town.changes(update(tables.Person).filter_by(id="cat").values(email=None))
    await town.changes(update(tables.Person).filter_by(id="dan").values(email="lea@schools.example"))
    assert await town.finds() == Found(("ann",), ("ben",), ("cat", "dan", "lea"))


async def test_looking_again_finds_only_who_is_new(town: Town) -> None:
    town.slack.has_member(member("ann"))
    await town.finds()
    town.slack.has_member(member("ben"))
    assert await town.finds() == Found(("ben",), ("cat", "dan", "lea"))


async def test_a_workspace_that_the_bot_is_not_in_is_told_in_words(town: Town) -> None:
    await town.changes(update(tables.Channel).values(tenant="T0ELSEWHERE"))
    with pytest.raises(Unreachable, match="not installed"):
        await town.finds("T0ELSEWHERE")


async def test_a_successor_who_has_the_leavers_account_is_found_and_it_is_said_so(town: Town) -> None:
    """The office's account, with the office's address: Ann leads Alder School no more, and Nia does."""
    town.slack.has_member(member("ann"))
    await town.finds()
    nia = {"id": "nia", "name": "Nia", "email": "ann@schools.example", "language": "en"}
    await town.changes(insert(tables.Person).values(**nia, reminder_time="after-school"))
    await town.changes(update(tables.Leader).where(tables.Leader.person_id == "ann").values(person_id="nia"))
    found = await town.finds()
    assert found == Found(("nia",), ("ben", "cat", "dan", "lea"), passed_on=("nia",))
    assert [*found.in_words()][1].startswith("now have the account of somebody who takes no part any more: nia.")
