"""School days and school hours: when a reminder may be sent, and on which days a cycle's reminders fall due."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files
from itertools import islice
from typing import Final, cast, get_args
from zoneinfo import ZoneInfo

from core.usual_holidays import Nation, is_usual_holiday

EARLIEST: Final = time(8)
LATEST: Final = time(16, 30)

_DAY: Final = timedelta(days=1)
_LAST_SLOT_BEFORE_LATEST: Final = timedelta(minutes=30)
"""So that what falls due at the end of the day can still be delivered in school hours."""
_SATURDAY: Final = 5
_TOO_LONG_FOR_A_HOLIDAY: Final = 10
"""So many weekdays between a term and the nearest usual holiday are more than a council moves that holiday by."""
_DIVISIONS: Final[Mapping[Nation, str]] = {
    "england": "england-and-wales",
    "wales": "england-and-wales",
    "scotland": "scotland",
    "northern-ireland": "northern-ireland",
}


class ReminderTime(StrEnum):
    """The time of the school day at which a person prefers reminders."""

    BEFORE_SCHOOL = "before-school"
    LUNCH = "lunch"
    AFTER_SCHOOL = "after-school"

    @property
    def at(self) -> time:
        """The local time of day."""
        return _REMINDED_AT[self]


_REMINDED_AT: Final = {
    ReminderTime.BEFORE_SCHOOL: time(8),
    ReminderTime.LUNCH: time(12, 30),
    ReminderTime.AFTER_SCHOOL: time(15, 45),
}
DEFAULT_REMINDER_TIME: Final = ReminderTime.AFTER_SCHOOL


@dataclass(frozen=True, slots=True)
class Days:
    """A range of days, first and last included."""

    starts: date
    ends: date

    def __post_init__(self) -> None:
        if self.ends < self.starts:
            raise ValueError(f"{self.ends} comes before {self.starts}")

    def __contains__(self, day: date) -> bool:
        return self.starts <= day <= self.ends

    def __iter__(self) -> Iterator[date]:
        return (self.starts + number * _DAY for number in range((self.ends - self.starts).days + 1))

    @classmethod
    def one(cls, day: date) -> Days:
        return cls(day, day)


@cache
def bank_holidays(nation: Nation) -> frozenset[date]:
    """A nation's bank holidays, from data shipped with the package (2012 to 2028); nothing is fetched."""
    # The package's own module would pull in a 6 MB HTTP client to fetch what is already in this file.
    known = json.loads(files("govuk_bank_holidays").joinpath("bank-holidays.json").read_bytes())
    return frozenset(date.fromisoformat(event["date"]) for event in known[_DIVISIONS[nation]]["events"])


