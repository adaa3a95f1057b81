"""Whoever presses sees the card in the answer; their other devices see it a moment later, in the message."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any, TypeAlias

import pytest
from sqlalchemy import func, select

from core.storage import outbox, tables
from core.storage.outbox import Place
from integrations.teams.receive import A_MOMENT
from tests.teams import activities
from tests.teams.adaptive_cards import pressable, seen
from tests.teams.playing_teams import Posted
from tests.teams.teams_world import TeamsWorld, member

Json: TypeAlias = dict[str, Any]

PRIYA = member("priya")
OURS, TOGETHER = "Our school: 3 Established", "Our partnership: 3 Established"
A_LONG_TIME = timedelta(minutes=1)
ENDING = (OURS, TOGETHER, OURS, TOGETHER)
"""The presses that answer a sub-theme of two questions."""


@pytest.fixture
async def started(world: TeamsWorld) -> TeamsWorld:
    await world.types(PRIYA, "start")
    world.teams.calls.clear()
    world.teams.message_was_seen.clear()
    return world


def card_of(world: TeamsWorld) -> Posted:
    return world.own(PRIYA)[0]


async def press(world: TeamsWorld, shown: Json, label: str) -> Json:
    """Press on the card as this device shows it; what it shows then. Nobody waits for what else the bot does."""
    world.clock.later()
    data = next(each for each in pressable(shown) if each["title"].removeprefix("● ") == label)["data"]
    pressed = activities.executed(PRIYA, data, card_of(world).id, world.now, world.teams.service_url)
    headers = {"Authorization": f"Bearer {world.token()}"}
    response = await world.http.post("/api/messages", content=json.dumps(pressed), headers=headers)
    value: Json = response.json()["value"]
    return value


async def presses(world: TeamsWorld, *labels: str) -> Json:
    shown = card_of(world).card or {}
    for label in labels:
        shown = await press(world, shown, label)
    return shown


async def test_another_device_sees_the_card_a_moment_later(started: TeamsWorld) -> None:
    shown = await presses(started, OURS)
    assert OURS in seen(shown)
    await started.delivery.drain()
    assert card_of(started).card != shown
    await started.a_moment_passes(PRIYA)
    assert card_of(started).card == shown
    assert timedelta(seconds=3) >= A_MOMENT


async def test_quick_presses_need_one_edit_a_moment_after_the_last(started: TeamsWorld) -> None:
    begun = started.now
    for label in (OURS, TOGETHER, OURS):
        shown = await presses(started, label)
        await started.delivery.drain()
    assert started.now - begun > A_MOMENT
    assert started.teams.called() == []
    await started.a_moment_passes(PRIYA)
    assert started.teams.called("send", "update") == ["update"]
    assert card_of(started).card == shown


async def test_a_press_after_the_moment_is_seen_too(started: TeamsWorld) -> None:
    for label in (OURS, TOGETHER):
        shown = await presses(started, label)
        await started.a_moment_passes(PRIYA)
        assert card_of(started).card == shown
    assert card_of(started).edits == 2


async def test_the_next_card_waits_for_nothing(started: TeamsWorld) -> None:
    shown = await presses(started, *ENDING)
    await started.door.finish()
    assert started.teams.called("send", "update") == ["send"]
    assert "2 of 18 answered" in started.own(PRIYA)[1].text
    await started.a_moment_passes(PRIYA)
    assert started.teams.called("send", "update") == ["send", "update"]
    assert card_of(started).card == shown
    assert "Add a strength" in seen(shown)


async def test_what_is_asked_for_besides_comes_at_once(started: TeamsWorld) -> None:
    await presses(started, "Show a hint")
    await started.door.finish()
    assert "Something that would show it" in started.own(PRIYA)[1].text
    await started.a_moment_passes(PRIYA)
    assert started.teams.called("update") == [], "the card is as it was"


async def test_something_typed_meanwhile_does_not_wait_for_the_edit(started: TeamsWorld) -> None:
    shown = await presses(started, OURS)
    await started.send(activities.message(PRIYA, "help", started.now, started.teams.service_url))
    assert started.teams.called("send", "update") == ["send"]
    await started.a_moment_passes(PRIYA)
    assert started.teams.called("send", "update") == ["send", "update"]
    assert card_of(started).card == shown


async def test_a_card_that_cannot_be_made_undoes_no_answer(
    started: TeamsWorld, caplog: pytest.LogCaptureFixture
) -> None:
    table = tables.Answer.__table__

    def broken(*_: object) -> None:
        raise KeyError("Our school")

    async def answers() -> int:
        return await started.database.read(lambda reading: reading.scalar(select(func.count()).select_from(table)) or 0)

    before, started.door._standing = await answers(), broken
    await presses(started, OURS)
    await started.door.finish()
    assert await answers() == before + 1
    assert "A card could not be made" in caplog.text
    assert "KeyError at " in caplog.text
    assert "Our school" not in caplog.text
    assert OURS in card_of(started).text, "the message is edited at once"


async def test_an_answer_waits_for_an_edit_that_began_before_the_press_but_not_for_ever(started: TeamsWorld) -> None:
    await presses(started, OURS)
    assert started.time.waited == [], "nothing was being edited"
    started.clock.later(A_MOMENT)
    place = Place("teams", PRIYA.tenant, PRIYA.directory_id)
    await started.database.write(lambda writing: outbox.claim(writing, place, now=started.now, lease=A_LONG_TIME))
    await presses(started, TOGETHER)
    assert sum(started.time.waited) == pytest.approx(1.5)
