"""Whatever people send to the bot is taken or answered: pictures, replies in a thread, ``/me``, corrections."""

from __future__ import annotations

from typing import Any, TypeAlias

import httpx
import pytest

from tests.slack.playing_slack import BOT, BOT_USER, Posted
from tests.slack.requests import as_json, edit, event
from tests.slack.school_world import SlackWorld, user

Json: TypeAlias = dict[str, Any]

PHOTO = {"subtype": "file_share", "files": [{"id": "F1", "name": "photo.png", "mimetype": "image/png"}]}
NO_PICTURES = "I can't keep pictures or files"


async def starts(world: SlackWorld) -> Posted:
    """Priya's first question."""
    await world.types("priya", "start")
    return world.own("priya")[-1]


def said(world: SlackWorld, since: int) -> list[str]:
    """What Priya was told after so many messages."""
    return [each.text for each in world.own("priya")[since:]]


async def edits(world: SlackWorld, before: str, after: str, **more: object) -> httpx.Response:
    world.clock.later()
    return await world.send(as_json(event(edit(user("priya"), before, after, world.now, **more)), world.now))


# Taken as if it had been typed


@pytest.mark.parametrize(
    "more",
    [
        pytest.param(PHOTO, id="with a screenshot"),
        pytest.param({"files": [{"id": "F1"}]}, id="with a file, and no subtype"),
        pytest.param({"subtype": "me_message"}, id="after /me"),
    ],
)
async def test_scores_count_however_they_are_sent(world: SlackWorld, more: Json) -> None:
    await starts(world)
    response = await world.types("priya", "3 2", **more)
    assert response.status_code == 200
    question = world.own("priya")[-1].text
    assert "1 of 18 answered\n\nShared goals: Our school: 3 Established" in question


@pytest.mark.parametrize("subtype", [None, "thread_broadcast"])
async def test_scores_in_the_thread_of_the_question_count(world: SlackWorld, subtype: str | None) -> None:
    question = await starts(world)
    await world.types("priya", "3 2", thread_ts=question.ts, subtype=subtype)
    assert "1 of 18 answered\n\nShared goals: Our school: 3 Established" in world.own("priya")[-1].text


async def test_a_note_with_a_photo_is_kept_and_the_photo_is_said_not_to_be(world: SlackWorld) -> None:
    await starts(world)
    before = len(world.own("priya"))
    await world.types("priya", "strength Pupils lead our assemblies.", **PHOTO)
    first, note, question = said(world, before)
    assert NO_PICTURES in first
    assert "Pupils lead our assemblies." in note
    assert "Shared purpose" in question


@pytest.mark.parametrize(
    "more",
    [
        pytest.param(PHOTO, id="a photo"),
        pytest.param({"attachments": [{"is_share": True, "text": "We share teachers."}]}, id="a forwarded message"),
    ],
)
async def test_what_comes_without_words_is_answered_with_what_to_do(world: SlackWorld, more: Json) -> None:
    await starts(world)
    before = len(world.own("priya"))
    await world.types("priya", "", **more)
    told, question = said(world, before)
    assert (NO_PICTURES in told, "Please type what you would like to say" in told) == (True, True)
    assert "Shared purpose" in question


async def test_it_is_said_in_welsh(world: SlackWorld) -> None:
    await starts(world)
    await world.types("priya", "cymraeg")
    before = len(world.own("priya"))
    await world.types("priya", "", **PHOTO)
    assert "Ni allaf gadw lluniau na ffeiliau" in said(world, before)[0]


async def test_somebody_unknown_who_sends_a_photo_is_told_who_the_bot_is(world: SlackWorld) -> None:
    await world.types("nobody", "", **PHOTO)
    (told,) = world.own("nobody")
    assert "I don't know you yet" in told.text


# In the thread of something else


async def test_a_score_in_the_thread_of_an_earlier_question_answers_no_other(world: SlackWorld) -> None:
    """The first sub-theme has two questions; its message is a record by now."""
    await starts(world)
    await world.types("priya", "3 3")
    await world.types("priya", "3 3")
    record = world.own("priya")[-2]
    assert "Shared purpose" in record.text
    before = len(world.own("priya"))
    await world.types("priya", "1", thread_ts=record.ts)
    told, question = said(world, before)
    assert "That was a reply to an earlier message" in told
    assert "1 Emerging" not in question


async def test_a_score_in_a_thread_that_the_bot_does_not_know_answers_nothing(world: SlackWorld) -> None:
    await starts(world)
    before = len(world.own("priya"))
    await world.types("priya", "1", thread_ts="1790000000.000001")
    told, question = said(world, before)
    assert "That was a reply to an earlier message" in told
    assert "Our school: 1" not in question


async def test_a_strength_in_the_thread_of_an_earlier_sub_theme_is_one_of_that(world: SlackWorld) -> None:
    await starts(world)
    for _ in range(3):
        await world.types("priya", "3 3")
    record, before = world.own("priya")[1], len(world.own("priya"))
    assert "Shared purpose" in record.text
    assert "Shared purpose" not in world.own("priya")[-1].text
    await world.types("priya", "strength We wrote it together.", thread_ts=record.ts)
    assert "Area of strength · Shared purpose" in said(world, before)[0]


# Corrected


async def test_an_answer_that_was_edited_is_kept_as_it_was_sent_and_the_person_is_told_how_to_change_it(
    world: SlackWorld,
) -> None:
    await starts(world)
    await world.types("priya", "3")
    before = len(world.own("priya"))
    response = await edits(world, "3", "2")
    assert response.status_code == 200
    told, question = said(world, before)
    assert "what you sent first is kept" in told
    assert "type change and its number" in told
    assert "Our school: 3 Established" in question


async def test_an_edit_that_is_told_again_is_answered_once(world: SlackWorld) -> None:
    await starts(world)
    again = as_json(event(edit(user("priya"), "3", "2", world.now), key="Ev0EDIT"), world.now)
    before = len(world.own("priya"))
    for _ in range(3):
        await world.send(again)
    assert len(said(world, before)) == 2, "the line and the question"


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"text": "3", "attachments": [{"from_url": "https://example.org"}]}, id="a preview of a link"),
        pytest.param({"text": "3", "pinned_to": ["D0PRIYA"]}, id="pinned"),
        pytest.param({"edited": None}, id="changed by nobody"),
        pytest.param({"edited": {"user": "U0RUTH", "ts": "1795000000.000001"}}, id="changed by somebody else"),
        pytest.param({"user": BOT_USER, "bot_id": BOT, "edited": {"user": BOT_USER}}, id="the bot's own"),
    ],
)
async def test_what_else_changes_a_message_is_nothing_to_speak_of(world: SlackWorld, more: Json) -> None:
    await starts(world)
    before, rows = len(world.own("priya")), await world.rows()
    changed = edit(user("priya"), "3", "2", world.now)
    changed["message"] |= more
    assert (await world.send(as_json(event(changed), world.now))).status_code == 200
    assert (said(world, before), await world.rows()) == ([], rows)


async def test_a_message_that_was_deleted_is_nothing_to_speak_of(world: SlackWorld) -> None:
    await starts(world)
    await world.types("priya", "3")
    before = len(world.own("priya"))
    gone = edit(user("priya"), "3", "3", world.now, subtype="message_deleted", deleted_ts="1795000000.000001")
    assert (await world.send(as_json(event(gone), world.now))).status_code == 200
    assert said(world, before) == []
