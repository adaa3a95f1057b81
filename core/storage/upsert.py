"""``INSERT … ON CONFLICT``, written once for SQLite and PostgreSQL.

SQLAlchemy offers it only in each dialect's own ``insert``, though the syntax is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Table, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.base import ReadOnlyColumnCollection
from sqlalchemy.sql.elements import KeyedColumnElement

from core.storage.prepared import Prepared

New: TypeAlias = ReadOnlyColumnCollection[str, KeyedColumnElement[Any]]
"""The row that was to be inserted."""
Changes: TypeAlias = Callable[[New], Mapping[str, ColumnElement[Any]]]
_Insert: TypeAlias = sqlite.Insert | postgresql.Insert


def insert_or_ignore(table: Table, *, unless: ColumnElement[bool] | None = None) -> Prepared:
    """Insert a row, unless it conflicts with an existing one or ``unless`` holds: then nothing changes, and ``run``
    returns 0.
    """
    return _in_both(table, lambda insert: _values(table, insert, unless).on_conflict_do_nothing())


def _values(table: Table, insert: _Insert, unless: ColumnElement[bool] | None) -> _Insert:
    if unless is None:
        return insert
    row = select(*(bindparam(each.name, type_=each.type) for each in table.c)).where(~unless)
    return insert.from_select([each.name for each in table.c], row)


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
