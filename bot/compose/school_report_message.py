"""The message with a school's own report, for one of its leaders."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from bot.compose.report_message import Draw, as_files
from bot.messages import references
from bot.messages.blocks import Message, Picture
from bot.messages.languages import Words
from bot.wording.school_report import OwnMaterial, own_picture, own_report
from bot.wording.school_report_table import own_table
from core.rights import FILES
from core.services import (
    led_cycles,
    people,
    practice,
    report_snapshots,
    school_reports,
    school_reports_due,
)
from core.storage.frameworks import FrameworkShelf


def own_material(
    connection: Connection, shelf: FrameworkShelf, what: references.SchoolReportMessage, person: str, now: datetime
) -> OwnMaterial | None:
    """The material of the report; None if the person doesn't (or no longer) lead that school, or it isn't in the
    snapshot.
    """
    snapshot = report_snapshots.snapshot(connection, what.snapshot)
    if snapshot is None or not people.has_role(connection, person, FILES["own-report"], school=what.school):
        return None
    if not school_reports_due.may_read(connection, person, what.school, snapshot.cycle):
        return None
    found = led_cycles.cycle_and_framework(connection, shelf, snapshot.cycle)
    own = school_reports.own_report_of(connection, shelf, snapshot, what.school)
    if found is None or own is None:
        return None
    return OwnMaterial(
        school=school_reports_due.school_name(connection, what.school),
        cycle=found[0],
        framework=found[1],
        facts=snapshot.facts,
        own=own[1],
        notes=school_reports_due.own_notes(connection, snapshot.cycle, what.school),
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
