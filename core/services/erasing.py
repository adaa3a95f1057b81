"""What has to be done after an erasure, outside its transaction; and after an older database was restored.

Every process may do it at any time: what is done already is left as it is.
"""

from __future__ import annotations

import asyncio
from datetime import datetime
from functools import partial
from pathlib import Path

from sqlalchemy import Connection, select

from core.enquiry import Account
from core.log import Log
from core.services import privacy
from core.storage import erasures, tables
from core.storage.database import Database

_person = tables.Person.__table__
_account = tables.Account.__table__
_log = Log(__name__)


async def finish(database: Database, now: datetime) -> None:
    """``finish_now`` for an event loop."""
    await asyncio.to_thread(finish_now, database, now)


def finish_now(database: Database, now: datetime) -> None:
    """Bring the database and the file of who was erased into step, and scrub the database's file.

    Never raises for the file or the scrubbing: the next minute tries again, and the log says what is wrong.
    """
    if database.erasures is not None:
        _bring_into_step(database, database.erasures, now)
    lines, then = database.read_now(partial(erasures.unscrubbed, now=now))
    if lines and _scrubbed(database):
        database.write_now(partial(erasures.mark_scrubbed, lines=lines, scrubbed=then))


def _bring_into_step(database: Database, file: Path, now: datetime) -> None:
    try:
        in_file, in_database = erasures.read(file), database.read_now(erasures.recorded)
        if in_file - in_database:
            erased = database.write_now(partial(erase_again, lines=sorted(in_file - in_database), now=now))
            _log.info("erased again", people=erased)
        if in_database - in_file:
            erasures.append(file, sorted(in_database - in_file))
    except OSError as error:
        _log.error("The list of who was erased could not be kept", error)


def _scrubbed(database: Database) -> bool:
    try:
        return database.scrub()
    except Exception as error:  # noqa: BLE001 - perhaps the disk is full; nothing is lost
        _log.error("What was erased could not be scrubbed from the database's file", error)
        return False


def erase_again(connection: Connection, lines: list[str], now: datetime) -> int:
    """Erase those whom the lines are about, in a database from before they were erased; returns how many people.

    An account that is somebody else's in that database goes without them.
    """
    persons = [*connection.scalars(select(_person.c.id))]
    erased = 0
    for line in lines:
        is_about = erasures.is_about(line)
        for person in (each for each in persons if is_about(erasures.of_person(each))):
            privacy.remove(connection, person, now)
            erased += 1
        for row in connection.execute(select(_account)).all():
            if is_about(erasures.of_account(Account(row.platform, row.tenant, row.user))):
                privacy.remove_account(connection, row)
        erasures.put(connection, line)
    return erased
