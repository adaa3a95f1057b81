"""Sharing practice (two schools are asked separately and learn of each other once both say yes), and networks."""

from __future__ import annotations

from bot.decide import changes
from bot.decide.changes import Outcome, Reply
from bot.decide.replies import asked_by, line
from bot.decide.turn_state import TurnState
from bot.inbound import buttons_partnership
from bot.messages import references_partnership


def show() -> Outcome:
    return Outcome(replies=(Reply(references_partnership.PracticeList(), below=True),))


def answer(state: TurnState, action: buttons_partnership.AnswerPractice) -> Outcome:
    """Update the list in place; anywhere else, post the answer at the bottom, where the person is looking."""
    match = next((each for each in state.matches if each.id == action.match), None)
    if match is None or not match.stands(state.now):
        return line("practice-over")
    if match.other is not None:
        return Outcome(replies=(Reply(references_partnership.Introduction(match.id), below=True),))
    shown = (
        Reply(references_partnership.PracticeList())
        if action.in_list
        else Reply(references_partnership.PracticeAnswered(match.id), below=True)
    )
    asked = asked_by(references_partnership.AskPractice(match.id))
    return Outcome((changes.KeepPracticeAnswer(match, action.yes),), (shown, *asked))


def networks(state: TurnState) -> Outcome:
    """A person who facilitates only one network sees its totals at once."""
    overview = Outcome(replies=(Reply(references_partnership.NetworkList(), below=True),))
    if state.memberships or len(state.facilitated) != 1:
        return overview
    return Outcome((buttons_partnership.SumUpNetwork(state.facilitated[0].id),))


def about_networks(state: TurnState, action: buttons_partnership.AboutNetworks) -> Outcome:
    match action:
        case buttons_partnership.ShowNetworks():
            return networks(state)
        case buttons_partnership.SumUpNetwork(network):
            sees = any(each.id == network for each in state.facilitated)
            return Outcome((buttons_partnership.SumUpNetwork(network),)) if sees else line("no-network")
        case buttons_partnership.JoinNetwork(network, partnership, yes):
            places = {(each.network, each.partnership) for each in state.memberships}
            if (network, partnership) not in places:
                return line("no-network")
            change = buttons_partnership.JoinNetwork(network, partnership, yes)
            asked = asked_by(
                references_partnership.AskNetwork(network, partnership), references_partnership.NetworkList()
            )
            return Outcome((change,), (*asked, Reply(references_partnership.NetworkList(), below=True)))
