"""Conversation addresses, for platforms that have no fixed endpoint but send an address with each event."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, and_, delete, exists, func, or_, select, tuple_

from core.storage import tables
from core.storage.outbox import Place
from core.storage.upsert import New, upsert

_table = tables.ConversationReference.__table__
_account = tables.Account.__table__
_channel = tables.Channel.__table__

KEPT_FOR: Final = timedelta(days=90)
"""The lifetime of an address of somebody whom the bot does not know."""


@dataclass(frozen=True, slots=True)
class Reference:
    service_url: str
    address: str | None = None
    """The platform's id for the conversation; None until it has been opened."""
    member: str | None = None
    """The platform's id for the person, specific to this bot."""
    team: str | None = None
    """The team that the channel belongs to."""


def _changed(new: New) -> dict[str, ColumnElement[Any]]:
    return {
        "service_url": new.service_url,
        "seen_at": new.seen_at,
        **{name: func.coalesce(new[name], _table.c[name]) for name in ("address", "member", "team")},
    }


_REMEMBER = upsert(_table, _changed)
_REMEMBER_UNLESS_OPEN = upsert(_table, _changed, where=_table.c.address.is_(None))


def remember(
    connection: Connection, place: Place, reference: Reference, now: datetime, *, hearsay: bool = False
) -> None:
    """Store it, keeping any fields of the earlier one that this one lacks.

    ``hearsay`` did not come from the conversation itself, so it doesn't override the address of an open one.
    """
    statement = _REMEMBER_UNLESS_OPEN if hearsay else _REMEMBER
    statement.run(connection, {**place._asdict(), **asdict(reference), "seen_at": now})


def find(connection: Connection, place: Place) -> Reference | None:
    """The address of a conversation or, if nothing has come from it yet, of its tenant."""
    own = connection.execute(select(*_OF_REFERENCE).where(_is(place))).first()
    if own is not None:
        return Reference(*own)
    here = and_(_table.c.platform == place.platform, _table.c.tenant == place.tenant)
    latest = select(_table.c.service_url).where(here).order_by(_table.c.seen_at.desc(), _table.c.conversation).limit(1)
    service_url = connection.scalar(latest)
    return None if service_url is None else Reference(service_url)


def opened(connection: Connection, place: Place, reference: Reference, now: datetime) -> None:
    """Store it like ``remember``, but only for people who are known or have been in touch."""
    known = select(_account.c.user).where(_of_account == tuple_(*place))
    heard_from = select(_table.c.service_url).where(_is(place))
    if connection.scalar(heard_from) is not None or connection.scalar(known) is not None:
        remember(connection, place, reference, now)


def forget(connection: Connection, place: Place, team: str | None) -> None:
    """Delete it, together with every channel of its team, if that is known."""
    connection.execute(delete(_table).where(_is(place)))
    if team is not None:
        of_team = {"platform": place.platform, "tenant": place.tenant, "team": team}
        connection.execute(delete(_table).filter_by(**of_team))


def purge(connection: Connection, now: datetime) -> int:
    """Delete those of unknown people and channels after a long silence."""
    known = (exists().where(_here == theirs) for theirs in (_of_account, _of_channel))
    return connection.execute(delete(_table).where(_table.c.seen_at < now - KEPT_FOR, ~or_(*known))).rowcount


_here = tuple_(_table.c.platform, _table.c.tenant, _table.c.conversation)
_of_account = tuple_(_account.c.platform, _account.c.tenant, _account.c.user)
_of_channel = tuple_(_channel.c.platform, _channel.c.tenant, _channel.c.conversation)
_OF_REFERENCE = (_table.c.service_url, _table.c.address, _table.c.member, _table.c.team)


def _is(place: Place) -> ColumnElement[bool]:
    return _here == tuple_(*place)
