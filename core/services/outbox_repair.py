"""What whoever looks after the bot does about a message that was not sent for sure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Literal, TypeAlias

from sqlalchemy import Connection

from core.services import audit
from core.storage import outbox_view
from core.storage.outbox_view import PutAs

Outcome: TypeAlias = Literal["done", "not listed", "being sent", "may have arrived", "not now"]
"""``not listed``: it was sent, or given up for good, or there never was one."""
IsWanted: TypeAlias = Callable[[Connection, PutAs], bool]
"""Whether a message would be sent now, or is left out because it is evening, or no longer matters."""


def retry(
    connection: Connection, row: int, now: datetime, is_wanted: IsWanted, *, even_if_it_arrived: bool = False
) -> Outcome:
    """Let it be sent now, as if for the first time; one that may have arrived only ``even_if_it_arrived``."""
    state = outbox_view.lock(connection, row, now)
    if state == "doubtful" and not even_if_it_arrived:
        return "may have arrived"
    if state is None or state == "being sent":
        return state or "not listed"
    if not is_wanted(connection, outbox_view.put_as(connection, row)):
        return "not now"
    outbox_view.send_anew(connection, row, now)
    audit.record(connection, now, None, "message retried", {"row": row, "was": state})
    return "done"


def drop(connection: Connection, row: int, now: datetime) -> Outcome:
    """Give it up for good."""
    state = outbox_view.lock(connection, row, now)
    if state is None or state == "being sent":
        return state or "not listed"
    outbox_view.give_up(connection, row)
    audit.record(connection, now, None, "message dropped", {"row": row, "was": state})
    return "done"
