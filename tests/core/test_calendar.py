"""School days, school hours and the days on which a cycle reminds; dates of the school year 2026-27."""

from __future__ import annotations

import json
import socket
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from core.calendar import (
    DEFAULT_REMINDER_TIME,
    Days,
    NudgeSchedule,
    ReminderTime,
    SchoolCalendar,
    SlotKind,
    bank_holidays,
)
from core.usual_holidays import Nation, is_usual_holiday

LONDON = ZoneInfo("Europe/London")
AFTER_SCHOOL = ReminderTime.AFTER_SCHOOL.at

TERMS = (
    Days(date(2026, 9, 2), date(2026, 10, 23)),
    Days(date(2026, 11, 2), date(2026, 12, 18)),
    Days(date(2027, 1, 4), date(2027, 2, 12)),
    Days(date(2027, 2, 22), date(2027, 3, 25)),
    Days(date(2027, 4, 12), date(2027, 7, 22)),
)
TRAINING_DAY = Days.one(date(2026, 11, 27))
YORK = SchoolCalendar(terms=TERMS, days_off=(TRAINING_DAY,))
NO_TERMS = SchoolCalendar()
NATIONS: tuple[Nation, ...] = ("england", "wales", "scotland", "northern-ireland")


def london(day: date, at: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(at), LONDON)


@pytest.mark.parametrize(
    ("day", "open_"),
    [
        pytest.param(date(2026, 11, 26), True, id="a Thursday in term"),
        pytest.param(date(2026, 11, 27), False, id="a training day"),
        pytest.param(date(2026, 11, 28), False, id="a Saturday"),
        pytest.param(date(2026, 11, 29), False, id="a Sunday"),
        pytest.param(date(2026, 10, 23), True, id="the last day before half term"),
        pytest.param(date(2026, 10, 26), False, id="half term"),
        pytest.param(date(2026, 11, 2), True, id="the first day after it"),
        pytest.param(date(2027, 5, 3), False, id="a bank holiday in term"),
        pytest.param(date(2027, 7, 23), False, id="the summer holiday"),
        pytest.param(date(2026, 9, 1), False, id="before the first term"),
    ],
)
def test_a_school_day_is_a_weekday_in_term_that_nobody_took_off(day: date, open_: bool) -> None:
    assert YORK.is_school_day(day) is open_


@pytest.mark.parametrize(
    ("day", "open_"),
    [
        pytest.param(date(2026, 10, 23), True, id="Friday before the usual half term"),
        pytest.param(date(2026, 10, 26), False, id="the usual half term"),
        pytest.param(date(2026, 12, 18), True, id="Friday before Christmas"),
        pytest.param(date(2026, 12, 21), False, id="from 21 December"),
        pytest.param(date(2026, 12, 31), False, id="New Year's Eve"),
        pytest.param(date(2029, 1, 3), False, id="to 3 January"),
        pytest.param(date(2029, 1, 4), True, id="4 January"),
        pytest.param(date(2026, 8, 18), False, id="August"),
        pytest.param(date(2026, 9, 1), True, id="September"),
    ],
)
def test_without_terms_every_weekday_counts_that_is_no_usual_holiday(day: date, open_: bool) -> None:
    assert NO_TERMS.is_school_day(day) is open_
    assert NO_TERMS.lacks_dates(day) is open_


ONE_TERM = SchoolCalendar(terms=(Days(date(2027, 1, 4), date(2027, 3, 25)),))


@pytest.mark.parametrize(
    ("calendar", "day", "open_"),
    [
        pytest.param(ONE_TERM, date(2026, 11, 12), True, id="before the one term that was entered"),
        pytest.param(ONE_TERM, date(2026, 10, 27), False, id="the usual half term before it"),
        pytest.param(ONE_TERM, date(2026, 12, 22), False, id="the Christmas before it"),
        pytest.param(ONE_TERM, date(2027, 5, 12), True, id="after it"),
        pytest.param(ONE_TERM, date(2027, 6, 2), False, id="the usual half term after it"),
        pytest.param(ONE_TERM, date(2027, 5, 3), False, id="a bank holiday after it"),
        pytest.param(ONE_TERM, date(2027, 7, 28), False, id="the summer after it"),
        pytest.param(ONE_TERM, date(2027, 9, 15), True, id="the school year after it"),
        pytest.param(replace(YORK, terms=(TERMS[0], TERMS[4])), date(2027, 1, 12), True, id="between two terms"),
        pytest.param(replace(YORK, terms=(TERMS[0], TERMS[4])), date(2027, 2, 16), False, id="half term between them"),
        pytest.param(replace(YORK, terms=TERMS[:3]), date(2027, 3, 2), True, id="the second half of a term"),
        pytest.param(YORK, date(2027, 9, 6), True, id="the year after a whole one"),
    ],
)
def test_days_outside_the_terms_are_unknown_rather_than_closed(
    calendar: SchoolCalendar, day: date, open_: bool
) -> None:
    assert calendar.is_school_day(day) is open_
    assert calendar.lacks_dates(day) is open_


