"""What leaders answer, put straight into the tables by the services that keep it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, select

from core.framework import Perspective, Row
from core.services import answering
from core.services.importing import import_partnership
from core.storage import tables
from core.storage.frameworks import FrameworkShelf
from tests.support.days import london
from tests.support.partnership_files import read

MONDAY, NEXT_MONDAY = london("2027-06-21 09:00"), london("2027-06-28 16:00")


def bring(connection: Connection, text: str, at: datetime = MONDAY) -> None:
    import_partnership(connection, FrameworkShelf(), read(text), at)


def begin(connection: Connection, cycle: int, school: str, person: str, at: datetime = MONDAY) -> int:
    """Begin a leader's response, and return its number."""
    answering.begin_response(connection, person, cycle, school, at)
    wanted = select(tables.Response.id).filter_by(cycle_id=cycle, school_id=school, person_id=person)
    return connection.execute(wanted).scalar_one()


def answer(
    connection: Connection,
    cycle: int,
    school: str,
    person: str,
    levels: Mapping[str, tuple[int | None, int | None]],
    *,
    votes: Sequence[str] = (),
    submit: bool = True,
    at: datetime = MONDAY,
) -> int:
    """Levels for the school and for the partnership by criterion; None for "can't say yet"."""
    response = begin(connection, cycle, school, person, at)
    for criterion, pair in levels.items():
        for perspective, level in zip((Perspective.SCHOOL, Perspective.PARTNERSHIP), pair, strict=True):
            reason = "cannot-say" if level is None else None
            answering.save_answer(connection, response, Row(criterion, perspective), level, reason, at)
    answering.set_priorities(connection, response, votes, done=True)
    if submit:
        answering.submit(connection, response, at)
    return response
