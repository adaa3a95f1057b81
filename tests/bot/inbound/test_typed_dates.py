"""Days as people type them; typed on Wednesday 25 November 2026."""

from __future__ import annotations

from datetime import date

import pytest

from bot.inbound.typed_dates import read_day

TODAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        pytest.param("12 March", date(2027, 3, 12), id="a day and a month"),
        pytest.param("12th March", date(2027, 3, 12), id="an ordinal"),
        pytest.param("by Friday 12 March 2027.", date(2027, 3, 12), id="a whole sentence"),
        pytest.param("Friday, 12 Mar", date(2027, 3, 12), id="shortened"),
        pytest.param("the 1st of Sept", date(2027, 9, 1), id="English as it is spoken"),
        pytest.param("25 November", TODAY, id="today"),
        pytest.param("24 November", date(2027, 11, 24), id="yesterday is next year's"),
        pytest.param("24 November 2026", date(2026, 11, 24), id="but not where the year says so"),
        pytest.param("12 Mawrth", date(2027, 3, 12), id="Welsh"),
        pytest.param("dydd Mawrth 9 Mawrth", date(2027, 3, 9), id="a Tuesday in March, which is one word in Welsh"),
        pytest.param("erbyn dydd Gwener 5 Chwefror 2027", date(2027, 2, 5), id="a Welsh sentence"),
        pytest.param("12/3", date(2027, 3, 12), id="figures, the day first"),
        pytest.param("12/3/27", date(2027, 3, 12), id="a year of two figures"),
        pytest.param("12.03.2027", date(2027, 3, 12), id="points"),
        pytest.param("2027-03-12", date(2027, 3, 12), id="the year first"),
    ],
)
def test_a_day_is_understood(typed: str, day: date) -> None:
    assert read_day(typed, TODAY) == day


@pytest.mark.parametrize(
    "typed",
    [
        "", "soon", "next week", "March", "12", "3 2", "31 April", "29 February", "0/0", "13/13", "12 Ma", "Mawrth",
        "12 March 27", "2027-3", "-1/3", "1,5", "12 March 0000", "99999-01-01", "School B",
    ],
)  # fmt: skip
def test_what_names_no_day_is_none(typed: str) -> None:
    assert read_day(typed, TODAY) is None
