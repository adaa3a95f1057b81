"""The conversation: one event and what is known go in; what changes and what is said come out. Pure, and total.

There is no state of its own: where a leader stands follows from their answers (``Enquiry.place``), so a restart, a
second device or another platform can neither lose nor repeat a question.
"""

from __future__ import annotations

from bot import (
    actions,
    actions_together,
    agreeing,
    answering,
    consenting,
    drafting,
    leading,
    looking_back,
    noting,
    reporting,
    said,
    sharing,
    submitting,
    typed,
)
from bot.actions_together import Together
from bot.changes import Begin, Invited, Outcome, PersonLeft, Say, SetTalk, Speak
from bot.events import Chose, Command, Incoming, Installed, Kind, Left, Typed
from bot.saying import carry_on, in_view, line, show_place, with_place
from bot.snapshot import ActionDraft, Awaiting, NoteWanted, Snapshot, TextOffered
from bot.typed import Commanded, Free, Number, Scored, Word
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
        case Command(name, text) if typed.read(name, None) == Commanded(Word.REPORT):
            return reporting.report(snapshot, text)
        case Command(name, text):
            return _typed(snapshot, incoming, f"{name} {text}".strip())
        case Typed(text):
            return _typed(snapshot, incoming, text)
        case Installed():
            return _welcome(snapshot)


def _welcome(snapshot: Snapshot) -> Outcome:
    cycles = tuple(dict.fromkeys(each.cycle for each in snapshot.open_enquiries))
    return _invite(*cycles) if cycles else Outcome(says=(Say(said.Help(), below=True),))


def _invite(*cycles: int) -> Outcome:
    return Outcome(
        tuple(Invited(cycle) for cycle in cycles), tuple(Say(said.Invitation(cycle), below=True) for cycle in cycles)
    )


def _chose(snapshot: Snapshot, incoming: Incoming, chose: Chose) -> Outcome:
    action = actions.decode(chose.action)
    if action is None:
        return carry_on(snapshot, line("old-button"))
    if isinstance(action, Together):
        return _about_the_partnership(snapshot, action, chose.inputs.get("text", ""))
    if actions.response_of(action) is not None or actions.note_of(action) is not None:
        return _about_response(snapshot, incoming, action, chose.inputs.get("text", ""))
    return _about_anything(snapshot, action)


def _about_the_partnership(snapshot: Snapshot, action: Together, text: str) -> Outcome:
    match action:
        case actions_together.ShowVisibility():
            return consenting.show()
        case actions_together.SaySeen():
            return consenting.say(snapshot, action)
        case actions_together.ShowPractice():
            return sharing.show()
        case actions_together.AnswerPractice():
            return sharing.answer(snapshot, action)
        case actions_together.ShowNetworks() | actions_together.JoinNetwork() | actions_together.SumUpNetwork():
            return sharing.about_networks(snapshot, action)
        case _:
            return agreeing.act(snapshot, action, text)


def _about_response(snapshot: Snapshot, incoming: Incoming, action: actions.Action, text: str) -> Outcome:
    enquiry = snapshot.enquiry
    if enquiry is None:
        return line("not-yours" if actions.note_of(action) is None else "note-gone")
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


def _in_enquiry(snapshot: Snapshot, incoming: Incoming, enquiry: Enquiry, action: actions.Action, text: str) -> Outcome:
    at = min(incoming.at, snapshot.now)
    match action:
        case actions.Score():
            return answering.score(enquiry, action, at)
        case actions.Skip(_, criterion):
            return answering.skip(enquiry, criterion, at)
        case actions.Back():
            return answering.back(enquiry)
        case actions.CarryOn():
            return answering.carry_on(enquiry)
        case actions.Change(_, criterion):
            return answering.change(enquiry, criterion)
        case actions.Pause():
            return line("paused", enquiry.cycle.id)
        case actions.ShowHint(_, criterion) if criterion in enquiry.framework.criterion_by_id:
            return Outcome(says=(Say(said.Hint(enquiry.response, criterion), below=True),))
        case actions.AddNote(_, subtheme, kind):
            return noting.ask(enquiry, subtheme, kind)
        case actions.WriteNote(_, subtheme, kind):
            return noting.keep(snapshot, enquiry, subtheme, kind, text)
        case actions.KeepText():
            return noting.keep_offered(snapshot, enquiry, action)
        case actions.DropText(_, offer):
            return noting.drop_offered(snapshot, enquiry, offer)
        case actions.OfferNote() | actions.ShowNoteTo() | actions.RemoveNote():
            return noting.settle(enquiry, action)
        case actions.Prioritise(_, subtheme, yes):
            return submitting.prioritise(enquiry, subtheme, yes)
        case actions.PrioritiesDone():
            return submitting.priorities_done(enquiry)
        case actions.ChangePriorities():
            return submitting.open_priorities(enquiry)
        case actions.OpenReview():
            return submitting.open_review(enquiry)
        case actions.Submit():
            return submitting.submit(enquiry)
        case _:
            return carry_on(snapshot, line("old-button"))


