"""Tells people, once, what happened without their doing."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from bot.inbound.events import Kind
from bot.messages import references
from bot.messages.references import MessageReference
from core.enquiry import Account
from core.services import deactivated_accounts, people
from core.storage import outbox


def tell(
    connection: Connection, person: str, key: str, what: MessageReference, now: datetime, turn: str | None = None
) -> int:
    """Enqueue it, once, in this person's conversation with the bot; someone without one can't be told.

    Returns how many messages were enqueued. ``turn``: the event that it is an answer to.
    """
    place = people.reached_at(connection, person)
    if place is None:
        return 0
    return outbox.put(
        connection,
        **place._asdict(),
        kind=Kind.DIRECT,
        person=person,
        key=key,
        prompt=references.to_json(what),
        manner="once",
        now=now,
        turn=turn,
    )


def tell_of_deactivated_account(connection: Connection, account: Account, now: datetime) -> str | None:
    """Stop writing to an account that its organisation has deactivated, and tell each lead it matters to, once.

    Returns whose it is; None if that was known already, or it is nobody's.
    """
    person = deactivated_accounts.deactivate(connection, account, now)
    if person is not None:
        key = f"{deactivated_accounts.told_by(person)}{account.platform}:{account.tenant}:{account.user}"
        for lead in deactivated_accounts.leads_concerned(connection, person):
            tell(connection, lead, f"{key}:{lead}", references.AccountDeactivated(person), now)
    return person


def note_account(connection: Connection, account: Account, *, active: bool, now: datetime) -> None:
    """The platform says whether an account is active, and it addresses people by their account's id."""
    if active:
        deactivated_accounts.restore(connection, account)
    else:
        tell_of_deactivated_account(connection, account, now)
