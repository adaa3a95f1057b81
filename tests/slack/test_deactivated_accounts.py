"""An account that was deactivated is written to no more, and each lead it matters to learns of it once, in private.

To post in a deactivated person's conversation succeeds in Slack and reaches nobody, so the bot can't wait for a
refusal: Slack tells it (``user_change``), ``find-people`` asks, and a conversation that can't be opened says so.
https://github.com/slackapi/python-slack-sdk/issues/1156
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from shutil import copy
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select, update

from bot.apply.tell import tell
from bot.messages import references
from core.services import people, privacy
from core.storage import tables
from integrations.account_matching import Found
from integrations.slack.joining import Members, find_people
from tests.slack.playing_installs import InstalledSlack, Member, in_organisation
from tests.slack.playing_slack import TEAM, TOKEN, Posted, refused
from tests.slack.requests import as_json, event, user_change
from tests.slack.school_world import RIVER, SlackWorld, slack_world, user
from tests.support.log import written_log

TOLD = (
    "The chat account of Priya Nair (Lanternfield Primary School) has been deactivated, so I have stopped writing to "
    "it. Everything they have answered is kept."
)


@dataclass
class Valley:
    """Priya leads Lanternfield and is in the middle of a question; Ruth leads the partnership."""

    slack: InstalledSlack
    world: SlackWorld

    async def changes(self, person: str, *, deleted: bool, **more: Any) -> None:
        """Slack says that something about this person's account was changed."""
        inner = user_change(user(person), deleted=deleted)
        assert (await self.world.send(as_json(event(inner, **more), self.world.now))).status_code == 200
        await self.world.delivery.drain()

    async def sends(self, person: str, key: str = "news") -> None:
        """The bot writes to this person by itself, as it does with a reminder."""
        now, what = self.world.now, references.Help()
        await self.world.database.write(lambda writing: tell(writing, person, key, what, now) and None)
        for _ in range(2):  # What comes of it is sent in the next minute.
            await self.world.delivery.drain()

    def told(self, lead: str = "ruth") -> list[str]:
        """What a lead was told of deactivated accounts."""
        return [_first_line(each) for each in self.world.own(lead) if "deactivated" in each.text]

    async def reached(self, person: str) -> bool:
        return await self.world.database.read(lambda reading: people.reached_at(reading, person)) is not None

    async def finds(self) -> Found:
        members = Members(self.world.workspaces, self.world.to_slack)
        return await find_people(self.world.database, members, TEAM, self.world.now)

    async def does(self, statement: object) -> None:
        await self.world.database.write(lambda writing: writing.execute(statement) and None)  # type: ignore[call-overload]


def _first_line(posted: Posted) -> str:
    return posted.text.partition("\n")[0]


@pytest.fixture
async def valley(furniture: Path, tmp_path: Path) -> AsyncIterator[Valley]:
    slack = InstalledSlack(tokens={TOKEN: TEAM})
    slack.scopes |= {"users:read", "users:read.email"}
    async with slack_world(Path(copy(furniture, tmp_path)), slack=slack) as world:
        await world.types("ruth", "status")
        await world.types("priya", "start")
        for person in ("ruth", "priya", "sian", "tom", "nia"):
            slack.has_member(Member(user(person), None, TEAM))
        yield Valley(slack, world)


async def test_the_lead_is_told_who_it_is_of_which_school_and_what_to_do(valley: Valley) -> None:
    await valley.changes("priya", deleted=True)
    assert valley.told() == [TOLD]
    assert "If Priya Nair has left, ask whoever looks after the bot" in valley.world.own("ruth")[-1].text
    assert valley.slack.channels[RIVER].messages == [], "nothing of it in the channel"


async def test_it_is_said_in_the_leads_language(valley: Valley) -> None:
    await valley.does(update(tables.Person).filter_by(id="ruth").values(language="cy"))
    await valley.changes("priya", deleted=True)
    told = valley.world.own("ruth")[-1].text
    assert "Mae cyfrif sgwrsio Priya Nair (Lanternfield Primary School) wedi'i ddadactifadu" in told


