"""Agreed actions in words: the form in which a lead records one, each as it stands, and the list of all of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from bot.decide.agreed_action_form import asked_next, led_of
from bot.decide.turn_state import ActionDraft
from bot.inbound import buttons_partnership
from bot.inbound.button_codec import encode
from bot.inbound.buttons_partnership import NEXT_MEETING
from bot.inbound.typed_text import Word, suggestion
from bot.messages.blocks import (
    Block,
    Button,
    Buttons,
    Choice,
    Fact,
    Facts,
    Heading,
    Option,
    Paragraph,
    TextInput,
    Weight,
)
from bot.messages.languages import Words
from bot.wording.shared import button, help_button, option
from core.agreed_actions import (
    ENCOURAGED,
    ActionPlan,
    ActionState,
    AgreedAction,
    listed,
    posted_at,
    suggested_days,
)
from core.framework import in_language

# The form


def form(draft: ActionDraft, agreements: tuple[ActionPlan, ...], now: datetime, words: Words) -> tuple[Block, ...]:
    """The details of an agreed action so far, and the next question."""
    agreement = led_of(agreements, draft)
    named = "" if agreement is None else f" · {agreement.name}"
    return (
        Heading(words("An action to record") + named),
        *_so_far(draft, agreement, words),
        _question(draft, agreements, agreement, now, words),
        Buttons((button(words("Leave it"), buttons_partnership.DropDraft(draft.draft)),)),
    )


def _so_far(draft: ActionDraft, agreement: ActionPlan | None, words: Words) -> tuple[Block, ...]:
    if agreement is None:
        return ()
    subtheme = agreement.framework.subtheme_by_id.get(draft.subtheme or "")
    owner = next((each.name for each in agreement.owners if each.id == draft.owner), None)
    said = (
        (words("Sub-theme"), None if subtheme is None else in_language(subtheme.title, words.language)),
        (words("Action"), draft.words),
        (words("Led by"), owner),
    )
    facts = tuple(Fact(term, text) for term, text in said if text)
    return (Facts(facts),) if facts else ()


def _question(
    draft: ActionDraft, agreements: tuple[ActionPlan, ...], agreement: ActionPlan | None, now: datetime, words: Words
) -> Block:
    if agreement is None:
        led = [each for each in agreements if each.leads]
        options = [(each.name, buttons_partnership.DraftPartnership(draft.draft, each.id)) for each in led]
        return _choice(words("Partnership"), words("Which partnership agreed it?"), options)
    match asked_next(draft, agreement):
        case "subtheme":
            return _choice_of_subtheme(draft, agreement, words)
        case "words":
            return _box_for_words(draft, words)
        case "owner":
            owners = [(each.name, buttons_partnership.DraftOwner(draft.draft, each.id)) for each in agreement.owners]
            return _choice(words("Led by"), words("Which school leads on it? Its leaders are reminded."), owners)
        case _:
            return _choice_of_day(draft, agreement, now, words)


def _choice(legend: str, question: str, options: Iterable[tuple[str, buttons_partnership.AboutPartnership]]) -> Choice:
    return Choice(
        legend,
        question,
        tuple(
            Option(f"{number} {name}", encode(action), str(number))
            for number, (name, action) in enumerate(options, start=1)
        ),
    )


def _choice_of_subtheme(draft: ActionDraft, agreement: ActionPlan, words: Words) -> Choice:
    options = [
        (in_language(each.short_title, words.language), buttons_partnership.DraftSubtheme(draft.draft, each.id))
        for each in agreement.framework.subthemes
    ]
    return _choice(words("Sub-theme"), words("What is it about?"), options)


def _box_for_words(draft: ActionDraft, words: Words) -> TextInput:
    return TextInput(
        "text",
        words("What will you do, in a sentence or two?"),
        words("Everybody in the partnership's channel will see it."),
        encode(buttons_partnership.DraftWords(draft.draft)),
        words("Next"),
        f"{suggestion(Word.ACTION, words.language)} …",
    )


def _choice_of_day(draft: ActionDraft, agreement: ActionPlan, now: datetime, words: Words) -> Choice:
    today = now.astimezone(agreement.calendar.zone).date()
    names = {"half-term": words("By half term"), "end-of-term": words("By the end of term")}
    days = [
        (f"{names[kind]}, {words.day(day)}", buttons_partnership.DraftDue(draft.draft, day.isoformat()))
        for kind, day in suggested_days(agreement.calendar, today)
    ]
    meeting = (words("By our next meeting"), buttons_partnership.DraftDue(draft.draft, NEXT_MEETING))
    return _choice(words("By when"), words("By when? Choose one, or type a day such as 12 March."), [*days, meeting])


def form_over(words: Words, *, recorded: bool = False) -> tuple[Block, ...]:
    return (
        Paragraph(words("Recorded.") if recorded else words("There is nothing more to say here.")),
        Buttons((_all(words), help_button(words))),
    )


# One agreed action


def action(agreement: ActionPlan, each: AgreedAction, now: datetime, words: Words) -> tuple[Block, ...]:
    """An agreed action as it stands, for somebody who belongs to its partnership."""
    return (
        Heading(f"{in_language(each.title, words.language)} · {agreement.name}"),
        Paragraph(each.words),
        Facts(_facts(agreement, each, now, words)),
        *_if_many(agreement, each, words),
        *_settling(agreement, each, words),
        Buttons(_ways_on(agreement, each, words)),
    )


def _facts(agreement: ActionPlan, each: AgreedAction, now: datetime, words: Words) -> tuple[Fact, ...]:
    told = (
        Fact(words("Led by"), each.owner.name),
        Fact(words("By when"), _by(each.due_on, words)),
        Fact(words("How it stands"), _state(each.state, words)),
    )
    return (*told, Fact(words("In the channel"), _posting(agreement, each, now, words))) if agreement.leads else told


def _by(due_on: date | None, words: Words) -> str:
    return words("our next meeting") if due_on is None else words.day(due_on)


def by_when(each: AgreedAction, words: Words) -> str:
    """``Friday 12 March, done``."""
    return f"{_by(each.due_on, words)}, {_state(each.state, words)}"


def _state(state: ActionState, words: Words) -> str:
    match state:
        case ActionState.OPEN:
            return words("agreed")
        case ActionState.CARRIED_ON:
            return words("carried on")
        case ActionState.DONE:
            return words("done")


def _posting(agreement: ActionPlan, each: AgreedAction, now: datetime, words: Words) -> str:
    if each.posted:
        return words("It has been posted.")
    if not agreement.has_channel:
        return words("No channel is set up, so it is not posted.")
    waiting = [other.agreed_at for other in agreement.actions if not other.posted]
    zone = agreement.calendar.zone
    at = posted_at(max(waiting, default=now), zone)
    return words("I will post it at {time}, so there is time to mend it or to add another.", time=words.time(at, zone))


def _if_many(agreement: ActionPlan, each: AgreedAction, words: Words) -> tuple[Block, ...]:
    number = agreement.this_round(each)
    if each.posted or not agreement.leads or number <= ENCOURAGED:
        return ()  # Once it has been posted, the meeting is over.
    told = words(
        "That makes {number}. Up to {most} is what most partnerships can do well before they meet again.",
        number=number,
        most=ENCOURAGED,
    )
    return (Paragraph(told),)


def _settling(agreement: ActionPlan, each: AgreedAction, words: Words) -> tuple[Block, ...]:
    if not agreement.may_settle(each):
        return ()
    options = (
        option(
            words("It is done"),
            buttons_partnership.SettleAgreedAction(each.id, True, False),
            each.state is ActionState.DONE,
        ),
        option(
            words("We carry on with it"),
            buttons_partnership.SettleAgreedAction(each.id, False, False),
            each.state is ActionState.CARRIED_ON,
        ),
    )
    return (Choice(words("How it stands"), words("How is it going?"), options),)


def _ways_on(agreement: ActionPlan, each: AgreedAction, words: Words) -> tuple[Button, ...]:
    if not agreement.leads:
        return _all(words), help_button(words)
    waits = agreement.has_channel and not each.posted
    post = button(words("Post it now"), buttons_partnership.PostAgreedActions(agreement.id))
    return (
        _record(words("Record another action"), words),
        *((post,) if waits else ()),
        button(words("Take it out"), buttons_partnership.RemoveAgreedAction(each.id), weight=Weight.CAREFUL),
        _all(words),
    )


def _record(label: str, words: Words) -> Button:
    return button(label, buttons_partnership.RecordAgreedAction(), suggestion(Word.ACTION, words.language), Weight.MAIN)


def _all(words: Words) -> Button:
    return button(
        words("All actions"), buttons_partnership.ShowAgreedActions(), suggestion(Word.ACTIONS, words.language)
    )


def action_removed(words: Words) -> tuple[Block, ...]:
    return (
        Paragraph(words("This action has been taken out.")),
        Buttons((_all(words), help_button(words))),
    )


# All of them


def list_(agreements: tuple[ActionPlan, ...], words: Words) -> tuple[Block, ...]:
    """Everything the person's partnerships have agreed, numbered, with a way to report progress on each."""
    leads = any(each.leads for each in agreements)
    record = (_record(words("Record an action"), words),) if leads else ()
    numbered = list(enumerate(listed(agreements), start=1))
    nothing = () if numbered else (Paragraph(words("No action has been agreed yet.")),)
    return (
        Heading(words("What we agreed")),
        *(block for agreement in agreements for block in _of_partnership(agreement, agreements, numbered, words)),
        *nothing,
        Buttons((*record, help_button(words))),
    )


