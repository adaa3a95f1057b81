"""Who hears of a cycle when: worked by hand for the autumn of 2026 and the spring of 2027.

The cycle of most cases opens on Monday 9 November 2026 and closes on Thursday 10 December at four; Friday
27 November is a training day. Its slots: the opening, Monday 16 November (five school days later), Monday 23 November
(ten), Monday 7 December (three school days before the close) and Wednesday 9 December (the last school day before it).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import reminders
from core.calendar import Days, NudgeSchedule, ReminderTime, SchoolCalendar, Slot, SlotKind
from core.enquiry import Cycle, Visibility
from core.reminders import Leader, Round, due_nudges, invited_from, next_nudge_at, nudge_key, still_wanted

LONDON = ZoneInfo("Europe/London")
CALENDAR = SchoolCalendar(
    terms=(
        Days(date(2026, 9, 2), date(2026, 10, 23)),
        Days(date(2026, 11, 2), date(2026, 12, 18)),
        Days(date(2027, 1, 4), date(2027, 2, 12)),
        Days(date(2027, 2, 22), date(2027, 3, 25)),
        Days(date(2027, 4, 12), date(2027, 5, 28)),
    ),
    days_off=(Days.one(date(2026, 11, 27)),),
)


def at(written: str) -> datetime:
    """London's time, as ``2026-11-09 15:45``."""
    return datetime.fromisoformat(written).replace(tzinfo=LONDON)


def round_of(
    opens: str = "2026-11-09 08:00", closes: str = "2026-12-10 16:00", calendar: SchoolCalendar = CALENDAR
) -> Round:
    cycle = Cycle(7, "river", "Autumn 2026", Visibility.OWN_AND_GROUP, at(opens), at(closes), None, None)
    return reminders.round_of(cycle, calendar, NudgeSchedule())


AUTUMN = round_of()
ANN = Leader("ann", ReminderTime.AFTER_SCHOOL, {})
INVITED = replace(ANN, planned={"opening": at("2026-11-09 15:45")})


def said_at(when: str | datetime, leader: Leader = INVITED, around: Round = AUTUMN) -> str | None:
    """The key of the slot that is due, if any."""
    now = at(when) if isinstance(when, str) else when
    due = due_nudges(around, [leader], now)
    assert len(due) <= 1
    return due[0].slot.key if due else None


def after(leader: Leader, slot: str | None, when: str) -> Leader:
    return replace(leader, planned={**leader.planned, slot or "": at(when)})


# The days and the hours


@pytest.mark.parametrize(
    ("reminder_time", "clock"),
    [
        pytest.param(ReminderTime.BEFORE_SCHOOL, "08:00", id="before school"),
        pytest.param(ReminderTime.LUNCH, "12:30", id="at lunch"),
        pytest.param(ReminderTime.AFTER_SCHOOL, "15:45", id="after school"),
    ],
)
def test_it_comes_at_the_time_of_day_that_suits_the_leader(reminder_time: ReminderTime, clock: str) -> None:
    leader = replace(INVITED, reminder_time=reminder_time)
    moment = at(f"2026-11-16 {clock}")
    assert said_at(moment - timedelta(seconds=1), leader) is None
    assert said_at(moment, leader) == "after-5"


@pytest.mark.parametrize(
    ("day", "slot"),
    [
        pytest.param("2026-11-13", None, id="Friday, four school days after the opening"),
        pytest.param("2026-11-14", None, id="Saturday"),
        pytest.param("2026-11-16", "after-5", id="Monday, five school days after"),
        pytest.param("2026-11-23", "after-10", id="Monday, ten school days after"),
        pytest.param("2026-12-07", "before-3:2026-12-10", id="Monday, three school days before the close"),
        pytest.param("2026-12-09", "last-day:2026-12-10", id="Wednesday, the last school day before the close"),
    ],
)
def test_each_slot_has_its_day(day: str, slot: str | None) -> None:
    assert said_at(f"{day} 15:45") == slot


