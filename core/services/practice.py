"""Practice sharing: who is matched with whom after a cycle has closed, and both sides' answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Connection, Row, Select, and_, bindparam, exists, func, or_, select, update

from core.analysis.practice import Couple, Pair, Wish, propose
from core.practice import NOT_AGAIN_FOR, STANDS_FOR, Match, Other
from core.services import audit, networks, people
from core.storage import tables
from core.storage.frameworks import FrameworkShelf
from core.storage.upsert import insert_or_ignore

_match = tables.PracticeMatch.__table__
_note = tables.Note.__table__
_response = tables.Response.__table__
_cycle = tables.Cycle.__table__
_leader = tables.Leader.__table__
_membership = tables.Membership.__table__
_school = tables.School.__table__
_partnership = tables.Partnership.__table__
_person = tables.Person.__table__

_SINCE = bindparam("since", type_=_cycle.c.closed_at.type)
_later = _cycle.alias("later")
_RECENT = select(_cycle.c.id, _cycle.c.partnership_id).where(
    _cycle.c.closed_at > _SINCE,
    ~exists().where(
        _later.c.partnership_id == _cycle.c.partnership_id, _later.c.closed_at.is_not(None), _later.c.id > _cycle.c.id
    ),
)
_recent = _RECENT.subquery()
# Only the person who said it is asked about it, if they still lead that school and can be reached.
_WISHES = (
    select(
        _note.c.kind,
        _note.c.subtheme,
        _note.c.author_id.label("person_id"),
        _response.c.school_id,
        _cycle.c.id.label("cycle"),
        _cycle.c.partnership_id,
        _cycle.c.framework_id,
        _school.c.details,
        _school.c.shared_as,
    )
    .select_from(_note)
    .join(_response, _response.c.id == _note.c.response_id)
    .join(_cycle, _cycle.c.id == _response.c.cycle_id)
    .join(_recent, _recent.c.id == _cycle.c.id)
    .join(_school, _school.c.id == _response.c.school_id)
    .join(_leader, and_(_leader.c.school_id == _school.c.id, _leader.c.person_id == _note.c.author_id))
    .join(
        _membership,
        and_(
            _membership.c.school_id == _school.c.id,
            _membership.c.partnership_id == _cycle.c.partnership_id,
            _membership.c.left_on.is_(None),
        ),
    )
    .where(
        _note.c.offered,
        _note.c.kind.in_(("strength", "development")),
        people.can_be_reached(_note.c.author_id),
    )
    .order_by(_note.c.written_at, _note.c.id)
)
_NOBODY_REFUSED = and_(
    or_(_match.c.giver_says.is_(None), _match.c.giver_says),
    or_(_match.c.receiver_says.is_(None), _match.c.receiver_says),
)
_BEFORE = select(
    _match.c.cycle_id,
    _match.c.subtheme,
    _match.c.giver_id,
    _match.c.receiver_id,
    _match.c.proposed_at,
    _NOBODY_REFUSED.label("live"),
).where(_match.c.proposed_at > bindparam("since", type_=_match.c.proposed_at.type))
# Two processes proposing at once would both use up the same giver's capacity.
_ALONE = (
    select(_partnership.c.id)
    .where(_partnership.c.id.in_(select(_recent.c.partnership_id)))
    .order_by(_partnership.c.id)
    .with_for_update()
)
_PROPOSE = insert_or_ignore(_match)


def pairs(connection: Connection, now: datetime) -> tuple[tuple[Pair, int, str, str], ...]:
    """Who could be matched with whom now, with the cycle and the person to ask on each side."""
    since = {"since": now - STANDS_FOR}
    wishes = connection.execute(_WISHES, since).all()
    if len({row.kind for row in wishes}) < 2:
        return ()
    before = connection.execute(_BEFORE, {"since": now - NOT_AGAIN_FOR}).all()
    live = [row for row in before if row.live and row.proposed_at > now - STANDS_FOR]
    helped = {(row.cycle_id, row.receiver_id, row.subtheme) for row in live}
    offers = {_wish(row): row for row in reversed(wishes) if row.kind == "strength"}
    requests = {
        _wish(row): row
        for row in reversed(wishes)
        if row.kind == "development" and (row.cycle, row.school_id, row.subtheme) not in helped
    }
    found = propose(
        offers,
        requests,
        linked=networks.linked(connection),
        helping=Counter(row.giver_id for row in live),
        not_again={
            *(Couple(row.giver_id, row.receiver_id, row.subtheme) for row in before),
            *_with_itself(offers.values(), requests.values()),
        },
    )
    return tuple(
        (pair, requests[pair.receiver].cycle, offers[pair.giver].person_id, requests[pair.receiver].person_id)
        for pair in found
    )


def _with_itself(offers: Iterable[Row[Any]], requests: Iterable[Row[Any]]) -> Iterator[Couple]:
    """A school of two partnerships, which is not to be its own helper."""
    asking = [row for row in requests if row.shared_as is not None]
    for offer in offers:
        same = (row for row in asking if row.shared_as == offer.shared_as)
        yield from (Couple(offer.school_id, row.school_id, row.subtheme) for row in same)


def _wish(row: Row[Any]) -> Wish:
    details: Mapping[str, str] = row.details
    return Wish(
        school=row.school_id,
        partnership=row.partnership_id,
        subtheme=row.subtheme,
        framework=row.framework_id,
        phase=details.get("phase"),
        language=details.get("language"),
        authority=details.get("local_authority"),
    )


def propose_now(connection: Connection, now: datetime) -> int:
    """Propose every possible pair; returns how many are new."""
    connection.execute(_ALONE, {"since": now - STANDS_FOR}).all()
    found = pairs(connection, now)
    for pair, cycle, giver, receiver in found:
        values = {
            "cycle_id": cycle,
            "subtheme": pair.receiver.subtheme,
            "giver_id": pair.giver.school,
            "giver_partnership_id": pair.giver.partnership,
            "giver_person_id": giver,
            "giver_says": None,
            "receiver_id": pair.receiver.school,
            "receiver_partnership_id": pair.receiver.partnership,
            "receiver_person_id": receiver,
            "receiver_says": None,
            "proposed_at": now,
        }
        _PROPOSE.run(connection, values)
    if found:
        audit.record(connection, now, None, "practice proposed", {"pairs": len(found)})
    return len(found)


# What people see and say

_giver, _receiver = _school.alias("giver"), _school.alias("receiver")
_giving, _receiving = _partnership.alias("giving"), _partnership.alias("receiving")
_offering, _asking = _person.alias("offering"), _person.alias("asking")
_SIDES: Select[Any] = (
    select(
        _match,
        _cycle.c.framework_id,
        _cycle.c.framework_version,
        _giver.c.name.label("giver_name"),
        _receiver.c.name.label("receiver_name"),
        _giving.c.name.label("giving"),
        _receiving.c.name.label("receiving"),
        _offering.c.name.label("offering"),
        _offering.c.email.label("offering_email"),
        _asking.c.name.label("asking"),
        _asking.c.email.label("asking_email"),
    )
    .join(_cycle, _cycle.c.id == _match.c.cycle_id)
    .join(_giver, _giver.c.id == _match.c.giver_id)
    .join(_receiver, _receiver.c.id == _match.c.receiver_id)
    .join(_giving, _giving.c.id == _match.c.giver_partnership_id)
    .join(_receiving, _receiving.c.id == _match.c.receiver_partnership_id)
    .outerjoin(_offering, _offering.c.id == _match.c.giver_person_id)
    .outerjoin(_asking, _asking.c.id == _match.c.receiver_person_id)
    .order_by(_match.c.proposed_at, _match.c.id)
)
_PERSON: BindParameter[str] = bindparam("person")
_STILL_LEADS = exists().where(
    _leader.c.person_id == _PERSON,
    or_(
        and_(_match.c.giver_person_id == _PERSON, _leader.c.school_id == _match.c.giver_id),
        and_(_match.c.receiver_person_id == _PERSON, _leader.c.school_id == _match.c.receiver_id),
    ),
)
_OF_PERSON = _SIDES.where(
    or_(_match.c.giver_person_id == _PERSON, _match.c.receiver_person_id == _PERSON), _STILL_LEADS
)


def matches_of(connection: Connection, shelf: FrameworkShelf, person: str) -> tuple[Match, ...]:
    """Every proposal that this person is asked about, as long as they lead that school; oldest first."""
    rows = connection.execute(_OF_PERSON, {"person": person})
    return tuple(_as_match(connection, shelf, row, row.giver_person_id == person) for row in rows)


def _as_match(connection: Connection, shelf: FrameworkShelf, row: Row[Any], gives: bool) -> Match:
    framework = shelf.get(connection, row.framework_id, row.framework_version)
    says = row.giver_says if gives else row.receiver_says
    return Match(
        id=row.id,
        gives=gives,
        school=row.giver_id if gives else row.receiver_id,
        school_name=row.giver_name if gives else row.receiver_name,
        partnership_name=row.giving if gives else row.receiving,
        title=framework.subtheme_by_id[row.subtheme].title,
        elsewhere=row.giver_partnership_id != row.receiver_partnership_id,
        says=None if says is None else bool(says),
        proposed_at=row.proposed_at,
        other=_other(row, gives) if row.giver_says and row.receiver_says else None,
    )


def _other(row: Row[Any], gives: bool) -> Other:
    if gives:
        return Other(row.receiver_name, row.receiving, row.asking or "", row.asking_email)
    return Other(row.giver_name, row.giving, row.offering or "", row.offering_email)


def say(connection: Connection, match: Match, yes: bool, by: str, now: datetime) -> None:
    """Store a side's answer. The caller has checked that this person may, and that the match still stands."""
    side = _match.c.giver_says if match.gives else _match.c.receiver_says
    both = and_(func.coalesce(_match.c.giver_says, False), func.coalesce(_match.c.receiver_says, False))
    changed = update(_match).where(_match.c.id == match.id, ~both).values({side: yes})
    if connection.execute(changed).rowcount:
        audit.record(connection, now, by, "practice answered", {"match": match.id, "yes": yes})
