"""What leads are told about the days of a cycle when it is opened."""

from __future__ import annotations

from bot.messages.blocks import Block, Heading, Paragraph
from bot.messages.languages import Words
from core.calendar import Days
from core.reminders import Round


def cycle_dates(around: Round, partnership: str, words: Words) -> tuple[Block, ...]:
    """Which term dates are missing for it, and whether it lacks a day for a reminder; nothing if neither is so."""
    told = [*_missing(around, words), *_no_day(around, words)]
    if not told:
        return ()
    heading = words("{partnership}: {cycle}", partnership=partnership, cycle=around.cycle.title)
    return (Heading(heading), *(Paragraph(each) for each in told))


def _missing(around: Round, words: Words) -> list[str]:
    days = [_days(each, words) for each in around.missing()]
    if not days:
        return []
    return [
        words(
            "I don't have the term dates for {days}. Until I do, I treat ordinary weekdays as school days, except in "
            "the usual holidays, so leaders may hear from me while their school is closed. Please ask whoever looks "
            "after the bot to add them.",
            days=words.joined(days),
        )
    ]


def _days(days: Days, words: Words) -> str:
    if days.starts == days.ends:
        return words.day(days.starts)
    return words("{first} to {last}", first=words.day(days.starts), last=words.day(days.ends))


def _no_day(around: Round, words: Words) -> list[str]:
    if not around.asks:
        return [words("This cycle has no school day before it closes, so nobody can be invited.")]
    if not around.reminds:
        return [words("This cycle is too short for a reminder: leaders will only get the invitation.")]
    return []
