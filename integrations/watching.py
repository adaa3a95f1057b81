"""Whether the bot's work gets done, from what is stored: for ``/health/work`` and ``doctor``. Asks no platform."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Final

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from core.services import people
from core.storage import outbox_view, signs_of_life
from core.storage.database import Database, DatabaseBusy
from core.storage.outbox_view import Overdue
from core.storage.unusable import Unusable
from integrations.registration import Registration

TICK_OVERDUE_AFTER: Final = timedelta(minutes=3)


@dataclass(frozen=True, slots=True)
class WorkAsStored:
    """What is stored about the work. ``served``: the platforms that are set up."""

    now: datetime
    served: frozenset[str]
    last_tick: datetime | None
    """When the clock last did its work; None if it never did."""
    overdue: Sequence[Overdue]
    channels: Sequence[tuple[str, str]]
    """The platforms on which partnerships have a channel, and the partnership's name."""


def look(connection: Connection, now: datetime, served: Collection[str]) -> WorkAsStored:
    return WorkAsStored(
        now,
        frozenset(served),
        signs_of_life.last(connection, "minute"),
        outbox_view.overdue(connection, now),
        people.platforms_of_channels(connection),
    )


def problems(work: WorkAsStored, platforms: Mapping[str, Registration], *, named: bool) -> Iterator[str]:
    """What is wrong, in a sentence each, the likeliest cause first. Partnerships are ``named``, or only counted."""
    yield from _channels(work, platforms, named)
    yield from _messages_for_nobody(work, platforms)
    yield from _clock(work)
    yield from _messages(work)


def _channels(work: WorkAsStored, platforms: Mapping[str, Registration], named: bool) -> Iterator[str]:
    by_platform = {platform: [name for _, name in each] for platform, each in groupby(work.channels, itemgetter(0))}
    for platform, partnerships in by_platform.items():
        if platform not in work.served:
            whose = _named(partnerships) if named else _count(len(partnerships), "partnership")
            verb = "has its channel" if len(partnerships) == 1 else "have their channels"
            yield f"{whose} {verb} in {_not_set_up(platforms, platform)}"


def _messages_for_nobody(work: WorkAsStored, platforms: Mapping[str, Registration]) -> Iterator[str]:
    for each in work.overdue:
        if each.platform not in work.served and _is_used(platforms, each.platform):
            waits = "waits" if each.messages == 1 else "wait"
            yield f"{_count(each.messages, 'message')} {waits} for {_not_set_up(platforms, each.platform)}"


def _clock(work: WorkAsStored) -> Iterator[str]:
    if work.last_tick is None:
        yield f"The clock has never done its work here. {_START}"
    elif work.now - work.last_tick > TICK_OVERDUE_AFTER:
        yield f"The clock last did its work {_ago(work.now - work.last_tick)} ago. {_START}"


_START: Final = (
    "Start a process that sends and reminds: partnership-bot serve, with the role all or worker. If one is running, "
    "its log says what went wrong."
)


def _messages(work: WorkAsStored) -> Iterator[str]:
    for each in work.overdue:
        if each.platform in work.served:
            age = _ago(work.now - each.oldest)
            if each.messages == 1:
                yield f"1 message has been due for {age}, and nobody sends it. {_LOG}"
            else:
                yield f"{each.messages:,} messages are due, the oldest for {age}, and nobody sends them. {_LOG}"


_LOG: Final = "The log of the process that sends says why, and partnership-bot outbox list what they are."


def _not_set_up(platforms: Mapping[str, Registration], name: str) -> str:
    found = platforms.get(name)
    if found is None or found.service is None:
        return f"{name}, which only the demo and the terminal use."
    return f"{found.service.title}, which is not set up here: {found.service.guide} says how."


def _is_used(platforms: Mapping[str, Registration], name: str) -> bool:
    found = platforms.get(name)
    return found is not None and found.service is not None


def _named(partnerships: Sequence[str]) -> str:
    more = len(partnerships) - _MOST_NAMED
    *others, last = partnerships if more <= 0 else [*partnerships[:_MOST_NAMED], f"{more} more"]
    return f"{', '.join(others)} and {last}" if others else last


_MOST_NAMED: Final = 3


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _ago(time: timedelta) -> str:
    minutes = int(time.total_seconds() // 60)
    if minutes < 120:
        return _count(minutes, "minute")
    return _count(minutes // 60, "hour") if minutes < 48 * 60 else _count(minutes // (24 * 60), "day")


# Writing


async def cannot_store(database: Database, now: datetime) -> str | None:
    """Why nothing can be stored just now, in a sentence without the database's address; None if something was."""
    try:
        return await database.write(lambda connection: signs_of_life.try_to_write(connection, now))
    except (SQLAlchemyError, sqlite3.Error, DatabaseBusy) as error:
        return f"Nothing can be stored: {_why(error, database.address)}"


def _why(error: Exception, address: str) -> str:
    if isinstance(error, DatabaseBusy):
        return "another program has kept the database to itself for too long."
    reason = getattr(error, "orig", None)
    if isinstance(reason, Unusable):
        return str(reason).removeprefix(f"{address}: ")
    return "the database can't be used. partnership-bot doctor says more."
