"""``doctor``: check that the bot has all it needs, and list each problem in one sentence. Changes nothing."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, func, make_url, select
from sqlalchemy.exc import DBAPIError

from bot.inbound.typed_text import reserved_words
from bot.messages.languages import AWAITS_REVIEW
from core.calendar import Days, SchoolCalendar, bank_holidays
from core.framework import Framework
from core.framework_file import default_source, read_framework
from core.reminders import Round
from core.services import nudges, sharing
from core.settings import Settings, SettingsMistakes, load_settings, unknown_settings
from core.storage import tables
from core.storage.database import Database, DatabaseBusy
from core.storage.migrations import DatabaseTooNew, is_up_to_date, newest, version_of
from core.storage.unusable import POOLED, Unusable
from core.yaml_tree import FileMistakes
from integrations.commands import cycle_days
from integrations.commands.environment import no_database_at
from integrations.commands.erasures_kept import erasures_kept
from integrations.commands.output import say
from integrations.platforms import PLATFORMS, Platforms
from integrations.real_time import real_time
from integrations.registration import Checked, Service

_LOOKS_AHEAD: Final = timedelta(days=120)
_NAMES: Final = {"sqlite": "SQLite"}
_CANNOT_BE_REACHED: Final = "can't be reached. Check PARTNERSHIP_DATABASE_URL, and that it runs."
_outbox = tables.Outbox.__table__


def doctor(platforms: Platforms = PLATFORMS) -> bool:
    """Print the findings; True if all is well."""
    found = list(_look(platforms, real_time()))
    say(*map(str, found))
    well = all(each.well for each in found)
    say("All is well." if well else "Something needs you: see the lines that begin with NO.")
    return well


def _look(platforms: Platforms, now: datetime) -> Iterator[Checked]:
    yield from _framework()
    yield from (Checked(True, words) for words in AWAITS_REVIEW.values())
    try:
        found = load_settings()
    except SettingsMistakes as mistakes:
        yield from (Checked(False, f"Settings: {line}") for line in mistakes.lines)
        return
    yield Checked(True, f"The settings can be read. This is a {found.environment} installation.")
    yield from (Checked(True, f"{line} It has no effect.") for line in unknown_settings())
    yield from _database(found, platforms, now)


def _framework() -> Iterator[Checked]:
    try:
        framework = read_framework(default_source(), reserved_words())
    except FileMistakes as mistakes:
        yield from (Checked(False, f"The framework that comes with the bot: {each}") for each in mistakes.mistakes)
        return
    yield Checked(True, f"The framework {framework.id} {framework.version} can be read.")
    yield from _translations(framework)


def _translations(framework: Framework) -> Iterator[Checked]:
    for language, status in framework.translation_status.items():
        yield Checked(True, f"Its words in the language {language}: {status}.")


def _database(found: Settings, platforms: Platforms, now: datetime) -> Iterator[Checked]:
    url = found.database_url.get_secret_value()
    kind = _NAMES.get(make_url(url).get_backend_name(), "PostgreSQL")
    database = found.database()
    if database.file is not None and (missing := _not_usable(database.file)):
        yield missing
        return
    try:
        if database.needs_pooler_setting():
            yield Checked(False, POOLED)
        yield from database.read_now(lambda connection: list(_in_database(connection, kind, now)))
        if database.is_up_to_date():
            yield erasures_kept(database)
            for each in platforms:
                if each.service is not None:
                    yield from _service(each.service, found, database)
    except (DBAPIError, DatabaseBusy) as error:
        why = getattr(error, "orig", None)
        yield Checked(False, str(why) if isinstance(why, Unusable) else f"The {kind} database {_CANNOT_BE_REACHED}")
    finally:
        database.close()


def _service(service: Service, found: Settings, database: Database) -> Iterable[Checked]:
    if not service.is_wanted(found):
        return [Checked(True, f"{service.title} is not set up. If it should be: {service.guide}")]
    return asyncio.run(service.check_up(found, database, real_time))


def _not_usable(file: Path) -> Checked | None:
    """What makes a SQLite file unusable; None if it is fine."""
    if not file.exists():
        return Checked(False, no_database_at(file))
    unwritable = next((each for each in (file, file.parent) if not os.access(each, os.W_OK)), None)
    return Checked(False, f"{unwritable} can't be written to by this user.") if unwritable else None


def _in_database(connection: Connection, kind: str, now: datetime) -> Iterator[Checked]:
    yield Checked(True, f"The {kind} database can be reached.")
    if (version := version_of(connection)) is not None and version > newest():
        yield Checked(False, str(DatabaseTooNew()))
        return
    if not is_up_to_date(connection):
        yield Checked(
            False, "Its tables are not those of this version. Bring them up to date: partnership-bot db upgrade"
        )
        return
    yield Checked(True, "Its tables are up to date.")
    yield from partnerships(connection, now)
    yield from _shared(connection)
    yield from _undelivered(connection)


def partnerships(connection: Connection, now: datetime) -> Iterator[Checked]:
    table = tables.Partnership
    found = connection.execute(select(table.id, table.name, table.calendar)).all()
    if not found:
        yield Checked(True, "No partnership has been imported yet: partnership-bot import FILE")
    standing = {each.cycle.partnership: each for each in nudges.rounds(connection)}
    for id_, name, stored in found:
        yield from _calendar(name, SchoolCalendar.from_json(stored), standing.get(id_), now)


def _shared(connection: Connection) -> Iterator[Checked]:
    """What partnerships share because an earlier version took equal ids for the same school or person."""
    for each in sharing.shared_entries(connection):
        if each.proof == "none":
            words = (
                f"{each.partnership} shares {each.name} ({each.id}) with another partnership, and nothing proves that "
                f"it is the same {each.kind}. If it is not: partnership-bot split {each.partnership} {each.id}. If it "
                f"is: {_PROOF[each.kind]}"
            )
            yield Checked(True, words)


_PROOF: Final = {
    "school": "write same_as in both files (docs/import.md).",
    "person": "write the same account in both files.",
}


def _calendar(name: str, calendar: SchoolCalendar, around: Round | None, now: datetime) -> Iterator[Checked]:
    """``around``: the cycle that has not been closed, if there is one."""
    today, ahead = (each.astimezone(calendar.zone).date() for each in (now, now + _LOOKS_AHEAD))
    if max(bank_holidays(calendar.nation)) < ahead:
        yield Checked(False, f"{name}: the bank holidays known end soon. Install a newer version of the bot.")
    wrong = [] if around is None or around.cycle.is_over(now) else list(cycle_days.warnings(around, now))
    yield from (Checked(False, f"{name}: {each}") for each in wrong)
    if missing := calendar.missing(Days(today, ahead)):
        words = f"no term dates are known for {cycle_days.in_words(missing)}. {cycle_days.UNTIL_IMPORTED}"
        yield Checked(True, f"{name}: {words}")
    elif not wrong:
        yield Checked(True, f"{name}: its calendar reaches far enough ahead.")


def _undelivered(connection: Connection) -> Iterator[Checked]:
    """Messages that were given up or may not have arrived, with the reasons; never their contents."""
    given_up = _outbox.c.state.in_(("dead", "unknown"))
    troubles = select(_outbox.c.trouble, func.count()).where(given_up).group_by(_outbox.c.trouble)
    found = connection.execute(troubles.order_by(func.count().desc(), _outbox.c.trouble).limit(5)).all()
    if not found:
        yield Checked(True, "Every message has been delivered, or is on its way.")
    for trouble, count in found:
        yield Checked(False, f"{count} {'message' if count == 1 else 'messages'} did not arrive for sure: {trouble}")
