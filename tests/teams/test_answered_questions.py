"""A question with buttons shows what was answered on every device, not only on the one where it was pressed."""

from __future__ import annotations

from typing import Any, TypeAlias

import pytest

from bot.messages.references import MessageReference
from tests.support.asking import CHECK_IN, PRACTICE, VISIBILITY, ask, has_something_to_be_asked_about
from tests.teams.adaptive_cards import pressable, seen
from tests.teams.playing_teams import CARD
from tests.teams.teams_world import TeamsWorld, member

Json: TypeAlias = dict[str, Any]

PRIYA = member("priya")


@pytest.mark.parametrize(
    ("what", "label"),
    [
        pytest.param(VISIBILITY, "Not for now", id="may your school be named"),
        pytest.param(PRACTICE, "Yes, introduce us", id="may I introduce you"),
        pytest.param(CHECK_IN, "1 is done", id="how is it going"),
    ],
)
async def test_it_shows_what_was_pressed(world: TeamsWorld, what: MessageReference, label: str) -> None:
    await world.types(PRIYA, "hello")
    await world.database.write(lambda writing: has_something_to_be_asked_about(writing, world.now))
    where = await world.database.write(lambda writing: ask(writing, "priya", what, world.now))
    await world.delivery.deliver([where])
    question = world.own(PRIYA)[-1]
    data: Json = next(each for each in pressable(question.card or {}) if each["title"] == label)["data"]

    response = await world.executes(PRIYA, question, data)
    assert response.json()["type"] == CARD
    assert f"✓ {label}" in seen(response.json()["value"])
    assert (question.edits, f"✓ {label}" in question.text) == (1, True)
