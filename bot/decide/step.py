"""The conversation: one event and what is known go in; what changes and what is said come out. Pure, and total.

There is no state of its own: where a leader stands follows from their answers (``Enquiry.place``), so a restart, a
second device or another platform can neither lose nor repeat a question.
"""

from __future__ import annotations

from bot.decide import (
    agreed_action_form,
    agreed_actions,
    look_back,
    notes,
    practice_and_networks,
    priorities_and_submit,
    reminders_and_privacy,
    report,
    scores,
    visibility,
)
from bot.decide.changes import Begin, Invited, Outcome, PersonLeft, Reply, SetTalk
from bot.decide.replies import carry_on, in_view, line, show_place, with_place
from bot.decide.turn_state import ActionDraft, Awaiting, NoteWanted, TextOffered, TurnState
from bot.inbound import buttons, buttons_partnership, typed_text
from bot.inbound.buttons import Speak
from bot.inbound.buttons_partnership import AboutPartnership
from bot.inbound.events import (
    Chose,
    Command,
    Incoming,
    Installed,
    Kind,
    Left,
    Typed,
)
from bot.inbound.typed_text import Commanded, Free, Number, Scored, Word
from bot.messages import references
from core.enquiry import Choosing, Enquiry, NoteKind, Reviewing, Scoring

_OWN_COMMAND = "partnership"


def step(state: TurnState, incoming: Incoming) -> Outcome:
    """What this event changes and what is said to it."""
    match incoming.body:
        case Left() | Typed() if incoming.conversation.kind is Kind.CHANNEL:
            return Outcome()
        case Left():
            return Outcome(changes=(PersonLeft(),))
        case _ if state.person is None:
            return line("stranger")
        case Chose() as chose:
            return _chose(state, incoming, chose)
        case Command(name, text) if name.casefold().lstrip("/") == _OWN_COMMAND:
            return _typed(state, incoming, text or "help")
        case Command(name, text) if typed_text.read(name, None) == Commanded(Word.REPORT):
            return report.report(state, text)
        case Command(name, text):
            return _typed(state, incoming, f"{name} {text}".strip())
        case Typed(text):
            return _typed(state, incoming, text)
        case Installed():
            return _welcome(state)


def _welcome(state: TurnState) -> Outcome:
    cycles = tuple(dict.fromkeys(each.cycle for each in state.open_enquiries))
    return _invite(*cycles) if cycles else Outcome(replies=(Reply(references.Help(), below=True),))


def _invite(*cycles: int) -> Outcome:
    return Outcome(
        tuple(Invited(cycle) for cycle in cycles),
        tuple(Reply(references.Invitation(cycle), below=True) for cycle in cycles),
    )


def _chose(state: TurnState, incoming: Incoming, chose: Chose) -> Outcome:
    action = buttons.decode(chose.action)
    if action is None:
        return carry_on(state, line("old-button"))
    if isinstance(action, AboutPartnership):
        return _about_the_partnership(state, action, chose.inputs.get("text", ""))
    if buttons.response_of(action) is not None or buttons.note_of(action) is not None:
        return _about_response(state, incoming, action, chose.inputs.get("text", ""))
    return _about_anything(state, action)


def _about_the_partnership(state: TurnState, action: AboutPartnership, text: str) -> Outcome:
    match action:
        case buttons_partnership.ShowVisibility():
            return visibility.show()
        case buttons_partnership.SayVisibility():
            return visibility.say(state, action)
        case buttons_partnership.ShowPractice():
            return practice_and_networks.show()
        case buttons_partnership.AnswerPractice():
            return practice_and_networks.answer(state, action)
        case (
            buttons_partnership.ShowNetworks() | buttons_partnership.JoinNetwork() | buttons_partnership.SumUpNetwork()
        ):
            return practice_and_networks.about_networks(state, action)
        case _:
            return agreed_actions.act(state, action, text)


def _about_response(state: TurnState, incoming: Incoming, action: buttons.Press, text: str) -> Outcome:
    enquiry = state.enquiry
    if enquiry is None:
        return line("not-yours" if buttons.note_of(action) is None else "note-gone")
    if not enquiry.cycle.is_open(state.now):
        return line("closed", enquiry.cycle.id)
    return _made_active(state, enquiry, _in_enquiry(state, incoming, enquiry, action, text))


