"""The inbox: events already handled, so that a redelivered one has no effect."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete

from core.storage import tables
from core.storage.upsert import insert_or_ignore

_inbox = tables.Inbox.__table__
_WRITE_DOWN = insert_or_ignore(_inbox)


def is_new(connection: Connection, event_key: str, now: datetime) -> bool:
    """Record an event; False if it was recorded before."""
    return _WRITE_DOWN.run(connection, {"event_key": event_key, "received_at": now}) == 1


def purge(connection: Connection, before: datetime) -> int:
    """Delete the events received before this moment."""
    return connection.execute(delete(_inbox).where(_inbox.c.received_at < before)).rowcount
