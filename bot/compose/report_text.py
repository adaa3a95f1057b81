"""Look up what a report needs and word it for one person; its pictures are drawn elsewhere."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from bot.compose.report_message import material_of, report_blocks
from bot.compose.school_report_message import own_material
from bot.messages import references
from bot.messages.blocks import Block
from bot.messages.languages import Words
from bot.wording.meeting_pack import pack_sent
from bot.wording.school_report import own_report
from core.enquiry import Known
from core.storage.frameworks import FrameworkShelf


def tell_report(
    connection: Connection,
    shelf: FrameworkShelf,
    what: references.Report | references.SchoolReportMessage | references.MeetingPackFiles,
    person: Known,
    now: datetime,
    words: Words,
) -> tuple[Block, ...] | None:
    if isinstance(what, references.SchoolReportMessage):
        own = own_material(connection, shelf, what, person.id, now)
        return None if own is None else own_report(own, words)
    if isinstance(what, references.MeetingPackFiles):
        found = material_of(connection, shelf, what.snapshot, now)
        return None if found is None else pack_sent(found.cycle.title, words)
    material = material_of(connection, shelf, what.snapshot, now, what.area)
    return None if material is None else report_blocks(material, what, person.language)
