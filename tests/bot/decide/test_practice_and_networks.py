"""Sharing practice in chat: both sides are asked apart, a no is silent and kind, names come once both have said yes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from bot.inbound.buttons_partnership import AnswerPractice, JoinNetwork, SumUpNetwork
from bot.messages import references_partnership
from bot.messages.blocks import Facts
from core.services import practice
from core.storage import tables
from tests.support.world import World, label_of, pressable

GIVER, RECEIVER = "leader-a", "leader-b"


@pytest.fixture
def match(world: World) -> int:
    """School A would share, school B would welcome help; the cycle has closed and they have been proposed."""
    for person, text in ((GIVER, "strength 2.2 We visit each other"), (RECEIVER, "development 2.2 We never visit")):
        world.types(person, "start")
        world.types(person, text)
        world.presses(person, "Yes")
    world.close_cycle()
    assert practice.propose_now(world.connection, world.now) == 1
    return world.connection.execute(select(tables.PracticeMatch.id)).scalar_one()


def asks_both(world: World, match: int) -> None:
    for person in (GIVER, RECEIVER):
        world.says(person, references_partnership.AskPractice(match))


def answers(world: World) -> tuple[bool | None, bool | None]:
    columns = (tables.PracticeMatch.giver_says, tables.PracticeMatch.receiver_says)
    giver, receiver = world.connection.execute(select(*columns)).one()
    return giver, receiver


def test_both_are_asked_and_told_nothing_of_the_other(world: World, match: int) -> None:
    asks_both(world, match)
    assert "A school in your partnership would welcome help with it" in world.text(GIVER)
    assert "A school in your partnership, which recorded it as a strength, would share how it does it" in world.text(
        RECEIVER
    )
    assert "School B" not in world.everything(GIVER)
    assert "School A" not in world.everything(RECEIVER)
    assert "We never visit" not in world.everything(GIVER)


def test_once_both_have_said_yes_they_are_introduced(world: World, match: int) -> None:
    asks_both(world, match)
    world.presses(GIVER, "Yes, introduce us")
    assert "As soon as the other school has said yes too" in world.text(GIVER)
    world.types(RECEIVER, "yes")
    assert answers(world) == (True, True)
    told: dict[str, Mapping[str, str]] = {}
    for person in (GIVER, RECEIVER):
        world.says(person, references_partnership.Introduction(match))
        (facts,) = [block for block in world.last(person) if isinstance(block, Facts)]
        told[person] = {fact.term: fact.text for fact in facts.items}
    assert told == {
        GIVER: {"School": "School B", "Who to ask for": "Leader B"},
        RECEIVER: {"School": "School A", "Who to ask for": "Leader A"},
    }
    assert world.in_channel() == []


def test_a_no_is_silent_and_kind(world: World, match: int) -> None:
    asks_both(world, match)
    world.presses(GIVER, "Not for now")
    assert "that is fine. The other school is not told." in world.text(GIVER)
    world.presses(RECEIVER, "Yes, introduce us")
    assert "If you hear no more of it, it did not work out this time" in world.text(RECEIVER)
    world.says(RECEIVER, references_partnership.Introduction(match))
    assert "School A" not in world.everything(RECEIVER)
    assert world.in_channel() == []


@pytest.mark.parametrize("word", ["practice", "practice sharing", "arfer"])
def test_what_was_asked_can_be_looked_at_and_changed(world: World, match: int, word: str) -> None:
    world.types(GIVER, word)
    world.presses(GIVER, "1 Yes, introduce us")
    assert (world.posted, world.edited) == ([], ["practice"])
    world.types(GIVER, "1 not for now")
    assert answers(world) == (False, None)


def test_the_list_says_who_one_was_introduced_to(world: World, match: int) -> None:
    for person in (GIVER, RECEIVER):
        world.chooses(person, AnswerPractice(match, yes=True, in_list=False))
    world.types(GIVER, "practice")
    assert "You have been introduced: Leader B, School B" in world.text(GIVER)
    assert [label_of(each) for each in pressable(world.last(GIVER))] == ["Help"]
    world.chooses(GIVER, AnswerPractice(match, yes=False, in_list=False))
    assert answers(world) == (True, True)
    assert "please get in touch" in world.text(GIVER)


@pytest.mark.parametrize("person", ["leader-c", "lead", "outsider"])
def test_nobody_else_answers_or_learns_of_it(world: World, match: int, person: str) -> None:
    world.chooses(person, AnswerPractice(match, yes=True, in_list=False))
    assert answers(world) == (None, None)
    if person != "outsider":
        world.says(person, references_partnership.AskPractice(match))
    for text in ("practice", "status", "help"):
        world.types(person, text)
    assert "School A" not in world.everything(person)
    assert "School B" not in world.everything(person)


def test_a_colleague_of_the_same_school_is_not_asked(world: World, match: int) -> None:
    world.person("deputy-a", "Deputy A")
    world.leads_also("deputy-a", "a")
    world.chooses("deputy-a", AnswerPractice(match, yes=True, in_list=False))
    assert answers(world) == (None, None)


def test_an_old_proposal_has_been_let_go(world: World, match: int) -> None:
    asks_both(world, match)
    world.now += timedelta(days=61)
    world.presses(GIVER, "Yes, introduce us")
    assert "has been let go by now" in world.text(GIVER)
    assert answers(world) == (None, None)


def test_who_has_nothing_to_share_is_told_how(world: World) -> None:
    world.types("leader-c", "practice")
    assert "say whether your school would share it or welcome help" in world.text("leader-c")


# Networks


def invited(world: World, joined: bool | None = None, partnerships: int = 1) -> None:
    world.connection.execute(insert(tables.Network).values(id="mid", name="Mid Network"))
    for number in range(partnerships):
        place = "harbour" if number == 0 else f"p{number}"
        if number:
            world.partnership(place, f"Partnership {number}", lead=f"lead-{number}")
        values = {"network_id": "mid", "partnership_id": place, "joined": joined, "said_in_chat": False}
        world.connection.execute(insert(tables.NetworkPartnership).values(**values))


def facilitator(world: World, person: str = "faye") -> None:
    world.person(person, "Faye")
    role = {"partnership_id": "harbour", "person_id": person, "role": "facilitator"}
    world.connection.execute(insert(tables.PartnershipRole).values(**role))


def joined(world: World) -> list[tuple[bool | None, bool]]:
    columns = (tables.NetworkPartnership.joined, tables.NetworkPartnership.said_in_chat)
    return [(yes, in_chat) for yes, in_chat in world.connection.execute(select(*columns))]


def test_a_lead_is_asked_whether_their_partnership_joins(world: World) -> None:
    invited(world)
    world.says("lead", references_partnership.AskNetwork("mid", "harbour"))
    world.presses("lead", "We are part of it")
    assert joined(world) == [(True, True)]
    world.types("lead", "network")
    world.presses("lead", "We are not")
    assert joined(world) == [(False, True)]


@pytest.mark.parametrize("person", ["leader-a", "faye", "outsider"])
def test_only_a_lead_lets_a_partnership_join(world: World, person: str) -> None:
    invited(world)
    facilitator(world)
    world.chooses(person, JoinNetwork("mid", "harbour", yes=True))
    assert joined(world) == [(None, False)]
    assert world.posted


def test_a_facilitator_sees_the_totals_of_a_network_that_was_joined(world: World) -> None:
    invited(world, joined=True, partnerships=6)
    facilitator(world)
    world.types("faye", "network")
    text = world.text("faye")
    assert "Mid Network: what partnerships need most" in text
    assert "Spring term 2027: 0 of 6 partnerships had a report with figures" in text
    assert "School" not in text.replace("schools", "")


@pytest.mark.parametrize("person", ["leader-a", "faye", "outsider"])
def test_who_has_no_network_is_told_what_it_is(world: World, person: str) -> None:
    facilitator(world)
    invited(world)
    for text in ("network", "rhwydwaith"):
        world.types(person, text)
        told = "I don't know you yet" if person == "outsider" else "Networks bring partnerships together"
        assert told in world.text(person)
    world.chooses(person, SumUpNetwork("mid"))
    assert "what partnerships need most" not in world.everything(person)
