"""Import checks: two files must not use the same id for different things."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, select, tuple_, union

from core.partnership_file import PartnershipFile, PersonEntry
from core.storage import tables
from core.yaml_tree import Mistake

_partnership = tables.Partnership.__table__
_school = tables.School.__table__
_membership = tables.Membership.__table__
_person = tables.Person.__table__
_leader = tables.Leader.__table__
_role = tables.PartnershipRole.__table__
_account = tables.Account.__table__
_channel = tables.Channel.__table__
_network = tables.Network.__table__
_member = tables.NetworkPartnership.__table__

_TIES = union(
    select(_leader.c.person_id, _membership.c.partnership_id).join(
        _membership, _membership.c.school_id == _leader.c.school_id
    ),
    select(_role.c.person_id, _role.c.partnership_id),
).subquery()


def mistakes(connection: Connection, file: PartnershipFile) -> list[Mistake]:
    """All conflicts; the messages never reveal another partnership's names or who owns what."""
    return [
        *_partnership_mistakes(connection, file),
        *_school_mistakes(connection, file),
        *_person_mistakes(connection, file),
        *_account_mistakes(connection, file),
        *_channel_mistakes(connection, file),
        *_network_mistakes(connection, file),
    ]


def _partnership_mistakes(connection: Connection, file: PartnershipFile) -> Iterator[Mistake]:
    entry = file.partnership
    name = connection.scalar(select(_partnership.c.name).where(_partnership.c.id == entry.id))
    schools = select(_membership.c.school_id).where(_membership.c.partnership_id == entry.id)
    if name in {None, entry.name} or {each.id for each in file.schools} & set(connection.scalars(schools)):
        return
    words = "this is the id of a partnership of another name that has none of these schools. Give yours another id."
    yield Mistake(entry.line, f"partnership {entry.id}", words)


def _school_mistakes(connection: Connection, file: PartnershipFile) -> Iterator[Mistake]:
    found = (
        select(_school.c.id, _school.c.name, _membership.c.partnership_id)
        .join(_membership, _membership.c.school_id == _school.c.id)
        .where(_school.c.id.in_([each.id for each in file.schools]))
    )
    known = connection.execute(found).all()
    here = {row.id for row in known if row.partnership_id == file.partnership.id}
    names = {row.id: row.name for row in known if row.id not in here}
    for entry in file.schools:
        if names.get(entry.id, entry.name) != entry.name:
            words = (
                "this is the id of a school in another partnership, which has another name there. Give this school "
                "another id, or the same name if it is the same school."
            )
            yield Mistake(entry.line, f"schools {entry.id}", words)


def _person_mistakes(connection: Connection, file: PartnershipFile) -> Iterator[Mistake]:
    found = (
        select(_person.c.id, _person.c.name, _person.c.email, _TIES.c.partnership_id)
        .join(_TIES, _TIES.c.person_id == _person.c.id)
        .where(_person.c.id.in_([each.id for each in file.people]))
    )
    known = connection.execute(found).all()
    here = {row.id for row in known if row.partnership_id == file.partnership.id}
    others = {row.id: (row.name, row.email) for row in known if row.id not in here}
    for entry in file.people:
        if entry.id in others and not _may_be_the_same(entry, *others[entry.id]):
            words = (
                "this is the id of a person in another partnership, who has another name or address there. Give this "
                "person another id, or the same name and address if it is the same person."
            )
            yield Mistake(entry.line, f"people {entry.id}", words)


def _may_be_the_same(entry: PersonEntry, name: str, email: str | None) -> bool:
    if entry.name != name:
        return False
    return entry.email is None or email is None or entry.email.casefold() == email.casefold()


def _account_mistakes(connection: Connection, file: PartnershipFile) -> Iterator[Mistake]:
    """An account may move between people in this file, but is never taken from anyone else."""
    here = {each.id for each in file.people}
    given = {(each.platform, each.tenant, each.user): each for person in file.people for each in person.accounts}
    key = (_account.c.platform, _account.c.tenant, _account.c.user)
    for *found, owner in connection.execute(select(*key, _account.c.person_id).where(tuple_(*key).in_(given))):
        if owner not in here:
            entry = given[found[0], found[1], found[2]]
            words = f"this {entry.platform} account belongs to a person who is not in this file. Check the user's id."
            yield Mistake(entry.line, "people > accounts", words)


def _channel_mistakes(connection: Connection, file: PartnershipFile) -> Iterator[Mistake]:
    given = {(each.platform, each.tenant, each.id): each for each in file.channels}
    key = (_channel.c.platform, _channel.c.tenant, _channel.c.conversation)
    for *found, owner in connection.execute(select(*key, _channel.c.partnership_id).where(tuple_(*key).in_(given))):
        if owner != file.partnership.id:
            words = "this channel belongs to another partnership. Choose a channel of this partnership's own."
            yield Mistake(given[found[0], found[1], found[2]].line, "channels", words)


def _network_mistakes(connection: Connection, file: PartnershipFile) -> Iterator[Mistake]:
    """A network has one name, which only its sole member may change."""
    given = {each.id: each for each in file.networks}
    others = (
        select(_network.c.id, _network.c.name)
        .join(_member, _member.c.network_id == _network.c.id)
        .where(_network.c.id.in_(given), _member.c.partnership_id != file.partnership.id)
        .distinct()
    )
    for id_, name in connection.execute(others):
        if given[id_].name != name:
            words = "this is the id of a network that has another name. Write the same name, or another id."
            yield Mistake(given[id_].line, f"networks {id_}", words)
