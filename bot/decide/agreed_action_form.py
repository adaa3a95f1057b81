"""The form in which a lead records an agreed action: what is known so far, what to ask next, and what an answer
means.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Final, Literal, TypeAlias

from bot.decide.changes import AddAgreedAction, Outcome, Reply, SetTalk
from bot.decide.replies import line, posted
from bot.decide.turn_state import ActionDraft, TurnState
from bot.inbound import buttons_partnership
from bot.inbound.buttons_partnership import NEXT_MEETING, AboutAgreedActions
from bot.inbound.typed_dates import read_day
from bot.inbound.typed_text import Commanded, Free, Meaning, Word, best_match
from bot.messages import references_partnership
from core.agreed_actions import (
    MOST_CHARACTERS,
    MOST_DAYS_AHEAD,
    ActionPlan,
    NewAction,
    Owner,
    find_action,
)
from core.as_typed import simplified

Asked: TypeAlias = Literal["partnership", "subtheme", "words", "owner", "due"]

_PARTS: Final = ";"
_LEAST_OF_A_NAME: Final = 3
_NEXT_MEETING: Final = frozenset(
    {"next meeting", "our next meeting", "by our next meeting", "cyfarfod nesaf", "ein cyfarfod nesaf"}
)


def asked_next(draft: ActionDraft, agreement: ActionPlan | None) -> Asked | None:
    """The next detail to ask for; None once the agreed action is complete."""
    if agreement is None:
        return "partnership"
    if draft.subtheme not in agreement.framework.subtheme_by_id:
        return "subtheme"
    if draft.words is None:
        return "words"
    if draft.owner not in {each.id for each in agreement.owners}:
        return "owner"
    return "due" if draft.due is None else None


def led_of(agreements: tuple[ActionPlan, ...], draft: ActionDraft) -> ActionPlan | None:
    """The partnership a draft is for: the one chosen, or the only one the person leads."""
    led = [each for each in agreements if each.leads]
    return led[0] if len(led) == 1 else next((each for each in led if each.id == draft.partnership), None)


# Buttons


def about(state: TurnState, action: AboutAgreedActions, text: str) -> Outcome:
    draft = state.awaiting
    number: int = getattr(action, "draft", 0)
    if not isinstance(draft, ActionDraft) or draft.draft != number:
        kept = find_action(state.agreements, number)
        return (
            line("draft-gone")
            if kept is None
            else Outcome(replies=(Reply(references_partnership.AgreedActionCard(number), below=True),))
        )
    match action:
        case buttons_partnership.DraftPartnership(_, partnership):
            return _onward(state, replace(draft, partnership=partnership))
        case buttons_partnership.DraftSubtheme(_, subtheme):
            return _onward(state, replace(draft, subtheme=subtheme))
        case buttons_partnership.DraftWords():
            return _say_words(state, draft, text)
        case buttons_partnership.DraftOwner(_, school):
            return _onward(state, replace(draft, owner=school))
        case buttons_partnership.DraftDue(_, due):
            return _say_due(state, draft, due or text)
        case _:
            return Outcome(
                (SetTalk(state.active, None),),
                (Reply(references_partnership.AgreedActionForm(number)), *line("draft-dropped").replies),
            )


# Typed text


def typed_answer(state: TurnState, meaning: Meaning, text: str) -> Outcome | None:
    """What was typed below the form, read as an answer to its question; None if it doesn't answer it."""
    draft = state.awaiting
    if not isinstance(draft, ActionDraft) or state.standing != references_partnership.AgreedActionForm(draft.draft):
        return None
    words_of_command = isinstance(meaning, Commanded) and (not meaning.rest or meaning.word is Word.ACTION)
    if words_of_command or not isinstance(meaning, Commanded | Free):
        return None
    return posted(answered(state, draft, text) or _not_understood(state, draft))


def answered(state: TurnState, draft: ActionDraft, text: str) -> Outcome | None:
    agreement = led_of(state.agreements, draft)
    match asked_next(draft, agreement), agreement:
        case _, None:
            return None
        case "subtheme", _:
            found = best_match(
                text, ((each.id, (each.id, *each.title.values())) for each in agreement.framework.subthemes)
            )
            return None if found is None else _onward(state, replace(draft, subtheme=found))
        case "words", _:
            more = draft_of(agreement, text, draft.draft, today_of(state, agreement))
            return _say_words(state, _together(draft, more), more.words or "")
        case "owner" | "due", _:
            filled = _with_parts(draft, agreement, text, today_of(state, agreement))
            return None if filled is None else _onward(state, filled)
        case _:
            return None


def _not_understood(state: TurnState, draft: ActionDraft) -> Outcome:
    form = Reply(references_partnership.AgreedActionForm(draft.draft), below=True)
    asked = asked_next(draft, led_of(state.agreements, draft))
    told = {"owner": "school-unclear", "due": "day-unclear"}.get(str(asked))
    return Outcome(replies=(form,) if told is None else (*line(told).replies, form))


def _together(draft: ActionDraft, more: ActionDraft) -> ActionDraft:
    """The earlier details combined with the new ones."""
    return replace(
        draft, subtheme=more.subtheme or draft.subtheme, owner=more.owner or draft.owner, due=more.due or draft.due
    )


