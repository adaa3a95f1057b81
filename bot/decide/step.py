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
from bot.decide.changes import (
    Begin,
    Invited,
    Outcome,
    PersonLeft,
    Say,
    SetTalk,
    Speak,
)
from bot.decide.replies import carry_on, in_view, line, show_place, with_place
from bot.decide.turn_state import ActionDraft, Awaiting, NoteWanted, Snapshot, TextOffered
from bot.inbound import buttons, buttons_partnership, typed_text
from bot.inbound.buttons_partnership import Together
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


def step(snapshot: Snapshot, incoming: Incoming) -> Outcome:
    """What this event changes and what is said to it."""
    match incoming.body:
        case Left() | Typed() if incoming.conversation.kind is Kind.CHANNEL:
            return Outcome()
        case Left():
            return Outcome(changes=(PersonLeft(),))
        case _ if snapshot.person is None:
            return line("stranger")
        case Chose() as chose:
            return _chose(snapshot, incoming, chose)
        case Command(name, text) if name.casefold().lstrip("/") == _OWN_COMMAND:
            return _typed(snapshot, incoming, text or "help")
        case Command(name, text) if typed_text.read(name, None) == Commanded(Word.REPORT):
            return report.report(snapshot, text)
        case Command(name, text):
            return _typed(snapshot, incoming, f"{name} {text}".strip())
        case Typed(text):
            return _typed(snapshot, incoming, text)
        case Installed():
            return _welcome(snapshot)


def _welcome(snapshot: Snapshot) -> Outcome:
    cycles = tuple(dict.fromkeys(each.cycle for each in snapshot.open_enquiries))
    return _invite(*cycles) if cycles else Outcome(says=(Say(references.Help(), below=True),))


def _invite(*cycles: int) -> Outcome:
    return Outcome(
        tuple(Invited(cycle) for cycle in cycles),
        tuple(Say(references.Invitation(cycle), below=True) for cycle in cycles),
    )


def _chose(snapshot: Snapshot, incoming: Incoming, chose: Chose) -> Outcome:
    action = buttons.decode(chose.action)
    if action is None:
        return carry_on(snapshot, line("old-button"))
    if isinstance(action, Together):
        return _about_the_partnership(snapshot, action, chose.inputs.get("text", ""))
    if buttons.response_of(action) is not None or buttons.note_of(action) is not None:
        return _about_response(snapshot, incoming, action, chose.inputs.get("text", ""))
    return _about_anything(snapshot, action)


def _about_the_partnership(snapshot: Snapshot, action: Together, text: str) -> Outcome:
    match action:
        case buttons_partnership.ShowVisibility():
            return visibility.show()
        case buttons_partnership.SaySeen():
            return visibility.say(snapshot, action)
        case buttons_partnership.ShowPractice():
            return practice_and_networks.show()
        case buttons_partnership.AnswerPractice():
            return practice_and_networks.answer(snapshot, action)
        case (
            buttons_partnership.ShowNetworks() | buttons_partnership.JoinNetwork() | buttons_partnership.SumUpNetwork()
        ):
            return practice_and_networks.about_networks(snapshot, action)
        case _:
            return agreed_actions.act(snapshot, action, text)


def _about_response(snapshot: Snapshot, incoming: Incoming, action: buttons.Action, text: str) -> Outcome:
    enquiry = snapshot.enquiry
    if enquiry is None:
        return line("not-yours" if buttons.note_of(action) is None else "note-gone")
    if not enquiry.cycle.is_open(snapshot.now):
        return line("closed", enquiry.cycle.id)
    return _made_active(snapshot, enquiry, _in_enquiry(snapshot, incoming, enquiry, action, text))


