"""Pictures and files that a platform fetches, each for a limited time with an unguessable token."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, delete, insert, select, update

from core.storage import tables
from core.storage.outbox import Place

_table = tables.SharedFile.__table__
_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class SharedFile:
    name: str
    media_type: str
    content: bytes = field(repr=False)


def share(connection: Connection, place: Place, key: str, file: SharedFile, expires_at: datetime) -> str:
    """The token for a file of the message with this key; the existing one if the file hasn't changed."""
    same = {**place._asdict(), "key": key, "name": file.name, "content": file.content}
    token = connection.scalar(select(_table.c.token).filter_by(**same))
    if token is not None:
        connection.execute(update(_table).where(_table.c.token == token).values(expires_at=expires_at))
        return str(token)
    token = secrets.token_urlsafe(_BYTES)
    values = {**same, "token": token, "media_type": file.media_type, "expires_at": expires_at}
    connection.execute(insert(_table), values)
    return token


def fetch(connection: Connection, token: str, now: datetime) -> SharedFile | None:
    """The file with this token; None if it has expired or never existed."""
    wanted = select(_table.c.name, _table.c.media_type, _table.c.content)
    row = connection.execute(wanted.where(_table.c.token == token, _table.c.expires_at > now)).first()
    return None if row is None else SharedFile(*row)


def purge(connection: Connection, now: datetime) -> int:
    return connection.execute(delete(_table).where(_table.c.expires_at <= now)).rowcount
