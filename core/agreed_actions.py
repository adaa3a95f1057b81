"""Improvement actions that a partnership agrees at its meeting: who does what, by when, and how it is going."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final, Literal, TypeAlias
from zoneinfo import ZoneInfo

from core.calendar import SchoolCalendar
from core.framework import Framework, Text
from core.half_terms import last_day_before_half_term, last_day_of_term
from core.values import value

ENCOURAGED: Final = 3
"""How many actions a meeting is encouraged to agree at most; more are kept."""
MOST_CHARACTERS: Final = 500
"""An action is a sentence or two."""
MOST_DAYS_AHEAD: Final = 730

_MENDED_FOR: Final = timedelta(minutes=30)
_TOO_SOON: Final = timedelta(days=14)


class ActionState(StrEnum):
    OPEN = "open"
    CARRIED_ON = "carried-on"
    DONE = "done"


@value
class Owner:
    """A school that can lead on an action."""

    id: str
    name: str


@value
class AgreedAction:
    id: int
    partnership: str
    round: datetime | None
    """When the cycle whose report the meeting discussed opened; None where no cycle had closed yet."""
    subtheme: str
    title: Text
    """The sub-theme's."""
    words: str
    owner: Owner
    due_on: date | None
    """None for "by our next meeting"."""
    state: ActionState
    agreed_at: datetime
    posted: bool


@value
class NewAction:
    """An action to be stored; its owner is a school's id."""

    id: int
    partnership: str
    subtheme: str
    words: str
    owner: str
    due_on: date | None


@value
class ActionPlan:
    """What a partnership has agreed, and what it can agree on, as one of its people sees it."""

    id: str
    name: str
    framework: Framework
    owners: tuple[Owner, ...]
    """Its schools, by name."""
    calendar: SchoolCalendar
    actions: tuple[AgreedAction, ...]
    """The current ones, in the order in which they were agreed."""
    leads: bool
    own_schools: frozenset[str]
    """Those of its schools that this person leads."""
    has_channel: bool

    def may_settle(self, action: AgreedAction) -> bool:
        """Whether this person may say if it is done: the owner's leaders and the partnership's lead may."""
        return self.leads or action.owner.id in self.own_schools

    def this_round(self, action: AgreedAction) -> int:
        """How many actions were agreed at the same meeting, including this one."""
        return sum(each.round == action.round for each in self.actions)


def in_order(actions: Iterable[AgreedAction]) -> tuple[AgreedAction, ...]:
    return tuple(sorted(actions, key=lambda each: (each.agreed_at, each.id)))


def current(actions: Iterable[AgreedAction]) -> tuple[AgreedAction, ...]:
    """Everything agreed at the latest meeting, and anything from earlier meetings that is not done yet."""
    all_ = in_order(actions)
    latest = max((each.round for each in all_ if each.round is not None), default=None)
    return tuple(each for each in all_ if each.round == latest or each.state is not ActionState.DONE)


def last_time(actions: Iterable[AgreedAction], opens_at: datetime) -> tuple[AgreedAction, ...]:
    """What had been agreed at the meetings before the one about the cycle that opened at this time."""
    return current(each for each in actions if each.round is None or each.round < opens_at)


def posted_at(last_changed: datetime, zone: ZoneInfo) -> datetime:
    """When the actions of a meeting are posted: the same day, after time to correct a slip or add another."""
    at = last_changed + _MENDED_FOR
    same_day = at.astimezone(zone).date() == last_changed.astimezone(zone).date()
    return at if same_day else last_changed


DayKind: TypeAlias = Literal["half-term", "end-of-term"]


def suggested_days(calendar: SchoolCalendar, today: date) -> tuple[tuple[DayKind, date], ...]:
    """Suggested due dates, at least two weeks ahead; empty where the calendar has none."""
    after = today + _TOO_SOON
    half_term, end = last_day_before_half_term(calendar, after), last_day_of_term(calendar, after)
    found: list[tuple[DayKind, date]] = []
    if half_term is not None:
        found.append(("half-term", half_term))
    if end is not None:
        found.append(("end-of-term", end))
    return tuple(sorted(found, key=lambda each: each[1]))


def listed(agreements: Iterable[ActionPlan]) -> tuple[tuple[ActionPlan, AgreedAction], ...]:
    """Every action in the order in which a person sees them numbered."""
    return tuple((agreement, action) for agreement in agreements for action in agreement.actions)


def find_action(agreements: Iterable[ActionPlan], action: int) -> tuple[ActionPlan, AgreedAction] | None:
    """The action with this number, and the agreement it belongs to."""
    return next((each for each in listed(agreements) if each[1].id == action), None)
