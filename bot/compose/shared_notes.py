"""Notes that schools chose to share beyond their own leaders, as a message and as a file for the lead who asks."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from bot.messages.blocks import File
from bot.messages.languages import Words
from bot.wording.notes import Shared, shared_header, shared_row
from core.exports import to_csv
from core.services import cycles, led_cycles, people, shared_notes
from core.storage.frameworks import FrameworkShelf


def shared_with(connection: Connection, shelf: FrameworkShelf, person: str, now: datetime) -> tuple[Shared, ...]:
    """The shared notes of each partnership that this person leads and that has closed a cycle."""
    found = []
    for partnership in people.leads(connection, person):
        closed = cycles.last_closed(connection, partnership, now)
        if closed is not None:
            notes = shared_notes.notes_for_lead(connection, shelf, closed.id, now)
            found.append(Shared(led_cycles.partnership_name(connection, partnership), closed.title, notes))
    return tuple(found)


def notes_file(shared: tuple[Shared, ...], words: Words) -> File | None:
    """All shared notes as CSV; None if there are none."""
    rows = [shared_row(each.partnership, note, words) for each in shared for note in each.notes]
    return File("shared-notes.csv", "text/csv", to_csv(shared_header(words), rows)) if rows else None
