"""When schools of each nation are usually on holiday: for days of which nobody has said anything.

Councils and schools set their own dates, so these bind nobody: each line is what most published calendars of 2025/26 to
2027/28 have in common, and where they part, the choice that keeps the bot silent in most of them. They were gathered
in November 2026 from councils' pages (17 calendars of England, 6 of Wales, 7 of Scotland) and the Department of
Education's list for Northern Ireland. Training days, local holidays and moved weeks can't be known.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Final, Literal, TypeAlias

Nation: TypeAlias = Literal["england", "wales", "scotland", "northern-ireland"]
Day: TypeAlias = tuple[int, int]
"""A month and a day in it."""


@dataclass(frozen=True, slots=True)
class _Usual:
    summer: tuple[Day, Day]
    """The first and the last day."""
    back_after_christmas: Day
    """The first school day of the year, at the earliest."""
    weeks: tuple[Day, ...]
    """Half terms: from the first Monday on or after this day to the Friday."""
    easter: tuple[tuple[Day, int, int], ...]
    """Where Easter Sunday falls on or before this day: so many days before it to so many after it."""


_CHRISTMAS: Final = (12, 21)
_LATEST_EASTER: Final = (4, 25)
_WEEK: Final = timedelta(days=7)
_USUAL: Final[Mapping[Nation, _Usual]] = {
    "england": _Usual(
        summer=((7, 22), (8, 31)),
        back_after_christmas=(1, 4),
        weeks=((2, 12), (5, 25), (10, 22)),
        # Two weeks from Good Friday where Easter is in March, else the weeks before and after it; two weeks up to
        # Easter Monday where it is late, as it was in 2019 and 2025, which the calendars gathered don't reach.
        easter=(((3, 31), 2, 12), ((4, 17), 6, 5), (_LATEST_EASTER, 13, 1)),
    ),
    "wales": _Usual(
        summer=((7, 21), (8, 31)),
        back_after_christmas=(1, 4),
        weeks=((2, 12), (5, 25), (10, 22)),
        easter=((_LATEST_EASTER, 6, 5),),
    ),
    "scotland": _Usual(
        summer=((6, 27), (8, 16)),
        back_after_christmas=(1, 5),
        weeks=((2, 12), (10, 10)),
        easter=(((4, 10), 2, 12), (_LATEST_EASTER, 13, 1)),
    ),
    "northern-ireland": _Usual(
        summer=((7, 1), (8, 31)),
        back_after_christmas=(1, 4),
        # Two or three days are on the Department's list, and schools put their own closures beside them.
        weeks=((2, 8), (10, 25)),
        easter=((_LATEST_EASTER, 3, 5),),
    ),
}


def is_usual_holiday(nation: Nation, day: date) -> bool:
    """Whether most schools of this nation are on holiday; at weekends inside a holiday too. Bank holidays are apart."""
    return day in _usual_holidays(nation, day.year)


@cache
def _usual_holidays(nation: Nation, year: int) -> frozenset[date]:
    usual = _USUAL[nation]
    sunday = easter(year)
    before, after = next(span for latest, *span in usual.easter if (sunday.month, sunday.day) <= latest)
    return frozenset(
        [
            *_days(date(year, 1, 1), date(year, *usual.back_after_christmas) - timedelta(days=1)),
            *_days(sunday - timedelta(days=before), sunday + timedelta(days=after)),
            *(day for week in usual.weeks for day in _school_week(date(year, *week))),
            *_days(*(date(year, *each) for each in usual.summer)),
            *_days(date(year, *_CHRISTMAS), date(year, 12, 31)),
        ]
    )


def _school_week(not_before: date) -> Iterator[date]:
    monday = not_before + timedelta(days=-not_before.weekday() % 7)
    return _days(monday, monday + timedelta(days=4))


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=number) for number in range((last - first).days + 1))


def easter(year: int) -> date:
    """Easter Sunday, by the algorithm in Meeus, *Astronomical Algorithms* (1991), chapter 8."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    el = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 19 * el) // 433
    month = (h + el - 7 * m + 90) // 25
    return date(year, month, (h + el - 7 * m + 33 * month + 19) % 32)
