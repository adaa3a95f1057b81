"""What a button carries: which act, about what. Short enough for every platform, and harmless to tamper with.

Nothing here is a permission: who may do what is looked up anew when a button comes back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from operator import call
from typing import Any, Final, TypeAlias

from bot.inbound import buttons_partnership
from bot.inbound.buttons_partnership import AboutPartnership
from core.enquiry import Audience, NoteKind, Visibility
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

BUTTONS: Final[Mapping[str, type[Any]]] = {
    "Score": Score,
    "Skip": Skip,
    "Back": Back,
    "CarryOn": CarryOn,
    "Change": Change,
    "Pause": Pause,
    "ShowHint": ShowHint,
    "AddNote": AddNote,
    "WriteNote": WriteNote,
    "KeepText": KeepText,
    "DropText": DropText,
    "OfferNote": OfferNote,
    "ShowNoteTo": ShowNoteTo,
    "RemoveNote": RemoveNote,
    "Prioritise": Prioritise,
    "PrioritiesDone": PrioritiesDone,
    "OpenReview": OpenReview,
    "ChangePriorities": ChangePriorities,
    "Submit": Submit,
    "Start": Start,
    "NotNow": NotNow,
    "Snooze": Snooze,
    "StopReminders": StopReminders,
    "StopAllReminders": StopAllReminders,
    "Resume": Resume,
    "RemindAt": RemindAt,
    "ShowReminderTimes": ShowReminderTimes,
    "ShowHelp": ShowHelp,
    "ShowStatus": ShowStatus,
    "ShowSwitch": ShowSwitch,
    "ShowOthersSee": ShowOthersSee,
    "Speak": Speak,
    "CloseAndReport": CloseAndReport,
    "PostLast": PostLast,
    "Wait": Wait,
    "PostAgain": PostAgain,
    "ReportOf": ReportOf,
    "ReportOn": ReportOn,
    "PackOf": PackOf,
    "LookBack": LookBack,
    "EraseMe": EraseMe,
    "RecordAction": buttons_partnership.RecordAgreedAction,
    "DraftPartnership": buttons_partnership.DraftPartnership,
    "DraftSubtheme": buttons_partnership.DraftSubtheme,
    "DraftWords": buttons_partnership.DraftWords,
    "DraftOwner": buttons_partnership.DraftOwner,
    "DraftDue": buttons_partnership.DraftDue,
    "DropDraft": buttons_partnership.DropDraft,
    "ShowAgreed": buttons_partnership.ShowAgreedActions,
    "SettleAction": buttons_partnership.SettleAgreedAction,
    "RemoveAction": buttons_partnership.RemoveAgreedAction,
    "PostActions": buttons_partnership.PostAgreedActions,
    "ShowVisibility": buttons_partnership.ShowVisibility,
    "SaySeen": buttons_partnership.SayVisibility,
    "ShowPractice": buttons_partnership.ShowPractice,
    "AnswerPractice": buttons_partnership.AnswerPractice,
    "ShowNetworks": buttons_partnership.ShowNetworks,
    "JoinNetwork": buttons_partnership.JoinNetwork,
    "SumUpNetwork": buttons_partnership.SumUpNetwork,
}
"""By the name on the wire. Messages that were posted years ago carry these names: a class may be renamed,
its name here may not, and a field may only be added behind the others, with a default.
"""

_SEPARATOR = "|"
_MOST_DIGITS = 18


def _number(written: str) -> int:
    if not (written.isascii() and written.isdigit() and len(written) <= _MOST_DIGITS):
        raise ValueError(written)
    return int(written)


_READ: Mapping[str, Callable[[str], object]] = {
    "int": _number,
    "str": str,
    "bool": {"yes": True, "no": False}.__getitem__,
    "Perspective": {each.value: each for each in Perspective}.__getitem__,
    "NoteKind": {each.value: each for each in NoteKind}.__getitem__,
    "Visibility": {each.value: each for each in Visibility}.__getitem__,
    "Audience": {each.value: each for each in Audience}.__getitem__,
}
_BY_NAME: Mapping[str, tuple[type[Any], tuple[Callable[[str], object], ...], int]] = {
    name: (
        kind,
        tuple(_READ[str(field.type)] for field in fields(kind)),
        sum(field.default is MISSING for field in fields(kind)),
    )
    for name, kind in BUTTONS.items()
}
"""For each its readers, and how many values it needs: a button that was posted before it had more still works."""


_WRITTEN: Mapping[type[Any], tuple[str, tuple[str, ...]]] = {
    kind: (name, tuple(field.name for field in fields(kind))) for name, kind in BUTTONS.items()
}


def wire_name(press: Press) -> str:
    """The name that its button carries."""
    return _WRITTEN[type(press)][0]


def encode(press: Press) -> str:
    name, values = _WRITTEN[type(press)]
    return _SEPARATOR.join([name, *[_written(getattr(press, each)) for each in values]])


def _written(value: object) -> str:
    return ("no", "yes")[value] if isinstance(value, bool) else str(value)


def decode(carried: str) -> Press | None:
    """The press that a button stands for, or None where no button of ours ever carried this."""
    name, *written = carried.split(_SEPARATOR)
    kind, readers, least = _BY_NAME.get(name, (None, (), 0))
    if kind is None or not least <= len(written) <= len(readers) or not _could_be_ours(carried):
        return None
    try:
        press: Press = kind(*map(call, readers, written))
    except (ValueError, KeyError):
        return None
    return press


def _could_be_ours(carried: str) -> bool:
    """Ids are written in ASCII; and a NUL, for one, is refused by PostgreSQL."""
    return carried.isascii() and carried.isprintable()


def response_of(press: Press) -> int | None:
    """The response that a press is about, where it names one."""
    return getattr(press, "response", None)


def note_of(press: Press) -> int | None:
    """The kept note that a press is about, where it names one."""
    return getattr(press, "note", None)


def is_about_response(press: Press) -> bool:
    return response_of(press) is not None or note_of(press) is not None
