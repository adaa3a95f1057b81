"""References to messages before they are worded: ids only, so that they can wait in the outbox.

``bot.compose.composer`` turns each into a message just before it is sent, from the facts at that moment.
"""

from __future__ import annotations

import re
from typing import Annotated, Final, Literal, TypeAlias, get_args

from pydantic import Field, TypeAdapter

from bot.messages.references_partnership import AboutPartnership, AgreedActionsPosted
from bot.platform import Cause
from core.enquiry import NoteKind
from core.values import value


@value
class Invitation:
    """A cycle is open, and this is what it asks; also serves as the cycle's first nudge."""

    cycle: int
    what: Literal["invitation"] = "invitation"


@value
class Card:
    """A sub-theme: its questions while they are open, its answers afterwards."""

    response: int
    subtheme: str
    changed: str | None = None
    """The criterion whose old answer has just been replaced, mentioned in a line on the card."""
    what: Literal["card"] = "card"


@value
class Priorities:
    response: int
    what: Literal["priorities"] = "priorities"


@value
class Review:
    response: int
    what: Literal["review"] = "review"


@value
class Submitted:
    response: int
    again: bool
    what: Literal["submitted"] = "submitted"


@value
class OthersSee:
    cycle: int
    what: Literal["others-see"] = "others-see"


@value
class Hint:
    response: int
    criterion: str
    what: Literal["hint"] = "hint"


@value
class NotePrompt:
    response: int
    subtheme: str
    kind: NoteKind
    what: Literal["write-note"] = "write-note"


@value
class NoteKept:
    note: int
    what: Literal["note-kept"] = "note-kept"


@value
class OfferText:
    """Typed text that is neither a command nor a score: it is held in the talk, and may become a note."""

    offer: int
    what: Literal["offer-text"] = "offer-text"


@value
class Status:
    what: Literal["status"] = "status"


@value
class Help:
    what: Literal["help"] = "help"


@value
class Switch:
    """Which of several enquiries to work on."""

    what: Literal["switch"] = "switch"


@value
class ReminderTimes:
    what: Literal["reminder-times"] = "reminder-times"


@value
class Deputies:
    """To a leader: who could answer instead of them, and who does."""

    what: Literal["deputies"] = "deputies"


@value
class StandsIn:
    """To a deputy whom a leader asks to answer."""

    cycle: int
    school: str
    leader: str
    what: Literal["stands-in"] = "stands-in"


@value
class MyData:
    """A copy of everything stored about this person, as a file."""

    what: Literal["my-data"] = "my-data"


@value
class ShortReply:
    """One of the bot's short replies, by its name in ``bot.wording.short_replies``; ``cycle`` if it mentions one."""

    name: str
    cycle: int | None = None
    what: Literal["line"] = "line"


@value
class OutOfReach:
    """To a lead: the bot can no longer write to a leader of this school."""

    school: str
    what: Literal["out-of-reach"] = "out-of-reach"


@value
class AccountDeactivated:
    """To a lead: the organisation has deactivated an account of this person, who takes part in their partnership."""

    person: str
    what: Literal["account-deactivated"] = "account-deactivated"


@value
class LeadsNoMore:
    """To a leaver: they no longer lead this school."""

    school: str
    what: Literal["leads-no-more"] = "leads-no-more"


@value
class ResponsePassedOn:
    """To a successor: what their predecessor has answered in an open cycle is theirs to go on with."""

    response: int
    what: Literal["response-passed-on"] = "response-passed-on"


@value
class ChannelWelcome:
    """To everybody in a channel the bot was added to; ``language`` is en, cy or both, or empty while the channel
    belongs to no partnership.
    """

    language: str
    what: Literal["channel-welcome"] = "channel-welcome"


@value
class Nudge:
    """A reminder; ``last_day`` on the school day before the cycle closes."""

    cycle: int
    last_day: bool
    what: Literal["nudge"] = "nudge"


@value
class CycleDates:
    """To a lead when a cycle is opened: term dates are missing, or it has no day for a reminder."""

    cycle: int
    what: Literal["cycle-dates"] = "cycle-dates"


@value
class CycleClosed:
    """To a lead once a cycle has closed: the report can be posted."""

    cycle: int
    what: Literal["cycle-closed"] = "cycle-closed"