def _made_active(state: TurnState, enquiry: Enquiry, outcome: Outcome) -> Outcome:
    """What is done in an enquiry makes it the one being worked on, and a note asked for earlier is let go.

    Its question is shown then: what is typed next must not meet one of another school.
    """
    switched = state.active != enquiry.response
    outcome = with_place(enquiry, outcome) if switched else outcome
    settled = not switched and not isinstance(state.awaiting, NoteWanted)
    if settled or any(isinstance(change, SetTalk) for change in outcome.changes):
        return outcome
    return Outcome((*outcome.changes, SetTalk(enquiry.response, _still_waits(state, enquiry))), outcome.replies)


def _still_waits(state: TurnState, enquiry: Enquiry) -> Awaiting | None:
    """The text that waits to become a note of this enquiry, or an action that is being recorded."""
    waiting = state.awaiting
    if isinstance(waiting, TextOffered):
        return waiting if waiting.response == enquiry.response else None
    return waiting if isinstance(waiting, ActionDraft) else None


def _in_enquiry(state: TurnState, incoming: Incoming, enquiry: Enquiry, action: buttons.Press, text: str) -> Outcome:
    at = min(incoming.at, state.now)
    match action:
        case buttons.Score():
            return scores.score(enquiry, action, at)
        case buttons.Skip(_, criterion):
            return scores.skip(enquiry, criterion, at)
        case buttons.Back():
            return scores.back(enquiry)
        case buttons.CarryOn():
            return scores.carry_on(enquiry)
        case buttons.Change(_, criterion):
            return scores.change(enquiry, criterion)
        case buttons.Pause():
            return line("paused", enquiry.cycle.id)
        case buttons.ShowHint(_, criterion) if criterion in enquiry.framework.criterion_by_id:
            return Outcome(replies=(Reply(references.Hint(enquiry.response, criterion), below=True),))
        case buttons.AddNote(_, subtheme, kind):
            return notes.ask(enquiry, subtheme, kind)
        case buttons.WriteNote(_, subtheme, kind):
            return notes.keep(state, enquiry, subtheme, kind, text)
        case buttons.KeepText():
            return notes.keep_offered(state, enquiry, action)
        case buttons.DropText(_, offer):
            return notes.drop_offered(state, enquiry, offer)
        case buttons.OfferNote() | buttons.ShowNoteTo() | buttons.RemoveNote():
            return notes.settle(enquiry, action)
        case buttons.Prioritise(_, subtheme, yes):
            return priorities_and_submit.prioritise(enquiry, subtheme, yes)
        case buttons.PrioritiesDone():
            return priorities_and_submit.priorities_done(enquiry)
        case buttons.ChangePriorities():
            return priorities_and_submit.open_priorities(enquiry)
        case buttons.OpenReview():
            return priorities_and_submit.open_review(enquiry)
        case buttons.Submit():
            return priorities_and_submit.submit(enquiry)
        case _:
            return carry_on(state, line("old-button"))


def _about_anything(state: TurnState, action: buttons.Press) -> Outcome:
    match action:
        case buttons.Start(cycle, school):
            return _start(state, cycle, school)
        case buttons.NotNow(cycle):
            return line("not-now", cycle)
        case buttons.Snooze() | buttons.StopReminders() | buttons.RemindAt():
            return reminders_and_privacy.reminders(state, action)
        case buttons.StopAllReminders():
            return reminders_and_privacy.stop_all(state)
        case buttons.Resume():
            return _back_to_place(state)
        case buttons.ShowReminderTimes():
            return Outcome(replies=(Reply(references.ReminderTimes(), below=True),))
        case buttons.ShowHelp():
            return Outcome(replies=(Reply(references.Help(), below=True),))
        case buttons.ShowStatus():
            return Outcome(replies=(Reply(references.Status(), below=True),))
        case buttons.ShowSwitch():
            return Outcome(replies=(Reply(references.Switch(), below=True),))
        case buttons.ShowOthersSee(cycle):
            return reminders_and_privacy.others_see(state, cycle)
        case buttons.Speak(language):
            return _speak(state, language)
        case buttons.LookBack():
            return look_back.look_back(state)
        case buttons.EraseMe():
            return reminders_and_privacy.erase()
        case _:
            return report.act(state, action)


