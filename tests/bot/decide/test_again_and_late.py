"""One event, one effect; and what was meant last is what counts, in whatever order it arrives."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Connection, select

from bot.inbound import buttons
from bot.inbound.events import Body, Command, Installed, Left, Pressed, Typed, pressed
from core.enquiry import NoteKind
from core.framework import Perspective, Row
from core.storage import tables
from tests.support.world import World, label_of

LEADER = "leader-a"
SCHOOL = Perspective.SCHOOL
ROW = Row("1.1.a", SCHOOL)


def outbox(connection: Connection) -> list[tuple[object, ...]]:
    return [tuple(row) for row in connection.execute(select(tables.Outbox.__table__))]


def press(action: buttons.Press, **inputs: str) -> Pressed:
    return Pressed(action, inputs)


@pytest.mark.parametrize(
    "body",
    [
        press(buttons.Score(1, "1.1.a", SCHOOL, "3", 0)), Typed("3"), Typed("3 2"), Typed("skip"), Typed("back"),
        Typed("some text"),
        press(buttons.Skip(1, "1.1.a")), press(buttons.Change(1, "2.1")), press(buttons.Prioritise(1, "1.1", yes=True)),
        press(buttons.WriteNote(1, "1.1", NoteKind.STRENGTH), text="We meet"), Typed("strength We meet"),
        press(buttons.Submit(1)), press(buttons.PrioritiesDone(1)), Typed("review"), Typed("cymraeg"), Typed("help"),
        press(buttons.RemindAt("lunch")), press(buttons.Snooze(1, 2)), Typed("stop"), Installed(), Left(),
        Command("partnership-report"), press(buttons.EraseMe()),
    ],
    ids=str,
)  # fmt: skip
def test_an_event_that_is_delivered_again_has_no_effect(world: World, body: Body) -> None:
    world.types(LEADER, "start")
    event = world.event(LEADER, body)
    assert world.meets(event).fresh
    rows, waiting = world.rows(), outbox(world.connection)
    for _ in range(3):
        assert not world.meets(event).fresh
    assert world.rows() == rows
    assert outbox(world.connection) == waiting


def test_an_event_that_is_delivered_again_has_its_conversation_looked_after(world: World) -> None:
    """What it put into the outbox may still wait, since whoever received it first may have stopped."""
    event = world.event(LEADER, Typed("start"))
    first = world.meets(event)
    assert world.meets(event).conversations == first.conversations != frozenset()


def test_two_people_may_send_events_of_one_number_on_two_platforms_but_not_in_one(world: World) -> None:
    assert world.does(LEADER, Typed("start"), event="7").fresh
    assert not world.does("leader-b", Typed("start"), event="7").fresh


def test_an_older_tap_that_arrives_late_does_not_overwrite_a_newer_one(world: World) -> None:
    world.types(LEADER, "start")
    world.chooses(LEADER, buttons.Score(1, "1.1.a", SCHOOL, "4", 0))
    world.does(LEADER, press(buttons.Score(1, "1.1.a", SCHOOL, "1", 0)), late=timedelta(minutes=1))
    assert world.enquiry(LEADER).answers[ROW].level == 4


def test_a_late_tap_on_a_row_that_has_no_answer_counts(world: World) -> None:
    world.types(LEADER, "start")
    world.chooses(LEADER, buttons.Score(1, "1.1.a", Perspective.PARTNERSHIP, "4", 0))
    world.does(LEADER, press(buttons.Score(1, "1.1.a", SCHOOL, "1", 0)), late=timedelta(minutes=1))
    assert world.scores(LEADER) == {"1.1.a school": 1, "1.1.a partnership": 4}


def test_two_taps_on_two_devices_count_in_the_order_they_were_made(world: World) -> None:
    world.types(LEADER, "start")
    earlier = world.event(LEADER, press(buttons.Score(1, "1.1.a", SCHOOL, "1", 0)))
    later = world.event(LEADER, press(buttons.Score(1, "1.1.a", SCHOOL, "2", 0)))
    world.meets(later)
    world.meets(earlier)
    assert world.enquiry(LEADER).answers[ROW].level == 2


def test_an_event_of_the_future_is_of_now(world: World) -> None:
    """A platform's clock may be wrong; nothing that follows must be shut out by it."""
    world.types(LEADER, "start")
    world.does(LEADER, press(buttons.Score(1, "1.1.a", SCHOOL, "1", 0)), late=-timedelta(days=400))
    assert world.enquiry(LEADER).answers[ROW].at == world.now
    world.chooses(LEADER, buttons.Score(1, "1.1.a", SCHOOL, "2", 1))
    assert world.enquiry(LEADER).answers[ROW].level == 2


def test_a_late_skip_never_takes_an_answer_away(world: World) -> None:
    world.types(LEADER, "start")
    world.types(LEADER, "3 2")
    world.does(LEADER, press(buttons.Skip(1, "1.1.a")), late=timedelta(minutes=1))
    assert world.scores(LEADER) == {"1.1.a school": 3, "1.1.a partnership": 2}


def test_typing_scores_late_keeps_the_newer_of_each_row(world: World) -> None:
    world.types(LEADER, "start")
    world.types(LEADER, "4")
    world.does(LEADER, Typed("1 1"), late=timedelta(minutes=1))
    assert world.scores(LEADER) == {"1.1.a school": 4, "1.1.a partnership": 1}


@pytest.mark.parametrize(
    "label", ["Submit", "Yes, erase me", "Done", "Add a strength", "Remove this note", "1 Purpose"]
)
def test_every_double_tap_leaves_a_way_on(world: World, label: str) -> None:
    world.finishes(LEADER)
    for text in ("done", "strength We meet", "erase me", "review"):
        world.types(LEADER, text)
    twice = [each.action for each in world.buttons(LEADER) if label_of(each) == label][-1]
    for _ in range(2):
        world.does(LEADER, pressed(twice))
        assert world.posted or world.edited


# Being forgotten


def test_to_be_erased_one_says_so_twice(world: World) -> None:
    world.types(LEADER, "start")
    world.types(LEADER, "erase me")
    assert world.rows()["answer"] == []
    assert any(row[0] == LEADER for row in world.rows()["person"])
    assert "It can't be undone." in world.text(LEADER)


@pytest.mark.parametrize("yes", ["yes", "Yes, erase me"])
def test_who_was_erased_is_told_so_and_is_a_stranger_from_then_on(world: World, yes: str) -> None:
    world.types(LEADER, "start")
    world.types(LEADER, "strength We meet")
    world.types(LEADER, "erase me")
    world.types(LEADER, yes)
    assert "I no longer know you" in world.text(LEADER)
    assert not any(row[0] == LEADER for row in world.rows()["person"])
    assert "We meet" not in repr(world.rows())
    world.types(LEADER, "start")
    assert "I don't know you yet" in world.text(LEADER)


@pytest.mark.parametrize("no", ["no", "No, keep everything", "resume", "3"])
def test_who_thinks_better_of_it_is_kept(world: World, no: str) -> None:
    world.types(LEADER, "start")
    world.types(LEADER, "erase me")
    world.types(LEADER, no)
    assert any(row[0] == LEADER for row in world.rows()["person"])
    assert world.posted == ["card:1:1.1"]


def test_yes_to_anything_else_erases_nobody(world: World) -> None:
    world.types(LEADER, "start")
    world.types(LEADER, "erase me")
    world.types(LEADER, "pause")
    world.types(LEADER, "yes")
    assert any(row[0] == LEADER for row in world.rows()["person"])
