"""``doctor`` about Teams: what is missing or wrong, each in a sentence that says what to do."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Connection as Transaction
from sqlalchemy import delete, insert, update

from core.services import conversation_addresses
from core.services.conversation_addresses import Reference
from core.settings import Settings, TeamsSettings
from core.storage import tables
from core.storage.database import Database
from core.storage.outbox import Place
from integrations.teams.doctor import check_up
from tests.support.days import NOW
from tests.support.enquiries import bring
from tests.support.faults import DROPPED, Fault
from tests.support.partnership_files import river
from tests.teams.activities import CHANNEL, TEAM
from tests.teams.certificates import client_context
from tests.teams.playing_teams import RATE_LIMITED, Member, PlayedTeams, refused
from tests.teams.settings import teams_settings
from tests.teams.signing import TENANT

KEYS, GIVEN = "ok Teams: the Bot Connector's keys are at hand.", "ok Teams: Microsoft gives the bot its token."
WELL = [
    KEYS,
    GIVEN,
    f"ok Teams: the bot is in the channel {CHANNEL}.",
    f"ok Teams: 5 who take part have no account in {TENANT} yet. Look them up with: partnership-bot find-people",
]


class Patient:
    """An installation of the bot, and the Teams that it asks."""

    def __init__(self, teams: PlayedTeams, database: Database) -> None:
        self.teams, self.database = teams, database
        self.asks = True

    async def told(self, public_url: str | None = "https://bot.example.org", **given: object) -> list[str]:
        """What the doctor says, with these settings."""
        pointed = {
            "openid_url": self.teams.openid_url, "authority": self.teams.login, "service_hosts": self.teams.base[7:],
        }  # fmt: skip
        return await self.says(Settings(teams=teams_settings(**pointed | given), public_url=public_url))

    async def says(self, settings: Settings) -> list[str]:
        login = httpx.Client(verify=client_context(), trust_env=False)
        found = await check_up(settings, self.database, lambda: NOW, login, ask=self.asks)
        return [f"{'ok' if each.well else 'NO'} {each.words}" for each in found]

    async def changes(self, statement: object) -> None:
        await self.database.write(lambda writing: writing.execute(statement) and None)  # type: ignore[call-overload]


@pytest.fixture
async def installed(teams: PlayedTeams, tmp_path: Path, upgraded_file: Path) -> AsyncIterator[Patient]:
    """All is well."""
    database = Database(f"sqlite:///{shutil.copy(upgraded_file, tmp_path / 'test.db')}")

    def furnish(writing: Transaction) -> None:
        bring(writing, river())
        writing.execute(update(tables.Channel).values(platform="teams", tenant=TENANT, conversation=CHANNEL))
        place = Place("teams", TENANT, CHANNEL)
        conversation_addresses.remember(writing, place, Reference(teams.service_url, CHANNEL, team=TEAM), NOW)

    await database.write(furnish)
    teams.has_talk(TEAM, Member("0000-ann"))
    yield Patient(teams, database)
    database.close()


async def test_all_is_well(installed: Patient) -> None:
    assert await installed.told() == WELL


async def test_nobody_is_written_to(installed: Patient) -> None:
    await installed.told()
    assert set(installed.teams.called()) == {"openid", "keys", "authority", "token", "page"}


async def test_the_playground_is_named(installed: Patient) -> None:
    assert await installed.says(Settings(teams=TeamsSettings(playground=True))) == [
        "ok Teams: for the playground on this computer alone, where anybody can be anybody."
    ]


async def test_what_is_missing_is_said(installed: Patient) -> None:
    told = await installed.told(None, app_id=None, client_secret=None)
    assert told == [
        "NO Teams: no file can be fetched. Set PARTNERSHIP_PUBLIC_URL to where Teams reaches this bot.",
        "NO Teams: PARTNERSHIP_TEAMS__APP_ID: needed; docs/teams.md says where to find it.",
        "NO Teams: give one of PARTNERSHIP_TEAMS__CLIENT_SECRET or PARTNERSHIP_TEAMS__CERTIFICATE or "
        "PARTNERSHIP_TEAMS__FEDERATED_TOKEN_PATH.",
    ]


async def test_keys_that_cannot_be_fetched(installed: Patient) -> None:
    installed.teams.next_calls("openid", *[DROPPED] * 2)  # A connection that breaks is tried once more.
    assert (await installed.told())[0] == (
        "NO Teams: the Bot Connector's keys can't be fetched, so nothing can come in. Can this machine reach it?"
    )


async def test_a_secret_that_is_over(installed: Patient) -> None:
    installed.teams.next_calls("token", Fault(401, {"error": "invalid_client"}))
    assert await installed.told() == [
        KEYS, "NO Teams: Microsoft gives the bot no token (invalid_client): check its app id and secret.",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (refused(403, "BotNotInConversationRoster"), "The bot has not been added there in Teams, or was removed."),
        (RATE_LIMITED, "Teams asks for a pause; try again in a minute."),
        (refused(500), "Teams is not well at the moment."),
    ],
)
async def test_a_channel_that_the_bot_is_not_in(installed: Patient, fault: Fault, words: str) -> None:
    installed.teams.next_calls("page", fault)
    assert (await installed.told())[2] == f"NO Teams: the channel {CHANNEL}: {words}"


async def test_a_channel_that_nothing_came_from(installed: Patient) -> None:
    await installed.changes(delete(tables.ConversationReference))
    assert (await installed.told())[2] == (
        f"NO Teams: nothing has come from the channel {CHANNEL} or its organisation yet. Add the app to its team."
    )


async def test_a_channel_of_an_organisation_that_is_not_let_in(installed: Patient) -> None:
    told = await installed.told(allowed_tenants="another")
    assert (
        told[0] == "NO Teams: PARTNERSHIP_TEAMS__ALLOWED_TENANTS leaves out the app's own organisation. Is that meant?"
    )
    assert told[3].startswith(
        f"NO Teams: the channel {CHANNEL} is in the organisation {TENANT}, which is not allowed in."
    )


async def test_no_channel_yet(installed: Patient) -> None:
    await installed.changes(delete(tables.Channel))
    assert await installed.told() == [
        KEYS, GIVEN, "ok Teams: no partnership has a channel there yet. Add it to its file.",
    ]  # fmt: skip


async def test_channels_of_one_team_are_one_page(installed: Patient, teams: PlayedTeams) -> None:
    teams.has_talk(TEAM, *(Member(f"0000-{number}") for number in range(5)))
    for number in range(3):
        row = {"partnership_id": "river", "platform": "teams", "tenant": TENANT, "conversation": f"19:{number}"}
        await installed.changes(insert(tables.Channel).values(row | {"language": "en"}))
        reference = Reference(teams.service_url, f"19:{number}", team=TEAM)
        place = Place("teams", TENANT, f"19:{number}")
        await installed.database.write(
            partial(conversation_addresses.remember, place=place, reference=reference, now=NOW)
        )
    told = await installed.told()
    assert len([each for each in told if each.startswith("ok Teams: the bot is in the channel")]) == 4
    assert installed.teams.called().count("page") == 1


async def test_what_is_stored_is_told_without_asking(installed: Patient) -> None:
    installed.asks = False
    assert await installed.told() == WELL[3:]
    await installed.changes(delete(tables.ConversationReference))
    assert (await installed.told())[0].startswith("NO Teams: nothing has come from the channel")
    assert (await installed.told(allowed_tenants="another"))[1].startswith(f"NO Teams: the channel {CHANNEL} is in")
    assert installed.teams.called() == []
