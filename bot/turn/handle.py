"""One event, one transaction: write it down, load what is known, step, keep the changes, put what is to be said.

After the commit the caller has the conversations delivered at once; the scheduler only heals what that misses.
"""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.apply.apply import apply
from bot.apply.enqueue import address, key_of
from bot.apply.post_report import put
from bot.decide.changes import Outcome
from bot.decide.notes import MOST_CHARACTERS
from bot.decide.replies import carry_on, posted
from bot.decide.step import step
from bot.decide.turn_state import TurnState, awaiting_from_json
from bot.inbound import buttons
from bot.inbound.buttons import EraseMe
from bot.inbound.events import (
    Body,
    Chose,
    Command,
    Conversation,
    Incoming,
    Installed,
    Kind,
    Left,
    Typed,
)
from bot.turn.button_labels import pressed_by_typing
from bot.turn.link_code import redeemed, told
from bot.turn.load_partnerships import with_partnerships
from bot.turn.recent_messages import recall
from core.enquiry import Known
from core.services import answering, enquiries, led_cycles, people
from core.services.enquiries import ByResponse, BySchool, Talk, Wanted
from core.services.linking import Redeemed
from core.storage import inbox
from core.storage.database import Database
from core.storage.frameworks import FrameworkShelf
from core.values import value

_MOST_READ = 2 * MOST_CHARACTERS
"""Characters: enough to see that a note is too long, whatever words stand before it."""
_REMEMBERED_FOR = timedelta(days=1)


@value
class Handled:
    fresh: bool
    """False for an event that had been handled before; then it has had no effect."""
    conversations: frozenset[Conversation]
    """Where something now waits to be said."""
    edits: frozenset[str] = frozenset()
    """The keys of the messages that are to be edited in the conversation in which it happened."""
    more: bool = True
    """Something else is to be said, too."""
    messages: int = 0
    """How many messages wait because of it."""


async def handle(database: Database, shelf: FrameworkShelf, incoming: Incoming, now: datetime) -> Handled:
    return await database.write(lambda connection: turn(connection, shelf, incoming, now), brief=is_brief(incoming))


def is_brief(incoming: Incoming) -> bool:
    """Whether its turn is an answer, of which there are many at once and each takes well under a millisecond."""
    return isinstance(incoming.body, Chose) and isinstance(buttons.decode(incoming.body.action), buttons.Score)


def turn(connection: Connection, shelf: FrameworkShelf, incoming: Incoming, now: datetime) -> Handled:
    """``handle`` inside a transaction of the caller's."""
    account = incoming.account
    if not inbox.is_new(connection, f"{account.platform}:{account.tenant}:{incoming.event_id}", now):
        return Handled(False, frozenset({incoming.conversation}))
    enquiries.take_turn(connection, account)
    incoming = replace(incoming, body=legible(incoming.body))
    state = _load(connection, shelf, incoming, now)
    came = redeemed(connection, state, incoming)
    if came is not None:
        state, outcome = _joining(connection, shelf, state, incoming, came)
    elif state.person is not None and isinstance(incoming.body, Typed) and incoming.conversation.kind is Kind.DIRECT:
        state, outcome = _typed(connection, shelf, state, state.person, incoming, incoming.body.text)
    else:
        state, outcome = _stepped(connection, shelf, state, incoming)
    done = apply(connection, shelf, state, incoming, outcome.changes)
    if any(isinstance(change, EraseMe) for change in outcome.changes):
        state = replace(state, person=None)
    replies = (*outcome.replies, *done.replies)
    answered = address(connection, state, incoming, replies)
    edits = frozenset(key for reply in replies if not reply.below and (key := key_of(reply.reference)))
    more = len(edits) < len(replies) or bool(done.posts) or {*answered} != {incoming.conversation}
    waiting = [*answered, *put(connection, done.posts, now, incoming.turn)]
    return Handled(True, frozenset(waiting), edits, more, len(waiting))


def _joining(
    connection: Connection, shelf: FrameworkShelf, state: TurnState, incoming: Incoming, came: Redeemed
) -> tuple[TurnState, Outcome]:
    """Answer a code; whoever it has made known is met as if they had just added the bot."""
    if came is not Redeemed.LINKED:
        return state, carry_on(state, told(came))
    incoming = replace(incoming, body=Installed())
    state = _load(connection, shelf, incoming, state.now)
    welcome = step(state, incoming)
    return state, replace(welcome, replies=(*told(came).replies, *welcome.replies))