def _about_anything(snapshot: Snapshot, action: actions.Action) -> Outcome:
    match action:
        case actions.Start(cycle, school):
            return _start(snapshot, cycle, school)
        case actions.NotNow(cycle):
            return line("not-now", cycle)
        case actions.Snooze() | actions.StopReminders() | actions.RemindAt():
            return leading.reminders(snapshot, action)
        case actions.StopAllReminders():
            return leading.stop_all(snapshot)
        case actions.Resume():
            return _back_to_place(snapshot)
        case actions.ShowReminderTimes():
            return Outcome(says=(Say(said.ReminderTimes(), below=True),))
        case actions.ShowHelp():
            return Outcome(says=(Say(said.Help(), below=True),))
        case actions.ShowStatus():
            return Outcome(says=(Say(said.Status(), below=True),))
        case actions.ShowSwitch():
            return Outcome(says=(Say(said.Switch(), below=True),))
        case actions.ShowOthersSee(cycle):
            return leading.others_see(snapshot, cycle)
        case actions.Speak(language):
            return _speak(snapshot, language)
        case actions.LookBack():
            return looking_back.look_back(snapshot)
        case actions.EraseMe():
            return leading.erase()
        case _:
            return reporting.act(snapshot, action)


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
    if language not in typed.WORDS:
        return carry_on(snapshot, line("old-button"))
    outcome = carry_on(snapshot, line("language"))
    return Outcome((Speak(language), *outcome.changes), outcome.says)


def _typed(snapshot: Snapshot, incoming: Incoming, text: str) -> Outcome:
    enquiry = snapshot.enquiry
    meaning = typed.read(text, enquiry.framework if enquiry else None)
    if (answered := drafting.typed_answer(snapshot, meaning, text)) is not None:
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
        return Outcome(says=(Say(said.Switch(), below=True),))
    return Outcome(says=(Say(said.Help(), below=True),))


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
    return (
        noting.written(snapshot, enquiry, text) if isinstance(meaning, Free) else noting.offer(snapshot, enquiry, text)
    )


def _answered(
    snapshot: Snapshot, incoming: Incoming, enquiry: Enquiry, meaning: Scored | Number | Free, text: str
) -> Outcome | None:
    """What the text does as an answer to the question that is asked; None where it answers nothing."""
    place = enquiry.place
    if isinstance(place, Choosing) and (chosen := submitting.named(enquiry, text)):
        return submitting.toggle(enquiry, chosen)
    if isinstance(place, Reviewing) and (opened := submitting.named(enquiry, text)) and len(opened) == 1:
        return answering.change(enquiry, opened[0])
    if isinstance(place, Scoring) and isinstance(meaning, Scored):
        scored = answering.typed_scores(enquiry, place, meaning, min(incoming.at, snapshot.now))
        return _made_active(snapshot, enquiry, scored)
    return None


