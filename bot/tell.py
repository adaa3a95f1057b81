"""Find out what a message needs to know, and put it into words; everything but the report, which is drawn as well."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import assert_never

from sqlalchemy import Connection

from bot import said, said_together
from bot.languages import LANGUAGES, SLASH, Words, languages_of, words_of
from bot.messages import Block
from bot.prompts import cards, helping, home, invitations, lines, notes, reporting, reviews
from bot.said import Said
from bot.said_together import AboutTogether
from bot.snapshot import TextOffered, awaiting_from_json
from bot.tell_reports import tell_report
from bot.tell_together import tell_channel, tell_together
from core.enquiry import Enquiry, Known, LedPartnership, OpenEnquiry
from core.services import agreed, cycles, enquiries, people, telling
from core.services.enquiries import Talk
from core.storage.frameworks import FrameworkShelf

Blocks = tuple[Block, ...]
InEnquiry = said.Card | said.Priorities | said.Review | said.Submitted | said.Hint | said.WriteNote | said.LookBack
"""What is about one response of the person."""


def tell(
    connection: Connection,
    shelf: FrameworkShelf,
    what: Said,
    person: Known | None,
    now: datetime,
    calls: str = SLASH,
) -> Blocks | None:
    """The blocks of a message to this person, as things stand now; None where there is nothing left to say.

    ``calls`` is what one types before a word of command, where the message is read.
    """
    if isinstance(what, said_together.ActionsPosted):
        return tell_channel(connection, shelf, what)
    if person is None:
        return _to_nobody(what)
    if isinstance(what, said.OutOfReach):
        school = people.school_name(connection, what.school)
        return None if school is None else reporting.out_of_reach(school, words_of(person.language))
    return _Teller(connection, shelf, person, now, words_of(person.language, calls)).tell(what)


def _to_nobody(what: Said) -> Blocks | None:
    if isinstance(what, said.ChannelWelcome):
        return helping.in_channel(tuple(words_of(each) for each in languages_of(what.language)))
    if not isinstance(what, said.Line):
        return None
    if what.name == "stranger":
        return lines.stranger(tuple(words_of(language) for language in LANGUAGES))
    return tuple(lines.line(what.name, None, (), words_of(language))[0] for language in LANGUAGES)


class _Teller:
    """Telling one person; each method is one thing that can be said."""

    def __init__(
        self, connection: Connection, shelf: FrameworkShelf, person: Known, now: datetime, words: Words
    ) -> None:
        self.connection, self.shelf, self.person, self.now, self.words = connection, shelf, person, now, words

    def tell(self, what: Said) -> Blocks | None:
        if isinstance(what, AboutTogether):
            return tell_together(self.connection, self.shelf, what, self.person, self.now, self.words)
        if isinstance(what, InEnquiry):
            enquiry = self._enquiry(what.response)
            return None if enquiry is None else _in_enquiry(enquiry, what, self.words)
        match what:
            case said.Invitation(cycle):
                return self._invitation(cycle)
            case said.Nudge(cycle, last_day):
                return self._nudge(cycle, last_day)
            case said.NoteKept(note):
                return self._note(note)
            case said.OfferText(offer):
                return self._offer(offer)
            case said.OthersSee(cycle):
                found = telling.cycle_and_framework(self.connection, self.shelf, cycle)
                return (
                    self.tell(said.Line("old-button"))
                    if found is None
                    else invitations.others_see(found[0], self.words)
                )
            case said.Switch():
                return invitations.switch(self._open(), self.words)
            case said.ReminderTimes():
                return invitations.reminder_times(self.person, self.words)
            case said.Status():
                return self._status()
            case said.Help():
                return helping.help_(self._open(), self._leads(), self.words)
            case said.Line(name, cycle):
                return lines.line(name, cycle, self._open(), self.words)
            case said.MyData():
                return reporting.my_data(self.words)
            case said.CycleClosed(cycle) | said.ReportChoice(cycle):
                return self._to_lead(what, cycle)
            case said.WhichReport() | said.WhichPack():
                return reporting.which(self._leads(), what, self.words)
            case said.ReportsThere():
                return reporting.there(self._leads(), self.words)
            case said.ReportPosted():
                return self._posted(what)
            case said.Report() | said.OwnReport() | said.MeetingPack():
                return tell_report(self.connection, self.shelf, what, self.person, self.now, self.words)
            case said.ReportPicture() | said_together.ActionsPosted() | said.ChannelWelcome() | said.OutOfReach():
                return None
            case _:
                assert_never(what)

    def _open(self) -> tuple[OpenEnquiry, ...]:
        return enquiries.open_enquiries(self.connection, self.person.id, self.now)

    def _leads(self) -> tuple[LedPartnership, ...]:
        return telling.led_partnerships(self.connection, self.shelf, self.person.id, self.now)

    def _invitation(self, cycle_id: int) -> Blocks | None:
        found = telling.cycle_and_framework(self.connection, self.shelf, cycle_id)
        here = tuple(each for each in self._open() if each.cycle == cycle_id)
        if found is None or not here:
            return None
        before = agreed.last_time(self.connection, self.shelf, cycle_id)
        return invitations.invitation(*found, here, self.person, before, self.words)

    def _nudge(self, cycle_id: int, last_day: bool) -> Blocks | None:
        found = telling.cycle_and_framework(self.connection, self.shelf, cycle_id)
        waiting = cycles.progress(self.connection, cycle_id).waiting
        here = tuple(each for each in self._open() if each.cycle == cycle_id and each.school in waiting)
        if found is None or not here:
            return None
        return invitations.nudge(found[0], here, self._answered(here[0].response), last_day, self.words)

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
            return (*led, *home.for_others(self.words))
        return (*invitations.status(here, answered, schools, self.words), *led)

    def _led(self, led: LedPartnership, told: Mapping[int, object]) -> Blocks:
        """How the open cycle of a partnership they lead stands, unless that has been told with their own school's."""
        if led.open_cycle is None or led.open_cycle in told:
            return ()
        cycle = cycles.cycle_by_id(self.connection, led.open_cycle)
        return () if cycle is None else home.under_way(led, cycle, self.words)

    def _counts(self, cycle_id: int) -> tuple[int, int]:
        """How many schools have submitted, of how many that are asked."""
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

    def _to_lead(self, what: said.CycleClosed | said.ReportChoice, cycle_id: int) -> Blocks | None:
        found = telling.cycle_and_framework(self.connection, self.shelf, cycle_id)
        led = next((each for each in self._leads() if found is not None and each.id == found[0].partnership), None)
        if found is None or led is None:
            return None
        if isinstance(what, said.CycleClosed):
            counts = self._counts(cycle_id)
            return reporting.cycle_closed(found[0], led, counts, self.words)
        return reporting.choice(found[0], led, what.area, self.words)

    def _posted(self, what: said.ReportPosted) -> Blocks | None:
        found = telling.cycle_of_snapshot(self.connection, self.shelf, what.snapshot)
        return None if found is None else reporting.posted(*found, what, self.words)


def _in_enquiry(
    enquiry: Enquiry,
    what: InEnquiry,
    words: Words,
) -> Blocks:
    framework = enquiry.framework
    match what:
        case said.Card(_, subtheme, changed):
            return cards.card(enquiry, framework.subtheme_by_id[subtheme], changed, words)
        case said.Priorities():
            return reviews.priorities(enquiry, words)
        case said.Review():
            return reviews.review(enquiry, words)
        case said.LookBack():
            return reviews.look_back(enquiry, words)
        case said.Submitted(_, again):
            return reviews.submitted(enquiry, again, words)
        case said.Hint(_, criterion):
            return cards.hint(enquiry, framework.criterion_by_id[criterion], words)
        case said.WriteNote(_, subtheme, kind):
            return notes.write_note(enquiry, subtheme, kind, words)
