"""The conversation: an event and the turn state go in, changes and replies come out. Pure, and total.

It holds no state of its own: a leader's place follows from their answers (``Enquiry.place``), so a restart, a second
device or another platform can neither lose nor repeat a question.
"""

from __future__ import annotations

from bot.decide import (
    report,
)
from bot.decide.changes import Outcome, PersonLeft, Reply
from bot.decide.onward import invite
from bot.decide.pressed import pressed
from bot.decide.replies import carry_on, first_saying, line, posted
from bot.decide.turn_state import TurnState
from bot.decide.written import written
from bot.inbound.events import Edited, Installed, Left, Pressed
from bot.inbound.understanding import Event, ReportCommand, Wrote
from bot.messages import references
from bot.messages.references_partnership import AgreedActionForm


def step(state: TurnState, event: Event) -> Outcome:
    """What this event changes and what the bot replies."""
    at = min(event.at, state.now)
    match event.what:
        case Left():
            return Outcome(changes=(PersonLeft(),))
        case _ if state.person is None:
            return line("stranger")
        case Pressed(press, inputs, form_refused):
            outcome = pressed(state, at, press, inputs.get("text", ""))
            return _to_be_typed(outcome) if form_refused else outcome
        case ReportCommand(rest):
            return report.report(state, rest)
        case Wrote(text, meaning):
            return written(state, at, meaning, text)
        case Edited():
            return carry_on(state, line("edited"))
        case Installed():
            return _welcome(state)


def _to_be_typed(outcome: Outcome) -> Outcome:
    """A form that did not open: ask again at the bottom, where whatever is typed next answers it."""
    asks = any(isinstance(each.reference, references.NotePrompt | AgreedActionForm) for each in outcome.replies)
    return first_saying("form-refused", posted(outcome)) if asks else outcome


def _welcome(state: TurnState) -> Outcome:
    cycles = tuple(dict.fromkeys(each.cycle for each in state.open_enquiries))
    return invite(*cycles) if cycles else Outcome(replies=(Reply(references.Help(), below=True),))
