"""Look up what a personal message needs and call the wording; reports, which have pictures, are made elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import assert_never

from sqlalchemy import Connection

from bot.compose.partnership import tell_channel, tell_together
from bot.compose.report_text import tell_report
from bot.decide.turn_state import TextOffered, awaiting_from_json
from bot.messages import references, references_partnership
from bot.messages.blocks import Block
from bot.messages.languages import LANGUAGES, SLASH, Words, languages_of, words_of
from bot.messages.references import MessageReference
from bot.messages.references_partnership import AboutPartnership
from bot.wording import (
    cards,
    cycle_dates,
    deputies,
    handover,
    help_text,
    home_tab,
    invitation_and_reminders,
    notes,
    report_dialogue,
    review,
    short_replies,
)
from core.enquiry import Enquiry, Known, LedPartnership, OpenEnquiry
from core.services import agreed_actions, cycles, deactivated_accounts, enquiries, led_cycles, nudges, people
from core.services import deputies as services
from core.services import handover as responses
from core.services.enquiries import Talk
from core.storage.frameworks import FrameworkShelf

Blocks = tuple[Block, ...]
InEnquiry = (
    references.Card
    | references.Priorities
    | references.Review
    | references.Submitted
    | references.Hint
    | references.NotePrompt
    | references.LastAnswers
)
"""References about one of the person's responses."""


def tell(
    connection: Connection,
    shelf: FrameworkShelf,
    what: MessageReference,
    person: Known | None,
    now: datetime,
    calls: str = SLASH,
) -> Blocks | None:
    """The blocks of a message to this person, as things stand now; None if there is nothing left to say.

    ``calls`` is the prefix that commands need where the message is read.
    """
    if isinstance(what, references_partnership.AgreedActionsPosted):
        return tell_channel(connection, shelf, what)
    if person is None:
        return _to_nobody(what)
    if isinstance(what, references.OutOfReach):
        school = people.school_name(connection, what.school)
        return None if school is None else report_dialogue.out_of_reach(school, words_of(person.language))
    if isinstance(what, references.LeadsNoMore):
        school = people.school_name(connection, what.school)
        return None if school is None else handover.leads_no_more(school, words_of(person.language))
    if isinstance(what, references.AccountDeactivated):
        return _account_deactivated(connection, what.person, person)
    return _Teller(connection, shelf, person, now, words_of(person.language, calls)).tell(what)


def _account_deactivated(connection: Connection, whose: str, lead: Known) -> Blocks | None:
    """None if they have been erased, or aren't the lead's concern any more."""
    leader = people.known(connection, whose)
    if leader is None or lead.id not in deactivated_accounts.leads_concerned(connection, whose):
        return None
    schools = deactivated_accounts.schools_seen_by(connection, lead.id, whose)
    return report_dialogue.account_deactivated(leader.name, schools, words_of(lead.language))


def _to_nobody(what: MessageReference) -> Blocks | None:
    if isinstance(what, references.ChannelWelcome):
        return help_text.in_channel(tuple(words_of(each) for each in languages_of(what.language)))
    if not isinstance(what, references.ShortReply):
        return None
    if what.name == "stranger":
        return short_replies.stranger(tuple(words_of(language) for language in LANGUAGES))
    return tuple(short_replies.line(what.name, None, (), words_of(language))[0] for language in LANGUAGES)


