"""Load what an event about a person's partnerships needs; nothing for any other event."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection

from bot.decide.turn_state import ActionDraft, TurnState
from bot.inbound.buttons import LookBack
from bot.inbound.buttons_partnership import AboutAgreedActions, AboutNetworks, AnswerPractice, SayVisibility
from bot.inbound.events import Pressed
from bot.inbound.typed_text import Commanded, Word
from bot.inbound.understanding import Understood, Wrote
from core.services import agreed_actions, enquiries, networks, practice, visibility
from core.storage.frameworks import FrameworkShelf


def with_partnerships(
    connection: Connection, shelf: FrameworkShelf, state: TurnState, person: str, what: Understood
) -> TurnState:
    match what:
        case Pressed(LookBack()) | Wrote(_, Commanded(Word.REVIEW, "")) if not state.open_enquiries:
            return replace(state, past=enquiries.last_closed(connection, person, state.now))
        case Pressed(press) if isinstance(press, AboutAgreedActions):
            return _with_agreements(connection, shelf, state, person)
        case Wrote(_, meaning) if isinstance(state.awaiting, ActionDraft) or _names_agreed_actions(meaning):
            return _with_agreements(connection, shelf, state, person)
        case Pressed(SayVisibility()):
            return replace(state, says_of_schools=visibility.says_of(connection, person, state.now))
        case Pressed(AnswerPractice()):
            return replace(state, matches=practice.matches_of(connection, shelf, person))
        case Pressed(press) if isinstance(press, AboutNetworks):
            return _with_networks(connection, state, person)
        case Wrote(_, Commanded(Word.NETWORK)):
            return _with_networks(connection, state, person)
        case _:
            return state


def _names_agreed_actions(meaning: object) -> bool:
    return isinstance(meaning, Commanded) and meaning.word in {Word.ACTION, Word.ACTIONS}


def _with_agreements(connection: Connection, shelf: FrameworkShelf, state: TurnState, person: str) -> TurnState:
    return replace(state, agreements=agreed_actions.agreements_of(connection, shelf, person))


def _with_networks(connection: Connection, state: TurnState, person: str) -> TurnState:
    memberships = networks.memberships_of(connection, person)
    return replace(state, memberships=memberships, facilitated=networks.facilitated_by(connection, person))
