"""What leads ask for: the report. And what anyone may ask of the bot: reminders that suit, or to be forgotten."""

from __future__ import annotations

from datetime import timedelta

from bot import actions, said
from bot.access import leads_cycle, led_here
from bot.changes import (
    CloseCycle,
    EraseMe,
    Outcome,
    PostReport,
    RemindAt,
    Say,
    Snooze,
    StopReminders,
)
from bot.saying import carry_on, line
from bot.snapshot import Snapshot
from core.calendar import ReminderTime
from core.enquiry import LedPartnership

_MOST_SNOOZE_DAYS = 14


def understands(rest: str) -> bool:
    """Whether the words after the report command are ones it knows; otherwise they are just text."""
    return rest.casefold() in {"", "help"}


def others_see(snapshot: Snapshot, cycle: int) -> Outcome:
    """What others will see of a cycle, told to those whom it asks and to its lead."""
    if _asked(snapshot, cycle) or leads_cycle(snapshot, cycle):
        return Outcome(says=(Say(said.OthersSee(cycle), below=True),))
    return carry_on(snapshot, line("nothing-to-start"))


def report(snapshot: Snapshot, rest: str) -> Outcome:
    """Someone asked for the partnership's report; what it does not understand gets its help."""
    if rest.strip():
        return line("report-help")
    led = led_here(snapshot)
    if not led:
        return line("only-leads")
    if len(led) > 1:
        return Outcome(says=(Say(said.WhichReport(), below=True),))
    return _report_of(led[0])


def _report_of(led: LedPartnership) -> Outcome:
    if led.open_cycle is not None:
        return Outcome(says=(Say(said.ReportChoice(led.open_cycle), below=True),))
    if led.last_closed is None:
        return line("no-cycle-yet")
    return _posted(led.last_closed)


def act(snapshot: Snapshot, action: actions.Action) -> Outcome:
    """A button that only a lead of the partnership may press."""
    match action:
        case actions.ReportOf(partnership):
            led = next((each for each in snapshot.leads if each.id == partnership), None)
            return line("only-leads") if led is None else _report_of(led)
        case actions.CloseAndReport(cycle):
            return _close_and_report(snapshot, cycle)
        case actions.PostLast(cycle):
            return _post_last(snapshot, cycle)
        case actions.Wait(cycle):
            may = _led(snapshot, cycle) or leads_cycle(snapshot, cycle) is not None
            return line("waiting", cycle) if may else line("only-leads")
        case actions.PostAgain(cycle, attempt):
            return _posted(cycle, attempt) if _led(snapshot, cycle) else line("only-leads")
        case _:
            return carry_on(snapshot, line("old-button"))


def _post_last(snapshot: Snapshot, cycle: int) -> Outcome:
    """Post the report of the cycle before this one; it stays that one when this one has closed meanwhile."""
    for led in snapshot.leads:
        if cycle == led.open_cycle or cycle in led.closed_cycles:
            later = led.closed_cycles.index(cycle) + 1 if cycle in led.closed_cycles else 0
            before = led.closed_cycles[later:]
            return _posted(before[0]) if before else line("no-cycle-yet")
    return line("only-leads")


def _posted(cycle: int, again: int | None = None) -> Outcome:
    return Outcome(changes=(PostReport(cycle, again),))


def _led(snapshot: Snapshot, cycle: int) -> bool:
    return any(cycle in each.closed_cycles for each in snapshot.leads)


def _close_and_report(snapshot: Snapshot, cycle: int) -> Outcome:
    if _led(snapshot, cycle):
        return _posted(cycle)
    led = leads_cycle(snapshot, cycle)
    if led is None:
        return line("only-leads")
    if not led.may_close_now:
        return line("too-few-to-close", cycle)
    if not led.has_channel:
        return line("no-channel")
    return Outcome(changes=(CloseCycle(cycle), PostReport(cycle)))


def reminders(snapshot: Snapshot, action: actions.Snooze | actions.StopReminders | actions.RemindAt) -> Outcome:
    """Set when reminders come, put them off, or stop them."""
    match action:
        case actions.RemindAt(when):
            if when not in set(ReminderTime):
                return carry_on(snapshot, line("old-button"))
            return Outcome((RemindAt(when),), line("reminder-time-set").says)
        case actions.Snooze(cycle, days):
            if not _asked(snapshot, cycle) or not 1 <= days <= _MOST_SNOOZE_DAYS:
                return carry_on(snapshot, line("nothing-to-start"))
            return Outcome((Snooze(cycle, snapshot.now + timedelta(days=days)),), line("snoozed", cycle).says)
        case actions.StopReminders(cycle):
            if not _asked(snapshot, cycle):
                return carry_on(snapshot, line("nothing-to-start"))
            return Outcome((StopReminders(cycle),), line("stopped", cycle).says)


def _asked(snapshot: Snapshot, cycle: int) -> bool:
    return any(each.cycle == cycle for each in snapshot.open_enquiries)


def stop_all(snapshot: Snapshot) -> Outcome:
    """``stop`` was typed: no more reminders for any cycle that is open."""
    cycles = tuple(dict.fromkeys(each.cycle for each in snapshot.open_enquiries))
    if not cycles:
        return line("nothing-open")
    return Outcome(tuple(StopReminders(cycle) for cycle in cycles), line("stopped", cycles[0]).says)


def erase() -> Outcome:
    return Outcome((EraseMe(),), line("erased").says)
