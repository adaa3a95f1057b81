"""What a school would like its partnership to see: its leaders say so, and may change it until the next cycle opens."""

from __future__ import annotations

from bot import actions, actions_together, changes, said_together
from bot.changes import Outcome, Say
from bot.events import Body, Chose
from bot.saying import line
from bot.snapshot import Snapshot
from core.enquiry import Visibility


def concerns(body: Body) -> bool:
    """Whether somebody says something for their school, so that it has to be looked up which is theirs."""
    return isinstance(body, Chose) and isinstance(actions.decode(body.action), actions_together.SaySeen)


def show() -> Outcome:
    return Outcome(says=(Say(said_together.Visibilities(), below=True),))


def say(snapshot: Snapshot, action: actions_together.SaySeen) -> Outcome:
    """The list shows it where it stands; elsewhere the answer comes below, where the person is looking."""
    theirs = {(each.partnership, each.school) for each in snapshot.says_of_schools}
    if (action.partnership, action.school) not in theirs:
        return line("not-your-school")
    if action.visibility is Visibility.OWN_AND_GROUP:
        return line("old-button")
    change = changes.SaySeen(action.partnership, action.school, action.visibility, action.yes)
    told = said_together.SaidSeen(action.partnership, action.school)
    return Outcome((change,), (Say(said_together.Visibilities()) if action.in_list else Say(told, below=True),))
