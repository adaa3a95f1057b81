"""What the environment says about this installation: its database, and which partnerships it has."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager

from sqlalchemy import Connection, select

from core.calendar import SchoolCalendar
from core.services import erasing
from core.settings import load_settings
from core.storage import tables
from core.storage.database import Database
from integrations.commands.output import CannotBeDone
from integrations.real_time import real_time


@contextmanager
def database_of_settings() -> Iterator[Database]:
    """The database, updated first and closed at the end; whoever was erased stays so.

    Raises ``SettingsMistakes`` and whatever ``Database`` raises.
    """
    with closing(load_settings().database()) as database:
        database.upgrade()
        erasing.finish_now(database, real_time())
        yield database


def partnership(connection: Connection, partnership_id: str) -> tuple[str, str, SchoolCalendar]:
    """A partnership's name, language and calendar. Raises ``CannotBeDone``."""
    table = tables.Partnership
    row = connection.execute(select(table.name, table.language, table.calendar).filter_by(id=partnership_id)).first()
    if row is None:
        known = sorted(connection.scalars(select(table.id)))
        there = f"There is: {', '.join(known)}." if known else "None has been imported yet: partnership-bot import FILE"
        raise CannotBeDone(f"There is no partnership {partnership_id}. {there}")
    return row.name, row.language, SchoolCalendar.from_json(row.calendar)
