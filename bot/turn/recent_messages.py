"""The latest messages: what the person is looking at, and the question they were asked."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from bot.decide.replies import question
from bot.inbound.events import Conversation
from bot.messages import references
from bot.messages.references import MessageReference
from core.storage import outbox_record
from core.storage.outbox import Place

_REMEMBERED = 12
"""How many of the latest messages to a person are searched, across all their conversations."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A message sent to a person."""

    place: Place
    reference: MessageReference
    posted: bool
    """It was posted at the end of the conversation; otherwise it replaced its earlier version in place."""


@dataclass(frozen=True, slots=True)
class Recalled:
    lately: tuple[MessageReference, ...]
    """The messages of this conversation, the latest first, without questions answered elsewhere since."""
    standing: MessageReference | None
    """The message posted last here, unless it is a question answered elsewhere since."""
    question: MessageReference | None
    """The question, list or review posted last here, unless it was answered elsewhere since."""


def recall(connection: Connection, person: str, conversation: Conversation) -> Recalled:
    """What the person is looking at here; they may have moved on since on another device or platform."""
    place = Place(conversation.platform, conversation.tenant, conversation.id)
    spoken = [
        Spoken(where, references.from_json(prompt), posted=manner != "refresh")
        for where, prompt, manner in outbox_record.last_said(connection, person, _REMEMBERED)
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


def replied_to(recalled: Recalled, message: MessageReference | None) -> Recalled:
    """What a reply is about: that message alone, whatever came after it; None if the message isn't known.

    It answers the question asked last only if that is what it replies to.
    """
    lately = recalled.lately if message is None else (message, *recalled.lately)
    asked = None if message is None else question(message)
    return Recalled(lately, message, recalled.question if asked == recalled.question else None)


def _stands(what: MessageReference, place: Place, spoken: list[Spoken]) -> bool:
    """Whether it is up to date, that is, not a question answered elsewhere since, which is now shown differently
    there.
    """
    asked = question(what)
    return asked is None or next(each.place for each in spoken if question(each.reference) == asked) == place
