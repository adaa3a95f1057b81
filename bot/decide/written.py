"""What typed text does: a command, an answer to the current question, or the leader's own words."""

from __future__ import annotations

from datetime import datetime

from bot.decide import (
    agreed_action_form,
    agreed_actions,
    deputies,
    look_back,
    notes,
    practice_and_networks,
    priorities_and_submit,
    reminders_and_privacy,
    report,
    scores,
    visibility,
)
from bot.decide.changes import Outcome, Reply
from bot.decide.onward import invite, made_active, resume, speak
from bot.decide.permissions import command_refused
from bot.decide.replies import carry_on, first_saying, in_view, line, show_place
from bot.decide.turn_state import TurnState
from bot.inbound.typed_text import Commanded, Free, Meaning, Number, Scored, Word
from bot.messages import references
from core.enquiry import Choosing, Enquiry, NoteKind, Reviewing, Scoring


def written(state: TurnState, at: datetime, meaning: Meaning, text: str) -> Outcome:
    enquiry = state.enquiry
    if (answered := agreed_action_form.typed_answer(state, meaning, text)) is not None:
        return answered
    if isinstance(meaning, Commanded):
        return _commanded(state, at, meaning, text)
    if enquiry is None:
        return _not_working(state)
    if not enquiry.cycle.is_open(state.now):
        return _after_close(state, enquiry)
    return _in_conversation(state, at, enquiry, meaning, text)


def _not_working(state: TurnState) -> Outcome:
    """Something was typed outside any enquiry: say what the person can do."""
    if len(state.open_enquiries) == 1:
        return invite(state.open_enquiries[0].cycle)
    if state.open_enquiries:
        return Outcome(replies=(Reply(references.Switch(), below=True),))
    return Outcome(replies=(Reply(references.Help(), below=True),))


def _after_close(state: TurnState, enquiry: Enquiry) -> Outcome:
    return _not_working(state) if state.open_enquiries else line("closed", enquiry.cycle.id)


def _in_conversation(
    state: TurnState, at: datetime, enquiry: Enquiry, meaning: Scored | Number | Free, text: str
) -> Outcome:
    if not text.strip():
        return Outcome(replies=(show_place(enquiry, below=True),))
    answered = _answered(state, at, enquiry, meaning, text)
    if answered is not None:
        return answered if in_view(state, enquiry) else _asked_first(state, enquiry)
    return notes.written(state, enquiry, text) if isinstance(meaning, Free) else notes.offer(state, enquiry, text)


def _asked_first(state: TurnState, enquiry: Enquiry) -> Outcome:
    """An answer to a question that isn't the current one counts for nothing: show the current one."""
    asked = Outcome(replies=(show_place(enquiry, below=True),))
    return first_saying("earlier-message", asked) if state.replying else asked


def _answered(
    state: TurnState, at: datetime, enquiry: Enquiry, meaning: Scored | Number | Free, text: str
) -> Outcome | None:
    """What the text does as an answer to the current question; None if it doesn't answer it."""
    place = enquiry.place
    if isinstance(place, Choosing) and (chosen := priorities_and_submit.named(enquiry, text)):
        return priorities_and_submit.toggle(enquiry, chosen)
    if isinstance(place, Reviewing) and (opened := priorities_and_submit.named(enquiry, text)) and len(opened) == 1:
        return scores.change(enquiry, opened[0])
    if isinstance(place, Scoring) and isinstance(meaning, Scored):
        scored = scores.typed_scores(enquiry, place, meaning, at)
        return made_active(state, enquiry, scored)
    return None


def _commanded(state: TurnState, at: datetime, command: Commanded, text: str) -> Outcome:
    match command.word:
        case Word.HELP:
            return Outcome(replies=(Reply(references.Help(), below=True),))
        case Word.STATUS:
            return Outcome(replies=(Reply(references.Status(), below=True),))
        case Word.REMINDERS:
            return Outcome(replies=(Reply(references.ReminderTimes(), below=True),))
        case Word.ENGLISH:
            return speak(state, "en")
        case Word.WELSH:
            return speak(state, "cy")
        case Word.MY_DATA:
            return Outcome(replies=(Reply(references.MyData(), below=True),))
        case Word.ERASE_ME:
            return Outcome(replies=(Reply(references.ShortReply("erase-sure"), below=True),))
        case Word.DEPUTY:
            return deputies.show()
        case Word.AWAY:
            return deputies.away(state, command.rest)
        case Word.REPORT if report.understands(state, command.rest, text):
            return report.report(state, command.rest)
        case Word.MEETING_PACK if report.understands(state, command.rest, text):
            return report.pack(state, command.rest)
        case Word.REVIEW if state.past:
            return look_back.look_back(state)
        case Word.NOTES:
            return command_refused(state, command.word) or reminders_and_privacy.shared_notes()
        case Word.RESPONSES:
            return command_refused(state, command.word) or reminders_and_privacy.responses()
        case Word.ACTIONS:
            return agreed_actions.show()
        case Word.VISIBILITY:
            return visibility.show()
        case Word.PRACTICE:
            return practice_and_networks.show()
        case Word.NETWORK:
            return command_refused(state, command.word) or practice_and_networks.networks(state)
        case Word.ACTION if not (command.rest and notes.waits(state)):
            return agreed_actions.typed_action(state, command.rest) or _commanded_in_enquiry(state, at, command, text)
        case Word.SWITCH:
            return _switch(state)
        case Word.STOP:
            return reminders_and_privacy.stop_all(state)
        case Word.START | Word.RESUME:
            return resume(state)
        case Word.OTHERS | Word.LATER if state.enquiry is None and len(state.open_enquiries) == 1:
            return _before_beginning(state.open_enquiries[0].cycle, command.word)
    return _commanded_in_enquiry(state, at, command, text)


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


def _commanded_in_enquiry(state: TurnState, at: datetime, command: Commanded, text: str) -> Outcome:
    enquiry = state.enquiry
    if enquiry is None:
        return _not_working(state)
    if not enquiry.cycle.is_open(state.now):
        return _after_close(state, enquiry)
    match command.word:
        case Word.BACK:
            return scores.back(enquiry)
        case Word.SKIP if isinstance(enquiry.place, Choosing):
            return priorities_and_submit.priorities_done(enquiry)
        case Word.SKIP:
            return scores.typed_skip(enquiry, at) if in_view(state, enquiry) else _asked_first(state, enquiry)
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