def _made_active(snapshot: Snapshot, enquiry: Enquiry, outcome: Outcome) -> Outcome:
    """What is done in an enquiry makes it the one being worked on, and a note asked for earlier is let go.

    Its question is shown then: what is typed next must not meet one of another school.
    """
    switched = snapshot.active != enquiry.response
    outcome = with_place(enquiry, outcome) if switched else outcome
    settled = not switched and not isinstance(snapshot.awaiting, NoteWanted)
    if settled or any(isinstance(change, SetTalk) for change in outcome.changes):
        return outcome
    return Outcome((*outcome.changes, SetTalk(enquiry.response, _still_waits(snapshot, enquiry))), outcome.says)


def _still_waits(snapshot: Snapshot, enquiry: Enquiry) -> Awaiting | None:
    """The text that waits to become a note of this enquiry, or an action that is being recorded."""
    waiting = snapshot.awaiting
    if isinstance(waiting, TextOffered):
        return waiting if waiting.response == enquiry.response else None
    return waiting if isinstance(waiting, ActionDraft) else None


def _in_enquiry(snapshot: Snapshot, incoming: Incoming, enquiry: Enquiry, action: buttons.Action, text: str) -> Outcome:
    at = min(incoming.at, snapshot.now)
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
            return Outcome(says=(Say(references.Hint(enquiry.response, criterion), below=True),))
        case buttons.AddNote(_, subtheme, kind):
            return notes.ask(enquiry, subtheme, kind)
        case buttons.WriteNote(_, subtheme, kind):
            return notes.keep(snapshot, enquiry, subtheme, kind, text)
        case buttons.KeepText():
            return notes.keep_offered(snapshot, enquiry, action)
        case buttons.DropText(_, offer):
            return notes.drop_offered(snapshot, enquiry, offer)
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
            return carry_on(snapshot, line("old-button"))


def _about_anything(snapshot: Snapshot, action: buttons.Action) -> Outcome:
    match action:
        case buttons.Start(cycle, school):
            return _start(snapshot, cycle, school)
        case buttons.NotNow(cycle):
            return line("not-now", cycle)
        case buttons.Snooze() | buttons.StopReminders() | buttons.RemindAt():
            return reminders_and_privacy.reminders(snapshot, action)
        case buttons.StopAllReminders():
            return reminders_and_privacy.stop_all(snapshot)
        case buttons.Resume():
            return _back_to_place(snapshot)
        case buttons.ShowReminderTimes():
            return Outcome(says=(Say(references.ReminderTimes(), below=True),))
        case buttons.ShowHelp():
            return Outcome(says=(Say(references.Help(), below=True),))
        case buttons.ShowStatus():
            return Outcome(says=(Say(references.Status(), below=True),))
        case buttons.ShowSwitch():
            return Outcome(says=(Say(references.Switch(), below=True),))
        case buttons.ShowOthersSee(cycle):
            return reminders_and_privacy.others_see(snapshot, cycle)
        case buttons.Speak(language):
            return _speak(snapshot, language)
        case buttons.LookBack():
            return look_back.look_back(snapshot)
        case buttons.EraseMe():
            return reminders_and_privacy.erase()
        case _:
            return report.act(snapshot, action)


def _start(snapshot: Snapshot, cycle: int, school: str) -> Outcome:
    """Begin, or go on with, the enquiry of a school."""
    enquiry = snapshot.enquiry
    if enquiry is not None and (enquiry.cycle.id, enquiry.school) == (cycle, school):
        if not enquiry.cycle.is_open(snapshot.now):
            return line("closed", cycle)
        waiting = _still_waits(snapshot, enquiry)
        return Outcome((SetTalk(enquiry.response, waiting),), (show_place(enquiry, below=True),))
    if any((each.cycle, each.school) == (cycle, school) for each in snapshot.open_enquiries):
        return Outcome(begin=Begin(cycle, school))
    return carry_on(snapshot, line("nothing-to-start"))


def _speak(snapshot: Snapshot, language: str) -> Outcome:
    if language not in typed_text.WORDS:
        return carry_on(snapshot, line("old-button"))
    outcome = carry_on(snapshot, line("language"))
    return Outcome((Speak(language), *outcome.changes), outcome.says)


