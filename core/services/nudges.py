"""Reminders: the state of each cycle and leader, leaders' preferences, and what has been planned."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, and_, bindparam, exists, func, select

from core import reminders
from core.calendar import NudgeSchedule, ReminderTime, SchoolCalendar
from core.reminders import Leader, NudgeDue, Round
from core.services import cycles, people
from core.storage import tables
from core.storage.upsert import insert_or_ignore, upsert

OPENING: Final = "opening"

_cycle = tables.Cycle.__table__
_cycle_school = tables.CycleSchool.__table__
_partnership = tables.Partnership.__table__
_leader = tables.Leader.__table__
_person = tables.Person.__table__
_response = tables.Response.__table__
_stand_in = tables.StandIn.__table__
_instead = _stand_in.alias("instead")
_nudge = tables.Nudge.__table__
_choice = tables.NudgeChoice.__table__

_ROUNDS = (
    select(_cycle.c.id, _cycle.c.nudge_schedule, _partnership.c.calendar)
    .join(_partnership, _partnership.c.id == _cycle.c.partnership_id)
    .where(_cycle.c.closed_at.is_(None))
    .order_by(_cycle.c.id)
)
_own = _response.alias("own")
_this_cycle = (
    select(_cycle_school.c.cycle_id, _cycle_school.c.school_id)
    .where(_cycle_school.c.cycle_id == bindparam("cycle"))
    .subquery()
)
# A leader whose deputy answers is left alone, and the deputy reminded.
_asked = (
    select(_this_cycle.c.cycle_id, _leader.c.school_id, _leader.c.person_id)
    .join(_this_cycle, _this_cycle.c.school_id == _leader.c.school_id)
    .where(
        ~exists().where(
            _instead.c.cycle_id == _this_cycle.c.cycle_id,
            _instead.c.school_id == _leader.c.school_id,
            _instead.c.leader_id == _leader.c.person_id,
        )
    )
    .union(
        select(_stand_in.c.cycle_id, _stand_in.c.school_id, _stand_in.c.person_id).where(
            _stand_in.c.cycle_id == bindparam("cycle")
        )
    )
    .subquery()
)
_LEADERS = (
    select(
        _person.c.id,
        _person.c.reminder_time,
        _choice.c.snoozed_until,
        _choice.c.stopped_at,
        func.max(_own.c.started_at).label("started_at"),
    )
    .select_from(_cycle_school)
    .join(_asked, and_(_asked.c.school_id == _cycle_school.c.school_id, _asked.c.cycle_id == _cycle_school.c.cycle_id))
    .join(_person, _person.c.id == _asked.c.person_id)
    .outerjoin(_choice, and_(_choice.c.cycle_id == _cycle_school.c.cycle_id, _choice.c.person_id == _person.c.id))
    .outerjoin(_own, and_(_own.c.cycle_id == _cycle_school.c.cycle_id, _own.c.person_id == _person.c.id))
    .where(
        _cycle_school.c.cycle_id == bindparam("cycle"),
        people.can_be_reached(_person.c.id),
        ~exists().where(
            _response.c.cycle_id == _cycle_school.c.cycle_id,
            _response.c.school_id == _cycle_school.c.school_id,
            _response.c.submitted_at.is_not(None),
        ),
    )
    .group_by(_person.c.id, _person.c.reminder_time, _choice.c.snoozed_until, _choice.c.stopped_at)
    .order_by(_person.c.id)
)
_PLANNED = select(_nudge.c.person_id, _nudge.c.slot, _nudge.c.planned_at).where(_nudge.c.cycle_id == bindparam("cycle"))
_PLAN = insert_or_ignore(_nudge)
_CHOOSE = upsert(_choice)


def snooze(connection: Connection, cycle: int, person: str, until: datetime) -> None:
    """Pause reminders until the day of ``until``, and send one on it; a snooze after a stop restarts them."""
    _choose(connection, cycle, person, snoozed_until=until, stopped_at=None)


def stop(connection: Connection, cycle: int, person: str, now: datetime) -> None:
    """No more reminders about this cycle."""
    _choose(connection, cycle, person, snoozed_until=None, stopped_at=now)


def _choose(connection: Connection, cycle: int, person: str, **choice: datetime | None) -> None:
    _CHOOSE.run(connection, {"cycle_id": cycle, "person_id": person, **choice})


def rounds(connection: Connection) -> tuple[Round, ...]:
    """The cycles that have not been closed, including future ones."""
    return tuple(_round(connection, *row) for row in connection.execute(_ROUNDS).all())


def _round(
    connection: Connection, cycle_id: int, schedule: Mapping[str, object], school_calendar: Mapping[str, object]
) -> Round:
    cycle = cycles.cycle_by_id(connection, cycle_id)
    assert cycle is not None
    return reminders.round_of(cycle, SchoolCalendar.from_json(school_calendar), NudgeSchedule.from_json(schedule))


def round_of(connection: Connection, cycle: int) -> Round | None:
    """This cycle, if it has not been closed."""
    row = connection.execute(_ROUNDS.where(_cycle.c.id == cycle)).first()
    return None if row is None else _round(connection, *row)


def invited_from(connection: Connection, around: Round, now: datetime) -> datetime | None:
    """When the first invitation of a cycle goes out; None if none can before the close."""
    return reminders.invited_from(around, leaders_to_remind(connection, around.cycle.id), now)


def leaders_to_remind(connection: Connection, cycle: int) -> tuple[Leader, ...]:
    """Reachable leaders whose school has not submitted, each once however many schools they lead."""
    planned: dict[str, dict[str, datetime]] = {}
    for person, slot, at in connection.execute(_PLANNED, {"cycle": cycle}):
        planned.setdefault(person, {})[slot] = at
    return tuple(
        Leader(
            person=row.id,
            reminder_time=ReminderTime(row.reminder_time),
            planned=planned.get(row.id, {}),
            started_at=row.started_at,
            snoozed_until=row.snoozed_until,
            stopped=row.stopped_at is not None,
        )
        for row in connection.execute(_LEADERS, {"cycle": cycle})
    )


def due(connection: Connection, now: datetime) -> tuple[NudgeDue, ...]:
    """The reminders to send now in all cycles."""
    return tuple(
        each
        for around in rounds(connection)
        if reminders.may_speak(around, now)
        for each in reminders.due_nudges(around, leaders_to_remind(connection, around.cycle.id), now)
    )


def next_at(connection: Connection, now: datetime) -> datetime | None:
    """When the next reminder of any kind is due."""
    found = (
        reminders.next_nudge_at(around, leaders_to_remind(connection, around.cycle.id), now)
        for around in rounds(connection)
    )
    return min((moment for moment in found if moment is not None), default=None)


def plan(connection: Connection, due: NudgeDue, now: datetime) -> bool:
    """Claim a slot for a person; False if any process has claimed it before."""
    return _take(connection, due.cycle, due.person, due.slot.key, now)


def invited(connection: Connection, cycle: int, person: str, now: datetime) -> None:
    """Record that the person has seen the invitation in conversation, so that the clock need not send it."""
    _take(connection, cycle, person, OPENING, now)


def _take(connection: Connection, cycle: int, person: str, slot: str, now: datetime) -> bool:
    values = {"cycle_id": cycle, "person_id": person, "slot": slot, "planned_at": now}
    return _PLAN.run(connection, values) == 1


def is_wanted(connection: Connection, cycle: int, key: str, now: datetime) -> bool:
    """Whether the reminder planned under this key may still be sent; checked just before sending."""
    around = round_of(connection, cycle)
    return around is not None and reminders.still_wanted(around, leaders_to_remind(connection, cycle), key, now)
