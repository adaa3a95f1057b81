"""Who may do what, from the tables in ``core.rights``. ``core.services`` checks the same tables again before it
acts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.decide.changes import Outcome
from bot.decide.replies import line
from bot.decide.turn_state import TurnState
from bot.inbound.button_codec import wire_name
from bot.inbound.buttons import Press, note_of
from bot.inbound.typed_text import Word
from core.enquiry import LedPartnership
from core.rights import BUTTONS, COMMANDS, Role

_TOLD: Final[Mapping[str, str]] = {
    "PackOf": "only-leads-pack",
    "meeting-pack": "only-leads-pack",
    "RecordAction": "only-leads-record",
    "PostActions": "only-leads-record",
    "notes": "only-leads-notes",
    "responses": "only-leads-responses",
    "network": "no-network",
    "ShowNetworks": "no-network",
    "JoinNetwork": "no-network",
    "SumUpNetwork": "no-network",
}
"""The refusal for each button or command; any other gets the one about leads posting the report."""


def press_refused(state: TurnState, press: Press) -> Outcome | None:
    """The refusal for somebody whose role doesn't allow this button; None if they may press it."""
    name = wire_name(press)
    role = BUTTONS[name]
    if _has(state, role):
        return None
    if role is Role.LEADER:
        return line("not-yours" if note_of(press) is None else "note-gone")
    return line(_TOLD.get(name, "only-leads"))


def command_refused(state: TurnState, word: Word) -> Outcome | None:
    """The refusal for a command. Commands for leaders are about the sender's own response, so anyone may send them."""
    role = COMMANDS[word]
    return None if role is Role.LEADER or _has(state, role) else line(_TOLD.get(word, "only-leads"))


def _has(state: TurnState, role: Role) -> bool:
    match role:
        case Role.LEADER:
            return state.enquiry is not None
        case Role.LEAD:
            return bool(state.leads)
        case Role.FACILITATOR:
            return bool(state.facilitated)
        case Role.LEAD_OR_FACILITATOR:
            return bool(state.memberships or state.facilitated)
        case Role.PARTICIPANT | Role.SCHOOL | Role.SCHOOL_OR_LEAD | Role.CHANNEL:
            # Which school it is and who leads it is checked by whatever acts on the button.
            return state.person is not None


def led_here(state: TurnState) -> tuple[LedPartnership, ...]:
    """The partnerships whose report this person may ask for here: in a channel, only that channel's own."""
    return tuple(each for each in state.leads if state.here in (None, each.id))


def leads_cycle(state: TurnState, cycle: int) -> LedPartnership | None:
    """The partnership whose open cycle this is, if this person leads it."""
    return next((each for each in state.leads if each.open_cycle == cycle), None)
