"""Days as people type them, in English or Welsh: ``12 March``, ``dydd Gwener 12 Mawrth``, ``12/3``, ``2027-03-12``."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from itertools import dropwhile
from typing import Final

from babel.dates import get_day_names, get_month_names

from core.as_typed import simplified

_LOCALES: Final = ("en_GB", "cy")
_BEFORE_A_DAY: Final = frozenset({"by", "on", "the", "erbyn", "ar", "dydd"})
_BEFORE_A_MONTH: Final = frozenset({"of", "o"})
_LEAST_LETTERS: Final = 3
_YEAR_FIRST: Final = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})")
_FIGURES: Final = re.compile(r"(?P<day>\d{1,2})[/.](?P<month>\d{1,2})(?:[/.](?P<year>\d{4}|\d{2}))?")
_NAMED: Final = re.compile(r"(?P<day>\d{1,2})[a-z]* (?P<month>[a-z]+)(?: (?P<year>\d{4}))?")


def read_day(text: str, today: date) -> date | None:
    """The day that was typed, or None; without a year, the next such day, which may be today."""
    words = (word.rstrip(",") for word in simplified(text).split())
    # The Welsh for Tuesday is the Welsh for March: before the day number it means the weekday.
    from_day = dropwhile(lambda word: word in _BEFORE_A_DAY or word in _weekdays(), words)
    plain = " ".join(word for word in from_day if word not in _BEFORE_A_MONTH)
    for form in (_YEAR_FIRST, _FIGURES, _NAMED):
        if (found := form.fullmatch(plain)) is not None:
            return _day(found["year"], _month(found["month"]), int(found["day"]), today)
    return None


def _day(year: str | None, month: int, day: int, today: date) -> date | None:
    try:
        if year is not None:
            return date(int(year) + (2000 if len(year) == 2 else 0), month, day)
        this_year = date(today.year, month, day)
        return this_year if this_year >= today else this_year.replace(year=today.year + 1)
    except ValueError:
        return None


def _month(written: str) -> int:
    """The month with this number, name or start of a name, as in ``Sept``; 0 if there is none."""
    if written.isdecimal():
        return int(written)
    meant = {number for name, number in _months() if name.startswith(written)}
    return meant.pop() if len(meant) == 1 and len(written) >= _LEAST_LETTERS else 0


@cache
def _months() -> tuple[tuple[str, int], ...]:
    names = (get_month_names(locale=locale).items() for locale in _LOCALES)
    return tuple((simplified(name), number) for each in names for number, name in each)


@cache
def _weekdays() -> frozenset[str]:
    """Only the second word of ``dydd Gwener``: the first word goes with any day."""
    widths: Final = ("wide", "abbreviated")
    names = (get_day_names(width, locale=locale).values() for locale in _LOCALES for width in widths)
    return frozenset(simplified(name).split()[-1] for each in names for name in each)
