"""Who may do what. ``core.services`` checks the same again where it acts."""

from __future__ import annotations

from bot.decide.turn_state import Snapshot
from core.enquiry import LedPartnership


def led_here(snapshot: Snapshot) -> tuple[LedPartnership, ...]:
    """The partnerships whose report this person may ask for here: in a channel, only the channel's own."""
    return tuple(each for each in snapshot.leads if snapshot.here in (None, each.id))


def leads_cycle(snapshot: Snapshot, cycle: int) -> LedPartnership | None:
    """The partnership whose open cycle this is, if this person leads it."""
    return next((each for each in snapshot.leads if each.open_cycle == cycle), None)
