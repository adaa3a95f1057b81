"""The usual holidays of each nation, beside days that published calendars agree about."""

from __future__ import annotations

from datetime import date

import pytest

from core.usual_holidays import Nation, easter, is_usual_holiday


@pytest.mark.parametrize(
    ("year", "sunday"),
    [
        (2024, date(2024, 3, 31)),
        (2025, date(2025, 4, 20)),
        (2026, date(2026, 4, 5)),
        (2027, date(2027, 3, 28)),
        (2028, date(2028, 4, 16)),
        pytest.param(2038, date(2038, 4, 25), id="the latest there is"),
    ],
)
def test_easter_sunday(year: int, sunday: date) -> None:
    assert easter(year) == sunday


@pytest.mark.parametrize(
    ("nation", "last_day", "back"),
    [
        pytest.param("england", date(2026, 10, 23), date(2026, 11, 2), id="England's autumn half term"),
        pytest.param("england", date(2026, 12, 18), date(2027, 1, 4), id="Christmas"),
        pytest.param("england", date(2027, 2, 12), date(2027, 2, 22), id="February half term"),
        pytest.param("england", date(2026, 3, 27), date(2026, 4, 11), id="two weeks around Easter in April"),
        pytest.param("england", date(2027, 3, 25), date(2027, 4, 10), id="two weeks from Good Friday in March"),
        pytest.param("england", date(2025, 4, 6), date(2025, 4, 22), id="two weeks up to a late Easter Monday"),
        pytest.param("england", date(2027, 5, 30), date(2027, 6, 5), id="the week of the late May bank holiday"),
        pytest.param("england", date(2027, 7, 21), date(2027, 9, 1), id="summer"),
        pytest.param(
            "wales", date(2027, 3, 21), date(2027, 4, 3), id="Wales, always the weeks on both sides of Easter"
        ),
        pytest.param("wales", date(2026, 7, 20), date(2026, 9, 1), id="Wales in summer"),
        pytest.param("scotland", date(2026, 6, 26), date(2026, 8, 17), id="Scotland, late June to mid-August"),
        pytest.param("scotland", date(2025, 10, 12), date(2025, 10, 18), id="Scotland's October week"),
        pytest.param("scotland", date(2026, 4, 2), date(2026, 4, 18), id="Scotland in spring"),
        pytest.param("scotland", date(2025, 12, 20), date(2026, 1, 5), id="Scotland comes back a day later"),
        pytest.param("northern-ireland", date(2026, 6, 30), date(2026, 9, 1), id="all July and August"),
        pytest.param("northern-ireland", date(2025, 10, 26), date(2025, 11, 1), id="the week of Halloween"),
        pytest.param("northern-ireland", date(2026, 4, 1), date(2026, 4, 11), id="Thursday to Friday week at Easter"),
    ],
)
def test_usual_holidays(nation: Nation, last_day: date, back: date) -> None:
    """``last_day`` and ``back`` may lie at the weekend beside the holiday."""
    between = [date.fromordinal(day) for day in range(last_day.toordinal() + 1, back.toordinal())]
    weekdays = [day for day in between if day.weekday() < 5]
    assert weekdays
    assert all(is_usual_holiday(nation, day) for day in weekdays)
    assert not is_usual_holiday(nation, last_day)
    assert not is_usual_holiday(nation, back)


def test_scotland_has_no_half_term_in_may_and_is_at_school_in_late_august() -> None:
    assert not is_usual_holiday("scotland", date(2027, 6, 2))
    assert not is_usual_holiday("scotland", date(2026, 8, 24))
    assert is_usual_holiday("england", date(2026, 8, 24))