@value
class ReportChoice:
    """To a lead who asked for the report of an open cycle: close now, post the last one, or wait."""

    cycle: int
    area: str = ""
    what: Literal["report-choice"] = "report-choice"


@value
class WhichReport:
    """To someone who leads several partnerships, or whose words have several possible readings."""

    named: tuple[tuple[int, str], ...] = ()
    """The cycles, each with its area or an empty text; none if only the partnership has to be chosen."""
    preview: bool = False
    what: Literal["which-report"] = "which-report"


@value
class ReportsThere:
    """To a lead who asked for the report of a cycle or an area that doesn't exist."""

    what: Literal["reports-there"] = "reports-there"


@value
class Report:
    snapshot: int
    language: str
    area: str = ""
    """Empty for the whole report."""
    preview: bool = False
    """For the lead who asked only, with a button to post it."""
    what: Literal["report"] = "report"


@value
class SchoolReportMessage:
    """A school's own report, to one of its leaders."""

    snapshot: int
    school: str
    what: Literal["own-report"] = "own-report"


@value
class WhichPack:
    """To a lead whose words fit several cycles."""

    cycles: tuple[int, ...]
    what: Literal["which-pack"] = "which-pack"


@value
class MeetingPackFiles:
    """The files for a meeting, to the lead who asked."""

    snapshot: int
    what: Literal["meeting-pack"] = "meeting-pack"


PictureName: TypeAlias = Literal["overview", "schools", "schools-partnership", "counts", "priorities", "forms", "trend"]
PICTURES: Final[tuple[PictureName, ...]] = get_args(PictureName)
"""In the order in which they are shown."""
LEAD_PICTURE: Final[PictureName] = "overview"
"""Shown in the report's own message."""


@value
class ReportPicture:
    """One of the other pictures of a report, in its thread."""

    snapshot: int
    language: str
    name: PictureName
    area: str = ""
    preview: bool = False
    """For the lead who asked only."""
    what: Literal["report-picture"] = "report-picture"


def pictures_of(report: Report) -> tuple[ReportPicture, ...]:
    """The pictures posted separately; the report's own message shows the lead picture."""
    return tuple(
        ReportPicture(report.snapshot, report.language, name, report.area, report.preview)
        for name in PICTURES
        if name != LEAD_PICTURE
    )


@value
class ReportPosted:
    """To a lead: what became of the report and, unless all is well, that it can be posted again."""

    snapshot: int
    state: Literal["on-its-way", "arrived", "there", "doubtful", "failed"]
    """``arrived`` takes the place of ``on-its-way``; ``there`` answers somebody who asked for it once more."""
    attempt: int
    """How many attempts there have been; carried by the button that posts it again."""
    area: str = ""
    cause: Cause = Cause.OTHER
    """Why it failed."""
    what: Literal["report-posted"] = "report-posted"


@value
class LastAnswers:
    """A leader's own answers in a closed cycle, to look at."""

    response: int
    what: Literal["look-back"] = "look-back"


MessageReference: TypeAlias = Annotated[
    Invitation
    | Card
    | Priorities
    | Review
    | Submitted
    | OthersSee
    | Hint
    | NotePrompt
    | NoteKept
    | OfferText
    | Status
    | Help
    | Switch
    | ReminderTimes
    | Deputies
    | StandsIn
    | MyData
    | ShortReply
    | OutOfReach
    | AccountDeactivated
    | LeadsNoMore
    | ResponsePassedOn
    | ChannelWelcome
    | Nudge
    | CycleClosed
    | CycleDates
    | ReportChoice
    | WhichReport
    | ReportsThere
    | Report
    | ReportPicture
    | SchoolReportMessage
    | WhichPack
    | MeetingPackFiles
    | ReportPosted
    | LastAnswers
    | AgreedActionsPosted
    | AboutPartnership,
    Field(discriminator="what"),
]

_KIND: Final = re.compile(r'"what":"([a-z-]+)"\}$')
_said: TypeAdapter[MessageReference] = TypeAdapter(MessageReference)


def to_json(said: MessageReference) -> str:
    return _said.dump_json(said).decode()


def kind_of(stored: str) -> str | None:
    """The kind of a stored reference, without reading the rest; None if that can't be told."""
    found = _KIND.search(stored)
    return None if found is None else found[1]


def from_json(stored: str) -> MessageReference:
    return _said.validate_json(stored)
