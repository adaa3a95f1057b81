"""Scheduled work on practice sharing: whether there are new pairs, whom to ask, and whom to introduce."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, and_, bindparam, literal, select

from core.calendar import ReminderTime, SchoolCalendar
from core.practice import STANDS_FOR
from core.services import people, practice
from core.storage import outbox_record, tables
from core.values import value

_ASKED_AFTER: Final = 2
"""School days after the close: on the first, schools are asked how much they would like to see of one another."""

_match = tables.PracticeMatch.__table__
_leader = tables.Leader.__table__
_partnership = tables.Partnership.__table__
_person = tables.Person.__table__


def _side(name: str, other: str) -> Select[Any]:
    columns = _match.c
    person, school = columns[f"{name}_person_id"], columns[f"{name}_id"]
    return (
        select(
            columns.id,
            columns.proposed_at,
            columns[f"{name}_says"].label("says"),
            columns[f"{other}_says"].label("other_says"),
            _person.c.id.label("person"),
            _person.c.reminder_time,
            _partnership.c.calendar,
            literal(name).label("side"),
        )
        .join(_person, _person.c.id == person)
        .join(_partnership, _partnership.c.id == columns[f"{name}_partnership_id"])
        .join(_leader, and_(_leader.c.person_id == person, _leader.c.school_id == school))
        .where(
            people.can_be_reached(_person.c.id),
            columns.proposed_at > bindparam("since", type_=columns.proposed_at.type),
        )
    )


_SIDES = (_side("giver", "receiver"), _side("receiver", "giver"))


@value
class PracticeQuestionDue:
    match: int
    person: str
    key: str


def anybody_new(connection: Connection, now: datetime) -> bool:
    """Whether there is any new pair to propose; nothing is stored."""
    return bool(practice.pairs(connection, now))


def to_ask(connection: Connection, now: datetime) -> tuple[PracticeQuestionDue, ...]:
    """Both sides of each valid proposal that nobody has refused, each once, in school hours.

    From the second school day after it was made, at each person's preferred time.
    """
    return tuple(_new(connection, "practice", (row for row in _open(connection, now) if _may_ask(row, now))))


def to_introduce(connection: Connection, now: datetime) -> tuple[PracticeQuestionDue, ...]:
    """Both sides of each proposal that both have accepted, each once, in school hours."""
    agreed = (row for row in _rows(connection, now) if row.says and row.other_says)
    return tuple(_new(connection, "introduced", (row for row in agreed if _in_school_hours(row, now))))


def is_wanted(connection: Connection, match: int, person: str, now: datetime) -> bool:
    """Whether the planned question may still be asked: it is school hours, and nobody has refused since."""
    return any((row.id, row.person) == (match, person) and _in_school_hours(row, now) for row in _open(connection, now))


def _rows(connection: Connection, now: datetime) -> list[Row[Any]]:
    since = {"since": now - STANDS_FOR}
    rows = [row for side in _SIDES for row in connection.execute(side, since)]
    return sorted(rows, key=lambda row: (row.id, row.side))


def _open(connection: Connection, now: datetime) -> list[Row[Any]]:
    """The sides that have not answered, where the other has not said no."""
    return [row for row in _rows(connection, now) if row.says is None and row.other_says is not False]


def _may_ask(row: Row[Any], now: datetime) -> bool:
    calendar = SchoolCalendar.from_json(row.calendar)
    proposed_on = row.proposed_at.astimezone(calendar.zone).date()
    from_ = calendar.moment(calendar.school_days_after(proposed_on, _ASKED_AFTER), ReminderTime(row.reminder_time).at)
    return calendar.in_school_hours(now) and now >= from_


def _in_school_hours(row: Row[Any], now: datetime) -> bool:
    return SchoolCalendar.from_json(row.calendar).in_school_hours(now)


def _new(connection: Connection, about: str, rows: Iterator[Row[Any]]) -> Iterator[PracticeQuestionDue]:
    for row in rows:
        due = PracticeQuestionDue(row.id, row.person, f"{about}:{row.id}:{row.side}:{row.person}")
        if not outbox_record.of_once(connection, due.key):
            yield due
