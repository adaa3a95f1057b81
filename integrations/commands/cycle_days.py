"""In words: the school days of a cycle, those that lack dates, and when its leaders are invited."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final

from bot.messages.languages import words_of
from core.calendar import Days, SchoolCalendar
from core.reminders import Round


def warnings(around: Round, now: datetime) -> Iterator[str]:
    """What is wrong with the days of a cycle that are still to come, a sentence or two each."""
    title, today = around.cycle.title, now.astimezone(around.calendar.zone).date()
    if days := tuple(each for each in around.missing() if each.ends >= today):
        yield f"{title} covers days that have no term dates: {in_words(days)}. {UNTIL_IMPORTED}"
    if not around.asks:
        yield f"{title} has no school day before it closes: nobody is invited."
    elif not around.reminds:
        yield f"{title} is too short for a reminder: leaders only get the invitation."


UNTIL_IMPORTED: Final = "Until they are imported, ordinary weekdays count there, except in the usual holidays."


def in_words(spans: tuple[Days, ...]) -> str:
    return ", ".join(_span(each) for each in spans)


def _span(days: Days) -> str:
    if days.starts == days.ends:
        return _day(days.starts)
    return f"{_day(days.starts)} to {_day(days.ends)}"


def _day(day: date) -> str:
    return f"{words_of('en').day(day)} {day.year}"


def from_when(moment: datetime, now: datetime, calendar: SchoolCalendar) -> str:
    """As ``today from 15:45``, or ``on Tuesday 12 January from 15:45``."""
    words, zone = words_of("en"), calendar.zone
    day, today = (each.astimezone(zone).date() for each in (moment, now))
    if day == today:
        named = "today"
    else:
        named = f"on {words.day(day)}" if day - today < timedelta(days=200) else f"on {_day(day)}"
    return f"{named} from {words.time(moment, zone)}"
