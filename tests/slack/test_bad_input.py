"""Bad input, and its expected answer: what nobody signed has no effect at all, and a person's mistake kind words."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import TypeAlias

import pytest
from sqlalchemy import Connection, update

from bot.inbound import buttons as actions
from bot.inbound.button_codec import encode
from core.storage import tables
from tests.slack.playing_slack import TEAM
from tests.slack.requests import (
    FORM,
    JSON,
    Request,
    as_form,
    as_json,
    command,
    event,
    interaction,
    message,
    press,
    signed,
)
from tests.slack.school_world import RIVER, SlackWorld, buttons, direct, user


async def no_effect(world: SlackWorld, request: Request, status: int) -> None:
    before = await world.rows()
    response = await world.send(request)
    assert (response.status_code, response.text) == (status, "")
    assert await world.rows() == before
    assert world.slack.called() == []


# What Slack did not sign, just now, in a sensible size

Made: TypeAlias = Callable[[SlackWorld], Request]


def start(world: SlackWorld, *, minutes: int = 0) -> Request:
    """A leader's word, as genuine as can be but for its age."""
    return as_json(event(message(user("priya"), "start", world.now)), world.now + timedelta(minutes=minutes))


def unsigned(body: bytes, kind: str = JSON, **headers: str) -> Request:
    return Request(body, kind, {"content-type": kind, **headers})


def with_more(world: SlackWorld, more: bytes) -> Request:
    genuine = start(world)
    return Request(genuine.body + more, JSON, genuine.headers)


def with_headers(world: SlackWorld, **headers: str) -> Request:
    genuine = start(world)
    changed = {name.replace("_", "-"): value for name, value in headers.items()}
    return Request(genuine.body, JSON, genuine.headers | changed)


@pytest.mark.parametrize(
    ("status", "made"),
    [
        pytest.param(401, lambda world: with_more(world, b" "), id="a byte more"),
        pytest.param(401, lambda world: with_headers(world, x_slack_signature="v0=" + "0" * 64), id="bad signature"),
        pytest.param(401, lambda world: with_headers(world, x_slack_signature=""), id="no signature"),
        pytest.param(401, lambda world: with_headers(world, x_slack_signature="v0=\xe9"), id="no ASCII"),
        pytest.param(401, lambda world: signed(start(world).body, JSON, world.now, "other"), id="another app's secret"),
        pytest.param(401, lambda world: start(world, minutes=-6), id="stale"),
        pytest.param(401, lambda world: start(world, minutes=6), id="of the future"),
        pytest.param(400, lambda world: with_headers(world, x_slack_request_timestamp="soon"), id="no number"),
        pytest.param(400, lambda world: with_headers(world, x_slack_request_timestamp="9" * 30), id="no time"),
        pytest.param(400, lambda world: signed(b"{", JSON, world.now), id="signed garbage"),
        pytest.param(400, lambda world: signed(b"[" * 100_000, JSON, world.now), id="signed and deep"),
        pytest.param(400, lambda world: signed(b"payload=%7B", FORM, world.now), id="half a form"),
        pytest.param(413, lambda world: signed(b"x" * 1_000_001, JSON, world.now), id="signed and too large"),
    ],
)
async def test_it_is_refused_without_a_trace_of_why(world: SlackWorld, status: int, made: Made) -> None:
    await no_effect(world, made(world), status)


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"payload=%7B", b"[" * 100_000])
@pytest.mark.parametrize("kind", [JSON, FORM, "text/html", ""])
async def test_unsigned_garbage_is_refused(world: SlackWorld, body: bytes, kind: str) -> None:
    await no_effect(world, unsigned(body, kind), 401)


async def test_twenty_megabytes_are_not_read_to_the_end(world: SlackWorld) -> None:
    sent = 0

    async def megabytes() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(20):
            sent += 1
            yield b"x" * 1_000_000

    before = await world.rows()
    response = await world.http.post("/slack/events", content=megabytes())
    assert (response.status_code, sent) == (413, 2)
    assert await world.rows() == before


