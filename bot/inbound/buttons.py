"""What a button carries: which act, about what. Short enough for every platform, and harmless to tamper with.

Nothing here is a permission: who may do what is looked up anew when a button comes back.
"""

from __future__ import annotations

from typing import TypeAlias

from bot.inbound.buttons_partnership import AboutPartnership
from core.enquiry import Audience, NoteKind
from core.framework import Perspective
from core.values import value


@value
class Score:
    """``answer`` is a level's value, or the id of a reason why there is none."""

    response: int
    criterion: str
    perspective: Perspective
    answer: str
    revision: int
    """The row's revision when the button was shown; 0 for a row without an answer."""


@value
class Skip:
    """Leave the rows of this criterion that are still open."""

    response: int
    criterion: str


@value
class Back:
    response: int


@value
class CarryOn:
    """Go to the first row without an answer, whatever was asked for."""

    response: int


@value
class Change:
    """Open a criterion again; its sub-theme's first one where ``criterion`` names a sub-theme."""

    response: int
    criterion: str


@value
class Pause:
    response: int


@value
class ShowHint:
    response: int
    criterion: str


@value
class AddNote:
    response: int
    subtheme: str
    kind: NoteKind


@value
class WriteNote:
    """The text of a note, in ``Pressed.inputs["text"]``."""

    response: int
    subtheme: str
    kind: NoteKind


@value
class KeepText:
    """Keep the text that was offered as a note of this kind."""

    response: int
    offer: int
    kind: NoteKind


@value
class DropText:
    response: int
    offer: int


@value
class OfferNote:
    """Whether the school would share this strength, or welcome help with this development."""

    note: int
    yes: bool


@value
class ShowNoteTo:
    note: int
    audience: Audience


@value
class RemoveNote:
    note: int


@value
class Prioritise:
    """Choose a sub-theme as a priority, or take it back: what was meant, so that a double tap means it once."""

    response: int
    subtheme: str
    yes: bool


@value
class PrioritiesDone:
    response: int


@value
class OpenReview:
    response: int


@value
class ChangePriorities:
    response: int


@value
class Submit:
    response: int


@value
class Start:
    cycle: int
    school: str


@value
class NotNow:
    cycle: int


@value
class Snooze:
    cycle: int
    days: int


@value
class StopReminders:
    cycle: int


@value
class StopAllReminders:
    """No more reminders for any cycle that is open."""


@value
class Resume:
    """Go on with whatever is being worked on."""


@value
class RemindAt:
    when: str
    """A ``core.calendar.ReminderTime``."""


@value
class ShowReminderTimes:
    pass


@value
class ShowHelp:
    pass


@value
class ShowStatus:
    pass


@value
class ShowSwitch:
    pass


@value
class ShowOthersSee:
    cycle: int


@value
class Speak:
    language: str


@value
class CloseAndReport:
    cycle: int
    area: str = ""


@value
class PostLast:
    """Post the report of the last closed cycle of the partnership that this cycle belongs to."""

    cycle: int


@value
class Wait:
    cycle: int


@value
class PostAgain:
    """Post the report of this closed cycle once more."""

    cycle: int
    attempt: int
    """How often it had been put when the button was shown, so that pressing it twice posts it once."""
    area: str = ""


@value
class ReportOf:
    """The report of a partnership, be it of the open cycle or of the last one."""

    partnership: str
    preview: bool = False


@value
class ReportOn:
    """The report of this cycle, or of one area of it."""

    cycle: int
    area: str = ""
    """Empty for the whole report."""
    preview: bool = False


@value
class PackOf:
    """The meeting pack about this closed cycle."""

    cycle: int


@value
class LookBack:
    """At one's own answers in the cycle that closed last."""


@value
class EraseMe:
    """Erase everything about the person who presses it."""


Press: TypeAlias = (
    Score
    | Skip
    | Back
    | CarryOn
    | Change
    | Pause
    | ShowHint
    | AddNote
    | WriteNote
    | KeepText
    | DropText
    | OfferNote
    | ShowNoteTo
    | RemoveNote
    | Prioritise
    | PrioritiesDone
    | OpenReview
    | ChangePriorities
    | Submit
    | Start
    | NotNow
    | Snooze
    | StopReminders
    | StopAllReminders
    | Resume
    | RemindAt
    | ShowReminderTimes
    | ShowHelp
    | ShowStatus
    | ShowSwitch
    | ShowOthersSee
    | Speak
    | CloseAndReport
    | PostLast
    | Wait
    | PostAgain
    | ReportOf
    | ReportOn
    | PackOf
    | LookBack
    | EraseMe
    | AboutPartnership
)


def response_of(press: Press) -> int | None:
    """The response that a press is about, where it names one."""
    return getattr(press, "response", None)


def note_of(press: Press) -> int | None:
    """The kept note that a press is about, where it names one."""
    return getattr(press, "note", None)


def is_about_response(press: Press) -> bool:
    return response_of(press) is not None or note_of(press) is not None
