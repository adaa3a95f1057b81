"""One event, one transaction: record it, load what is known, step, apply the changes, enqueue the replies.

After the commit the caller starts the delivery at once; the scheduler only picks up what that misses.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.apply.apply import apply
from bot.apply.enqueue import address
from bot.apply.post_report import put
from bot.decide.changes import Outcome
from bot.decide.replies import carry_on, first_saying, posted
from bot.decide.step import step
from bot.decide.turn_state import TurnState, awaiting_from_json
from bot.inbound.buttons import EraseMe, Press, Score, Start, is_about_response, note_of, response_of
from bot.inbound.buttons_partnership import SayVisibility
from bot.inbound.events import Body, Command, Conversation, Incoming, Installed, Kind, Pressed, Typed
from bot.inbound.understanding import Event, Understood, Wrote, is_overheard, understand
from bot.messages import references
from bot.messages.references import MessageReference
from bot.turn.button_labels import pressed_by_typing
from bot.turn.legible import legible
from bot.turn.link_code import redeemed, told
from bot.turn.load_partnerships import with_partnerships
from bot.turn.recent_messages import Recalled, recall, replied_to
from core.enquiry import Known
from core.services import answering, enquiries, led_cycles, people
from core.services.enquiries import ByResponse, BySchool, Talk, Wanted
from core.services.linking import Redeemed
from core.storage import inbox, outbox_record
from core.storage.database import Database
from core.storage.frameworks import FrameworkShelf
from core.storage.outbox import Place
from core.values import value

_REMEMBERED_FOR = timedelta(days=1)


@value
class Handled:
    fresh: bool
    """False for an event that had already been handled; then it had no effect."""
    conversations: frozenset[Conversation]
    """The conversations with messages now waiting."""
    edits: frozenset[str] = frozenset()
    """The keys of the messages to be edited in the conversation where it happened."""
    more: bool = True
    """There are other messages to send, too."""
    messages: int = 0
    """How many messages are waiting because of it."""


async def handle(database: Database, shelf: FrameworkShelf, incoming: Incoming, now: datetime) -> Handled:
    return await database.write(lambda connection: turn(connection, shelf, incoming, now), brief=is_brief(incoming))


def is_brief(incoming: Incoming) -> bool:
    """Whether its turn is an answer: many come at once, and each takes well under a millisecond."""
    return isinstance(incoming.body, Pressed) and isinstance(incoming.body.press, Score)


def turn(connection: Connection, shelf: FrameworkShelf, incoming: Incoming, now: datetime) -> Handled:
    """``handle`` inside the caller's transaction."""
    account = incoming.account
    if not inbox.is_new(connection, f"{account.platform}:{account.tenant}:{incoming.event_id}", now):
        return Handled(False, frozenset({incoming.conversation}))
    enquiries.take_turn(connection, account)
    if is_overheard(incoming):
        return Handled(True, frozenset())
    incoming = replace(incoming, body=_of_today(connection, legible(incoming.body)))
    state, outcome = _Turn(connection, shelf, incoming, now).answered()
    done = apply(connection, shelf, state, incoming, outcome.changes)
    if any(isinstance(change, EraseMe) for change in outcome.changes):
        state = replace(state, person=None)
    replies = (*outcome.replies, *done.replies)
    addressed = address(connection, state, incoming, replies)
    answered = [each.to for each in addressed]
    edits = frozenset(each.key for each in addressed if not each.reply.below)
    more = len(edits) < len(addressed) or bool(done.posts) or {*answered} != {incoming.conversation}
    waiting = [*answered, *put(connection, done.posts, now, incoming.turn)]
    return Handled(True, frozenset(waiting), edits, more, len(waiting))


