"""Sharing practice: two schools are asked apart, and learn of each other only once both have said yes. And networks."""

from __future__ import annotations

from bot.decide import changes
from bot.decide.changes import Outcome, Say
from bot.decide.replies import line
from bot.decide.turn_state import Snapshot
from bot.inbound import buttons
from bot.inbound import buttons_partnership as acts
from bot.inbound.events import Body, Chose, Command, Typed
from bot.inbound.typed_text import Commanded, Word, read
from bot.messages import references_partnership


def answers_practice(body: Body) -> bool:
    return isinstance(body, Chose) and isinstance(buttons.decode(body.action), acts.AnswerPractice)


def speaks_of_networks(body: Body) -> bool:
    match body:
        case Chose(carried):
            return isinstance(buttons.decode(carried), acts.AboutNetworks)
        case Typed(text):
            return read(text, None) == Commanded(Word.NETWORK)
        case Command(name, text):
            return Commanded(Word.NETWORK) in (read(text, None), read(name, None))
        case _:
            return False


def show() -> Outcome:
    return Outcome(says=(Say(references_partnership.Practice(), below=True),))


def answer(snapshot: Snapshot, action: acts.AnswerPractice) -> Outcome:
    """The list shows it where it stands; elsewhere the answer comes below, where the person is looking."""
    match = next((each for each in snapshot.matches if each.id == action.match), None)
    if match is None or not match.stands(snapshot.now):
        return line("practice-over")
    if match.other is not None:
        return Outcome(says=(Say(references_partnership.Introduction(match.id), below=True),))
    shown = (
        Say(references_partnership.Practice())
        if action.in_list
        else Say(references_partnership.PracticeAnswered(match.id), below=True)
    )
    return Outcome((changes.AnswerPractice(match, action.yes),), (shown,))


def networks(snapshot: Snapshot) -> Outcome:
    """To who facilitates one network only, its totals at once."""
    if not snapshot.memberships and not snapshot.facilitated:
        return line("no-network")
    overview = Outcome(says=(Say(references_partnership.Networks(), below=True),))
    if snapshot.memberships or len(snapshot.facilitated) != 1:
        return overview
    return Outcome((changes.SumUpNetwork(snapshot.facilitated[0].id),))


def about_networks(snapshot: Snapshot, action: acts.AboutNetworks) -> Outcome:
    match action:
        case acts.ShowNetworks():
            return networks(snapshot)
        case acts.SumUpNetwork(network):
            sees = any(each.id == network for each in snapshot.facilitated)
            return Outcome((changes.SumUpNetwork(network),)) if sees else line("no-network")
        case acts.JoinNetwork(network, partnership, yes):
            places = {(each.network, each.partnership) for each in snapshot.memberships}
            if (network, partnership) not in places:
                return line("no-network")
            change = changes.JoinNetwork(network, partnership, yes)
            return Outcome((change,), (Say(references_partnership.Networks(), below=True),))
