"""What an event about a person's partnerships needs to know; looked up only where an event speaks of it."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection

from bot import agreeing, consenting, looking_back, sharing
from bot.events import Body
from bot.snapshot import Snapshot
from core.services import agreed, consents, enquiries, networks, practice
from core.storage.frameworks import FrameworkShelf


def with_partnerships(
    connection: Connection, shelf: FrameworkShelf, snapshot: Snapshot, person: str, body: Body
) -> Snapshot:
    if looking_back.concerns(snapshot, body):
        return replace(snapshot, past=enquiries.last_closed(connection, person, snapshot.now))
    if agreeing.concerns(body, snapshot.awaiting):
        return replace(snapshot, agreements=agreed.agreements_of(connection, shelf, person))
    if consenting.concerns(body):
        return replace(snapshot, says_of_schools=consents.says_of(connection, person, snapshot.now))
    if sharing.answers_practice(body):
        return replace(snapshot, matches=practice.matches_of(connection, shelf, person))
    if sharing.speaks_of_networks(body):
        memberships = networks.memberships_of(connection, person)
        return replace(snapshot, memberships=memberships, facilitated=networks.facilitated_by(connection, person))
    return snapshot