def _start(state: TurnState, cycle: int, school: str) -> Outcome:
    """Begin, or go on with, the enquiry of a school."""
    enquiry = state.enquiry
    if enquiry is not None and (enquiry.cycle.id, enquiry.school) == (cycle, school):
        if not enquiry.cycle.is_open(state.now):
            return line("closed", cycle)
        waiting = _still_waits(state, enquiry)
        return Outcome((SetTalk(enquiry.response, waiting),), (show_place(enquiry, below=True),))
    if any((each.cycle, each.school) == (cycle, school) for each in state.open_enquiries):
        return Outcome(begin=Begin(cycle, school))
    return carry_on(state, line("nothing-to-start"))


def _speak(state: TurnState, language: str) -> Outcome:
    if language not in typed_text.WORDS:
        return carry_on(state, line("old-button"))
    outcome = carry_on(state, line("language"))
    return Outcome((Speak(language), *outcome.changes), outcome.replies)


def _typed(state: TurnState, incoming: Incoming, text: str) -> Outcome:
    enquiry = state.enquiry
    meaning = typed_text.read(text, enquiry.framework if enquiry else None)
    if (answered := agreed_action_form.typed_answer(state, meaning, text)) is not None:
        return answered
    if isinstance(meaning, Commanded):
        return _commanded(state, incoming, meaning, text)
    if enquiry is None:
        return _not_working(state)
    if not enquiry.cycle.is_open(state.now):
        return _after_close(state, enquiry)
    return _in_conversation(state, incoming, enquiry, meaning, text)


def _not_working(state: TurnState) -> Outcome:
    """Something was typed outside any enquiry: say what there is to do."""
    if len(state.open_enquiries) == 1:
        return _invite(state.open_enquiries[0].cycle)
    if state.open_enquiries:
        return Outcome(replies=(Reply(references.Switch(), below=True),))
    return Outcome(replies=(Reply(references.Help(), below=True),))


def _after_close(state: TurnState, enquiry: Enquiry) -> Outcome:
    return _not_working(state) if state.open_enquiries else line("closed", enquiry.cycle.id)


def _in_conversation(
    state: TurnState, incoming: Incoming, enquiry: Enquiry, meaning: Scored | Number | Free, text: str
) -> Outcome:
    if not text.strip():
        return Outcome(replies=(show_place(enquiry, below=True),))
    answered = _answered(state, incoming, enquiry, meaning, text)
    if answered is not None:
        return answered if in_view(state, enquiry) else Outcome(replies=(show_place(enquiry, below=True),))
    return notes.written(state, enquiry, text) if isinstance(meaning, Free) else notes.offer(state, enquiry, text)


def _answered(
    state: TurnState, incoming: Incoming, enquiry: Enquiry, meaning: Scored | Number | Free, text: str
) -> Outcome | None:
    """What the text does as an answer to the question that is asked; None where it answers nothing."""
    place = enquiry.place
    if isinstance(place, Choosing) and (chosen := priorities_and_submit.named(enquiry, text)):
        return priorities_and_submit.toggle(enquiry, chosen)
    if isinstance(place, Reviewing) and (opened := priorities_and_submit.named(enquiry, text)) and len(opened) == 1:
        return scores.change(enquiry, opened[0])
    if isinstance(place, Scoring) and isinstance(meaning, Scored):
        scored = scores.typed_scores(enquiry, place, meaning, min(incoming.at, state.now))
        return _made_active(state, enquiry, scored)
    return None


