"""The message of a school's own report, for one of its leaders."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from bot import said
from bot.languages import Words
from bot.messages import Message, Picture
from bot.prompts.own_report import OwnMaterial, own_picture, own_report
from bot.prompts.own_table import own_table
from bot.reports import Draw, as_files
from core.services import own_due, practice, reporting, school_reports, telling
from core.storage.frameworks import FrameworkShelf


def own_material(
    connection: Connection, shelf: FrameworkShelf, what: said.OwnReport, person: str, now: datetime
) -> OwnMaterial | None:
    """None for whoever does not lead that school (any more), and for a school that is not in the snapshot."""
    snapshot = reporting.snapshot(connection, what.snapshot)
    if snapshot is None or not own_due.leads(connection, person, what.school):
        return None
    found = telling.cycle_and_framework(connection, shelf, snapshot.cycle)
    own = school_reports.own_report_of(connection, shelf, snapshot, what.school)
    if found is None or own is None:
        return None
    return OwnMaterial(
        school=own_due.school_name(connection, what.school),
        cycle=found[0],
        framework=found[1],
        facts=snapshot.facts,
        own=own[1],
        notes=own_due.own_notes(connection, snapshot.cycle, what.school),
        matches=tuple(
            each
            for each in practice.matches_of(connection, shelf, person)
            if each.school == what.school and each.stands(now) and each.says is not False
        ),
        met=found[0].has_met(now),
    )


async def own_message(material: OwnMaterial, key: str, words: Words, draw: Draw) -> Message:
    drawing = own_picture(material, words)
    picture = Picture(f"own-report-{material.cycle.id}.png", await draw(drawing.picture), drawing.alt)
    heading, *others = own_report(material, words)
    files = as_files({f"own-report-{material.cycle.id}": own_table(material, words)})
    return Message(key, (heading, picture, *others), words.language, files)
