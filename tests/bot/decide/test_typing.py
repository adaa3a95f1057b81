"""Every choice can also be typed: what stands beside a button to be typed does what the button does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import Connection

from bot.inbound import buttons as actions
from bot.inbound.events import Body, Typed, pressed
from bot.messages import references
from bot.messages.blocks import TextInput
from bot.messages.references import MessageReference
from core.framework import Perspective
from tests.support.own_framework import own_framework
from tests.support.world import CLOSES, Pressable, World, label_of, pressable

LEADER = "leader-a"


@dataclass(frozen=True)
class Effect:
    """What an event changed, and what was said to it; numbers that are drawn at random are taken out."""

    stored: dict[str, list[str]]
    answered: tuple[str, ...]


def effect(world: World, person: str, body: Body) -> Effect:
    """What this event would do now; nothing of it is kept."""
    before = {place: dict(shown) for place, shown in world.shown.items()}
    now = world.now
    attempt = world.connection.begin_nested()
    world.does(person, body)
    said_to_it = tuple(
        _plain(str(shown.reference))
        for shown in world.conversation(person)
        if shown.key in {*world.posted, *world.edited}
    )
    stored = {table: sorted(_plain(str(row)) for row in rows) for table, rows in world.rows().items()}
    attempt.rollback()
    world.shown.clear()
    world.shown.update(before)
    world.now = now
    return Effect(stored, said_to_it)


def _plain(text: str) -> str:
    """Without what is drawn at random: the numbers of notes and offers, over eight digits, and traces of erasures."""
    return re.sub(r"[0-9a-f]{32}|erased-[0-9a-f]+|\d{9,}", "#", text)


def what_to_type(button: Pressable) -> tuple[Body, Body]:
    """Pressing it, and typing what stands beside it."""
    if isinstance(button, TextInput):
        words = "We meet every week"
        return pressed(button.action, {button.name: words}), Typed(button.typed.replace("…", words))
    return pressed(button.action), Typed(button.typed)


def messages_that_stand_last(world: World) -> Iterator[str]:
    """Bring about every kind of message that can stand last for Leader A, one after the other."""
    for text in (
        "hello", "others", "reminders", "start", "3", "hint", "pause", "help", "others", "status", "cymraeg", "help",
        "english", "switch", "resume", "3", "back", "hint", "review", "priorities", "resume", "change 1.1.a", "4",
        "a thought of mine", "yes", "strength", "development 1.1", "note 1.1 seen it", "note 1.1", "resume", "my data",
        "erase me", "stop", "report", "3/5", "submit", "not now",
    ):  # fmt: skip
        world.types(LEADER, text)
        yield f"after {text!r}"
    world.does(LEADER, pressed("NotNow|1"))
    yield "after Not now"
    for what in CLOCK:
        world.says(LEADER, what)
        yield f"after {what}"
    world.finishes(LEADER)
    yield "after the last score"
    for text in ("4", "1", "done", "2", "back", "resume", "back", "submit", "submit", "review", "change 3.1", "skip"):
        world.types(LEADER, text)
        yield f"at the end, after {text!r}"
    world.now = CLOSES
    for text in ("3", "review", "status", "help"):
        world.types(LEADER, text)
        yield f"after the close and {text!r}"


CLOCK: tuple[MessageReference, ...] = (
    references.Invitation(1),
    references.Nudge(1, last_day=False),
    references.Nudge(1, last_day=True),
)


def assert_typing_is_pressing(world: World, where: str, person: str = LEADER) -> int:
    """Try every button of the message that stands last; returns how many there were."""
    buttons = list(pressable(world.last(person)))
    for button in buttons:
        pressing, typing = what_to_type(button)
        assert effect(world, person, typing) == effect(world, person, pressing), f"{label_of(button)!r} {where}"
    return len(buttons)


def test_typing_is_pressing_for_every_button_of_every_message(world: World) -> None:
    tried = sum(assert_typing_is_pressing(world, where) for where in messages_that_stand_last(world))
    assert tried > 400


def test_typing_is_pressing_in_welsh(world: World) -> None:
    world.types(LEADER, "cymraeg")
    for text in ("dechrau", "3", "awgrym", "saib", "cymorth", "statws", "nodiadau atgoffa", "eraill", "ailddechrau",
                 "3", "yn ôl", "adolygu", "blaenoriaethau", "ymlaen", "rhywbeth arall", "cryfder", "cryfder 1.1",
                 "dileu fi", "cyflwyno"):  # fmt: skip
        world.types(LEADER, text)
        assert_typing_is_pressing(world, f"after {text!r}")


def test_typing_is_pressing_for_who_leads_two_schools_in_two_partnerships(world: World) -> None:
    world.leads_also(LEADER, "b")
    world.partnership("valley", "Valley Partnership", lead="val")
    world.open_cycle(7, "Valley autumn", partnership="valley", schools=("a", "b"))
    for begun in (actions.Start(1, "a"), actions.Start(1, "b"), actions.Start(7, "b")):
        for text in ("hello", "start", "switch"):
            world.types(LEADER, text)
            assert_typing_is_pressing(world, f"after {text!r} before {begun}")
        world.chooses(LEADER, begun)
    for text in ("3", "pause", "status", "resume", "hint", "strength 1.1", "a thought", "others", "stop"):
        world.types(LEADER, text)
        assert_typing_is_pressing(world, f"after {text!r}")
    for what in (*CLOCK, references.Invitation(7), references.Nudge(7, last_day=False)):
        world.says(LEADER, what)
        assert_typing_is_pressing(world, f"after {what}")


@pytest.mark.parametrize(
    "source",
    [own_framework(((2, 1), (1,)), levels=7), own_framework(((2,),), levels=2, perspectives=(Perspective.SCHOOL,))],
    ids=["seven levels", "two levels of one perspective"],
)
def test_typing_is_pressing_in_other_frameworks(connection: Connection, source: bytes) -> None:
    world = World(connection, source=source)
    for where in messages_that_stand_last(world):
        assert_typing_is_pressing(world, where)


def test_typing_is_pressing_for_a_lead(world: World) -> None:
    for person in ("leader-b", "leader-c", "leader-d"):
        for text in ("start", "3", "submit", "submit"):
            world.types(person, text)
    for text in ("hello", "report", "wait", "report", "status", "report help"):
        world.types("lead", text)
        assert_typing_is_pressing(world, f"after {text!r}", "lead")
    world.now = CLOSES
    world.says("lead", references.CycleClosed(1))
    assert_typing_is_pressing(world, "once the cycle has closed", "lead")
    for _ in range(2):
        world.types("lead", "report")
        assert_typing_is_pressing(world, "once the report is posted", "lead")
