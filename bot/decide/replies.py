"""Small pieces of what is said, shared by all parts of the conversation."""

from __future__ import annotations

from dataclasses import replace

from bot.decide.changes import Outcome, Reply
from bot.decide.turn_state import TurnState
from bot.messages import references
from core.enquiry import Choosing, Enquiry, Place, Reviewing, Scoring


def line(name: str, cycle: int | None = None) -> Outcome:
    """One of the bot's short answers."""
    return Outcome(replies=(Reply(references.ShortReply(name, cycle), below=True),))


def show_place(enquiry: Enquiry, below: bool = False) -> Reply:
    """The message of the place where this enquiry stands."""
    return show(enquiry, enquiry.place, below)


def show(enquiry: Enquiry, place: Place, below: bool = False) -> Reply:
    """The message of a place in this enquiry."""
    match place:
        case Scoring(criterion):
            return Reply(references.Card(enquiry.response, enquiry.framework.subtheme_of[criterion.id].id), below)
        case Choosing():
            return Reply(references.Priorities(enquiry.response), below)
        case Reviewing():
            return Reply(references.Review(enquiry.response), below)


_PLACES = (references.Card, references.Priorities, references.Review)


def question(what: references.MessageReference) -> references.MessageReference | None:
    """The question, list or review that this is; None where it is something else."""
    if isinstance(what, references.Card):
        return replace(what, changed=None)
    return what if isinstance(what, _PLACES) else None


def in_view(state: TurnState, enquiry: Enquiry) -> bool:
    """Whether what was asked last in this conversation is what is asked now.

    Where it is not, because the leader went on elsewhere, a bare number answers nothing they have seen.
    """
    return state.in_view == show_place(enquiry).reference


def with_place(enquiry: Enquiry, outcome: Outcome) -> Outcome:
    """The same, with the enquiry's question posted too: before a reply to what was done, else after everything."""
    if any(say.below and isinstance(say.reference, _PLACES) for say in outcome.replies):
        return outcome
    place = show_place(enquiry, below=True)
    if any(say.below for say in outcome.replies):
        return replace(outcome, replies=(place, *outcome.replies))
    return replace(outcome, replies=(*outcome.replies, place))


def posted(outcome: Outcome) -> Outcome:
    """The same as an answer to something typed, which is always posted below, where the person is looking."""
    if not outcome.replies or any(say.below for say in outcome.replies):
        return outcome
    first, *others = outcome.replies
    return replace(outcome, replies=(replace(first, below=True), *others))


def carry_on(state: TurnState, outcome: Outcome) -> Outcome:
    """The same, followed by the question the leader was at, if they were at one."""
    enquiry = state.enquiry
    if enquiry is None or not enquiry.cycle.is_open(state.now) or enquiry.response != state.active:
        return outcome
    return Outcome(outcome.changes, (*outcome.replies, show_place(enquiry, below=True)))
