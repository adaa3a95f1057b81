"""Questions that the clock asks, put to a head of Willow Valley at once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, insert, select

from bot.inbound.events import Conversation, Kind
from bot.messages import references, references_partnership
from bot.messages.references import MessageReference
from core.services import people
from core.storage import outbox, tables
from tests.contract.stage import PARTNERSHIP

VISIBILITY = references_partnership.AskVisibility(PARTNERSHIP, "lanternfield")
PRACTICE = references_partnership.AskPractice(7)
CHECK_IN = references_partnership.AgreedActionsCheckIn(PARTNERSHIP)


def has_something_to_be_asked_about(connection: Connection, now: datetime) -> None:
    """Lanternfield (Priya) would share something with Kestrel Brook (Hannah), leads on an action, and has a deputy."""
    cycle = connection.scalars(select(tables.Cycle.id)).first()
    of_framework = connection.execute(select(tables.Framework.id, tables.Framework.version)).first()
    assert of_framework is not None
    shares = {"id": PRACTICE.match, "cycle_id": cycle, "subtheme": "1.1", "proposed_at": now}
    for side, school, person in (("giver", "lanternfield", "priya"), ("receiver", "kestrel-brook", "hannah")):
        shares |= {f"{side}_id": school, f"{side}_partnership_id": PARTNERSHIP, f"{side}_person_id": person}
    connection.execute(insert(tables.PracticeMatch).values(shares))
    connection.execute(
        insert(tables.AgreedAction).values(
            id=1, partnership_id=PARTNERSHIP, framework_id=of_framework.id, framework_version=of_framework.version,
            subtheme="1.1", words="Visit each other's lessons", owner_id="lanternfield", state="open", agreed_at=now,
        )
    )  # fmt: skip
    connection.execute(insert(tables.Deputy).values(school_id="lanternfield", person_id="hannah"))


def ask(connection: Connection, person: str, what: MessageReference, now: datetime) -> Conversation:
    """Ask it under the kind of key that the clock uses; returns where it waits."""
    place = people.reached_at(connection, person)
    assert place is not None
    key, prompt = f"{what.what}:somewhere:{person}", references.to_json(what)
    outbox.put(
        connection, **place._asdict(), kind="direct", person=person, manner="below", now=now, key=key, prompt=prompt
    )
    return Conversation(place.platform, place.tenant, place.conversation, Kind.DIRECT)
