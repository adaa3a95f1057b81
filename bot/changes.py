"""What an event changes: a closed list of facts, applied in the event's own transaction by ``bot.handle``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from bot.said import Said
from bot.snapshot import Awaiting
from core.enquiry import Answer, AskedFor, Audience, Note
from core.framework import Row


@dataclass(frozen=True, slots=True)
class SaveAnswer:
    response: int
    row: Row
    answer: Answer
    """Its revision is counted by what keeps it."""


@dataclass(frozen=True, slots=True)
class AskFor:
    response: int
    asked_for: AskedFor | None


@dataclass(frozen=True, slots=True)
class SetPriorities:
    response: int
    subthemes: tuple[str, ...]
    done: bool


@dataclass(frozen=True, slots=True)
class KeepNote:
    response: int
    note: Note


@dataclass(frozen=True, slots=True)
class OfferNote:
    note: int
    yes: bool


@dataclass(frozen=True, slots=True)
class ShowNoteTo:
    note: int
    audience: Audience


@dataclass(frozen=True, slots=True)
class RemoveNote:
    note: int


@dataclass(frozen=True, slots=True)
class Submit:
    response: int


@dataclass(frozen=True, slots=True)
class SetTalk:
    """Which response is worked on, and what was asked of the person last."""

    active: int | None
    awaiting: Awaiting | None


@dataclass(frozen=True, slots=True)
class Speak:
    language: str


@dataclass(frozen=True, slots=True)
class RemindAt:
    when: str


@dataclass(frozen=True, slots=True)
class Snooze:
    cycle: int
    until: datetime


@dataclass(frozen=True, slots=True)
class Invited:
    """The person has seen the invitation of this cycle, so that the clock need not send it."""

    cycle: int


@dataclass(frozen=True, slots=True)
class StopReminders:
    cycle: int


@dataclass(frozen=True, slots=True)
class CloseCycle:
    cycle: int


@dataclass(frozen=True, slots=True)
class PostReport:
    """Post the report of a closed cycle in its partnership's channels, and tell the lead where it went."""

    cycle: int
    again: int | None = None
    """The attempt at which the lead was shown the button that posts it once more; None to post it if it never was."""


@dataclass(frozen=True, slots=True)
class PersonLeft:
    """The person removed the bot: their conversation can't be written to any more."""


@dataclass(frozen=True, slots=True)
class EraseMe:
    pass


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
    | Snooze
    | Invited
    | StopReminders
    | CloseCycle
    | PostReport
    | PersonLeft
    | EraseMe
)


@dataclass(frozen=True, slots=True)
class Say:
    said: Said
    below: bool = False
    """Post it anew at the end of the conversation; otherwise it takes the place of its earlier version."""


@dataclass(frozen=True, slots=True)
class Begin:
    """A response has to be begun before the event can be answered; the event is then stepped once more."""

    cycle: int
    school: str


@dataclass(frozen=True, slots=True)
class Outcome:
    changes: tuple[Change, ...] = ()
    says: tuple[Say, ...] = ()
    begin: Begin | None = None