def test_across_half_term_school_days_count_and_the_clocks_going_back_change_nothing() -> None:
    """From Monday 12 October, five school days are the 19th; half term is from the 26th; ten are Monday 2 November."""
    around = round_of("2026-10-12 08:00", "2026-11-19 16:00")
    invited = after(ANN, "opening", "2026-10-12 15:45")
    assert said_at(datetime(2026, 10, 19, 14, 45, tzinfo=UTC), invited, around) == "after-5"
    reminded = after(invited, "after-5", "2026-10-19 15:45")
    assert said_at("2026-10-26 15:45", reminded, around) is None
    assert said_at(datetime(2026, 11, 2, 15, 44, tzinfo=UTC), reminded, around) is None
    assert said_at(datetime(2026, 11, 2, 15, 45, tzinfo=UTC), reminded, around) == "after-10"


def test_a_bank_holiday_is_no_school_day() -> None:
    """From Monday 26 April 2027 the fifth school day is not Monday 3 May, the early May bank holiday, but Tuesday."""
    around = round_of("2027-04-26 08:00", "2027-05-27 16:00")
    invited = after(ANN, "opening", "2027-04-26 15:45")
    assert said_at("2027-05-03 15:45", invited, around) is None
    assert said_at("2027-05-04 15:45", invited, around) == "after-5"


@pytest.mark.parametrize(
    ("when", "slot"),
    [
        pytest.param("2026-11-16 16:30", "after-5", id="the end of school hours"),
        pytest.param("2026-11-16 16:31", None, id="after school hours"),
        pytest.param("2026-11-17 07:59", None, id="before them"),
        pytest.param("2026-11-17 08:00", "after-5", id="the next morning makes up for it"),
        pytest.param("2026-11-21 10:00", None, id="a Saturday"),
    ],
)
def test_what_was_missed_is_made_up_for_in_school_hours_only(when: str, slot: str | None) -> None:
    assert said_at(when) == slot


# The invitation


def test_who_has_heard_nothing_is_invited_at_their_time_on_the_first_day() -> None:
    assert said_at("2026-11-09 15:44", ANN) is None
    assert said_at("2026-11-09 15:45", ANN) == "opening"


def test_a_cycle_that_opens_at_a_weekend_invites_on_monday() -> None:
    around = round_of("2026-11-14 08:00")
    assert said_at("2026-11-14 15:45", ANN, around) is None
    assert said_at("2026-11-16 15:45", ANN, around) == "opening"


def test_nobody_is_invited_before_the_cycle_opens() -> None:
    around = round_of("2026-11-09 16:00")
    assert said_at("2026-11-09 15:59", ANN, around) is None
    assert said_at("2026-11-09 16:00", ANN, around) == "opening"


def test_a_leader_who_comes_to_the_school_later_is_invited_then_and_reminded_from_the_next_slot_on() -> None:
    assert said_at("2026-11-24 10:00", ANN) == "opening"
    newcomer = after(ANN, "opening", "2026-11-24 10:00")
    assert said_at("2026-11-24 15:45", newcomer) is None
    assert said_at("2026-12-07 15:45", newcomer) == "before-3:2026-12-10"


def test_who_has_started_already_needs_no_invitation() -> None:
    started = replace(ANN, started_at=at("2026-11-09 10:00"))
    assert said_at("2026-11-09 15:45", started) is None
    assert said_at("2026-11-16 15:45", started) == "after-5"


def test_who_started_at_the_weekend_needs_no_invitation_on_monday() -> None:
    started = replace(ANN, started_at=at("2026-11-14 10:00"))
    assert said_at("2026-11-16 15:45", started, round_of("2026-11-14 08:00")) is None


# Nothing twice, nothing late


def test_after_a_week_without_the_bot_only_the_latest_slot_is_said() -> None:
    """From Friday 13 to Tuesday 24 November nothing ran: the slots of the 16th and of the 23rd have come."""
    assert said_at("2026-11-24 09:00") == "after-10"
    assert said_at("2026-11-24 09:01", after(INVITED, "after-10", "2026-11-24 09:00")) is None


