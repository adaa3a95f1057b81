"""When something last worked, so that whoever watches notices when it stops."""

from __future__ import annotations

from datetime import datetime
from typing import Final, Literal, TypeAlias

from sqlalchemy import Connection, select

from core.storage import tables
from core.storage.migrations import DatabaseTooNew, newest, version_of
from core.storage.upsert import upsert

Kind: TypeAlias = Literal["minute", "write"]
"""What the clock does every minute, and what is stored only to see that it can be."""

OLD_TABLES: Final = (
    "The database's tables are not those of this version. Bring them up to date: partnership-bot db upgrade"
)

_sign = tables.SignOfLife.__table__
_GIVE = upsert(_sign)


def give(connection: Connection, kind: Kind, now: datetime) -> None:
    _GIVE.run(connection, {"kind": kind, "at": now})


def last(connection: Connection, kind: Kind) -> datetime | None:
    """None if it never worked."""
    return connection.scalar(select(_sign.c.at).where(_sign.c.kind == kind))


def try_to_write(connection: Connection, now: datetime) -> str | None:
    """Store a row, as an event would; returns a sentence if the tables aren't those of this version.

    It has to be committed: until then a full disk goes unnoticed.
    """
    version = version_of(connection)
    if version != newest():
        return str(DatabaseTooNew()) if version is not None and version > newest() else OLD_TABLES
    give(connection, "write", now)
    return None
