"""School reports that are due: after a cycle has closed, each leader of a school in it gets their school's, once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, bindparam, exists, or_, select

from core.calendar import SchoolCalendar
from core.enquiry import NoteKind
from core.services import handover, people, report_snapshots, school_reports
from core.storage import outbox_record, tables
from core.storage.frameworks import FrameworkShelf
from core.values import value

SENT_WITHIN: Final = timedelta(days=28)
"""After that it is no longer news; a leader who joins later gets theirs after the next cycle."""

_cycle = tables.Cycle.__table__
_partnership = tables.Partnership.__table__
_leader = tables.Leader.__table__
_school = tables.School.__table__
_in_snapshot = tables.SnapshotSchool.__table__
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
        ~handover.knew_another(_leader.c.person_id, bindparam("cycle"), _leader.c.school_id),
        people.can_be_reached(_leader.c.person_id),
    )
    .order_by(_leader.c.school_id, _leader.c.person_id)
)
_MAY_READ = select(_leader.c.school_id).where(
    _leader.c.person_id == bindparam("person"),
    _leader.c.school_id == bindparam("school"),
    ~handover.knew_another(_leader.c.person_id, bindparam("cycle"), _leader.c.school_id),
)
_LAST_REPORT = (
    select(_in_snapshot.c.snapshot_id)
    .where(_in_snapshot.c.school_id == bindparam("school"))
    .order_by(_in_snapshot.c.snapshot_id.desc())
    .limit(1)
)
_NAME = select(_school.c.name).where(_school.c.id == bindparam("school"))
_NOTES = (
    select(_note.c.subtheme, _note.c.kind, _note.c.text)
    .join(_response, _response.c.id == _note.c.response_id)
    .where(
        _response.c.cycle_id == bindparam("cycle"),
        _response.c.school_id == bindparam("school"),
        _response.c.submitted_at.is_not(None),
        or_(
            _note.c.audience != "school",
            exists().where(_leader.c.school_id == _response.c.school_id, _leader.c.person_id == _note.c.author_id),
        ),
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
    told = {key for key, _ in outbox_record.of_once(connection, _begins(snapshot.id))}
    for school, person in connection.execute(_LEADERS, {"schools": list(schools), "cycle": snapshot.cycle}):
        each = OwnDue(snapshot.id, school, person)
        if each.key not in told:
            yield each


def _begins(snapshot: int) -> str:
    return f"own-report:{snapshot}:"


def may_read(connection: Connection, person: str, school: str, cycle: int) -> bool:
    """Whether its reader leads the school, and knew no other school of that cycle; checked just before it is sent."""
    found = connection.execute(_MAY_READ, {"person": person, "school": school, "cycle": cycle})
    return found.first() is not None


def last_report(connection: Connection, person: str, school: str) -> OwnDue | None:
    """The report of the school's last closed cycle, for somebody who leads it now; None if there is none for them."""
    snapshot = connection.scalar(_LAST_REPORT, {"school": school})
    cycle = None if snapshot is None else report_snapshots.snapshot(connection, snapshot)
    if cycle is None or not may_read(connection, person, school, cycle.cycle):
        return None
    return OwnDue(cycle.id, school, person)


def school_name(connection: Connection, school: str) -> str:
    name: str = connection.execute(_NAME, {"school": school}).scalar_one()
    return name


def own_notes(connection: Connection, cycle: int, school: str) -> tuple[OwnNote, ...]:
    """The notes that a school's leaders submitted in a cycle, for its leaders; without private ones of leavers."""
    rows = connection.execute(_NOTES, {"cycle": cycle, "school": school})
    return tuple(OwnNote(subtheme, NoteKind(kind), text) for subtheme, kind, text in rows)
