"""What schools agree to see of one another: each school's answer, a cycle's setting, and whom to ask."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, and_, bindparam, case, exists, func, select, update

from core import visibility as consent
from core.enquiry import Visibility
from core.services import audit
from core.storage import tables
from core.storage.upsert import upsert
from core.visibility import SchoolSay, VisibilityTally

_consent = tables.VisibilityConsent.__table__
_partnership = tables.Partnership.__table__
_membership = tables.Membership.__table__
_school = tables.School.__table__
_leader = tables.Leader.__table__
_role = tables.PartnershipRole.__table__
_cycle = tables.Cycle.__table__
_cycle_school = tables.CycleSchool.__table__

_AGREED = select(_consent.c.visibility, _consent.c.school_id).where(
    _consent.c.partnership_id == bindparam("partnership"), _consent.c.agreed
)
# Locked: the school whose yes completes the agreement must see the others' answers.
_ALONE = select(_partnership.c.visibility).where(_partnership.c.id == bindparam("partnership")).with_for_update()
_NOW = bindparam("now", type_=_cycle.c.opens_at.type)
_TO_COME = select(_cycle.c.id).where(
    _cycle.c.partnership_id == bindparam("partnership"), _cycle.c.closed_at.is_(None), _cycle.c.opens_at > _NOW
)
_ROSTER = select(_cycle_school.c.school_id).where(_cycle_school.c.cycle_id == bindparam("cycle"))
_PIN = (
    update(_cycle)
    .where(_cycle.c.id == bindparam("this"))
    .values(visibility=bindparam("pinned"), wished=bindparam("not_agreed"))
)
_SAY = upsert(_consent)


def say(  # noqa: PLR0913 - who said what for whom
    connection: Connection, partnership: str, school: str, visibility: Visibility, yes: bool, by: str, now: datetime
) -> None:
    """Store a school's answer for cycles that have not opened yet. The caller has checked that the person may."""
    connection.execute(_ALONE, {"partnership": partnership})
    where = {"partnership_id": partnership, "school_id": school, "visibility": visibility.value}
    _SAY.run(connection, {**where, "agreed": yes, "person_id": by, "said_at": now})
    about = {"partnership": partnership, "school": school, "visibility": visibility.value, "agreed": yes}
    audit.record(connection, now, by, "visibility agreed", about)
    pin_again(connection, partnership, now)


def to_pin(
    connection: Connection, partnership: str, wish: Visibility, schools: Collection[str]
) -> tuple[Visibility, Visibility | None]:
    """The visibility of a cycle that asks these schools, and the lead's wish if it differs."""
    agreed: dict[Visibility, set[str]] = defaultdict(set)
    for visibility, school in connection.execute(_AGREED, {"partnership": partnership}):
        agreed[Visibility(visibility)].add(school)
    pinned = consent.to_pin(wish, schools, agreed)
    return pinned, None if pinned is wish else wish


def pin_again(connection: Connection, partnership: str, now: datetime) -> None:
    """Update the partnership's unopened cycles to what is agreed and wished now."""
    wish: str = connection.execute(_ALONE, {"partnership": partnership}).scalar_one()
    for cycle in connection.scalars(_TO_COME, {"partnership": partnership, "now": now}).all():
        schools = set(connection.scalars(_ROSTER, {"cycle": cycle}))
        pinned, wished = to_pin(connection, partnership, Visibility(wish), schools)
        values = {"this": cycle, "pinned": pinned.value, "not_agreed": None if wished is None else wished.value}
        connection.execute(_PIN, values)


_WISH = select(_cycle.c.wished).where(_cycle.c.id == bindparam("cycle"))


def wish_of(connection: Connection, cycle: int) -> Visibility | None:
    """What the lead had asked for, if a cycle's visibility is something else."""
    wish = connection.scalar(_WISH, {"cycle": cycle})
    return None if wish is None else Visibility(wish)


# What people see

_OPEN_NOW = and_(
    _cycle.c.partnership_id == _partnership.c.id,
    _cycle.c.closed_at.is_(None),
    _cycle.c.opens_at <= _NOW,
    _cycle.c.closes_at > _NOW,
)
_HERE = and_(_membership.c.partnership_id == _partnership.c.id, _membership.c.left_on.is_(None))
_WISHED_FOR = case((_partnership.c.visibility == "lead-only", "lead-only"), else_="open")
_SAID = and_(
    _consent.c.partnership_id == _partnership.c.id,
    _consent.c.school_id == _membership.c.school_id,
    _consent.c.visibility == _WISHED_FOR,
)
_HAS_AGREED = exists().where(
    _consent.c.partnership_id == _partnership.c.id,
    _consent.c.school_id == _membership.c.school_id,
    _consent.c.visibility.in_((_WISHED_FOR, "open")),
    _consent.c.agreed,
)
_SAYS = (
    select(
        _partnership.c.id.label("partnership"),
        _partnership.c.name.label("partnership_name"),
        _partnership.c.visibility.label("wish"),
        _school.c.id.label("school"),
        _school.c.name.label("school_name"),
        _consent.c.agreed,
        select(_cycle.c.visibility).where(_OPEN_NOW).limit(1).scalar_subquery().label("pinned"),
    )
    .select_from(_leader)
    .join(_school, _school.c.id == _leader.c.school_id)
    .join(_membership, _membership.c.school_id == _school.c.id)
    .join(_partnership, _HERE)
    .outerjoin(_consent, _SAID)
    .where(_leader.c.person_id == bindparam("person"))
    .order_by(_partnership.c.name, _school.c.name, _school.c.id)
)
_TALLIES = (
    select(
        _partnership.c.name,
        _partnership.c.visibility.label("wish"),
        func.count(_membership.c.school_id).label("schools"),
        func.count(case((_HAS_AGREED, 1))).label("agreed"),
    )
    .select_from(_role)
    .join(_partnership, _partnership.c.id == _role.c.partnership_id)
    .join(_membership, _HERE)
    .where(_role.c.person_id == bindparam("person"), _role.c.role == "lead")
    .group_by(_partnership.c.id)
    .order_by(_partnership.c.name, _partnership.c.id)
)


def says_of(connection: Connection, person: str, now: datetime) -> tuple[SchoolSay, ...]:
    """The answer of each school that this person leads, in each of its partnerships."""
    return tuple(
        SchoolSay(
            partnership=row.partnership,
            partnership_name=row.partnership_name,
            school=row.school,
            school_name=row.school_name,
            asked=consent.asked_for(Visibility(row.wish)),
            yes=None if row.agreed is None else bool(row.agreed),
            pinned=None if row.pinned is None else Visibility(row.pinned),
        )
        for row in connection.execute(_SAYS, {"person": person, "now": now})
    )


def tallies_of(connection: Connection, person: str) -> tuple[VisibilityTally, ...]:
    """How many schools of each partnership that this person leads have agreed."""
    return tuple(
        VisibilityTally(row.name, consent.asked_for(Visibility(row.wish)), row.agreed, row.schools)
        for row in connection.execute(_TALLIES, {"person": person})
    )
