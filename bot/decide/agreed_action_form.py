"""The form in which a lead records an action: what was said of it, what is asked next, and what an answer means."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Final, Literal, TypeAlias

from bot.decide.changes import AgreeAction, Outcome, Say, SetTalk
from bot.decide.replies import line, posted
from bot.decide.turn_state import ActionDraft, Snapshot
from bot.inbound import buttons_partnership
from bot.inbound.buttons_partnership import NEXT_MEETING, AboutActions
from bot.inbound.typed_dates import read_day
from bot.inbound.typed_text import Commanded, Free, Meaning, Word, best_match
from bot.messages import references_partnership
from core.agreed_actions import (
    MOST_CHARACTERS,
    MOST_DAYS_AHEAD,
    Agreement,
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


def asked_next(draft: ActionDraft, agreement: Agreement | None) -> Asked | None:
    """What is still to be said of an action; None where it is complete."""
    if agreement is None:
        return "partnership"
    if draft.subtheme not in agreement.framework.subtheme_by_id:
        return "subtheme"
    if draft.words is None:
        return "words"
    if draft.owner not in {each.id for each in agreement.owners}:
        return "owner"
    return "due" if draft.due is None else None


def led_of(agreements: tuple[Agreement, ...], draft: ActionDraft) -> Agreement | None:
    """The partnership that a draft is for: the one that was chosen, or the only one that is led."""
    led = [each for each in agreements if each.leads]
    return led[0] if len(led) == 1 else next((each for each in led if each.id == draft.partnership), None)


# Buttons


def about(snapshot: Snapshot, action: AboutActions, text: str) -> Outcome:
    draft = snapshot.awaiting
    number: int = getattr(action, "draft", 0)
    if not isinstance(draft, ActionDraft) or draft.draft != number:
        kept = find_action(snapshot.agreements, number)
        return (
            line("draft-gone")
            if kept is None
            else Outcome(says=(Say(references_partnership.Action(number), below=True),))
        )
    match action:
        case buttons_partnership.DraftPartnership(_, partnership):
            return _onward(snapshot, replace(draft, partnership=partnership))
        case buttons_partnership.DraftSubtheme(_, subtheme):
            return _onward(snapshot, replace(draft, subtheme=subtheme))
        case buttons_partnership.DraftWords():
            return _say_words(snapshot, draft, text)
        case buttons_partnership.DraftOwner(_, school):
            return _onward(snapshot, replace(draft, owner=school))
        case buttons_partnership.DraftDue(_, due):
            return _say_due(snapshot, draft, due or text)
        case _:
            return Outcome(
                (SetTalk(snapshot.active, None),),
                (Say(references_partnership.ActionForm(number)), *line("draft-dropped").says),
            )


# What is typed


def typed_answer(snapshot: Snapshot, meaning: Meaning, text: str) -> Outcome | None:
    """What was typed below the form, as the answer to what it asks; None where it is no such thing."""
    draft = snapshot.awaiting
    if not isinstance(draft, ActionDraft) or snapshot.standing != references_partnership.ActionForm(draft.draft):
        return None
    words_of_command = isinstance(meaning, Commanded) and (not meaning.rest or meaning.word is Word.ACTION)
    if words_of_command or not isinstance(meaning, Commanded | Free):
        return None
    return posted(answered(snapshot, draft, text) or _not_understood(snapshot, draft))


def answered(snapshot: Snapshot, draft: ActionDraft, text: str) -> Outcome | None:
    agreement = led_of(snapshot.agreements, draft)
    match asked_next(draft, agreement), agreement:
        case _, None:
            return None
        case "subtheme", _:
            found = best_match(
                text, ((each.id, (each.id, *each.title.values())) for each in agreement.framework.subthemes)
            )
            return None if found is None else _onward(snapshot, replace(draft, subtheme=found))
        case "words", _:
            more = draft_of(agreement, text, draft.draft, today_of(snapshot, agreement))
            return _say_words(snapshot, _together(draft, more), more.words or "")
        case "owner" | "due", _:
            filled = _with_parts(draft, agreement, text, today_of(snapshot, agreement))
            return None if filled is None else _onward(snapshot, filled)
        case _:
            return None


def _not_understood(snapshot: Snapshot, draft: ActionDraft) -> Outcome:
    form = Say(references_partnership.ActionForm(draft.draft), below=True)
    asked = asked_next(draft, led_of(snapshot.agreements, draft))
    told = {"owner": "school-unclear", "due": "day-unclear"}.get(str(asked))
    return Outcome(says=(form,) if told is None else (*line(told).says, form))


def _together(draft: ActionDraft, more: ActionDraft) -> ActionDraft:
    """What was said before, and what was said besides."""
    return replace(
        draft, subtheme=more.subtheme or draft.subtheme, owner=more.owner or draft.owner, due=more.due or draft.due
    )


def draft_of(agreement: Agreement | None, text: str, number: int, today: date) -> ActionDraft:
    """What a line says of an action; all of it is the words where it is not known for which partnership."""
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


def _with_parts(draft: ActionDraft, agreement: Agreement, text: str, today: date) -> ActionDraft | None:
    """The school and the day that were typed; None where anything else was."""
    for part in text.split(_PARTS):
        draft, used = _with_part(draft, agreement, part.strip(), today)
        if not used:
            return None
    return draft


def _with_part(draft: ActionDraft, agreement: Agreement, part: str, today: date) -> tuple[ActionDraft, bool]:
    if draft.due is None and simplified(part) in _NEXT_MEETING:
        return replace(draft, due=NEXT_MEETING), True
    if draft.due is None and (day := read_day(part, today)) is not None:
        return replace(draft, due=day.isoformat()), True
    if draft.owner is None and (owner := named_school(part, agreement.owners)) is not None:
        return replace(draft, owner=owner.id), True
    return draft, False


def named_school(text: str, owners: tuple[Owner, ...]) -> Owner | None:
    """The school whose id or name was typed, or a part of its name that no other school has."""
    wanted = simplified(text)
    exactly = [each for each in owners if wanted in (simplified(each.id), simplified(each.name))]
    partly = [each for each in owners if len(wanted) >= _LEAST_OF_A_NAME and wanted in simplified(each.name)]
    return next((found[0] for found in (exactly, partly) if len(found) == 1), None)


# On with the form


def begin(snapshot: Snapshot, draft: ActionDraft) -> Outcome:
    if not any(each.leads for each in snapshot.agreements):
        return line("only-leads-record")
    return _onward(snapshot, draft, below=True)


def _say_words(snapshot: Snapshot, draft: ActionDraft, text: str) -> Outcome:
    if is_too_long(text):
        return Outcome(
            says=(*line("action-too-long").says, Say(references_partnership.ActionForm(draft.draft), below=True))
        )
    return _onward(snapshot, replace(draft, words=" ".join(text.split()) or None))


def is_too_long(words: str | None) -> bool:
    return words is not None and len(words) > MOST_CHARACTERS


def _say_due(snapshot: Snapshot, draft: ActionDraft, text: str) -> Outcome:
    if text == NEXT_MEETING:
        return _onward(snapshot, replace(draft, due=NEXT_MEETING))
    day = read_day(text, today_of(snapshot, led_of(snapshot.agreements, draft)))
    return _not_understood(snapshot, draft) if day is None else _onward(snapshot, replace(draft, due=day.isoformat()))


def today_of(snapshot: Snapshot, agreement: Agreement | None) -> date:
    return snapshot.now.date() if agreement is None else snapshot.now.astimezone(agreement.calendar.zone).date()


def _onward(snapshot: Snapshot, draft: ActionDraft, below: bool = False) -> Outcome:
    """Ask what is still missing; once nothing is, keep the action."""
    agreement = led_of(snapshot.agreements, draft)
    form = Say(references_partnership.ActionForm(draft.draft), below)
    if agreement is not None and (trouble := _trouble_with_day(draft, today_of(snapshot, agreement))) is not None:
        asked_again = SetTalk(snapshot.active, replace(draft, due=None))
        return Outcome((asked_again,), (*line(trouble).says, replace(form, below=True)))
    if agreement is None or asked_next(draft, agreement) is not None:
        return Outcome((SetTalk(snapshot.active, draft),), (form,))
    kept = (AgreeAction(_new(draft, agreement)), SetTalk(snapshot.active, None))
    shown = Say(references_partnership.Action(draft.draft), below=True)
    return Outcome(kept, (shown,) if below else (form, shown))


def _trouble_with_day(draft: ActionDraft, today: date) -> str | None:
    """The line that says why this can't be the day by which it is done."""
    if draft.due in (None, NEXT_MEETING):
        return None
    day = date.fromisoformat(str(draft.due))
    if day < today:
        return "day-over"
    return "day-unclear" if day > today + timedelta(days=MOST_DAYS_AHEAD) else None


def _new(draft: ActionDraft, agreement: Agreement) -> NewAction:
    assert draft.subtheme is not None
    assert draft.words is not None
    assert draft.owner is not None
    due_on = None if draft.due in (None, NEXT_MEETING) else date.fromisoformat(str(draft.due))
    return NewAction(draft.draft, agreement.id, draft.subtheme, draft.words, draft.owner, due_on)
