"""On with what a person was doing: begin, go on with, or come back to an enquiry."""

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
    """Begin, or go on with, the enquiry of a school."""
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
    """On with the question that is asked, be it one that was opened again."""
    enquiry = state.enquiry
    if enquiry is not None and enquiry.cycle.is_open(state.now):
        return Outcome(replies=(show_place(enquiry, below=True),))
    return resume(state)


def resume(state: TurnState) -> Outcome:
    """On with the first question that has no answer."""
    enquiry = state.enquiry
    if enquiry is not None and enquiry.cycle.is_open(state.now):
        return scores.carry_on(enquiry)
    if len(state.open_enquiries) == 1:
        only = state.open_enquiries[0]
        return start(state, only.cycle, only.school)
    return Outcome(replies=(Reply(references.Switch(), below=True),)) if state.open_enquiries else line("nothing-open")


def made_active(state: TurnState, enquiry: Enquiry, outcome: Outcome) -> Outcome:
    """What is done in an enquiry makes it the one being worked on, and a note asked for earlier is let go.

    Its question is shown then: what is typed next must not meet one of another school.
    """
    switched = state.active != enquiry.response
    outcome = with_place(enquiry, outcome) if switched else outcome
    settled = not switched and not isinstance(state.awaiting, NoteWanted)
    if settled or any(isinstance(change, SetTalk) for change in outcome.changes):
        return outcome
    return Outcome((*outcome.changes, SetTalk(enquiry.response, still_waits(state, enquiry))), outcome.replies)


def still_waits(state: TurnState, enquiry: Enquiry) -> Awaiting | None:
    """The text that waits to become a note of this enquiry, or an action that is being recorded."""
    waiting = state.awaiting
    if isinstance(waiting, TextOffered):
        return waiting if waiting.response == enquiry.response else None
    return waiting if isinstance(waiting, ActionDraft) else None
