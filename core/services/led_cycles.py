"""What messages need beyond one leader's enquiry."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, exists, select

from core.enquiry import Cycle, LedCycle, LedPartnership
from core.framework import Framework
from core.services import cycles
from core.storage import tables
from core.storage.frameworks import FrameworkShelf

_cycle = tables.Cycle.__table__
_role = tables.PartnershipRole.__table__
_partnership = tables.Partnership.__table__
_channel = tables.Channel.__table__
_snapshot = tables.Snapshot.__table__

_CYCLE = (
    select(_cycle, _partnership.c.calendar["timezone"].as_string().label("timezone"))
    .join(_partnership, _partnership.c.id == _cycle.c.partnership_id)
    .where(_cycle.c.id == bindparam("cycle"))
)
_LED = (
    select(
        _partnership.c.id,
        _partnership.c.name,
        exists().where(_channel.c.partnership_id == _partnership.c.id).label("has_channel"),
    )
    .join(_role, _role.c.partnership_id == _partnership.c.id)
    .where(_role.c.person_id == bindparam("person"), _role.c.role == "lead")
    .order_by(_partnership.c.name)
)
_CYCLES = (
    select(_cycle).where(_cycle.c.partnership_id == bindparam("partnership")).order_by(_cycle.c.opens_at, _cycle.c.id)
)
_OF_SNAPSHOT = (
    select(_cycle.c.id)
    .join(_snapshot, _snapshot.c.cycle_id == _cycle.c.id)
    .where(_snapshot.c.id == bindparam("snapshot"))
)
_NAME = select(_partnership.c.name).where(_partnership.c.id == bindparam("partnership"))


def cycle_and_framework(connection: Connection, shelf: FrameworkShelf, cycle_id: int) -> tuple[Cycle, Framework] | None:
    """A cycle, and its framework narrowed to its scope."""
    row = connection.execute(_CYCLE, {"cycle": cycle_id}).first()
    if row is None:
        return None
    framework = shelf.scoped(connection, row.framework_id, row.framework_version, row.scope)
    return cycles.as_cycle(row.id, row._asdict()), framework


def led_partnerships(
    connection: Connection, shelf: FrameworkShelf, person_id: str, now: datetime
) -> tuple[LedPartnership, ...]:
    led = connection.execute(_LED, {"person": person_id}).all()
    return tuple(_led(connection, shelf, row, now) for row in led)


def _led(connection: Connection, shelf: FrameworkShelf, led: Row[Any], now: datetime) -> LedPartnership:
    rows = connection.execute(_CYCLES, {"partnership": led.id}).all()
    spoken_of = {row.id: _spoken_of(connection, shelf, number, row) for number, row in enumerate(rows, start=1)}
    of_partnership = tuple(cycles.as_cycle(row.id, row._asdict()) for row in rows)
    current = cycles.open_one(reversed(of_partnership), now)
    progress = cycles.NOTHING_ASKED if current is None else cycles.progress(connection, current.id)
    return LedPartnership(
        id=led.id,
        name=led.name,
        open=None if current is None else spoken_of[current.id],
        closed=tuple(spoken_of[each.id] for each in cycles.those_over(of_partnership, now)),
        schools=progress.schools_in_roster,
        submitted=progress.schools_submitted,
        has_channel=led.has_channel,
    )


def _spoken_of(connection: Connection, shelf: FrameworkShelf, number: int, row: Row[Any]) -> LedCycle:
    framework = shelf.scoped(connection, row.framework_id, row.framework_version, row.scope)
    return LedCycle(row.id, number, row.title, framework.areas)


def cycle_of_snapshot(
    connection: Connection, shelf: FrameworkShelf, snapshot_id: int
) -> tuple[Cycle, Framework] | None:
    """The cycle a snapshot was made from, and its framework narrowed to its scope."""
    cycle_id = connection.scalar(_OF_SNAPSHOT, {"snapshot": snapshot_id})
    return None if cycle_id is None else cycle_and_framework(connection, shelf, cycle_id)


def partnership_name(connection: Connection, partnership: str) -> str:
    name: str = connection.execute(_NAME, {"partnership": partnership}).scalar_one()
    return name