def _of_partnership(
    agreement: ActionPlan,
    among: tuple[ActionPlan, ...],
    numbered: list[tuple[int, tuple[ActionPlan, AgreedAction]]],
    words: Words,
) -> tuple[Block, ...]:
    own = [(number, each) for number, (its, each) in numbered if its.id == agreement.id]
    if not own:
        return ()
    return (
        *((Heading(agreement.name, level=2),) if len(among) > 1 else ()),
        *(block for number, each in own for block in _numbered(agreement, number, each, words)),
    )


def _numbered(
    agreement: ActionPlan, number: int, each: AgreedAction, words: Words, *, in_list: bool = True
) -> tuple[Block, ...]:
    name = f"{number} {in_language(each.title, words.language)}"
    told = _told(each, words)
    if not agreement.may_settle(each):
        return (Facts((Fact(name, told),)),)
    typed = f"{suggestion(Word.ACTION, words.language)} {number}"
    typed_done, typed_on = f"{typed} {_state(ActionState.DONE, words)}", " ".join((typed, words("carry on")))
    done, carry_on = (buttons_partnership.SettleAgreedAction(each.id, done, in_list) for done in (True, False))
    options = (
        option(words("{number} is done", number=number), done, each.state is ActionState.DONE, typed_done),
        option(
            words("{number} carries on", number=number),
            carry_on,
            each.state is ActionState.CARRIED_ON,
            typed_on,
        ),
    )
    return (Choice(name, told, options),)


