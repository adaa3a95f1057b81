"""What a press does, by subject: the partnership, a response, or anything else."""

from __future__ import annotations

from datetime import datetime

from bot.decide import (
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
from bot.decide.onward import back_to_place, made_active, speak, start
from bot.decide.permissions import press_refused
from bot.decide.replies import carry_on, line
from bot.decide.turn_state import TurnState
from bot.inbound import buttons, buttons_partnership
from bot.inbound.buttons_partnership import AboutPartnership
from bot.messages import references
from core.enquiry import Enquiry


def pressed(state: TurnState, at: datetime, press: buttons.Press | None, text: str) -> Outcome:
    """What this press changes and what the bot replies; ``text`` is what was typed beside the button."""
    if press is None:
        return carry_on(state, line("old-button"))
    if (refused := press_refused(state, press)) is not None:
        return refused
    if isinstance(press, AboutPartnership):
        return _about_the_partnership(state, press, text)
    if buttons.is_about_response(press):
        return _about_response(state, at, press, text)
    return _about_anything(state, press)


def _about_the_partnership(state: TurnState, press: AboutPartnership, text: str) -> Outcome:
    match press:
        case buttons_partnership.ShowVisibility():
            return visibility.show()
        case buttons_partnership.SayVisibility():
            return visibility.say(state, press)
        case buttons_partnership.ShowPractice():
            return practice_and_networks.show()
        case buttons_partnership.AnswerPractice():
            return practice_and_networks.answer(state, press)
        case (
            buttons_partnership.ShowNetworks() | buttons_partnership.JoinNetwork() | buttons_partnership.SumUpNetwork()
        ):
            return practice_and_networks.about_networks(state, press)
        case _:
            return agreed_actions.act(state, press, text)


def _about_response(state: TurnState, at: datetime, press: buttons.Press, text: str) -> Outcome:
    enquiry = state.enquiry
    assert enquiry is not None, "it is refused else"
    if not enquiry.cycle.is_open(state.now):
        return line("closed", enquiry.cycle.id)
    return made_active(state, enquiry, _in_enquiry(state, at, enquiry, press, text))


def _in_enquiry(state: TurnState, at: datetime, enquiry: Enquiry, press: buttons.Press, text: str) -> Outcome:
    match press:
        case buttons.Score():
            return scores.score(enquiry, press, at)
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
            return notes.keep_offered(state, enquiry, press)
        case buttons.DropText(_, offer):
            return notes.drop_offered(state, enquiry, offer)
        case buttons.OfferNote() | buttons.ShowNoteTo() | buttons.RemoveNote():
            return notes.settle(enquiry, press)
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


def _about_anything(state: TurnState, press: buttons.Press) -> Outcome:
    match press:
        case buttons.Start(cycle, school):
            return start(state, cycle, school)
        case buttons.NotNow(cycle):
            return line("not-now", cycle)
        case buttons.Snooze() | buttons.StopReminders() | buttons.RemindAt():
            return reminders_and_privacy.reminders(state, press)
        case buttons.StopAllReminders():
            return reminders_and_privacy.stop_all(state)
        case buttons.Resume():
            return back_to_place(state)
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
            return speak(state, language)
        case buttons.LookBack():
            return look_back.look_back(state)
        case buttons.AskDeputy():
            return deputies.ask(state, press)
        case buttons.EraseMe():
            return reminders_and_privacy.erase(press)
        case _:
            return report.act(state, press)
