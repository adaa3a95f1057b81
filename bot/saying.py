"""Small pieces of what is said, shared by all parts of the conversation."""

from __future__ import annotations

from bot import said
from bot.changes import Outcome, Say
from bot.snapshot import Snapshot
from core.enquiry import Choosing, Enquiry, Reviewing, Scoring


def line(name: str, cycle: int | None = None) -> Outcome:
    """One of the bot's short answers."""
    return Outcome(says=(Say(said.Line(name, cycle), below=True),))


def show_place(enquiry: Enquiry, below: bool = False) -> Say:
    """The message of the place where this enquiry stands."""
    match enquiry.place:
        case Scoring(criterion):
            return Say(said.Card(enquiry.response, enquiry.framework.subtheme_of[criterion.id].id), below)
        case Choosing():
            return Say(said.Priorities(enquiry.response), below)
        case Reviewing():
            return Say(said.Review(enquiry.response), below)


def carry_on(snapshot: Snapshot, outcome: Outcome) -> Outcome:
    """The same, followed by the question the leader was at, if they were at one."""
    enquiry = snapshot.enquiry
    if enquiry is None or not enquiry.cycle.is_open(snapshot.now) or enquiry.response != snapshot.active:
        return outcome
    return Outcome(outcome.changes, (*outcome.says, show_place(enquiry, below=True)))
