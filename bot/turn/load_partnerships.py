"""What an event about a person's partnerships needs to know; looked up only where an event speaks of it."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection

from bot.decide import agreed_actions, look_back, practice_and_networks, visibility
from bot.decide.turn_state import Snapshot
from bot.inbound.events import Body
from core.services import (
    agreed_actions as agreed,
)
from core.services import (
    enquiries,
    networks,
    practice,
)
from core.services import (
    visibility as consents,
)
from core.storage.frameworks import FrameworkShelf


def with_partnerships(
    connection: Connection, shelf: FrameworkShelf, snapshot: Snapshot, person: str, body: Body
) -> Snapshot:
    if look_back.concerns(snapshot, body):
        return replace(snapshot, past=enquiries.last_closed(connection, person, snapshot.now))
    if agreed_actions.concerns(body, snapshot.awaiting):
        return replace(snapshot, agreements=agreed.agreements_of(connection, shelf, person))
    if visibility.concerns(body):
        return replace(snapshot, says_of_schools=consents.says_of(connection, person, snapshot.now))
    if practice_and_networks.answers_practice(body):
        return replace(snapshot, matches=practice.matches_of(connection, shelf, person))
    if practice_and_networks.speaks_of_networks(body):
        memberships = networks.memberships_of(connection, person)
        return replace(snapshot, memberships=memberships, facilitated=networks.facilitated_by(connection, person))
    return snapshot
