"""The inbox: events already handled, so that a redelivered one has no effect.

Many an event's id contains the id of the user who caused it, so only a keyed hash is stored (docs/adr/0019).
"""

from __future__ import annotations

import hmac
from datetime import datetime
from typing import Final
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, bindparam, delete, exists, select

from core.storage import tables
from core.storage.prepared import Prepared
from core.storage.upsert import insert_or_ignore

_inbox = tables.Inbox.__table__
_key = tables.InstallationKey.__table__

EVENTS: Final = "events"
"""The purpose of the key that hashes events."""
_HASHED: Final = "#"
"""What a hash begins with, and no event does."""
_BYTES: Final = 16
_AT_ONCE: Final = 5_000

_keys: WeakKeyDictionary[Engine, bytes] = WeakKeyDictionary()
"""Made by a migration and never changed, so each engine reads it once."""
_READ_KEY = Prepared(select(_key.c.key).where(_key.c.purpose == bindparam("purpose")))
# Earlier versions stored an event as it is, and while a new one takes over, such a process may still be running.
_WRITE_DOWN = insert_or_ignore(_inbox, unless=exists().where(_inbox.c.event_key == bindparam("plain")))
_WRITE_HASH = insert_or_ignore(_inbox)


def is_new(connection: Connection, event_key: str, now: datetime) -> bool:
    """Record an event; False if it was recorded before."""
    hashed = _hash(_key_of(connection), event_key)
    return _WRITE_DOWN.run(connection, {"event_key": hashed, "received_at": now, "plain": event_key}) == 1


def hash_plain(connection: Connection) -> int:
    """Hash some of the events that an earlier version stored as they are; returns how many, 0 once all are done."""
    plain = select(_inbox).where(~_inbox.c.event_key.startswith(_HASHED)).limit(_AT_ONCE)
    rows, key = connection.execute(plain).all(), _key_of(connection)
    for row in rows:
        _WRITE_HASH.run(connection, {"event_key": _hash(key, row.event_key), "received_at": row.received_at})
    connection.execute(delete(_inbox).where(_inbox.c.event_key.in_([row.event_key for row in rows])))
    return len(rows)


def purge(connection: Connection, before: datetime) -> int:
    """Delete the events received before this moment."""
    return connection.execute(delete(_inbox).where(_inbox.c.received_at < before)).rowcount


def _key_of(connection: Connection) -> bytes:
    key = _keys.get(connection.engine)
    if key is None:
        found = _READ_KEY.first(connection, {"purpose": EVENTS})
        assert found is not None, "the migration that makes it has run"
        key = _keys[connection.engine] = bytes(found["key"])
    return key


def _hash(key: bytes, event_key: str) -> str:
    return _HASHED + hmac.digest(key, event_key.encode(), "sha256")[:_BYTES].hex()