@dataclass(frozen=True, slots=True)
class SchoolCalendar:
    """The partnership's school days, and the hours in which the bot may remind people.

    A weekday in one of the ``terms`` is a school day, unless it is one of the ``days_off`` or a bank holiday; in
    Scotland a bank holiday is a school day too, unless it is one of the ``days_off``. Nobody has said what the other
    days are, before, between and after the terms. There every weekday counts that is not in a usual holiday of the
    nation, so that a partnership that hasn't entered later dates is still reminded. A term that is entered moves the
    holidays beside it: a few weekdays between it and the nearest usual holiday belong to that holiday.
    ``earliest`` and ``latest`` are local times in the zone, both included in school hours.
    """

    timezone: str = "Europe/London"
    nation: Nation = "england"
    terms: tuple[Days, ...] = ()
    days_off: tuple[Days, ...] = ()
    earliest: time = EARLIEST
    latest: time = LATEST

    def __post_init__(self) -> None:
        if self.latest <= self.earliest:
            raise ValueError(f"school hours end at {self.latest}, before they begin at {self.earliest}")

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    def is_school_day(self, day: date) -> bool:
        return self._is_ordinary(day) and (self.in_a_term(day) or not self._is_holiday(day))

    def lacks_dates(self, day: date) -> bool:
        """Whether this is a school day only because nobody has said otherwise."""
        return self.is_school_day(day) and not self.in_a_term(day)

    def in_a_term(self, day: date) -> bool:
        return any(day in term for term in self.terms)

    def missing(self, within: Days) -> tuple[Days, ...]:
        """The days without dates: from the first to the last school day that lacks them, apart where a term lies."""
        runs: list[Days] = []
        begun = False
        for day in within:
            if self.lacks_dates(day):
                runs = [*runs[:-1], Days(runs[-1].starts, day)] if begun else [*runs, Days.one(day)]
                begun = True
            elif self.in_a_term(day):
                begun = False
        return tuple(runs)

    def _is_ordinary(self, day: date) -> bool:
        """Whether it is a weekday on which nobody is off."""
        return (
            day.weekday() < _SATURDAY and not self.is_bank_holiday(day) and not any(day in off for off in self.days_off)
        )

    def is_bank_holiday(self, day: date) -> bool:
        """Whether schools are closed for one; in Scotland ``days_off`` say so."""
        return self.nation != "scotland" and day in bank_holidays(self.nation)

    def _is_holiday(self, day: date) -> bool:
        """Whether a day outside the terms lies in a usual holiday, or in what a term beside it adds to one."""
        if is_usual_holiday(self.nation, day):
            return True
        before, after = self._until_known(day, -_DAY), self._until_known(day, _DAY)
        beside_a_term = self.in_a_term(before) or self.in_a_term(after)
        return beside_a_term and _weekdays_between(before, after) < _TOO_LONG_FOR_A_HOLIDAY

    def _until_known(self, day: date, step: timedelta) -> date:
        """The nearest day in this direction that lies in a term or a usual holiday, or one too far away to matter."""
        for _ in range(2 * _TOO_LONG_FOR_A_HOLIDAY):
            day += step
            if self.in_a_term(day) or is_usual_holiday(self.nation, day):
                break
        return day

    def next_school_day(self, day: date) -> date:
        """The first school day after this day."""
        return self.school_days_after(day, 1)

    def first_school_day(self, day: date) -> date:
        """This day if it is a school day, else the next one."""
        return day if self.is_school_day(day) else self.next_school_day(day)

    def school_days_after(self, day: date, count: int) -> date:
        """The ``count``-th school day after this day; ``count`` is at least 1."""
        return self._counted(day, count, _DAY)

    def school_days_before(self, day: date, count: int) -> date:
        """The ``count``-th school day before this day; ``count`` is at least 1."""
        return self._counted(day, count, -_DAY)

    def _counted(self, day: date, count: int, step: timedelta) -> date:
        if count < 1:
            raise ValueError(f"{count} school days")
        return next(islice(self._school_days(day, step), count - 1, None))

    def _school_days(self, day: date, step: timedelta) -> Iterator[date]:
        while True:
            day += step
            if self.is_school_day(day):
                yield day

    def in_school_hours(self, now: datetime) -> bool:
        """Whether this moment is within the school hours of a school day."""
        local = self._local(now)
        return self.is_school_day(local.date()) and self.earliest <= local.time() <= self.latest

    def moment(self, day: date, preferred: time) -> datetime:
        """The moment (UTC) of this local time on this day, moved into school hours if it lies outside them."""
        last = (datetime.combine(day, self.latest) - _LAST_SLOT_BEFORE_LATEST).time()
        at = max(min(preferred, last), self.earliest)
        return datetime.combine(day, at, self.zone).astimezone(UTC)

    def next_slot(self, after: datetime, preferred: time) -> datetime:
        """The next moment (UTC), later than ``after``, at the preferred local time on a school day."""
        today = self._local(after).date()
        moment = self.moment(self.first_school_day(today), preferred)
        return moment if moment > after else self.moment(self.next_school_day(today), preferred)

    def _local(self, moment: datetime) -> datetime:
        if moment.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return moment.astimezone(self.zone)

    def to_json(self) -> dict[str, object]:
        return {
            "timezone": self.timezone,
            "nation": self.nation,
            "terms": [[days.starts.isoformat(), days.ends.isoformat()] for days in self.terms],
            "days_off": [[days.starts.isoformat(), days.ends.isoformat()] for days in self.days_off],
            "earliest": self.earliest.isoformat("minutes"),
            "latest": self.latest.isoformat("minutes"),
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, object]) -> SchoolCalendar:
        """The calendar in this JSON. Raises ``ValueError`` if it isn't one of ours."""
        return cls(
            timezone=str(stored["timezone"]),
            nation=_nation(str(stored["nation"])),
            terms=_days(stored["terms"]),
            days_off=_days(stored["days_off"]),
            earliest=time.fromisoformat(str(stored["earliest"])),
            latest=time.fromisoformat(str(stored["latest"])),
        )


