"""What a school said stays the school's when its leader leaves: it passes to whoever leads the school then.

While a cycle is open, the leaver's response becomes the successor's, to be seen, gone on with and corrected. Private
notes go with the leaver. Without a successor it waits, and counts if it was submitted. After the close a successor sees
what the school said, unless they knew another school of that cycle: nobody's figures may be told to somebody who knows
more schools than the snapshot reckoned with (``core.analysis.disclosure``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, cast

from sqlalchemy import BindParameter, Connection, FromClause, and_, bindparam, exists, or_, select, update
from sqlalchemy import ColumnElement as Column

from core.services import notices
from core.services.notices import What
from core.storage import tables

_cycle = tables.Cycle.__table__
_response = tables.Response.__table__
_leader = tables.Leader.__table__
_person = tables.Person.__table__
_talk = tables.Talk.__table__
_snapshot = tables.Snapshot.__table__
_in_snapshot = tables.SnapshotSchool.__table__
_reader = tables.SnapshotReader.__table__

# Aliases of their own, for conditions in statements that speak of leaders and cycles themselves.
_leading, _of = _leader.alias("leading"), _cycle.alias("of")
_instead = tables.StandIn.__table__.alias("instead")
_own, _elsewhere = _reader.alias("own_school"), _reader.alias("other_school")
_rival = _response.alias("rival")


# Correlated at any depth: inside a condition SQLAlchemy itself only finds the tables of the next statement out.


def still_leads(response: FromClause) -> Column[bool]:
    """The condition that whoever gave this response leads its school now."""
    leads = exists().where(_leading.c.school_id == response.c.school_id, _leading.c.person_id == response.c.person_id)
    return leads.correlate_except(_leading)


def still_speaks(response: FromClause) -> Column[bool]:
    """The condition that whoever gives this response leads its school now, or answers instead of somebody who does."""
    instead = exists().where(
        _instead.c.cycle_id == response.c.cycle_id,
        _instead.c.school_id == response.c.school_id,
        _instead.c.person_id == response.c.person_id,
    )
    return or_(still_leads(response), instead.correlate_except(_instead))


def left_to(person: BindParameter[str] | Column[str], response: FromClause) -> Column[bool]:
    """The condition that this response of a closed cycle was left to the person, who leads the school now.

    Whoever gave it leads the school no more, and the person knew no other school of that cycle.
    """
    over = exists().where(_of.c.id == response.c.cycle_id, _of.c.closed_at.is_not(None))
    leads = exists().where(_leading.c.school_id == response.c.school_id, _leading.c.person_id == person)
    over, leads = over.correlate_except(_of), leads.correlate_except(_leading)
    return and_(over, leads, ~still_leads(response), ~knew_another(person, response.c.cycle_id, response.c.school_id))


def knew_another(person: Any, cycle: Any, school: Any) -> Column[bool]:
    """The condition that the person knew another school's answers in this cycle, and this one's not."""
    of_cycle = select(_snapshot.c.id).where(_snapshot.c.cycle_id == cycle).correlate_except(_snapshot)
    knew = exists().where(_own.c.snapshot_id.in_(of_cycle), _own.c.person_id == person, _own.c.school_id == school)
    another = exists().where(
        _elsewhere.c.snapshot_id.in_(of_cycle), _elsewhere.c.person_id == person, _elsewhere.c.school_id != school
    )
    answered = exists().where(
        _rival.c.cycle_id == cycle,
        _rival.c.school_id != school,
        or_(_rival.c.person_id == person, _rival.c.begun_by_id == person),
    )
    knew, another = knew.correlate_except(_own), another.correlate_except(_elsewhere)
    return and_(~knew, or_(another, answered.correlate_except(_rival)))


_WAITING = (
    select(_response.c.id, _response.c.school_id, _response.c.cycle_id, _response.c.person_id)
    .join(_cycle, _cycle.c.id == _response.c.cycle_id)
    .where(
        _response.c.school_id.in_(bindparam("schools", expanding=True)),
        _cycle.c.closed_at.is_(None),
        _cycle.c.closes_at > bindparam("now", type_=_cycle.c.closes_at.type),
        ~still_speaks(_response),
    )
    .order_by(_response.c.submitted_at.is_(None), _response.c.id)
)
_SUCCESSOR = (
    select(_leader.c.person_id)
    .where(
        _leader.c.school_id == bindparam("school"),
        ~exists().where(
            _rival.c.cycle_id == bindparam("cycle"),
            _rival.c.school_id == _leader.c.school_id,
            _rival.c.person_id == _leader.c.person_id,
        ),
    )
    .order_by(_leader.c.person_id)
    .limit(1)
)


def pass_on(connection: Connection, schools: Collection[str], now: datetime) -> list[str]:
    """Give the open responses of leaders who have left to those who lead these schools now and have none yet.

    Returns the schools for which there was one.
    """
    passed = []
    for row in connection.execute(_WAITING, {"schools": list(schools), "now": now}).all():
        successor = connection.scalar(_SUCCESSOR, {"school": row.school_id, "cycle": row.cycle_id})
        if successor is not None:
            give(connection, row.id, row.person_id, successor)
            notices.add(connection, successor, What.RESPONSE_PASSED_ON, now, response=row.id)
            passed.append(row.school_id)
    speak_with_one_voice(connection, schools)
    return passed


_present = _response.alias("present")
_ALREADY_SAID = exists().where(
    _present.c.cycle_id == _response.c.cycle_id,
    _present.c.school_id == _response.c.school_id,
    _present.c.submitted_at.is_not(None),
    still_speaks(_present),
)


def speak_with_one_voice(connection: Connection, schools: Collection[str]) -> None:
    """Let what a leader left behind count no longer, once somebody who leads the school now has submitted."""
    still_open = select(_cycle.c.id).where(_cycle.c.closed_at.is_(None))
    left = and_(_response.c.school_id.in_(schools), _response.c.cycle_id.in_(still_open), ~still_speaks(_response))
    connection.execute(update(_response).where(left, _ALREADY_SAID).values(submitted_at=None))


def give(connection: Connection, response: int, before: str, successor: str) -> None:
    """Let somebody else give this response from now on."""
    values = {"person_id": successor, "begun_by_id": before, "asked_for": None}
    connection.execute(update(_response).where(_response.c.id == response).values(values))
    working = update(_talk).where(_talk.c.person_id == before, _talk.c.response_id == response)
    connection.execute(working.values(response_id=None, awaiting=None))


def begun_by(connection: Connection, response: int) -> str:
    """The name of whoever gave this response before; empty if nobody did, or if they have been erased."""
    name = connection.scalar(_BEGUN_BY, {"response": response})
    return "" if name is None else cast("str", name)


_BEGUN_BY = (
    select(_person.c.name)
    .join(_response, _response.c.begun_by_id == _person.c.id)
    .where(_response.c.id == bindparam("response"))
)


def tell_leavers(connection: Connection, leavers: Iterable[tuple[str, str]], now: datetime) -> None:
    """Tell each person, once, that they no longer lead this school: pairs of a school and a person."""
    for school, person in leavers:
        notices.add(connection, person, What.LEADS_NO_MORE, now, school=school)


def tell_newcomers(connection: Connection, newcomers: Collection[tuple[str, str]], now: datetime) -> None:
    """Show each new leader their school's last report, if it has one: pairs of a school and a person."""
    schools = {school for school, _ in newcomers}
    have_one = set(connection.scalars(select(_in_snapshot.c.school_id).where(_in_snapshot.c.school_id.in_(schools))))
    for school, person in (each for each in newcomers if each[0] in have_one):
        notices.add(connection, person, What.LAST_REPORT, now, school=school)
