"""The audit trail: who did what that others rely on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, insert

from core.storage import tables

_RECORD = insert(tables.Audit.__table__)


def record(connection: Connection, now: datetime, by: str | None, act: str, about: Mapping[str, object]) -> None:
    """Record an event in the audit trail.

    ``by`` is a person's id, or None for the program itself. ``about`` holds counts, and ids of anything except people:
    it must not preserve an erased person."""
    connection.execute(_RECORD, {"at": now, "person_id": by, "act": act, "about": dict(about)})