@pytest.mark.parametrize(
    ("term", "closed", "then"),
    [
        pytest.param(
            Days(date(2027, 4, 26), date(2027, 7, 9)),
            date(2027, 7, 21),
            date(2027, 9, 1),
            id="Leicester's early summer",
        ),
        pytest.param(
            Days(date(2026, 9, 2), date(2026, 10, 16)), date(2026, 10, 19), date(2026, 11, 2), id="two weeks in autumn"
        ),
        pytest.param(
            Days(date(2027, 1, 4), date(2027, 3, 19)), date(2027, 3, 22), date(2027, 4, 12), id="an early Easter"
        ),
    ],
)
def test_a_term_that_was_entered_moves_the_holiday_after_it(term: Days, closed: date, then: date) -> None:
    calendar = SchoolCalendar(terms=(term,))
    assert not calendar.is_school_day(closed)
    assert calendar.next_school_day(term.ends) == then


def test_a_term_that_was_entered_moves_the_holiday_before_it() -> None:
    """1 September is usual; this school year begins on Thursday 3 September."""
    calendar = SchoolCalendar(terms=(Days(date(2026, 9, 3), date(2026, 12, 18)),))
    assert calendar.next_school_day(date(2026, 8, 20)) == date(2026, 9, 3)


def test_ten_weekdays_beside_a_term_are_no_holiday() -> None:
    """Usually Christmas begins on Monday 21 December: eight weekdays after the 8th, ten after the 4th."""
    assert SchoolCalendar(terms=(Days(date(2026, 9, 2), date(2026, 12, 8)),)).next_school_day(
        date(2026, 12, 8)
    ) == date(2027, 1, 4)
    assert SchoolCalendar(terms=(Days(date(2026, 9, 2), date(2026, 12, 4)),)).next_school_day(
        date(2026, 12, 4)
    ) == date(2026, 12, 7)


@pytest.mark.parametrize(
    ("calendar", "within", "missing"),
    [
        pytest.param(YORK, Days(date(2026, 9, 1), date(2027, 8, 31)), [], id="a whole year was entered"),
        pytest.param(
            replace(YORK, terms=TERMS[:2]),
            Days(date(2026, 12, 1), date(2027, 2, 26)),
            [(date(2027, 1, 4), date(2027, 2, 26))],
            id="a cycle that runs past the last term",
        ),
        pytest.param(
            replace(YORK, terms=(TERMS[1], TERMS[3])),
            Days(date(2026, 9, 1), date(2027, 7, 31)),
            [
                (date(2026, 9, 1), date(2026, 10, 23)),
                (date(2027, 1, 4), date(2027, 2, 12)),
                (date(2027, 4, 12), date(2027, 7, 21)),
            ],
            id="before, between and after",
        ),
        pytest.param(NO_TERMS, Days(date(2026, 12, 19), date(2027, 1, 3)), [], id="only a usual holiday"),
    ],
)
def test_which_dates_are_missing(calendar: SchoolCalendar, within: Days, missing: list[tuple[date, date]]) -> None:
    assert calendar.missing(within) == tuple(Days(*each) for each in missing)


@pytest.mark.parametrize(
    ("day", "closed_in"),
    [
        pytest.param(date(2026, 11, 30), set(), id="St Andrew's Day, on which Scottish schools work"),
        pytest.param(date(2027, 3, 17), {"northern-ireland"}, id="St Patrick's Day"),
        pytest.param(date(2027, 3, 26), {"england", "wales", "northern-ireland"}, id="Good Friday"),
        pytest.param(date(2027, 5, 3), {"england", "wales", "northern-ireland"}, id="the early May bank holiday"),
    ],
)
def test_bank_holidays_differ_by_nation(day: date, closed_in: set[Nation]) -> None:
    term = (Days(date(2026, 8, 12), date(2027, 6, 25)),)
    calendars = [SchoolCalendar(nation=nation, terms=term) for nation in NATIONS]
    assert {each.nation for each in calendars if not each.is_school_day(day)} == closed_in


