"""Bad input, and its expected answer: what the Bot Connector did not sign has no effect, and a person's mistake kind
words."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from shutil import copy
from typing import Any, TypeAlias

import pytest
from sqlalchemy import Connection, update

from core.storage import tables
from tests.teams import activities
from tests.teams.adaptive_cards import pressable
from tests.teams.forgeries import ACTIVITY, FORGED, NOT_HERE, TRICKS
from tests.teams.playing_teams import Member, Posted
from tests.teams.signing import CONNECTOR, TENANT, Signer, claims
from tests.teams.teams_world import TeamsWorld, member, teams_world

Json: TypeAlias = dict[str, Any]

PRIYA, RUTH, TOM = member("priya"), member("ruth"), member("tom")


async def no_effect(world: TeamsWorld, body: bytes, token: str | None, status: int) -> None:
    """It is answered with this status and nothing else, and nothing is kept, sent or fetched because of it."""
    before = await world.rows()
    world.teams.calls.clear()
    response = await world.send_raw(body, None if token is None else f"Bearer {token}")
    assert (response.status_code, response.content) == (status, b"")
    assert await world.rows() == before
    assert set(world.teams.called()) <= {"openid", "keys"}


# What the Bot Connector did not sign for this bot


@pytest.fixture
async def of_schools(stage: Path, tmp_path: Path) -> AsyncIterator[TeamsWorld]:
    """As it is set up at a school: only Microsoft's own services may be answered."""
    async with teams_world(Path(copy(stage, tmp_path)), service_hosts="smba.trafficmanager.net") as opened:
        yield opened


async def test_no_forged_token_has_an_effect(of_schools: TeamsWorld) -> None:
    for forged in FORGED.values():
        await no_effect(of_schools, json.dumps(ACTIVITY).encode(), forged(), 401)


async def test_nor_has_a_genuine_one_for_something_else(of_schools: TeamsWorld) -> None:
    for told, activity, signer in NOT_HERE.values():
        of_schools.teams.signers[:] = [CONNECTOR, signer]
        of_schools.clock.later(timedelta(minutes=1))  # So that a key that was added is found.
        await no_effect(of_schools, json.dumps(activity).encode(), signer.token(told), 403)


async def test_nobody_is_answered_at_an_address_that_only_looks_like_teams(of_schools: TeamsWorld) -> None:
    for address in TRICKS.values():
        body = json.dumps(ACTIVITY | {"serviceUrl": address}).encode()
        await no_effect(of_schools, body, CONNECTOR.token(claims(address)), 403)


async def test_fifty_unknown_keys_have_the_keys_fetched_once(of_schools: TeamsWorld) -> None:
    of_schools.clock.later(timedelta(minutes=1))
    fetched = []
    for number in range(50):
        stranger = Signer(f"unknown-{number}", key="stranger")
        await no_effect(of_schools, json.dumps(ACTIVITY).encode(), stranger.token(claims()), 401)
        fetched.extend(of_schools.teams.called())
    assert fetched == ["openid", "keys"]


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[]", b"7", b"[" * 100_000])
async def test_signed_garbage_is_malformed_and_unsigned_garbage_nobodys(world: TeamsWorld, body: bytes) -> None:
    await no_effect(world, body, None, 401)
    await no_effect(world, body, world.token(), 400)


async def test_twenty_megabytes_are_not_read_to_the_end(world: TeamsWorld) -> None:
    sent = 0

    async def megabytes() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(20):
            sent += 1
            yield b"x" * 1_000_000

    response = await world.http.post("/api/messages", content=megabytes())
    assert (response.status_code, sent) == (413, 2)


async def test_an_activity_that_is_played_back_has_no_effect(world: TeamsWorld) -> None:
    world.teams.direct(PRIYA)
    body = json.dumps(activities.message(PRIYA, "help", world.now, world.teams.service_url)).encode()
    token = world.token()
    await world.send_raw(body, f"Bearer {token}")
    await no_effect(world, body, token, 200)


# What a person did, and can't


async def starts(world: TeamsWorld, person: Member) -> Posted:
    await world.types(person, "start")
    return world.own(person)[-1]


def level(posted: Posted, label: str) -> Json:
    data: Json = next(each for each in pressable(posted.card or {}) if each["title"] == label)["data"]
    return data


def told(world: TeamsWorld, person: Member) -> str:
    return "\n".join(each.text for each in world.own(person))


async def test_the_button_of_another_school_is_not_theirs_to_press(world: TeamsWorld) -> None:
    hers, his = await starts(world, PRIYA), await starts(world, TOM)
    before = await world.rows()
    response = await world.executes(TOM, his, level(hers, "Our school: 4 Extending"))
    assert response.status_code == 200
    assert (await world.rows())["answer"] == before["answer"]
    assert "nothing has changed" in told(world, TOM)


async def test_an_old_button_changes_the_answer_it_speaks_of_and_no_other(world: TeamsWorld) -> None:
    """An old question may still stand somewhere above; what is pressed there is what was meant."""
    card = await starts(world, PRIYA)
    old = level(card, "Our school: 4 Extending")
    await world.types(PRIYA, "2 2")
    before = await world.rows()
    await world.executes(PRIYA, card, old)
    assert (await world.rows())["answer"] == before["answer"]
    assert "Our school: 4 Extending" in told(world, PRIYA)


async def test_a_press_in_a_closed_cycle_is_told_so(world: TeamsWorld) -> None:
    card = await starts(world, PRIYA)
    world.clock.later(timedelta(days=60))
    before = await world.rows()
    await world.executes(PRIYA, card, level(card, "Our school: 3 Established"))
    assert (await world.rows())["answer"] == before["answer"]
    assert "This cycle has closed" in told(world, PRIYA)


async def test_a_leaders_id_in_another_organisation_is_another_person(stage: Path, tmp_path: Path) -> None:
    """Who administers an organisation can give an account any id in its own directory."""
    elsewhere = Member(PRIYA.directory_id, tenant="tenant-b")
    async with teams_world(Path(copy(stage, tmp_path)), allowed_tenants=f"{TENANT},tenant-b") as world:
        await world.types(elsewhere, "status")
        assert "I don't know you yet" in told(world, elsewhere)


# What people wrote: the played Teams complains of anything in it that would come alive

ALIVE = "<at>Tom</at> **bold** [y](https://x.example) {{DATE(2026-11-25T08:00Z)}} <b>x</b> &amp; # 1."


async def test_notes_stay_text(world: TeamsWorld) -> None:
    await starts(world, PRIYA)
    sent = ALIVE.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    await world.types(PRIYA, f"strength 1.1 {sent}")
    assert ALIVE in told(world, PRIYA)


async def test_names_stay_text_in_questions_and_in_the_report(world: TeamsWorld) -> None:
    def rename(writing: Connection) -> None:
        for table in (tables.School, tables.Partnership, tables.Person, tables.Cycle):
            writing.execute(update(table).values({"title" if table is tables.Cycle else "name": ALIVE}))

    await world.database.write(rename)
    await starts(world, PRIYA)
    await world.types(PRIYA, "status")
    assert ALIVE in told(world, PRIYA)
    world.clock.later(timedelta(days=60))
    await world.mentions(RUTH, "partnership-report")
    assert ALIVE in "\n".join(each.text for each in world.channel)
