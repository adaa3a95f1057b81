"""Continue what a person was doing: start, resume or return to an enquiry."""

from __future__ import annotations

from bot.decide import (
    scores,
)
from bot.decide.changes import Begin, Invited, Outcome, Reply, SetTalk
from bot.decide.replies import carry_on, line, show_place, with_place
from bot.decide.turn_state import ActionDraft, Awaiting, NoteWanted, TextOffered, TurnState
from bot.inbound import typed_text
from bot.inbound.buttons import Speak
from bot.messages import references
from core.enquiry import Enquiry


def invite(*cycles: int) -> Outcome:
    return Outcome(
        tuple(Invited(cycle) for cycle in cycles),
        tuple(Reply(references.Invitation(cycle), below=True) for cycle in cycles),
    )


def start(state: TurnState, cycle: int, school: str) -> Outcome:
    """Start or resume a school's enquiry."""
    enquiry = state.enquiry
    if enquiry is not None and (enquiry.cycle.id, enquiry.school) == (cycle, school):
        if not enquiry.cycle.is_open(state.now):
            return line("closed", cycle)
        waiting = still_waits(state, enquiry)
        return Outcome((SetTalk(enquiry.response, waiting),), (show_place(enquiry, below=True),))
    if any((each.cycle, each.school) == (cycle, school) for each in state.open_enquiries):
        return Outcome(begin=Begin(cycle, school))
    return carry_on(state, line("nothing-to-start"))


def speak(state: TurnState, language: str) -> Outcome:
    if language not in typed_text.WORDS:
        return carry_on(state, line("old-button"))
    outcome = carry_on(state, line("language"))
    return Outcome((Speak(language), *outcome.changes), outcome.replies)


def back_to_place(state: TurnState) -> Outcome:
    """Return to the current question, which may be a reopened one."""
    enquiry = state.enquiry
    if enquiry is not None and enquiry.cycle.is_open(state.now):
        return Outcome(replies=(show_place(enquiry, below=True),))
    return resume(state)


def resume(state: TurnState) -> Outcome:
    """Go to the first unanswered question."""
    enquiry = state.enquiry
    if enquiry is not None and enquiry.cycle.is_open(state.now):
        return scores.carry_on(enquiry)
    if len(state.open_enquiries) == 1:
        only = state.open_enquiries[0]
        return start(state, only.cycle, only.school)
    return Outcome(replies=(Reply(references.Switch(), below=True),)) if state.open_enquiries else line("nothing-open")


def made_active(state: TurnState, enquiry: Enquiry, outcome: Outcome) -> Outcome:
    """Acting in an enquiry makes it the current one, and cancels a note asked for earlier.

    Its question is then shown, so that the next typed text can't answer a question of another school.
    """
    switched = state.active != enquiry.response
    outcome = with_place(enquiry, outcome) if switched else outcome
    settled = not switched and not isinstance(state.awaiting, NoteWanted)
    if settled or any(isinstance(change, SetTalk) for change in outcome.changes):
        return outcome
    return Outcome((*outcome.changes, SetTalk(enquiry.response, still_waits(state, enquiry))), outcome.replies)


def still_waits(state: TurnState, enquiry: Enquiry) -> Awaiting | None:
    """Text waiting to become a note of this enquiry, or an agreed action still being recorded."""
    waiting = state.awaiting
    if isinstance(waiting, TextOffered):
        return waiting if waiting.response == enquiry.response else None
    return waiting if isinstance(waiting, ActionDraft) else None
