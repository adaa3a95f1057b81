"""What an event can change: a closed list of facts, applied in the event's own transaction by ``bot.turn.handle``."""

from __future__ import annotations

from datetime import datetime
from typing import TypeAlias

from bot.decide.turn_state import Awaiting
from bot.inbound.buttons import (
    AskDeputy,
    EraseMe,
    OfferNote,
    RemindAt,
    RemoveNote,
    ShowNoteTo,
    Speak,
    StopReminders,
    Submit,
)
from bot.inbound.buttons_partnership import JoinNetwork, PostAgreedActions, RemoveAgreedAction, SumUpNetwork
from bot.messages.references import MessageReference
from core.agreed_actions import ActionState, NewAction
from core.enquiry import Answer, AskedFor, Note, Visibility
from core.framework import Row
from core.practice import Match
from core.values import value


@value
class SaveAnswer:
    response: int
    row: Row
    answer: Answer
    """An answer; whoever stores it counts its revision."""


@value
class AskFor:
    response: int
    asked_for: AskedFor | None


@value
class SetPriorities:
    response: int
    subthemes: tuple[str, ...]
    done: bool


@value
class KeepNote:
    response: int
    note: Note


@value
class SetTalk:
    """Which response the person is working on, and what they were asked last."""

    active: int | None
    awaiting: Awaiting | None


@value
class SnoozeUntil:
    cycle: int
    until: datetime


@value
class Invited:
    """The person has seen this cycle's invitation, so the clock need not send it."""

    cycle: int


@value
class CloseCycle:
    cycle: int


@value
class PostReport:
    """Post a closed cycle's report in its partnership's channels, and tell the lead where it went."""

    cycle: int
    again: int | None = None
    """The attempt count when the lead was shown the button to post again; None to post only if it never was posted."""
    area: str = ""
    """Empty for the whole report."""


@value
class PreviewReport:
    """Show a closed cycle's report to the lead who asked, and to nobody else."""

    cycle: int
    area: str = ""


@value
class SendPack:
    """Send the meeting pack of a closed cycle to the lead who asked."""

    cycle: int


@value
class AddAgreedAction:
    new: NewAction


@value
class SetAgreedActionState:
    action: int
    state: ActionState


@value
class KeepVisibilityAnswer:
    partnership: str
    school: str
    visibility: Visibility
    yes: bool


@value
class KeepPracticeAnswer:
    match: Match
    yes: bool


@value
class PersonLeft:
    """The person removed the bot: it can no longer write to them."""


@value
class AwayUntil:
    """The person is away until the end of this day."""

    until: datetime


Change: TypeAlias = (
    SaveAnswer
    | AskFor
    | SetPriorities
    | KeepNote
    | OfferNote
    | ShowNoteTo
    | RemoveNote
    | Submit
    | SetTalk
    | Speak
    | RemindAt
    | SnoozeUntil
    | Invited
    | StopReminders
    | CloseCycle
    | PostReport
    | AddAgreedAction
    | SetAgreedActionState
    | RemoveAgreedAction
    | PostAgreedActions
    | PreviewReport
    | SendPack
    | KeepVisibilityAnswer
    | KeepPracticeAnswer
    | JoinNetwork
    | SumUpNetwork
    | PersonLeft
    | EraseMe
    | AskDeputy
    | AwayUntil
)


@value
class Reply:
    reference: MessageReference
    below: bool = False
    """Post it at the end of the conversation; otherwise it replaces its earlier version in place."""
    if_there: bool = False
    """Only where it was posted before: a message that asked, which now shows the answer."""


@value
class Begin:
    """The event needs a response that hasn't been started: start it, then step the event once more."""

    cycle: int
    school: str


@value
class Outcome:
    changes: tuple[Change, ...] = ()
    replies: tuple[Reply, ...] = ()
    begin: Begin | None = None
