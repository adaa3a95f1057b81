"""What Teams sends, in the bot's words: every shape that it has sent, and whatever else may come."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.inbound.events import (
    Account,
    Command,
    Conversation,
    Incoming,
    Installed,
    Kind,
    Left,
    Typed,
    pressed,
)
from core.services.conversation_addresses import Reference
from integrations.teams.parse import Heard, Ignored, InTeam, OutOfTeam, Refresh, Unknown, parse
from integrations.teams.service_urls import ServiceUrls
from integrations.teams.verify import unexpected
from tests.support.days import NOW
from tests.teams.activities import CHANNEL, TEAM, activity, executed, in_channel, installed, mention, message, submitted
from tests.teams.playing_teams import BOT_ID
from tests.teams.signing import SERVICE_URL, TENANT
from tests.teams.teams_world import member

Json: TypeAlias = dict[str, Any]

PAYLOADS = Path(__file__).parent.parent.parent.parent / "shared" / "payloads" / "teams" / "playground-activities.json"
"""What Microsoft's playground sent, where it lies beside the project."""
PRIYA = member("priya")
ACCOUNT = Account("teams", TENANT, PRIYA.directory_id)
DIRECT = Conversation("teams", TENANT, PRIYA.directory_id, Kind.DIRECT)
RIVER = Conversation("teams", TENANT, CHANNEL, Kind.CHANNEL)


def typed(text: str, **more: object) -> Json:
    return message(PRIYA, text, NOW, SERVICE_URL, **more)


def called(text: str, **more: object) -> Json:
    return mention(PRIYA, text, NOW, SERVICE_URL, **more)


def heard(payload: Json) -> Heard:
    found = parse(payload)
    assert isinstance(found, Heard)
    return found


def test_a_text_in_their_own_chat() -> None:
    payload = typed("hello")
    direct = f"a:1_{PRIYA.directory_id}"
    assert parse(payload) == Heard(
        Incoming(f"{direct}:{payload['id']}", NOW, ACCOUNT, DIRECT, Typed("hello")),
        {DIRECT: Reference(SERVICE_URL, direct, PRIYA.id)},
        direct,
    )


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("&lt;b&gt;3&lt;/b&gt; &amp; @channel", "<b>3</b> & @channel"),
        ("3&nbsp;2", "3 2"),
        ("3\xa02\n", "3 2"),
        ("&amp;lt;", "&lt;"),
        ("", ""),
    ],
)
def test_text_is_read_as_it_was_typed(sent: str, read: str) -> None:
    assert heard(typed(sent)).incoming.body == Typed(read)


def test_a_press_of_a_button() -> None:
    payload = executed(PRIYA, {"action": "Skip|1|1.1.a", "text": "Hello", "odd": 7}, "179", NOW, SERVICE_URL)
    found = heard(payload)
    assert found.incoming.body == pressed("Skip|1|1.1.a", {"text": "Hello"})
    assert found.pressed == "179"


def test_a_press_in_a_client_that_sends_it_as_a_message() -> None:
    found = heard(submitted(PRIYA, {"action": "Skip|1|1.1.a"}, "179", NOW, SERVICE_URL))
    assert found.incoming.body == pressed("Skip|1|1.1.a", {})
    assert found.pressed is None


@pytest.mark.parametrize(
    "value", [{}, {"action": {}}, {"action": {"type": "Action.Execute"}}, {"action": {"data": {}}}]
)
def test_a_press_without_anything_in_it(value: Json) -> None:
    payload = executed(PRIYA, {}, "179", NOW, SERVICE_URL) | {"value": value}
    assert heard(payload).incoming.body == pressed("", {})


def test_a_card_that_is_wanted_anew_is_no_press() -> None:
    payload = executed(PRIYA, {"action": "Skip|1|1.1.a"}, "179", NOW, SERVICE_URL)
    payload["value"]["trigger"] = "automatic"
    assert parse(payload) == Refresh(ACCOUNT, DIRECT, "179")


@pytest.mark.parametrize("name", ["@Partnership bot ", "@partnership bot  ", "@Partnership bot\xa0"])
def test_its_name_may_stand_before_what_is_said_to_it_alone(name: str) -> None:
    """It says so of the report's command, and nobody can be mentioned in such a chat: it arrives as plain text."""
    assert heard(typed(f"{name}partnership-report last")).incoming.body == Typed("partnership-report last")


