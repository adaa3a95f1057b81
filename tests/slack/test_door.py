"""From Slack's request to its effect and its acknowledgement: what is ours has one effect, and all else has none."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from shutil import copy

import pytest

from bot import actions
from tests.slack.playing_slack import RATE_LIMITED, TEAM, Posted
from tests.slack.requests import (
    FORM,
    JSON,
    Request,
    as_form,
    as_json,
    command,
    event,
    home_opened,
    interaction,
    message,
    press,
    signed,
)
from tests.slack.school_world import RIVER, SlackWorld, buttons, direct, furnished, slack_world, user


@pytest.fixture(scope="module")
def furniture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return furnished(tmp_path_factory.mktemp("slack") / "stage.db")


@pytest.fixture
async def world(furniture: Path, tmp_path: Path) -> AsyncIterator[SlackWorld]:
    async with slack_world(Path(copy(furniture, tmp_path))) as opened:
        yield opened


async def starts(world: SlackWorld, person: str = "priya") -> Posted:
    """The first question."""
    await world.types(person, "start")
    return world.own(person)[-1]


async def press_first(world: SlackWorld, posted: Posted, label: str, person: str = "priya") -> None:
    button = next(each for each in buttons(posted) if each["text"]["text"] == label)
    response = await world.presses(person, button, direct(person), posted.ts)
    assert (response.status_code, response.text) == (200, "")


async def test_a_typed_word_is_answered(world: SlackWorld) -> None:
    response = await world.types("priya", "hello")
    assert (response.status_code, response.text) == (200, "")
    assert "What I can do" in world.own("priya")[-1].text


async def test_a_tap_edits_the_question_in_place(world: SlackWorld) -> None:
    question = await starts(world)
    await press_first(world, question, "3 Established")

    assert world.own("priya")[-1] is question
    assert (question.edits, "Our school: 3 Established" in question.text) == (1, True)
    assert [each["text"]["text"] for each in buttons(question) if each.get("style") == "primary"] == ["✓ 3 Established"]


async def test_an_event_that_comes_again_has_one_effect(world: SlackWorld) -> None:
    request = as_json(event(message(user("priya"), "start", world.now), key="Ev1"), world.now)
    world.slack.direct(user("priya"))
    for _ in range(3):
        assert (await world.send(request)).status_code == 200
    assert len(world.own("priya")) == 1


async def test_a_press_that_comes_again_is_one_press(world: SlackWorld) -> None:
    question = await starts(world)
    skip = next(each for each in buttons(question) if each["text"]["text"] == "Skip")
    request = interaction(press(user("priya"), direct("priya"), skip["value"], world.now, ts=question.ts), world.now)
    before = await world.rows()
    await world.send(request)
    after = await world.rows()
    await world.send(request)
    assert await world.rows() == after
    assert after["inbox"] == before["inbox"] + 1


async def test_a_note_is_written_in_a_box(world: SlackWorld) -> None:
    await starts(world)
    await world.types("priya", "3 3")
    await world.types("priya", "3 3")
    record = next(each for each in world.own("priya") if "Add a strength" in str(each.blocks))
    await press_first(world, record, "Add a strength")
    await press_first(world, world.own("priya")[-1], "Write it here")
    (view,) = world.slack.views
    assert view["blocks"][0]["label"]["text"] == "What is going well, in your own words?"

    response = await world.submits("priya", view, "Our <governors> & heads agree.")
    assert (response.status_code, response.text) == (200, "")
    assert any("Our &lt;governors&gt; &amp; heads agree." in each.text for each in world.own("priya"))


async def test_a_box_that_slack_does_not_open_any_more_can_still_be_typed(world: SlackWorld) -> None:
    await starts(world)
    await world.types("priya", "strength")
    asked = world.own("priya")[-1]
    button = next(each for each in buttons(asked) if each["text"]["text"] == "Write it here")
    late = press(user("priya"), direct("priya"), button["value"], world.now, action_id=button["action_id"])
    assert (await world.send(interaction(late, world.now))).status_code == 200
    assert "Or type: strength" in str(asked.blocks)


async def test_a_command_is_acknowledged_at_once_and_answered_to_its_author_alone(world: SlackWorld) -> None:
    response = await world.commands("ruth", "/partnership-report")
    assert (response.status_code, response.text) == (200, "")
    assert "Autumn 2026 is still open" in world.in_channel("ruth")[-1].text
    assert world.in_channel("priya") == []


async def test_the_bots_own_commands_can_be_given_anywhere(world: SlackWorld) -> None:
    await world.types("priya", "hello")
    await world.commands("priya", "/partnership", "status")
    assert "Where things stand" in world.own("priya")[-1].text
    assert [each.only_to for each in world.in_channel("priya")] == [user("priya")]

    await world.commands("priya", "/partnership", "help", channel="D0TWO0OTHERS")
    assert "What I can do" in world.own("priya")[-1].text


async def test_the_bot_says_hello_where_its_tab_is_opened_for_the_first_time(world: SlackWorld) -> None:
    world.slack.direct(user("priya"))
    opened = home_opened(user("priya"), world.now, None)
    for _ in range(3):
        assert (await world.send(as_json(event(opened), world.now))).status_code == 200
    assert ["Autumn 2026" in each.text for each in world.own("priya")] == [True]


async def test_a_press_on_the_tab_is_answered_under_messages_and_seen_on_the_tab(world: SlackWorld) -> None:
    await world.opens_home("priya")
    assert "not started yet" in str(world.home("priya"))
    response = await world.presses_at_home("priya", "Start")
    assert (response.status_code, response.text) == (200, "")
    assert "Shared purpose" in world.own("priya")[-1].text
    assert "0 of 18 answered" in str(world.home("priya"))


async def test_a_tab_that_could_not_be_shown_anew_does_not_undo_the_press(world: SlackWorld) -> None:
    await world.opens_home("priya")
    world.slack.next_calls("views.publish", RATE_LIMITED)
    assert (await world.presses_at_home("priya", "Start")).status_code == 200
    assert "Shared purpose" in world.own("priya")[-1].text
    await world.opens_home("priya")
    assert "0 of 18 answered" in str(world.home("priya"))


async def test_slack_is_told_that_the_address_is_ours(world: SlackWorld) -> None:
    asked = as_json({"type": "url_verification", "challenge": "abc", "token": "t"}, world.now)
    response = await world.send(asked)
    assert (response.status_code, response.text) == (200, "abc")


async def test_no_sending_is_needed_to_acknowledge(world: SlackWorld) -> None:
    """Slack may be unreachable from here: what was said is kept, and answered later."""
    await world.to_slack.close()
    world.to_slack.api_url = "http://127.0.0.1:9/api/"
    response = await world.types("priya", "start")
    assert response.status_code == 200
    assert (await world.rows())["response"] == 5


# What has no effect


def unsigned(body: bytes, kind: str = JSON, **headers: str) -> Request:
    return Request(body, kind, {"content-type": kind, **headers})


async def no_effect(world: SlackWorld, request: Request, status: int) -> None:
    before = await world.rows()
    response = await world.send(request)
    assert (response.status_code, response.text) == (status, "")
    assert await world.rows() == before
    assert world.slack.called() == []


async def test_a_bad_signature_is_refused(world: SlackWorld) -> None:
    genuine = as_json(event(message(user("priya"), "start", world.now)), world.now)
    await no_effect(world, Request(genuine.body + b" ", JSON, genuine.headers), 401)


async def test_an_old_recording_is_refused(world: SlackWorld) -> None:
    recorded = as_json(event(message(user("priya"), "start", world.now)), world.now - timedelta(minutes=6))
    await no_effect(world, recorded, 401)


async def test_a_recording_that_is_played_back_at_once_has_no_effect(world: SlackWorld) -> None:
    request = as_json(event(message(user("priya"), "help", world.now)), world.now)
    world.slack.direct(user("priya"))
    await world.send(request)
    world.slack.calls.clear()
    await no_effect(world, request, 200)


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"payload=%7B", b"[" * 100_000])
@pytest.mark.parametrize("kind", [JSON, FORM, "text/html", ""])
async def test_unsigned_garbage_is_refused(world: SlackWorld, body: bytes, kind: str) -> None:
    await no_effect(world, unsigned(body, kind), 401)


async def test_signed_garbage_is_malformed(world: SlackWorld) -> None:
    await no_effect(world, signed(b"{", JSON, world.now), 400)


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


async def test_the_button_of_another_school_is_not_theirs_to_press(world: SlackWorld) -> None:
    await starts(world, "priya")
    await starts(world, "tom")
    hers = next(each for each in buttons(world.own("priya")[-1]) if each["text"]["text"] == "4 Extending")
    answers = (await world.rows())["answer"]
    await world.presses("tom", hers, direct("tom"), world.own("tom")[-1].ts)
    assert (await world.rows())["answer"] == answers
    assert "nothing has changed" in "".join(each.text for each in world.own("tom"))


async def test_a_button_that_no_button_of_ours_ever_was_is_explained(world: SlackWorld) -> None:
    await starts(world)
    odd = press(user("priya"), direct("priya"), "Erase|everything", world.now)
    await world.send(interaction(odd, world.now))
    assert "no longer does anything" in "".join(each.text for each in world.own("priya"))


async def test_a_press_in_a_closed_cycle_is_told_so(world: SlackWorld) -> None:
    question = await starts(world)
    world.clock.later(timedelta(days=60))
    await press_first(world, question, "3 Established")
    assert "This cycle has closed" in world.own("priya")[-1].text


async def test_somebody_of_another_workspace_is_told_politely_what_to_do(world: SlackWorld) -> None:
    guest = press("U0GUEST", RIVER, actions.encode(actions.ShowHelp()), world.now)
    guest |= {"user": {"id": "U0GUEST", "team_id": "T0OTHER"}}
    world.slack.channels[RIVER].members.add("U0GUEST")
    before = await world.rows()
    await world.send(interaction(guest, world.now))
    (told,) = world.slack.channels[RIVER].messages
    assert (told.only_to, "Your partnership's lead can tell you" in told.text) == ("U0GUEST", True)
    assert await world.rows() == before


async def test_a_command_from_where_the_bot_is_not_installed_is_answered_at_once(world: SlackWorld) -> None:
    before = await world.rows()
    response = await world.send(as_form(command("U0ANN", "C1", "/partnership", team_id="T0OTHER"), world.now))
    assert response.status_code == 200
    assert "workspace that I was added to" in json.loads(response.text)["text"]
    assert (await world.rows(), world.slack.called()) == (before, [])


async def test_names_and_notes_stay_text(world: SlackWorld) -> None:
    """The played Slack complains of anything that would come alive."""
    await starts(world)
    await world.types("priya", "strength <!channel> <@U0TOM> <https://x.example|y> & *bold*")
    assert any("&lt;!channel&gt; &lt;@U0TOM&gt;" in each.text for each in world.own("priya"))
    assert "<!channel> <@U0TOM>" in str([each.blocks for each in world.own("priya")])


async def test_nothing_that_people_wrote_is_logged(world: SlackWorld, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(0)
    await starts(world)
    await world.types("priya", "strength a-secret-note")
    await world.send(signed(b'{"type": "event_callback", "event": "a-secret-note"', JSON, world.now))
    await world.send(unsigned(b'{"text": "a-secret-note"}'))
    assert "a-secret-note" not in caplog.text
    assert "xoxb" not in caplog.text


async def test_what_could_not_be_stored_is_not_acknowledged(
    world: SlackWorld, caplog: pytest.LogCaptureFixture
) -> None:
    world.database.close()
    response = await world.types("priya", "strength a-secret-note")
    assert response.status_code == 503, "so Slack sends it again"
    assert "a-secret-note" not in caplog.text
