"""Finds half terms in a school calendar: when a partnership reviews its agreed actions, and suggested due dates."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from core.calendar import Days, SchoolCalendar
from core.values import value

LOOKED_BEFORE: Final = 3
"""How many school days before half term people are asked, so that they can still act."""
TOO_FRESH: Final = 10
"""School days during which nobody is asked about an action that was just agreed."""
WITHOUT_HALF_TERM: Final = 30
"""School days (six weeks, about half a term) after which people are asked if no half term is known."""

_DAY: Final = timedelta(days=1)
_LOOKS_AHEAD: Final = timedelta(days=200)
_LEAST_WEEKDAYS: Final = 3
_LONGEST: Final = 10
"""Days: a week with its weekends and one more. A longer gap between two terms is a holiday."""
_SATURDAY: Final = 5


@lru_cache(maxsize=1024)  # The clock asks every minute, and most partnerships in an area share their dates.
def next_half_term(calendar: SchoolCalendar, after: date) -> Days | None:
    """The first half term that begins after this day; None if none is known in the next 200 days.

    A half term is a run of days without school with at least three weekdays (an Easter weekend has two) that lies
    inside a term or is at most ten days long: people enter it as days off in a term, or as a gap between two terms.
    What is only usual is none: where the days beside it lack dates, nobody has said when half term is.
    """
    return next((each for each in _breaks(calendar, after) if _is_half_term(calendar, each)), None)


def _breaks(calendar: SchoolCalendar, after: date) -> Iterator[Days]:
    """Each run of days without school that begins after this day."""
    starts: date | None = None
    day = calendar.first_school_day(after)
    while day <= after + _LOOKS_AHEAD:
        day += _DAY
        if not calendar.is_school_day(day):
            starts = starts or day
        elif starts is not None:
            yield Days(starts, day - _DAY)
            starts = None


def _is_half_term(calendar: SchoolCalendar, off: Days) -> bool:
    length = (off.ends - off.starts).days + 1
    weekdays = sum((off.starts + number * _DAY).weekday() < _SATURDAY for number in range(length))
    known = all(calendar.in_a_term(day) for day in (off.starts - _DAY, off.ends + _DAY))
    in_a_term = any(term.starts < off.starts and off.ends < term.ends for term in calendar.terms)
    return known and weekdays >= _LEAST_WEEKDAYS and (in_a_term or length <= _LONGEST)


def last_day_before_half_term(calendar: SchoolCalendar, after: date) -> date | None:
    """The first day later than ``after`` that is the last school day before a half term; None if none is known."""
    half_term = next_half_term(calendar, after)
    if half_term is None:
        return None
    last = calendar.school_days_before(half_term.starts, 1)
    return last if last > after else last_day_before_half_term(calendar, half_term.ends)


def last_day_of_term(calendar: SchoolCalendar, after: date) -> date | None:
    """The next last day of term later than ``after`` that is followed by a holiday, not by a half term."""
    ends = sorted(term.ends for term in calendar.terms if term.ends > after)
    return next((day for day in ends if last_day_before_half_term(calendar, day - _DAY) != day), None)


@value
class Look:
    """The school days on which people are asked how agreed actions are going: once, on the first suitable day."""

    key: str
    """The same for the same half term."""
    first: date
    last: date


def look(calendar: SchoolCalendar, agreed_on: date, today: date) -> Look | None:
    """The last school days before half term, if today is one of them; after six school weeks if none is known."""
    half_term = next_half_term(calendar, today)
    if half_term is None:
        first = calendar.school_days_after(agreed_on, WITHOUT_HALF_TERM)
        found = Look(f"after-{agreed_on}", first, calendar.school_days_after(first, LOOKED_BEFORE))
    else:
        first, last = (calendar.school_days_before(half_term.starts, count) for count in (LOOKED_BEFORE, 1))
        fresh_until = calendar.school_days_after(agreed_on, TOO_FRESH)
        found = Look(f"half-term-{half_term.starts}", max(first, fresh_until), last)
    return found if found.first <= today <= found.last else None