def _commanded(snapshot: Snapshot, incoming: Incoming, command: Commanded, text: str) -> Outcome:
    match command.word:
        case Word.HELP:
            return Outcome(says=(Say(said.Help(), below=True),))
        case Word.STATUS:
            return Outcome(says=(Say(said.Status(), below=True),))
        case Word.REMINDERS:
            return Outcome(says=(Say(said.ReminderTimes(), below=True),))
        case Word.ENGLISH:
            return _speak(snapshot, "en")
        case Word.WELSH:
            return _speak(snapshot, "cy")
        case Word.MY_DATA:
            return Outcome(says=(Say(said.MyData(), below=True),))
        case Word.ERASE_ME:
            return Outcome(says=(Say(said.Line("erase-sure"), below=True),))
        case Word.REPORT if reporting.understands(snapshot, command.rest, text):
            return reporting.report(snapshot, command.rest)
        case Word.MEETING_PACK if reporting.understands(snapshot, command.rest, text):
            return reporting.pack(snapshot, command.rest)
        case Word.REVIEW if snapshot.past:
            return looking_back.look_back(snapshot)
        case Word.NOTES:
            return leading.shared_notes(snapshot)
        case Word.RESPONSES:
            return leading.responses(snapshot)
        case Word.ACTIONS:
            return agreeing.show()
        case Word.VISIBILITY:
            return consenting.show()
        case Word.PRACTICE:
            return sharing.show()
        case Word.NETWORK:
            return sharing.networks(snapshot)
        case Word.ACTION if not (command.rest and noting.waits(snapshot)):
            return agreeing.typed_action(snapshot, command.rest) or _commanded_in_enquiry(
                snapshot, incoming, command, text
            )
        case Word.SWITCH:
            return _switch(snapshot)
        case Word.STOP:
            return leading.stop_all(snapshot)
        case Word.START | Word.RESUME:
            return _resume(snapshot)
        case Word.OTHERS | Word.LATER if snapshot.enquiry is None and len(snapshot.open_enquiries) == 1:
            return _before_beginning(snapshot.open_enquiries[0].cycle, command.word)
    return _commanded_in_enquiry(snapshot, incoming, command, text)


def _before_beginning(cycle: int, word: Word) -> Outcome:
    return Outcome(says=(Say(said.OthersSee(cycle), below=True),)) if word is Word.OTHERS else line("not-now", cycle)


def _switch(snapshot: Snapshot) -> Outcome:
    if len(snapshot.open_enquiries) > 1:
        return Outcome(says=(Say(said.Switch(), below=True),))
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
        return answering.carry_on(enquiry)
    if len(snapshot.open_enquiries) == 1:
        only = snapshot.open_enquiries[0]
        return _start(snapshot, only.cycle, only.school)
    return Outcome(says=(Say(said.Switch(), below=True),)) if snapshot.open_enquiries else line("nothing-open")


def _commanded_in_enquiry(snapshot: Snapshot, incoming: Incoming, command: Commanded, text: str) -> Outcome:
    enquiry = snapshot.enquiry
    if enquiry is None:
        return _not_working(snapshot)
    if not enquiry.cycle.is_open(snapshot.now):
        return _after_close(snapshot, enquiry)
    at = min(incoming.at, snapshot.now)
    match command.word:
        case Word.BACK:
            return answering.back(enquiry)
        case Word.SKIP if isinstance(enquiry.place, Choosing):
            return submitting.priorities_done(enquiry)
        case Word.SKIP:
            return answering.typed_skip(enquiry, at) if in_view(snapshot, enquiry) else _back_to_place(snapshot)
        case Word.PAUSE | Word.LATER:
            return line("paused", enquiry.cycle.id)
        case Word.REVIEW:
            return submitting.open_review(enquiry)
        case Word.SUBMIT:
            return submitting.typed_submit(enquiry)
        case Word.PRIORITIES:
            return submitting.open_priorities(enquiry)
        case Word.DONE:
            return submitting.done(enquiry)
        case Word.CHANGE:
            return answering.typed_change(enquiry, command.rest) or noting.written(snapshot, enquiry, text)
        case Word.STRENGTH | Word.DEVELOPMENT | Word.NOTE:
            return noting.typed_note(snapshot, enquiry, _KIND[command.word], command.rest, text)
        case Word.HINT:
            return answering.typed_hint(enquiry)
        case Word.OTHERS:
            return Outcome(says=(Say(said.OthersSee(enquiry.cycle.id), below=True),))
        case _:
            return noting.written(snapshot, enquiry, text)


_KIND = {
    Word.STRENGTH: NoteKind.STRENGTH,
    Word.DEVELOPMENT: NoteKind.DEVELOPMENT,
    Word.NOTE: NoteKind.EVIDENCE,
}