def _typed(snapshot: Snapshot, incoming: Incoming, text: str) -> Outcome:
    enquiry = snapshot.enquiry
    meaning = typed_text.read(text, enquiry.framework if enquiry else None)
    if (answered := agreed_action_form.typed_answer(snapshot, meaning, text)) is not None:
        return answered
    if isinstance(meaning, Commanded):
        return _commanded(snapshot, incoming, meaning, text)
    if enquiry is None:
        return _not_working(snapshot)
    if not enquiry.cycle.is_open(snapshot.now):
        return _after_close(snapshot, enquiry)
    return _in_conversation(snapshot, incoming, enquiry, meaning, text)


def _not_working(snapshot: Snapshot) -> Outcome:
    """Something was typed outside any enquiry: say what there is to do."""
    if len(snapshot.open_enquiries) == 1:
        return _invite(snapshot.open_enquiries[0].cycle)
    if snapshot.open_enquiries:
        return Outcome(says=(Say(references.Switch(), below=True),))
    return Outcome(says=(Say(references.Help(), below=True),))


def _after_close(snapshot: Snapshot, enquiry: Enquiry) -> Outcome:
    return _not_working(snapshot) if snapshot.open_enquiries else line("closed", enquiry.cycle.id)


def _in_conversation(
    snapshot: Snapshot, incoming: Incoming, enquiry: Enquiry, meaning: Scored | Number | Free, text: str
) -> Outcome:
    if not text.strip():
        return Outcome(says=(show_place(enquiry, below=True),))
    answered = _answered(snapshot, incoming, enquiry, meaning, text)
    if answered is not None:
        return answered if in_view(snapshot, enquiry) else Outcome(says=(show_place(enquiry, below=True),))
    return notes.written(snapshot, enquiry, text) if isinstance(meaning, Free) else notes.offer(snapshot, enquiry, text)


def _answered(
    snapshot: Snapshot, incoming: Incoming, enquiry: Enquiry, meaning: Scored | Number | Free, text: str
) -> Outcome | None:
    """What the text does as an answer to the question that is asked; None where it answers nothing."""
    place = enquiry.place
    if isinstance(place, Choosing) and (chosen := priorities_and_submit.named(enquiry, text)):
        return priorities_and_submit.toggle(enquiry, chosen)
    if isinstance(place, Reviewing) and (opened := priorities_and_submit.named(enquiry, text)) and len(opened) == 1:
        return scores.change(enquiry, opened[0])
    if isinstance(place, Scoring) and isinstance(meaning, Scored):
        scored = scores.typed_scores(enquiry, place, meaning, min(incoming.at, snapshot.now))
        return _made_active(snapshot, enquiry, scored)
    return None


def _commanded(snapshot: Snapshot, incoming: Incoming, command: Commanded, text: str) -> Outcome:
    match command.word:
        case Word.HELP:
            return Outcome(says=(Say(references.Help(), below=True),))
        case Word.STATUS:
            return Outcome(says=(Say(references.Status(), below=True),))
        case Word.REMINDERS:
            return Outcome(says=(Say(references.ReminderTimes(), below=True),))
        case Word.ENGLISH:
            return _speak(snapshot, "en")
        case Word.WELSH:
            return _speak(snapshot, "cy")
        case Word.MY_DATA:
            return Outcome(says=(Say(references.MyData(), below=True),))
        case Word.ERASE_ME:
            return Outcome(says=(Say(references.Line("erase-sure"), below=True),))
        case Word.REPORT if report.understands(snapshot, command.rest, text):
            return report.report(snapshot, command.rest)
        case Word.MEETING_PACK if report.understands(snapshot, command.rest, text):
            return report.pack(snapshot, command.rest)
        case Word.REVIEW if snapshot.past:
            return look_back.look_back(snapshot)
        case Word.NOTES:
            return reminders_and_privacy.shared_notes(snapshot)
        case Word.RESPONSES:
            return reminders_and_privacy.responses(snapshot)
        case Word.ACTIONS:
            return agreed_actions.show()
        case Word.VISIBILITY:
            return visibility.show()
        case Word.PRACTICE:
            return practice_and_networks.show()
        case Word.NETWORK:
            return practice_and_networks.networks(snapshot)
        case Word.ACTION if not (command.rest and notes.waits(snapshot)):
            return agreed_actions.typed_action(snapshot, command.rest) or _commanded_in_enquiry(
                snapshot, incoming, command, text
            )
        case Word.SWITCH:
            return _switch(snapshot)
        case Word.STOP:
            return reminders_and_privacy.stop_all(snapshot)
        case Word.START | Word.RESUME:
            return _resume(snapshot)
        case Word.OTHERS | Word.LATER if snapshot.enquiry is None and len(snapshot.open_enquiries) == 1:
            return _before_beginning(snapshot.open_enquiries[0].cycle, command.word)
    return _commanded_in_enquiry(snapshot, incoming, command, text)