def _told(each: AgreedAction, words: Words) -> str:
    """``Visit each other's lessons. Kestrel Brook School, by Friday 12 March: agreed.``"""
    return f"{each.words} " + words(
        "({owner}, by {day}: {state})",
        owner=each.owner.name,
        day=_by(each.due_on, words),
        state=_state(each.state, words),
    )


# Where else they are mentioned


def last_time(agreed_before: tuple[AgreedAction, ...], words: Words) -> tuple[Block, ...]:
    """ "Last time you agreed …", at the opening of a cycle and in its report; nothing if nothing was agreed."""
    if not agreed_before:
        return ()
    return (
        Heading(words("Last time you agreed"), level=2),
        Facts(tuple(Fact(in_language(each.title, words.language), _told(each, words)) for each in agreed_before)),
    )


def posted(partnership: str, posted_together: tuple[AgreedAction, ...], words: Words) -> tuple[Block, ...]:
    """For everybody in the channel, on the day of the meeting."""
    if not posted_together:
        return (Paragraph(words("{partnership}: these actions have been taken out.", partnership=partnership)),)
    return (
        Heading(words("{partnership}: what we agreed", partnership=partnership)),
        Facts(
            tuple(
                Fact(
                    in_language(each.title, words.language),
                    f"{each.words} " + words("({owner}, by {day})", owner=each.owner.name, day=_by(each.due_on, words)),
                )
                for each in posted_together
            )
        ),
        Paragraph(
            words("Before half term I ask the schools that lead on them how it is going. Type actions to see them all.")
        ),
    )


def looked_at(agreements: tuple[ActionPlan, ...], partnership: str, words: Words) -> tuple[Block, ...]:
    """Before half term, to a leader of schools that lead on something unfinished in this partnership."""
    going = [
        (number, agreement, each)
        for number, (agreement, each) in enumerate(listed(agreements), start=1)
        if agreement.id == partnership and each.owner.id in agreement.own_schools
    ]
    if not going:
        return form_over(words)
    return (
        Heading(words("{partnership}: how is it going?", partnership=going[0][1].name)),
        Paragraph(
            words(
                "Half term is near, a good moment to look at what your school leads on. If it is done, say so; if it "
                "takes longer, carry on with it. Either is fine."
            )
        ),
        *(
            block
            for number, agreement, each in going
            for block in _numbered(agreement, number, each, words, in_list=False)
        ),
        Buttons((_all(words), help_button(words))),
    )