def test_in_scotland_a_bank_holiday_is_a_school_day_unless_the_area_closes() -> None:
    """Fife keeps school on St Andrew's Day, the Borders close."""
    fife = SchoolCalendar(nation="scotland", terms=(Days(date(2026, 8, 19), date(2026, 12, 22)),))
    borders = replace(fife, days_off=(Days(date(2026, 11, 30), date(2026, 12, 1)),))
    assert fife.is_school_day(date(2026, 11, 30))
    assert not borders.is_school_day(date(2026, 11, 30))


_TERMS_OF_SCHOOL_YEARS = some.lists(
    some.tuples(some.dates(date(2025, 8, 1), date(2028, 7, 1)), some.integers(4, 100)), max_size=5
).map(lambda found: tuple(Days(starts, starts + timedelta(days=length)) for starts, length in found))


@given(some.sampled_from(NATIONS), _TERMS_OF_SCHOOL_YEARS, some.dates(date(2025, 8, 1), date(2028, 12, 31)))
def test_what_is_in_a_term_needs_no_guess_and_a_guess_is_never_in_a_usual_holiday(
    nation: Nation, terms: tuple[Days, ...], day: date
) -> None:
    calendar = SchoolCalendar(nation=nation, terms=terms)
    if calendar.in_a_term(day):
        assert calendar.is_school_day(day) is (day.weekday() < 5 and not calendar.is_bank_holiday(day))
        assert not calendar.lacks_dates(day)
    elif is_usual_holiday(nation, day):
        assert not calendar.is_school_day(day)
    elif not calendar.is_school_day(day) and day.weekday() < 5 and not calendar.is_bank_holiday(day):
        beside = Days(day - timedelta(days=14), day + timedelta(days=14))
        assert any(calendar.in_a_term(each) for each in beside), "only a term beside it closes an ordinary weekday"
    assert calendar.lacks_dates(day) is bool(calendar.missing(Days.one(day)))


@given(some.sampled_from(NATIONS), some.dates(date(2025, 8, 1), date(2028, 10, 1)), some.integers(1, 90))
def test_without_dates_a_school_day_is_never_further_off_than_a_summer(nation: Nation, day: date, count: int) -> None:
    calendar = SchoolCalendar(nation=nation)
    assert (calendar.next_school_day(day) - day).days <= 63, "in Northern Ireland from 30 June to 1 September"
    assert calendar.school_days_before(calendar.school_days_after(day, count), count) <= day


def test_bank_holidays_are_known_without_asking_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_network(*_: object, **__: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket, "create_connection", no_network)
    bank_holidays.cache_clear()
    assert date(2026, 12, 25) in bank_holidays("wales")


def test_school_days_are_counted_over_half_term_and_days_off() -> None:
    # Back from Wednesday 4 November: Tue 3, Mon 2, then Fri 23 October, the other side of half term.
    assert YORK.school_days_before(date(2026, 11, 4), 3) == date(2026, 10, 23)
    # On from Wednesday 25 November: Thu 26, not Fri 27 (training), Mon 30.
    assert YORK.school_days_after(date(2026, 11, 25), 2) == date(2026, 11, 30)
    assert YORK.next_school_day(date(2026, 12, 18)) == date(2027, 1, 4)
    assert YORK.first_school_day(date(2026, 12, 18)) == date(2026, 12, 18)
    assert YORK.first_school_day(date(2026, 12, 19)) == date(2027, 1, 4)


@pytest.mark.parametrize("count", [0, -1])
def test_no_school_days_cannot_be_counted(count: int) -> None:
    with pytest.raises(ValueError, match="school days"):
        YORK.school_days_after(date(2026, 11, 25), count)


@pytest.mark.parametrize(
    ("moment", "inside"),
    [
        pytest.param(london(date(2026, 11, 26), "08:00"), True, id="from eight"),
        pytest.param(london(date(2026, 11, 26), "16:30"), True, id="to half past four"),
        pytest.param(london(date(2026, 11, 26), "07:59"), False, id="too early"),
        pytest.param(london(date(2026, 11, 26), "16:31"), False, id="too late"),
        pytest.param(london(date(2026, 11, 27), "12:00"), False, id="a training day"),
        pytest.param(datetime(2027, 7, 1, 7, 30, tzinfo=UTC), True, id="half past eight in summer time"),
        pytest.param(datetime(2026, 12, 1, 7, 30, tzinfo=UTC), False, id="half past seven in winter"),
    ],
)
def test_school_hours_are_local_and_on_school_days(moment: datetime, inside: bool) -> None:
    assert YORK.in_school_hours(moment) is inside


