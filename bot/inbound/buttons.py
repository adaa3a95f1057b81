"""What a button carries: what to do, and to what. Short enough for every platform, and harmless if tampered with.

A button grants nothing: permissions are checked again when it is pressed.
"""

from __future__ import annotations

from typing import TypeAlias

from bot.inbound.buttons_partnership import AboutPartnership
from core.enquiry import Audience, NoteKind
from core.framework import Perspective
from core.values import value


@value
class Score:
    """``answer`` is a level's value, or the id of a reason for giving no score."""

    response: int
    criterion: str
    perspective: Perspective
    answer: str
    revision: int
    """The row's revision when the button was shown; 0 for an unanswered row."""


@value
class Skip:
    """Skip the rows of this criterion that are still open."""

    response: int
    criterion: str


@value
class Back:
    response: int


@value
class CarryOn:
    """Go to the first unanswered row, whatever is being asked now."""

    response: int


@value
class Change:
    """Reopen a criterion; if ``criterion`` names a sub-theme, its first one."""

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
    """Save the text on offer as a note of this kind."""

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
    """Choose a sub-theme as a priority, or withdraw it: it says which, so that a double tap has no further effect."""

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
    """No more reminders for any open cycle."""


@value
class Resume:
    """Go on with the current enquiry."""


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
    """How many attempts there had been when the button was shown, so that pressing it twice posts it once."""
    area: str = ""


@value
class ReportOf:
    """The report of a partnership, on the open cycle or the last one."""

    partnership: str
    preview: bool = False


@value
class ReportOn:
    """The report on this cycle, or on one area of it."""

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
    """Look at one's own answers in the cycle that closed last."""


@value
class AskDeputy:
    """Let this deputy of a school answer in the cycle, instead of the leader who presses the button."""

    cycle: int
    school: str
    person: str


@value
class EraseMe:
    """Erase everything about the person who presses the button."""

    keep: bool = False
    """The schools keep the scores of cycles that are still open."""


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
    | AskDeputy
    | EraseMe
    | AboutPartnership
)


def response_of(press: Press) -> int | None:
    """The response a press refers to, if it names one."""
    return getattr(press, "response", None)


def note_of(press: Press) -> int | None:
    """The saved note a press refers to, if it names one."""
    return getattr(press, "note", None)


def is_about_response(press: Press) -> bool:
    return response_of(press) is not None or note_of(press) is not None
