"""Reminders: who hears about an open cycle, when, and whether a planned reminder is still wanted.

These functions look at a cycle's slots and at what each leader has heard so far. A leader who has heard nothing gets
the invitation; after that only the latest slot that has come, so that an outage is made up for at most once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.calendar import ReminderTime, SchoolCalendar, Slot, SlotKind
from core.enquiry import Cycle


@dataclass(frozen=True, slots=True)
class Round:
    """A cycle that has not been closed, with the days on which it reminds."""

    cycle: Cycle
    calendar: SchoolCalendar
    slots: tuple[Slot, ...]
    """Earliest first; the first is the opening."""


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
    come = [slot for slot in _slots_for(around, leader) if _moment(around, leader, slot) <= now]
    if not come or leader.stopped:
        return None
    quiet_until = _quiet_until(around, leader)
    if quiet_until is None:
        return around.slots[0]
    latest = come[-1]
    heard = latest.kind is SlotKind.OPENING or latest.key in leader.planned
    return None if heard or latest.on <= quiet_until else latest


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


def still_wanted(around: Round, leaders: Iterable[Leader], key: str, now: datetime) -> bool:
    """Whether the reminder planned under this key may still be sent.

    Not if the school submitted, the leader snoozed or stopped, a later slot was planned, or the school day is over.
    """
    return may_speak(around, now) and any(_waits_for(around, leader) == key for leader in leaders if not leader.stopped)


def _waits_for(around: Round, leader: Leader) -> str | None:
    slot, at = max(leader.planned.items(), key=lambda planned: planned[1], default=("", None))
    back_on = _back_on(around, leader)
    if at is None or (leader.started_at or at) > at or (back_on is not None and back_on > _day(around, at)):
        return None
    return nudge_key(around.cycle.id, leader.person, slot)
