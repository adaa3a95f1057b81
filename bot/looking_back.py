"""Looking back at one's own answers, once a cycle has closed and none is open: what is asked now is answered afresh."""

from __future__ import annotations

from bot import actions, said
from bot.changes import Outcome, Say
from bot.events import Body, Chose, Command, Typed
from bot.saying import carry_on, line
from bot.snapshot import Snapshot
from bot.typed import Commanded, Word, read


def concerns(snapshot: Snapshot, body: Body) -> bool:
    if snapshot.open_enquiries:
        return False
    match body:
        case Chose(carried):
            return actions.decode(carried) == actions.LookBack()
        case Typed(text):
            return read(text, None) == Commanded(Word.REVIEW)
        case Command(name, text):
            return Commanded(Word.REVIEW) in (read(text, None), read(name, None))
        case _:
            return False


def look_back(snapshot: Snapshot) -> Outcome:
    if not snapshot.past:
        return carry_on(snapshot, line("nothing-to-look-back-on"))
    return Outcome(says=tuple(Say(said.LookBack(response), below=True) for response in snapshot.past))
