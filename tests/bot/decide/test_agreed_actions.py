"""Improvement actions: a lead records what the meeting agreed, everybody can see it, owners say how it stands."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import Connection, insert, select

from bot.inbound.buttons_partnership import (
    DraftDue,
    DraftOwner,
    DraftSubtheme,
    DraftWords,
    PostAgreedActions,
    RecordAgreedAction,
    RemoveAgreedAction,
    SettleAgreedAction,
)
from bot.inbound.events import pressed
from bot.messages import references_partnership
from bot.messages.blocks import Choice, Facts, Heading
from core.services import agreed_actions
from core.storage import tables
from tests.support.days import london
from tests.support.world import CLOSES, World, label_of, pressable

MEETING = london("2027-07-13 15:30")
"""A Tuesday. The next half term begins after Friday 22 October, the autumn term ends on Friday 17 December."""


@pytest.fixture
def world(connection: Connection) -> World:
    """The summer cycle has closed, and the meeting is under way."""
    world = World(connection)
    world.now = CLOSES
    world.close_cycle()
    world.now = MEETING
    return world


def stored(world: World) -> list[tuple[object, ...]]:
    action = tables.AgreedAction
    columns = (action.subtheme, action.words, action.owner_id, action.due_on, action.state)
    rows = world.connection.execute(select(*columns).order_by(action.agreed_at, action.id))
    return [tuple(row) for row in rows]


def asked(world: World, person: str = "lead") -> str:
    """What the form asks."""
    (choice,) = [block for block in world.last(person) if isinstance(block, Choice)]
    return choice.question


def facts(world: World, person: str = "lead") -> dict[str, str]:
    return {fact.term: fact.text for block in world.last(person) if isinstance(block, Facts) for fact in block.items}


def labels(world: World, person: str = "lead") -> list[str]:
    return [label_of(each) for each in pressable(world.last(person))]


def record(world: World, words: str = "Visit each other", owner: str = "b", due: str = "22 October") -> int:
    """Let the lead record an action in one line, and return its number."""
    before = set(world.connection.scalars(select(tables.AgreedAction.id)))
    world.types("lead", f"action 2.2 {words}; {owner}; {due}")
    (new,) = set(world.connection.scalars(select(tables.AgreedAction.id))) - before
    return new


# Recording


def test_in_four_presses_and_a_sentence(world: World) -> None:
    world.types("lead", "action")
    world.presses("lead", "5 Support/challenge")
    world.writes("lead", "  Visit each other's lessons\nin pairs. ")
    world.presses("lead", "2 School B")
    world.presses("lead", "1 By half term, Friday 22 October")
    assert stored(world) == [("2.2", "Visit each other's lessons in pairs.", "b", date(2027, 10, 22), "open")]
    assert facts(world)["Led by"] == "School B"


def test_the_form_is_one_message_that_shows_what_was_said(world: World) -> None:
    world.types("lead", "action")
    world.presses("lead", "5 Support/challenge")
    assert (world.posted, len(world.edited)) == ([], 1)
    assert facts(world) == {"Sub-theme": "Support and challenge"}


def test_it_can_all_be_typed_step_by_step(world: World) -> None:
    for text in ("action", "support and challenge", "Visit each other", "school b", "15 October"):
        world.types("lead", text)
    assert stored(world) == [("2.2", "Visit each other", "b", date(2027, 10, 15), "open")]


def test_it_can_be_typed_in_one_line(world: World) -> None:
    world.types("lead", "action 2.2 Visit each other; and talk about it; School B; by 15 October")
    assert stored(world) == [("2.2", "Visit each other; and talk about it", "b", date(2027, 10, 15), "open")]


def test_what_the_line_leaves_out_is_asked(world: World) -> None:
    world.types("lead", "action Visit each other; next meeting")
    assert asked(world) == "What is it about?"
    world.types("lead", "5")
    assert asked(world) == "Which school leads on it? Its leaders are reminded."
    world.types("lead", "2")
    assert stored(world) == [("2.2", "Visit each other", "b", None, "open")]
    assert facts(world)["By when"] == "our next meeting"


def test_in_welsh(world: World) -> None:
    world.types("lead", "cymraeg")
    world.types("lead", "cam 2.2 Ymweld â'n gilydd; School B; dydd Gwener 15 Hydref")
    assert stored(world) == [("2.2", "Ymweld â'n gilydd", "b", date(2027, 10, 15), "open")]
    world.types("lead", "cam 1 wedi gorffen")
    assert stored(world)[0][-1] == "done"


def test_words_that_begin_with_a_word_of_command_are_words(world: World) -> None:
    world.types("lead", "action 2.2")
    world.types("lead", "Change how we visit each other")
    world.types("lead", "School B")
    assert facts(world)["Action"] == "Change how we visit each other"


@pytest.mark.parametrize("word", ["help", "status", "reminders"])
def test_anything_else_may_be_asked_meanwhile(world: World, word: str) -> None:
    world.types("lead", "action 2.2 Visit each other")
    world.types("lead", word)
    assert stored(world) == []
    world.types("lead", "action School B")
    world.types("lead", "action 15 October")
    assert stored(world) == [("2.2", "Visit each other", "b", date(2027, 10, 15), "open")]


def test_action_alone_shows_again_what_was_begun(world: World) -> None:
    world.types("lead", "action 2.2 Visit each other")
    world.types("lead", "help")
    world.types("lead", "action")
    assert facts(world)["Action"] == "Visit each other"


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        pytest.param("School Q", "I don't know which school that is", id="a school nobody knows"),
        pytest.param("School", "I don't know which school that is", id="what all schools are called"),
        pytest.param("somebody", "I don't know which school that is", id="no school at all"),
    ],
)
def test_a_school_that_is_not_understood_is_asked_for_again(world: World, typed: str, told: str) -> None:
    world.types("lead", "action 2.2 Visit each other")
    world.types("lead", typed)
    assert told in repr(world.messages("lead")[-2])
    assert "2 School B" in labels(world)
    assert stored(world) == []


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        pytest.param("soon", "I don't know which day that is", id="no day"),
        pytest.param("31/2/2027", "I don't know which day that is", id="a day that does not exist"),
        pytest.param("1/9/2030", "I don't know which day that is", id="in three years"),
        pytest.param("12/7/2027", "That day is over", id="yesterday"),
        pytest.param("action 2.2 Visit us; School B; 12/7/2027", "That day is over", id="in one line"),
    ],
)
def test_a_day_that_can_not_be_is_asked_for_again(world: World, typed: str, told: str) -> None:
    world.types("lead", "action 2.2 Visit each other; School B")
    world.types("lead", typed)
    assert told in repr(world.messages("lead")[-2])
    assert "3 By our next meeting" in labels(world)
    assert stored(world) == []


def test_after_midnight_in_summer_the_day_before_is_over(world: World) -> None:
    """In UTC it is not."""
    world.now = london("2027-07-14 00:30")
    world.types("lead", "action 2.2 Visit each other; School B; 13/7/2027")
    assert "That day is over" in repr(world.messages("lead")[-2])


@pytest.mark.parametrize(
    ("now", "offered"),
    [
        pytest.param("2027-10-07 23:30", True, id="half term is more than two weeks away"),
        pytest.param("2027-10-08 00:30", False, id="an hour later it is two weeks, though not in UTC"),
    ],
)
def test_days_are_offered_that_are_more_than_two_weeks_away(world: World, now: str, offered: bool) -> None:
    world.now = london(now)
    world.types("lead", "action 2.2 Visit each other; School B")
    assert ("1 By half term, Friday 22 October" in labels(world)) is offered


def test_an_action_is_a_sentence_or_two(world: World) -> None:
    world.types("lead", f"action 2.2 {'x' * 501}; School B; 15 October")
    assert "longer than an action can be" in world.text("lead")
    assert stored(world) == []
    world.types("lead", f"action 2.2 {'x' * 500}; School B; 15 October")
    assert len(stored(world)) == 1


def test_it_can_be_left(world: World) -> None:
    world.types("lead", "action 2.2 Visit each other")
    world.presses("lead", "Leave it")
    assert "nothing has been recorded" in world.text("lead")
    world.types("lead", "School B")
    world.types("lead", "action")
    assert asked(world) == "What is it about?"


def test_the_last_answer_pressed_twice_keeps_it_once(world: World) -> None:
    world.types("lead", "action 2.2 Visit each other; School B")
    buttons = [each.action for each in pressable(world.last("lead")) if label_of(each).startswith("1 ")]
    for _ in range(2):
        world.does("lead", pressed(buttons[0]))
    assert len(stored(world)) == 1
    assert facts(world)["Led by"] == "School B"


def test_a_form_that_was_left_says_so(world: World) -> None:
    world.types("lead", "action 2.2 Visit each other; School B")
    old = [each.action for each in pressable(world.last("lead"))]
    world.presses("lead", "Leave it")
    for action in old:
        world.does("lead", pressed(action))
        assert "I no longer have that action" in world.text("lead")
    assert stored(world) == []


def test_who_leads_two_partnerships_is_asked_which(world: World) -> None:
    world.partnership("valley", "Valley Partnership", lead="lead")
    world.school("v", partnership="valley")
    world.types("lead", "action Visit each other; 15 October")
    assert asked(world) == "Which partnership agreed it?"
    world.types("lead", "2")
    world.types("lead", "5")
    assert labels(world)[:-1] == ["1 School V"], "the schools of that partnership"
    world.presses("lead", "1 School V")
    world.presses("lead", "1 By half term, Friday 22 October")
    assert stored(world) == [("2.2", "Visit each other; 15 October", "v", date(2027, 10, 22), "open")]


def test_a_fourth_action_is_kept_with_a_word_about_it(world: World) -> None:
    for number in range(3):
        record(world, f"Do {number}")
        assert "most partnerships can do well" not in world.text("lead")
    fourth = record(world, "Do more")
    assert "That makes 4" in world.text("lead")
    world.presses("lead", "Post it now")
    world.types("lead", "action 4 done")
    assert "Do more" in world.text("lead")
    assert "That makes 4" not in world.text("lead"), f"{fourth} has been posted, and the meeting is over"
    assert len(stored(world)) == 4


def test_a_lead_who_is_in_an_enquiry_too_loses_neither(world: World) -> None:
    world.leads_also("lead", "e")
    world.open_cycle(2, "Autumn 2027", MEETING - timedelta(hours=1), MEETING + timedelta(days=30))
    world.types("lead", "start")
    world.taps("lead", 3)
    world.types("lead", "action 2.2 Visit each other")
    world.types("lead", "resume")
    world.taps("lead", 2)
    world.types("lead", "action School B; 15 October")
    assert stored(world) == [("2.2", "Visit each other", "b", date(2027, 10, 15), "open")]
    assert world.scores("lead") == {"1.1.a school": 3, "1.1.a partnership": 2}


# Who may


@pytest.mark.parametrize("person", ["leader-a", "outsider"])
def test_only_a_lead_records_one(world: World, person: str) -> None:
    world.types("lead", "action 2.2 Visit each other; School B")
    draft = int(world.conversation("lead")[-1].key.partition(":")[2])
    before = world.rows()
    for action in (
        RecordAgreedAction(), DraftSubtheme(draft, "1.1"), DraftWords(draft), DraftOwner(draft, "a"),
        DraftDue(draft, "2027-10-15"), PostAgreedActions("harbour"),
    ):  # fmt: skip
        world.chooses(person, action, text="injected")
        assert world.posted
    world.types(person, "action 2.2 Visit us; School A; 15 October")
    assert world.rows() == before
    assert "Visit each other" not in world.everything(person)


def test_a_leaders_text_that_begins_like_it_is_kept_as_a_note(world: World) -> None:
    world.open_cycle(2, "Autumn 2027", MEETING - timedelta(hours=1), MEETING + timedelta(days=30))
    world.types("leader-a", "start")
    world.types("leader-a", "Action research is going well")
    assert "Shall I keep this as a note?" in world.text("leader-a")
    world.types("leader-a", "strength")
    world.types("leader-a", "strength")
    world.types("leader-a", "Action plans are shared")
    notes = [note.text for note in world.enquiry("leader-a").notes]
    assert notes == ["Action research is going well", "Action plans are shared"]


@pytest.mark.parametrize(
    ("person", "may"),
    [
        pytest.param("lead", True, id="the partnership's lead"),
        pytest.param("leader-b", True, id="a leader of the school that leads on it"),
        pytest.param("leader-a", False, id="a leader of another school"),
        pytest.param("outsider", False, id="somebody the bot does not know"),
    ],
)
def test_who_may_say_that_it_is_done(world: World, person: str, may: bool) -> None:
    action = record(world)
    world.chooses(person, SettleAgreedAction(action, done=True, in_list=False))
    assert stored(world)[0][-1] == ("done" if may else "open")
    assert world.posted


def test_only_a_lead_takes_one_out(world: World) -> None:
    action = record(world)
    for person in ("leader-a", "leader-b", "outsider"):
        world.chooses(person, RemoveAgreedAction(action))
        assert len(stored(world)) == 1
    world.chooses("lead", RemoveAgreedAction(action))
    assert stored(world) == []
    assert "has been taken out" in world.text("lead")


# How it stands


def test_the_list_shows_everybody_in_the_partnership_what_was_agreed(world: World) -> None:
    record(world)
    world.types("leader-a", "actions")
    assert facts(world, "leader-a") == {
        "1 Support and challenge": "Visit each other (School B, by Friday 22 October: agreed)"
    }
    assert labels(world, "leader-a") == ["Help"], "who does not lead on it can look, and no more"


def test_owners_mark_it_in_the_list_where_it_stands(world: World) -> None:
    record(world)
    world.types("leader-b", "actions")
    world.presses("leader-b", "1 carries on")
    assert (world.posted, world.edited) == ([], ["agreed"])
    assert "carried on" in world.text("leader-b")
    world.presses("leader-b", "1 is done")
    assert stored(world)[0][-1] == "done"


@pytest.mark.parametrize(
    ("typed", "state"),
    [
        ("action 1 done", "done"), ("Action 1 carry on", "carried-on"), ("cam 1 parhau", "carried-on"),
        ("1 is done", "done"), ("1 carries on", "carried-on"),
    ],
)  # fmt: skip
def test_owners_type_it(world: World, typed: str, state: str) -> None:
    record(world)
    world.types("leader-b", "actions")
    world.types("leader-b", typed)
    assert stored(world)[0][-1] == state


@pytest.mark.parametrize("typed", ["action 2 done", "action 0 done", "action 1 maybe", "action one done"])
def test_what_names_no_action_settles_nothing(world: World, typed: str) -> None:
    record(world)
    world.types("leader-b", typed)
    assert stored(world)[0][-1] == "open"
    assert world.posted


def test_who_agreed_nothing_is_told_so(world: World) -> None:
    world.types("leader-a", "actions")
    assert "No action has been agreed yet." in world.text("leader-a")
    world.types("outsider", "actions")
    assert "I don't know you yet" in world.text("outsider")


def test_a_partnership_sees_nothing_of_anothers(world: World) -> None:
    world.partnership("valley", "Valley Partnership", lead="val")
    world.school("v", partnership="valley")
    record(world)
    for person in ("val", "leader-v"):
        world.types(person, "actions")
        assert "Visit each other" not in world.everything(person)


# In the channel


def test_it_can_be_posted_at_once(world: World) -> None:
    record(world, "Visit each other")
    record(world, "Share our marking", owner="c")
    world.presses("lead", "Post it now")
    (posted,) = world.in_channel()
    assert isinstance(posted, references_partnership.AgreedActionsPosted)
    (message,) = world.shown["channel"].values()
    assert [fact.text for block in message.blocks if isinstance(block, Facts) for fact in block.items] == [
        "Visit each other (School B, by Friday 22 October)",
        "Share our marking (School C, by Friday 22 October)",
    ]
    world.chooses("lead", PostAgreedActions("harbour"))
    assert len(world.in_channel()) == 1
    assert "nothing left to post" in world.text("lead")


def test_every_card_of_it_says_so_then_the_other_leads_too(world: World) -> None:
    world.connection.execute(
        insert(tables.PartnershipRole).values(partnership_id="harbour", person_id="leader-a", role="lead")
    )
    cards = [f"action:{record(world, words)}" for words in ("Visit each other", "Share our marking")]
    world.types("leader-a", "action 1 done")
    assert "I will post it at" in world.everything("leader-a")
    world.presses("lead", "Post it now")
    edited = [key for key in world.edited if key.startswith("action:")]
    assert sorted(edited) == sorted([cards[0], *cards]), "both of the lead's, and the one that the other lead has"
    for person in ("lead", "leader-a"):
        assert "I will post it at" not in world.everything(person)
        assert "Post it now" not in world.everything(person)
        assert "It has been posted." in world.everything(person)
    assert world.strayed == []


def test_what_is_taken_out_afterwards_goes_from_the_message_too(world: World) -> None:
    first, second = record(world, "Visit each other"), record(world, "Share our marking")
    world.presses("lead", "Post it now")
    world.chooses("lead", RemoveAgreedAction(first))
    (message,) = world.shown["channel"].values()
    assert "Visit each other" not in repr(message.blocks)
    world.chooses("lead", RemoveAgreedAction(second))
    (message,) = world.shown["channel"].values()
    assert "have been taken out" in repr(message.blocks)


def test_the_lead_is_told_when_it_will_be_posted(world: World) -> None:
    record(world)
    assert facts(world)["In the channel"].startswith("I will post it at 16:00")


def test_a_channel_in_both_languages_reads_it_in_both(world: World) -> None:
    world.connection.execute(tables.Channel.__table__.update().values(language="both"))
    record(world)
    world.presses("lead", "Post it now")
    (message,) = world.shown["channel"].values()
    headings = [block.text for block in message.blocks if isinstance(block, Heading)]
    assert headings == ["Harbour Partnership: yr hyn y cytunwyd arno", "Harbour Partnership: what we agreed"]


# Last time


def test_the_next_opening_says_what_was_agreed_last_time(world: World) -> None:
    settled = record(world, "Visit each other")
    record(world, "Share our marking")
    world.chooses("lead", SettleAgreedAction(settled, done=True, in_list=False))
    world.open_cycle(2, "Autumn 2027", MEETING + timedelta(days=60), MEETING + timedelta(days=90))
    world.now = MEETING + timedelta(days=61)
    world.types("leader-a", "hello there")
    assert "Last time you agreed" in world.text("leader-a")
    assert "Visit each other (School B, by Friday 22 October: done)" in world.text("leader-a")
    assert "Share our marking (School B, by Friday 22 October: agreed)" in world.text("leader-a")


def test_a_report_says_what_was_agreed_before_its_cycle_and_not_after(world: World) -> None:
    record(world)
    assert agreed_actions.last_time(world.connection, world.shelf, 1) == ()
    world.open_cycle(2, "Autumn 2027", MEETING + timedelta(days=60), MEETING + timedelta(days=90))
    assert [each.words for each in agreed_actions.last_time(world.connection, world.shelf, 2)] == ["Visit each other"]
