"""Scheduled work: whom to ask whether their school agrees to more, and which leads to tell about the outcome."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, bindparam, exists, func, or_, select

from core import visibility
from core.calendar import ReminderTime, SchoolCalendar
from core.enquiry import Visibility
from core.services import people
from core.storage import outbox_record, tables
from core.values import value

_consent = tables.VisibilityConsent.__table__
_partnership = tables.Partnership.__table__
_membership = tables.Membership.__table__
_leader = tables.Leader.__table__
_person = tables.Person.__table__
_role = tables.PartnershipRole.__table__
_cycle = tables.Cycle.__table__
_standing = _cycle.alias("standing")
_response = tables.Response.__table__

_NOW = bindparam("now", type_=_cycle.c.opens_at.type)
_BETWEEN_CYCLES: Select[Any] = (
    select(
        _partnership.c.id,
        _partnership.c.visibility,
        _partnership.c.calendar,
        func.max(_cycle.c.id).label("round"),
        func.max(_cycle.c.closed_at).label("closed_at"),
    )
    .outerjoin(_cycle, and_(_cycle.c.partnership_id == _partnership.c.id, _cycle.c.closed_at.is_not(None)))
    .where(
        ~exists().where(
            _standing.c.partnership_id == _partnership.c.id,
            _standing.c.closed_at.is_(None),
            _standing.c.opens_at <= _NOW,
        )
    )
    .group_by(_partnership.c.id)
    .order_by(_partnership.c.id)
)
_SUBMITTED = exists().where(
    _response.c.cycle_id == bindparam("round"),
    _response.c.school_id == _membership.c.school_id,
    _response.c.person_id == _person.c.id,
    _response.c.submitted_at.is_not(None),
)
_HAS_AGREED = exists().where(
    _consent.c.partnership_id == _membership.c.partnership_id,
    _consent.c.school_id == _membership.c.school_id,
    _consent.c.agreed,
    or_(_consent.c.visibility == bindparam("asked"), _consent.c.visibility == Visibility.OPEN.value),
)
_LEADERS = (
    select(_membership.c.school_id, _person.c.id, _person.c.reminder_time)
    .join(_leader, _leader.c.school_id == _membership.c.school_id)
    .join(_person, _person.c.id == _leader.c.person_id)
    .where(
        _membership.c.partnership_id == bindparam("partnership"),
        _membership.c.left_on.is_(None),
        people.can_be_reached(_person.c.id),
        ~_HAS_AGREED,
    )
    .order_by(_membership.c.school_id, _SUBMITTED.desc(), _person.c.id)
)
_NOT_AS_WISHED = (
    select(_cycle.c.id, _role.c.person_id)
    .join(_role, and_(_role.c.partnership_id == _cycle.c.partnership_id, _role.c.role == "lead"))
    .where(_cycle.c.wished.is_not(None), _cycle.c.closed_at.is_(None), _cycle.c.opens_at <= _NOW)
    .order_by(_cycle.c.id, _role.c.person_id)
)


@value
class VisibilityQuestionDue:
    """A leader to ask whether their school agrees."""

    partnership: str
    school: str
    person: str
    key: str
    """The same for the same school after the same cycle."""


def to_ask(connection: Connection, now: datetime) -> tuple[VisibilityQuestionDue, ...]:
    """A leader of each school that has not agreed yet, between two cycles, in school hours, once after each close.

    From the school day after the close; before a first cycle only if the lead wishes for something other than
    ``own-and-group``. One leader for each school: someone who submitted, if possible.
    """
    homes = connection.execute(_BETWEEN_CYCLES, {"now": now}).all()
    return tuple(asked for home in homes for asked in _to_ask(connection, home, now))


def _to_ask(connection: Connection, home: Row[Any], now: datetime) -> Iterator[VisibilityQuestionDue]:
    calendar, wish = SchoolCalendar.from_json(home.calendar), Visibility(home.visibility)
    never = home.closed_at is None and wish is Visibility.OWN_AND_GROUP
    if never or not calendar.in_school_hours(now):
        return
    asked, round_ = visibility.asked_for(wish), home.round or 0
    about = f"consent:{home.id}:{asked}:{round_}:"
    heard = {key for key, _ in outbox_record.of_once(connection, about)}
    values = {"partnership": home.id, "asked": asked.value, "round": round_}
    schools: set[str] = set()
    for school, person, reminder_time in connection.execute(_LEADERS, values):
        first_of_school = school not in schools
        schools.add(school)
        due = now >= _from(calendar, home.closed_at, ReminderTime(reminder_time), now)
        if first_of_school and due and about + school not in heard:
            yield VisibilityQuestionDue(home.id, school, person, about + school)


def _from(calendar: SchoolCalendar, closed_at: datetime | None, preferred: ReminderTime, now: datetime) -> datetime:
    today = now.astimezone(calendar.zone).date()
    first = today if closed_at is None else calendar.next_school_day(closed_at.astimezone(calendar.zone).date())
    return calendar.moment(first, preferred.at)


@value
class PinnedOtherwise:
    """A lead to tell that a cycle's visibility is not what they wished for."""

    cycle: int
    person: str
    key: str


def to_tell(connection: Connection, now: datetime) -> tuple[PinnedOtherwise, ...]:
    """Leads of cycles that have just opened with a visibility they hadn't wished for, each once."""
    found = [
        PinnedOtherwise(cycle, person, f"pinned:{cycle}:{person}")
        for cycle, person in connection.execute(_NOT_AS_WISHED, {"now": now})
    ]
    heard = {
        key
        for cycle in dict.fromkeys(each.cycle for each in found)
        for key, _ in outbox_record.of_once(connection, f"pinned:{cycle}:")
    }
    return tuple(each for each in found if each.key not in heard)


def is_wanted(connection: Connection, partnership: str, now: datetime) -> bool:
    """Whether the planned question may still be asked: it is school hours, and no cycle has opened since."""
    homes = connection.execute(_BETWEEN_CYCLES.where(_partnership.c.id == partnership), {"now": now}).all()
    return any(SchoolCalendar.from_json(home.calendar).in_school_hours(now) for home in homes)
