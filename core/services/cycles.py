"""Cycles: opening one, closing it, and its schools' progress."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, and_, bindparam, case, func, insert, select, update

from core import reminders
from core.calendar import NudgeSchedule, SchoolCalendar
from core.enquiry import Cycle, Visibility
from core.framework import Framework
from core.services import audit, notices, people, visibility
from core.services.notices import What
from core.storage import tables
from core.storage.frameworks import FrameworkShelf

_partnership = tables.Partnership.__table__
_membership = tables.Membership.__table__
_cycle = tables.Cycle.__table__
_cycle_school = tables.CycleSchool.__table__
_response = tables.Response.__table__


class Refused(Exception):
    """A cycle can't be opened or closed like this. The message is for the person who asked; nothing was changed."""


@dataclass(frozen=True, slots=True)
class CycleProgress:
    roster: frozenset[str]
    """The schools that are asked."""
    submitted: frozenset[str]
    """The schools with at least one submitted response."""

    @property
    def waiting(self) -> frozenset[str]:
        """The schools with no submitted response."""
        return self.roster - self.submitted

    @property
    def schools_in_roster(self) -> int:
        return len(self.roster)

    @property
    def schools_submitted(self) -> int:
        return len(self.submitted)


UK: Final = "Europe/London"
NOTHING_ASKED: Final = CycleProgress(frozenset(), frozenset())


_NOW = bindparam("now", type_=_cycle.c.closes_at.type)
_THIS = select(_cycle).where(_cycle.c.id == bindparam("this"))
# Only one process at a time opens or closes a partnership's cycle. SQLite has one writer anyway.
_PARTNERSHIP = select(_partnership).where(_partnership.c.id == bindparam("partnership")).with_for_update()
_ALL = (
    select(_cycle)
    .where(_cycle.c.partnership_id == bindparam("partnership"))
    .order_by(_cycle.c.opens_at.desc(), _cycle.c.id.desc())
)
_NOT_CLOSED = _ALL.where(_cycle.c.closed_at.is_(None))
_DUE = select(_cycle).where(_cycle.c.closed_at.is_(None), _cycle.c.closes_at <= _NOW).order_by(_cycle.c.closes_at)
_MEMBERS = select(_membership.c.school_id).where(
    _membership.c.partnership_id == bindparam("partnership"), _membership.c.left_on.is_(None)
)
_OPEN = insert(_cycle).returning(_cycle)
_ASK = insert(_cycle_school)
# A late close still counts from the time that everybody was told.
_CLOSE = (
    update(_cycle)
    .where(_cycle.c.id == bindparam("this"), _cycle.c.closed_at.is_(None))
    .values(closed_at=case((_cycle.c.closes_at <= _NOW, _cycle.c.closes_at), else_=_NOW))
)
_PROGRESS = (
    select(_cycle_school.c.school_id, func.count(_response.c.submitted_at))
    .outerjoin(
        _response,
        and_(_response.c.cycle_id == _cycle_school.c.cycle_id, _response.c.school_id == _cycle_school.c.school_id),
    )
    .where(_cycle_school.c.cycle_id == bindparam("cycle"))
    .group_by(_cycle_school.c.school_id)
)


def focus_scope(framework: Framework, priorities: Sequence[str], area: str) -> tuple[str, ...]:
    """The sub-themes of a focus cycle: the agreed priorities and one whole area, in the framework's order.

    Raises ``Refused`` for an area or sub-theme that the framework does not have.
    """
    if unknown := next((each for each in priorities if each not in framework.subtheme_by_id), None):
        raise Refused(f"{framework.id} has no sub-theme {unknown}.")
    if area not in {each.id for each in framework.areas}:
        raise Refused(f"{framework.id} has no area {area}.")
    return tuple(
        each.id for each in framework.subthemes if each.id in priorities or framework.area_of[each.id].id == area
    )


def open_cycle(  # noqa: PLR0913 - what a cycle is made of
    connection: Connection,
    shelf: FrameworkShelf,
    partnership: str,
    title: str,
    closes_at: datetime,
    scope: Sequence[str] | None,
    now: datetime,
    *,
    opens_at: datetime | None = None,
    meeting_on: date | None = None,
    schedule: NudgeSchedule | None = None,
    by: str | None = None,
) -> Cycle:
    """Open a cycle now, or let it open later.

    ``scope`` lists the sub-themes of a focus cycle; None asks everything. Framework and schools are fixed now for the
    whole cycle, visibility as agreed when it opens. Raises ``Refused``.
    """
    home = connection.execute(_PARTNERSHIP, {"partnership": partnership}).first()
    if home is None:
        raise Refused(f"There is no partnership {partnership}.")
    opens_at = opens_at or now
    _check_times(opens_at, closes_at, now)
    _check_none_open(connection, partnership)
    schools = connection.scalars(_MEMBERS, {"partnership": partnership}).all()
    if not schools:
        raise Refused(f"{home.name} has no school yet.")
    framework = shelf.get(connection, home.framework_id, home.framework_version)
    pinned, wished = visibility.to_pin(connection, partnership, Visibility(home.visibility), schools)
    values = {
        "partnership_id": partnership,
        "title": title,
        "framework_id": framework.id,
        "framework_version": framework.version,
        "scope": list(_checked_scope(framework, scope)),
        "visibility": pinned.value,
        "wished": None if wished is None else wished.value,
        "opens_at": opens_at,
        "closes_at": closes_at,
        "closed_at": None,
        "meeting_on": meeting_on,
        "nudge_schedule": (schedule or NudgeSchedule()).to_json(),
    }
    cycle = _cycle_of(connection.execute(_OPEN, values).one())
    connection.execute(_ASK, [{"cycle_id": cycle.id, "school_id": school} for school in schools])
    audit.record(connection, now, by, "cycle opened", {"cycle": cycle.id, "visibility": pinned.value})
    _tell_leads_of_its_dates(connection, cycle, SchoolCalendar.from_json(home.calendar), schedule, now)
    return cycle


