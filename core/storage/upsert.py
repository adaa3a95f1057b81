"""``INSERT … ON CONFLICT``, written once for SQLite and PostgreSQL.

SQLAlchemy offers it only in each dialect's own ``insert``, though the syntax is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.base import ReadOnlyColumnCollection
from sqlalchemy.sql.elements import KeyedColumnElement

from core.storage.prepared import Prepared

New: TypeAlias = ReadOnlyColumnCollection[str, KeyedColumnElement[Any]]
"""The row that was to be inserted."""
Changes: TypeAlias = Callable[[New], Mapping[str, ColumnElement[Any]]]
_Insert: TypeAlias = sqlite.Insert | postgresql.Insert


def insert_or_ignore(table: Table) -> Prepared:
    """Insert a row, unless it conflicts with an existing one: then nothing changes, and ``run`` returns 0."""
    return _in_both(table, lambda insert: insert.on_conflict_do_nothing())


def upsert(table: Table, changes: Changes | None = None, *, where: ColumnElement[bool] | None = None) -> Prepared:
    """Insert a row, or update the one with its primary key if ``where`` holds for that one.

    It takes all values of the new row, or only ``changes``.
    """
    key = list(table.primary_key)
    changed = changes or (lambda new: {each.name: new[each.name] for each in table.c if not each.primary_key})
    return _in_both(
        table,
        lambda insert: insert.on_conflict_do_update(index_elements=key, set_=changed(insert.excluded), where=where),
    )


def _in_both(table: Table, completed: Callable[[_Insert], _Insert]) -> Prepared:
    return Prepared(completed(sqlite.insert(table)), postgresql=completed(postgresql.insert(table)))
