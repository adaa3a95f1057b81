"""Payloads as Slack and others have recorded them, signed and sent to the door: each has the effect it should have."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, TypeAlias

import pytest

from tests.slack.block_kit import SHARED
from tests.slack.playing_slack import TEAM
from tests.slack.requests import FORM, JSON, signed
from tests.slack.school_world import RIVER, SlackWorld, user

Json: TypeAlias = dict[str, Any]

FOLDER = SHARED / "payloads" / "slack"
SHAPES = (
    "AppHomeOpenedPayload", "BlockActionPayload", "MessagePayload", "SlashCommandPayload", "ViewSubmissionPayload",
)  # fmt: skip
RAW = (
    "test_slash_command.slash_command_body", "test_block_actions.raw_body", "test_view_submission.raw_body",
    "test_view_submission.connect_channel_body", "test_view_submission.raw_response_url_body",
)  # fmt: skip
EVENTS = ("test_message_file_share.event_payload",)
pytestmark = pytest.mark.skipif(not FOLDER.exists(), reason="The recorded payloads do not lie beside the project.")


@pytest.fixture(autouse=True)
def can_be_written_to(world: SlackWorld) -> None:
    world.slack.direct(user("priya"))


@pytest.fixture(scope="module")
def recorded() -> Json:
    scenarios: Json = json.loads((FOLDER / "sdk-scenarios.json").read_text(encoding="utf-8"))
    return scenarios


def in_our_workspace(body: str) -> str:
    """The same, as if it had happened to a leader of ours in the partnership's channel."""
    ours = {"T111": TEAM, "W111": user("priya"), "U111": user("priya"), "C111": RIVER, "A111": "A0BOT"}
    for theirs, own in ours.items():
        body = body.replace(theirs, own)
    return body


async def sent(world: SlackWorld, body: str, kind: str) -> int:
    return (await world.send(signed(body.encode(), kind, world.now))).status_code


# From a workspace that has not installed the bot


@pytest.mark.parametrize("name", RAW)
async def test_from_elsewhere_a_recorded_form_has_no_effect(world: SlackWorld, recorded: Json, name: str) -> None:
    before = await world.rows()
    assert await sent(world, recorded[name], FORM) == 200
    assert (await world.rows(), world.slack.called()) == (before, [])


@pytest.mark.parametrize("name", EVENTS)
async def test_from_elsewhere_a_recorded_event_has_no_effect(world: SlackWorld, recorded: Json, name: str) -> None:
    before = await world.rows()
    assert await sent(world, json.dumps(recorded[name]), JSON) == 200
    assert (await world.rows(), world.slack.called()) == (before, [])


# As if it had happened to a leader of ours


async def test_a_recorded_press_on_a_button_that_is_not_ours_is_explained_to_who_pressed_it(
    world: SlackWorld, recorded: Json
) -> None:
    assert await sent(world, in_our_workspace(recorded["test_block_actions.raw_body"]), FORM) == 200
    (told,) = world.in_channel("priya")
    assert (told.only_to, "no longer does anything" in told.text) == (user("priya"), True)


async def test_a_recorded_command_is_answered_once_however_often_it_comes(world: SlackWorld, recorded: Json) -> None:
    body = in_our_workspace(recorded["test_slash_command.slash_command_body"])
    body = body.replace("%2Fhello-world", "%2Fpartnership").replace("text=Hi", "text=help")
    for _ in range(3):
        assert await sent(world, body, FORM) == 200
    (told,) = world.in_channel("priya")
    assert (told.only_to, "What I can do" in told.text) == (user("priya"), True)


@pytest.mark.parametrize("name", ["test_view_submission.raw_body", "test_view_submission.raw_response_url_body"])
async def test_a_recorded_form_of_another_app_is_acknowledged(world: SlackWorld, recorded: Json, name: str) -> None:
    before = await world.rows()
    assert await sent(world, in_our_workspace(recorded[name]), FORM) == 200
    assert (await world.rows(), world.slack.called()) == (before, [])


async def test_a_recorded_file_is_no_answer(world: SlackWorld, recorded: Json) -> None:
    before = await world.rows()
    assert (
        await sent(world, in_our_workspace(json.dumps(recorded["test_message_file_share.event_payload"])), JSON) == 200
    )
    assert (await world.rows(), world.slack.called()) == (before, [])


async def test_a_recorded_file_that_is_sent_to_the_bot_is_answered(world: SlackWorld, recorded: Json) -> None:
    body = in_our_workspace(json.dumps(recorded["test_message_file_share.event_payload"]))
    alone = body.replace(f'"channel": "{RIVER}"', '"channel": "D0PRIYA"').replace('"channel"}', '"im"}')
    assert await sent(world, alone, JSON) == 200
    assert "I can't keep pictures or files" in world.own("priya")[0].text


# Every field there is


def filled(shape: object, place: Sequence[str] = ()) -> object:
    """A shape in which every field has something of its kind in it."""
    if isinstance(shape, dict):
        return {name: filled(each, (*place, name)) for name, each in shape.items()}
    if isinstance(shape, list):
        return [filled(each, place) for each in shape]
    return _FILLING.get(place[-1], "x") if shape == "" else shape


_FILLING = {
    "type": "event_callback", "team_id": TEAM, "id": TEAM, "event_id": "Ev0RECORDED", "user": user("priya"),
    "user_id": user("priya"), "channel_id": RIVER, "channel": "D0PRIYA", "ts": "1795000000.000001", "tab": "home",
    "event_ts": "1795000000.000001", "action_ts": "1795000000.000001", "trigger_id": "tr0RECORDED",
    "command": "/partnership", "text": "status", "channel_type": "im",
}  # fmt: skip


def shape(name: str) -> object:
    read: object = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return read


@pytest.mark.parametrize("name", SHAPES)
async def test_with_nothing_in_its_fields_it_has_no_effect(world: SlackWorld, name: str) -> None:
    before = await world.rows()
    assert await sent(world, json.dumps(shape(name)), JSON) == 200
    assert (await world.rows(), world.slack.called()) == (before, [])


@pytest.mark.parametrize("name", SHAPES)
async def test_with_something_in_every_field_it_is_acknowledged(world: SlackWorld, name: str) -> None:
    assert await sent(world, json.dumps(filled(shape(name))), JSON) == 200
    assert (await world.types("priya", "help")).status_code == 200
