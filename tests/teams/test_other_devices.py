"""Whoever presses sees the card in the answer; their other devices see it a moment later, in the message."""

from __future__ import annotations

import asyncio
import json
from typing import Any, TypeAlias

import pytest
from sqlalchemy import func, select

from core.storage import tables
from integrations.teams.receive import A_MOMENT
from tests.teams import activities
from tests.teams.adaptive_cards import pressable, seen
from tests.teams.playing_teams import Posted
from tests.teams.teams_world import TeamsWorld, member

Json: TypeAlias = dict[str, Any]

PRIYA = member("priya")
OURS, TOGETHER = "Our school: 3 Established", "Our partnership: 3 Established"
ENDING = (OURS, TOGETHER, OURS, TOGETHER)
"""The presses that answer a sub-theme of two questions."""


class Moment:
    """A moment that is over when a test says so."""

    def __init__(self) -> None:
        self.begun: list[float] = []
        self.over = asyncio.Event()

    async def pause(self, seconds: float) -> None:
        self.begun.append(seconds)
        await asyncio.wait_for(self.over.wait(), 5)


@pytest.fixture
async def moment(world: TeamsWorld) -> Moment:
    await world.types(PRIYA, "start")
    world.teams.calls.clear()
    world.teams.message_was_seen.clear()
    moment = Moment()
    world.door._pause = moment.pause
    return moment


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


async def test_another_device_sees_the_card_a_moment_later(world: TeamsWorld, moment: Moment) -> None:
    shown = await presses(world, OURS)
    assert OURS in seen(shown)
    assert card_of(world).card != shown
    moment.over.set()
    await world.door.finish()
    assert card_of(world).card == shown
    assert moment.begun == [A_MOMENT]
    assert A_MOMENT <= 2


async def test_a_few_quick_presses_need_one_edit(world: TeamsWorld, moment: Moment) -> None:
    shown = await presses(world, OURS, TOGETHER, OURS)
    assert world.teams.called() == []
    moment.over.set()
    await world.door.finish()
    assert world.teams.called("send", "update") == ["update"]
    assert card_of(world).card == shown
    assert moment.begun == [A_MOMENT], "and no press has made the moment longer"


async def test_a_press_after_the_moment_is_seen_too(world: TeamsWorld, moment: Moment) -> None:
    moment.over.set()
    await presses(world, OURS)
    await world.door.finish()
    shown = await presses(world, TOGETHER)
    await world.door.finish()
    assert card_of(world).card == shown
    assert card_of(world).edits == 2


async def test_the_next_card_waits_for_nothing(world: TeamsWorld, moment: Moment) -> None:
    moment.over = world.teams.message_was_seen
    shown = await presses(world, *ENDING)
    await world.door.finish()
    assert world.teams.called("send", "update") == ["send", "update"]
    assert card_of(world).card == shown
    assert "Add a strength" in seen(shown)
    assert "2 of 18 answered" in world.own(PRIYA)[1].text


async def test_what_is_asked_for_besides_comes_at_once(world: TeamsWorld, moment: Moment) -> None:
    moment.over = world.teams.message_was_seen
    await presses(world, "Show a hint")
    await world.door.finish()
    assert "Something that would show it" in world.own(PRIYA)[1].text
    assert (world.teams.called("update"), moment.begun) == ([], []), "the card is as it was"


async def test_something_typed_meanwhile_comes_after_the_edit(world: TeamsWorld, moment: Moment) -> None:
    shown = await presses(world, OURS)
    moment.over = world.teams.message_was_seen
    await world.types(PRIYA, "help")
    assert world.teams.called("send", "update") == ["update", "send"]
    assert card_of(world).card == shown


async def test_an_edit_that_a_process_took_with_it_is_made_by_the_clock(world: TeamsWorld, moment: Moment) -> None:
    shown = await presses(world, OURS)
    await world.delivery.drain()
    assert card_of(world).card == shown
    moment.over.set()
    await world.door.finish()
    assert card_of(world).edits == 1


async def test_a_card_that_cannot_be_made_undoes_no_answer(
    world: TeamsWorld, moment: Moment, caplog: pytest.LogCaptureFixture
) -> None:
    table = tables.Answer.__table__

    def broken(*_: object) -> None:
        raise KeyError("Our school")

    async def answers() -> int:
        return await world.database.read(lambda reading: reading.scalar(select(func.count()).select_from(table)) or 0)

    before, world.door._standing = await answers(), broken
    await presses(world, OURS)
    await world.door.finish()
    assert await answers() == before + 1
    assert "A card could not be made" in caplog.text
    assert "KeyError at " in caplog.text
    assert "Our school" not in caplog.text
    assert OURS in card_of(world).text, "the message is edited at once"
