"""Schools and people whom several partnerships share: how that is known, what lacks proof, and how to part them."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from sqlalchemy import Connection, Row, and_, bindparam, delete, func, insert, select, update

from core.calendar import DEFAULT_REMINDER_TIME
from core.services.file_identity import TAKES_PART, Proof
from core.storage import tables

_school = tables.School.__table__
_membership = tables.Membership.__table__
_person = tables.Person.__table__
_listed = tables.ListedPerson.__table__
_leader = tables.Leader.__table__
_deputy = tables.Deputy.__table__
_stand_in = tables.StandIn.__table__
_role = tables.PartnershipRole.__table__
_account = tables.Account.__table__
_cycle = tables.Cycle.__table__
_reader = tables.SnapshotReader.__table__
_note = tables.Note.__table__
_response = tables.Response.__table__
_consent = tables.VisibilityConsent.__table__
_match = tables.PracticeMatch.__table__
_talk = tables.Talk.__table__
_code = tables.LinkCode.__table__
_notice = tables.Notice.__table__
_nudge = tables.Nudge.__table__
_choice = tables.NudgeChoice.__table__
_outbox = tables.Outbox.__table__
_posted = tables.Posted.__table__
_audit = tables.Audit.__table__

WHY: Final[Mapping[str, str]] = {
    "files": "both files say so",
    "account": "one account leads or takes part in both",
    "address": "the workspace has confirmed their address",
    "code": "a code was typed from their account",
    "none": "shared by an earlier version, without proof",
}
"""How it is known that a school or a person of two partnerships is the same."""

Kind = Literal["school", "person"]


@dataclass(frozen=True, slots=True)
class SharedEntry:
    """An entry of a partnership's file that is somebody or something of another partnership too."""

    kind: Kind
    partnership: str
    id: str
    """As in that partnership's file."""
    name: str
    proof: str


class CannotBeParted(Exception):
    """What has proof is parted by changing the files; the message says so to whoever asked."""


# Schools


def share_schools(connection: Connection, partnership: str) -> None:
    """Bring up to date which of a partnership's schools another one has too."""
    for row in connection.execute(_OURS, {"partnership": partnership}).all():
        if (other := _named_by_both(connection, partnership, row)) is not None:
            _share(connection, row.id, other, "files")
        elif (other := _led_by_one_account(connection, row)) is not None:
            _share(connection, row.id, other, "account")
        elif row.proof in ("files", "account"):
            part_school(connection, row.id)


_OURS = (
    select(_school, _membership.c.file_id, _membership.c.same_as_partnership, _membership.c.same_as_id)
    .join(_membership, _membership.c.school_id == _school.c.id)
    .where(_membership.c.partnership_id == bindparam("partnership"), _membership.c.left_on.is_(None))
    .order_by(_school.c.id)
)
_NAMES_US = select(_membership.c.school_id).where(
    _membership.c.partnership_id == bindparam("other"),
    _membership.c.file_id == bindparam("other_id"),
    _membership.c.same_as_partnership == bindparam("partnership"),
    _membership.c.same_as_id == bindparam("id_"),
    _membership.c.left_on.is_(None),
)
_also = _leader.alias("also")
_LED_WITH = (
    select(_school.c.id, _school.c.name, _school.c.details)
    .select_from(_leader)
    .join(_also, _also.c.person_id == _leader.c.person_id)
    .join(_school, _school.c.id == _also.c.school_id)
    .join(_membership, and_(_membership.c.school_id == _school.c.id, _membership.c.left_on.is_(None)))
    .where(
        _leader.c.school_id == bindparam("school"),
        _also.c.school_id != _leader.c.school_id,
        _membership.c.partnership_id.not_in(
            select(_membership.c.partnership_id).where(_membership.c.school_id == bindparam("school"))
        ),
        select(_account.c.user).where(_account.c.person_id == _leader.c.person_id).exists(),
    )
    .order_by(_school.c.id)
)


def _named_by_both(connection: Connection, partnership: str, row: Row[tuple[object, ...]]) -> str | None:
    if row.same_as_partnership is None:
        return None
    naming = {
        "other": row.same_as_partnership, "other_id": row.same_as_id, "partnership": partnership, "id_": row.file_id,
    }  # fmt: skip
    found: str | None = connection.scalar(_NAMES_US, naming)
    return found


def _led_by_one_account(connection: Connection, row: Row[tuple[object, ...]]) -> str | None:
    """A school of another partnership with the same leader and number; without numbers, with the same name."""
    for other in connection.execute(_LED_WITH, {"school": row.id}):
        urns = row.details.get("urn"), other.details.get("urn")
        if urns[0] == urns[1] if any(urns) else row.name.casefold() == other.name.casefold():
            found: str = other.id
            return found
    return None