def draft_of(agreement: ActionPlan | None, text: str, number: int, today: date) -> ActionDraft:
    """What a typed line says about an agreed action; all of it counts as the action's words if the partnership isn't
    known.
    """
    if agreement is None:
        return ActionDraft(number, words=text or None)
    first, *others = (part.strip() for part in text.split(_PARTS))
    named, _, rest = first.partition(" ")
    known = named.rstrip(":") in agreement.framework.subtheme_by_id
    draft = ActionDraft(number, agreement.id, named.rstrip(":") if known else None)
    words = [rest.strip() if known else first]
    for part in others:
        draft, used = _with_part(draft, agreement, part, today)
        words += [] if used else [part]
    return replace(draft, words=f"{_PARTS} ".join(word for word in words if word) or None)


def _with_parts(draft: ActionDraft, agreement: ActionPlan, text: str, today: date) -> ActionDraft | None:
    """The school and the day that were typed; None if the text holds anything else."""
    for part in text.split(_PARTS):
        draft, used = _with_part(draft, agreement, part.strip(), today)
        if not used:
            return None
    return draft


def _with_part(draft: ActionDraft, agreement: ActionPlan, part: str, today: date) -> tuple[ActionDraft, bool]:
    if draft.due is None and simplified(part) in _NEXT_MEETING:
        return replace(draft, due=NEXT_MEETING), True
    if draft.due is None and (day := read_day(part, today)) is not None:
        return replace(draft, due=day.isoformat()), True
    if draft.owner is None and (owner := named_school(part, agreement.owners)) is not None:
        return replace(draft, owner=owner.id), True
    return draft, False


def named_school(text: str, owners: tuple[Owner, ...]) -> Owner | None:
    """The school whose id or name was typed, or the only one whose name contains the text."""
    wanted = simplified(text)
    exactly = [each for each in owners if wanted in (simplified(each.id), simplified(each.name))]
    partly = [each for each in owners if len(wanted) >= _LEAST_OF_A_NAME and wanted in simplified(each.name)]
    return next((found[0] for found in (exactly, partly) if len(found) == 1), None)


# The next step of the form


def begin(state: TurnState, draft: ActionDraft) -> Outcome:
    if not any(each.leads for each in state.agreements):
        return line("only-leads-record")
    return _onward(state, draft, below=True)


def _say_words(state: TurnState, draft: ActionDraft, text: str) -> Outcome:
    if is_too_long(text):
        return Outcome(
            replies=(
                *line("action-too-long").replies,
                Reply(references_partnership.AgreedActionForm(draft.draft), below=True),
            )
        )
    return _onward(state, replace(draft, words=" ".join(text.split()) or draft.words))


def is_too_long(words: str | None) -> bool:
    return words is not None and len(words) > MOST_CHARACTERS


def _say_due(state: TurnState, draft: ActionDraft, text: str) -> Outcome:
    if text == NEXT_MEETING:
        return _onward(state, replace(draft, due=NEXT_MEETING))
    day = read_day(text, today_of(state, led_of(state.agreements, draft)))
    return _not_understood(state, draft) if day is None else _onward(state, replace(draft, due=day.isoformat()))


def today_of(state: TurnState, agreement: ActionPlan | None) -> date:
    return state.now.date() if agreement is None else state.now.astimezone(agreement.calendar.zone).date()


def _onward(state: TurnState, draft: ActionDraft, below: bool = False) -> Outcome:
    """Ask for whatever is still missing; once nothing is, save the agreed action."""
    agreement = led_of(state.agreements, draft)
    form = Reply(references_partnership.AgreedActionForm(draft.draft), below)
    if agreement is not None and (trouble := _trouble_with_day(draft, today_of(state, agreement))) is not None:
        asked_again = SetTalk(state.active, replace(draft, due=None))
        return Outcome((asked_again,), (*line(trouble).replies, replace(form, below=True)))
    if agreement is None or asked_next(draft, agreement) is not None:
        return Outcome((SetTalk(state.active, draft),), (form,))
    kept = (AddAgreedAction(_new(draft, agreement)), SetTalk(state.active, None))
    shown = Reply(references_partnership.AgreedActionCard(draft.draft), below=True)
    return Outcome(kept, (shown,) if below else (form, shown))


def _trouble_with_day(draft: ActionDraft, today: date) -> str | None:
    """The line that explains why this can't be the due date."""
    if draft.due in (None, NEXT_MEETING):
        return None
    day = date.fromisoformat(str(draft.due))
    if day < today:
        return "day-over"
    return "day-unclear" if day > today + timedelta(days=MOST_DAYS_AHEAD) else None


def _new(draft: ActionDraft, agreement: ActionPlan) -> NewAction:
    assert draft.subtheme is not None
    assert draft.words is not None
    assert draft.owner is not None
    due_on = None if draft.due in (None, NEXT_MEETING) else date.fromisoformat(str(draft.due))
    return NewAction(draft.draft, agreement.id, draft.subtheme, draft.words, draft.owner, due_on)
