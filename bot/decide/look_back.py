"""Look back at one's own answers after a cycle closes, while none is open: in an open cycle, leaders answer afresh."""

from __future__ import annotations

from bot.decide.changes import Outcome, Reply
from bot.decide.replies import carry_on, line
from bot.decide.turn_state import TurnState
from bot.messages import references


def look_back(state: TurnState) -> Outcome:
    if not state.past:
        return carry_on(state, line("nothing-to-look-back-on"))
    return Outcome(replies=tuple(Reply(references.LastAnswers(response), below=True) for response in state.past))
