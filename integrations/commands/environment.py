"""The house at the command line: on the database of the settings, at the real time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, select

from bot.platform import Platform
from core.calendar import SchoolCalendar
from core.storage import tables
from core.storage.database import Database
from integrations.commands.output import CannotBeDone, settings
from integrations.runtime import House, open_house, real_time

DEMO_FILE: Final = Path("var/demo.db")
"""From the working directory."""
IN_TEAMS_FILE: Final = Path("var/demo-teams.db")


@contextmanager
def house_of_settings(platforms: Callable[[Database], Iterable[Platform]] = lambda _: ()) -> Iterator[House]:
    url = settings().database_url.get_secret_value()
    with open_house(url, real_time, platforms) as house:
        yield house


def partnership(connection: Connection, partnership_id: str) -> tuple[str, str, SchoolCalendar]:
    """The name, the language and the calendar of a partnership. Raises ``CannotBeDone``."""
    table = tables.Partnership
    row = connection.execute(select(table.name, table.language, table.calendar).filter_by(id=partnership_id)).first()
    if row is None:
        known = sorted(connection.scalars(select(table.id)))
        there = f"There is: {', '.join(known)}." if known else "None has been imported yet: partnership-bot import FILE"
        raise CannotBeDone(f"There is no partnership {partnership_id}. {there}")
    return row.name, row.language, SchoolCalendar.from_json(row.calendar)