async def test_nothing_is_sent_to_it_any_more(valley: Valley) -> None:
    await valley.changes("priya", deleted=True)
    before = len(valley.world.own("priya"))
    await valley.sends("priya")
    assert (await valley.reached("priya"), len(valley.world.own("priya"))) == (False, before)


async def test_nor_what_was_waiting_for_it(valley: Valley) -> None:
    before = len(valley.world.own("priya"))
    now = valley.world.now
    await valley.world.database.write(
        lambda writing: tell(writing, "priya", "waiting", references.Help(), now) and None
    )
    await valley.changes("priya", deleted=True)
    state = await valley.world.database.read(
        lambda reading: reading.scalars(select(tables.Outbox.state).filter_by(key="waiting")).one()
    )
    assert (state, len(valley.world.own("priya"))) == ("dead", before)


async def test_it_is_told_once_however_often_slack_says_it(valley: Valley) -> None:
    for deleted in (True, True, False, True):
        await valley.changes("priya", deleted=deleted)
    assert valley.told() == [TOLD]
    assert not await valley.reached("priya")


async def test_an_account_that_was_restored_is_written_to_again(valley: Valley) -> None:
    await valley.changes("priya", deleted=True)
    await valley.changes("priya", deleted=False)
    before = len(valley.world.own("priya"))
    await valley.sends("priya")
    assert len(valley.world.own("priya")) == before + 1


async def test_so_is_one_that_writes_itself(valley: Valley) -> None:
    await valley.changes("priya", deleted=True)
    await valley.world.types("priya", "status")
    assert await valley.reached("priya")
    await valley.changes("priya", deleted=True)
    assert not await valley.reached("priya"), "and it can be deactivated again"


async def test_a_restart_does_not_open_it_again(valley: Valley) -> None:
    await valley.changes("priya", deleted=True)
    await valley.world.database.write(lambda writing: people.open_conversations(writing, "slack", TEAM))
    assert (await valley.reached("priya"), await valley.reached("tom")) == (False, True)


async def test_other_changes_leave_everything_as_it_is(valley: Valley) -> None:
    before = await valley.world.rows()
    with written_log("debug") as log:
        await valley.changes("priya", deleted=False)
        await valley.changes("stranger", deleted=True)
    assert (await valley.world.rows(), log.of("event")) == (before, [])
    assert await valley.reached("priya")


async def test_another_workspace_says_nothing_about_ours(valley: Valley) -> None:
    theirs = [{"enterprise_id": None, "team_id": "T0OTHER", "user_id": "U0BOT", "is_bot": True}]
    await valley.changes("priya", deleted=True, team="T0OTHER", authorizations=theirs)
    assert (await valley.reached("priya"), valley.told()) == (True, [])


async def test_an_app_of_a_whole_organisation_hears_it_for_all_workspaces_of_the_person(valley: Valley) -> None:
    """Slack names another of the person's workspaces, and the organisation."""
    inner = user_change(user("priya"), deleted=True)
    inner["user"] |= {"team_id": "T0NEXTDOOR", "enterprise_user": in_organisation("U0PRIYA", "E0", "T0NEXTDOOR", TEAM)}
    whole = [
        {"enterprise_id": "E0", "team_id": None, "user_id": "U0BOT", "is_bot": True, "is_enterprise_install": True}
    ]
    await valley.world.send(as_json(event(inner, authorizations=whole), valley.world.now))
    assert not await valley.reached("priya")


# Who is told


async def test_every_lead_of_the_partnership_is_told_and_nobody_else(valley: Valley) -> None:
    await valley.does(
        insert(tables.PartnershipRole).values(partnership_id="willow-valley", person_id="tom", role="lead")
    )
    for person in ("tom", "sian", "nia"):
        await valley.world.types(person, "status")
    await valley.changes("priya", deleted=True)
    assert [len(valley.told(person)) for person in ("ruth", "tom", "sian", "nia")] == [1, 1, 0, 0]