def _commanded(state: TurnState, incoming: Incoming, command: Commanded, text: str) -> Outcome:
    match command.word:
        case Word.HELP:
            return Outcome(replies=(Reply(references.Help(), below=True),))
        case Word.STATUS:
            return Outcome(replies=(Reply(references.Status(), below=True),))
        case Word.REMINDERS:
            return Outcome(replies=(Reply(references.ReminderTimes(), below=True),))
        case Word.ENGLISH:
            return _speak(state, "en")
        case Word.WELSH:
            return _speak(state, "cy")
        case Word.MY_DATA:
            return Outcome(replies=(Reply(references.MyData(), below=True),))
        case Word.ERASE_ME:
            return Outcome(replies=(Reply(references.ShortReply("erase-sure"), below=True),))
        case Word.REPORT if report.understands(state, command.rest, text):
            return report.report(state, command.rest)
        case Word.MEETING_PACK if report.understands(state, command.rest, text):
            return report.pack(state, command.rest)
        case Word.REVIEW if state.past:
            return look_back.look_back(state)
        case Word.NOTES:
            return reminders_and_privacy.shared_notes(state)
        case Word.RESPONSES:
            return reminders_and_privacy.responses(state)
        case Word.ACTIONS:
            return agreed_actions.show()
        case Word.VISIBILITY:
            return visibility.show()
        case Word.PRACTICE:
            return practice_and_networks.show()
        case Word.NETWORK:
            return practice_and_networks.networks(state)
        case Word.ACTION if not (command.rest and notes.waits(state)):
            return agreed_actions.typed_action(state, command.rest) or _commanded_in_enquiry(
                state, incoming, command, text
            )
        case Word.SWITCH:
            return _switch(state)
        case Word.STOP:
            return reminders_and_privacy.stop_all(state)
        case Word.START | Word.RESUME:
            return _resume(state)
        case Word.OTHERS | Word.LATER if state.enquiry is None and len(state.open_enquiries) == 1:
            return _before_beginning(state.open_enquiries[0].cycle, command.word)
    return _commanded_in_enquiry(state, incoming, command, text)


def _before_beginning(cycle: int, word: Word) -> Outcome:
    return (
        Outcome(replies=(Reply(references.OthersSee(cycle), below=True),))
        if word is Word.OTHERS
        else line("not-now", cycle)
    )


def _switch(state: TurnState) -> Outcome:
    if len(state.open_enquiries) > 1:
        return Outcome(replies=(Reply(references.Switch(), below=True),))
    return carry_on(state, line("nothing-to-switch")) if state.open_enquiries else line("nothing-open")


def _back_to_place(state: TurnState) -> Outcome:
    """On with the question that is asked, be it one that was opened again."""
    enquiry = state.enquiry
    if enquiry is not None and enquiry.cycle.is_open(state.now):
        return Outcome(replies=(show_place(enquiry, below=True),))
    return _resume(state)


def _resume(state: TurnState) -> Outcome:
    """On with the first question that has no answer."""
    enquiry = state.enquiry
    if enquiry is not None and enquiry.cycle.is_open(state.now):
        return scores.carry_on(enquiry)
    if len(state.open_enquiries) == 1:
        only = state.open_enquiries[0]
        return _start(state, only.cycle, only.school)
    return Outcome(replies=(Reply(references.Switch(), below=True),)) if state.open_enquiries else line("nothing-open")


def _commanded_in_enquiry(state: TurnState, incoming: Incoming, command: Commanded, text: str) -> Outcome:
    enquiry = state.enquiry
    if enquiry is None:
        return _not_working(state)
    if not enquiry.cycle.is_open(state.now):
        return _after_close(state, enquiry)
    at = min(incoming.at, state.now)
    match command.word:
        case Word.BACK:
            return scores.back(enquiry)
        case Word.SKIP if isinstance(enquiry.place, Choosing):
            return priorities_and_submit.priorities_done(enquiry)
        case Word.SKIP:
            return scores.typed_skip(enquiry, at) if in_view(state, enquiry) else _back_to_place(state)
        case Word.PAUSE | Word.LATER:
            return line("paused", enquiry.cycle.id)
        case Word.REVIEW:
            return priorities_and_submit.open_review(enquiry)
        case Word.SUBMIT:
            return priorities_and_submit.typed_submit(enquiry)
        case Word.PRIORITIES:
            return priorities_and_submit.open_priorities(enquiry)
        case Word.DONE:
            return priorities_and_submit.done(enquiry)
        case Word.CHANGE:
            return scores.typed_change(enquiry, command.rest) or notes.written(state, enquiry, text)
        case Word.STRENGTH | Word.DEVELOPMENT | Word.NOTE:
            return notes.typed_note(state, enquiry, _KIND[command.word], command.rest, text)
        case Word.HINT:
            return scores.typed_hint(enquiry)
        case Word.OTHERS:
            return Outcome(replies=(Reply(references.OthersSee(enquiry.cycle.id), below=True),))
        case _:
            return notes.written(state, enquiry, text)


_KIND = {
    Word.STRENGTH: NoteKind.STRENGTH,
    Word.DEVELOPMENT: NoteKind.DEVELOPMENT,
    Word.NOTE: NoteKind.EVIDENCE,
}
