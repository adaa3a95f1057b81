"""Where each message goes: which conversation, which key, and who may see it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from bot.decide.changes import Reply
from bot.decide.turn_state import TurnState
from bot.inbound.events import Conversation, Incoming, Kind
from bot.messages import references, references_partnership
from bot.messages.references import MessageReference
from core.services import people
from core.storage import outbox, outbox_record
from core.storage.outbox import Place

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


@dataclass(frozen=True, slots=True)
class Addressed:
    """A reply, and where it goes."""

    to: Conversation
    reply: Reply
    key: str


def address(connection: Connection, state: TurnState, incoming: Incoming, replies: Sequence[Reply]) -> list[Addressed]:
    """Put every message into the outbox; returns those it put there."""
    addressed = list(_addressed(connection, state, incoming, replies))
    here = incoming.conversation
    if any(each.to != here for each in addressed) and not incoming.answered_alone:
        told = Reply(references.ShortReply("sent-directly"), below=True)
        addressed.append(Addressed(here, told, _new_key(incoming, len(replies))))
    for each in addressed:
        _put(connection, state, incoming, each)
    return addressed


def _addressed(
    connection: Connection, state: TurnState, incoming: Incoming, replies: Sequence[Reply]
) -> Iterator[Addressed]:
    for number, reply in enumerate(replies):
        to = _conversation(connection, incoming, reply.reference)
        key = (
            _key_of_standing(connection, state, to, reply.reference)
            if reply.if_there
            else key_of(reply.reference) or _new_key(incoming, number)
        )
        if key is not None:
            yield Addressed(to, reply, key)


def _key_of_standing(connection: Connection, state: TurnState, to: Conversation, what: MessageReference) -> str | None:
    if state.person is None:
        return None
    place = Place(to.platform, to.tenant, to.id)
    return outbox_record.key_of_standing(connection, place, state.person.id, references.to_json(what))


def _new_key(incoming: Incoming, number: int) -> str:
    return f"reply:{incoming.event_id}:{number}"


def _put(connection: Connection, state: TurnState, incoming: Incoming, addressed: Addressed) -> None:
    to, reply = addressed.to, addressed.reply
    outbox.put(
        connection,
        platform=to.platform,
        tenant=to.tenant,
        conversation=to.id,
        kind=to.kind.value,
        private_to=incoming.account.user if to.kind is Kind.CHANNEL else None,
        person=None if state.person is None else state.person.id,
        key=addressed.key,
        prompt=references.to_json(reply.reference),
        manner="below" if reply.below else "refresh",
        now=state.now,
        turn=incoming.turn,
    )


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
