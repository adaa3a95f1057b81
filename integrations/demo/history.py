"""The demo's cycles, and the answers of people who can't be played."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select

from core.enquiry import Note
from core.services import answering, cycles, led_cycles, report_snapshots
from core.storage import tables
from core.storage.frameworks import FrameworkShelf
from integrations.demo.answers import CANNOT_SAY, Answers, PlayedCycle

SET_UP: Final = datetime(2026, 2, 9, 10, 0, tzinfo=UTC)
"""When the demo's partnerships started using the bot."""
_LONDON: Final = ZoneInfo("Europe/London")
_OPENS: Final = time(8, 0)
CLOSES: Final = time(16, 0)


def finished(shelf: FrameworkShelf, partnership: str, played: PlayedCycle, connection: Connection) -> int:
    """A closed cycle, with its report."""
    cycle = begun(shelf, partnership, played, connection)
    closes_at = at(played.closes, CLOSES)
    cycles.close_cycle(connection, cycle, closes_at, by=None)
    report_snapshots.freeze(connection, shelf, cycle, closes_at)
    return cycle


def begun(shelf: FrameworkShelf, partnership: str, played: PlayedCycle, connection: Connection) -> int:
    """Open a cycle, and record the answers of everybody who doesn't answer in chat."""
    opens_at, closes_at = at(played.opens, _OPENS), at(played.closes, CLOSES)
    cycle = cycles.open_cycle(
        connection, shelf, partnership, played.title, closes_at, None, opens_at, meeting_on=played.meeting
    ).id
    for days, given in enumerate(played.answers, start=1):
        if given.in_chat is None:
            _answer(connection, shelf, cycle, given, at(played.opens, CLOSES) + timedelta(days=days))
    return cycle


def at(day: date, when: time) -> datetime:
    """The moment (UTC) at which clocks in London show this time."""
    return datetime.combine(day, when, _LONDON).astimezone(UTC)


def _answer(connection: Connection, shelf: FrameworkShelf, cycle: int, given: Answers, moment: datetime) -> None:
    found = led_cycles.cycle_and_framework(connection, shelf, cycle)
    assert found is not None
    answering.begin_response(connection, given.person, cycle, given.school, moment)
    this = select(tables.Response.id).filter_by(cycle_id=cycle, school_id=given.school, person_id=given.person)
    response = connection.execute(this).scalar_one()
    for row, level in given.rows(found[1]):
        answering.save_answer(connection, response, row, level, CANNOT_SAY if level is None else None, moment)
    for note in _notes(connection, given):
        answering.keep_note(connection, response, note, moment)
    answering.set_priorities(connection, response, given.priorities, done=True)
    answering.submit(connection, response, moment)


def _notes(connection: Connection, given: Answers) -> Iterator[Note]:
    last: int = connection.scalar(select(func.coalesce(func.max(tables.Note.id), 0))) or 0
    for number, each in zip(count(last + 1), given.notes, strict=False):
        yield Note(number, each.subtheme, each.kind, each.text, each.audience, each.offered)
