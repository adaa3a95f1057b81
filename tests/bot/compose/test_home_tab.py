"""The bot's own page: a leader's progress, a lead's overview, and nothing for anybody else."""

from __future__ import annotations

import pytest

from bot.compose.home_tab import home
from bot.inbound import buttons
from bot.inbound.button_codec import decode
from bot.messages.blocks import Fact, Facts, Heading, Message
from core.enquiry import Account
from tests.support.world import CLOSES, OPENS, World, label_of, pressable


def page(world: World, person: str) -> Message:
    return home(world.connection, world.shelf, Account("test", "t", person), world.now)


def facts(message: Message) -> list[Fact]:
    return [each for block in message.blocks if isinstance(block, Facts) for each in block.items]


def headings(message: Message) -> list[str]:
    return [block.text for block in message.blocks if isinstance(block, Heading)]


def labels(message: Message) -> list[str]:
    return [label_of(each) for each in pressable(message.blocks)]


def test_a_leader_who_has_not_begun_can_start(world: World) -> None:
    shown = page(world, "leader-a")
    assert facts(shown)[0] == Fact("School A", "not started yet")
    assert labels(shown) == ["Start", "Help", "Choose when to be reminded"]


def test_a_leader_sees_how_far_they_have_come(world: World) -> None:
    world.types("leader-a", "start")
    world.taps("leader-a", 3, 3, 3, 3)
    shown = page(world, "leader-a")
    assert facts(shown)[0] == Fact("School A", "2 of 18 answered, not submitted yet")
    assert labels(shown)[0] == "Carry on"


def test_a_leader_of_two_schools_sees_both(world: World) -> None:
    world.leads_also("leader-a", "b")
    assert [each.term for each in facts(page(world, "leader-a"))][:2] == ["School A", "School B"]


def test_a_lead_sees_how_many_schools_have_submitted_and_no_more(world: World) -> None:
    world.finishes("leader-a")
    world.types("leader-a", "submit")
    shown = page(world, "lead")
    assert headings(shown) == ["Harbour Partnership"]
    assert facts(shown) == [Fact("Submitted so far", "1 of 5 schools")]
    assert labels(shown) == ["Post the report", "Help"]


def test_the_report_of_an_open_cycle_is_asked_about_first(world: World) -> None:
    (button, _) = pressable(page(world, "lead").blocks)
    assert decode(button.action) == buttons.ReportOf("harbour")
    world.chooses("lead", buttons.ReportOf("harbour"))
    assert "Summer 2027 is still open" in world.text("lead")


def test_without_any_cycle_there_is_no_report_to_post(world: World) -> None:
    world.partnership("valley", "Valley Partnership", lead="lead")
    assert headings(page(world, "lead")) == ["Harbour Partnership", "Valley Partnership"]
    assert labels(page(world, "lead")) == ["Post the report", "Help"]


def test_a_lead_who_leads_a_school_too_sees_both(world: World) -> None:
    world.leads_also("lead", "a")
    shown = page(world, "lead")
    assert headings(shown) == ["Where things stand", "Harbour Partnership"]
    assert labels(shown) == ["Start", "Help", "Choose when to be reminded", "Post the report"]


def test_a_lead_of_another_partnership_than_their_schools_reads_of_each_once(world: World) -> None:
    world.leads_also("lead", "a")
    world.partnership("valley", "Valley Partnership", lead="lead")
    world.school("v", partnership="valley")
    world.open_cycle(2, "Autumn 2027", OPENS, CLOSES, partnership="valley", schools=("v",))
    shown = page(world, "lead")
    assert headings(shown) == ["Where things stand", "Valley Partnership: Autumn 2027", "Harbour Partnership"]
    assert labels(shown).count("Post the report") == 2


def test_when_nothing_is_open_it_says_so(world: World) -> None:
    world.close_cycle()
    assert "Nothing is open for you at the moment." in repr(page(world, "leader-a").blocks)


def test_somebody_the_bot_does_not_know_learns_nothing(world: World) -> None:
    shown = page(world, "outsider")
    assert labels(shown) == []
    assert "Harbour" not in repr(shown)
    assert "I don't know you yet" in repr(shown)


@pytest.mark.parametrize("person", ["leader-a", "lead"])
def test_it_is_in_the_persons_own_language(world: World, person: str) -> None:
    world.types(person, "cymraeg")
    shown = page(world, person)
    assert shown.lang == "cy"
    assert "Help" not in labels(shown)