def _share(connection: Connection, school: str, other: str, proof: Literal["files", "account"]) -> None:
    group = connection.scalar(select(func.coalesce(_school.c.shared_as, _school.c.id)).where(_school.c.id == other))
    if connection.scalar(select(_school.c.shared_as).where(_school.c.id == school)) not in (None, group):
        part_school(connection, school)
    both = _school.c.id.in_((school, other))
    connection.execute(update(_school).where(both).values(shared_as=group, proof=proof))


def part_school(connection: Connection, school: str) -> None:
    """Make it this partnership's alone; does nothing if it is."""
    group = connection.scalar(select(_school.c.shared_as).where(_school.c.id == school))
    alone = {"shared_as": None, "proof": None}
    connection.execute(update(_school).where(_school.c.id == school).values(alone))
    rest = list(connection.scalars(select(_school.c.id).where(_school.c.shared_as == group)))
    if len(rest) == 1:
        connection.execute(update(_school).where(_school.c.id == rest[0]).values(alone))


# People


def note_shared_people(connection: Connection, newly: Mapping[str, Proof]) -> None:
    """Record for every partnership that lists them how it is known that they are the same person."""
    for person, proof in newly.items():
        connection.execute(update(_listed).where(_listed.c.person_id == person).values(proof=proof))


def find_proof(connection: Connection, people: Collection[str]) -> None:
    """Two files that name an account of one person show that it is one, whatever an earlier version knew."""
    both = select(_listed.c.person_id).where(_listed.c.with_account).group_by(_listed.c.person_id)
    proven = _listed.c.person_id.in_(both.having(func.count() > 1))
    without = and_(_listed.c.person_id.in_(people), _listed.c.proof == "none")
    connection.execute(update(_listed).where(without, proven).values(proof="account"))


def merge_person(connection: Connection, gone: str, into: str) -> None:
    """An entry in a file turned out to be somebody of another partnership. ``gone`` never had an account."""
    for table, column in (
        (_leader, _leader.c.school_id),
        (_deputy, _deputy.c.school_id),
        (_role, _role.c.partnership_id),
    ):
        twice = select(column).where(table.c.person_id == into)
        connection.execute(delete(table).where(table.c.person_id == gone, column.in_(twice)))
    for whose in (
        _leader, _deputy, _stand_in, _role, _response, _reader, _consent, _listed, _outbox, _posted, _audit, _code,
        _notice,
    ):  # fmt: skip
        connection.execute(update(whose).where(whose.c.person_id == gone).values(person_id=into))
    for column in (
        _response.c.begun_by_id,
        _note.c.author_id,
        _stand_in.c.leader_id,
        _match.c.giver_person_id,
        _match.c.receiver_person_id,
    ):
        connection.execute(update(column.table).where(column == gone).values({column.key: into}))
    for whose in (_talk, _nudge, _choice):
        connection.execute(delete(whose).where(whose.c.person_id == gone))
    connection.execute(delete(_person).where(_person.c.id == gone))


def may_be_one(connection: Connection, one: str, other: str) -> bool:
    """Whether ``other``, who takes part and has no account, may turn out to be ``one``.

    Not where one file lists both, now or in the past: there they are two people.
    """
    if connection.scalar(select(_account.c.user).where(_account.c.person_id == other)) is not None:
        return False
    now = connection.scalar(select(TAKES_PART.c.person_id).where(TAKES_PART.c.person_id == other))
    return now is not None and not _files_with(connection, one) & _files_with(connection, other)


def _files_with(connection: Connection, person: str) -> set[str]:
    return set(connection.scalars(select(_listed.c.partnership_id).where(_listed.c.person_id == person)))


