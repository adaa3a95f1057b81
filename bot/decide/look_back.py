"""Looking back at one's own answers, once a cycle has closed and none is open: what is asked now is answered afresh."""

from __future__ import annotations

from bot.decide.changes import Outcome, Say
from bot.decide.replies import carry_on, line
from bot.decide.turn_state import Snapshot
from bot.inbound import buttons
from bot.inbound.events import Body, Chose, Command, Typed
from bot.inbound.typed_text import Commanded, Word, read
from bot.messages import references


def concerns(snapshot: Snapshot, body: Body) -> bool:
    if snapshot.open_enquiries:
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


def look_back(snapshot: Snapshot) -> Outcome:
    if not snapshot.past:
        return carry_on(snapshot, line("nothing-to-look-back-on"))
    return Outcome(says=tuple(Say(references.LookBack(response), below=True) for response in snapshot.past))
