"""A box to write in that Slack does not open: whoever pressed is told to type instead, and what they type counts."""

from __future__ import annotations

from typing import Any, TypeAlias

import httpx
import pytest

from tests.slack.playing_slack import DROPPED, RATE_LIMITED, Fault, Posted, refused
from tests.slack.requests import Request, interaction, press
from tests.slack.school_world import SlackWorld, buttons, direct, user

Json: TypeAlias = dict[str, Any]

REFUSED = "The box for writing didn't open."


async def asked_for_a_strength(world: SlackWorld) -> Posted:
    await world.types("priya", "start")
    await world.types("priya", "strength")
    return world.own("priya")[-1]


def pressing(world: SlackWorld, person: str, posted: Posted) -> Request:
    """A press on *Write it here* whose trigger Slack knows no more."""
    button = next(each for each in buttons(posted) if each["text"]["text"] in {"Write it here", "Ysgrifennwch yma"})
    late = press(user(person), direct(person), button["value"], world.now, action_id=button["action_id"], ts=posted.ts)
    return interaction(late, world.now)


async def press_write(world: SlackWorld, posted: Posted) -> httpx.Response:
    button = next(each for each in buttons(posted) if each["text"]["text"] == "Write it here")
    return await world.presses("priya", button, direct("priya"), posted.ts)


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(refused("expired_trigger_id"), id="too late"),
        pytest.param(refused("missing_scope", needed="views:write"), id="without permission"),
        pytest.param(RATE_LIMITED, id="too often"),
        pytest.param(DROPPED, id="without an answer"),
    ],
)
async def test_what_is_typed_instead_is_kept(world: SlackWorld, fault: Fault) -> None:
    box = await asked_for_a_strength(world)
    world.slack.next_calls("views.open", fault)
    assert (await press_write(world, box)).status_code == 200
    told, again = world.own("priya")[-2:]
    assert (REFUSED in told.text, "What is going well" in again.text) == (True, True)

    before = len(world.own("priya"))
    await world.types("priya", "Our pupils lead assemblies.")
    assert "Our pupils lead assemblies." in world.own("priya")[before].text


async def test_a_press_that_comes_again_is_answered_once(world: SlackWorld) -> None:
    box = await asked_for_a_strength(world)
    request = pressing(world, "priya", box)
    for _ in range(3):
        await world.send(request)
    assert sum(REFUSED in each.text for each in world.own("priya")) == 1


async def test_a_box_for_which_the_person_has_moved_on_since_asks_again(world: SlackWorld) -> None:
    """Otherwise what is typed next would not be the note."""
    box = await asked_for_a_strength(world)
    await world.types("priya", "3 3")
    await world.send(pressing(world, "priya", box))
    before = len(world.own("priya"))
    await world.types("priya", "Our pupils lead assemblies.")
    assert "Area of strength · Shared purpose" in world.own("priya")[before].text


async def test_it_is_said_in_welsh(world: SlackWorld) -> None:
    await world.types("priya", "cymraeg")
    box = await asked_for_a_strength(world)
    await world.send(pressing(world, "priya", box))
    assert "Nid agorodd y blwch ysgrifennu." in world.own("priya")[-2].text


async def test_the_words_of_an_action_can_be_typed_instead(world: SlackWorld) -> None:
    await world.types("ruth", "action")
    await world.types("ruth", "1.1")
    form = world.own("ruth")[-1]
    assert "What will you do" in form.text
    await world.send(pressing(world, "ruth", form))
    assert REFUSED in world.own("ruth")[-2].text
    await world.types("ruth", "Visit each other's lessons")
    assert "Action: Visit each other's lessons" in world.own("ruth")[-1].text


async def test_a_button_that_carries_no_box_is_explained(world: SlackWorld) -> None:
    await asked_for_a_strength(world)
    late = press(user("priya"), direct("priya"), "no box", world.now, action_id="write-1")
    before = len(world.own("priya"))
    assert (await world.send(interaction(late, world.now))).status_code == 200
    assert "That button is out of date" in world.own("priya")[before].text
