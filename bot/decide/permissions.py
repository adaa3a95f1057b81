"""Who may do what. ``core.services`` checks the same again where it acts."""

from __future__ import annotations

from bot.decide.turn_state import TurnState
from core.enquiry import LedPartnership


def led_here(state: TurnState) -> tuple[LedPartnership, ...]:
    """The partnerships whose report this person may ask for here: in a channel, only the channel's own."""
    return tuple(each for each in state.leads if state.here in (None, each.id))


def leads_cycle(state: TurnState, cycle: int) -> LedPartnership | None:
    """The partnership whose open cycle this is, if this person leads it."""
    return next((each for each in state.leads if each.open_cycle == cycle), None)