def test_after_a_week_without_the_bot_an_invitation_stands_for_all_that_was_missed() -> None:
    invited_late = after(ANN, "opening", "2026-11-24 09:00")
    assert said_at("2026-11-24 09:01", invited_late) is None
    assert said_at("2026-11-24 15:45", invited_late) is None


def test_who_was_invited_late_is_not_reminded_on_the_same_day() -> None:
    assert said_at("2026-11-16 15:45", after(ANN, "opening", "2026-11-16 08:00")) is None


def test_what_was_planned_is_not_planned_again() -> None:
    assert said_at("2026-11-16 15:46", after(INVITED, "after-5", "2026-11-16 15:45")) is None


def test_a_slot_that_was_said_is_not_said_again_when_a_new_training_day_moves_it() -> None:
    assert said_at("2026-11-16 15:45", after(INVITED, "after-5", "2026-11-13 15:45")) is None


def test_choosing_another_time_of_day_brings_no_second_reminder_on_that_day() -> None:
    reminded = after(replace(INVITED, reminder_time=ReminderTime.BEFORE_SCHOOL), "after-5", "2026-11-16 08:00")
    later_in_the_day = replace(reminded, reminder_time=ReminderTime.AFTER_SCHOOL)
    assert said_at("2026-11-16 15:45", later_in_the_day) is None


@pytest.mark.parametrize("when", ["2026-12-10 16:00", "2026-12-11 10:00"])
def test_nothing_is_said_once_the_time_is_over(when: str) -> None:
    assert said_at(when) is None


def test_nothing_is_said_once_the_cycle_was_closed() -> None:
    closed = replace(AUTUMN, cycle=replace(AUTUMN.cycle, closed_at=at("2026-11-20 10:00")))
    assert said_at("2026-11-23 15:45", around=closed) is None


# The last day


REMINDED = after(INVITED, "before-3:2026-12-10", "2026-12-07 15:45")


def test_the_last_day_is_said_on_the_last_school_day_and_never_made_up_for() -> None:
    """Nothing ran on Wednesday the 9th after half past three; the cycle closes on Thursday at four."""
    assert said_at("2026-12-09 16:00", REMINDED) == "last-day:2026-12-10"
    assert said_at("2026-12-10 08:00", REMINDED) is None
    assert said_at("2026-12-10 08:00") == "before-3:2026-12-10", "who missed both is reminded of the close"
    assert next_nudge_at(AUTUMN, [REMINDED], at("2026-12-09 17:00")) is None


def test_what_was_queued_on_the_last_day_is_not_sent_on_the_next() -> None:
    told = after(REMINDED, "last-day:2026-12-10", "2026-12-09 15:45")
    key = nudge_key(7, "ann", "last-day:2026-12-10")
    assert still_wanted(AUTUMN, [told], key, at("2026-12-09 16:20"))
    assert not still_wanted(AUTUMN, [told], key, at("2026-12-10 08:00"))


ONLY_AUTUMN = replace(CALENDAR, terms=CALENDAR.terms[:2])


@pytest.mark.parametrize(
    ("closes", "last_day"),
    [
        pytest.param("2027-01-29 16:00", "2027-01-28", id="in weeks without dates: Thursday, and not 18 December"),
        pytest.param("2027-01-04 16:00", "2026-12-18", id="on the first day after the holidays"),
        pytest.param("2026-12-30 16:00", "2026-12-18", id="in the holidays"),
    ],
)
def test_a_cycle_that_runs_past_the_last_term_has_its_last_day_at_its_end(closes: str, last_day: str) -> None:
    slots = round_of(closes=closes, calendar=ONLY_AUTUMN).slots
    assert [str(slot.on) for slot in slots if slot.kind is SlotKind.LAST_DAY] == [last_day]