@dataclass(frozen=True, slots=True)
class _Turn:
    """Understands an event, loads what it needs, and decides; all in one transaction."""

    connection: Connection
    shelf: FrameworkShelf
    incoming: Incoming
    now: datetime

    def answered(self) -> tuple[TurnState, Outcome]:
        """The outcome, which says first which part of a message counts if it was more than words."""
        body, (state, outcome) = self.incoming.body, self._answered()
        if state.person is None or not isinstance(body, Typed | Command) or not body.with_files:
            return state, outcome
        return state, first_saying("words-only" if body.text.strip() else "no-files", outcome)

    def _answered(self) -> tuple[TurnState, Outcome]:
        body = self.incoming.body
        state = self._load(body)
        what = understand(body, None if state.enquiry is None else state.enquiry.framework)
        if (came := redeemed(self.connection, state, self.incoming)) is not None:
            return self._joining(state, came)
        if state.person is not None and isinstance(body, Typed) and isinstance(what, Wrote):
            return self._typed(state, state.person, what)
        return self._decided(state, what)

    def _joining(self, state: TurnState, came: Redeemed) -> tuple[TurnState, Outcome]:
        """Answer a link code; whoever it identifies is greeted as if they had just added the bot."""
        if not came.is_linked:
            return state, carry_on(state, told(came))
        state, welcome = self._decided(self._load(Installed()), Installed())
        return state, replace(welcome, replies=(*told(came).replies, *welcome.replies))

    def _typed(self, state: TurnState, person: Known, wrote: Wrote) -> tuple[TurnState, Outcome]:
        """Text that matches a button counts as pressing it; otherwise its meaning depends on what was asked last."""
        recalled = self._recalled(person)
        button = pressed_by_typing(self.connection, self.shelf, state, recalled, wrote)
        if button is None:
            seen = replace(state, in_view=recalled.question, lately=recalled.lately, standing=recalled.standing)
            return self._decided(replace(seen, replying=self.incoming.about is not None), wrote)
        state, outcome = self._decided(self._load(button), button)
        return state, posted(outcome)

    def _recalled(self, person: Known) -> Recalled:
        """What the person is looking at: what was posted last, or the message that they reply to."""
        recalled = recall(self.connection, person.id, self.incoming.conversation)
        return recalled if self.incoming.about is None else replied_to(recalled, self._message_it_is_about())

    def _message_it_is_about(self) -> MessageReference | None:
        where, about = self.incoming.conversation, self.incoming.about
        if about is None:
            return None
        place = Place(where.platform, where.tenant, where.id)
        found = outbox_record.shown_as(self.connection, place, self.incoming.account.user, about)
        return None if found is None else references.from_json(found[2])

    def _decided(self, state: TurnState, what: Understood) -> tuple[TurnState, Outcome]:
        if state.person is not None and not _is_told_by_enquiry(state, what):
            state = with_partnerships(self.connection, self.shelf, state, state.person.id, what)
        outcome = step(state, Event(self.incoming.at, what))
        if outcome.begin is None or state.person is None:
            return state, outcome
        begin = outcome.begin
        answering.begin_response(self.connection, state.person.id, begin.cycle, begin.school, self.now)
        start = Pressed(Start(begin.cycle, begin.school))
        return self._decided(self._load(start), start)

    def _load(self, body: Body) -> TurnState:
        """Load what is known of the person and any response the event refers to; of partnerships only who leads
        them.
        """
        account, conversation = self.incoming.account, self.incoming.conversation
        press = body.press if isinstance(body, Pressed) else None
        talk = enquiries.load_talk(self.connection, self.shelf, account, self._wanted(press))
        if talk is None:
            return TurnState(self.now, None, None, None, None, (), (), None, None, _fresh())
        if conversation.kind is Kind.DIRECT and _is_to_be_remembered(talk, conversation.id, self.now):
            people.remember_conversation(self.connection, account, conversation.id, self.now)
        enquiry, about_response = talk.enquiry, press is not None and is_about_response(press)
        if enquiry is not None and (about_response or not isinstance(body, Pressed)):
            enquiry = enquiries.hold_open(self.connection, enquiry, self.now)
        alone = enquiry is not None and about_response
        person = talk.person.id
        return TurnState(
            now=self.now,
            person=talk.person,
            active=talk.active,
            awaiting=awaiting_from_json(talk.awaiting),
            enquiry=enquiry,
            open_enquiries=() if alone else enquiries.open_enquiries(self.connection, person, self.now),
            leads=() if alone else led_cycles.led_partnerships(self.connection, self.shelf, person, self.now),
            here=_here(self.connection, conversation),
            in_view=None,
            fresh=_fresh(),
        )

    def _wanted(self, press: Press | None) -> Wanted:
        """The response a press refers to."""
        if press is None:
            return None
        if isinstance(press, Start):
            return BySchool(press.cycle, press.school)
        if (note := note_of(press)) is not None:
            return ByResponse(enquiries.response_of_note(self.connection, note) or 0)
        response = response_of(press)
        return None if response is None else ByResponse(response, with_notes=not isinstance(press, Score))


def _of_today(connection: Connection, body: Body) -> Body:
    """What an old button carries, with the id that the school has now."""
    match body:
        case Pressed(Start(cycle=cycle, school=school) as press):
            return replace(body, press=replace(press, school=people.school_meant(connection, school, cycle=cycle)))
        case Pressed(SayVisibility(partnership=partnership, school=school) as press):
            meant = people.school_meant(connection, school, partnership=partnership)
            return replace(body, press=replace(press, school=meant))
        case _:
            return body


def _is_told_by_enquiry(state: TurnState, what: Understood) -> bool:
    """Whether it is a press on a response, which needs nothing else to be loaded."""
    press = what.press if isinstance(what, Pressed) else None
    return state.enquiry is not None and press is not None and is_about_response(press)


def _is_to_be_remembered(talk: Talk, conversation: str, now: datetime) -> bool:
    """Whether the conversation has changed or was last used over a day ago; writing it on every turn would cost too
    much.
    """
    return talk.conversation != conversation or talk.last_used_at is None or now - talk.last_used_at >= _REMEMBERED_FOR


def _fresh() -> int:
    """A new, unused number. It need not be hard to guess, so it need not come from the system's generator."""
    return 1 + random.getrandbits(52)


def _here(connection: Connection, conversation: Conversation) -> str | None:
    if conversation.kind is Kind.DIRECT:
        return None
    return people.channel_partnership(connection, conversation.platform, conversation.tenant, conversation.id)
