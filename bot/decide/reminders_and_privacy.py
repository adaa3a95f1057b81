"""What anyone may ask of the bot: who will see what, reminders that suit, or to be forgotten."""

from __future__ import annotations

from datetime import timedelta

from bot.decide.changes import (
    EraseMe,
    Outcome,
    RemindAt,
    Say,
    Snooze,
    StopReminders,
)
from bot.decide.permissions import leads_cycle
from bot.decide.replies import carry_on, line
from bot.decide.turn_state import Snapshot
from bot.inbound import buttons
from bot.messages import references, references_partnership
from core.calendar import ReminderTime

_MOST_SNOOZE_DAYS = 14


def others_see(snapshot: Snapshot, cycle: int) -> Outcome:
    """What others will see of a cycle, told to those whom it asks and to its lead."""
    if _asked(snapshot, cycle) or leads_cycle(snapshot, cycle):
        return Outcome(says=(Say(references.OthersSee(cycle), below=True),))
    return carry_on(snapshot, line("nothing-to-start"))


def reminders(snapshot: Snapshot, action: buttons.Snooze | buttons.StopReminders | buttons.RemindAt) -> Outcome:
    """Set when reminders come, put them off, or stop them."""
    match action:
        case buttons.RemindAt(when):
            if when not in set(ReminderTime):
                return carry_on(snapshot, line("old-button"))
            return Outcome((RemindAt(when),), line("reminder-time-set").says)
        case buttons.Snooze(cycle, days):
            if not _asked(snapshot, cycle) or not 1 <= days <= _MOST_SNOOZE_DAYS:
                return carry_on(snapshot, line("nothing-to-start"))
            return Outcome((Snooze(cycle, snapshot.now + timedelta(days=days)),), line("snoozed", cycle).says)
        case buttons.StopReminders(cycle):
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


def shared_notes(snapshot: Snapshot) -> Outcome:
    """The notes that their authors chose to show the lead, who reads them alone."""
    if not snapshot.leads:
        return line("only-leads-notes")
    return Outcome(says=(Say(references_partnership.SharedNotes(), below=True),))


def responses(snapshot: Snapshot) -> Outcome:
    """Who has submitted and who has not, which only the lead is told, and never where others read along."""
    if not snapshot.leads:
        return line("only-leads-responses")
    return Outcome(says=(Say(references_partnership.Responses(), below=True),))


def erase() -> Outcome:
    return Outcome((EraseMe(),), line("erased").says)