async def test_a_recording_that_is_played_back_at_once_has_no_effect(world: SlackWorld) -> None:
    request = as_json(event(message(user("priya"), "help", world.now)), world.now)
    world.slack.direct(user("priya"))
    await world.send(request)
    world.slack.calls.clear()
    await no_effect(world, request, 200)


# What Slack sent, and is nothing for the bot


@pytest.mark.parametrize(
    "payload",
    [
        {"type": "event_callback", "team_id": TEAM, "event_id": "Ev1", "event": {"type": "reaction_added"}},
        {"type": "shortcut", "callback_id": "x", "user": {"id": "U1"}, "team": {"id": TEAM}},
        {"type": "block_suggestion", "action_id": "x"},
        {"type": "view_closed", "view": {"callback_id": "write"}},
        {"type": "something_new"},
    ],
)
async def test_what_the_bot_does_not_know_is_acknowledged(world: SlackWorld, payload: dict[str, object]) -> None:
    await no_effect(world, as_json(payload, world.now), 200)


@pytest.mark.parametrize(
    "payload",
    [
        pytest.param({"type": "block_actions", "team": {"id": TEAM}, "actions": []}, id="no button"),
        pytest.param({"type": "event_callback", "team_id": TEAM, "event": []}, id="no event"),
        pytest.param({"type": "event_callback", "authorizations": 1, "event": {"type": "message"}}, id="no list"),
    ],
)
async def test_what_bolt_cannot_read_is_refused(world: SlackWorld, payload: dict[str, object]) -> None:
    await no_effect(world, as_json(payload, world.now), 400)


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"subtype": "message_changed"}, id="an edit"),
        pytest.param({"subtype": "message_deleted"}, id="a deletion"),
        pytest.param({"bot_id": "B0OTHER"}, id="another bot"),
        pytest.param({"channel_type": "channel", "channel": RIVER}, id="in a channel"),
    ],
)
async def test_what_is_no_answer_is_acknowledged(world: SlackWorld, more: dict[str, object]) -> None:
    await no_effect(world, as_json(event(message(user("priya"), "start", world.now, **more)), world.now), 200)


# What a person did, and can't


async def starts(world: SlackWorld, person: str) -> None:
    await world.types(person, "start")


def told(world: SlackWorld, person: str) -> str:
    return "\n".join(each.text for each in world.own(person))


async def press_level(world: SlackWorld, whose: str, label: str, person: str) -> None:
    """The first button with this label of the question that stands with one of them is sent by another."""
    question = world.own(whose)[-1]
    button = next(each for each in buttons(question) if each["text"]["text"] == label)
    response = await world.presses(person, button, direct(person), question.ts)
    assert (response.status_code, response.text) == (200, "")


async def test_the_button_of_another_school_is_not_theirs_to_press(world: SlackWorld) -> None:
    await starts(world, "priya")
    await starts(world, "tom")
    answers = (await world.rows())["answer"]
    await press_level(world, "priya", "4 Extending", "tom")
    assert (await world.rows())["answer"] == answers
    assert "nothing has changed" in told(world, "tom")


async def test_a_button_that_no_button_of_ours_ever_was_is_explained(world: SlackWorld) -> None:
    await starts(world, "priya")
    odd = press(user("priya"), direct("priya"), "Erase|everything", world.now)
    await world.send(interaction(odd, world.now))
    assert "no longer does anything" in told(world, "priya")


async def test_a_stale_button_changes_the_answer_it_speaks_of_and_no_other(world: SlackWorld) -> None:
    """An old question may still stand somewhere above; what is pressed there is what was meant."""
    await starts(world, "priya")
    old = next(each for each in buttons(world.own("priya")[-1]) if each["text"]["text"] == "4 Extending")
    await world.types("priya", "2 2")
    answers = (await world.rows())["answer"]
    await world.presses("priya", old, direct("priya"), world.own("priya")[0].ts)
    assert (await world.rows())["answer"] == answers
    assert "Our school: 4 Extending" in told(world, "priya")


