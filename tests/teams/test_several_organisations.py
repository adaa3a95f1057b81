"""A partnership that reaches over several organisations of Microsoft 365: its leaders are asked each in their own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from shutil import copy

import pytest
from sqlalchemy import delete, update

from core.services import linking
from core.storage import tables
from scheduler.planner import plan_due
from tests.support.days import CLOSES
from tests.teams.adaptive_cards import pressable
from tests.teams.playing_teams import Member
from tests.teams.signing import TENANT
from tests.teams.teams_world import TeamsWorld, member, teams_world

RUTH = member("ruth")
"""The lead, in the organisation in which the partnership has its channel."""
PRIYA = Member("0000-priya", "Priya", tenant="tenant-b")
TOM = Member("0000-tom", "Tom", tenant="tenant-c")


@pytest.fixture
async def world(stage: Path, tmp_path: Path) -> AsyncIterator[TeamsWorld]:
    """Priya and Tom have no account in the lead's organisation."""
    async with teams_world(Path(copy(stage, tmp_path)), allowed_tenants=f"{TENANT}, tenant-b, tenant-c") as opened:
        theirs = delete(tables.Account).where(tables.Account.person_id.in_(["priya", "tom"]))
        await opened.database.write(lambda writing: writing.execute(theirs) and None)
        yield opened


async def joins(world: TeamsWorld, who: Member, person: str) -> None:
    """Somebody sends the bot the code that they were given."""
    code = await world.database.write(lambda writing: linking.new_code(writing, person, world.now))
    await world.types(who, code.text)


def told(world: TeamsWorld, who: Member) -> str:
    return "\n".join(each.text for each in world.own(who))


async def test_leaders_of_three_organisations_make_one_report(world: TeamsWorld) -> None:
    await joins(world, PRIYA, "priya")
    for text in ("start", *["3 3"] * 18, "done", "submit"):
        await world.types(PRIYA, text)
    await world.mentions(RUTH, "partnership-report")
    asked = world.own(RUTH)[-1]
    close = next(each for each in pressable(asked.card or {}) if each["title"] == "Close now and post the report")
    await world.executes(RUTH, asked, close["data"])
    assert "5 of 7 schools submitted" in "\n".join(each.text for each in world.channel)


async def test_a_reminder_opens_a_conversation_in_each_leaders_own_organisation(world: TeamsWorld) -> None:
    await joins(world, PRIYA, "priya")
    await joins(world, TOM, "tom")
    never_opened = update(tables.ConversationReference).values(address=None)
    await world.database.write(lambda writing: writing.execute(never_opened) and None)
    world.teams.calls.clear()
    while not world.teams.called("send"):
        world.clock.later(timedelta(hours=1))
        assert world.now < CLOSES
        await plan_due(world.database, world.now)
        await world.delivery.drain()
    assert sorted(about["tenantId"] for name, about in world.teams.calls if name == "create") == [
        "tenant-b",
        "tenant-c",
    ]
    assert all("Summer 2027" in world.own(each)[-1].text for each in (PRIYA, TOM))


async def test_a_leader_may_have_accounts_in_two_organisations_and_goes_on_in_either(world: TeamsWorld) -> None:
    elsewhere = Member("0000-priya-too", "Priya", tenant="tenant-c")
    await joins(world, PRIYA, "priya")
    await joins(world, elsewhere, "priya")
    await world.types(PRIYA, "start")
    await world.types(PRIYA, "3 3")
    await world.types(elsewhere, "status")
    assert "1 of 18" in told(world, elsewhere)


async def test_an_address_of_another_organisation_proves_nothing(world: TeamsWorld) -> None:
    """Whoever administers that one can give anybody any address."""
    address = "priya@schools.example"
    hers = update(tables.Person).where(tables.Person.id == "priya").values(email=address)
    await world.database.write(lambda writing: writing.execute(hers) and None)
    impostor = Member("0000-impostor", email=address, tenant="tenant-b")
    herself = Member("0000-priya-here", email=address)
    for each in (impostor, herself):
        await world.types(each, "hello")
    assert "I don't know you yet" in told(world, impostor)
    assert "What I can do" in told(world, herself), "Her own organisation has the partnership's channel."
