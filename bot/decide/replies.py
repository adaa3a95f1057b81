"""Small pieces of what is said, shared by all parts of the conversation."""

from __future__ import annotations

from dataclasses import replace

from bot.decide.changes import Outcome, Say
from bot.decide.turn_state import Snapshot
from bot.messages import references
from core.enquiry import Choosing, Enquiry, Place, Reviewing, Scoring


def line(name: str, cycle: int | None = None) -> Outcome:
    """One of the bot's short answers."""
    return Outcome(says=(Say(references.Line(name, cycle), below=True),))


def show_place(enquiry: Enquiry, below: bool = False) -> Say:
    """The message of the place where this enquiry stands."""
    return show(enquiry, enquiry.place, below)


def show(enquiry: Enquiry, place: Place, below: bool = False) -> Say:
    """The message of a place in this enquiry."""
    match place:
        case Scoring(criterion):
            return Say(references.Card(enquiry.response, enquiry.framework.subtheme_of[criterion.id].id), below)
        case Choosing():
            return Say(references.Priorities(enquiry.response), below)
        case Reviewing():
            return Say(references.Review(enquiry.response), below)


_PLACES = (references.Card, references.Priorities, references.Review)


def question(what: references.Said) -> references.Said | None:
    """The question, list or review that this is; None where it is something else."""
    if isinstance(what, references.Card):
        return replace(what, changed=None)
    return what if isinstance(what, _PLACES) else None


def in_view(snapshot: Snapshot, enquiry: Enquiry) -> bool:
    """Whether what was asked last in this conversation is what is asked now.

    Where it is not, because the leader went on elsewhere, a bare number answers nothing they have seen.
    """
    return snapshot.in_view == show_place(enquiry).said


def with_place(enquiry: Enquiry, outcome: Outcome) -> Outcome:
    """The same, with the enquiry's question posted too: before a reply to what was done, else after everything."""
    if any(say.below and isinstance(say.said, _PLACES) for say in outcome.says):
        return outcome
    place = show_place(enquiry, below=True)
    if any(say.below for say in outcome.says):
        return replace(outcome, says=(place, *outcome.says))
    return replace(outcome, says=(*outcome.says, place))


def posted(outcome: Outcome) -> Outcome:
    """The same as an answer to something typed, which is always posted below, where the person is looking."""
    if not outcome.says or any(say.below for say in outcome.says):
        return outcome
    first, *others = outcome.says
    return replace(outcome, says=(replace(first, below=True), *others))


def carry_on(snapshot: Snapshot, outcome: Outcome) -> Outcome:
    """The same, followed by the question the leader was at, if they were at one."""
    enquiry = snapshot.enquiry
    if enquiry is None or not enquiry.cycle.is_open(snapshot.now) or enquiry.response != snapshot.active:
        return outcome
    return Outcome(outcome.changes, (*outcome.says, show_place(enquiry, below=True)))
