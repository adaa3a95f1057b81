"""Whatever people send to the bot is taken or answered: pictures, quotations, messages without text, corrections."""

from __future__ import annotations

from typing import Any, TypeAlias

import pytest

from tests.teams import activities
from tests.teams.activities import in_channel
from tests.teams.playing_teams import BOT_ID, Member, Posted
from tests.teams.teams_world import TeamsWorld, member

Json: TypeAlias = dict[str, Any]

PRIYA = member("priya")
NO_PICTURES = "I can't keep pictures or files"
PASTED: Json = {"contentType": "image/*", "contentUrl": "https://smba.trafficmanager.net/uk/v3/attachments/1/views/1"}
SHARED: Json = {"contentType": "application/vnd.microsoft.teams.file.download.info", "name": "plan.docx"}


def html(content: str) -> Json:
    return {"contentType": "text/html", "content": content}


def quotation(message: str) -> str:
    """How Teams writes the message that is replied to, above the reply."""
    return (
        f'<blockquote itemscope itemtype="http://schema.skype.com/Reply" itemid="{message}"><strong itemprop="mri">'
        'Partnership bot</strong><p itemprop="preview">1 Emerging</p></blockquote>'
    )


def quoting(message: str) -> list[Json]:
    return [{"type": "quotedReply", "quotedReply": {"messageId": message, "preview": "Area 1 of 3"}}]


async def starts(world: TeamsWorld) -> Posted:
    """Priya's first question."""
    await world.types(PRIYA, "start")
    return world.own(PRIYA)[-1]


def said(world: TeamsWorld, since: int, to: Member = PRIYA) -> list[str]:
    return [each.text for each in world.own(to)[since:]]


# Taken as if it had been typed


@pytest.mark.parametrize(
    ("text", "attachments"),
    [
        pytest.param("3 2", [html("<p>3 2</p>"), PASTED], id="with a picture"),
        pytest.param("3 2", [SHARED], id="with a file"),
        pytest.param("", [html("<div><p>3&nbsp;2</p></div>")], id="as HTML only"),
        pytest.param("3 2", None, id="with no list of attachments"),
    ],
)
async def test_scores_count_however_they_are_sent(world: TeamsWorld, text: str, attachments: list[Json] | None) -> None:
    await starts(world)
    assert (await world.types(PRIYA, text, attachments=attachments)).status_code == 200
    assert "Our school: 3 Established" in world.own(PRIYA)[-1].text


async def test_scores_that_quote_the_question_count(world: TeamsWorld) -> None:
    question = await starts(world)
    await world.types(PRIYA, f'<quoted messageId="{question.id}"/> 3 2', entities=quoting(question.id))
    assert "Our school: 3 Established" in world.own(PRIYA)[-1].text


async def test_a_note_with_a_photo_is_kept_and_the_photo_is_said_not_to_be(world: TeamsWorld) -> None:
    await starts(world)
    before = len(world.own(PRIYA))
    await world.types(PRIYA, "strength Pupils lead our assemblies.", attachments=[PASTED])
    first, note, _question = said(world, before)
    assert NO_PICTURES in first
    assert "Pupils lead our assemblies." in note


@pytest.mark.parametrize(
    "attachments",
    [
        pytest.param([PASTED], id="a picture"),
        pytest.param(
            [html('<p><img src="https://media.giphy.com/x.gif" itemtype="http://schema.skype.com/Giphy"></p>')],
            id="a GIF",
        ),
    ],
)
async def test_a_picture_without_words_is_answered_with_what_to_do(world: TeamsWorld, attachments: list[Json]) -> None:
    await starts(world)
    before = len(world.own(PRIYA))
    await world.types(PRIYA, "", attachments=attachments)
    told, question = said(world, before)
    assert (NO_PICTURES in told, "Please type what you would like to say" in told) == (True, True)
    assert "Shared purpose" in question


