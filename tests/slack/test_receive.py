"""From Slack's request to its effect and its acknowledgement."""

from __future__ import annotations

import pytest
from sqlalchemy import delete

from core.storage import tables
from tests.slack.playing_slack import RATE_LIMITED, Posted
from tests.slack.requests import (
    JSON,
    Request,
    as_json,
    event,
    home_opened,
    interaction,
    message,
    press,
    signed,
)
from tests.slack.school_world import SlackWorld, buttons, direct, user


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


async def test_a_tap_on_a_question_of_which_no_record_is_left_brings_a_new_one_with_the_answer(
    world: SlackWorld,
) -> None:
    question = await starts(world)
    await world.database.write(lambda writing: writing.execute(delete(tables.Posted)) and None)
    await press_first(world, question, "3 Established")

    assert world.own("priya")[-1] is not question
    assert "Our school: 3 Established" in world.own("priya")[-1].text


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
    assert "Summer 2027 is still open" in world.in_channel("ruth")[-1].text
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
    assert ["Summer 2027" in each.text for each in world.own("priya")] == [True]


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
    assert (response.status_code, response.json()) == (200, {"challenge": "abc"})


async def test_no_sending_is_needed_to_acknowledge(world: SlackWorld) -> None:
    """Slack may be unreachable from here: what was said is kept, and answered later."""
    await world.to_slack.close()
    world.to_slack.api_url = "http://127.0.0.1:9/api/"
    response = await world.types("priya", "start")
    assert response.status_code == 200
    assert (await world.rows())["response"] == 5


async def test_nothing_that_people_wrote_is_logged(world: SlackWorld, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(0)
    await starts(world)
    await world.types("priya", "strength a-secret-note")
    await world.send(signed(b'{"type": "event_callback", "event": "a-secret-note"', JSON, world.now))
    await world.send(Request(b'{"text": "a-secret-note"}', JSON, {"content-type": JSON}))
    assert "a-secret-note" not in caplog.text
    assert "xoxb" not in caplog.text


async def test_what_could_not_be_stored_is_not_acknowledged(
    world: SlackWorld, caplog: pytest.LogCaptureFixture
) -> None:
    world.database.close()
    response = await world.types("priya", "strength a-secret-note")
    assert response.status_code == 503, "so Slack sends it again"
    assert "a-secret-note" not in caplog.text
