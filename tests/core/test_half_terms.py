"""Half terms, found in the dates of the school year 2026-27 as partnerships write them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from core.agreed_actions import posted_at, suggested_days
from core.calendar import Days, SchoolCalendar
from core.half_terms import last_day_before_half_term, last_day_of_term, look, next_half_term

HALVES = SchoolCalendar(
    terms=(
        Days(date(2026, 9, 2), date(2026, 10, 23)),
        Days(date(2026, 11, 2), date(2026, 12, 18)),
        Days(date(2027, 1, 4), date(2027, 2, 12)),
        Days(date(2027, 2, 22), date(2027, 3, 25)),
        Days(date(2027, 4, 12), date(2027, 7, 22)),
    ),
    days_off=(Days(date(2027, 5, 31), date(2027, 6, 4)),),
)
"""Terms by halves, but for the summer."""
WHOLE = SchoolCalendar(
    terms=(
        Days(date(2026, 9, 2), date(2026, 12, 18)),
        Days(date(2027, 1, 4), date(2027, 3, 25)),
        Days(date(2027, 4, 12), date(2027, 7, 22)),
    ),
    days_off=(
        Days(date(2026, 10, 19), date(2026, 10, 30)),
        Days.one(date(2026, 11, 27)),
        Days(date(2027, 2, 15), date(2027, 2, 19)),
        Days(date(2027, 6, 2), date(2027, 6, 4)),
    ),
)
"""Whole terms with the half terms as days off: two weeks in autumn, three days in summer."""
UNKNOWN = SchoolCalendar()
BOTH = pytest.mark.parametrize("calendar", [HALVES, WHOLE], ids=["by halves", "whole terms"])


@BOTH
def test_a_half_term_runs_from_the_last_day_before_it_to_the_first_after_it(calendar: SchoolCalendar) -> None:
    assert next_half_term(calendar, date(2027, 1, 11)) == Days(date(2027, 2, 13), date(2027, 2, 21))


@pytest.mark.parametrize(
    ("calendar", "after", "half_term"),
    [
        pytest.param(HALVES, date(2026, 12, 1), (date(2027, 2, 13), date(2027, 2, 21)), id="not the Christmas holiday"),
        pytest.param(HALVES, date(2027, 3, 1), (date(2027, 5, 29), date(2027, 6, 6)), id="nor the Easter holiday"),
        pytest.param(WHOLE, date(2026, 9, 10), (date(2026, 10, 17), date(2026, 11, 1)), id="two weeks inside a term"),
        pytest.param(WHOLE, date(2027, 5, 1), (date(2027, 6, 2), date(2027, 6, 6)), id="three days"),
        pytest.param(HALVES, date(2027, 2, 13), (date(2027, 5, 29), date(2027, 6, 6)), id="one that has begun is over"),
    ],
)
def test_which_breaks_are_half_terms(calendar: SchoolCalendar, after: date, half_term: tuple[date, date]) -> None:
    assert next_half_term(calendar, after) == Days(*half_term)


def test_a_training_day_and_a_long_weekend_are_none() -> None:
    term = SchoolCalendar(terms=(Days(date(2027, 2, 22), date(2027, 5, 21)),), days_off=(Days.one(date(2027, 4, 30)),))
    assert next_half_term(term, date(2027, 2, 22)) is None, "Easter (26 to 29 March) and the May holiday have two days"


def test_where_no_dates_are_known_there_is_none() -> None:
    assert next_half_term(UNKNOWN, date(2026, 11, 2)) is None
    assert last_day_before_half_term(UNKNOWN, date(2026, 11, 2)) is None
    assert last_day_of_term(UNKNOWN, date(2026, 11, 2)) is None


@BOTH
def test_the_last_days_before_half_term_and_of_term(calendar: SchoolCalendar) -> None:
    assert last_day_before_half_term(calendar, date(2026, 12, 15)) == date(2027, 2, 12)
    assert last_day_before_half_term(calendar, date(2027, 2, 11)) == date(2027, 2, 12)
    assert last_day_of_term(calendar, date(2026, 12, 17)) == date(2026, 12, 18)
    assert last_day_of_term(calendar, date(2026, 12, 18)) == date(2027, 3, 25)


def test_on_the_last_day_before_half_term_the_next_one_counts() -> None:
    assert last_day_before_half_term(HALVES, date(2027, 2, 12)) == date(2027, 5, 28)


def test_days_are_suggested_that_give_two_weeks_at_least() -> None:
    assert suggested_days(HALVES, date(2026, 12, 15)) == (
        ("half-term", date(2027, 2, 12)), ("end-of-term", date(2027, 3, 25)),
    )  # fmt: skip
    assert suggested_days(HALVES, date(2027, 2, 2)) == (
        ("end-of-term", date(2027, 3, 25)), ("half-term", date(2027, 5, 28)),
    )  # fmt: skip
    assert suggested_days(UNKNOWN, date(2026, 12, 15)) == ()


# When people are asked


AGREED = date(2026, 12, 15)


@pytest.mark.parametrize(
    ("today", "asked"),
    [
        pytest.param(date(2027, 2, 9), False, id="four school days before"),
        pytest.param(date(2027, 2, 10), True, id="three school days before"),
        pytest.param(date(2027, 2, 12), True, id="the last school day"),
        pytest.param(date(2027, 2, 15), False, id="half term itself"),
        pytest.param(date(2027, 2, 22), False, id="after it"),
    ],
)
@BOTH
def test_people_are_asked_in_the_last_three_school_days_before_half_term(
    calendar: SchoolCalendar, today: date, asked: bool
) -> None:
    found = look(calendar, AGREED, today)
    assert (found is not None) is asked
    if found is not None:
        assert (found.key, found.first, found.last) == (
            "half-term-2027-02-13", date(2027, 2, 10), date(2027, 2, 12)
        )  # fmt: skip


@pytest.mark.parametrize(
    ("agreed_on", "first"),
    [
        pytest.param(date(2027, 1, 27), date(2027, 2, 10), id="ten school days before the first day"),
        pytest.param(date(2027, 1, 28), date(2027, 2, 11), id="a day later: asked a day later"),
        pytest.param(date(2027, 2, 1), None, id="too fresh to be asked about"),
    ],
)
def test_nobody_is_asked_within_ten_school_days(agreed_on: date, first: date | None) -> None:
    found = look(HALVES, agreed_on, date(2027, 2, 12))
    assert (found.first if found else None) == first


def test_where_no_half_term_is_known_people_are_asked_once_after_six_school_weeks() -> None:
    """From Monday 2 November 30 school days are six weeks: Monday 14 December."""
    agreed_on = date(2026, 11, 2)
    assert look(UNKNOWN, agreed_on, date(2026, 12, 11)) is None
    found = look(UNKNOWN, agreed_on, date(2026, 12, 14))
    assert found is not None
    assert (found.key, found.first, found.last) == ("after-2026-11-02", date(2026, 12, 14), date(2026, 12, 17))
    assert look(UNKNOWN, agreed_on, date(2026, 12, 18)) is None
    assert look(UNKNOWN, agreed_on, date(2027, 2, 1)) is None


# When actions are posted


@pytest.mark.parametrize(
    ("changed", "posted"),
    [
        pytest.param("2026-12-15 16:40", "2026-12-15 17:10", id="half an hour later"),
        pytest.param("2026-12-15 23:45", "2026-12-15 23:45", id="at once where that would be tomorrow"),
    ],
)
def test_actions_are_posted_the_same_day(changed: str, posted: str) -> None:
    at = datetime.fromisoformat(changed).replace(tzinfo=UTC)
    assert posted_at(at, ZoneInfo("Europe/London")) == datetime.fromisoformat(posted).replace(tzinfo=UTC)


def test_the_same_day_is_the_partnerships_own() -> None:
    """In summer 22:45 in UTC is 23:45 in London."""
    at = datetime(2027, 6, 15, 22, 45, tzinfo=UTC)
    assert posted_at(at, ZoneInfo("Europe/London")) == at
