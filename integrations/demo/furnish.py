"""Furnish the demo: its partnership, two finished cycles, and an open one in which five of seven schools are done.

Whom one can be has talked with the bot before: their part is played with real turns, at the time of each.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from importlib.resources import files
from typing import Final

from sqlalchemy import Connection, select

from core.partnership_file import read_partnership
from core.services import answering, cycles, importing, reporting, telling
from core.storage import tables
from core.storage.frameworks import FrameworkShelf
from integrations.demo.answers import CANNOT_SAY, Answers, PlayedCycle, played_cycles
from integrations.demo.clock import BEGINS
from integrations.demo.play import HandSetClock, Play
from integrations.demo.samples import PARTNERSHIP_ID
from integrations.house import House

SET_UP: Final = datetime(2026, 2, 9, 10, 0, tzinfo=UTC)
_OPENS: Final = time(8, 0, tzinfo=UTC)
_CLOSES: Final = time(16, 0, tzinfo=UTC)


async def furnish(house: House, clock: HandSetClock) -> None:
    """Play everything up to the moment at which the demo begins. The house goes by this clock, and is empty."""
    play, shelf = Play(house, clock), house.shelf
    await house.database.write(lambda connection: _bring_in(connection, shelf))
    await play.everybody_opens_it()
    *past, current = played_cycles()
    for played in past:
        await house.database.write(partial(_all_of, shelf, played))
    cycle = await house.database.write(partial(_begin, shelf, current))
    await play.until(BEGINS, cycle, current)


def _bring_in(connection: Connection, shelf: FrameworkShelf) -> None:
    source = files("integrations.demo").joinpath("partnership.yaml").read_bytes()
    importing.import_partnership(connection, shelf, read_partnership(source), SET_UP)


def _all_of(shelf: FrameworkShelf, played: PlayedCycle, connection: Connection) -> None:
    cycle = _begin(shelf, played, connection)
    closes_at = _at(played.closes, _CLOSES)
    cycles.close_cycle(connection, cycle, closes_at, by=None)
    reporting.freeze(connection, shelf, cycle, closes_at)


def _begin(shelf: FrameworkShelf, played: PlayedCycle, connection: Connection) -> int:
    """Open a cycle, and let everybody answer who does not do so in chat."""
    opens_at, closes_at = _at(played.opens, _OPENS), _at(played.closes, _CLOSES)
    cycle = cycles.open_cycle(
        connection, shelf, PARTNERSHIP_ID, played.title, closes_at, None, opens_at, meeting_on=played.meeting
    ).id
    for days, given in enumerate(played.answers, start=1):
        if given.in_chat is None:
            _answer(connection, shelf, cycle, given, _at(played.opens, _CLOSES) + timedelta(days=days))
    return cycle


def _at(day: date, when: time) -> datetime:
    return datetime.combine(day, when)


def _answer(connection: Connection, shelf: FrameworkShelf, cycle: int, given: Answers, at: datetime) -> None:
    found = telling.cycle_and_framework(connection, shelf, cycle)
    assert found is not None
    answering.begin_response(connection, given.person, cycle, given.school, at)
    this = select(tables.Response.id).filter_by(cycle_id=cycle, school_id=given.school, person_id=given.person)
    response = connection.execute(this).scalar_one()
    for row, level in given.rows(found[1]):
        answering.save_answer(connection, response, row, level, CANNOT_SAY if level is None else None, at)
    answering.set_priorities(connection, response, given.priorities, done=True)
    answering.submit(connection, response, at)
