"""What a school would like its partnership to see: its leaders decide, and may change it until the next cycle opens."""

from __future__ import annotations

from bot.decide import changes
from bot.decide.changes import Outcome, Reply
from bot.decide.replies import asked_by, line
from bot.decide.turn_state import TurnState
from bot.inbound import buttons_partnership
from bot.messages import references_partnership
from core.enquiry import Visibility


def show() -> Outcome:
    return Outcome(replies=(Reply(references_partnership.VisibilityList(), below=True),))


def say(state: TurnState, action: buttons_partnership.SayVisibility) -> Outcome:
    """Update the list in place; anywhere else, post the answer at the bottom, where the person is looking."""
    theirs = {(each.partnership, each.school) for each in state.says_of_schools}
    if (action.partnership, action.school) not in theirs:
        return line("not-your-school")
    if action.visibility is Visibility.OWN_AND_GROUP:
        return line("old-button")
    change = changes.KeepVisibilityAnswer(action.partnership, action.school, action.visibility, action.yes)
    told = references_partnership.VisibilityAnswered(action.partnership, action.school)
    shown = Reply(references_partnership.VisibilityList()) if action.in_list else Reply(told, below=True)
    asked = references_partnership.AskVisibility(action.partnership, action.school)
    return Outcome((change,), (shown, *asked_by(asked)))
