"""What messages need to know beyond one leader's enquiry."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, and_, bindparam, case, exists, func, select

from core.enquiry import Cycle, Known, LedPartnership, Visibility
from core.framework import Framework
from core.storage import tables
from core.storage.frameworks import FrameworkShelf

_person = tables.Person.__table__
_cycle = tables.Cycle.__table__
_role = tables.PartnershipRole.__table__
_partnership = tables.Partnership.__table__
_channel = tables.Channel.__table__
_cycle_school = tables.CycleSchool.__table__
_response = tables.Response.__table__

_KNOWN = select(_person.c.id, _person.c.name, _person.c.language, _person.c.reminder_time).where(
    _person.c.id == bindparam("person")
)


def known(connection: Connection, person_id: str) -> Known | None:
    row = connection.execute(_KNOWN, {"person": person_id}).first()
    return None if row is None else Known(row.id, row.name, row.language, row.reminder_time)


_CYCLE = select(_cycle).where(_cycle.c.id == bindparam("cycle"))


def cycle_and_framework(connection: Connection, shelf: FrameworkShelf, cycle_id: int) -> tuple[Cycle, Framework] | None:
    """A cycle, and its framework narrowed to its scope."""
    row = connection.execute(_CYCLE, {"cycle": cycle_id}).first()
    if row is None:
        return None
    cycle = Cycle(
        id=row.id,
        partnership=row.partnership_id,
        title=row.title,
        visibility=Visibility(row.visibility),
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        closed_at=row.closed_at,
        meeting_on=row.meeting_on,
    )
    return cycle, shelf.scoped(connection, row.framework_id, row.framework_version, row.scope)


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
    select(_cycle.c.id, _cycle.c.opens_at, _cycle.c.closes_at, _cycle.c.closed_at)
    .where(_cycle.c.partnership_id == bindparam("partnership"))
    .order_by(func.coalesce(_cycle.c.closed_at, _cycle.c.closes_at).desc())
)
_PROGRESS = (
    select(
        func.count(func.distinct(_cycle_school.c.school_id)),
        func.count(func.distinct(case((_response.c.submitted_at.is_not(None), _cycle_school.c.school_id)))),
    )
    .select_from(_cycle_school)
    .outerjoin(
        _response,
        and_(_response.c.cycle_id == _cycle_school.c.cycle_id, _response.c.school_id == _cycle_school.c.school_id),
    )
    .where(_cycle_school.c.cycle_id == bindparam("cycle"))
)


def schools_submitted(connection: Connection, cycle_id: int) -> tuple[int, int]:
    """How many schools of a cycle's roster have submitted, and how many there are."""
    schools, submitted = connection.execute(_PROGRESS, {"cycle": cycle_id}).one()
    return submitted, schools


def led_partnerships(connection: Connection, person_id: str, now: datetime) -> tuple[LedPartnership, ...]:
    led = connection.execute(_LED, {"person": person_id}).all()
    return tuple(_led(connection, row.id, row.name, row.has_channel, now) for row in led)


def _led(connection: Connection, partnership: str, name: str, has_channel: bool, now: datetime) -> LedPartnership:
    cycles = connection.execute(_CYCLES, {"partnership": partnership}).all()
    opened = next((row.id for row in cycles if row.closed_at is None and row.opens_at <= now < row.closes_at), None)
    over = tuple(row.id for row in cycles if row.closed_at is not None or row.closes_at <= now)
    submitted, schools = (0, 0) if opened is None else schools_submitted(connection, opened)
    return LedPartnership(partnership, name, opened, over, schools, submitted, has_channel)


_HERE = select(_channel.c.partnership_id).where(
    _channel.c.platform == bindparam("platform"),
    _channel.c.tenant == bindparam("tenant"),
    _channel.c.conversation == bindparam("conversation"),
)


def partnership_of_channel(connection: Connection, platform: str, tenant: str, conversation: str) -> str | None:
    bound = {"platform": platform, "tenant": tenant, "conversation": conversation}
    return connection.execute(_HERE, bound).scalar()


_WAITING = select(_cycle_school.c.school_id).where(
    _cycle_school.c.cycle_id == bindparam("cycle"),
    ~select(_response.c.id)
    .where(
        _response.c.cycle_id == _cycle_school.c.cycle_id,
        _response.c.school_id == _cycle_school.c.school_id,
        _response.c.submitted_at.is_not(None),
    )
    .exists(),
)


def schools_waiting(connection: Connection, cycle_id: int) -> frozenset[str]:
    """The schools of which no leader has submitted."""
    return frozenset(connection.execute(_WAITING, {"cycle": cycle_id}).scalars())


_snapshot = tables.Snapshot.__table__
_OF_SNAPSHOT = (
    select(_cycle.c.id, _cycle.c.title)
    .join(_snapshot, _snapshot.c.cycle_id == _cycle.c.id)
    .where(_snapshot.c.id == bindparam("snapshot"))
)


def cycle_of_snapshot(connection: Connection, snapshot_id: int) -> tuple[int, str] | None:
    """The cycle a snapshot was made of, and its title."""
    row = connection.execute(_OF_SNAPSHOT, {"snapshot": snapshot_id}).first()
    return None if row is None else (row.id, row.title)


_NAME = select(_partnership.c.name).where(_partnership.c.id == bindparam("partnership"))


def partnership_name(connection: Connection, partnership: str) -> str:
    name: str = connection.execute(_NAME, {"partnership": partnership}).scalar_one()
    return name
