"""Frozen figures of a closed cycle's submitted answers; every report is made from them.

A cycle's figures are published once. Another snapshot follows only while nothing but the response rate was published,
or where the schools agreed to be named to one another (``core.analysis.disclosure.may_follow`` says why).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, bindparam, func, insert, select

from core.analysis.disclosure import Gate, may_follow
from core.analysis.others import others_of_each
from core.analysis.report import ReportFacts
from core.analysis.report_making import gate_of, report_facts
from core.analysis.scores import SchoolScores
from core.analysis.trend_facts import Previous
from core.enquiry import Visibility
from core.framework import Framework
from core.services import cycles, network_reports
from core.services.scores import submitted_scores
from core.storage import tables
from core.storage.frameworks import FrameworkShelf
from core.storage.stored_reports import others_to_json, report_from_json, report_to_json

_cycle = tables.Cycle.__table__
_cycle_school = tables.CycleSchool.__table__
_leader = tables.Leader.__table__
_snapshot = tables.Snapshot.__table__
_snapshot_school = tables.SnapshotSchool.__table__
_snapshot_reader = tables.SnapshotReader.__table__

_FIRST: Final = 1


class NotClosed(Exception):
    """Nobody sees any group score before a cycle closes; the message is for the lead who asked."""

    def __init__(self) -> None:
        super().__init__("This cycle is still open. Its report can be made once it has closed.")


@dataclass(frozen=True, slots=True)
class Snapshot:
    id: int
    cycle: int
    partnership: str
    number: int
    """1 for the first of its cycle."""
    made_at: datetime
    facts: ReportFacts


# Locked, so that two simultaneous requests make one snapshot. SQLite has one writer anyway.
_CYCLE = select(_cycle).where(_cycle.c.id == bindparam("cycle")).with_for_update()
_ROSTER = select(func.count()).select_from(_cycle_school).where(_cycle_school.c.cycle_id == bindparam("cycle"))
_FREEZE = insert(_snapshot).returning(_snapshot.c.id)
_FOR_SCHOOLS = insert(_snapshot_school)
_LEADS = (
    select(_leader.c.person_id, _leader.c.school_id)
    .join(_cycle_school, _cycle_school.c.school_id == _leader.c.school_id)
    .where(_cycle_school.c.cycle_id == bindparam("cycle"))
)


def _snapshots() -> Select[Any]:
    return select(_snapshot, _cycle.c.partnership_id).join(_cycle, _cycle.c.id == _snapshot.c.cycle_id)


_BY_ID = _snapshots().where(_snapshot.c.id == bindparam("this"))
_LAST = _snapshots().where(_snapshot.c.cycle_id == bindparam("cycle")).order_by(_snapshot.c.number.desc()).limit(1)
_BEFORE = (
    _snapshots()
    .add_columns(_cycle.c.scope)
    .where(
        _cycle.c.partnership_id == bindparam("partnership"),
        _cycle.c.framework_id == bindparam("framework"),
        _cycle.c.framework_version == bindparam("version"),
        _cycle.c.opens_at < bindparam("opens_at", type_=_cycle.c.opens_at.type),
    )
    .order_by(_cycle.c.opens_at.desc(), _cycle.c.id.desc(), _snapshot.c.number.desc())
)


def freeze(connection: Connection, shelf: FrameworkShelf, cycle: int, now: datetime) -> Snapshot:
    """The snapshot of a closed cycle, made the first time it is requested.

    It stays the same from then on, unless more was submitted and another may follow. Raises ``NotClosed``, and
    ``LookupError`` for a cycle that does not exist.
    """
    row = connection.execute(_CYCLE, {"cycle": cycle}).first()
    if row is None:
        raise LookupError(f"there is no cycle {cycle}")
    if row.closed_at is None and now < row.closes_at:
        raise NotClosed
    if row.closed_at is None:
        cycles.close_overdue(connection, cycle, now)
    last = last_snapshot(connection, cycle)
    if last is not None and not may_follow(last.facts.visibility is Visibility.OPEN, last.facts.enough):
        return last
    return _next(connection, shelf, row, last, now)


def _next(
    connection: Connection, shelf: FrameworkShelf, cycle: Row[Any], last: Snapshot | None, now: datetime
) -> Snapshot:
    """Another snapshot, if it would say anything the last one does not."""
    framework = shelf.scoped(connection, cycle.framework_id, cycle.framework_version, cycle.scope)
    schools = submitted_scores(connection, cycle.id)
    visibility, known = Visibility(cycle.visibility), _known_to_one_reader(connection, cycle.id, schools)
    roster = connection.scalar(_ROSTER, {"cycle": cycle.id}) or 0
    before = _previous(connection, cycle)
    facts = report_facts(framework, roster, schools, visibility=visibility, known=known, previous=before)
    if last is not None and last.facts == facts:
        return last
    number = _FIRST if last is None else last.number + 1
    made = _keep(connection, cycle, number, now, facts)
    _keep_for_schools(connection, made.id, framework, schools, gate_of(visibility, known))
    readers = _who_knows(connection, cycle.id, schools)
    rows = [
        {"snapshot_id": made.id, "school_id": school, "person_id": person}
        for person, knows in readers.items()
        for school in sorted(knows)
    ]
    if rows:
        connection.execute(insert(_snapshot_reader), rows)
    return made


def _keep(connection: Connection, cycle: Row[Any], number: int, now: datetime, facts: ReportFacts) -> Snapshot:
    values = {
        "cycle_id": cycle.id,
        "number": number,
        "made_at": now,
        "content": report_to_json(facts),
    }
    made = connection.execute(_FREEZE, values).scalar_one()
    network_reports.keep_figures(connection, made, cycle.partnership_id, cycle.framework_id, now, facts)
    return Snapshot(made, cycle.id, cycle.partnership_id, number, now, facts)


def _keep_for_schools(
    connection: Connection, snapshot: int, framework: Framework, schools: list[SchoolScores], gate: Gate
) -> None:
    rows = [
        {"snapshot_id": snapshot, "school_id": school, "others": others_to_json(told)}
        for school, told in others_of_each(framework, schools, gate).items()
    ]
    if rows:
        connection.execute(_FOR_SCHOOLS, rows)


def _known_to_one_reader(connection: Connection, cycle: int, schools: list[SchoolScores]) -> int:
    """The most schools whose scores one person knows; at least 1."""
    return max(map(len, _who_knows(connection, cycle, schools).values()), default=1)


def _who_knows(connection: Connection, cycle: int, schools: list[SchoolScores]) -> dict[str, set[str]]:
    """The schools whose scores each person knows, because they lead them or answered for them."""
    known: dict[str, set[str]] = {}
    submitted = {school.school for school in schools}
    leads = [(row.person_id, row.school_id) for row in connection.execute(_LEADS, {"cycle": cycle})]
    answered = [(person, school.school) for school in schools for person in school.respondents]
    for person, school in (*leads, *answered):
        if school in submitted:
            known.setdefault(person, set()).add(school)
    return known


def _previous(connection: Connection, cycle: Row[Any]) -> Previous | None:
    """The cycle to compare with: the latest that asked everything this one asks, else the latest that asked any of it.

    Only one with published figures, on the same version of the framework.
    """
    wanted = {
        "partnership": cycle.partnership_id,
        "framework": cycle.framework_id,
        "version": cycle.framework_version,
        "opens_at": cycle.opens_at,
    }
    latest = _last_of_each_cycle(connection.execute(_BEFORE, wanted))
    asked = [(_snapshot_of(row), set(row.scope)) for row in latest]
    scope = set(cycle.scope)
    comparable = [(each, of) for each, of in asked if each.facts.enough and scope & of]
    found = next((each for each, of in comparable if scope <= of), next((each for each, _ in comparable), None))
    return None if found is None else Previous(found.cycle, found.facts, submitted_scores(connection, found.cycle))


def _last_of_each_cycle(rows: Iterable[Row[Any]]) -> list[Row[Any]]:
    """``rows`` have the last snapshot of each cycle first."""
    found: dict[int, Row[Any]] = {}
    for row in rows:
        found.setdefault(row.cycle_id, row)
    return list(found.values())


def snapshot(connection: Connection, snapshot_id: int) -> Snapshot | None:
    return _first(connection.execute(_BY_ID, {"this": snapshot_id}).first())


def last_snapshot(connection: Connection, cycle: int) -> Snapshot | None:
    """The snapshot that a cycle's report is currently made from; None if there is none yet."""
    return _first(connection.execute(_LAST, {"cycle": cycle}).first())


def _first(row: Row[Any] | None) -> Snapshot | None:
    return None if row is None else _snapshot_of(row)


def _snapshot_of(row: Row[Any]) -> Snapshot:
    return Snapshot(row.id, row.cycle_id, row.partnership_id, row.number, row.made_at, report_from_json(row.content))
