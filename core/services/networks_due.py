"""Scheduled work: leads to ask whether their partnership joins a network that invited it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, select

from core.calendar import ReminderTime, SchoolCalendar
from core.services import people
from core.storage import outbox_record, tables
from core.values import value

_member = tables.NetworkPartnership.__table__
_partnership = tables.Partnership.__table__
_role = tables.PartnershipRole.__table__
_person = tables.Person.__table__
_INVITED: Select[Any] = (
    select(
        _member.c.network_id,
        _partnership.c.id,
        _partnership.c.calendar,
        _person.c.id.label("lead"),
        _person.c.reminder_time,
    )
    .join(_partnership, _partnership.c.id == _member.c.partnership_id)
    .join(_role, and_(_role.c.partnership_id == _partnership.c.id, _role.c.role == "lead"))
    .join(_person, _person.c.id == _role.c.person_id)
    .where(
        _member.c.joined.is_(None),
        people.can_be_reached(_person.c.id),
    )
    .order_by(_member.c.network_id, _partnership.c.id, _person.c.id)
)


@value
class NetworkQuestionDue:
    network: str
    partnership: str
    person: str
    key: str


def to_ask(connection: Connection, now: datetime) -> tuple[NetworkQuestionDue, ...]:
    """Each lead of an invited partnership, once, in school hours at their preferred time."""
    found = []
    for network, partnership, calendar, lead, reminder_time in connection.execute(_INVITED).all():
        days = SchoolCalendar.from_json(calendar)
        at = days.moment(now.astimezone(days.zone).date(), ReminderTime(reminder_time).at)
        due = NetworkQuestionDue(network, partnership, lead, f"network:{network}:{partnership}:{lead}")
        if days.in_school_hours(now) and now >= at and not outbox_record.of_once(connection, due.key):
            found.append(due)
    return tuple(found)
