"""Looking back at one's own answers, once a cycle has closed and none is open: what is asked now is answered afresh."""

from __future__ import annotations

from bot.decide.changes import Outcome, Reply
from bot.decide.replies import carry_on, line
from bot.decide.turn_state import TurnState
from bot.inbound import buttons
from bot.inbound.events import Body, Chose, Command, Typed
from bot.inbound.typed_text import Commanded, Word, read
from bot.messages import references


def concerns(state: TurnState, body: Body) -> bool:
    if state.open_enquiries:
        return False
    match body:
        case Chose(carried):
            return buttons.decode(carried) == buttons.LookBack()
        case Typed(text):
            return read(text, None) == Commanded(Word.REVIEW)
        case Command(name, text):
            return Commanded(Word.REVIEW) in (read(text, None), read(name, None))
        case _:
            return False


def look_back(state: TurnState) -> Outcome:
    if not state.past:
        return carry_on(state, line("nothing-to-look-back-on"))
    return Outcome(replies=tuple(Reply(references.LastAnswers(response), below=True) for response in state.past))
