"""School reports that are due: after a cycle has closed, each leader of a school in it gets their school's, once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, bindparam, select

from core.calendar import SchoolCalendar
from core.enquiry import NoteKind
from core.services import people, report_snapshots, school_reports
from core.storage import outbox, tables
from core.storage.frameworks import FrameworkShelf
from core.values import value

SENT_WITHIN: Final = timedelta(days=28)
"""After that it is no longer news; a leader who joins later gets theirs after the next cycle."""

_cycle = tables.Cycle.__table__
_partnership = tables.Partnership.__table__
_leader = tables.Leader.__table__
_school = tables.School.__table__
_note = tables.Note.__table__
_response = tables.Response.__table__

_CLOSED = (
    select(_cycle.c.id, _partnership.c.calendar)
    .join(_partnership, _partnership.c.id == _cycle.c.partnership_id)
    .where(
        _cycle.c.closed_at <= bindparam("now", type_=_cycle.c.closed_at.type),
        _cycle.c.closed_at > bindparam("since", type_=_cycle.c.closed_at.type),
    )
    .order_by(_cycle.c.id)
)
_LEADERS = (
    select(_leader.c.school_id, _leader.c.person_id)
    .where(
        _leader.c.school_id.in_(bindparam("schools", expanding=True)),
        people.can_be_reached(_leader.c.person_id),
    )
    .order_by(_leader.c.school_id, _leader.c.person_id)
)
_LEADS = select(_leader.c.school_id).where(
    _leader.c.person_id == bindparam("person"), _leader.c.school_id == bindparam("school")
)
_NAME = select(_school.c.name).where(_school.c.id == bindparam("school"))
_NOTES = (
    select(_note.c.subtheme, _note.c.kind, _note.c.text)
    .join(_response, _response.c.id == _note.c.response_id)
    .where(
        _response.c.cycle_id == bindparam("cycle"),
        _response.c.school_id == bindparam("school"),
        _response.c.submitted_at.is_not(None),
    )
    .order_by(_note.c.subtheme, _note.c.written_at, _note.c.id)
)


@value
class OwnDue:
    snapshot: int
    school: str
    person: str

    @property
    def key(self) -> str:
        return f"{_begins(self.snapshot)}{self.school}:{self.person}"


@value
class OwnNote:
    subtheme: str
    kind: NoteKind
    text: str


def closed_lately(connection: Connection, now: datetime) -> tuple[int, ...]:
    """The cycles whose school reports may be sent now: in school hours, on a school day."""
    rows = connection.execute(_CLOSED, {"now": now, "since": now - SENT_WITHIN})
    return tuple(cycle for cycle, calendar in rows if SchoolCalendar.from_json(calendar).in_school_hours(now))


def waits(connection: Connection, cycle: int) -> bool:
    """Whether anybody may still be due a report; a cycle without a snapshot has to be checked."""
    last = report_snapshots.last_snapshot(connection, cycle)
    return last is None or any(_untold(connection, last))


def due(connection: Connection, shelf: FrameworkShelf, cycle: int, now: datetime) -> tuple[OwnDue, ...]:
    """Whom to send their school's report on this closed cycle; makes a snapshot if there is none."""
    # Not another one: while only the response rate may be shown, a later snapshot tells a school nothing new.
    last = report_snapshots.last_snapshot(connection, cycle) or report_snapshots.freeze(connection, shelf, cycle, now)
    return tuple(_untold(connection, last))


def _untold(connection: Connection, snapshot: report_snapshots.Snapshot) -> Iterator[OwnDue]:
    schools = school_reports.schools_in(connection, snapshot)
    told = {key for key, _ in outbox.of_once(connection, _begins(snapshot.id))}
    for school, person in connection.execute(_LEADERS, {"schools": list(schools)}):
        each = OwnDue(snapshot.id, school, person)
        if each.key not in told:
            yield each


def _begins(snapshot: int) -> str:
    return f"own-report:{snapshot}:"


def leads(connection: Connection, person: str, school: str) -> bool:
    """Whether its reader still leads the school; checked just before the report is sent."""
    return connection.execute(_LEADS, {"person": person, "school": school}).first() is not None


def school_name(connection: Connection, school: str) -> str:
    name: str = connection.execute(_NAME, {"school": school}).scalar_one()
    return name


def own_notes(connection: Connection, cycle: int, school: str) -> tuple[OwnNote, ...]:
    """The notes that a school's leaders submitted in a cycle, for the leaders of that school."""
    rows = connection.execute(_NOTES, {"cycle": cycle, "school": school})
    return tuple(OwnNote(subtheme, NoteKind(kind), text) for subtheme, kind, text in rows)
