"""``doctor``: check that the bot has all it needs, and list each problem in one sentence, the likeliest cause first.

It goes by the settings and by what is stored, which takes seconds however many partnerships there are. The platforms
themselves are only asked where they are to be. Changes nothing but the one row it stores to see that it can.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterable, Iterator
from dataclasses import replace
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
from integrations.watching import WorkAsStored, cannot_store, look, problems

_LOOKS_AHEAD: Final = timedelta(days=120)
_NAMES: Final = {"sqlite": "SQLite"}
_CANNOT_BE_REACHED: Final = "can't be reached. Check PARTNERSHIP_DATABASE_URL, and that it runs."
_outbox = tables.Outbox.__table__


def doctor(platforms: Platforms = PLATFORMS, *, everything: bool = False, ask: bool = False) -> bool:
    """Print what is wrong, or ``everything``, and a line that sums it up; True if all is well."""
    found = list(_look(platforms, real_time(), ask))
    wrong = [each for each in found if not each.well]
    say(*map(str, found if everything else wrong), _summary(len(wrong), len(found), everything=everything, ask=ask))
    return not wrong


def _summary(wrong: int, looked_at: int, *, everything: bool, ask: bool) -> str:
    well = f"All is well: {looked_at} things were checked."
    told = f"{wrong} of the {looked_at} things checked need{'s' if wrong == 1 else ''} attention." if wrong else well
    hints = ["" if everything else " --all lists them.", "" if ask else " No chat platform was asked: --ask does that."]
    return f"{told}{''.join(hints)}"


def _look(platforms: Platforms, now: datetime, ask: bool) -> Iterator[Checked]:
    yield from _framework()
    yield from (Checked(True, words) for words in AWAITS_REVIEW.values())
    try:
        found = load_settings()
    except SettingsMistakes as mistakes:
        yield from (Checked(False, f"Settings: {line}") for line in mistakes.lines)
        return
    yield Checked(True, f"The settings can be read. This is a {found.environment} installation.")
    yield from (Checked(True, f"{line} It has no effect.") for line in unknown_settings())
    yield from _database(found, platforms, now, ask)


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


def _database(found: Settings, platforms: Platforms, now: datetime, ask: bool) -> Iterator[Checked]:
    url = found.database_url.get_secret_value()
    kind = _NAMES.get(make_url(url).get_backend_name(), "PostgreSQL")
    database = found.database()
    if database.file is not None and (missing := _not_usable(database.file)):
        yield missing
        return
    try:
        if database.needs_pooler_setting():
            yield Checked(False, POOLED)
        yield from database.read_now(lambda connection: list(_tables(connection, kind)))
        if database.is_up_to_date():
            yield _storing(database, now)
            for each in platforms:
                if each.service is not None:
                    yield from _service(each.service, found, database, ask)
            served = _set_up(platforms, found)
            yield from database.read_now(lambda connection: list(_stored(connection, platforms, served, now)))
            yield erasures_kept(database)
    except (DBAPIError, DatabaseBusy) as error:
        why = getattr(error, "orig", None)
        yield Checked(False, str(why) if isinstance(why, Unusable) else f"The {kind} database {_CANNOT_BE_REACHED}")
    finally:
        database.close()


def _set_up(platforms: Platforms, found: Settings) -> frozenset[str]:
    return frozenset(each.name for each in platforms if each.service is not None and each.service.is_wanted(found))


def _storing(database: Database, now: datetime) -> Checked:
    problem = asyncio.run(cannot_store(database, now))
    return Checked(True, "Something can be stored.") if problem is None else Checked(False, problem)


def _service(service: Service, found: Settings, database: Database, ask: bool) -> Iterable[Checked]:
    if not service.is_wanted(found):
        return [Checked(True, f"{service.title} is not set up. If it should be: {service.guide}")]
    return asyncio.run(service.check_up(found, database, real_time, ask=ask))


def _not_usable(file: Path) -> Checked | None:
    """What makes a SQLite file unusable; None if it is fine."""
    if not file.exists():
        return Checked(False, no_database_at(file))
    unwritable = next((each for each in (file, file.parent) if not os.access(each, os.W_OK)), None)
    return Checked(False, f"{unwritable} can't be written to by this user.") if unwritable else None


def _tables(connection: Connection, kind: str) -> Iterator[Checked]:
    yield Checked(True, f"The {kind} database can be reached.")
    if (version := version_of(connection)) is not None and version > newest():
        yield Checked(False, str(DatabaseTooNew()))
    elif not is_up_to_date(connection):
        yield Checked(
            False, "Its tables are not those of this version. Bring them up to date: partnership-bot db upgrade"
        )
    else:
        yield Checked(True, "Its tables are up to date.")


def _stored(connection: Connection, platforms: Platforms, served: frozenset[str], now: datetime) -> Iterator[Checked]:
    yield from _work(look(connection, now, served), platforms)
    yield from _undelivered(connection)
    yield from partnerships(connection, now)
    yield from _shared(connection)


def _work(work: WorkAsStored, platforms: Platforms) -> Iterator[Checked]:
    if work.last_tick is None and not work.overdue:
        yield Checked(True, "The bot has not run here yet: partnership-bot serve")
        work = replace(work, last_tick=work.now)
    found = list(problems(work, {each.name: each for each in platforms}, named=True))
    yield from (Checked(False, words) for words in found)
    if not found:
        yield Checked(True, "What is due is done: the clock, the messages, and a platform for each channel.")


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
    reasons = select(_outbox.c.state, _outbox.c.trouble, func.count()).where(_outbox.c.state.in_(_BECAME))
    by_reason = reasons.group_by(_outbox.c.state, _outbox.c.trouble).order_by(func.count().desc(), _outbox.c.trouble)
    found = connection.execute(by_reason.limit(_MOST_REASONS)).all()
    if not found:
        yield Checked(True, "No message was given up, and none is in doubt.")
    for state, trouble, count in found:
        messages = "1 message" if count == 1 else f"{count:,} messages"
        became = _BECAME[state].format("was" if count == 1 else "were")
        yield Checked(False, f"{messages} {became}: {trouble or 'nobody knows why.'} See: partnership-bot outbox list")


_BECAME: Final = {"dead": "{} given up", "unknown": "may not have arrived"}
_MOST_REASONS: Final = 5