class _Teller:
    """Writes to one person; each method handles one kind of message."""

    def __init__(
        self, connection: Connection, shelf: FrameworkShelf, person: Known, now: datetime, words: Words
    ) -> None:
        self.connection, self.shelf, self.person, self.now, self.words = connection, shelf, person, now, words

    def tell(self, what: MessageReference) -> Blocks | None:
        if isinstance(what, AboutPartnership):
            return tell_together(self.connection, self.shelf, what, self.person, self.now, self.words)
        if isinstance(what, InEnquiry):
            enquiry = self._enquiry(what.response)
            return None if enquiry is None else _in_enquiry(enquiry, what, self.words)
        match what:
            case references.Invitation(cycle):
                return self._invitation(cycle)
            case references.Nudge(cycle, last_day):
                return self._nudge(cycle, last_day)
            case references.NoteKept(note):
                return self._note(note)
            case references.OfferText(offer):
                return self._offer(offer)
            case references.OthersSee(cycle):
                found = led_cycles.cycle_and_framework(self.connection, self.shelf, cycle)
                return (
                    self.tell(references.ShortReply("old-button"))
                    if found is None
                    else invitation_and_reminders.others_see(found[0], self.words)
                )
            case references.Switch():
                return invitation_and_reminders.switch(self._open(), self.words)
            case references.ReminderTimes():
                return invitation_and_reminders.reminder_times(self.person, self.words)
            case references.Status():
                return self._status()
            case references.Help():
                return help_text.help_(self._open(), self._leads(), self.words)
            case references.ShortReply(name, cycle):
                return short_replies.line(name, cycle, self._open(), self.words)
            case references.Deputies() | references.StandsIn() | references.ResponsePassedOn():
                return self._to_whoever_answers(what)
            case references.MyData():
                return report_dialogue.my_data(self.words)
            case references.CycleClosed(cycle) | references.CycleDates(cycle) | references.ReportChoice(cycle):
                return self._to_lead(what, cycle)
            case references.WhichReport() | references.WhichPack():
                return report_dialogue.which(self._leads(), what, self.words)
            case references.ReportsThere():
                return report_dialogue.there(self._leads(), self.words)
            case references.ReportPosted():
                return self._posted(what)
            case references.Report() | references.SchoolReportMessage() | references.MeetingPackFiles():
                return tell_report(self.connection, self.shelf, what, self.person, self.now, self.words)
            case (
                references.ReportPicture()
                | references_partnership.AgreedActionsPosted()
                | references.ChannelWelcome()
                | references.OutOfReach()
                | references.AccountDeactivated()
                | references.LeadsNoMore()
            ):
                return None
            case _:
                assert_never(what)

    def _open(self) -> tuple[OpenEnquiry, ...]:
        return enquiries.open_enquiries(self.connection, self.person.id, self.now)

    def _leads(self) -> tuple[LedPartnership, ...]:
        return led_cycles.led_partnerships(self.connection, self.shelf, self.person.id, self.now)

    def _invitation(self, cycle_id: int) -> Blocks | None:
        found = led_cycles.cycle_and_framework(self.connection, self.shelf, cycle_id)
        here = tuple(each for each in self._open() if each.cycle == cycle_id)
        if found is None or not here:
            return None
        before = agreed_actions.last_time(self.connection, self.shelf, cycle_id)
        return invitation_and_reminders.invitation(*found, here, self.person, before, self.words)

    def _to_whoever_answers(
        self, what: references.Deputies | references.StandsIn | references.ResponsePassedOn
    ) -> Blocks | None:
        match what:
            case references.Deputies():
                return self._deputies()
            case references.StandsIn():
                return self._stands_in(what)
            case references.ResponsePassedOn(response):
                return self._passed_on(response)

    def _deputies(self) -> Blocks:
        found = services.deputies_of(self.connection, self.person.id, self.now)
        return deputies.list_(self._open(), found, self.words)

    def _stands_in(self, what: references.StandsIn) -> Blocks | None:
        here = (each for each in self._open() if (each.cycle, each.school) == (what.cycle, what.school))
        enquiry, leader = next(here, None), people.known(self.connection, what.leader)
        return None if enquiry is None or leader is None else deputies.stands_in(enquiry, leader.name, self.words)

    def _passed_on(self, response: int) -> Blocks | None:
        enquiry = self._enquiry(response)
        if enquiry is None or not enquiry.cycle.is_open(self.now):
            return None
        before = responses.begun_by(self.connection, response)
        return handover.response_passed_on(enquiry, before, self._open(), self.words)

    def _nudge(self, cycle_id: int, last_day: bool) -> Blocks | None:
        found = led_cycles.cycle_and_framework(self.connection, self.shelf, cycle_id)
        waiting = cycles.progress(self.connection, cycle_id).waiting
        here = tuple(each for each in self._open() if each.cycle == cycle_id and each.school in waiting)
        if found is None or not here:
            return None
        return invitation_and_reminders.nudge(found[0], here, self._answered(here[0].response), last_day, self.words)

    def _answered(self, response: int | None) -> tuple[int, int] | None:
        enquiry = None if response is None else self._enquiry(response)
        return None if enquiry is None else (enquiry.answered_criteria(), len(enquiry.framework.criteria))

    def _enquiry(self, response: int) -> Enquiry | None:
        talk = enquiries.load_enquiry(self.connection, self.shelf, self.person.id, response)
        return None if talk is None else talk.enquiry

    def _status(self) -> Blocks:
        here = self._open()
        answered = {
            each.response: done
            for each in here
            if each.response is not None and (done := self._answered(each.response)) is not None
        }
        schools = {each.cycle: self._counts(each.cycle) for each in here}
        led = tuple(block for each in self._leads() for block in self._led(each, schools))
        if led and not here:
            return (*led, *home_tab.for_others(self.words))
        return (*invitation_and_reminders.status(here, answered, schools, self.words), *led)

    def _led(self, led: LedPartnership, told: Mapping[int, object]) -> Blocks:
        """How the open cycle of a partnership they lead stands, unless that was already said along with their own
        school's.
        """
        if led.open_cycle is None or led.open_cycle in told:
            return ()
        cycle = cycles.cycle_by_id(self.connection, led.open_cycle)
        return () if cycle is None else home_tab.under_way(led, cycle, self.words)

    def _counts(self, cycle_id: int) -> tuple[int, int]:
        """How many schools have submitted, out of how many were asked."""
        progress = cycles.progress(self.connection, cycle_id)
        return progress.schools_submitted, progress.schools_in_roster

    def _note(self, note_id: int) -> Blocks | None:
        response = enquiries.response_of_note(self.connection, note_id)
        if response is None:
            return notes.note_removed(self.words)
        enquiry = self._enquiry(response)
        note = None if enquiry is None else next((each for each in enquiry.notes if each.id == note_id), None)
        return None if enquiry is None or note is None else notes.note_kept(enquiry, note, self.words)

    def _offer(self, offer: int) -> Blocks | None:
        talk = self._talk()
        offered = None if talk is None else awaiting_from_json(talk.awaiting)
        if not isinstance(offered, TextOffered) or offered.offer != offer:
            return notes.offer_over(self.words)
        enquiry = self._enquiry(offered.response)
        return None if enquiry is None else notes.offer_text(enquiry, offered, self.words)

    def _talk(self) -> Talk | None:
        return enquiries.load_enquiry(self.connection, self.shelf, self.person.id, 0)

    def _to_lead(
        self, what: references.CycleClosed | references.CycleDates | references.ReportChoice, cycle_id: int
    ) -> Blocks | None:
        if isinstance(what, references.CycleDates):
            return self._cycle_dates(cycle_id)
        found = led_cycles.cycle_and_framework(self.connection, self.shelf, cycle_id)
        led = next((each for each in self._leads() if found is not None and each.id == found[0].partnership), None)
        if found is None or led is None:
            return None
        if isinstance(what, references.CycleClosed):
            counts = self._counts(cycle_id)
            return report_dialogue.cycle_closed(found[0], led, counts, self.words)
        return report_dialogue.choice(found[0], led, what.area, self.words)

    def _cycle_dates(self, cycle: int) -> Blocks | None:
        around = nudges.round_of(self.connection, cycle)
        if around is None or not people.is_lead(self.connection, self.person.id, around.cycle.partnership):
            return None
        name = led_cycles.partnership_name(self.connection, around.cycle.partnership)
        return cycle_dates.cycle_dates(around, name, self.words) or None

    def _posted(self, what: references.ReportPosted) -> Blocks | None:
        found = led_cycles.cycle_of_snapshot(self.connection, self.shelf, what.snapshot)
        return None if found is None else report_dialogue.posted(*found, what, self.words)


def _in_enquiry(
    enquiry: Enquiry,
    what: InEnquiry,
    words: Words,
) -> Blocks:
    framework = enquiry.framework
    match what:
        case references.Card(_, subtheme, changed):
            return cards.card(enquiry, framework.subtheme_by_id[subtheme], changed, words)
        case references.Priorities():
            return review.priorities(enquiry, words)
        case references.Review():
            return review.review(enquiry, words)
        case references.LastAnswers():
            return review.look_back(enquiry, words)
        case references.Submitted(_, again):
            return review.submitted(enquiry, again, words)
        case references.Hint(_, criterion):
            return cards.hint(enquiry, framework.criterion_by_id[criterion], words)
        case references.NotePrompt(_, subtheme, kind):
            return notes.write_note(enquiry, subtheme, kind, words)
