"""A question with buttons shows what was answered, wherever that was, instead of standing there unanswered."""

from __future__ import annotations

import pytest

from bot.messages.references import MessageReference
from tests.slack.playing_slack import Posted
from tests.slack.school_world import SlackWorld, buttons, direct
from tests.support.asking import CHECK_IN, PRACTICE, VISIBILITY, ask, has_something_to_be_asked_about


async def asked(world: SlackWorld, what: MessageReference) -> Posted:
    """A question of the clock, to Priya."""
    await world.types("priya", "hello")
    await world.database.write(lambda writing: has_something_to_be_asked_about(writing, world.now))
    where = await world.database.write(lambda writing: ask(writing, "priya", what, world.now))
    await world.delivery.deliver([where])
    return world.own("priya")[-1]


def labels(posted: Posted) -> list[str]:
    return [each["text"]["text"] for each in buttons(posted)]


def chosen(posted: Posted) -> list[str]:
    return [each["text"]["text"] for each in buttons(posted) if each.get("style") == "primary"]


async def press(world: SlackWorld, posted: Posted, label: str) -> None:
    button = next(each for each in buttons(posted) if each["text"]["text"].removeprefix("✓ ") == label)
    assert (await world.presses("priya", button, direct("priya"), posted.ts)).status_code == 200


QUESTIONS = pytest.mark.parametrize(
    ("what", "yes", "no"),
    [
        pytest.param(VISIBILITY, "Yes, for our school", "Not for now", id="may your school be named"),
        pytest.param(PRACTICE, "Yes, introduce us", "Not for now", id="may I introduce you"),
        pytest.param(CHECK_IN, "1 is done", "1 carries on", id="how is it going"),
    ],
)


@QUESTIONS
async def test_it_shows_what_was_pressed_and_what_was_pressed_since(
    world: SlackWorld, what: MessageReference, yes: str, no: str
) -> None:
    question = await asked(world, what)
    assert chosen(question) == []
    before = len(world.own("priya"))
    await press(world, question, yes)
    assert (chosen(question), len(world.own("priya"))) == ([f"✓ {yes}"], before + 1), "and it is answered below"
    await press(world, question, no)
    assert chosen(question) == [f"✓ {no}"]


@QUESTIONS
async def test_it_shows_what_was_typed(world: SlackWorld, what: MessageReference, yes: str, no: str) -> None:
    question = await asked(world, what)
    await world.types("priya", no)
    assert chosen(question) == [f"✓ {no}"]


async def test_it_shows_what_was_answered_in_the_list(world: SlackWorld) -> None:
    question = await asked(world, VISIBILITY)
    await world.types("priya", "visibility")
    await press(world, world.own("priya")[-1], "Not for now")
    assert chosen(question) == chosen(world.own("priya")[-1]) == ["✓ Not for now"]


async def test_an_action_shows_how_it_stands_where_it_was_pressed(world: SlackWorld) -> None:
    question = await asked(world, CHECK_IN)
    await press(world, question, "1 carries on")
    card = world.own("priya")[-1]
    await press(world, card, "It is done")
    assert (chosen(card), chosen(world.own("priya")[-1])) == (["✓ It is done"], ["✓ It is done"])
    assert world.own("priya")[-1] is not card


async def test_deputies_and_times_of_reminders_too(world: SlackWorld) -> None:
    await asked(world, VISIBILITY)
    await world.types("priya", "deputy")
    deputies = world.own("priya")[-1]
    await press(world, deputies, next(each for each in labels(deputies) if each.startswith("Ask ")))
    assert "answers instead of you" in deputies.text

    await world.types("priya", "reminders")
    times = world.own("priya")[-1]
    await press(world, times, "After school, 15:45")
    assert chosen(times) == ["✓ After school, 15:45"]


async def test_an_answer_is_no_reason_to_ask_again_where_nothing_was_asked(world: SlackWorld) -> None:
    await world.types("priya", "visibility")
    before = len(world.own("priya"))
    await press(world, world.own("priya")[-1], "Not for now")
    assert len(world.own("priya")) == before
