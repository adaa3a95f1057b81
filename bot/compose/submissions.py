"""Which schools have submitted, for a lead; and schools by name in files, where every school agreed to that."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection

from bot.compose.report_message import material_of, school_files
from bot.messages.blocks import File
from bot.wording.submissions import SubmissionFacts
from core.enquiry import Known, LedPartnership
from core.services import led_cycles, report_snapshots, school_reports
from core.storage.frameworks import FrameworkShelf


def responses_to(
    connection: Connection, shelf: FrameworkShelf, person: str, now: datetime
) -> tuple[SubmissionFacts, ...]:
    """For each partnership this person leads: how many schools so far, and for the last closed cycle which ones."""
    return tuple(_of(connection, shelf, led) for led in led_cycles.led_partnerships(connection, shelf, person, now))


def _of(connection: Connection, shelf: FrameworkShelf, led: LedPartnership) -> SubmissionFacts:
    last = led.closed[0] if led.closed else None
    return SubmissionFacts(
        partnership=led.name,
        so_far=None if led.open is None else (led.open.title, led.submitted, led.schools),
        cycle=None if last is None else last.title,
        view=None if last is None else school_reports.lead_view(connection, shelf, last.id),
    )


def schools_to(connection: Connection, shelf: FrameworkShelf, person: Known, now: datetime) -> tuple[File, ...]:
    """Schools by name for each of those cycles; none unless it was agreed that the lead may see them."""
    return tuple(_files(connection, shelf, person, now))


def _files(connection: Connection, shelf: FrameworkShelf, person: Known, now: datetime) -> Iterator[File]:
    for led in led_cycles.led_partnerships(connection, shelf, person.id, now):
        last = None if led.last_closed is None else report_snapshots.last_snapshot(connection, led.last_closed)
        material = None if last is None else material_of(connection, shelf, last.id, now, reader=person.id)
        if material is not None:
            yield from school_files(material, person.language)
