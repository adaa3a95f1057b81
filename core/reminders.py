"""Reminders: who hears about an open cycle, when, and whether a planned reminder is still wanted.

These functions look at a cycle's slots and at what each leader has heard so far. A leader who has heard nothing gets
the invitation; after that only the latest slot that has come, so that an outage is made up for at most once. What is
said on the last school day before the close is said on that day or never.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from core.calendar import DEFAULT_REMINDER_TIME, Days, NudgeSchedule, ReminderTime, SchoolCalendar, Slot, SlotKind
from core.enquiry import Cycle


@dataclass(frozen=True, slots=True)
class Round:
    """A cycle that has not been closed, with the days on which it reminds."""

    cycle: Cycle
    calendar: SchoolCalendar
    slots: tuple[Slot, ...]
    """Earliest first; the first is the opening."""

    @property
    def asks(self) -> bool:
        """Whether there is a school day on which leaders can be invited."""
        return bool(self.slots)

    @property
    def reminds(self) -> bool:
        """Whether there is a day for a reminder after the invitation."""
        return len(self.slots) > 1

    def missing(self) -> tuple[Days, ...]:
        """The days of the cycle for which no term dates were entered."""
        return self.calendar.missing(_days_of(self.cycle, self.calendar))


def round_of(cycle: Cycle, calendar: SchoolCalendar, schedule: NudgeSchedule) -> Round:
    days = _days_of(cycle, calendar)
    return Round(cycle, calendar, schedule.slots(days.starts, days.ends, calendar))


def _days_of(cycle: Cycle, calendar: SchoolCalendar) -> Days:
    opens_on, closes_on = (each.astimezone(calendar.zone).date() for each in (cycle.opens_at, cycle.closes_at))
    return Days(opens_on, closes_on)


@dataclass(frozen=True, slots=True)
class Leader:
    """A reachable leader of a school that has not submitted, and what they have heard so far."""

    person: str
    reminder_time: ReminderTime
    planned: Mapping[str, datetime]
    """When each slot was planned for them, by the slot's key."""
    started_at: datetime | None = None
    snoozed_until: datetime | None = None
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class NudgeDue:
    cycle: int
    person: str
    slot: Slot

    @property
    def key(self) -> str:
        return nudge_key(self.cycle, self.person, self.slot.key)


def nudge_key(cycle: int, person: str, slot: str) -> str:
    return f"nudge:{cycle}:{person}:{slot}"


def may_speak(around: Round, now: datetime) -> bool:
    """Whether the bot may send reminders now: while the cycle is open, in school hours."""
    return around.cycle.is_open(now) and around.calendar.in_school_hours(now)


def due_nudges(around: Round, leaders: Iterable[Leader], now: datetime) -> tuple[NudgeDue, ...]:
    """The reminders to send now; at most one to each leader."""
    if not may_speak(around, now):
        return ()
    found = ((leader, _due_slot(around, leader, now)) for leader in leaders)
    return tuple(NudgeDue(around.cycle.id, leader.person, slot) for leader, slot in found if slot is not None)


def _due_slot(around: Round, leader: Leader, now: datetime) -> Slot | None:
    come = [
        slot
        for slot in _slots_for(around, leader)
        if _moment(around, leader, slot) <= now and not _is_past(around, slot, now)
    ]
    if not come or leader.stopped:
        return None
    quiet_until = _quiet_until(around, leader)
    if quiet_until is None:
        return around.slots[0]
    latest = come[-1]
    heard = latest.kind is SlotKind.OPENING or latest.key in leader.planned
    return None if heard or latest.on <= quiet_until else latest


def _is_past(around: Round, slot: Slot, now: datetime) -> bool:
    """Whether it is too late for what is only true on the last day."""
    return slot.kind is SlotKind.LAST_DAY and slot.on < _day(around, now)


def _quiet_until(around: Round, leader: Leader) -> date | None:
    """The last day whose slot no longer counts, because of a later reminder, a start or a snooze."""
    happened = (*leader.planned.values(), *filter(None, [leader.started_at]))
    back_on = _back_on(around, leader)
    snoozed = () if back_on is None else (back_on - timedelta(days=1),)
    return max((*(_day(around, moment) for moment in happened), *snoozed), default=None)


def _slots_for(around: Round, leader: Leader) -> tuple[Slot, ...]:
    """The cycle's slots, and the day on which a leader's snooze ends."""
    back_on = _back_on(around, leader)
    taken = {slot.on for slot in around.slots}
    if back_on is None or not taken or back_on in taken or back_on > max(taken):
        return around.slots
    back = Slot(f"snoozed:{back_on}", back_on, SlotKind.REMINDER)
    return tuple(sorted((*around.slots, back), key=lambda slot: slot.on))


def _back_on(around: Round, leader: Leader) -> date | None:
    """The day on which a snooze ends: the day chosen, or the first school day after it."""
    if leader.snoozed_until is None:
        return None
    return around.calendar.first_school_day(_day(around, leader.snoozed_until))


def _day(around: Round, moment: datetime) -> date:
    return moment.astimezone(around.calendar.zone).date()


def _moment(around: Round, leader: Leader, slot: Slot) -> datetime:
    return around.calendar.moment(slot.on, leader.reminder_time.at)


def next_nudge_at(around: Round, leaders: Sequence[Leader], now: datetime) -> datetime | None:
    """When the next reminder is due, if nobody does anything until then."""
    calendar, opens_at = around.calendar, around.cycle.opens_at
    slots = {_moment(around, leader, slot) for leader in leaders for slot in _slots_for(around, leader)}
    mornings = {calendar.next_slot(moment, calendar.earliest) for moment in (now, opens_at)}
    moments = sorted(moment for moment in {now, opens_at, *mornings, *slots} if moment >= now)
    return next((moment for moment in moments if due_nudges(around, leaders, moment)), None)


def invited_from(around: Round, leaders: Sequence[Leader], now: datetime) -> datetime | None:
    """When the first invitation goes out; None if none can before the close.

    Where nobody can be reached yet, as if somebody could who hasn't chosen another time of day.
    """
    asked = leaders or (Leader("", DEFAULT_REMINDER_TIME, {}),)
    return next_nudge_at(replace(around, slots=around.slots[:1]), asked, now)


def still_wanted(around: Round, leaders: Iterable[Leader], key: str, now: datetime) -> bool:
    """Whether the reminder planned under this key may still be sent.

    Not if the school submitted, the leader snoozed or stopped, a later slot was planned, or the school day is over.
    """
    past = {slot.key for slot in around.slots if _is_past(around, slot, now)}
    waiting = {
        (leader.person, slot) for leader in leaders if not leader.stopped and (slot := _waits_for(around, leader))
    }
    return may_speak(around, now) and any(
        nudge_key(around.cycle.id, person, slot) == key for person, slot in waiting if slot not in past
    )


def _waits_for(around: Round, leader: Leader) -> str | None:
    slot, at = max(leader.planned.items(), key=lambda planned: planned[1], default=("", None))
    back_on = _back_on(around, leader)
    if at is None or (leader.started_at or at) > at or (back_on is not None and back_on > _day(around, at)):
        return None
    return slot