# In a channel


@pytest.mark.parametrize("text", ["partnership-report", "/partnership-report", "Partnership report", " report "])
def test_the_report_is_asked_for_where_it_is_to_be_posted(text: str) -> None:
    found = heard(called(text))
    assert found.incoming.body == Command("partnership-report", "")
    assert found.incoming.conversation == RIVER
    assert found.there == f"{CHANNEL};messageid=1795000000001"


def test_what_else_is_said_there_is_answered_alone() -> None:
    found = heard(called("status"))
    assert found.incoming.body == Command("partnership", "status")
    assert found.incoming.conversation == DIRECT


def test_both_places_are_reached_from_then_on() -> None:
    assert heard(called("help")).reached == {
        DIRECT: Reference(SERVICE_URL, None, PRIYA.id),
        RIVER: Reference(SERVICE_URL, CHANNEL, team=TEAM),
    }


def test_only_the_mention_of_the_bot_is_taken_out_of_a_text() -> None:
    payload = called("ask <at>Ruth</at> too")
    payload["entities"].append({"type": "mention", "text": "<at>Ruth</at>", "mentioned": {"id": "29:ruth"}})
    assert heard(payload).incoming.body == Command("partnership", "ask <at>Ruth</at> too")


def test_a_channels_text_without_the_bots_name_is_not_for_it() -> None:
    assert parse(typed("hello all", **in_channel(PRIYA), entities=[])) == Ignored()


def test_a_press_in_a_channel_is_one_there() -> None:
    payload = executed(PRIYA, {"action": "ShowHelp"}, "179", NOW, SERVICE_URL, **in_channel(PRIYA))
    assert heard(payload).incoming.conversation == RIVER


# Coming and going


def _event(kind: str) -> Json:
    return {"channelData": in_channel(PRIYA)["channelData"] | {"eventType": kind}}


def test_the_bot_was_added_by_a_person() -> None:
    assert heard(installed(PRIYA, NOW, SERVICE_URL)).incoming.body == Installed()


def test_the_bot_was_removed_by_a_person() -> None:
    assert heard(installed(PRIYA, NOW, SERVICE_URL, "remove")).incoming.body == Left()


@pytest.mark.parametrize("action", ["add-upgrade", "remove-upgrade"])
def test_a_new_version_is_nothing_to_speak_of(action: str) -> None:
    assert parse(installed(PRIYA, NOW, SERVICE_URL, action)) == Ignored()


@pytest.mark.parametrize(("action", "added"), [("add", True), ("add-upgrade", False)])
def test_the_bot_is_in_a_team(action: str, added: bool) -> None:
    payload = installed(PRIYA, NOW, SERVICE_URL, action, **in_channel(PRIYA))
    found = parse(payload)
    assert isinstance(found, InTeam)
    assert (found.channel, found.added, found.people) == (RIVER, added, added)
    assert found.reached == Reference(SERVICE_URL, CHANNEL, team=TEAM)


def test_the_bot_was_removed_from_a_team() -> None:
    assert parse(installed(PRIYA, NOW, SERVICE_URL, "remove", **in_channel(PRIYA))) == OutOfTeam(RIVER, TEAM)


def test_somebody_was_added_to_a_team() -> None:
    found = parse(
        activity("conversationUpdate", PRIYA, NOW, SERVICE_URL, membersAdded=[{"id": "29:x"}], **in_channel(PRIYA))
    )
    assert isinstance(found, InTeam)
    assert (found.added, found.people) == (False, True)


@pytest.mark.parametrize(
    ("gone", "received"),
    [
        pytest.param({"membersRemoved": [{"id": BOT_ID}]}, OutOfTeam(RIVER, TEAM), id="the bot is no member"),
        pytest.param(_event("teamDeleted"), OutOfTeam(RIVER, TEAM), id="there is no team any more"),
        pytest.param(_event("teamArchived"), OutOfTeam(RIVER, TEAM), id="nothing can be written there any more"),
    ],
)
def test_nothing_can_be_said_in_a_team_any_more(gone: Json, received: OutOfTeam) -> None:
    assert parse(activity("conversationUpdate", PRIYA, NOW, SERVICE_URL, **in_channel(PRIYA) | gone)) == received