def _part_person(connection: Connection, partnership: str, file_id: str, person: str) -> None:
    """Give this partnership's entry a person of its own, without an account: theirs stays with the other one."""
    row = connection.execute(select(_person).where(_person.c.id == person)).mappings().one()
    new = f"{file_id[:20]}-{secrets.token_hex(4)}"
    # The address may be the other one's. The files say whose it is when they are imported again.
    own = {"id": new, "email": None, "reminder_time": DEFAULT_REMINDER_TIME.value, "away_until": None}
    values = {**row, **own}
    connection.execute(insert(_person), values)
    ours = select(_membership.c.school_id).where(_membership.c.partnership_id == partnership)
    cycles = select(_cycle.c.id).where(_cycle.c.partnership_id == partnership)
    responses = select(_response.c.id).where(_response.c.person_id == person, _response.c.cycle_id.in_(cycles))
    connection.execute(delete(_talk).where(_talk.c.person_id == person, _talk.c.response_id.in_(responses)))
    for whose, of_ours in (
        (_leader, _leader.c.school_id.in_(ours)),
        (_deputy, _deputy.c.school_id.in_(ours)),
        (_stand_in, _stand_in.c.school_id.in_(ours)),
        (_role, _role.c.partnership_id == partnership),
        (_response, _response.c.cycle_id.in_(cycles)),
        (_reader, _reader.c.school_id.in_(ours)),
        (_nudge, _nudge.c.cycle_id.in_(cycles)),
        (_choice, _choice.c.cycle_id.in_(cycles)),
        (_consent, _consent.c.partnership_id == partnership),
        (_listed, and_(_listed.c.partnership_id == partnership, _listed.c.file_id == file_id)),
    ):
        connection.execute(
            update(whose).where(whose.c.person_id == person, of_ours).values(person_id=new, **_alone(whose))
        )
    of_cycles = select(_response.c.id).where(_response.c.cycle_id.in_(cycles))
    for column, of_ours in (
        (_response.c.begun_by_id, _response.c.cycle_id.in_(cycles)),
        (_note.c.author_id, _note.c.response_id.in_(of_cycles)),
        (_stand_in.c.leader_id, _stand_in.c.school_id.in_(ours)),
    ):
        connection.execute(update(column.table).where(column == person, of_ours).values({column.key: new}))
    for side in ("giver", "receiver"):
        asked, where = _match.c[f"{side}_person_id"], _match.c[f"{side}_partnership_id"]
        connection.execute(update(_match).where(asked == person, where == partnership).values({asked.key: new}))
    rest = connection.execute(select(_listed).where(_listed.c.person_id == person)).all()
    if len(rest) == 1:
        connection.execute(update(_listed).where(_listed.c.person_id == person).values(proof=None))


def _alone(whose: object) -> dict[str, None]:
    return {"proof": None} if whose is _listed else {}


# What is shared


def shared_entries(connection: Connection, partnership: str | None = None) -> Iterator[SharedEntry]:
    """What a partnership shares with others, or all of them; only what takes part now."""
    for row in connection.execute(_SHARED_SCHOOLS):
        if partnership in (None, row.partnership_id):
            yield SharedEntry("school", row.partnership_id, row.file_id, row.name, row.proof)
    for row in connection.execute(_SHARED_PEOPLE):
        if partnership in (None, row.partnership_id):
            yield SharedEntry("person", row.partnership_id, row.file_id, row.name, row.proof or "none")


_SHARED_SCHOOLS = (
    select(_membership.c.partnership_id, _membership.c.file_id, _school.c.name, _school.c.proof)
    .join(_school, _school.c.id == _membership.c.school_id)
    .where(_school.c.shared_as.is_not(None), _membership.c.left_on.is_(None))
    .order_by(_membership.c.partnership_id, _membership.c.file_id)
)
_elsewhere = TAKES_PART.alias("elsewhere")
_SHARED_PEOPLE = (
    select(
        _listed.c.partnership_id,
        _listed.c.file_id,
        func.coalesce(_listed.c.name, _person.c.name).label("name"),
        _listed.c.proof,
    )
    .join(_person, _person.c.id == _listed.c.person_id)
    .join(
        TAKES_PART,
        and_(TAKES_PART.c.person_id == _listed.c.person_id, TAKES_PART.c.partnership_id == _listed.c.partnership_id),
    )
    .where(
        select(_elsewhere.c.person_id)
        .where(_elsewhere.c.person_id == _listed.c.person_id, _elsewhere.c.partnership_id != _listed.c.partnership_id)
        .exists()
    )
    .order_by(_listed.c.partnership_id, _listed.c.file_id)
)


def in_words(entries: Iterable[SharedEntry]) -> Iterator[str]:
    for each in entries:
        yield f"Shared with another partnership: {each.name} ({each.id}): {WHY[each.proof]}."


def part(connection: Connection, partnership: str, id_: str) -> SharedEntry:
    """Part an entry of this file, with its id there, from another partnership's.

    Raises ``LookupError`` if there is no such entry that is shared, and ``CannotBeParted`` for one with proof.
    """
    entries = [each for each in shared_entries(connection, partnership) if each.id == id_]
    if not entries:
        raise LookupError(f"{partnership} shares no school or person {id_} with another partnership")
    entry = min(entries, key=lambda each: each.proof != "none")
    if entry.proof != "none":
        raise CannotBeParted(_TO_PART[entry.kind])
    if entry.kind == "school":
        of = select(_membership.c.school_id).where(
            _membership.c.partnership_id == partnership, _membership.c.file_id == id_
        )
        part_school(connection, connection.execute(of).scalar_one())
    else:
        whose = select(_listed.c.person_id).where(_listed.c.partnership_id == partnership, _listed.c.file_id == id_)
        _part_person(connection, partnership, id_, connection.execute(whose).scalar_one())
    return entry


_TO_PART: Final[Mapping[Kind, str]] = {
    "school": "It is known to be the same school. Take same_as out of one of the files, and import that one again.",
    "person": (
        "It is known to be the same person: they use one account for both. Give one of the files another person, with "
        "an id of their own, and import it again."
    ),
}