def test_a_reminder_time_is_a_time_of_day_and_after_school_unless_chosen() -> None:
    assert {when.value: when.at for when in ReminderTime} == {
        "before-school": time(8),
        "lunch": time(12, 30),
        "after-school": time(15, 45),
    }
    assert DEFAULT_REMINDER_TIME is ReminderTime.AFTER_SCHOOL


@pytest.mark.parametrize(
    ("calendar", "after", "slot"),
    [
        pytest.param(
            YORK,
            london(date(2026, 11, 26), "15:00"),
            datetime(2026, 11, 26, 15, 45, tzinfo=UTC),
            id="later today",
        ),
        pytest.param(
            YORK,
            london(date(2026, 11, 26), "15:45"),
            datetime(2026, 11, 30, 15, 45, tzinfo=UTC),
            id="over the training day and the weekend, once it is time",
        ),
        pytest.param(
            YORK,
            london(date(2026, 10, 24), "09:00"),
            datetime(2026, 11, 2, 15, 45, tzinfo=UTC),
            id="after half term",
        ),
        pytest.param(
            NO_TERMS,
            london(date(2027, 3, 25), "16:00"),
            datetime(2027, 4, 12, 14, 45, tzinfo=UTC),
            id="over Easter 2027, when the clocks go forward on the 28th",
        ),
        pytest.param(
            replace(NO_TERMS, nation="scotland", terms=(Days(date(2027, 1, 5), date(2027, 6, 25)),)),
            london(date(2027, 3, 26), "16:00"),
            datetime(2027, 3, 29, 14, 45, tzinfo=UTC),
            id="in Scotland on an Easter Monday in term",
        ),
        pytest.param(
            NO_TERMS,
            london(date(2027, 10, 29), "16:00"),
            datetime(2027, 11, 1, 15, 45, tzinfo=UTC),
            id="over 31 October 2027, when the clocks go back",
        ),
        pytest.param(
            replace(NO_TERMS, latest=time(15)),
            london(date(2026, 11, 26), "09:00"),
            datetime(2026, 11, 26, 14, 30, tzinfo=UTC),
            id="half an hour before school hours end",
        ),
        pytest.param(
            replace(NO_TERMS, earliest=time(16)),
            london(date(2026, 11, 26), "09:00"),
            datetime(2026, 11, 26, 16, 0, tzinfo=UTC),
            id="when school hours begin",
        ),
    ],
)
def test_the_next_slot_is_at_the_same_local_time_on_a_school_day(
    calendar: SchoolCalendar, after: datetime, slot: datetime
) -> None:
    assert calendar.next_slot(after, AFTER_SCHOOL) == slot
    assert calendar.in_school_hours(slot)


def test_the_next_slot_may_be_on_the_same_day_where_utc_has_the_next() -> None:
    """In Honolulu, half past two of the 24th is half past midnight of the 25th in UTC."""
    overseas = replace(YORK, timezone="Pacific/Honolulu")
    slot = overseas.next_slot(datetime(2026, 11, 25, 0, 30, tzinfo=UTC), AFTER_SCHOOL)
    assert slot == datetime(2026, 11, 25, 1, 45, tzinfo=UTC)


