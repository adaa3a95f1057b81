"""Makes the rows of a table match a file."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Connection, Table, and_, delete, insert, select, update

Values: TypeAlias = Mapping[str, Any]
"""A row by the names of its columns."""


@dataclass(frozen=True, slots=True)
class Counted:
    added: int = 0
    changed: int = 0
    left: int = 0
    """Rows that existed but are no longer part of it."""

    def __str__(self) -> str:
        counts = ((self.added, "new"), (self.changed, "changed"), (self.left, "no longer there"))
        return ", ".join(f"{count} {words}" for count, words in counts if count) or "as before"


def reconcile(
    connection: Connection,
    table: Table,
    those: ColumnElement[bool],
    rows: Sequence[Values],
    *,
    keep: Collection[str] = (),
    leaving: Values | None = None,
) -> Counted:
    """Make ``those`` rows of the table equal to ``rows``, which contain every key column.

    Columns in ``keep`` are set on new rows only. Rows that are not in ``rows`` are removed, or changed to ``leaving``.
    """
    found = [dict(row) for row in connection.execute(select(table).where(those)).mappings()]
    stored = {_key(table, row): row for row in found}
    wanted = {_key(table, row): row for row in rows}
    new = [row for key, row in wanted.items() if key not in stored]
    changed = [key for key, row in wanted.items() if key in stored and _differs(row, stored[key], keep)]
    gone = [key for key in stored if key not in wanted]
    for key in gone:
        away = delete(table) if leaving is None else update(table).values(leaving)
        connection.execute(away.where(_has(table, key)))
    for key in changed:
        values = {name: value for name, value in wanted[key].items() if name not in keep}
        connection.execute(update(table).values(values).where(_has(table, key)))
    if new:
        connection.execute(insert(table), [dict(row) for row in new])
    return Counted(len(new), len(changed), len(gone))


def _key(table: Table, row: Values) -> tuple[Any, ...]:
    return tuple(row[column.name] for column in table.primary_key)


def _has(table: Table, key: tuple[Any, ...]) -> ColumnElement[bool]:
    return and_(*(column == value for column, value in zip(table.primary_key, key, strict=True)))


def _differs(row: Values, stored: Values, keep: Collection[str]) -> bool:
    return any(stored[name] != value for name, value in row.items() if name not in keep)
