"""Databases that earlier versions made, as text: what was stored, and what a person could see and press then.

``tests/fixtures/databases`` has a folder for each. ``rows.json`` is every row, by table, in a form that any engine can
be filled from; ``seen.json`` is what that version made of it, and ``told.json`` how its reports read. None of them
names a module or a class.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final, TypeAlias

from alembic import command
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    LargeBinary,
    MetaData,
    Table,
    delete,
    func,
    insert,
    select,
)

from bot.inbound.events import Account, Conversation, Kind
from core.storage.database import Database
from core.storage.migrations import configuration

FOLDER: Final = Path(__file__).parent.parent / "fixtures" / "databases"
_NOT_RECORDED: Final = "alembic_version"

Cell: TypeAlias = str | int | float | bool | list[Any] | dict[str, Any] | None
Figures: TypeAlias = list[list[str]]
"""The numbers in each row of a table, as they are written there."""
Reading: TypeAlias = Mapping[str, list[str]]
"""The lines of each text and table of a report, by name."""


@dataclass(frozen=True, slots=True)
class ToldReport:
    """How a snapshot's reports read when they were posted, or at the end of the story."""

    title: str
    """Of which partnership and cycle, and the number of the snapshot in it."""
    at: datetime
    read: Reading


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button that stood in a conversation, and what that version said to whoever pressed it."""

    who: Account
    where: Conversation
    carries: str
    answers: tuple[str, ...]
    """The kinds of message, as ``card``; a short reply with its name, as ``line paused``."""


@dataclass(frozen=True, slots=True)
class EarlierDatabase:
    name: str
    revision: str
    now: datetime
    """When it was recorded, by the clock of its story."""
    rows: Mapping[str, Sequence[Mapping[str, Cell]]]
    pressed: tuple[Pressed, ...]
    silent: frozenset[int]
    """The rows of the outbox of which nothing is left to say."""
    figures: Mapping[str, Figures]
    """By the number of a row of the outbox and the name of a file of its message, but of ``told_when_posted``."""
    told: Mapping[int, ToldReport]
    """By the number of a snapshot; nothing before issue 13."""

    def __str__(self) -> str:
        return self.name

    @property
    def told_when_posted(self) -> frozenset[int]:
        """Snapshots of which it counts how they read when they were posted, not how at the end of the story."""
        return frozenset(number for number, each in self.told.items() if each.at < self.now)


def every() -> list[EarlierDatabase]:
    return [read(each) for each in sorted(FOLDER.iterdir()) if each.is_dir()]


# Text


def write(earlier: EarlierDatabase) -> None:
    """One row a line, so that a person can read it and a difference shows what differs."""
    folder = FOLDER / earlier.name
    folder.mkdir(parents=True)
    tables = ",\n".join(f"{json.dumps(name)}: {_table(rows)}" for name, rows in earlier.rows.items() if rows)
    _write(folder / "rows.json", f'{{"revision": "{earlier.revision}", "tables": {{\n{tables}\n}}}}\n')
    pressed = _lines(
        [*_words(each.who), each.where.id, each.where.kind, each.carries, list(each.answers)]
        for each in earlier.pressed
    )
    figures = ",\n".join(f"{json.dumps(name)}: {json.dumps(rows)}" for name, rows in earlier.figures.items())
    seen = f'"now": "{earlier.now.isoformat()}",\n"silent": {sorted(earlier.silent)},\n"pressed": {pressed},\n'
    _write(folder / "seen.json", f'{{{seen}"figures": {{\n{figures}\n}}}}\n')
    told = {
        number: {"title": each.title, "at": each.at.isoformat(), "read": each.read}
        for number, each in earlier.told.items()
    }
    _write(folder / "told.json", json.dumps(told, ensure_ascii=False, indent=0) + "\n")


def _write(path: Path, written: str) -> None:
    json.loads(written)
    path.write_text(written, encoding="utf-8")


def _table(rows: Sequence[Mapping[str, Cell]]) -> str:
    return f'{{"columns": {json.dumps([*rows[0]])}, "rows": {_lines([*row.values()] for row in rows)}}}'


def _lines(rows: Iterator[list[Any]]) -> str:
    written = (json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows)
    return "[\n" + ",\n".join(written) + "\n]"


def _words(who: Account) -> tuple[str, str, str]:
    return who.platform, who.tenant, who.user


def read(folder: Path) -> EarlierDatabase:
    stored = json.loads((folder / "rows.json").read_text(encoding="utf-8"))
    seen = json.loads((folder / "seen.json").read_text(encoding="utf-8"))
    return EarlierDatabase(
        name=folder.name,
        revision=stored["revision"],
        now=datetime.fromisoformat(seen["now"]),
        rows={
            name: [dict(zip(table["columns"], row, strict=True)) for row in table["rows"]]
            for name, table in stored["tables"].items()
        },
        pressed=tuple(_pressed(*each) for each in seen["pressed"]),
        silent=frozenset(seen["silent"]),
        figures=seen["figures"],
        told=_told(folder / "told.json"),
    )


def _told(path: Path) -> dict[int, ToldReport]:
    kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return {
        int(number): ToldReport(each["title"], datetime.fromisoformat(each["at"]), each["read"])
        for number, each in kept.items()
    }


def _pressed(platform: str, tenant: str, user: str, where: str, kind: str, carries: str, answers: list[str]) -> Pressed:
    who, place = Account(platform, tenant, user), Conversation(platform, tenant, where, Kind(kind))
    return Pressed(who, place, carries, tuple(answers))


# Rows


def rows_of(connection: Connection) -> dict[str, list[dict[str, Cell]]]:
    """Every row of every table, as it stands there."""
    return {table.name: _rows_of(connection, table) for table in _tables(connection)}


def _rows_of(connection: Connection, table: Table) -> list[dict[str, Cell]]:
    rows = connection.execute(select(table).order_by(*table.primary_key)).mappings()
    return [{column.name: _write_cell(row[column.name]) for column in table.c} for row in rows]


def _tables(connection: Connection) -> list[Table]:
    """As they are in this database, whatever the code says of them; those that others point at come first."""
    found = MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name != _NOT_RECORDED]


def _write_cell(value: Any) -> Cell:
    match value:
        case datetime():
            return value.replace(tzinfo=value.tzinfo or UTC).isoformat()
        case date():
            return value.isoformat()
        case bytes():
            return b64encode(value).decode()
        case _:
            written: Cell = value
            return written


_READ: Final[tuple[tuple[type, Callable[[Any], object]], ...]] = (
    (DateTime, datetime.fromisoformat),
    (Date, date.fromisoformat),
    (Boolean, bool),
    (LargeBinary, b64decode),
)


def _read_cell(column: Column[Any], cell: Cell) -> object:
    if cell is None or isinstance(column.type, JSON):
        return cell
    return next((read(cell) for kind, read in _READ if isinstance(column.type, kind)), cell)


def fill(database: Database, earlier: EarlierDatabase) -> None:
    """Make an empty database what the earlier one was, at its step of the migrations; it is not upgraded yet."""
    with database.engine.begin() as connection:
        command.upgrade(configuration(connection), earlier.revision)
        for table in _tables(connection):
            rows = [
                {name: _read_cell(table.c[name], cell) for name, cell in row.items()}
                for row in earlier.rows.get(table.name, ())
            ]
            if rows:
                connection.execute(delete(table))  # A migration has made this installation's key.
                connection.execute(insert(table), rows)
                _count_on(connection, table)


def _count_on(connection: Connection, table: Table) -> None:
    """PostgreSQL learns nothing from the numbers that rows bring with them."""
    if connection.dialect.name != "postgresql" or "id" not in table.c:
        return
    sequence = connection.scalar(select(func.pg_get_serial_sequence(table.name, "id")))
    if sequence is not None:
        connection.execute(select(func.setval(sequence, select(func.max(table.c.id)).scalar_subquery())))
