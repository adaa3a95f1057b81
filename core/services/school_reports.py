"""What one school, the lead, or schools that agreed to be named may see of a cycle beyond its common report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, bindparam, select

from core.analysis.lead_view import LeadView
from core.analysis.school_report import SchoolReport, own_report
from core.analysis.school_table import SchoolTable, may_see, school_table
from core.framework import Framework
from core.services import cycles, led_cycles, report_snapshots
from core.services.report_snapshots import Snapshot
from core.services.scores import scores_of, submitted_scores
from core.storage import tables
from core.storage.frameworks import FrameworkShelf
from core.storage.stored_reports import others_from_json

_school = tables.School.__table__
_snapshot_school = tables.SnapshotSchool.__table__

_SCHOOLS = (
    select(_snapshot_school.c.school_id)
    .where(_snapshot_school.c.snapshot_id == bindparam("snapshot"))
    .order_by(_snapshot_school.c.school_id)
)
_NAMES = select(_school.c.id, _school.c.name).where(_school.c.id.in_(bindparam("schools", expanding=True)))
_OTHERS = select(_snapshot_school.c.others).where(
    _snapshot_school.c.snapshot_id == bindparam("snapshot"), _snapshot_school.c.school_id == bindparam("school")
)


def schools_in(connection: Connection, snapshot: Snapshot) -> tuple[str, ...]:
    """The schools whose answers are in a snapshot, by id: those that have a report of their own."""
    return tuple(connection.scalars(_SCHOOLS, {"snapshot": snapshot.id}))


def own_report_of(
    connection: Connection, shelf: FrameworkShelf, snapshot: Snapshot, school: str
) -> tuple[Framework, SchoolReport] | None:
    """A school's own report, for its leaders only, with the framework of its cycle; None if the school isn't in it.

    Its own answers are current; figures about the others come from the snapshot.
    """
    others = connection.scalar(_OTHERS, {"snapshot": snapshot.id, "school": school})
    found = led_cycles.cycle_and_framework(connection, shelf, snapshot.cycle)
    if others is None or found is None:
        return None
    own = scores_of(connection, snapshot.cycle, school)
    return found[1], own_report(found[1], own, others_from_json(others), snapshot.facts)


def names_of(connection: Connection, snapshot: Snapshot) -> dict[str, str]:
    """The names, by id, of the schools whose answers are in a snapshot."""
    return _named(connection, schools_in(connection, snapshot))


def _named(connection: Connection, schools: Iterable[str]) -> dict[str, str]:
    return {row.id: row.name for row in connection.execute(_NAMES, {"schools": list(schools)})}


def table_of(connection: Connection, shelf: FrameworkShelf, snapshot: Snapshot, *, lead: bool) -> SchoolTable | None:
    """The table of named schools; None if this reader, a lead or a leader, may not see it."""
    found = led_cycles.cycle_and_framework(connection, shelf, snapshot.cycle)
    if found is None or not may_see(found[0].visibility, lead):
        return None
    included = set(schools_in(connection, snapshot))
    scores = [each for each in submitted_scores(connection, snapshot.cycle) if each.school in included]
    return school_table(found[1], scores)


def lead_view(connection: Connection, shelf: FrameworkShelf, cycle: int) -> LeadView:
    """A finished cycle's view for the lead of its partnership only."""
    snapshot, progress = report_snapshots.last_snapshot(connection, cycle), cycles.progress(connection, cycle)
    included = progress.submitted if snapshot is None else frozenset(schools_in(connection, snapshot))
    names = _named(connection, progress.roster | included)
    return LeadView(
        submitted=_by_name(names, included),
        waiting=_by_name(names, progress.waiting),
        late=_by_name(names, progress.submitted - included),
        table=None if snapshot is None else table_of(connection, shelf, snapshot, lead=True),
    )


def _by_name(names: Mapping[str, str], schools: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted((names[each] for each in schools), key=str.casefold))