async def test_an_emoji_alone_is_words_and_can_be_kept_as_a_note(world: TeamsWorld) -> None:
    await starts(world)
    before = len(world.own(PRIYA))
    emoji = (
        '<p><img itemtype="http://schema.skype.com/Emoji" alt="👍" src="https://statics.teams.cdn.office.net/1"></p>'
    )
    await world.types(PRIYA, "", attachments=[html(emoji)])
    (offered,) = said(world, before)
    assert ("👍" in offered, NO_PICTURES in offered) == (True, False)


async def test_a_note_with_a_photo_in_the_channel_is_answered_alone(world: TeamsWorld) -> None:
    await starts(world)
    before = len(world.own(PRIYA))
    await world.mentions(PRIYA, "strength Pupils lead our assemblies.", attachments=[PASTED])
    first, note, _question = said(world, before)
    assert (NO_PICTURES in first, "Pupils lead our assemblies." in note) == (True, True)


# Quoting something else


@pytest.mark.parametrize("old", [False, True], ids=["as Teams does now", "as it did before"])
async def test_a_score_that_quotes_another_message_answers_nothing(world: TeamsWorld, old: bool) -> None:
    await starts(world)
    before = len(world.own(PRIYA))
    if old:
        await world.types(PRIYA, "1", attachments=[html(f"{quotation('1790000000001')}<p>1</p>")])
    else:
        await world.types(PRIYA, '<quoted messageId="1790000000001"/> 1', entities=quoting("1790000000001"))
    told, question = said(world, before)
    assert "That was a reply to an earlier message" in told
    assert "Our school: 1" not in question


# Corrected


async def test_an_answer_that_was_edited_is_kept_as_it_was_sent_and_the_person_is_told_how_to_change_it(
    world: TeamsWorld,
) -> None:
    await starts(world)
    first = activities.message(PRIYA, "3", world.now, world.teams.service_url)
    await world.send(first)
    before = len(world.own(PRIYA))
    world.clock.later()
    edited = activities.edited(PRIYA, "2", world.now, world.teams.service_url, id=first["id"])
    for _ in range(3):
        assert (await world.send(edited)).status_code == 200
    told, question = said(world, before)
    assert "what you sent first is kept" in told
    assert "Our school: 3 Established" in question

    world.clock.later()
    await world.send(activities.edited(PRIYA, "4", world.now, world.teams.service_url, id=first["id"]))
    assert len(said(world, before)) == 4, "it is another edit of the same message"


async def test_a_mention_that_was_added_afterwards_is_answered_alone(world: TeamsWorld) -> None:
    there = in_channel(PRIYA)
    called = activities.mention(PRIYA, "partnership-report", world.now, world.teams.service_url, **there)
    data = there["channelData"] | {"eventType": "editMessage"}
    await world.types(PRIYA, "hello")
    before = len(world.own(PRIYA))
    await world.send(called | {"type": "messageUpdate", "channelData": data})
    assert "what you sent first is kept" in said(world, before)[0]
    assert world.channel == []


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"channelData": {"tenant": None, "eventType": "undeleteMessage"}}, id="a deletion undone"),
        pytest.param({"type": "messageDelete"}, id="a deletion"),
        pytest.param({"from": {"id": BOT_ID, "name": "Partnership bot"}}, id="the bot's own"),
        pytest.param(in_channel(PRIYA), id="among others, without a mention"),
    ],
)
async def test_what_else_changes_a_message_is_nothing_to_speak_of(world: TeamsWorld, more: Json) -> None:
    await starts(world)
    before = len(world.own(PRIYA))
    changed = activities.edited(PRIYA, "2", world.now, world.teams.service_url)
    data = changed["channelData"] | {name: each for name, each in more.get("channelData", {}).items() if each}
    assert (await world.send(changed | more | {"channelData": data})).status_code == 200
    assert (said(world, before), world.channel) == ([], [])
