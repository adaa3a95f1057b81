"""How an unknown account is matched to a person: they type the code they were given, to the bot alone."""

from __future__ import annotations

from sqlalchemy import Connection

from bot.decide.changes import Outcome
from bot.decide.replies import line
from bot.decide.turn_state import TurnState
from bot.inbound.events import Command, Incoming, Kind, Typed
from core.services import linking
from core.services.linking import Redeemed


def redeemed(connection: Connection, state: TurnState, incoming: Incoming) -> Redeemed | None:
    """What became of the code that was typed; None if the event isn't one."""
    text = _text(incoming)
    if text is None:
        return None
    known = state.person is not None
    if not (linking.is_code(connection, text) if known else linking.looks_like_code(text)):
        return None
    return linking.redeem(connection, incoming.account, incoming.conversation.id, text, state.now)


def _text(incoming: Incoming) -> str | None:
    """Text typed where nobody else can read it: in a direct conversation, or after the bot's own command."""
    match incoming.body:
        case Typed(text) | Command("partnership", text) if incoming.conversation.kind is Kind.DIRECT:
            return text
        case _:
            return None


def told(came: Redeemed) -> Outcome:
    match came:
        case Redeemed.LINKED | Redeemed.PASSED_ON:
            return line("joined")
        case Redeemed.SHARED:
            return line("joined-too")
        case Redeemed.KNOWN:
            return line("code-not-needed")
        case Redeemed.USED:
            return line("code-used")
        case Redeemed.EXPIRED:
            return line("code-expired")
        case Redeemed.WRONG:
            return line("code-wrong")
        case Redeemed.TOO_MANY:
            return line("code-too-many")