def _typed(
    connection: Connection, shelf: FrameworkShelf, state: TurnState, person: Known, incoming: Incoming, text: str
) -> tuple[TurnState, Outcome]:
    """Text means what it says on a button; else what it says in the light of what was asked last."""
    recalled = recall(connection, person.id, incoming.conversation)
    pressed = pressed_by_typing(connection, shelf, state, recalled, text)
    if pressed is None:
        seen = replace(state, in_view=recalled.question, lately=recalled.lately, standing=recalled.standing)
        return _stepped(connection, shelf, seen, incoming)
    incoming = replace(incoming, body=pressed)
    state, outcome = _stepped(connection, shelf, _load(connection, shelf, incoming, state.now), incoming)
    return state, posted(outcome)


def _stepped(
    connection: Connection, shelf: FrameworkShelf, state: TurnState, incoming: Incoming
) -> tuple[TurnState, Outcome]:
    outcome = step(state, incoming)
    if outcome.begin is None or state.person is None:
        return state, outcome
    begin = outcome.begin
    answering.begin_response(connection, state.person.id, begin.cycle, begin.school, state.now)
    incoming = replace(incoming, body=Chose(buttons.encode(buttons.Start(begin.cycle, begin.school))))
    state = _load(connection, shelf, incoming, state.now)
    return state, step(state, incoming)


def legible(body: Body) -> Body:
    """What came in, as far as every database can keep it, and no more of it than anything is done with."""
    match body:
        case Typed(text):
            return Typed(_legible(text))
        case Command(name, text):
            return Command(_legible(name), _legible(text))
        case Chose(action, inputs):
            return Chose(_legible(action), {name: _legible(text) for name, text in inputs.items()})
        case Installed() | Left():
            return body


def _legible(text: str) -> str:
    """Without the characters that PostgreSQL refuses (NUL) or UTF-8 does not know (half a surrogate pair)."""
    if text.isascii() and "\0" not in text:
        return text[:_MOST_READ]
    whole = text.replace("\0", "").encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return whole[:_MOST_READ]


def _load(connection: Connection, shelf: FrameworkShelf, incoming: Incoming, now: datetime) -> TurnState:
    account = incoming.account
    talk = enquiries.load_talk(connection, shelf, account, _wanted(connection, incoming.body))
    if talk is None:
        return TurnState(now, None, None, None, None, (), (), None, None, _fresh())
    if incoming.conversation.kind is Kind.DIRECT and _is_to_be_remembered(talk, incoming.conversation.id, now):
        people.remember_conversation(connection, account, incoming.conversation.id, now)
    enquiry, about_response = talk.enquiry, _is_about_response(incoming.body)
    if enquiry is not None and (about_response or not isinstance(incoming.body, Chose)):
        enquiry = enquiries.hold_open(connection, enquiry, now)
    alone = enquiry is not None and about_response
    state = TurnState(
        now=now,
        person=talk.person,
        active=talk.active,
        awaiting=awaiting_from_json(talk.awaiting),
        enquiry=enquiry,
        open_enquiries=() if alone else enquiries.open_enquiries(connection, talk.person.id, now),
        leads=() if alone else led_cycles.led_partnerships(connection, shelf, talk.person.id, now),
        here=_here(connection, incoming.conversation),
        in_view=None,
        fresh=_fresh(),
    )
    return state if alone else with_partnerships(connection, shelf, state, talk.person.id, incoming.body)


def _is_to_be_remembered(talk: Talk, conversation: str, now: datetime) -> bool:
    """Where they are talked with has changed, or was used last a day ago: not each turn is to cost a write more."""
    return talk.conversation != conversation or talk.last_used_at is None or now - talk.last_used_at >= _REMEMBERED_FOR


def _fresh() -> int:
    """Nobody has used it, which is all it is for: it need not be hard to guess, and so need not ask the system."""
    return 1 + random.getrandbits(52)


def _wanted(connection: Connection, body: Body) -> Wanted:
    """Which response an event speaks of."""
    action = buttons.decode(body.action) if isinstance(body, Chose) else None
    if action is None:
        return None
    if isinstance(action, buttons.Start):
        return BySchool(action.cycle, action.school)
    if (note := buttons.note_of(action)) is not None:
        return ByResponse(enquiries.response_of_note(connection, note) or 0)
    response = buttons.response_of(action)
    return None if response is None else ByResponse(response, with_notes=not isinstance(action, buttons.Score))


def _is_about_response(body: Body) -> bool:
    action = buttons.decode(body.action) if isinstance(body, Chose) else None
    return action is not None and (buttons.response_of(action) is not None or buttons.note_of(action) is not None)


def _here(connection: Connection, conversation: Conversation) -> str | None:
    if conversation.kind is Kind.DIRECT:
        return None
    return people.channel_partnership(connection, conversation.platform, conversation.tenant, conversation.id)
