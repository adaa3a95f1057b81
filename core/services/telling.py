"""What messages need to know beyond one leader's enquiry."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, bindparam, exists, select

from core.enquiry import Cycle, LedPartnership
from core.framework import Framework
from core.services import cycles
from core.storage import tables
from core.storage.frameworks import FrameworkShelf

_cycle = tables.Cycle.__table__
_role = tables.PartnershipRole.__table__
_partnership = tables.Partnership.__table__
_channel = tables.Channel.__table__
_snapshot = tables.Snapshot.__table__

_CYCLE = select(_cycle).where(_cycle.c.id == bindparam("cycle"))
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
_OF_SNAPSHOT = (
    select(_cycle.c.id, _cycle.c.title)
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


def led_partnerships(connection: Connection, person_id: str, now: datetime) -> tuple[LedPartnership, ...]:
    led = connection.execute(_LED, {"person": person_id}).all()
    return tuple(_led(connection, row.id, row.name, row.has_channel, now) for row in led)


def _led(connection: Connection, partnership: str, name: str, has_channel: bool, now: datetime) -> LedPartnership:
    of_partnership = cycles.cycles_of(connection, partnership)
    current = cycles.open_one(of_partnership, now)
    progress = cycles.NOTHING_ASKED if current is None else cycles.progress(connection, current.id)
    return LedPartnership(
        id=partnership,
        name=name,
        open_cycle=None if current is None else current.id,
        closed_cycles=tuple(each.id for each in cycles.those_over(of_partnership, now)),
        schools=progress.schools_in_roster,
        submitted=progress.schools_submitted,
        has_channel=has_channel,
    )


def cycle_of_snapshot(connection: Connection, snapshot_id: int) -> tuple[int, str] | None:
    """The cycle a snapshot was made of, and its title."""
    row = connection.execute(_OF_SNAPSHOT, {"snapshot": snapshot_id}).first()
    return None if row is None else (row.id, row.title)


def partnership_name(connection: Connection, partnership: str) -> str:
    name: str = connection.execute(_NAME, {"partnership": partnership}).scalar_one()
    return name
