"""A partnership in the middle of its third cycle, and the presses that its leaders are about to make."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import count

from sqlalchemy import Connection, select, update

from bot.inbound import buttons
from bot.inbound.events import Account, Conversation, Incoming, Kind, Pressed
from core.framework import Row
from core.services import answering
from core.storage import tables
from tests.support.world import NOW, OPENS, World

SCHOOLS = tuple("abcdefg")
LEADERS_OF_A_SCHOOL = 3
A_TERM = timedelta(days=110)
HALF = 18
"""How many of the default enquiry's 36 rows every leader has already answered."""


@dataclass(frozen=True, slots=True)
class Leader:
    """A leader, and the id of their response in the open cycle."""

    person: str
    response: int


def lay_down(connection: Connection, schools: Sequence[str] = SCHOOLS) -> tuple[Incoming, ...]:
    """Create schools with three leaders each, with two cycles answered in full and half of the open one.

    Returns the presses that answer the other half, in order of arrival: everybody's next one, then the one after.
    """
    world = World(connection, schools=tuple(schools))
    led = {person: school for school in schools for person in _leaders_of(world, school)}
    for cycle, terms_ago in ((2, 2), (3, 1)):
        begins = OPENS - terms_ago * A_TERM
        world.open_cycle(cycle, f"Cycle {cycle}", begins, begins + timedelta(days=30))
        for person, school in led.items():
            _answered_in_full(world, cycle, person, school)
    rows = world.framework.rows
    leaders = [_half_done(world, person, school, rows[:HALF]) for person, school in led.items()]
    connection.execute(update(tables.Outbox).values(state="sent", sent_at=NOW))
    return tuple(_taps(leaders, rows[HALF:]))


def _leaders_of(world: World, school: str) -> Iterator[str]:
    yield f"leader-{school}"
    for number in range(2, LEADERS_OF_A_SCHOOL + 1):
        person = f"leader-{school}{number}"
        world.person(person, f"Leader {school.upper()} {number}")
        world.leads_also(person, school)
        yield person


def _answered_in_full(world: World, cycle: int, person: str, school: str) -> None:
    at = OPENS - A_TERM
    answering.begin_response(world.connection, person, cycle, school, at)
    begun = select(tables.Response.id).filter_by(cycle_id=cycle, person_id=person)
    response = world.connection.execute(begun).scalar_one()
    for number, row in enumerate(world.framework.rows):
        answering.save_answer(world.connection, response, row, 1 + number % 4, None, at)
    answering.submit(world.connection, response, at)


def _half_done(world: World, person: str, school: str, rows: Sequence[Row]) -> Leader:
    world.chooses(person, buttons.Start(world.cycle, school))
    response = world.enquiry(person).response
    for number, row in enumerate(rows):
        world.does(person, _score(response, row, number))
    return Leader(person, response)


def _taps(leaders: Sequence[Leader], rows: Sequence[Row]) -> Iterator[Incoming]:
    numbers = count(1)
    for at, row in enumerate(rows):
        for leader in leaders:
            number = next(numbers)
            account = Account("test", "t", leader.person)
            conversation = Conversation("test", "t", f"direct-{leader.person}", Kind.DIRECT)
            moment = NOW + timedelta(days=1, seconds=number)
            yield Incoming(f"tap-{number}", moment, account, conversation, _score(leader.response, row, at))


def _score(response: int, row: Row, number: int) -> Pressed:
    score = buttons.Score(response, row.criterion, row.perspective, str(1 + number % 4), revision=0)
    return Pressed(score)