@pytest.mark.parametrize(
    ("opens", "closes", "missing"),
    [
        pytest.param("2026-11-09 08:00", "2026-12-10 16:00", [], id="all of it in a term"),
        pytest.param("2026-11-09 08:00", "2027-01-29 16:00", [("2027-01-04", "2027-01-29")], id="past the last term"),
        pytest.param("2026-12-15 08:00", "2027-01-02 16:00", [], id="into the holidays"),
    ],
)
def test_dates_that_are_missing_for_a_cycle(opens: str, closes: str, missing: list[tuple[str, str]]) -> None:
    found = round_of(opens, closes, ONLY_AUTUMN).missing()
    assert [(str(each.starts), str(each.ends)) for each in found] == missing


@pytest.mark.parametrize(
    ("opens", "closes", "asks", "reminds"),
    [
        pytest.param("2026-11-09 08:00", "2026-11-12 16:00", True, True, id="four school days"),
        pytest.param("2026-11-11 08:00", "2026-11-12 16:00", True, False, id="the opening is the last school day"),
        pytest.param("2026-10-26 08:00", "2026-10-30 16:00", False, False, id="all of it in half term"),
    ],
)
def test_whether_a_cycle_has_a_day_for_asking_and_one_for_reminding(
    opens: str, closes: str, asks: bool, reminds: bool
) -> None:
    around = round_of(opens, closes)
    assert (around.asks, around.reminds) == (asks, reminds)


@pytest.mark.parametrize(
    ("opens", "leaders", "now", "invited"),
    [
        pytest.param("2027-04-19 08:00", [ANN], "2027-04-19 10:00", "2027-04-19 15:45", id="later today, in summer"),
        pytest.param("2027-04-19 08:00", [], "2027-04-19 10:00", "2027-04-19 15:45", id="when nobody can be reached"),
        pytest.param("2027-04-19 08:00", [ANN], "2027-04-19 16:10", "2027-04-19 16:10", id="at once"),
        pytest.param("2027-04-19 08:00", [ANN], "2027-04-19 17:00", "2027-04-20 08:00", id="tomorrow morning"),
        pytest.param("2027-04-10 08:00", [ANN], "2027-04-10 10:00", "2027-04-12 15:45", id="after the holidays"),
        pytest.param("2027-04-19 08:00", [ANN], "2027-04-01 10:00", "2027-04-19 15:45", id="it opens later"),
        pytest.param("2027-05-27 17:00", [ANN], "2027-05-27 17:00", None, id="no school hour is left"),
    ],
)
def test_when_leaders_are_invited(opens: str, leaders: list[Leader], now: str, invited: str | None) -> None:
    around = round_of(opens, "2027-05-28 07:00" if invited is None else "2027-05-27 16:00")
    assert invited_from(around, leaders, at(now)) == (invited and at(invited))


# Snoozed and stopped


def snoozed(when: str, days: int) -> Leader:
    return replace(INVITED, snoozed_until=at(when) + timedelta(days=days))


def test_in_two_days_means_the_second_day_at_the_usual_time() -> None:
    leader = snoozed("2026-11-16 15:50", days=2)
    assert said_at("2026-11-17 15:45", leader) is None
    assert said_at("2026-11-18 15:44", leader) is None
    assert said_at("2026-11-18 15:45", leader) == "snoozed:2026-11-18"


def test_in_two_days_from_friday_means_monday() -> None:
    leader = snoozed("2026-11-13 10:00", days=2)
    assert said_at("2026-11-15 15:45", leader) is None
    assert said_at("2026-11-16 15:45", leader) == "after-5"


def test_a_slot_that_fell_into_the_snooze_is_not_said_afterwards() -> None:
    leader = snoozed("2026-11-20 10:00", days=5)
    assert said_at("2026-11-23 15:45", leader) is None
    assert said_at("2026-11-25 10:00", leader) is None
    assert said_at("2026-11-25 15:45", leader) == "snoozed:2026-11-25"
    assert said_at("2026-11-25 15:46", after(leader, "snoozed:2026-11-25", "2026-11-25 15:45")) is None


def test_a_snooze_into_the_last_hours_brings_nothing_more() -> None:
    leader = snoozed("2026-12-07 15:50", days=3)
    assert said_at("2026-12-09 15:45", leader) is None
    assert said_at("2026-12-10 15:45", leader) is None


