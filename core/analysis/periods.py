"""The periods of a network's summaries: the three terms of a school year, each summarised once it is over.

Every report belongs to the one period in which its figures were published, so no two summaries share a report, and
no partnership can be identified by a change between them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final


class Term(StrEnum):
    AUTUMN = "autumn"
    SPRING = "spring"
    SUMMER = "summer"


_BEGINS: Final = ((1, Term.SPRING), (5, Term.SUMMER), (9, Term.AUTUMN))
"""The first month of each term. Schools' own term dates differ by weeks; these only say what is summed up together."""


@dataclass(frozen=True, slots=True)
class Period:
    term: Term
    since: date
    until: date
    """The first day after it."""


def periods_before(today: date) -> Iterator[Period]:
    """The periods that are over, latest first, without end."""
    until = _beginning(today)
    while True:
        since = _beginning(_day_before(until))
        yield Period(_term_of(since), since, until)
        until = since


def period_from(since: date) -> Period:
    """The period that begins on this day. Raises ``ValueError`` if none does."""
    found = next(period for period in periods_before(date(since.year + 1, 1, 1)) if period.since <= since)
    if found.since != since:
        raise ValueError(f"no period begins on {since}")
    return found


def _beginning(day: date) -> date:
    """The first day of the period that this day is in."""
    return date(day.year, max(month for month, _ in _BEGINS if month <= day.month), 1)


def _day_before(day: date) -> date:
    return date.fromordinal(day.toordinal() - 1)


def _term_of(since: date) -> Term:
    return next(term for month, term in _BEGINS if month == since.month)