def _tell_leads_of_its_dates(
    connection: Connection, cycle: Cycle, calendar: SchoolCalendar, schedule: NudgeSchedule | None, now: datetime
) -> None:
    around = reminders.round_of(cycle, calendar, schedule or NudgeSchedule())
    if around.reminds and not around.missing():
        return
    at = now if calendar.in_school_hours(now) else calendar.next_slot(now, calendar.earliest)
    for lead in people.leads_of(connection, cycle.partnership):
        notices.add(connection, lead, What.CYCLE_DATES, at, cycle=cycle.id)


def _check_times(opens_at: datetime, closes_at: datetime, now: datetime) -> None:
    if closes_at <= opens_at:
        raise Refused("A cycle has to open before it closes. Check the two dates.")
    if closes_at <= now:
        raise Refused("That date has passed. Choose a later closing date.")


def _check_none_open(connection: Connection, partnership: str) -> None:
    if standing := connection.execute(_NOT_CLOSED, {"partnership": partnership}).first():
        raise Refused(
            f"{standing.title} has not been closed yet. Close it first: a partnership has one cycle at a time."
        )


def _checked_scope(framework: Framework, scope: Sequence[str] | None) -> tuple[str, ...]:
    if scope is None:
        return tuple(each.id for each in framework.subthemes)
    if unknown := next((each for each in scope if each not in framework.subtheme_by_id), None):
        raise Refused(f"{framework.id} has no sub-theme {unknown}.")
    if not scope:
        raise Refused("Choose at least one sub-theme to ask about.")
    return tuple(each.id for each in framework.subthemes if each.id in scope)


def close_cycle(connection: Connection, cycle: int, now: datetime, by: str | None) -> Cycle:
    """Close a cycle for good; a closed one stays as it was.

    ``by`` is the person who asked, who must lead the partnership; None for the command line. Raises ``Refused``.
    """
    found = cycle_by_id(connection, cycle)
    if found is None or (by is not None and not people.is_lead(connection, by, found.partnership)):
        raise Refused("Only a lead of the partnership can close its cycle.")
    _closed(connection, cycle, now, by)
    return _cycle_of(connection.execute(_THIS, {"this": cycle}).one())


def close_overdue(connection: Connection, cycle: int, now: datetime) -> bool:
    """Close a cycle whose time is up; False if it was closed before."""
    return _closed(connection, cycle, now, by=None)


def _closed(connection: Connection, cycle: int, now: datetime, by: str | None) -> bool:
    if not connection.execute(_CLOSE, {"this": cycle, "now": now}).rowcount:
        return False
    audit.record(connection, now, by, "cycle closed", {"cycle": cycle})
    return True


def cycle_by_id(connection: Connection, cycle: int) -> Cycle | None:
    return _first(connection.execute(_THIS, {"this": cycle}).first())


def cycles_of(connection: Connection, partnership: str) -> tuple[Cycle, ...]:
    """All of a partnership's cycles, latest first."""
    return tuple(_cycle_of(row) for row in connection.execute(_ALL, {"partnership": partnership}))


def current_cycle(connection: Connection, partnership: str, now: datetime) -> Cycle | None:
    """The cycle that takes answers now."""
    return open_one(cycles_of(connection, partnership), now)


def last_closed(connection: Connection, partnership: str, now: datetime) -> Cycle | None:
    """The cycle that stopped taking answers last, even if the clock hasn't closed it yet."""
    return next(iter(those_over(cycles_of(connection, partnership), now)), None)


def open_one(cycles: Iterable[Cycle], now: datetime) -> Cycle | None:
    """The partnership's cycle that takes answers now."""
    return next((each for each in cycles if each.is_open(now)), None)


def those_over(cycles: Iterable[Cycle], now: datetime) -> tuple[Cycle, ...]:
    """The cycles that take no more answers, latest first."""
    over = (each for each in cycles if each.is_over(now))
    return tuple(sorted(over, key=lambda each: (each.over_at, each.id), reverse=True))


def due_to_close(connection: Connection, now: datetime) -> tuple[Cycle, ...]:
    """Cycles of all partnerships whose time is up but which nobody has closed."""
    return tuple(_cycle_of(row) for row in connection.execute(_DUE, {"now": now}))


def progress(connection: Connection, cycle: int) -> CycleProgress:
    rows = connection.execute(_PROGRESS, {"cycle": cycle}).all()
    return CycleProgress(frozenset(school for school, _ in rows), frozenset(school for school, times in rows if times))


def _first(row: Row[Any] | None) -> Cycle | None:
    return None if row is None else _cycle_of(row)


def _cycle_of(row: Row[Any]) -> Cycle:
    return as_cycle(row.id, row._asdict())


def as_cycle(number: int, row: Mapping[str, Any]) -> Cycle:
    """The cycle with this number, from a row with its table's columns."""
    return Cycle(
        id=number,
        partnership=row["partnership_id"],
        title=row["title"],
        visibility=Visibility(row["visibility"]),
        opens_at=row["opens_at"],
        closes_at=row["closes_at"],
        closed_at=row["closed_at"],
        meeting_on=row["meeting_on"],
        timezone=row.get("timezone") or UK,
    )