@given(some.integers(0, 850 * 24 * 60), some.sampled_from(ReminderTime))
def test_a_slot_is_always_later_in_school_hours_and_soon(minutes: int, when: ReminderTime) -> None:
    after = datetime(2026, 8, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    slot = YORK.next_slot(after, when.at)
    assert after < slot < after + timedelta(days=45)
    assert YORK.in_school_hours(slot)
    assert slot.astimezone(LONDON).time() == when.at


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        YORK.in_school_hours(datetime(2026, 11, 26, 12))  # noqa: DTZ001


def slots(
    opens: date, closes: date, calendar: SchoolCalendar = YORK, schedule: NudgeSchedule | None = None
) -> list[tuple[str, date, SlotKind]]:
    found = (schedule or NudgeSchedule()).slots(opens, closes, calendar)
    return [(slot.key, slot.on, slot.kind) for slot in found]


def test_a_cycle_of_three_weeks_reminds_twice_after_opening_and_twice_before_it_closes() -> None:
    # Monday 16 November to Thursday 10 December; Friday 27 November is a training day.
    assert slots(date(2026, 11, 16), date(2026, 12, 10)) == [
        ("opening", date(2026, 11, 16), SlotKind.OPENING),
        ("after-5", date(2026, 11, 23), SlotKind.REMINDER),
        ("after-10", date(2026, 12, 1), SlotKind.REMINDER),
        ("before-3:2026-12-10", date(2026, 12, 7), SlotKind.REMINDER),
        ("last-day:2026-12-10", date(2026, 12, 9), SlotKind.LAST_DAY),
    ]


def test_a_cycle_that_opens_in_half_term_speaks_up_after_it() -> None:
    found = slots(date(2026, 10, 26), date(2026, 11, 20))
    assert found[:2] == [
        ("opening", date(2026, 11, 2), SlotKind.OPENING),
        ("after-5", date(2026, 11, 9), SlotKind.REMINDER),
    ]


def test_a_short_cycle_has_one_slot_a_day_and_none_after_the_last_day() -> None:
    # Monday 23 to Monday 30 November: five school days after the opening would be the closing day itself.
    assert slots(date(2026, 11, 23), date(2026, 11, 30)) == [
        ("opening", date(2026, 11, 23), SlotKind.OPENING),
        ("before-3:2026-11-30", date(2026, 11, 24), SlotKind.REMINDER),
        ("last-day:2026-11-30", date(2026, 11, 26), SlotKind.LAST_DAY),
    ]


@pytest.mark.parametrize(
    ("opens", "closes", "expected"),
    [
        pytest.param(date(2026, 11, 24), date(2026, 11, 25), ["opening"], id="the opening is the last day before"),
        pytest.param(date(2026, 11, 25), date(2026, 11, 25), ["opening"], id="opens and closes on one day"),
        pytest.param(date(2026, 10, 24), date(2026, 10, 30), [], id="all of it in half term"),
    ],
)
def test_a_very_short_cycle(opens: date, closes: date, expected: list[str]) -> None:
    assert [key for key, _, _ in slots(opens, closes)] == expected


def test_the_last_day_is_told_even_if_the_schedule_names_no_reminders() -> None:
    assert slots(date(2026, 11, 16), date(2026, 12, 10), schedule=NudgeSchedule((), ())) == [
        ("opening", date(2026, 11, 16), SlotKind.OPENING),
        ("last-day:2026-12-10", date(2026, 12, 9), SlotKind.LAST_DAY),
    ]


def test_a_cycle_that_is_extended_has_a_last_day_again() -> None:
    before = {slot[0] for slot in slots(date(2026, 11, 16), date(2026, 12, 10))}
    after = {slot[0] for slot in slots(date(2026, 11, 16), date(2026, 12, 17))}
    assert after - before == {"before-3:2026-12-17", "last-day:2026-12-17"}


@given(
    some.dates(date(2026, 9, 1), date(2028, 7, 1)),
    some.integers(0, 90),
    some.lists(some.integers(1, 30), max_size=4),
    some.lists(some.integers(1, 30), max_size=4),
)
def test_slots_are_ordered_school_days_of_the_cycle(
    opens: date, length: int, after_opening: list[int], before_close: list[int]
) -> None:
    closes = opens + timedelta(days=length)
    found = NudgeSchedule(tuple(after_opening), tuple(before_close)).slots(opens, closes, YORK)
    days = [slot.on for slot in found]
    assert days == sorted(set(days))
    assert len({slot.key for slot in found}) == len(found)
    assert all(YORK.is_school_day(day) and opens <= day <= closes for day in days)
    assert all(day < closes for day in days[1:])
    assert [slot.kind for slot in found[:1]] == [SlotKind.OPENING][: len(found)]


def test_a_calendar_and_a_schedule_come_back_from_the_table_as_they_were() -> None:
    calendar = replace(YORK, timezone="Europe/Paris", nation="wales", earliest=time(8, 30), latest=time(15, 45))
    schedule = NudgeSchedule((2,), (4, 1))
    assert SchoolCalendar.from_json(json.loads(json.dumps(calendar.to_json()))) == calendar
    assert NudgeSchedule.from_json(json.loads(json.dumps(schedule.to_json()))) == schedule


@pytest.mark.parametrize(
    "spoiled",
    [
        pytest.param({"nation": "yorkshire"}, id="no such nation"),
        pytest.param({"terms": "autumn"}, id="no list of terms"),
        pytest.param({"terms": [["2026-09-02", "2026-09-01"]]}, id="ends before it starts"),
        pytest.param({"earliest": "16:00", "latest": "08:00"}, id="hours the wrong way round"),
    ],
)
def test_what_is_no_calendar_is_refused(spoiled: Mapping[str, object]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        SchoolCalendar.from_json({**YORK.to_json(), **spoiled})


def test_a_reminder_on_the_opening_day_itself_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one school day"):
        NudgeSchedule(after_opening=(0,))
