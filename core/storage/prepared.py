"""Statements of the hot path: written and compiled with SQLAlchemy, then passed straight to the driver.

Executing an already compiled statement takes SQLAlchemy some 20 µs of Python, and a turn has five of them: that was
half of the time a turn spends not waiting for the disk (docs/performance.md). Errors, lost connections and transactions
behave as with ``connection.execute``, which everything else uses.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from operator import itemgetter
from typing import Any, TypeAlias, TypeVar, cast

from sqlalchemy import Connection, Dialect, Float
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.selectable import ExecutableReturnsRows
from sqlalchemy.types import TypeEngine

_T = TypeVar("_T")
Stored: TypeAlias = Sequence[Any]
"""A row as the driver returns it."""
Read: TypeAlias = Callable[[Stored], Sequence[Any]]


class Prepared:
    """A statement compiled on first use; each use supplies values for the same names.

    It can't have an ``IN`` with a list among the values: such a statement differs for each length of the list.
    """

    def __init__(self, statement: ExecutableReturnsRows, *, postgresql: ExecutableReturnsRows | None = None) -> None:
        """``postgresql`` is the statement for that dialect, if one won't do for both."""
        self._statement = statement
        self._for_postgresql = statement if postgresql is None else postgresql
        self._compiled: dict[str, _Compiled] = {}

    def run(self, connection: Connection, values: Mapping[str, object]) -> int:
        """Run it; returns the number of rows written."""
        return self._execute(connection, values, _Compiled.written)

    def all(self, connection: Connection, values: Mapping[str, object]) -> Sequence[Sequence[Any]]:
        return self._execute(connection, values, _Compiled.rows)

    def unread(self, connection: Connection, values: Mapping[str, object]) -> tuple[Sequence[Stored], Read]:
        """The driver's raw rows, and a function that decodes one: for many rows of which few are needed."""
        return self._execute(connection, values, _Compiled.unread)

    def first(self, connection: Connection, values: Mapping[str, object]) -> Mapping[str, Any] | None:
        """The first row, by the names of its columns."""
        return self._execute(connection, values, _Compiled.first)

    def _execute(
        self, connection: Connection, values: Mapping[str, object], take: Callable[[_Compiled, Any], _T]
    ) -> _T:
        if not connection.in_transaction():
            connection.begin()
        dialect = connection.dialect
        compiled = self._compiled.get(dialect.name) or self._compile(dialect, values)
        driver: Any = connection.connection.dbapi_connection
        cursor = driver.cursor()
        try:
            cursor.execute(compiled.sql, compiled.bound(values))
            return take(compiled, cursor)
        except dialect.loaded_dbapi.Error as error:
            raise _as_elsewhere(connection, cursor, compiled.sql, error) from error
        finally:
            cursor.close()

    def _compile(self, dialect: Dialect, names: Collection[str]) -> _Compiled:
        statement = self._for_postgresql if dialect.name == "postgresql" else self._statement
        compiled = self._compiled[dialect.name] = _Compiled(statement, dialect, names)
        return compiled


class _Compiled:
    """A statement compiled for one driver, with the conversions of its parameters and results."""

    def __init__(self, statement: ExecutableReturnsRows, dialect: Dialect, names: Collection[str]) -> None:
        compiled = statement.compile(dialect=dialect, column_keys=list(names))
        columns = list(statement.exported_columns)
        self.sql = compiled.string
        self._in_order = None if compiled.positiontup is None else _all_of(compiled.positiontup)
        self._fixed = {name: value for name, value in compiled.params.items() if name not in names}
        self._names = [str(column.key) for column in columns]
        writes = ((name, bind.type.dialect_impl(dialect)) for bind, name in compiled.bind_names.items())
        reads = ((number, column.type.dialect_impl(dialect)) for number, column in enumerate(columns))
        self._writes = [(name, write) for name, kind in writes if (write := kind.bind_processor(dialect))]
        self._reads = [(number, read) for number, kind in reads if (read := _reading(kind, dialect))]

    def bound(self, values: Mapping[str, object]) -> Mapping[str, object] | Sequence[object]:
        if self._fixed or self._writes:
            values = given = {**self._fixed, **values}
            for name, write in self._writes:
                given[name] = write(given[name])
        return values if self._in_order is None else self._in_order(values)

    def written(self, cursor: Any) -> int:
        return cast(int, cursor.rowcount)

    def rows(self, cursor: Any) -> Sequence[Sequence[Any]]:
        rows: Sequence[Sequence[Any]] = cursor.fetchall()
        return [self._read(row) for row in rows] if self._reads else rows

    def unread(self, cursor: Any) -> tuple[Sequence[Stored], Read]:
        return cursor.fetchall(), self._read

    def first(self, cursor: Any) -> Mapping[str, Any] | None:
        row = cursor.fetchone()
        return None if row is None else dict(zip(self._names, self._read(row), strict=True))

    def _read(self, row: Stored) -> Sequence[Any]:
        values = list(row)
        for number, read in self._reads:
            values[number] = read(values[number])
        return values


def _reading(kind: TypeEngine[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    if isinstance(kind, Float):  # Every driver reads them, and SQLAlchemy's processor wants to see a result first.
        return None
    return kind.result_processor(dialect, None)


def _all_of(names: Sequence[str]) -> Callable[[Mapping[str, object]], Sequence[object]]:
    """Takes the values with these names, in their order."""
    if len(names) > 1:
        return itemgetter(*names)
    return lambda values: [values[name] for name in names]


def _as_elsewhere(connection: Connection, cursor: Any, sql: str, error: Any) -> DBAPIError:
    """The error that SQLAlchemy would have raised; a lost connection is invalidated."""
    dialect = connection.dialect
    lost = dialect.is_disconnect(error, connection.connection.dbapi_connection, cursor)
    if lost:
        connection.invalidate(error)
    base = dialect.loaded_dbapi.Error
    said = DBAPIError.instance(
        sql, None, error, base, hide_parameters=True, connection_invalidated=lost, dialect=dialect
    )
    return cast(DBAPIError, said)