def test_who_was_invited_in_conversation_and_said_not_now_hears_of_it_when_they_asked_to() -> None:
    leader = replace(ANN, snoozed_until=at("2026-11-11 09:00"))
    assert said_at("2026-11-09 15:45", leader) is None
    assert said_at("2026-11-11 15:45", leader) == "snoozed:2026-11-11"


@pytest.mark.parametrize("when", ["2026-11-09 15:45", "2026-11-16 15:45", "2026-12-09 15:45"])
def test_who_stopped_the_reminders_hears_nothing_more(when: str) -> None:
    assert said_at(when, replace(INVITED, stopped=True)) is None
    assert said_at(when, replace(ANN, stopped=True)) is None


# Just after midnight in summer, which is still the day before in UTC


IN_SUMMER = round_of("2027-04-19 08:00", "2027-05-27 16:00")
"""Five school days after the opening is Monday 26 April."""


def test_who_starts_after_midnight_is_not_reminded_on_that_day() -> None:
    invited = after(ANN, "opening", "2027-04-19 15:45")
    assert said_at("2027-04-26 15:45", replace(invited, started_at=at("2027-04-25 23:30")), IN_SUMMER) == "after-5"
    assert said_at("2027-04-26 15:45", replace(invited, started_at=at("2027-04-26 00:30")), IN_SUMMER) is None


def test_in_two_days_counts_from_the_day_that_has_just_begun() -> None:
    reminded = after(after(ANN, "opening", "2027-04-19 15:45"), "after-5", "2027-04-26 15:45")
    leader = replace(reminded, snoozed_until=at("2027-04-27 00:30") + timedelta(days=2))
    assert said_at("2027-04-28 15:45", leader, IN_SUMMER) is None
    assert said_at("2027-04-29 15:45", leader, IN_SUMMER) == "snoozed:2027-04-29"


# When the next one comes


@pytest.mark.parametrize(
    ("leader", "now", "expected"),
    [
        pytest.param(ANN, "2026-11-01 10:00", "2026-11-09 15:45", id="before the cycle opens"),
        pytest.param(INVITED, "2026-11-09 15:45", "2026-11-16 15:45", id="the next slot"),
        pytest.param(INVITED, "2026-11-16 15:45", "2026-11-16 15:45", id="one that is due this moment"),
        pytest.param(INVITED, "2026-11-16 20:00", "2026-11-17 08:00", id="one that was missed"),
        pytest.param(INVITED, "2026-11-26 20:00", "2026-11-30 08:00", id="one that was missed, over a long weekend"),
        pytest.param(snoozed("2026-11-20 10:00", 5), "2026-11-20 10:00", "2026-11-25 15:45", id="the end of a snooze"),
        pytest.param(replace(INVITED, stopped=True), "2026-11-09 15:45", None, id="none after a stop"),
        pytest.param(INVITED, "2026-12-10 16:00", None, id="none after the close"),
    ],
)
def test_the_next_nudge(leader: Leader, now: str, expected: str | None) -> None:
    assert next_nudge_at(AUTUMN, [leader], at(now)) == (expected and at(expected))


def test_the_next_nudge_of_several_leaders_is_the_first() -> None:
    early = replace(INVITED, person="ben", reminder_time=ReminderTime.BEFORE_SCHOOL)
    assert next_nudge_at(AUTUMN, [INVITED, early], at("2026-11-10 09:00")) == at("2026-11-16 08:00")


def test_a_cycle_that_opens_in_the_evening_invites_the_next_morning() -> None:
    around = round_of("2026-11-12 18:00")
    assert next_nudge_at(around, [ANN], at("2026-11-12 12:00")) == at("2026-11-13 08:00")


def test_a_cycle_that_opens_after_somebodys_time_of_day_invites_them_when_it_opens() -> None:
    early = replace(ANN, reminder_time=ReminderTime.BEFORE_SCHOOL)
    assert next_nudge_at(round_of("2026-11-12 10:00"), [early], at("2026-11-11 12:00")) == at("2026-11-12 10:00")