def _before_beginning(cycle: int, word: Word) -> Outcome:
    return (
        Outcome(says=(Say(references.OthersSee(cycle), below=True),)) if word is Word.OTHERS else line("not-now", cycle)
    )


def _switch(snapshot: Snapshot) -> Outcome:
    if len(snapshot.open_enquiries) > 1:
        return Outcome(says=(Say(references.Switch(), below=True),))
    return carry_on(snapshot, line("nothing-to-switch")) if snapshot.open_enquiries else line("nothing-open")


def _back_to_place(snapshot: Snapshot) -> Outcome:
    """On with the question that is asked, be it one that was opened again."""
    enquiry = snapshot.enquiry
    if enquiry is not None and enquiry.cycle.is_open(snapshot.now):
        return Outcome(says=(show_place(enquiry, below=True),))
    return _resume(snapshot)


def _resume(snapshot: Snapshot) -> Outcome:
    """On with the first question that has no answer."""
    enquiry = snapshot.enquiry
    if enquiry is not None and enquiry.cycle.is_open(snapshot.now):
        return scores.carry_on(enquiry)
    if len(snapshot.open_enquiries) == 1:
        only = snapshot.open_enquiries[0]
        return _start(snapshot, only.cycle, only.school)
    return Outcome(says=(Say(references.Switch(), below=True),)) if snapshot.open_enquiries else line("nothing-open")


def _commanded_in_enquiry(snapshot: Snapshot, incoming: Incoming, command: Commanded, text: str) -> Outcome:
    enquiry = snapshot.enquiry
    if enquiry is None:
        return _not_working(snapshot)
    if not enquiry.cycle.is_open(snapshot.now):
        return _after_close(snapshot, enquiry)
    at = min(incoming.at, snapshot.now)
    match command.word:
        case Word.BACK:
            return scores.back(enquiry)
        case Word.SKIP if isinstance(enquiry.place, Choosing):
            return priorities_and_submit.priorities_done(enquiry)
        case Word.SKIP:
            return scores.typed_skip(enquiry, at) if in_view(snapshot, enquiry) else _back_to_place(snapshot)
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
            return scores.typed_change(enquiry, command.rest) or notes.written(snapshot, enquiry, text)
        case Word.STRENGTH | Word.DEVELOPMENT | Word.NOTE:
            return notes.typed_note(snapshot, enquiry, _KIND[command.word], command.rest, text)
        case Word.HINT:
            return scores.typed_hint(enquiry)
        case Word.OTHERS:
            return Outcome(says=(Say(references.OthersSee(enquiry.cycle.id), below=True),))
        case _:
            return notes.written(snapshot, enquiry, text)


_KIND = {
    Word.STRENGTH: NoteKind.STRENGTH,
    Word.DEVELOPMENT: NoteKind.DEVELOPMENT,
    Word.NOTE: NoteKind.EVIDENCE,
}
