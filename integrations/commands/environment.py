"""What the environment says about this installation: its database, and which partnerships it has."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import Connection, select

from core.calendar import SchoolCalendar
from core.services import erasing
from core.settings import Settings, load_settings, unknown_settings
from core.storage import tables
from core.storage.database import Database
from integrations.commands.output import CannotBeDone, complain
from integrations.real_time import real_time


def settings_of_environment() -> Settings:
    """The settings, with a word about what looks like one and has no effect. Raises ``SettingsMistakes``."""
    found = load_settings()
    complain(*(f"{line} It has no effect." for line in unknown_settings()))
    return found


@contextmanager
def database_of_settings(*, new: bool = False) -> Iterator[Database]:
    """The database, updated first and closed at the end; whoever was erased stays so.

    Only where it may be ``new`` is a file made. Raises ``CannotBeDone`` if there is none, ``SettingsMistakes``, and
    whatever ``Database`` raises.
    """
    with closing(settings_of_environment().database()) as database:
        if not new:
            check_there(database)
        database.upgrade()
        erasing.finish_now(database, real_time())
        yield database


def check_there(database: Database) -> None:
    """Raise ``CannotBeDone`` if it is a file that doesn't exist: using it would make an empty one."""
    if database.file is not None and not database.file.exists():
        raise CannotBeDone(no_database_at(database.file))


def no_database_at(file: Path) -> str:
    return (
        f"There is no database at {file}. If it is elsewhere, say where in PARTNERSHIP_DATABASE_URL. To begin a new "
        "one: partnership-bot db upgrade"
    )


def partnership(connection: Connection, partnership_id: str) -> tuple[str, str, SchoolCalendar]:
    """A partnership's name, language and calendar. Raises ``CannotBeDone``."""
    table = tables.Partnership
    row = connection.execute(select(table.name, table.language, table.calendar).filter_by(id=partnership_id)).first()
    if row is None:
        known = sorted(connection.scalars(select(table.id)))
        there = f"There is: {', '.join(known)}." if known else "None has been imported yet: partnership-bot import FILE"
        raise CannotBeDone(f"There is no partnership {partnership_id}. {there}")
    return row.name, row.language, SchoolCalendar.from_json(row.calendar)
