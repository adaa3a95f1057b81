"""Import checks: what a file must not say, given what is in the database."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, select, tuple_

from core.partnership_file import PartnershipFile
from core.services.file_identity import identity_mistakes
from core.storage import tables
from core.yaml_tree import Mistake

_membership = tables.Membership.__table__
_channel = tables.Channel.__table__
_network = tables.Network.__table__
_member = tables.NetworkPartnership.__table__


def mistakes(connection: Connection, file: PartnershipFile) -> list[Mistake]:
    """All conflicts; the messages never reveal another partnership's names or who owns what."""
    return [
        *_partnership_mistakes(connection, file),
        *identity_mistakes(connection, file),
        *_channel_mistakes(connection, file),
        *_network_mistakes(connection, file),
    ]


def _partnership_mistakes(connection: Connection, file: PartnershipFile) -> Iterator[Mistake]:
    entry = file.partnership
    known = set(connection.scalars(select(_membership.c.file_id).where(_membership.c.partnership_id == entry.id)))
    if not known or {each.id for each in file.schools} & known:
        return
    words = (
        "this is the id of a partnership that has none of these schools. Give yours another id; if it is the same "
        "partnership, keep the id of one school at least."
    )
    yield Mistake(entry.line, f"partnership {entry.id}", words)


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
