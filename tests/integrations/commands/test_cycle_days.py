"""What ``cycle open`` and ``doctor`` say about the days of a cycle: River's, in the summer of 2027.

Its calendar has the terms that each case names. It is Tuesday 22 June, ten in the morning, and the clocks are an hour
ahead of UTC.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from core.calendar import NudgeSchedule
from core.storage.database import Database
from core.storage.frameworks import FrameworkShelf
from integrations.commands.cycle import CycleWanted, opened
from integrations.commands.doctor import partnerships
from tests.support.days import NOW, london
from tests.support.enquiries import bring
from tests.support.partnership_files import river

SUMMER = "{terms: [{name: Summer, starts: 2027-04-12, ends: 2027-07-21}]}"
AUTUMN = "{name: Autumn, starts: 2027-09-02, ends: 2027-12-17}"
ONLY_AUTUMN = f"{{terms: [{AUTUMN}]}}"
UNTIL_IMPORTED = "Until they are imported, ordinary weekdays count there, except in the usual holidays."


@pytest.fixture
def database(upgraded_file: Path, tmp_path: Path) -> Iterator[Database]:
    found = Database(f"sqlite:///{shutil.copy(upgraded_file, tmp_path / 'test.db')}")
    yield found
    found.close()


def opens(
    database: Database, closes: str, *, opens: str | None = None, calendar: str = SUMMER, now: datetime = NOW
) -> list[str]:
    """What the command says."""
    database.write_now(lambda connection: bring(connection, river(calendar=calendar)))
    day = None if opens is None else datetime.fromisoformat(opens)
    wanted = CycleWanted("July", datetime.fromisoformat(closes), day, None, (), None, NudgeSchedule())
    return database.write_now(lambda connection: opened(connection, FrameworkShelf(), "river", wanted, now))


def doctor_says(database: Database, now: datetime = NOW) -> list[str]:
    return database.read_now(lambda connection: [str(each) for each in partnerships(connection, now)])


@pytest.mark.parametrize(
    ("now", "invited"),
    [
        pytest.param(NOW, "today from 15:45", id="in the morning"),
        pytest.param(london("2027-06-22 16:10"), "today from 16:10", id="at once, within school hours"),
        pytest.param(london("2027-06-22 18:00"), "on Wednesday 23 June from 08:00", id="in the evening"),
        pytest.param(london("2027-06-26 10:00"), "on Monday 28 June from 15:45", id="on a Saturday"),
        pytest.param(london("2027-06-23 00:30"), "today from 15:45", id="after midnight, the day before in UTC"),
    ],
)
def test_it_says_when_leaders_are_invited(database: Database, now: datetime, invited: str) -> None:
    assert opens(database, "2027-07-08", now=now) == [
        "River Partnership: July is open and closes on Thursday 8 July 2027 at 16:30. 4 schools are asked: leaders are "
        f"invited {invited}."
    ]


def test_a_cycle_that_opens_later_invites_when_it_opens(database: Database) -> None:
    (told,) = opens(database, "2027-07-15", opens="2027-07-05")
    assert told.endswith("4 schools are asked: leaders are invited on Monday 5 July from 15:45.")


def test_a_cycle_past_the_last_term_asks_and_says_which_dates_are_missing(database: Database) -> None:
    """The usual summer ends on 31 August; 1 September is a Wednesday."""
    told = opens(database, "2027-10-08", opens="2027-09-01")
    days = "Wednesday 1 September 2027 to Friday 8 October 2027"
    dates = f"July covers days that have no term dates: {days}. {UNTIL_IMPORTED}"
    assert told[0].endswith("leaders are invited on Wednesday 1 September from 15:45.")
    assert told[1:] == [dates]
    assert f"NO  River Partnership: {dates}" in doctor_says(database)


def test_dates_are_told_before_and_between_the_terms_too(database: Database) -> None:
    both = f"{{terms: [{AUTUMN}, {{name: Summer, starts: 2028-04-24, ends: 2028-07-21}}]}}"
    told = opens(database, "2028-05-12", calendar=both)
    assert told[1] == (
        "July covers days that have no term dates: Tuesday 22 June 2027 to Wednesday 21 July 2027, Tuesday 4 January "
        f"2028 to Friday 7 April 2028. {UNTIL_IMPORTED}"
    )


def test_what_is_past_is_not_missed_any_more(database: Database) -> None:
    opens(database, "2027-10-08", calendar=ONLY_AUTUMN)
    assert any("July covers days that have no term dates" in line for line in doctor_says(database))
    assert not any("July" in line for line in doctor_says(database, london("2027-09-06 10:00")))


def test_a_cycle_in_the_holidays_asks_nobody_and_the_doctor_says_the_same(database: Database) -> None:
    told = opens(database, "2027-08-20", opens="2027-08-02")
    assert told[0].endswith("4 schools should be asked, but nobody can be invited before it closes.")
    assert told[1:] == ["July has no school day before it closes: nobody is invited."]
    assert "NO  River Partnership: July has no school day before it closes: nobody is invited." in doctor_says(database)


def test_a_cycle_of_two_days_is_too_short_for_a_reminder(database: Database) -> None:
    told = opens(database, "2027-06-23")
    words = "July is too short for a reminder: leaders only get the invitation."
    assert told[1:] == [words]
    assert f"NO  River Partnership: {words}" in doctor_says(database)


def test_the_doctor_says_nothing_of_a_cycle_once_it_is_over(database: Database) -> None:
    opens(database, "2027-06-23")
    assert not any("July" in line for line in doctor_says(database, london("2027-06-23 17:00")))


def test_without_a_cycle_the_dates_that_will_be_missing_are_no_trouble(database: Database) -> None:
    """Four months from 22 June are 20 October; the usual holidays go from 22 July to 31 August."""
    database.write_now(lambda connection: bring(connection, river(calendar=SUMMER)))
    assert doctor_says(database) == [
        "ok  River Partnership: no term dates are known for Wednesday 1 September 2027 to Wednesday 20 October 2027. "
        f"{UNTIL_IMPORTED}"
    ]


def test_a_calendar_that_reaches_far_enough_is_well(database: Database) -> None:
    year = f"{{terms: [{{name: Summer, starts: 2027-04-12, ends: 2027-07-21}}, {AUTUMN}]}}"
    database.write_now(lambda connection: bring(connection, river(calendar=year)))
    assert doctor_says(database) == ["ok  River Partnership: its calendar reaches far enough ahead."]
