"""Small pieces of replies, shared by all parts of the conversation."""

from __future__ import annotations

from dataclasses import replace

from bot.decide.changes import Outcome, Reply
from bot.decide.turn_state import TurnState
from bot.messages import references
from core.enquiry import Choosing, Enquiry, Place, Reviewing, Scoring


def line(name: str, cycle: int | None = None) -> Outcome:
    """A reference to one of the bot's short replies."""
    return Outcome(replies=(Reply(references.ShortReply(name, cycle), below=True),))


def first_saying(name: str, outcome: Outcome) -> Outcome:
    """The same replies, after one of the bot's short replies."""
    return replace(outcome, replies=(*line(name).replies, *outcome.replies))


def asked_by(*messages: references.MessageReference) -> tuple[Reply, ...]:
    """The messages that asked a question, wherever they stand, with the answer that has just been given."""
    return tuple(Reply(each, if_there=True) for each in messages)


def show_place(enquiry: Enquiry, below: bool = False) -> Reply:
    """The message for the place this enquiry has reached."""
    return show(enquiry, enquiry.place, below)


def show(enquiry: Enquiry, place: Place, below: bool = False) -> Reply:
    """The message for a place in this enquiry."""
    match place:
        case Scoring(criterion):
            return Reply(references.Card(enquiry.response, enquiry.framework.subtheme_of[criterion.id].id), below)
        case Choosing():
            return Reply(references.Priorities(enquiry.response), below)
        case Reviewing():
            return Reply(references.Review(enquiry.response), below)


_PLACES = (references.Card, references.Priorities, references.Review)


def question(what: references.MessageReference) -> references.MessageReference | None:
    """The question, list or review that a reference shows; None if it is something else."""
    if isinstance(what, references.Card):
        return replace(what, changed=None)
    return what if isinstance(what, _PLACES) else None


def in_view(state: TurnState, enquiry: Enquiry) -> bool:
    """Whether the question asked last in this conversation is still the current one.

    If the leader moved on elsewhere, a bare number here would answer a question they haven't seen.
    """
    return state.in_view == show_place(enquiry).reference


def with_place(enquiry: Enquiry, outcome: Outcome) -> Outcome:
    """Also post the enquiry's question: before the replies if any are posted at the bottom, otherwise after them."""
    if any(say.below and isinstance(say.reference, _PLACES) for say in outcome.replies):
        return outcome
    place = show_place(enquiry, below=True)
    if any(say.below for say in outcome.replies):
        return replace(outcome, replies=(place, *outcome.replies))
    return replace(outcome, replies=(*outcome.replies, place))


def posted(outcome: Outcome) -> Outcome:
    """Post the replies at the bottom, as after typed text, where the person is looking."""
    if not outcome.replies or any(say.below for say in outcome.replies):
        return outcome
    first, *others = outcome.replies
    return replace(outcome, replies=(replace(first, below=True), *others))


def carry_on(state: TurnState, outcome: Outcome) -> Outcome:
    """Follow the replies with the leader's current question, if they have one."""
    enquiry = state.enquiry
    if enquiry is None or not enquiry.cycle.is_open(state.now) or enquiry.response != state.active:
        return outcome
    return Outcome(outcome.changes, (*outcome.replies, show_place(enquiry, below=True)))
