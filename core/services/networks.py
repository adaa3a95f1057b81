"""Networks: which partnerships belong to one, and what may be seen of it by whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import Connection, and_, bindparam, func, select, update

from core.networks import Membership, Network
from core.services import audit
from core.storage import tables

_network = tables.Network.__table__
_member = tables.NetworkPartnership.__table__
_partnership = tables.Partnership.__table__
_role = tables.PartnershipRole.__table__

_JOINED = select(_member.c.network_id, _member.c.partnership_id).where(_member.c.joined)
_JOIN = (
    update(_member)
    .where(_member.c.network_id == bindparam("network"), _member.c.partnership_id == bindparam("partnership"))
    .values(joined=bindparam("to"), said_in_chat=True)
)
_LED = (
    select(
        _network.c.id,
        _network.c.name,
        _partnership.c.id.label("partnership"),
        _partnership.c.name.label("partnership_name"),
        _member.c.joined,
    )
    .join(_member, _member.c.network_id == _network.c.id)
    .join(_partnership, _partnership.c.id == _member.c.partnership_id)
    .join(_role, and_(_role.c.partnership_id == _partnership.c.id, _role.c.role == "lead"))
    .where(_role.c.person_id == bindparam("person"))
    .order_by(_network.c.name, _network.c.id, _partnership.c.name)
)
_all = _member.alias("all")
_FACILITATED = (
    select(_network.c.id, _network.c.name, func.count(_all.c.partnership_id.distinct()).label("partnerships"))
    .join(_member, and_(_member.c.network_id == _network.c.id, _member.c.joined))
    .join(_role, and_(_role.c.partnership_id == _member.c.partnership_id, _role.c.role == "facilitator"))
    .join(_all, and_(_all.c.network_id == _network.c.id, _all.c.joined))
    .where(_role.c.person_id == bindparam("person"))
    .group_by(_network.c.id)
    .order_by(_network.c.name, _network.c.id)
)
_MEMBERS = select(_member.c.partnership_id).where(_member.c.network_id == bindparam("network"), _member.c.joined)
_FRAMEWORKS = (
    select(_partnership.c.framework_id, func.max(_partnership.c.framework_version), func.count())
    .join(_member, _member.c.partnership_id == _partnership.c.id)
    .where(_member.c.network_id == bindparam("network"), _member.c.joined)
    .group_by(_partnership.c.framework_id)
    .order_by(func.count().desc(), _partnership.c.framework_id)
)


def linked(connection: Connection) -> Mapping[str, Collection[str]]:
    """The partnerships that each one may share practice with: those that have joined the same network."""
    members: dict[str, set[str]] = defaultdict(set)
    for network, partnership in connection.execute(_JOINED):
        members[network].add(partnership)
    found: dict[str, set[str]] = defaultdict(set)
    for together in members.values():
        for partnership in together:
            found[partnership] |= together - {partnership}
    return found


def memberships_of(connection: Connection, person: str) -> tuple[Membership, ...]:
    """The networks of the partnerships that this person leads, joined or not."""
    return tuple(
        Membership(
            row.id, row.name, row.partnership, row.partnership_name, None if row.joined is None else bool(row.joined)
        )
        for row in connection.execute(_LED, {"person": person})
    )


def facilitated_by(connection: Connection, person: str) -> tuple[Network, ...]:
    """The networks that a partnership has joined which this person facilitates."""
    return tuple(Network(*row) for row in connection.execute(_FACILITATED, {"person": person}))


def members_of(connection: Connection, network: str) -> frozenset[str]:
    """The partnerships that have joined a network."""
    return frozenset(connection.scalars(_MEMBERS, {"network": network}).all())


def frameworks_of(connection: Connection, network: str) -> tuple[tuple[str, str], ...]:
    """The frameworks of its partnerships, most widely used first, each in a version that one of them uses."""
    return tuple((id_, version) for id_, version, _ in connection.execute(_FRAMEWORKS, {"network": network}))


def join(connection: Connection, network: str, partnership: str, yes: bool, by: str, now: datetime) -> None:
    """Let a partnership join or leave a network. The caller has checked that the person is its lead."""
    values = {"network": network, "partnership": partnership, "to": yes}
    if connection.execute(_JOIN, values).rowcount:
        about = {"network": network, "partnership": partnership, "joined": yes}
        audit.record(connection, now, by, "network joined", about)