def test_somebody_who_left_a_team_is_no_reason_to_leave_it() -> None:
    went = activity("conversationUpdate", PRIYA, NOW, SERVICE_URL, membersRemoved=[{"id": "29:x"}], **in_channel(PRIYA))
    found = parse(went)
    assert isinstance(found, InTeam)
    assert (found.added, found.people) == (False, False)


# Everything else


@pytest.mark.parametrize(
    "payload",
    [
        pytest.param(activity("conversationUpdate", PRIYA, NOW, SERVICE_URL), id="a personal chat was made"),
        pytest.param(activity("messageReaction", PRIYA, NOW, SERVICE_URL), id="a reaction"),
        pytest.param(activity("messageUpdate", PRIYA, NOW, SERVICE_URL, text="4"), id="an edit is no answer"),
        pytest.param(activity("typing", PRIYA, NOW, SERVICE_URL), id="typing"),
        pytest.param(activity("somethingNew", PRIYA, NOW, SERVICE_URL), id="something new"),
        pytest.param({}, id="nothing"),
        pytest.param({"type": 7}, id="a type that is none"),
        pytest.param({"type": "message"}, id="no more than a type"),
        pytest.param(typed("hello", conversation={"id": ".."}), id="a conversation that is a way up"),
        pytest.param(typed("hello", timestamp="yesterday"), id="at no moment"),
        pytest.param(typed(7), id="a text that is none"),  # type: ignore[arg-type]
    ],
)
def test_what_is_nothing_for_the_bot(payload: Json) -> None:
    assert parse(payload) == Ignored()


@pytest.mark.parametrize("name", ["fileConsent/invoke", "composeExtension/query", "signin/verifyState", None])
def test_teams_is_told_of_requests_that_the_bot_does_not_know(name: str | None) -> None:
    assert parse(activity("invoke", PRIYA, NOW, SERVICE_URL, name=name)) == Unknown()


def test_a_press_that_cannot_be_read_is_a_request_that_is_not_known() -> None:
    assert parse({"type": "invoke", "name": "adaptiveCard/action"}) == Unknown()


def test_whoever_is_in_no_directory_is_known_by_teams_own_word() -> None:
    payload = typed("hello", **{"from": {"id": "29:Xy"}})
    assert heard(payload).incoming.account.user == "29:Xy"


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=3),
    max_leaves=10,
)


@given(
    st.sampled_from(["message", "invoke", "installationUpdate", "conversationUpdate"]),
    st.sampled_from(["from", "conversation", "channelData", "entities", "value", "action", "text", "id", "timestamp"]),
    ANYTHING,
)
def test_nothing_is_too_odd(kind: str, name: str, value: object) -> None:
    parse(activity(kind, PRIYA, NOW, SERVICE_URL) | {"name": "adaptiveCard/action", name: value})


# What Microsoft's own playground sends

EXPECTED: dict[str, object] = {
    "message-personal": Typed("hello"),
    "message-channel-mention": Command("partnership-report", ""),
    "installationUpdate-personal-add": Installed(),
    "invoke-adaptiveCard/action-personal": pressed("", {"criterion": "c1"}),
    "message-personal-submit": pressed("", {"criterion": "c1"}),
    "conversationUpdate-personal": Ignored,
    "conversationUpdate-channel": InTeam,
    "installationUpdate-channel-add": InTeam,
    "message-groupChat-mention": Command("partnership", "hi"),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_what_the_playground_sent(name: str) -> None:
    if not PAYLOADS.exists():
        pytest.skip("what the playground sent is not at hand")
    payload = json.loads(PAYLOADS.read_text(encoding="utf-8"))[name]
    assert unexpected(payload, ServiceUrls(frozenset(), on_this_computer=True), None) is None
    found, expected = parse(payload), EXPECTED[name]
    assert (found.incoming.body == expected) if isinstance(found, Heard) else isinstance(found, expected)  # type: ignore[arg-type]


def test_everything_that_the_playground_sent_is_looked_at() -> None:
    if not PAYLOADS.exists():
        pytest.skip("what the playground sent is not at hand")
    assert set(json.loads(PAYLOADS.read_text(encoding="utf-8"))) == set(EXPECTED)
