"""``cycle open``, ``cycle close`` and ``cycle list``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Final

from sqlalchemy import Connection, select

from bot.messages.languages import words_of
from core.calendar import NudgeSchedule, SchoolCalendar
from core.enquiry import Cycle, Visibility
from core.reminders import Round
from core.services import cycles, nudges, visibility
from core.storage import tables
from core.storage.frameworks import FrameworkShelf
from integrations.commands import cycle_days
from integrations.commands.environment import database_of_settings, partnership
from integrations.commands.output import CannotBeDone, say
from integrations.real_time import real_time

_MIDNIGHT: Final = time(0)


@dataclass(frozen=True, slots=True)
class CycleWanted:
    """A cycle to open. A day without a time means that day's school hours."""

    title: str
    closes: datetime
    opens: datetime | None
    meeting_on: date | None
    focus: Sequence[str]
    """Ids of sub-themes."""
    area: str | None
    schedule: NudgeSchedule


def schedule(after_opening: str, before_close: str) -> NudgeSchedule:
    """When to remind leaders, from lists of school days such as ``5,10``; an empty list means no reminders."""
    try:
        return NudgeSchedule(_days(after_opening), _days(before_close))
    except ValueError as error:
        raise CannotBeDone("Write the days of reminders as whole numbers from 1, such as 5,10.") from error


def _days(listed: str) -> tuple[int, ...]:
    return tuple(int(each) for each in listed.split(",") if each.strip())


def open_(partnership_id: str, wanted: CycleWanted) -> None:
    with database_of_settings() as database:
        now = real_time()
        say(*database.write_now(lambda connection: opened(connection, FrameworkShelf(), partnership_id, wanted, now)))


def opened(
    connection: Connection, shelf: FrameworkShelf, partnership_id: str, wanted: CycleWanted, now: datetime
) -> list[str]:
    """Open it; returns in lines what was done, when leaders hear of it, and what is wrong with its days."""
    name, _, calendar = partnership(connection, partnership_id)
    opens_at = None if wanted.opens is None else _moment(wanted.opens, calendar.earliest, calendar)
    cycle = cycles.open_cycle(
        connection,
        shelf,
        partnership_id,
        wanted.title,
        _moment(wanted.closes, calendar.latest, calendar),
        _scope(connection, shelf, partnership_id, wanted),
        now,
        opens_at=opens_at,
        meeting_on=wanted.meeting_on,
        schedule=wanted.schedule,
    )
    around = nudges.round_of(connection, cycle.id)
    assert around is not None
    closing = f"closes on {_when(cycle.closes_at, calendar)}"
    told = f"{name}: {cycle.title} {_opening(cycle, now, calendar)} and {closing}. {_asked(connection, around, now)}"
    told += _not_as_wished(cycle, visibility.wish_of(connection, cycle.id))
    return [told, *cycle_days.warnings(around, now)]


def _asked(connection: Connection, around: Round, now: datetime) -> str:
    number = cycles.progress(connection, around.cycle.id).schools_in_roster
    schools = "1 school" if number == 1 else f"{number} schools"
    from_ = nudges.invited_from(connection, around, now)
    if from_ is None:
        return f"{schools} should be asked, but nobody can be invited before it closes."
    invited = f"leaders are invited {cycle_days.from_when(from_, now, around.calendar)}"
    return f"{schools} {'is' if number == 1 else 'are'} asked: {invited}."


def _not_as_wished(cycle: Cycle, wished: Visibility | None) -> str:
    if wished is None:
        return ""
    if cycle.visibility is Visibility.OPEN:
        return " Every school has agreed to be seen, so it is open."
    return f" It is {cycle.visibility}: not every school has agreed to {wished} yet. The bot asks them in chat."


def _opening(cycle: Cycle, now: datetime, calendar: SchoolCalendar) -> str:
    return "is open" if cycle.opens_at <= now else f"opens on {_when(cycle.opens_at, calendar)}"


def _moment(local: datetime, of_day: time, calendar: SchoolCalendar) -> datetime:
    at = local.time() if local.time() != _MIDNIGHT else of_day
    return datetime.combine(local.date(), at, calendar.zone).astimezone(UTC)


def _scope(
    connection: Connection, shelf: FrameworkShelf, partnership_id: str, wanted: CycleWanted
) -> Sequence[str] | None:
    if wanted.area is None:
        return wanted.focus or None
    table = tables.Partnership
    found = connection.execute(select(table.framework_id, table.framework_version).filter_by(id=partnership_id)).one()
    return cycles.focus_scope(shelf.get(connection, *found), wanted.focus, wanted.area)


def close(partnership_id: str) -> None:
    with database_of_settings() as database:
        now = real_time()
        say(database.write_now(lambda connection: _close(connection, partnership_id, now)))


def _close(connection: Connection, partnership_id: str, now: datetime) -> str:
    name, _, _ = partnership(connection, partnership_id)
    standing = next((each for each in cycles.cycles_of(connection, partnership_id) if each.closed_at is None), None)
    if standing is None:
        raise CannotBeDone(f"{name} has no open cycle.")
    cycles.close_cycle(connection, standing.id, now, by=None)
    return f"{name}: {standing.title} is closed. {_submitted(connection, standing)}."


def list_(partnership_id: str) -> None:
    with database_of_settings() as database:
        now = real_time()
        say(*database.read_now(lambda connection: _listed(connection, partnership_id, now)))


def _listed(connection: Connection, partnership_id: str, now: datetime) -> list[str]:
    name, _, calendar = partnership(connection, partnership_id)
    found = cycles.cycles_of(connection, partnership_id)
    return [_line(connection, each, now, calendar) for each in found] or [f"{name} has had no cycle yet."]


def _line(connection: Connection, cycle: Cycle, now: datetime, calendar: SchoolCalendar) -> str:
    if cycle.closed_at is not None:
        state = f"closed on {_when(cycle.closed_at, calendar)}"
    elif cycle.is_open(now):
        state = f"open until {_when(cycle.closes_at, calendar)}"
    else:
        state = f"opens on {_when(cycle.opens_at, calendar)}" if now < cycle.opens_at else "over, about to be closed"
    return f"{cycle.title}: {state}. {_submitted(connection, cycle)}."


def _submitted(connection: Connection, cycle: Cycle) -> str:
    progress = cycles.progress(connection, cycle.id)
    return f"{progress.schools_submitted} of {progress.schools_in_roster} schools submitted"


def _when(moment: datetime, calendar: SchoolCalendar) -> str:
    words, zone = words_of("en"), calendar.zone
    return f"{words.day(moment, zone)} {moment.astimezone(zone).year} at {words.time(moment, zone)}"
