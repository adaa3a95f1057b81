"""What was said last: the message a person has before them, and the question they were asked."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from bot.decide.replies import question
from bot.inbound.events import Conversation
from bot.messages import references as said
from bot.messages.references import MessageReference
from core.storage import outbox
from core.storage.outbox import Place

_REMEMBERED = 12
"""How many of the messages said last to a person are looked through, in all their conversations."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """Something that was said to a person."""

    place: Place
    reference: MessageReference
    posted: bool
    """It was posted anew, at the end of the conversation; otherwise it took the place of its earlier version."""


@dataclass(frozen=True, slots=True)
class Recalled:
    lately: tuple[MessageReference, ...]
    """What was said in this conversation, the latest first, but for questions that were answered elsewhere since."""
    standing: MessageReference | None
    """The message that was posted last in it, unless it is a question that was answered elsewhere since."""
    question: MessageReference | None
    """The question, list or review that was posted last in it, unless it was answered elsewhere since."""


def recall(connection: Connection, person: str, conversation: Conversation) -> Recalled:
    """What this person has before them here. On another device or platform they may have gone on since."""
    place = Place(conversation.platform, conversation.tenant, conversation.id)
    spoken = [
        Spoken(where, said.from_json(prompt), posted=manner != "refresh")
        for where, prompt, manner in outbox.last_said(connection, person, _REMEMBERED)
    ]
    here = [each for each in spoken if each.place == place]
    last = next((each.reference for each in here if each.posted), None)
    asked = next((asked for each in here if each.posted and (asked := question(each.reference)) is not None), None)
    still = [each.reference for each in here if _stands(each.reference, place, spoken)]
    return Recalled(
        lately=tuple(still),
        standing=last if last in still else None,
        question=asked if asked is not None and _stands(asked, place, spoken) else None,
    )


def _stands(what: MessageReference, place: Place, spoken: list[Spoken]) -> bool:
    """Whether it is up to date: a question that was answered elsewhere since is shown there as it is now."""
    asked = question(what)
    return asked is None or next(each.place for each in spoken if question(each.reference) == asked) == place
