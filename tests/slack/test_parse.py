"""What Slack sends, in the bot's own words: answers are what a person of ours typed, pressed or commanded."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from typing import Any, TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.inbound import events
from bot.inbound.events import (
    Account,
    Body,
    Command,
    Conversation,
    Incoming,
    Installed,
    Kind,
    Typed,
    pressed,
)
from bot.messages.blocks import TextInput
from integrations.slack import form
from integrations.slack.form import Form, carried, modal
from integrations.slack.listeners import bolt_app, dispatch
from integrations.slack.parse import (
    BotRemoved,
    Guest,
    Heard,
    Home,
    Ignored,
    Received,
    WantsForm,
    decoded,
)
from integrations.slack.text import as_typed, escaped
from tests.slack.block_kit import SHARED, complaints, schema_complaints
from tests.slack.playing_slack import TEAM
from tests.slack.requests import command, event, message, press, press_at_home, submission
from tests.support.days import NOW

Json: TypeAlias = dict[str, Any]

ANN = Account("slack", TEAM, "U0ANN")
WITH_ANN = Conversation("slack", TEAM, "U0ANN", Kind.DIRECT)
RIVER = Conversation("slack", TEAM, "C0RIVER", Kind.CHANNEL)


_told: list[Received] = []


async def _hear(received: Received, *, again: bool = False) -> bool:
    _told.append(received)
    return True


BOLT = bolt_app(_hear, lambda: NOW)


def told(payload: Json) -> Received:
    """What the bot is told of a payload, which comes through Bolt as any does; to be told nothing is to ignore it."""
    _told.clear()
    answer = asyncio.run(dispatch(BOLT, payload))
    assert answer.status in {200, 400}
    return _told[0] if _told else Ignored()


def heard(payload: Json, key: str, conversation: Conversation, body: Body, channel: str | None) -> None:
    assert told(payload) == Heard(Incoming(key, NOW, ANN, conversation, body), channel)


def test_a_direct_message_is_what_was_typed() -> None:
    heard(event(message("U0ANN", "3 & <4>", NOW), key="Ev1"), "Ev1", WITH_ANN, Typed("3 & <4>"), "D0ANN")


def test_a_reply_says_in_whose_thread_it_is() -> None:
    payload = event(message("U0ANN", "3", NOW, thread_ts="1795000000.000100"), key="Ev1")
    about = "D0ANN:1795000000.000100"
    assert told(payload) == Heard(Incoming("Ev1", NOW, ANN, WITH_ANN, Typed("3"), about), "D0ANN")


def test_a_press_in_a_direct_message_carries_what_was_on_the_button() -> None:
    payload = press("U0ANN", "D0ANN", "Pause|1", NOW, ts="1795000000.000100")
    key = f"U0ANN:1795000000.000100:{NOW.timestamp():.6f}"
    heard(payload, key, WITH_ANN, pressed("Pause|1"), "D0ANN")


def test_a_press_in_a_channel_is_heard_there() -> None:
    payload = press("U0ANN", "C0RIVER", "Wait|1", NOW, ts="1795000000.000100")
    heard(payload, f"U0ANN:1795000000.000100:{NOW.timestamp():.6f}", RIVER, pressed("Wait|1"), None)


def test_a_press_on_the_bots_own_tab_is_heard_in_the_direct_messages() -> None:
    incoming = Incoming(f"U0ANN:V0HOME:{NOW.timestamp():.6f}", NOW, ANN, WITH_ANN, pressed("Resume"))
    assert told(press_at_home("U0ANN", "Resume", NOW)) == Heard(incoming, None, at_home=True)


def test_a_command_in_the_channel_is_heard_there() -> None:
    payload = command("U0ANN", "C0RIVER", "/partnership-report", " help ", trigger_id="tr1")
    heard(payload, "tr1", RIVER, Command("partnership-report", "help"), None)


def test_a_command_among_two_other_people_is_answered_in_the_bots_own_conversation() -> None:
    payload = command("U0ANN", "D0SOMEBODY", "/partnership", "status", trigger_id="tr1")
    heard(payload, "tr1", WITH_ANN, Command("partnership", "status"), None)


def test_a_form_brings_what_was_written_in_it() -> None:
    view = modal(Form(action="WriteNote|1|1.1|strength", name="text")).to_dict() | {"id": "V1"}
    payload = submission("U0ANN", view, "R&D <3") | {"trigger_id": "tr1"}
    heard(payload, "tr1", WITH_ANN, pressed("WriteNote|1|1.1|strength", {"text": "R&D <3"}), None)


def test_the_first_look_at_the_bots_tab_is_like_an_installation() -> None:
    opened = {"type": "app_home_opened", "user": "U0ANN", "channel": "D0ANN", "tab": "home", "event_ts": "1795000000.1"}
    at = datetime.fromtimestamp(1795000000.1, UTC)
    first = Incoming("opened:U0ANN", at, ANN, WITH_ANN, Installed())
    assert told(event(opened)) == Home(TEAM, "U0ANN", first)
    assert told(event(opened | {"view": {"id": "V1", "type": "home"}})) == Home(TEAM, "U0ANN", None)


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        ({"type": "app_uninstalled"}, BotRemoved(TEAM)),
        ({"type": "tokens_revoked", "tokens": {"bot": ["U0BOT"], "oauth": []}}, BotRemoved(TEAM)),
        ({"type": "tokens_revoked", "tokens": {"oauth": ["U0ANN"]}}, Ignored()),
        ({"type": "team_join", "user": {}}, Ignored()),
    ],
)
def test_the_bot_learns_that_it_was_removed(inner: Json, expected: Received) -> None:
    assert told(event(inner)) == expected


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"subtype": "message_changed", "message": {"text": "4"}}, id="an edit"),
        pytest.param({"subtype": "message_deleted", "deleted_ts": "1795000000.1"}, id="a deletion"),
        pytest.param({"subtype": "bot_message", "bot_id": "B0OTHER"}, id="another bot"),
        pytest.param({"bot_id": "B0BOT", "user": "U0BOT"}, id="the bot itself"),
        pytest.param({"thread_ts": "soon"}, id="no thread"),
        pytest.param({"user": "USLACKBOT"}, id="Slackbot"),
        pytest.param({"channel_type": "channel"}, id="a channel"),
        pytest.param({"channel_type": "mpim"}, id="a group"),
        pytest.param({"user": None}, id="nobody"),
        pytest.param({"ts": "soon"}, id="no moment"),
    ],
)
def test_this_is_no_answer(more: Json) -> None:
    assert told(event(message("U0ANN", "3", NOW) | more)) == Ignored()


def test_guests_of_other_workspaces_are_told_apart() -> None:
    elsewhere = {"team": "T0OTHER", "user_team": "T0OTHER"}
    typed = event(message("U0GUEST", "3", NOW) | elsewhere, is_ext_shared_channel=True)
    assert _guest(typed) == (TEAM, "U0GUEST", "D0GUEST", "T0OTHER", Typed("3"))

    pressed = press("U0GUEST", "C0RIVER", "Pause|1", NOW)
    pressed |= {"team": {"id": "T0OTHER"}, "user": {"id": "U0GUEST", "team_id": "T0OTHER"}}
    assert _guest(pressed) == (TEAM, "U0GUEST", "C0RIVER", "T0OTHER", events.pressed("Pause|1"))

    wrote = submission("U0GUEST", modal(Form(action="a", name="text")).to_dict() | {"id": "V1"}, "3")
    wrote |= {"team": {"id": "T0OTHER"}, "user": {"id": "U0GUEST", "team_id": "T0OTHER"}}
    assert _guest(wrote) == (TEAM, "U0GUEST", None, "T0OTHER", events.pressed("a", {"text": "3"}))


def _guest(payload: Json) -> tuple[str, str, str | None, str, Body]:
    """Who it is, where, at home in which workspace, and what they did in ours if they are of the same organisation."""
    guest = told(payload)
    assert isinstance(guest, Guest)
    assert isinstance(guest.did, Heard)
    assert guest.did.incoming.account == Account("slack", guest.tenant, guest.user)
    return guest.tenant, guest.user, guest.channel, guest.home, guest.did.incoming.body


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"type": None},
        {"type": "event_callback"},
        {"type": "event_callback", "event": []},
        {"type": "event_callback", "event": {"type": {}}},
        {"type": "block_actions", "actions": []},
        {"type": "block_actions", "user": "U0ANN", "actions": [[]]},
        {"type": "view_submission", "view": {"callback_id": "write"}},
        {"type": "view_submission", "view": {"callback_id": "another"}},
        {"type": "view_closed", "view": {"callback_id": "write"}},
        {"type": "shortcut", "callback_id": "x"},
        {"type": "url_verification", "challenge": ["x"]},
        {"command": "/partnership"},
        {"ssl_check": "1", "token": "x"},
    ],
)
def test_what_nobody_needs_is_ignored(payload: Json) -> None:
    assert told(payload) == Ignored()


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=10,
)
whole = st.sampled_from(
    [
        event(message("U0ANN", "3", NOW)),
        press("U0ANN", "D0ANN", "Pause|1", NOW),
        press("U0ANN", "D0ANN", "{}", NOW, action_id="write-1"),
        command("U0ANN", "C0RIVER", "/partnership", "status"),
        submission("U0ANN", modal(Form(action="a", name="text")).to_dict() | {"id": "V1"}, "3"),
        event({"type": "app_home_opened", "user": "U0ANN", "tab": "home", "event_ts": "1.1"}),
        event({"type": "tokens_revoked", "tokens": {"bot": ["U0BOT"]}}),
    ]
)


@given(st.data())
def test_whatever_comes_there_is_an_answer(data: st.DataObject) -> None:
    payload = json.loads(json.dumps(data.draw(whole)))
    for _ in range(data.draw(st.integers(1, 3))):
        place: Any = payload
        while isinstance(place, (dict, list)) and place:
            keys = list(place) if isinstance(place, dict) else range(len(place))
            key = data.draw(st.sampled_from(keys))
            if not isinstance(place[key], (dict, list)) or data.draw(st.booleans()):
                place[key] = data.draw(json_values)
                break
            place = place[key]
    received = told(payload)
    if isinstance(received, Heard):
        assert received.incoming.at.tzinfo is not None


# How requests are written


@pytest.mark.parametrize(
    ("kind", "body", "expected"),
    [
        ("application/json", b'{"a": "\xc3\xa9"}', {"a": "é"}),
        ("application/json; charset=utf-8", b'{"a": 1}', {"a": 1}),
        ("application/x-www-form-urlencoded", b"text=a+b%20%C3%A9%26&command=%2Fx&empty=", None),
        ("application/x-www-form-urlencoded", b"payload=%7B%22a%22%3A+%22x+y%22%7D", {"a": "x y"}),
        ("", b"payload=%7B%22a%22%3A%201%7D", {"a": 1}),
        ("application/json", b"[1]", ()),
        ("application/json", b"{", ()),
        ("application/json", b"\xff", ()),
        ("application/json", b"", ()),
        ("application/json", b"[" * 200_000, ()),
        ("application/json", b'{"a": ' + b"1" * 10_000 + b"}", ()),
        ("application/x-www-form-urlencoded", "text=é".encode(), ()),
        ("application/x-www-form-urlencoded", b"payload=%7B", ()),
        ("application/x-www-form-urlencoded", b"payload=[]", ()),
    ],
)
def test_a_request_is_json_or_a_form_or_json_in_a_form(kind: str, body: bytes, expected: object) -> None:
    if expected is None:
        expected = {"text": "a b é&", "command": "/x", "empty": ""}
    assert decoded(kind, body) == (None if expected == () else expected)


@given(st.text(max_size=40), st.binary(max_size=200))
def test_no_garbage_is_too_much_for_it(kind: str, body: bytes) -> None:
    assert decoded(kind, body) is None or isinstance(decoded(kind, body), dict)


# How Slack writes text


@pytest.mark.parametrize(
    ("sent", "typed"),
    [
        ("R&amp;D &lt;3", "R&D <3"),
        ("&amp;lt;", "&lt;"),
        ("<@U0ANN>", "@U0ANN"),
        ("<@U0ANN|ann>", "@ann"),
        ("<#C0RIVER|river> <#C0RIVER>", "#river #C0RIVER"),
        ("<!channel> <!subteam^S1|@heads> <!date^1^{date}|today>", "@channel @heads today"),
        ("<http://river.example.org|river.example.org>", "river.example.org"),
        ("<https://river.example.org>", "https://river.example.org"),
        ("<https://river.example.org|our plan>", "our plan (https://river.example.org)"),
        ("<mailto:ann@example.org|ann@example.org>", "ann@example.org"),
        ("3 > 2 < 4", "3 > 2 < 4"),
    ],
)
def test_what_was_typed_is_read_out_of_slacks_markup(sent: str, typed: str) -> None:
    assert as_typed(sent) == typed


@given(st.text())
def test_escaped_text_is_read_as_it_was(text: str) -> None:
    assert as_typed(escaped(text)) == text


# A box to write in


def asked(**more: str) -> TextInput:
    texts = {"label": "What is going well?", "hint": "Only your school.", "value": ""} | more
    return TextInput("text", texts["label"], texts["hint"], "WriteNote|1", "Keep it", "strength …", texts["value"])


def test_the_button_opens_its_box_within_three_seconds() -> None:
    value = carried(asked(), "cy")
    received = told(press("U0ANN", "D0ANN", value, NOW, action_id="write-3") | {"trigger_id": "tr1"})
    assert isinstance(received, WantsForm)
    assert (received.tenant, received.trigger) == (TEAM, "tr1")

    view = modal(received.form).to_dict()
    assert (view["title"]["text"], view["submit"]["text"]) == ("Yn eich geiriau eich hun", "Keep it")
    assert view["blocks"][0]["label"]["text"] == "What is going well?"


@given(st.text(max_size=3000), st.text(max_size=3000), st.text(max_size=5000))
def test_a_box_of_any_size_keeps_what_it_is_for(label: str, hint: str, value: str) -> None:
    read = form.read(carried(asked(label=label, hint=hint, value=value), "en"))
    assert read is not None
    assert (read.action, read.name) == ("WriteNote|1", "text")
    view = modal(read).to_dict()
    assert complaints(view["blocks"], most=100) == []
    assert schema_complaints(view, "modal") == []


# Payloads as others have recorded them


@pytest.fixture(scope="module")
def recorded() -> Json:
    path = SHARED / "payloads" / "slack" / "sdk-scenarios.json"
    if not path.exists():
        pytest.skip("The recorded payloads do not lie beside the project.")
    scenarios: Json = json.loads(path.read_text(encoding="utf-8"))
    return scenarios


FORM_TYPE = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("test_slash_command.slash_command_body", Command("hello-world", "Hi")),
        ("test_block_actions.raw_body", pressed("click_me_123")),
    ],
)
def test_recorded_requests_are_heard(recorded: Json, name: str, expected: Body) -> None:
    payload = decoded(FORM_TYPE, recorded[name].encode())
    assert payload is not None
    received = told(payload)
    assert isinstance(received, Heard)
    assert received.incoming.body == expected
    assert received.incoming.account == Account("slack", "T111", "W111")
    assert received.incoming.conversation == Conversation("slack", "T111", "C111", Kind.CHANNEL)


@pytest.mark.parametrize(
    "name", ["test_view_submission.raw_body", "test_view_submission.connect_channel_body", "test_message_file_share"]
)
def test_recorded_requests_that_are_nothing_for_the_bot_are_ignored(recorded: Json, name: str) -> None:
    body = recorded.get(name)
    payload = recorded[f"{name}.event_payload"] if body is None else decoded(FORM_TYPE, body.encode())
    assert payload is not None
    assert told(payload) == Ignored()


@pytest.mark.parametrize(
    "name",
    ["AppHomeOpenedPayload", "BlockActionPayload", "MessagePayload", "SlashCommandPayload", "ViewSubmissionPayload"],
)
def test_no_field_of_slacks_own_shapes_is_a_surprise(recorded: Json, name: str) -> None:
    shape = json.loads((SHARED / "payloads" / "slack" / f"{name}.json").read_text(encoding="utf-8"))
    assert told(shape) == Ignored(), "every field is empty there"
    filled = json.loads(json.dumps(shape).replace('": ""', '": "T111"'))
    told(filled)
