"""Agreed actions: a lead records what the meeting agreed, and whoever leads on an action reports how it is going."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, Literal

from bot.decide import agreed_action_form
from bot.decide.changes import Outcome, Reply, SetAgreedActionState
from bot.decide.replies import asked_by, line, posted
from bot.decide.turn_state import ActionDraft, TurnState
from bot.inbound import buttons_partnership
from bot.inbound.buttons_partnership import AboutAgreedActions
from bot.messages import references_partnership
from core.agreed_actions import ActionState, find_action, listed
from core.as_typed import simplified

_ABOUT_A_NUMBER: Final = re.compile(r"(\d{1,3}) (.+)")
_VERBS: Final[Mapping[str, Literal["done", "carry on", "remove"]]] = {
    "done": "done", "is done": "done", "wedi gorffen": "done", "wedi'i wneud": "done",
    "carry on": "carry on", "carries on": "carry on", "parhau": "carry on", "yn parhau": "carry on",
    "remove": "remove", "take out": "remove", "dileu": "remove", "tynnu": "remove",
}  # fmt: skip


# Buttons


def act(state: TurnState, press: AboutAgreedActions, text: str) -> Outcome:
    match press:
        case buttons_partnership.RecordAgreedAction():
            return agreed_action_form.begin(state, ActionDraft(state.fresh))
        case buttons_partnership.ShowAgreedActions():
            return show()
        case buttons_partnership.SettleAgreedAction(number, done, in_list):
            return _settle(state, number, ActionState.DONE if done else ActionState.CARRIED_ON, in_list)
        case buttons_partnership.RemoveAgreedAction(number):
            return _remove(state, number)
        case buttons_partnership.PostAgreedActions(partnership):
            led = any(each.id == partnership for each in state.leads)
            return Outcome((buttons_partnership.PostAgreedActions(partnership),)) if led else line("only-leads-record")
        case _:
            return agreed_action_form.about(state, press, text)


def show() -> Outcome:
    return Outcome(replies=(Reply(references_partnership.AgreedActionList(), below=True),))


def _settle(state: TurnState, number: int, now_is: ActionState, in_list: bool) -> Outcome:
    """Update the list in place; anywhere else, post the agreed action again at the bottom, where the person looks."""
    found = find_action(state.agreements, number)
    if found is None or not found[0].may_settle(found[1]):
        return line("action-gone" if found is None else "not-your-action")
    card = references_partnership.AgreedActionCard(number)
    shown = Reply(references_partnership.AgreedActionList()) if in_list else Reply(card, below=True)
    asked = asked_by(references_partnership.AgreedActionsCheckIn(found[0].id), card)
    replies = (shown, *asked) if in_list else (*asked, shown)  # The card is posted again, after it was replaced.
    return Outcome((SetAgreedActionState(number, now_is),), replies)


def _remove(state: TurnState, number: int) -> Outcome:
    found = find_action(state.agreements, number)
    if found is None:
        return line("action-gone")
    if not found[0].leads:
        return line("only-leads-record")
    return Outcome(
        (buttons_partnership.RemoveAgreedAction(number),), (Reply(references_partnership.AgreedActionCard(number)),)
    )


# Typed text


def typed_action(state: TurnState, rest: str) -> Outcome | None:
    """``action 2.2 Visit each other's lessons; Kestrel Brook; 12 March``, or part of that, or ``action 2 done``.

    None if this person leads no partnership and the text names no agreed action: then it is just text.
    """
    settled = _about_a_number(state, simplified(rest))
    if settled is not None:
        return settled
    if not any(each.leads for each in state.agreements):
        return agreed_action_form.begin(state, ActionDraft(state.fresh)) if not rest else None
    waiting = state.awaiting
    if isinstance(waiting, ActionDraft) and not rest:
        return agreed_action_form.begin(state, waiting)
    if isinstance(waiting, ActionDraft) and (answered := agreed_action_form.answered(state, waiting, rest)) is not None:
        return posted(answered)
    agreement = agreed_action_form.led_of(state.agreements, ActionDraft(state.fresh))
    draft = agreed_action_form.draft_of(agreement, rest, state.fresh, agreed_action_form.today_of(state, agreement))
    return (
        line("action-too-long")
        if agreed_action_form.is_too_long(draft.words)
        else agreed_action_form.begin(state, draft)
    )


def _about_a_number(state: TurnState, rest: str) -> Outcome | None:
    found = _ABOUT_A_NUMBER.fullmatch(rest)
    all_ = listed(state.agreements)
    if found is None or found[2] not in _VERBS or not 1 <= int(found[1]) <= len(all_):
        return None
    number = all_[int(found[1]) - 1][1].id
    match _VERBS[found[2]]:
        case "remove":
            return posted(_remove(state, number))
        case verb:
            return _settle(state, number, ActionState.DONE if verb == "done" else ActionState.CARRIED_ON, in_list=False)
