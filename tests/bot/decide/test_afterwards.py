"""After a cycle has closed: one's own answers to look at, the notes that were shared, and names and times that fit."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from bot.compose.shared_notes import notes_file, shared_with
from bot.inbound import buttons
from bot.messages.blocks import Facts, Heading
from bot.messages.languages import words_of
from core.calendar import SchoolCalendar
from core.enquiry import Audience
from core.services import shared_notes
from core.storage import tables
from tests.support.days import london
from tests.support.world import CLOSES, World, label_of, pressable

LEADER = "leader-a"


def heading(world: World, person: str = LEADER) -> str:
    return next(block.text for block in world.last(person) if isinstance(block, Heading))


@pytest.fixture
def answered(world: World) -> World:
    """Leader A has answered two questions and written a note; the cycle has closed."""
    world.types(LEADER, "start")
    for text in ("3 2", "4 4", "strength 1.1 We meet every month"):
        world.types(LEADER, text)
    world.now = CLOSES + timedelta(hours=1)
    return world


# One's own answers


@pytest.mark.parametrize("word", ["review", "adolygu", "Review"])
def test_review_shows_ones_own_answers_once_the_cycle_has_closed(answered: World, word: str) -> None:
    answered.types(LEADER, word)
    assert heading(answered) == "What you said · Summer 2027 · School A"
    text = answered.text(LEADER)
    assert "Our school 3, 4 · Our partnership 2, 4" in text
    assert "We meet every month" in text
    assert "Fact(term='Commitment in practice', text='no answer')" in text, "no longer: no answer yet"
    assert "This cycle closed on Thursday 8 July" in text


@pytest.mark.parametrize(
    ("zone", "closed_at"),
    [
        pytest.param("Europe/London", "2027-07-08 00:30", id="in UTC it is still the day before"),
        pytest.param("Europe/Paris", "2027-07-07 23:30", id="in London too"),
    ],
)
def test_the_day_of_the_close_is_the_partnerships_own(world: World, zone: str, closed_at: str) -> None:
    world.connection.execute(update(tables.Partnership).values(calendar=SchoolCalendar(timezone=zone).to_json()))
    world.types(LEADER, "start")
    world.now = london(closed_at)
    world.close_cycle()
    world.types(LEADER, "review")
    assert "This cycle closed on Thursday 8 July" in world.text(LEADER)


def test_there_is_nothing_to_change_in_it(answered: World) -> None:
    before = answered.rows()
    answered.types(LEADER, "review")
    assert [label_of(each) for each in pressable(answered.last(LEADER))] == ["Help"]
    assert answered.rows() == before


def test_it_is_a_press_away_where_the_close_is_told(answered: World) -> None:
    answered.types(LEADER, "3")
    assert "This cycle has closed" in answered.text(LEADER)
    answered.presses(LEADER, "Your answers")
    assert heading(answered) == "What you said · Summer 2027 · School A"


@pytest.mark.parametrize("person", ["leader-b", "lead", "outsider"])
def test_nobody_else_sees_them(answered: World, person: str) -> None:
    answered.types(person, "review")
    answered.chooses(person, buttons.LookBack())
    assert "We meet" not in answered.everything(person)
    assert answered.posted


def test_who_leads_the_school_no_more_does_not_either(answered: World) -> None:
    answered.leads_no_longer(LEADER, "a")
    answered.types(LEADER, "review")
    assert "We meet" not in answered.text(LEADER)


def test_while_a_cycle_is_open_last_times_answers_are_not_shown(answered: World) -> None:
    answered.open_cycle(2, "Autumn 2027", answered.now, answered.now + timedelta(days=30))
    answered.types(LEADER, "review")
    assert "What you said" not in answered.text(LEADER)
    answered.chooses(LEADER, buttons.LookBack())
    assert "I have no answers of yours in a closed cycle to show" in answered.text(LEADER)


def test_the_latest_cycle_is_shown(answered: World) -> None:
    answered.open_cycle(2, "Autumn 2027", answered.now, answered.now + timedelta(days=30))
    answered.types(LEADER, "start")
    answered.types(LEADER, "1 1")
    answered.now += timedelta(days=31)
    answered.types(LEADER, "review")
    assert heading(answered) == "What you said · Autumn 2027 · School A"


# Notes that were shared


def shared(world: World, *audiences: Audience) -> None:
    """Leaders A, B and C each write a note, for these."""
    for school, audience in zip("abc", audiences, strict=False):
        person = f"leader-{school}"
        world.types(person, "start")
        world.types(person, f"strength 1.1 Note of {school}")
        (note,) = world.enquiry(person).notes
        world.chooses(person, buttons.ShowNoteTo(note.id, audience))


def test_the_lead_reads_what_was_shared_with_them_and_with_the_meeting_after_the_close(world: World) -> None:
    shared(world, Audience.SCHOOL, Audience.LEAD, Audience.MEETING)
    world.types("lead", "notes")
    assert "No cycle has closed yet" in world.text("lead"), "until then they may be taken back"
    world.close_cycle()
    world.types("lead", "notes")
    (facts,) = [block for block in world.last("lead") if isinstance(block, Facts)]
    assert [(fact.term, fact.text) for fact in facts.items] == [
        ("School B · Shared purpose · Area of strength · for you", "Note of b"),
        ("School C · Shared purpose · Area of strength · for the meeting", "Note of c"),
    ]
    assert world.in_channel() == []


def test_the_meeting_reads_only_what_is_for_the_meeting(world: World) -> None:
    shared(world, Audience.SCHOOL, Audience.LEAD, Audience.MEETING)
    assert shared_notes.notes_for_meeting(world.connection, world.shelf, 1, world.now) == ()
    world.close_cycle()
    found = shared_notes.notes_for_meeting(world.connection, world.shelf, 1, world.now)
    assert [(note.school_name, note.text) for note in found] == [("School C", "Note of c")]
    assert shared_notes.notes_for_meeting(world.connection, world.shelf, 99, world.now) == ()


@pytest.mark.parametrize("person", [LEADER, "leader-e", "outsider"])
def test_nobody_else_reads_them(world: World, person: str) -> None:
    shared(world, Audience.SCHOOL, Audience.LEAD, Audience.MEETING)
    world.close_cycle()
    world.types(person, "notes")
    for other in "bc":
        assert f"Note of {other}" not in world.everything(person)


def test_all_of_them_are_in_a_file_without_a_living_formula(world: World) -> None:
    shared(world, Audience.LEAD)
    world.connection.execute(update(tables.Note).values(text="=1+1"))
    world.close_cycle()
    words = words_of("en")
    file = notes_file(shared_with(world.connection, world.shelf, "lead", world.now), words)
    assert file is not None
    assert (
        '"Harbour Partnership","School A","Shared purpose","Area of strength","for you","\'=1+1"'
        in file.content.decode()
    )
    assert notes_file((), words) is None


def test_in_the_channel_they_are_told_to_nobody_but_the_lead(world: World) -> None:
    shared(world, Audience.MEETING)
    world.close_cycle()
    world.commands("lead", "/partnership notes")
    assert "Note of a" in world.text("lead")
    assert "Note of a" not in world.private_text("lead")
    assert world.in_channel() == []


# Headings and times


def test_a_school_of_two_partnerships_reads_in_every_heading_which_one_asks(world: World) -> None:
    world.partnership("valley", "Valley Partnership", lead="val")
    world.types(LEADER, "start")
    assert heading(world).endswith("· School A"), "as long as it belongs to one"
    world.leads_in_both(LEADER, "a", partnership="valley")
    for text in ("3 2", "review", "strength We meet", "submit"):
        world.types(LEADER, text)
        assert "School A, Harbour Partnership" in world.text(LEADER)
    world.types("leader-b", "start")
    assert heading(world, "leader-b").endswith("· School B")


def test_the_time_of_the_close_is_told_in_the_partnerships_own_zone(world: World) -> None:
    """16:00 in London is 17:00 in Paris, where a partnership of British schools may be."""
    calendar = replace(SchoolCalendar(), timezone="Europe/Paris").to_json()
    world.connection.execute(update(tables.Partnership).values(calendar=calendar))
    world.types(LEADER, "good day to you")
    assert "Thursday 8 July at 17:00" in world.text(LEADER)
    world.types(LEADER, "start")
    world.types(LEADER, "3 2")
    world.types(LEADER, "submit")
    world.types(LEADER, "submit")
    assert "Thursday 8 July at 17:00" in world.text(LEADER)


def test_a_close_after_the_clocks_go_back_is_told_as_they_stand_then(world: World) -> None:
    """They go back on Sunday 31 October, between the day on which it is told and the close."""
    world.open_cycle(2, "Autumn 2027", london("2027-10-11 08:00"), london("2027-11-04 16:00"))
    world.now = london("2027-10-25 10:00")
    world.types(LEADER, "good day to you")
    assert "Thursday 4 November at 16:00" in world.text(LEADER)


def test_days_are_those_of_the_zone() -> None:
    late = london("2027-07-08 23:30")
    words = words_of("en")
    assert (words.day(late), words.time(late)) == ("Thursday 8 July", "23:30")
    paris = ZoneInfo("Europe/Paris")
    assert (words.day(late, paris), words.time(late, paris)) == ("Friday 9 July", "00:30")