# When it is about to be sent


@pytest.mark.parametrize(
    ("leader", "now", "wanted"),
    [
        pytest.param(INVITED, "2026-11-09 15:46", True, id="a minute later"),
        pytest.param(INVITED, "2026-11-10 09:00", True, id="the next morning"),
        pytest.param(INVITED, "2026-11-09 19:00", False, id="in the evening"),
        pytest.param(INVITED, "2026-12-10 16:00", False, id="after the close"),
        pytest.param(replace(INVITED, stopped=True), "2026-11-09 15:46", False, id="stopped in between"),
        pytest.param(snoozed("2026-11-09 15:45", 2), "2026-11-09 15:46", False, id="snoozed in between"),
        pytest.param(replace(INVITED, started_at=at("2026-11-09 15:46")), "2026-11-09 15:47", False, id="just started"),
        pytest.param(after(INVITED, "after-5", "2026-11-16 15:45"), "2026-11-16 15:46", False, id="overtaken"),
    ],
)
def test_a_nudge_that_waited_is_said_only_while_it_makes_sense(leader: Leader, now: str, wanted: bool) -> None:
    assert still_wanted(AUTUMN, [leader], nudge_key(7, "ann", "opening"), at(now)) is wanted


def test_the_later_of_two_that_waited_is_said() -> None:
    leader = after(INVITED, "after-5", "2026-11-16 15:45")
    assert still_wanted(AUTUMN, [leader], nudge_key(7, "ann", "after-5"), at("2026-11-16 15:46"))


def test_a_leader_whose_school_has_submitted_in_between_is_left_alone() -> None:
    assert not still_wanted(AUTUMN, [], nudge_key(7, "ann", "opening"), at("2026-11-09 15:46"))


# Whatever happens

_EVERY_QUARTER = [at("2026-11-09 00:00") + timedelta(minutes=15) * number for number in range(33 * 24 * 4)]
_moments = st.sampled_from(_EVERY_QUARTER)
_leaders = st.builds(
    Leader,
    person=st.just("ann"),
    reminder_time=st.sampled_from(ReminderTime),
    planned=st.just({}),
    started_at=st.none() | _moments,
    snoozed_until=st.none() | _moments,
)


@given(
    leader=_leaders,
    outages=st.lists(st.tuples(st.integers(0, 32), st.integers(0, 23), st.integers(1, 300)), max_size=4),
)
def test_over_a_whole_cycle_each_slot_comes_once_in_school_hours_and_never_two_a_day(
    leader: Leader, outages: list[tuple[int, int, int]]
) -> None:
    begins = [
        (_EVERY_QUARTER[0] + timedelta(days=day, hours=hour), timedelta(hours=long)) for day, hour, long in outages
    ]
    running = [now for now in _EVERY_QUARTER if not any(start <= now < start + long for start, long in begins)]
    heard: list[datetime] = []
    for now in (now for now in running if time(8) <= now.time() <= time(16, 45)):
        if slot := said_at(now, leader):
            assert slot not in leader.planned
            leader = replace(leader, planned={**leader.planned, slot: now})
            heard.append(now)
    assert all(CALENDAR.in_school_hours(now) and AUTUMN.cycle.is_open(now) for now in heard)
    assert len({now.date() for now in heard}) == len(heard)


@given(leader=_leaders, planned=st.lists(st.tuples(st.sampled_from(AUTUMN.slots), _moments), max_size=3), now=_moments)
def test_the_next_nudge_is_the_first_moment_at_which_one_is_due(
    leader: Leader, planned: Iterable[tuple[Slot, datetime]], now: datetime
) -> None:
    leader = replace(leader, planned={slot.key: moment for slot, moment in planned if moment <= now})
    expected = next_nudge_at(AUTUMN, [leader], now)
    coming = (moment for moment in _EVERY_QUARTER if moment >= now)
    before = coming if expected is None else takewhile(lambda moment: moment < expected, coming)
    assert not any(said_at(moment, leader) for moment in before)
    assert expected is None or said_at(expected, leader)
