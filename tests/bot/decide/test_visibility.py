"""What schools see of one another: asked without pressure, answered for one's own school, told to nobody."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.inbound.buttons_partnership import SayVisibility
from bot.messages import references_partnership
from bot.messages.blocks import Choice, Facts
from core.enquiry import Visibility
from core.storage import tables
from tests.support.world import World, label_of, pressable

OPEN = Visibility.OPEN


def stored(world: World) -> list[tuple[object, ...]]:
    consent = tables.VisibilityConsent
    rows = select(consent.school_id, consent.visibility, consent.agreed, consent.person_id).order_by(consent.school_id)
    return [tuple(row) for row in world.connection.execute(rows)]


def chosen(world: World, person: str = "leader-a") -> list[str]:
    choices = [block for block in world.last(person) if isinstance(block, Choice)]
    return [option.label for choice in choices for option in choice.options if option.chosen]


def test_a_leader_is_asked_and_agrees_for_their_school(world: World) -> None:
    world.says("leader-a", references_partnership.AskVisibility("harbour", "a"))
    assert "Nobody is told who said what" in world.text("leader-a")
    assert "Every school in the partnership will see every school's scores" in world.text("leader-a")
    world.presses("leader-a", "Yes, for our school")
    assert stored(world) == [("a", "open", True, "leader-a")]
    assert "If a leader of every school says yes" in world.text("leader-a")


def test_not_for_now_is_fine(world: World) -> None:
    world.says("leader-a", references_partnership.AskVisibility("harbour", "a"))
    world.types("leader-a", "not for now")
    assert stored(world) == [("a", "open", False, "leader-a")]
    assert "that is fine" in world.text("leader-a")


def test_the_word_can_be_taken_back_in_the_list(world: World) -> None:
    world.chooses("leader-a", SayVisibility("harbour", "a", OPEN, yes=True, in_list=False))
    world.types("leader-a", "visibility")
    assert chosen(world) == ["Yes, for our school"]
    world.presses("leader-a", "Not for now")
    assert (world.posted, world.edited) == ([], ["visibilities"])
    assert chosen(world) == ["Not for now"]
    assert stored(world) == [("a", "open", False, "leader-a")]


@pytest.mark.parametrize("word", ["visibility", "who sees what", "gwelededd"])
def test_it_can_be_typed(world: World, word: str) -> None:
    world.types("leader-a", word)
    assert [label_of(each) for each in pressable(world.last("leader-a"))] == [
        "Yes, for our school", "Not for now", "Help",
    ]  # fmt: skip


@pytest.mark.parametrize("person", ["leader-b", "lead", "outsider"])
def test_only_leaders_of_a_school_speak_for_it(world: World, person: str) -> None:
    world.chooses(person, SayVisibility("harbour", "a", OPEN, yes=True, in_list=False))
    assert stored(world) == []
    assert world.posted


def test_nobody_has_to_agree_to_what_needs_nobodys_word(world: World) -> None:
    world.chooses("leader-a", SayVisibility("harbour", "a", Visibility.OWN_AND_GROUP, yes=True, in_list=False))
    assert stored(world) == []
    assert "out of date" in world.text("leader-a")


def test_a_leader_of_two_schools_says_it_for_each(world: World) -> None:
    world.leads_also("leader-a", "b")
    world.types("leader-a", "visibility")
    world.presses("leader-a", "Yes, for our school: School B, Harbour Partnership")
    assert stored(world) == [("b", "open", True, "leader-a")]


def test_the_lead_learns_how_many_and_not_which(world: World) -> None:
    for school in ("a", "c"):
        world.chooses(f"leader-{school}", SayVisibility("harbour", school, OPEN, yes=True, in_list=False))
    world.types("lead", "visibility")
    (facts,) = [block for block in world.last("lead") if isinstance(block, Facts)]
    assert facts.items[0].text.startswith("2 of 5 schools have agreed to this for the next cycle")
    assert "School A" not in world.everything("lead")


def test_no_school_learns_what_another_said(world: World) -> None:
    world.chooses("leader-a", SayVisibility("harbour", "a", OPEN, yes=False, in_list=False))
    for word in ("visibility", "others", "status"):
        world.types("leader-b", word)
    assert "School A" not in world.everything("leader-b")
    assert chosen(world, "leader-b") == []
    assert world.in_channel() == []


def test_what_others_will_see_says_that_it_is_settled_and_who_else_can_look(world: World) -> None:
    world.types("leader-a", "others")
    text = world.text("leader-a")
    assert "It was settled when this cycle opened" in text
    assert "Whoever looks after the bot, or your Slack or Teams workspace" in text
    assert "freedom of information law may apply" in text


def test_the_lead_is_told_kindly_that_a_cycle_is_not_as_they_wished(world: World) -> None:
    world.says("lead", references_partnership.NotAsWished(1))
    assert "not every school has given it yet" in world.text("lead")
    assert "you need do nothing" in world.text("lead")
    world.says("leader-a", references_partnership.NotAsWished(1))
    assert world.conversation("leader-a") == []


def test_who_belongs_nowhere_is_told_so(world: World) -> None:
    world.leads_no_longer("leader-a", "a")
    world.types("leader-a", "visibility")
    assert "You belong to no school" in world.text("leader-a")