def _weekdays_between(first: date, last: date) -> int:
    """How many there are, neither end included."""
    return sum((first + number * _DAY).weekday() < _SATURDAY for number in range(1, (last - first).days))


def _nation(written: str) -> Nation:
    if written not in get_args(Nation):
        raise ValueError(f"{written} is not a nation of the United Kingdom")
    return cast("Nation", written)


def _list(stored: object) -> list[object]:
    if not isinstance(stored, list):
        raise ValueError("a list belongs here")
    return stored


def _days(stored: object) -> tuple[Days, ...]:
    pairs = (_list(pair) for pair in _list(stored))
    return tuple(Days(date.fromisoformat(str(starts)), date.fromisoformat(str(ends))) for starts, ends in pairs)


class SlotKind(StrEnum):
    OPENING = "opening"
    REMINDER = "reminder"
    LAST_DAY = "last-day"


@dataclass(frozen=True, slots=True)
class Slot:
    """A day on which leaders of schools that haven't submitted hear from the bot, each at their preferred time."""

    key: str
    """Identifies the slot within its cycle. A slot counted back from the close gets a new key when the close moves."""
    on: date
    kind: SlotKind


@dataclass(frozen=True, slots=True)
class NudgeSchedule:
    """When a cycle sends reminders: so many school days after it opened, and so many before it closes."""

    after_opening: tuple[int, ...] = (5, 10)
    before_close: tuple[int, ...] = (3, 1)

    def __post_init__(self) -> None:
        if any(count < 1 for count in (*self.after_opening, *self.before_close)):
            raise ValueError("a reminder comes at least one school day after the opening or before the close")

    def slots(self, opens_on: date, closes_on: date, calendar: SchoolCalendar) -> tuple[Slot, ...]:
        """Every slot of a cycle, earliest first, at most one a day, none after the last school day before the close.

        ``opens_on`` and ``closes_on`` are local dates. The first slot is the opening, on the first school day of the
        cycle. The last school day before the close is always a slot ("submit what you have"), unless it is the opening.
        """
        opening = Slot("opening", calendar.first_school_day(opens_on), SlotKind.OPENING)
        last_day = Slot(f"last-day:{closes_on}", calendar.school_days_before(closes_on, 1), SlotKind.LAST_DAY)
        later = (last_day, *self._reminders(opening.on, closes_on, calendar))
        by_day = {opening.on: opening} if opening.on <= closes_on else {}
        for slot in later:
            if opening.on < slot.on <= last_day.on:
                by_day.setdefault(slot.on, slot)
        return tuple(by_day[day] for day in sorted(by_day))

    def _reminders(self, opened_on: date, closes_on: date, calendar: SchoolCalendar) -> Iterator[Slot]:
        for count in self.before_close:
            day = calendar.school_days_before(closes_on, count)
            yield Slot(f"before-{count}:{closes_on}", day, SlotKind.REMINDER)
        for count in self.after_opening:
            yield Slot(f"after-{count}", calendar.school_days_after(opened_on, count), SlotKind.REMINDER)

    def to_json(self) -> dict[str, object]:
        return {"after_opening": list(self.after_opening), "before_close": list(self.before_close)}

    @classmethod
    def from_json(cls, stored: Mapping[str, object]) -> NudgeSchedule:
        """The schedule in this JSON. Raises ``ValueError`` if it isn't one of ours."""
        return cls(_counts(stored["after_opening"]), _counts(stored["before_close"]))


def _counts(stored: object) -> tuple[int, ...]:
    return tuple(int(str(count)) for count in _list(stored))
