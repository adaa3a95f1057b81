"""Scheduled work on improvement actions: which to post, and whose leaders to ask how theirs are going."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, exists, func, select, update

from core import agreed_actions
from core.agreed_actions import ActionState
from core.calendar import ReminderTime, SchoolCalendar
from core.half_terms import look
from core.services import people
from core.storage import outbox_record, tables
from core.storage.outbox import Place
from core.values import value

_action = tables.AgreedAction.__table__
_partnership = tables.Partnership.__table__
_leader = tables.Leader.__table__
_person = tables.Person.__table__
_channel = tables.Channel.__table__
_role = tables.PartnershipRole.__table__
_said = tables.Outbox.__table__

_HAS_CHANNEL = exists().where(_channel.c.partnership_id == _partnership.c.id)
_WAITING = (
    select(_partnership.c.id, _partnership.c.calendar, func.max(_action.c.agreed_at).label("last_agreed_at"))
    .join(_action, _action.c.partnership_id == _partnership.c.id)
    .where(_action.c.posted_with.is_(None), _HAS_CHANNEL)
    .group_by(_partnership.c.id)
    .order_by(_partnership.c.id)
)
_WAITING_HERE = (_action.c.partnership_id == bindparam("partnership"), _action.c.posted_with.is_(None))
_FIRST_WAITING = select(_action.c.id).where(*_WAITING_HERE).order_by(_action.c.agreed_at, _action.c.id).limit(1)
_TAKE = update(_action).where(*_WAITING_HERE).values(posted_with=bindparam("posting"))


def to_post(connection: Connection, now: datetime) -> tuple[str, ...]:
    """The partnerships whose latest actions should be posted now."""
    return tuple(
        row.id for row in connection.execute(_WAITING).all() if posted_at(row.last_agreed_at, row.calendar) <= now
    )


def posted_at(last_agreed_at: datetime, calendar: dict[str, Any]) -> datetime:
    return agreed_actions.posted_at(last_agreed_at, SchoolCalendar.from_json(calendar).zone)


def take_to_post(connection: Connection, partnership: str) -> int | None:
    """Claim all actions waiting to be posted, under the number of the first one; None if there are none.

    If several processes do so at once, only one gets them.
    """
    posting: int | None = connection.scalar(_FIRST_WAITING.with_for_update(), {"partnership": partnership})
    if posting is None or not connection.execute(_TAKE, {"partnership": partnership, "posting": posting}).rowcount:
        return None
    return posting


_UNDER = select(_action.c.id).where(_action.c.posted_with == bindparam("posting")).order_by(_action.c.id)


def posted_under(connection: Connection, posting: int) -> tuple[int, ...]:
    """The actions posted together under this number."""
    return tuple(connection.scalars(_UNDER, {"posting": posting}))


@value
class ShownTo:
    """A person who was shown something in their own conversation with the bot."""

    person: str
    place: Place


_SHOWN = (
    select(_said.c.person_id, _said.c.platform, _said.c.tenant, _said.c.conversation)
    .where(
        _said.c.person_id.in_(
            select(_role.c.person_id).where(_role.c.partnership_id == bindparam("partnership"), _role.c.role == "lead")
        ),
        _said.c.key == bindparam("key"),
        _said.c.kind == "direct",
        _said.c.state.in_(("waiting", "claimed", "sent")),
    )
    .distinct()
)


def shown_to_leads(connection: Connection, partnership: str, key: str) -> tuple[ShownTo, ...]:
    """The leads of a partnership who were shown the message with this key, and where."""
    rows = connection.execute(_SHOWN, {"partnership": partnership, "key": key})
    return tuple(ShownTo(person, Place(*place)) for person, *place in rows)


@value
class CheckInDue:
    """A person to ask how the actions their schools lead on are going."""

    partnership: str
    person: str
    key: str
    """The same for the same half term."""


_UNFINISHED = _action.c.state != ActionState.DONE.value
_OWNERS: Select[Any] = (
    select(
        _partnership.c.id,
        _partnership.c.calendar,
        _person.c.id.label("person"),
        _person.c.reminder_time,
        func.min(_action.c.agreed_at).label("agreed_at"),
    )
    .select_from(_action)
    .join(_partnership, _partnership.c.id == _action.c.partnership_id)
    .join(_leader, _leader.c.school_id == _action.c.owner_id)
    .join(_person, _person.c.id == _leader.c.person_id)
    .where(_UNFINISHED, people.can_be_reached(_person.c.id))
    .group_by(_partnership.c.id, _person.c.id)
    .order_by(_partnership.c.id, _person.c.id)
)
_THEIRS = _OWNERS.where(_partnership.c.id == bindparam("partnership"), _person.c.id == bindparam("who"))


def to_ask(connection: Connection, now: datetime) -> tuple[CheckInDue, ...]:
    """Leaders of schools that lead on an action, each once, in the last school days before half term.

    Only in school hours, at each person's preferred time.
    """
    by_partnership: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in connection.execute(_OWNERS):
        by_partnership[row.id].append(row)
    return tuple(asked for owners in by_partnership.values() for asked in _to_ask(connection, owners, now))


def _to_ask(connection: Connection, owners: list[Row[Any]], now: datetime) -> Iterator[CheckInDue]:
    calendar = SchoolCalendar.from_json(owners[0].calendar)
    if not calendar.in_school_hours(now):
        return
    heard = {key for key, _ in outbox_record.of_once(connection, f"look:{owners[0].id}:")}
    asked = (_asked(row, calendar, now) for row in owners)
    yield from (each for each in asked if each is not None and each.key not in heard)


def _asked(row: Row[Any], calendar: SchoolCalendar, now: datetime) -> CheckInDue | None:
    zone = calendar.zone
    found = look(calendar, row.agreed_at.astimezone(zone).date(), now.astimezone(zone).date())
    if found is None or now < calendar.moment(found.first, ReminderTime(row.reminder_time).at):
        return None
    return CheckInDue(row.id, row.person, f"look:{row.id}:{found.key}:{row.person}")


def is_wanted(connection: Connection, partnership: str, person: str, now: datetime) -> bool:
    """Whether the planned question may still be asked: it is school hours, and something is not done yet."""
    row = connection.execute(_THEIRS, {"partnership": partnership, "who": person}).first()
    return row is not None and SchoolCalendar.from_json(row.calendar).in_school_hours(now)
