"""Improvement actions: store what a meeting agreed, and find what somebody may see of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, delete, exists, or_, select, update

from core import agreed_actions as agreed
from core.agreed_actions import ActionPlan, ActionState, AgreedAction, NewAction, Owner
from core.calendar import SchoolCalendar
from core.services import audit, cycles
from core.storage import tables
from core.storage.frameworks import FrameworkShelf
from core.storage.upsert import insert_or_ignore
from core.values import value

_action = tables.AgreedAction.__table__
_partnership = tables.Partnership.__table__
_membership = tables.Membership.__table__
_school = tables.School.__table__
_cycle = tables.Cycle.__table__
_leader = tables.Leader.__table__
_role = tables.PartnershipRole.__table__
_channel = tables.Channel.__table__


_NEW = insert_or_ignore(_action)
_HOME = select(_partnership).where(_partnership.c.id == bindparam("partnership"))
_SETTLE = update(_action).where(_action.c.id == bindparam("this")).values(state=bindparam("to"))
_OF_PARTNERSHIP = _action.c.partnership_id == bindparam("partnership")


def _actions() -> Select[Any]:
    return (
        select(_action, _cycle.c.opens_at.label("round"), _school.c.name.label("owner_name"))
        .join(_school, _school.c.id == _action.c.owner_id)
        .outerjoin(_cycle, _cycle.c.id == _action.c.cycle_id)
        .order_by(_action.c.agreed_at, _action.c.id)
    )


_ALL = _actions().where(_OF_PARTNERSHIP)
_POSTED_TOGETHER = _actions().where(_action.c.posted_with == bindparam("posting"))
_REMOVE = (
    delete(_action).where(_action.c.id == bindparam("this")).returning(_action.c.partnership_id, _action.c.posted_with)
)


def keep(connection: Connection, new: NewAction, by: str, now: datetime) -> None:
    """Store an action, unless it is stored already. The caller has checked that the person is a lead."""
    home = connection.execute(_HOME, {"partnership": new.partnership}).one()
    spoken_about = cycles.last_closed(connection, new.partnership, now)
    values = {
        "id": new.id,
        "partnership_id": new.partnership,
        "cycle_id": None if spoken_about is None else spoken_about.id,
        "framework_id": home.framework_id,
        "framework_version": home.framework_version,
        "subtheme": new.subtheme,
        "words": new.words,
        "owner_id": new.owner,
        "due_on": new.due_on,
        "state": ActionState.OPEN.value,
        "agreed_at": now,
        "posted_with": None,
    }
    if _NEW.run(connection, values):
        audit.record(connection, now, by, "action agreed", {"action": new.id, "partnership": new.partnership})


def settle(connection: Connection, action: int, state: ActionState, by: str, now: datetime) -> None:
    """Record an action's status. The caller has checked that the person may."""
    if connection.execute(_SETTLE, {"this": action, "to": state.value}).rowcount:
        audit.record(connection, now, by, "action settled", {"action": action, "state": state.value})


@value
class RemovedAction:
    partnership: str
    posting: int | None
    """The first of the actions it was posted with, if it was."""


def remove(connection: Connection, action: int, by: str, now: datetime) -> RemovedAction | None:
    """Remove an action; None if it was removed before. The caller has checked that the person is a lead."""
    row = connection.execute(_REMOVE, {"this": action}).first()
    if row is None:
        return None
    audit.record(connection, now, by, "action removed", {"action": action, "partnership": row.partnership_id})
    return RemovedAction(row.partnership_id, row.posted_with)


# What people see

_SEEN = (
    select(_partnership, exists().where(_channel.c.partnership_id == _partnership.c.id).label("has_channel"))
    .where(
        or_(
            exists().where(_role.c.partnership_id == _partnership.c.id, _role.c.person_id == bindparam("person")),
            exists().where(
                _membership.c.partnership_id == _partnership.c.id,
                _membership.c.left_on.is_(None),
                _membership.c.school_id == _leader.c.school_id,
                _leader.c.person_id == bindparam("person"),
            ),
        )
    )
    .order_by(_partnership.c.name, _partnership.c.id)
)
_OWNERS = (
    select(_school.c.id, _school.c.name)
    .join(_membership, _membership.c.school_id == _school.c.id)
    .where(_membership.c.partnership_id == bindparam("partnership"), _membership.c.left_on.is_(None))
    .order_by(_school.c.name, _school.c.id)
)
_LED_SCHOOLS = select(_leader.c.school_id).where(_leader.c.person_id == bindparam("person"))
_LED = select(_role.c.partnership_id).where(_role.c.person_id == bindparam("person"), _role.c.role == "lead")


def agreements_of(connection: Connection, shelf: FrameworkShelf, person: str) -> tuple[ActionPlan, ...]:
    """What each of this person's partnerships has agreed, whatever their role there."""
    who = {"person": person}
    led, schools = set(connection.scalars(_LED, who)), set(connection.scalars(_LED_SCHOOLS, who))
    return tuple(
        _agreement(connection, shelf, home, home.id in led, schools) for home in connection.execute(_SEEN, who)
    )


def _agreement(
    connection: Connection, shelf: FrameworkShelf, home: Row[Any], leads: bool, led_schools: set[str]
) -> ActionPlan:
    owners = tuple(Owner(*row) for row in connection.execute(_OWNERS, {"partnership": home.id}))
    return ActionPlan(
        id=home.id,
        name=home.name,
        framework=shelf.get(connection, home.framework_id, home.framework_version),
        owners=owners,
        calendar=SchoolCalendar.from_json(home.calendar),
        actions=agreed.current(all_of(connection, shelf, home.id)),
        leads=leads,
        own_schools=frozenset(each.id for each in owners if each.id in led_schools),
        has_channel=home.has_channel,
    )


def all_of(connection: Connection, shelf: FrameworkShelf, partnership: str) -> tuple[AgreedAction, ...]:
    return _read(connection, shelf, connection.execute(_ALL, {"partnership": partnership}))


def posted_together(connection: Connection, shelf: FrameworkShelf, posting: int) -> tuple[AgreedAction, ...]:
    """The actions that were posted with this one and are still agreed."""
    return _read(connection, shelf, connection.execute(_POSTED_TOGETHER, {"posting": posting}))


def last_time(connection: Connection, shelf: FrameworkShelf, cycle: int) -> tuple[AgreedAction, ...]:
    """What the partnership had agreed before this cycle opened, for its opening and its report: "last time you agreed".

    Everything from the latest meeting before it, and anything from earlier meetings that is not done yet.
    """
    found = cycles.cycle_by_id(connection, cycle)
    return () if found is None else agreed.last_time(all_of(connection, shelf, found.partnership), found.opens_at)


def _read(connection: Connection, shelf: FrameworkShelf, rows: Iterable[Row[Any]]) -> tuple[AgreedAction, ...]:
    return tuple(_as_action(connection, shelf, row) for row in rows)


def _as_action(connection: Connection, shelf: FrameworkShelf, row: Row[Any]) -> AgreedAction:
    framework = shelf.get(connection, row.framework_id, row.framework_version)
    return AgreedAction(
        id=row.id,
        partnership=row.partnership_id,
        round=row.round,
        subtheme=row.subtheme,
        title=framework.subtheme_by_id[row.subtheme].title,
        words=row.words,
        owner=Owner(row.owner_id, row.owner_name),
        due_on=row.due_on,
        state=ActionState(row.state),
        agreed_at=row.agreed_at,
        posted=row.posted_with is not None,
    )
