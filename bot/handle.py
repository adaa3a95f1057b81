"""One event, one transaction: write it down, load what is known, step, keep the changes, put what is to be said.

After the commit the caller has the conversations delivered at once; the scheduler only heals what that misses.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from bot import actions
from bot.addressing import address
from bot.applying import apply
from bot.changes import EraseMe
from bot.conversation import step
from bot.events import Body, Chose, Conversation, Incoming, Kind
from bot.labels import pressed_by_typing
from bot.snapshot import Snapshot, awaiting_from_json
from core.services import answering, people, telling
from core.services.answering import ByResponse, BySchool, Wanted
from core.storage.database import Database
from core.storage.frameworks import FrameworkShelf


@dataclass(frozen=True, slots=True)
class Handled:
    fresh: bool
    """False for an event that had been handled before; then it has had no effect."""
    conversations: frozenset[Conversation]
    """Where something now waits to be said."""


async def handle(database: Database, shelf: FrameworkShelf, incoming: Incoming, now: datetime) -> Handled:
    return await database.write(lambda connection: turn(connection, shelf, incoming, now))


def turn(connection: Connection, shelf: FrameworkShelf, incoming: Incoming, now: datetime) -> Handled:
    """``handle`` inside a transaction of the caller's."""
    account = incoming.account
    if not answering.is_new(connection, f"{account.platform}:{account.tenant}:{incoming.event_id}", now):
        return Handled(False, frozenset({incoming.conversation}))
    snapshot = _load(connection, shelf, incoming, now)
    pressed = pressed_by_typing(connection, shelf, snapshot, incoming)
    if pressed is not None:
        incoming = replace(incoming, body=pressed)
        snapshot = _load(connection, shelf, incoming, now)
    outcome = step(snapshot, incoming)
    if outcome.begin is not None and snapshot.person is not None:
        begin = outcome.begin
        answering.begin_response(connection, snapshot.person.id, begin.cycle, begin.school, now)
        incoming = replace(incoming, body=Chose(actions.encode(actions.Start(begin.cycle, begin.school))))
        snapshot = _load(connection, shelf, incoming, now)
        outcome = step(snapshot, incoming)
    told = apply(connection, shelf, snapshot, incoming, outcome.changes)
    if any(isinstance(change, EraseMe) for change in outcome.changes):
        snapshot = replace(snapshot, person=None)
    return Handled(True, address(connection, snapshot, incoming, (*outcome.says, *told.says)) | told.conversations)


def _load(connection: Connection, shelf: FrameworkShelf, incoming: Incoming, now: datetime) -> Snapshot:
    account = incoming.account
    talk = answering.load_talk(connection, shelf, account, _wanted(connection, incoming.body))
    if talk is None:
        return Snapshot(now, None, None, None, None, (), (), None, _fresh())
    if incoming.conversation.kind is Kind.DIRECT and talk.conversation != incoming.conversation.id:
        people.remember_conversation(connection, account, incoming.conversation.id, now)
    alone = talk.enquiry is not None and _is_about_response(incoming.body)
    return Snapshot(
        now=now,
        person=talk.person,
        active=talk.active,
        awaiting=awaiting_from_json(talk.awaiting),
        enquiry=talk.enquiry,
        open_enquiries=() if alone else answering.open_enquiries(connection, talk.person.id, now),
        leads=() if alone else telling.led_partnerships(connection, talk.person.id, now),
        here=_here(connection, incoming.conversation),
        fresh=_fresh(),
    )


def _fresh() -> int:
    return 1 + secrets.randbits(52)


def _wanted(connection: Connection, body: Body) -> Wanted:
    """Which response an event speaks of."""
    action = actions.decode(body.action) if isinstance(body, Chose) else None
    if action is None:
        return None
    if isinstance(action, actions.Start):
        return BySchool(action.cycle, action.school)
    if (note := actions.note_of(action)) is not None:
        return ByResponse(answering.response_of_note(connection, note) or 0)
    response = actions.response_of(action)
    return None if response is None else ByResponse(response)


def _is_about_response(body: Body) -> bool:
    action = actions.decode(body.action) if isinstance(body, Chose) else None
    return action is not None and (actions.response_of(action) is not None or actions.note_of(action) is not None)


def _here(connection: Connection, conversation: Conversation) -> str | None:
    if conversation.kind is Kind.DIRECT:
        return None
    return telling.partnership_of_channel(connection, conversation.platform, conversation.tenant, conversation.id)
