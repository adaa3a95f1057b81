"""How a button's value is written into a message and read back: its name, then its fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from operator import call
from typing import Any, Final

from bot.inbound import buttons, buttons_partnership
from bot.inbound.buttons import Press
from core.enquiry import Audience, NoteKind, Visibility
from core.framework import Perspective

BUTTONS: Final[Mapping[str, type[Any]]] = {
    "Score": buttons.Score,
    "Skip": buttons.Skip,
    "Back": buttons.Back,
    "CarryOn": buttons.CarryOn,
    "Change": buttons.Change,
    "Pause": buttons.Pause,
    "ShowHint": buttons.ShowHint,
    "AddNote": buttons.AddNote,
    "WriteNote": buttons.WriteNote,
    "KeepText": buttons.KeepText,
    "DropText": buttons.DropText,
    "OfferNote": buttons.OfferNote,
    "ShowNoteTo": buttons.ShowNoteTo,
    "RemoveNote": buttons.RemoveNote,
    "Prioritise": buttons.Prioritise,
    "PrioritiesDone": buttons.PrioritiesDone,
    "OpenReview": buttons.OpenReview,
    "ChangePriorities": buttons.ChangePriorities,
    "Submit": buttons.Submit,
    "Start": buttons.Start,
    "NotNow": buttons.NotNow,
    "Snooze": buttons.Snooze,
    "StopReminders": buttons.StopReminders,
    "StopAllReminders": buttons.StopAllReminders,
    "Resume": buttons.Resume,
    "RemindAt": buttons.RemindAt,
    "ShowReminderTimes": buttons.ShowReminderTimes,
    "ShowHelp": buttons.ShowHelp,
    "ShowStatus": buttons.ShowStatus,
    "ShowSwitch": buttons.ShowSwitch,
    "ShowOthersSee": buttons.ShowOthersSee,
    "Speak": buttons.Speak,
    "CloseAndReport": buttons.CloseAndReport,
    "PostLast": buttons.PostLast,
    "Wait": buttons.Wait,
    "PostAgain": buttons.PostAgain,
    "ReportOf": buttons.ReportOf,
    "ReportOn": buttons.ReportOn,
    "PackOf": buttons.PackOf,
    "LookBack": buttons.LookBack,
    "AskDeputy": buttons.AskDeputy,
    "EraseMe": buttons.EraseMe,
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
"""Buttons by the name on the wire. Messages posted years ago carry these names: a class may be renamed, its name here
may not, and a new field must go last and have a default.
"""

_SEPARATOR: Final = "|"
_MOST_DIGITS: Final = 18


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
"""For each button, how to read its values and how many it needs, so that buttons posted before a field was added still
work.
"""


_WRITTEN: Mapping[type[Any], tuple[str, tuple[str, ...]]] = {
    kind: (name, tuple(field.name for field in fields(kind))) for name, kind in BUTTONS.items()
}


def wire_name(press: Press) -> str:
    """The name that this kind of button carries."""
    return _WRITTEN[type(press)][0]


def encode(press: Press) -> str:
    name, values = _WRITTEN[type(press)]
    return _SEPARATOR.join([name, *[_written(getattr(press, each)) for each in values]])


def _written(value: object) -> str:
    return ("no", "yes")[value] if isinstance(value, bool) else str(value)


def decode(carried: str) -> Press | None:
    """The press that a button stands for, or None if no button of ours ever carried this value."""
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
    """Whether it is ASCII without control characters, as ids are; PostgreSQL rejects a NUL, for one."""
    return carried.isascii() and carried.isprintable()
