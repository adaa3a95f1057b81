"""Tells people, once, what happened without their doing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection

from bot.apply.tell import tell
from bot.inbound.events import Kind
from bot.messages import references
from bot.messages.references import MessageReference
from core.services import cycles, people, report_snapshots
from core.storage import outbox
from core.storage.outbox import OutboxItem


def tell_leads_of_end(connection: Connection, item: OutboxItem, now: datetime) -> None:
    """Tell the leads that nothing can be sent there any more, if it was a report or a reminder to a leader."""
    match _read(item):
        case references.Report(snapshot, _, area) if item.kind == Kind.CHANNEL:
            kept = report_snapshots.snapshot(connection, snapshot)
            if kept is not None:
                failed = references.ReportPosted(snapshot, "failed", _attempt(connection, item), area)
                _tell_leads(connection, kept.partnership, item.id, (failed,), now)
        case references.Invitation(cycle) | references.Nudge(cycle) if (
            item.person is not None and item.manner == "once"
        ):
            found = cycles.cycle_by_id(connection, cycle)
            if found is not None:
                schools = people.schools_asked(connection, item.person, cycle)
                silent = (references.OutOfReach(school) for school in schools)
                _tell_leads(connection, found.partnership, item.id, silent, now, but=item.person)


def _read(item: OutboxItem) -> MessageReference | None:
    """Read the message reference; None if it can't be read, which must not stop the row being settled."""
    try:
        return references.from_json(item.prompt)
    except ValueError:
        return None


def _attempt(connection: Connection, item: OutboxItem) -> int:
    """How often this report has been enqueued; its button needs the number."""
    begins = item.key.partition(f"{item.platform}:")[0]
    return len(outbox.of_once(connection, begins))


def _tell_leads(
    connection: Connection,
    partnership: str,
    row: int,
    what: Iterable[MessageReference],
    now: datetime,
    but: str | None = None,
) -> None:
    """``row``: what could not be sent. Its number, since its key may name somebody who is erased one day."""
    leads = [each for each in people.leads_of(connection, partnership) if each != but]
    for number, each in enumerate(what):
        for lead in leads:
            tell(connection, lead, f"end:{number}:{row}:{lead}", each, now)
