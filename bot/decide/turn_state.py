"""What the conversation needs to know to answer an event; loaded in the event's own transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, TypeAlias

from pydantic import Field, TypeAdapter
from pydantic.dataclasses import dataclass as stored_dataclass

from bot.messages.references import MessageReference
from core.agreed_actions import ActionPlan
from core.enquiry import Enquiry, Known, LedPartnership, NoteKind, OpenEnquiry
from core.networks import Membership, Network
from core.practice import Match
from core.values import value
from core.visibility import SchoolSay


@stored_dataclass(frozen=True, slots=True)
class NoteWanted:
    """The leader was asked to write a note."""

    response: int
    subtheme: str
    kind: NoteKind
    what: Literal["note-wanted"] = "note-wanted"


@stored_dataclass(frozen=True, slots=True)
class TextOffered:
    """The leader typed this, and was asked whether to save it as a note."""

    response: int
    offer: int
    """Tells an old question about another text apart."""
    subtheme: str
    text: str
    what: Literal["text-offered"] = "text-offered"


@stored_dataclass(frozen=True, slots=True)
class ActionDraft:
    """A lead is recording an agreed action, and has given these details so far."""

    draft: int
    """The number that the agreed action will have."""
    partnership: str | None = None
    subtheme: str | None = None
    words: str | None = None
    owner: str | None = None
    due: str | None = None
    """A day as ``2027-02-05``, or ``bot.inbound.buttons_partnership.NEXT_MEETING``."""
    what: Literal["action-draft"] = "action-draft"


Awaiting: TypeAlias = Annotated[NoteWanted | TextOffered | ActionDraft, Field(discriminator="what")]

_awaiting: TypeAdapter[Awaiting] = TypeAdapter(Awaiting)


def awaiting_to_json(awaiting: Awaiting | None) -> str | None:
    return None if awaiting is None else _awaiting.dump_json(awaiting).decode()


def awaiting_from_json(stored: str | None) -> Awaiting | None:
    return None if stored is None else _awaiting.validate_json(stored)


@value
class TurnState:
    now: datetime
    person: Known | None
    """None for an account the bot can't match to a person."""
    active: int | None
    """The response the person is working on."""
    awaiting: Awaiting | None
    enquiry: Enquiry | None
    """The response the event refers to, or else the one the person is working on."""
    open_enquiries: tuple[OpenEnquiry, ...]
    leads: tuple[LedPartnership, ...]
    here: str | None
    """The partnership whose channel this was said in."""
    in_view: MessageReference | None
    """The question, list or review posted last in this conversation; loaded for typed text only."""
    fresh: int
    """An unused number, for anything the event creates."""
    lately: tuple[MessageReference, ...] = ()
    """The latest messages in this conversation; loaded for typed text only."""
    standing: MessageReference | None = None
    """The message posted last in this conversation, or the one that is replied to; loaded for typed text only."""
    replying: bool = False
    """The text is a reply to one message: ``standing``, if that is known."""
    agreements: tuple[ActionPlan, ...] = ()
    """The agreed actions of the person's partnerships; loaded if the event is about agreed actions."""
    matches: tuple[Match, ...] = ()
    """What the person is asked about sharing practice; loaded if the event answers it."""
    memberships: tuple[Membership, ...] = ()
    """Networks that partnerships this person leads may join; loaded if the event is about them."""
    facilitated: tuple[Network, ...] = ()
    """Networks whose totals this person may see; loaded if the event is about them."""
    past: tuple[int, ...] = ()
    """The person's responses in the last closed cycle; loaded if they may look back, that is while no cycle is open."""
    says_of_schools: tuple[SchoolSay, ...] = ()
    """What the person's schools have said about being seen; loaded if the event answers for one of them."""