async def test_a_lead_is_told_of_another_lead_and_of_a_facilitator(valley: Valley) -> None:
    await valley.does(
        insert(tables.PartnershipRole).values(partnership_id="willow-valley", person_id="sian", role="lead")
    )
    for person in ("sian", "nia"):
        await valley.changes(person, deleted=True)
    assert valley.told() == [
        "The chat account of Siân Morgan (Ysgol Rhyd y Wennol) has been deactivated, so I have stopped writing to it. "
        "Everything they have answered is kept.",
        "The chat account of Nia Powell has been deactivated, so I have stopped writing to it. Everything they have "
        "answered is kept.",
    ]


async def test_nobody_is_told_of_their_own_account(valley: Valley) -> None:
    await valley.changes("ruth", deleted=True)
    await valley.changes("ruth", deleted=False)
    assert valley.told() == []


async def test_whoever_leads_it_no_more_when_it_is_to_be_said_is_not_told(valley: Valley) -> None:
    await valley.world.send(as_json(event(user_change(user("priya"), deleted=True)), valley.world.now))
    await valley.does(tables.PartnershipRole.__table__.delete().filter_by(person_id="ruth"))
    await valley.world.delivery.drain()
    assert valley.told() == []


async def test_nothing_of_it_is_left_once_they_are_erased(valley: Valley) -> None:
    await valley.changes("priya", deleted=True)
    now = valley.world.now
    await valley.world.database.write(lambda writing: privacy.erase(writing, "priya", now))

    def keys(reading: Connection) -> list[str]:
        every = (table.key for table in (tables.Outbox, tables.Posted))
        return [key for each in every for key in reading.scalars(select(each)) if "priya" in key.lower()]

    assert await valley.world.database.read(keys) == []


# What else shows it


async def test_a_conversation_that_cannot_be_opened_shows_it(valley: Valley) -> None:
    """Tom hasn't written yet; two things wait for him, and the first attempt is enough."""
    await valley.world.database.write(lambda writing: people.open_conversations(writing, "slack", TEAM))
    valley.slack.deactivated.add(user("tom"))
    now = valley.world.now
    await valley.world.database.write(lambda writing: tell(writing, "tom", "one", references.Help(), now) and None)
    await valley.sends("tom", "two")
    assert valley.slack.called("conversations.open").count("conversations.open") == 2, "to be ready, and to write"
    assert ["Tom Okafor (Ambercombe High School)" in each for each in valley.told()] == [True]
    assert not await valley.reached("tom")


async def test_a_code_for_person_or_bot_is_the_persons_while_slack_accepts_the_bot(valley: Valley) -> None:
    valley.slack.next_calls("chat.postMessage", refused("account_inactive"))
    await valley.sends("priya")
    assert valley.told() == [TOLD]


async def test_and_the_bots_where_slack_does_not_accept_it(valley: Valley) -> None:
    valley.slack.next_calls("chat.postMessage", refused("account_inactive"))
    valley.slack.next_calls("auth.test", refused("account_inactive"))
    await valley.sends("priya")
    assert valley.told() == []


async def test_in_a_channel_it_is_never_a_persons(valley: Valley) -> None:
    valley.slack.next_calls("chat.postMessage", refused("account_inactive"))
    await valley.world.commands("ruth", "/partnership-report")
    assert (valley.told(), valley.slack.called("auth.test")) == ([], [])


async def test_find_people_shows_it(valley: Valley) -> None:
    valley.slack.members[user("priya")].deleted = True
    del valley.slack.members[user("sian")]  # Slack knows nothing of her: that is no sure sign.
    for _ in range(2):
        found = await valley.finds()
        await valley.world.delivery.drain()
    assert found.deactivated == ("priya",)
    assert "deactivated there, so nothing is sent to them" in list(found.in_words())[-1]
    assert (await valley.reached("priya"), valley.told()) == (False, [TOLD])


async def test_find_people_shows_that_it_was_restored(valley: Valley) -> None:
    await valley.changes("priya", deleted=True)
    assert (await valley.finds()).deactivated == ()
    assert await valley.reached("priya")
