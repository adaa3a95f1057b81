"""What an event about a person's partnerships needs to know; looked up only where an event speaks of it."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection

from bot.decide import agreed_actions, look_back, practice_and_networks, visibility
from bot.decide.turn_state import TurnState
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
    connection: Connection, shelf: FrameworkShelf, state: TurnState, person: str, body: Body
) -> TurnState:
    if look_back.concerns(state, body):
        return replace(state, past=enquiries.last_closed(connection, person, state.now))
    if agreed_actions.concerns(body, state.awaiting):
        return replace(state, agreements=agreed.agreements_of(connection, shelf, person))
    if visibility.concerns(body):
        return replace(state, says_of_schools=consents.says_of(connection, person, state.now))
    if practice_and_networks.answers_practice(body):
        return replace(state, matches=practice.matches_of(connection, shelf, person))
    if practice_and_networks.speaks_of_networks(body):
        memberships = networks.memberships_of(connection, person)
        return replace(state, memberships=memberships, facilitated=networks.facilitated_by(connection, person))
    return state
