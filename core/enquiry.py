"""One round of the enquiry: the cycle, a leader's response in it, and how far that response has come."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Final, Literal, NamedTuple, TypeAlias
from zoneinfo import ZoneInfo

from core.framework import Area, Criterion, Framework, Row, SubTheme
from core.values import value

SKIPPED: Final = "skipped"
"""The reason stored for a row the leader chose to skip, alongside the framework's own reasons."""

MOST_PRIORITIES: Final = 3


class Visibility(StrEnum):
    """How much the schools of a partnership have agreed to see of one another; fixed when a cycle opens."""

    OPEN = "open"
    OWN_AND_GROUP = "own-and-group"
    LEAD_ONLY = "lead-only"


class NoteKind(StrEnum):
    STRENGTH = "strength"
    DEVELOPMENT = "development"
    EVIDENCE = "evidence"


class Audience(StrEnum):
    """Who may read a note apart from the leaders of its author's school."""

    SCHOOL = "school"
    LEAD = "lead"
    MEETING = "meeting"


class Answer(NamedTuple):
    """Either a score or the reason why there is none. A tuple, because each turn loads dozens."""

    level: int | None
    reason: str | None
    revision: int
    """How many times this row has been answered, starting at 1."""
    at: datetime


@value
class Note:
    id: int
    subtheme: str
    kind: NoteKind
    text: str
    audience: Audience
    offered: bool | None
    """A strength its school would share, or a development it would welcome help with; None until decided."""


@value
class Cycle:
    id: int
    partnership: str
    title: str
    visibility: Visibility
    opens_at: datetime
    closes_at: datetime
    closed_at: datetime | None
    meeting_on: date | None
    timezone: str = "Europe/London"
    """The partnership's time zone, in which its times are shown."""

    def is_open(self, now: datetime) -> bool:
        return self.closed_at is None and self.opens_at <= now < self.closes_at

    def is_over(self, now: datetime) -> bool:
        """Whether it takes no more answers, even if the clock hasn't closed it yet."""
        return self.closed_at is not None or self.closes_at <= now

    @property
    def over_at(self) -> datetime:
        """When it was closed, or else will be."""
        return self.closed_at or self.closes_at

    def has_met(self, now: datetime) -> bool:
        """Whether the day of its meeting has passed."""
        return self.meeting_on is not None and self.meeting_on < now.astimezone(ZoneInfo(self.timezone)).date()


@value
class Scoring:
    """The conversation is at this criterion; a plain number answers ``row``."""

    criterion: Criterion
    row: Row


@value
class Choosing:
    """Every row has been answered; the leader chooses the partnership's priorities."""


@value
class Reviewing:
    """Everything has been asked; the leader reviews and submits."""


Place: TypeAlias = Scoring | Choosing | Reviewing
AskedFor: TypeAlias = Row | Literal["priorities", "review"]


@value
class Account:
    """A person's identity on one chat platform. ``tenant`` is the workspace or organisation it belongs to."""

    platform: str
    tenant: str
    user: str


@value
class Known:
    """A person the bot knows."""

    id: str
    name: str
    language: str
    reminder_time: str


@value
class OpenEnquiry:
    """An open cycle that asks this person about this school, whether begun or not."""

    cycle: int
    cycle_title: str
    partnership_name: str
    school: str
    school_name: str
    closes_at: datetime
    response: int | None
    submitted: bool


@value
class LedCycle:
    """A cycle that has begun, as its lead refers to it."""

    id: int
    number: int
    """1 for the first of its partnership."""
    title: str
    areas: tuple[Area, ...]
    """Those that it asks about."""


@value
class LedPartnership:
    """A partnership this person leads, with what a lead may know before a cycle closes."""

    id: str
    name: str
    open: LedCycle | None
    closed: tuple[LedCycle, ...]
    """The one that closed last comes first."""
    schools: int
    """The schools on the open cycle's roster; 0 without an open cycle."""
    submitted: int
    has_channel: bool
    """Whether it has a channel to post its report in."""

    @property
    def begun(self) -> tuple[LedCycle, ...]:
        """The open cycle, then the closed ones, latest first."""
        return (*(() if self.open is None else (self.open,)), *self.closed)

    @property
    def open_cycle(self) -> int | None:
        return None if self.open is None else self.open.id

    @property
    def closed_cycles(self) -> tuple[int, ...]:
        """The one that closed last comes first."""
        return tuple(each.id for each in self.closed)

    @property
    def last_closed(self) -> int | None:
        return next(iter(self.closed_cycles), None)

    @property
    def may_close_now(self) -> bool:
        """Whether a lead may close the cycle early: once 60% of its schools have submitted."""
        return self.open_cycle is not None and self.submitted * 5 >= self.schools * 3


@value
class Enquiry:
    """One leader's response in one cycle for one school, with everything the conversation needs to continue."""

    response: int
    cycle: Cycle
    partnership_name: str
    school: str
    school_name: str
    framework: Framework
    """Already narrowed to the cycle's scope."""
    answers: Mapping[Row, Answer]
    previous: Mapping[Row, Answer]
    """This leader's answers for the same school in an earlier cycle, where the framework's version is the same.

    Only in an enquiry that was loaded to be shown.
    """
    notes: tuple[Note, ...]
    priorities: tuple[str, ...]
    priorities_done: bool
    asked_for: AskedFor | None
    submitted_at: datetime | None
    left_behind: bool = False
    """Somebody gave these answers who leads the school no more. Only in an enquiry that was loaded to be shown."""
    asked_by_several: bool = False
    """Another partnership has the person's school by this name too, so headings have to say which one is asking.

    Only in an enquiry that was loaded to be shown.
    """

    @property
    def named(self) -> str:
        """The school, as a heading names it."""
        return f"{self.school_name}, {self.partnership_name}" if self.asked_by_several else self.school_name

    @property
    def place(self) -> Place:
        """Where the conversation is: what was asked for, else the first row without an answer, else the review."""
        return self.place_after((), self.asked_for)

    def place_after(self, answered: Collection[Row], asked_for: AskedFor | None) -> Place:
        """Where it will be once these rows have answers too, and this is asked for."""
        if isinstance(asked_for, Row) and asked_for.criterion in self.framework.criterion_by_id:
            return self._scoring(asked_for)
        if asked_for == "priorities":
            return Choosing()
        if asked_for == "review":
            return Reviewing()
        answers = self.answers
        for row in self.framework.rows:
            if row not in answers and row not in answered:
                return self._scoring(row)
        return Choosing() if self.chooses_priorities and not self.priorities_done else Reviewing()

    @property
    def chooses_priorities(self) -> bool:
        """Whether priorities are chosen: not where only one sub-theme is asked."""
        return len(self.framework.subthemes) > 1

    def _scoring(self, row: Row) -> Scoring:
        return Scoring(self.framework.criterion_by_id[row.criterion], row)

    def first_open(self) -> Row | None:
        return next((row for row in self.framework.rows if row not in self.answers), None)

    def open_rows(self, criterion: str) -> tuple[Row, ...]:
        answers = self.answers
        return tuple([row for row in self.framework.rows_of[criterion] if row not in answers])

    def is_finished(self, subtheme: SubTheme) -> bool:
        return not any(self.open_rows(criterion.id) for criterion in subtheme.criteria)

    def answered_criteria(self) -> int:
        answers = self.answers
        return sum(all(row in answers for row in rows) for rows in self.framework.rows_of.values())
