"""What was said last: the message a person has before them, and the question they were asked."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from bot import said
from bot.events import Conversation
from bot.said import Said
from bot.saying import question
from core.storage import outbox
from core.storage.outbox import Place

_REMEMBERED = 12
"""How many of the messages said last to a person are looked through, in all their conversations."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """Something that was said to a person."""

    place: Place
    said: Said
    posted: bool
    """It was posted anew, at the end of the conversation; otherwise it took the place of its earlier version."""


@dataclass(frozen=True, slots=True)
class Recalled:
    lately: tuple[Said, ...]
    """What was said in this conversation, the latest first."""
    standing: Said | None
    """The message that stands last in it, unless it is a question that was answered elsewhere since."""
    question: Said | None
    """The question, list or review that was asked last in it, if that is still what stands there."""


def recall(connection: Connection, person: str, conversation: Conversation) -> Recalled:
    """What this person has before them here. On another device or platform they may have gone on since."""
    place = Place(conversation.platform, conversation.tenant, conversation.id)
    spoken = [
        Spoken(where, said.from_json(prompt), posted=manner != "refresh")
        for where, prompt, manner in outbox.last_said(connection, person, _REMEMBERED)
    ]
    here = [each for each in spoken if each.place == place]
    last = next((each.said for each in here if each.posted), None)
    asked = next((asked for each in here if each.posted and (asked := question(each.said)) is not None), None)
    went_on_at = next((each.place for each in spoken if question(each.said) is not None), place)
    elsewhere = went_on_at != place
    return Recalled(
        lately=tuple(each.said for each in here),
        standing=None if last is None or (elsewhere and question(last) is not None) else last,
        question=None if elsewhere else asked,
    )
