"""Deputies: they answer for a school when a leader asks them to, or while the leader is away.

Whoever answers instead of a leader has that leader's voice: there is one response, which passes to whoever goes on with
it. Outside the open cycle a deputy has no rights.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, and_, bindparam, delete, exists, or_, select, update

from core.services import audit, handover, notices, nudges
from core.services.notices import What
from core.storage import tables
from core.storage.upsert import insert_or_ignore
from core.values import value

_deputy = tables.Deputy.__table__
_stand_in = tables.StandIn.__table__
_leader = tables.Leader.__table__
_person = tables.Person.__table__
_response = tables.Response.__table__
_cycle = tables.Cycle.__table__
_roster = tables.CycleSchool.__table__

_ASK = insert_or_ignore(_stand_in)


@value
class DeputyOf:
    """A deputy of a school that a leader is asked about."""

    cycle: int
    school: str
    person: str
    name: str
    answers: bool
    """They have been asked to answer instead of this leader."""


_DEPUTIES_OF = (
    select(
        _roster.c.cycle_id,
        _deputy.c.school_id,
        _deputy.c.person_id,
        _person.c.name,
        _stand_in.c.leader_id.is_not(None).label("answers"),
    )
    .join(_leader, _leader.c.school_id == _deputy.c.school_id)
    .join(_person, _person.c.id == _deputy.c.person_id)
    .join(_roster, _roster.c.school_id == _deputy.c.school_id)
    .join(_cycle, and_(_cycle.c.id == _roster.c.cycle_id, _cycle.c.closed_at.is_(None)))
    .outerjoin(
        _stand_in,
        and_(
            _stand_in.c.cycle_id == _roster.c.cycle_id,
            _stand_in.c.school_id == _deputy.c.school_id,
            _stand_in.c.person_id == _deputy.c.person_id,
            _stand_in.c.leader_id == _leader.c.person_id,
        ),
    )
    .where(
        _leader.c.person_id == bindparam("leader"),
        _cycle.c.opens_at <= bindparam("now", type_=_cycle.c.opens_at.type),
        _cycle.c.closes_at > bindparam("now", type_=_cycle.c.closes_at.type),
    )
    .order_by(_roster.c.cycle_id, _deputy.c.school_id, _person.c.name, _person.c.id)
)


def deputies_of(connection: Connection, leader: str, now: datetime) -> tuple[DeputyOf, ...]:
    """The deputies whom a leader could ask to answer in the cycles that are open."""
    rows = connection.execute(_DEPUTIES_OF, {"leader": leader, "now": now})
    return tuple(DeputyOf(row.cycle_id, row.school_id, row.person_id, row.name, bool(row.answers)) for row in rows)


def ask(connection: Connection, leader: str, cycle: int, school: str, deputy: str, now: datetime) -> bool:
    """Let this deputy answer instead of the leader; False unless they are deputy and leader of a school it asks."""
    found = (each for each in deputies_of(connection, leader, now) if (each.cycle, each.school) == (cycle, school))
    if deputy not in {each.person for each in found}:
        return False
    row = {"cycle_id": cycle, "school_id": school, "person_id": deputy, "leader_id": leader}
    if _ASK.run(connection, row) == 1:
        nudges.invited(connection, cycle, deputy, now)
        notices.add(connection, deputy, What.STANDS_IN, now, cycle=cycle, school=school, leader=leader)
        audit.record(connection, now, leader, "deputy asked", {"cycle": cycle, "school": school})
    return True


def leave_until(connection: Connection, leader: str, until: datetime | None) -> None:
    """The leader is away until then; None if they are back."""
    connection.execute(update(_person).where(_person.c.id == leader).values(away_until=until))


def ask_for_those_away(connection: Connection, now: datetime) -> None:
    """Ask the deputies of leaders who are away, in every open cycle whose school hasn't submitted.

    Leaders who are back answer again themselves, and are reminded.
    """
    for leader in list(connection.scalars(select(_person.c.id).where(_person.c.away_until <= now))):
        for row in connection.execute(select(_stand_in).where(_stand_in.c.leader_id == leader)).all():
            give_back(connection, row.cycle_id, row.school_id, row.person_id, leader)
        leave_until(connection, leader, None)
    away = select(_person.c.id).where(_person.c.away_until > now).order_by(_person.c.id)
    for leader in list(connection.scalars(away)):
        for each in deputies_of(connection, leader, now):
            if not each.answers and not _has_submitted(connection, each.cycle, each.school):
                ask(connection, leader, each.cycle, each.school, each.person, now)


def anybody_away(connection: Connection) -> bool:
    """Whether any leader is away, or has been until just now."""
    return connection.scalar(select(_person.c.id).where(_person.c.away_until.is_not(None)).limit(1)) is not None


def _has_submitted(connection: Connection, cycle: int, school: str) -> bool:
    submitted = select(_response.c.id).filter_by(cycle_id=cycle, school_id=school)
    return connection.scalar(submitted.where(_response.c.submitted_at.is_not(None)).limit(1)) is not None


def take_over(connection: Connection, person: str, cycle: int, school: str) -> bool:
    """Let them go on with the response that somebody with the same voice gives; False if there is none.

    A leader who does so answers again themselves, and is back if they were away.
    """
    mine = select(_stand_in.c.leader_id).filter_by(cycle_id=cycle, school_id=school, person_id=person)
    leader = connection.scalar(mine)
    voices = _stand_in.c.leader_id == (leader or person)
    others = select(_stand_in.c.person_id).filter_by(cycle_id=cycle, school_id=school).where(voices)
    held = select(_response.c.id, _response.c.person_id).filter_by(cycle_id=cycle, school_id=school)
    with_voice = held.where(or_(_response.c.person_id.in_(others), _response.c.person_id == leader))
    found = connection.execute(with_voice.where(_response.c.person_id != person)).first()
    if leader is None:
        connection.execute(delete(_stand_in).filter_by(cycle_id=cycle, school_id=school, leader_id=person))
        leave_until(connection, person, None)
    if found is None:
        return False
    handover.give(connection, found.id, found.person_id, person)
    return True


def dismiss_others(connection: Connection, schools: Collection[str]) -> None:
    """Let nobody stand in who is no deputy of these schools any more, or whose leader leads them no more."""
    here = _stand_in.c.school_id.in_(schools)
    no_deputy = ~exists().where(
        _deputy.c.school_id == _stand_in.c.school_id, _deputy.c.person_id == _stand_in.c.person_id
    )
    no_leader = ~exists().where(
        _leader.c.school_id == _stand_in.c.school_id, _leader.c.person_id == _stand_in.c.leader_id
    )
    for row in connection.execute(select(_stand_in).where(here, or_(no_deputy, no_leader))).all():
        give_back(connection, row.cycle_id, row.school_id, row.person_id, row.leader_id)


def dismiss(connection: Connection, person: str) -> None:
    """Let them stand in for nobody, and nobody for them: each response goes back to the leader whose voice it is."""
    concerned = or_(_stand_in.c.person_id == person, _stand_in.c.leader_id == person)
    for row in connection.execute(select(_stand_in).where(concerned)).all():
        give_back(connection, row.cycle_id, row.school_id, row.person_id, row.leader_id)


def give_back(connection: Connection, cycle: int, school: str, deputy: str, leader: str) -> None:
    held = select(_response.c.id).filter_by(cycle_id=cycle, school_id=school, person_id=deputy)
    if (response := connection.scalar(held)) is not None:
        handover.give(connection, response, deputy, leader)
    connection.execute(delete(_stand_in).filter_by(cycle_id=cycle, school_id=school, person_id=deputy))
