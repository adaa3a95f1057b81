"""The inbox: the events that have had their effect, so that one that comes again has none."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete

from core.storage import tables
from core.storage.upsert import insert_or_ignore

_inbox = tables.Inbox.__table__
_WRITE_DOWN = insert_or_ignore(_inbox)


def is_new(connection: Connection, event_key: str, now: datetime) -> bool:
    """Write an event down; False where it had been written down before."""
    return _WRITE_DOWN.run(connection, {"event_key": event_key, "received_at": now}) == 1


def purge(connection: Connection, before: datetime) -> int:
    """Forget the events that came before this moment."""
    return connection.execute(delete(_inbox).where(_inbox.c.received_at < before)).rowcount
