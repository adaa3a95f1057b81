"""Where each message goes: which conversation, which key, and who may see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from sqlalchemy import Connection

from bot.decide.changes import Reply
from bot.decide.turn_state import TurnState
from bot.inbound.events import Conversation, Incoming, Kind
from bot.messages import references, references_partnership
from bot.messages.references import MessageReference
from core.services import people
from core.storage import outbox

_FOR_A_CHANNEL = (
    references.ShortReply,
    references.Help,
    references.ReportChoice,
    references.WhichReport,
    references.ReportsThere,
    references.WhichPack,
    references.ReportPosted,
)
"""Messages that somebody who asked in a channel gets there, privately; all others go to their own conversation."""

_KEYS: Final[Mapping[type, str]] = {
    references.Card: "card:{0.response}:{0.subtheme}",
    references.Priorities: "priorities:{0.response}",
    references.Review: "review:{0.response}",
    references.NoteKept: "note:{0.note}",
    references.OfferText: "offer:{0.offer}",
    references_partnership.AgreedActionForm: "action-form:{0.draft}",
    references_partnership.AgreedActionCard: "action:{0.action}",
    references_partnership.AgreedActionList: "agreed",
    references_partnership.VisibilityList: "visibilities",
    references_partnership.PracticeList: "practice",
}


def address(
    connection: Connection, state: TurnState, incoming: Incoming, replies: Sequence[Reply]
) -> list[Conversation]:
    """Put every message into the outbox; returns the conversation each one waits in."""
    here = incoming.conversation
    told = [(_conversation(connection, incoming, reply.reference), reply) for reply in replies]
    if any(to != here for to, _ in told) and not incoming.answered_alone:
        told.append((here, Reply(references.ShortReply("sent-directly"), below=True)))
    return [_put(connection, state, incoming, number, to, reply) for number, (to, reply) in enumerate(told)]


def _put(
    connection: Connection, state: TurnState, incoming: Incoming, number: int, to: Conversation, reply: Reply
) -> Conversation:
    outbox.put(
        connection,
        platform=to.platform,
        tenant=to.tenant,
        conversation=to.id,
        kind=to.kind.value,
        private_to=incoming.account.user if to.kind is Kind.CHANNEL else None,
        person=None if state.person is None else state.person.id,
        key=key_of(reply.reference) or f"reply:{incoming.event_id}:{number}",
        prompt=references.to_json(reply.reference),
        manner="below" if reply.below else "refresh",
        now=state.now,
        turn=incoming.turn,
    )
    return to


def _conversation(connection: Connection, incoming: Incoming, what: MessageReference) -> Conversation:
    here, account = incoming.conversation, incoming.account
    if here.kind is Kind.DIRECT or (isinstance(what, _FOR_A_CHANNEL) and not incoming.answered_alone):
        return here
    direct = people.direct_conversation(connection, account)
    return here if direct is None else Conversation(account.platform, account.tenant, direct, Kind.DIRECT)


def key_of(what: MessageReference) -> str | None:
    """The key that a later version of the message reuses to replace it; None for a message that is sent only once."""
    key = _KEYS.get(type(what))
    return None if key is None else key.format(what)
