"""What whoever looks after the bot does about a message that was not sent for sure."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, TypeAlias

from sqlalchemy import Connection

from core.services import audit
from core.storage import outbox_view

Outcome: TypeAlias = Literal["done", "not listed", "being sent", "may have arrived"]
"""``not listed``: it was sent, or given up for good, or there never was one."""


def retry(connection: Connection, row: int, now: datetime, *, even_if_it_arrived: bool = False) -> Outcome:
    """Let it be sent now, as if for the first time; one that may have arrived only ``even_if_it_arrived``."""
    state = outbox_view.lock(connection, row, now)
    if state == "doubtful" and not even_if_it_arrived:
        return "may have arrived"
    if state is None or state == "being sent":
        return state or "not listed"
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
