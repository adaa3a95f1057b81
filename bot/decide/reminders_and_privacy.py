"""What anyone may ask of the bot: who will see what, when reminders come, or to be forgotten."""

from __future__ import annotations

from datetime import timedelta

from bot.decide.changes import Outcome, Reply, SnoozeUntil
from bot.decide.permissions import leads_cycle
from bot.decide.replies import asked_by, carry_on, line
from bot.decide.turn_state import TurnState
from bot.inbound import buttons
from bot.inbound.buttons import EraseMe, RemindAt, StopReminders
from bot.messages import references, references_partnership
from core.calendar import ReminderTime

_MOST_SNOOZE_DAYS = 14


def others_see(state: TurnState, cycle: int) -> Outcome:
    """Tell the people a cycle asks, and its lead, what others will see of it."""
    if _asked(state, cycle) or leads_cycle(state, cycle):
        return Outcome(replies=(Reply(references.OthersSee(cycle), below=True),))
    return carry_on(state, line("nothing-to-start"))


def reminders(state: TurnState, action: buttons.Snooze | buttons.StopReminders | buttons.RemindAt) -> Outcome:
    """Set the time of reminders, snooze them, or stop them."""
    match action:
        case buttons.RemindAt(when):
            if when not in set(ReminderTime):
                return carry_on(state, line("old-button"))
            asked = asked_by(references.ReminderTimes())
            return Outcome((RemindAt(when),), (*line("reminder-time-set").replies, *asked))
        case buttons.Snooze(cycle, days):
            if not _asked(state, cycle) or not 1 <= days <= _MOST_SNOOZE_DAYS:
                return carry_on(state, line("nothing-to-start"))
            return Outcome((SnoozeUntil(cycle, state.now + timedelta(days=days)),), line("snoozed", cycle).replies)
        case buttons.StopReminders(cycle):
            if not _asked(state, cycle):
                return carry_on(state, line("nothing-to-start"))
            return Outcome((StopReminders(cycle),), line("stopped", cycle).replies)


def _asked(state: TurnState, cycle: int) -> bool:
    return any(each.cycle == cycle for each in state.open_enquiries)


def stop_all(state: TurnState) -> Outcome:
    """``stop`` was typed: no more reminders for any open cycle."""
    cycles = tuple(dict.fromkeys(each.cycle for each in state.open_enquiries))
    if not cycles:
        return line("nothing-open")
    return Outcome(tuple(StopReminders(cycle) for cycle in cycles), line("stopped", cycles[0]).replies)


def shared_notes() -> Outcome:
    """Show the lead, in private, the notes whose authors chose to share them."""
    return Outcome(replies=(Reply(references_partnership.SharedNotes(), below=True),))


def responses() -> Outcome:
    """Tell a lead who has and hasn't submitted; nobody else, and never where others can read it."""
    return Outcome(replies=(Reply(references_partnership.Submissions(), below=True),))


def erase(press: EraseMe) -> Outcome:
    return Outcome((press,), line("erased").replies)
