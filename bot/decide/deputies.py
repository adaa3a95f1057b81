"""A leader lets their deputy answer: once, or while they are away."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.decide.changes import AwayUntil, Outcome, Reply
from bot.decide.replies import asked_by, carry_on, line
from bot.decide.turn_state import TurnState
from bot.inbound.buttons import AskDeputy
from bot.inbound.typed_dates import read_day
from bot.messages import references

_USUAL_ZONE: Final = "Europe/London"
"""For somebody who is answering nothing at the moment."""
_LONGEST: Final = timedelta(days=366)


def show() -> Outcome:
    return Outcome(replies=(Reply(references.Deputies(), below=True),))


def ask(state: TurnState, press: AskDeputy) -> Outcome:
    """Whether the deputy is one is looked up when it is applied."""
    if any((each.cycle, each.school) == (press.cycle, press.school) for each in state.open_enquiries):
        return Outcome((press,), asked_by(references.Deputies()))
    return carry_on(state, line("nothing-to-start"))


def away(state: TurnState, rest: str) -> Outcome:
    """``away until 5 December``: until then the deputies are asked."""
    zone = ZoneInfo(_USUAL_ZONE if state.enquiry is None else state.enquiry.cycle.timezone)
    today = state.now.astimezone(zone).date()
    day = read_day(rest.removeprefix("until ").removeprefix("tan ").strip(), today) if rest.strip() else None
    if day is None or day < today or day - today > _LONGEST:
        return line("away-how")
    until = datetime.combine(day, time.max, zone)
    return Outcome((AwayUntil(until),), line("away-until").replies)