async def test_a_press_in_a_closed_cycle_is_told_so(world: SlackWorld) -> None:
    await starts(world, "priya")
    world.clock.later(timedelta(days=60))
    answers = (await world.rows())["answer"]
    await press_level(world, "priya", "3 Established", "priya")
    assert (await world.rows())["answer"] == answers
    assert "This cycle has closed" in told(world, "priya")


async def test_somebody_of_another_workspace_is_told_politely_what_to_do(world: SlackWorld) -> None:
    guest = press("U0GUEST", RIVER, encode(actions.ShowHelp()), world.now)
    guest |= {"user": {"id": "U0GUEST", "team_id": "T0OTHER"}}
    world.slack.channels[RIVER].members.add("U0GUEST")
    before = await world.rows()
    await world.send(interaction(guest, world.now))
    (shown,) = world.slack.channels[RIVER].messages
    assert (shown.only_to, "Your partnership's lead can tell you" in shown.text) == ("U0GUEST", True)
    assert "Gall arweinydd eich partneriaeth ddweud wrthych" in shown.text, "nobody knows their language"
    assert await world.rows() == before


async def test_a_guest_whose_words_slack_sends_again_is_told_once(world: SlackWorld) -> None:
    elsewhere = {"team": "T0OTHER", "user_team": "T0OTHER"}
    typed = message("U0GUEST", "hello", world.now, **elsewhere)
    request = as_json(event(typed, is_ext_shared_channel=True), world.now)
    again = Request(request.body, JSON, request.headers | {"x-slack-retry-num": "1"})
    conversation = world.slack.direct("U0GUEST")
    for sent in (request, again):
        assert (await world.send(sent)).status_code == 200
    assert ["people of the Slack workspace" in each.text for each in conversation.messages] == [True]


async def test_a_leader_of_ours_who_is_a_guest_elsewhere_is_nobody_there(world: SlackWorld) -> None:
    """The workspace is part of who somebody is: an id of ours, signed in from another workspace, is another person."""
    await starts(world, "priya")
    hers = next(each for each in buttons(world.own("priya")[-1]) if each["text"]["text"] == "4 Extending")
    elsewhere = press(user("priya"), direct("priya"), hers["value"], world.now)
    elsewhere |= {"user": {"id": user("priya"), "team_id": "T0OTHER"}}
    before = await world.rows()
    assert (await world.send(interaction(elsewhere, world.now))).status_code == 200
    assert await world.rows() == before


async def test_a_command_from_where_the_bot_is_not_installed_is_answered_at_once(world: SlackWorld) -> None:
    before = await world.rows()
    response = await world.send(as_form(command("U0ANN", "C1", "/partnership", team_id="T0OTHER"), world.now))
    assert response.status_code == 200
    assert "workspace that I was added to" in json.loads(response.text)["text"]
    assert (await world.rows(), world.slack.called()) == (before, [])


# What people wrote: the played Slack complains of anything in it that would come alive

ALIVE = "<!channel> <@U0TOM> <https://x.example|y> & *bold* :tada:"
SHOWN = "&lt;!channel&gt; &lt;@U0TOM&gt; &lt;https://x.example|y&gt; &amp; *bold* :tada:"


async def test_notes_stay_text(world: SlackWorld) -> None:
    await starts(world, "priya")
    await world.types("priya", f"strength {ALIVE}")
    assert SHOWN in told(world, "priya")
    assert "<!channel> <@U0TOM>" in str([each.blocks for each in world.own("priya")])


async def test_names_stay_text_in_questions_and_in_the_report(world: SlackWorld) -> None:
    def rename(writing: Connection) -> None:
        for table in (tables.School, tables.Partnership, tables.Person, tables.Cycle):
            name = "title" if table is tables.Cycle else "name"
            writing.execute(update(table).values({name: ALIVE}))

    await world.database.write(rename)
    await starts(world, "priya")
    assert SHOWN in told(world, "priya")
    await world.types("priya", "status")
    await world.opens_home("priya")
    await world.types("ruth", "hello")
    await world.opens_home("ruth")
    assert ALIVE in str(world.home("ruth"))
    world.clock.later(timedelta(days=60))
    await world.commands("ruth", "/partnership-report")
    assert SHOWN in "\n".join(each.text for each in world.in_channel("priya"))
