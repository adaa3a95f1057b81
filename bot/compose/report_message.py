"""The messages of a report: the words with the lead picture and the numbers as a file, then each other picture."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final, TypeAlias

from sqlalchemy import Connection

from bot.messages import references
from bot.messages.blocks import Block, File, Message, Paragraph, Picture
from bot.messages.languages import languages_of, words_of
from bot.wording.charts.by_name import drawing
from bot.wording.charts.drawing import Drawing
from bot.wording.report import preview, report
from bot.wording.report_material import ReportMaterial
from bot.wording.report_table import csv_words
from bot.wording.school_tables import school_table
from core.analysis.one_area import of_area
from core.charts import pool
from core.exports import ExportTable, report_table, to_csv
from core.exports_xlsx import to_xlsx
from core.log import Log
from core.services import (
    agreed_actions,
    cycles,
    led_cycles,
    people,
    practice_meetings,
    report_snapshots,
    school_reports,
)
from core.storage.frameworks import FrameworkShelf

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Draw: TypeAlias = Callable[[pool.Picture], Awaitable[bytes]]

_PATIENCE: Final = 20.0
"""Seconds to wait for the lead picture before sending the words without it. Drawing takes two when its process has yet
to start; after thirty the delivery would give up on the whole report.
"""

_log = Log(__name__)


def material_of(
    connection: Connection,
    shelf: FrameworkShelf,
    snapshot_id: int,
    now: datetime,
    area: str = "",
    reader: str | None = None,
) -> ReportMaterial | None:
    """The material of a report; None if there is no such snapshot, or its cycle doesn't cover that area.

    ``reader`` is the one person it is for; None for what everybody in a channel sees. A lead may see schools by name
    where others may not.
    """
    snapshot = report_snapshots.snapshot(connection, snapshot_id)
    found = None if snapshot is None else led_cycles.cycle_and_framework(connection, shelf, snapshot.cycle)
    if snapshot is None or found is None:
        return None
    lead = reader is not None and people.is_lead(connection, reader, snapshot.partnership)
    trend = snapshot.facts.trend
    before = None if trend is None else cycles.cycle_by_id(connection, trend.previous)
    whole = ReportMaterial(
        partnership=led_cycles.partnership_name(connection, snapshot.partnership),
        cycle=found[0],
        framework=found[1],
        facts=snapshot.facts,
        previous=None if before is None else before.title,
        agreed_before=agreed_actions.last_time(connection, shelf, snapshot.cycle),
        helping=practice_meetings.meeting_subthemes(connection, snapshot.cycle),
        schools=school_reports.table_of(connection, shelf, snapshot, lead=lead),
        names=school_reports.names_of(connection, snapshot),
        met=found[0].has_met(now),
    )
    return _narrowed(whole, area) if area else whole


def _narrowed(whole: ReportMaterial, area_id: str) -> ReportMaterial | None:
    area = next((each for each in whole.framework.areas if each.id == area_id), None)
    if area is None:
        return None
    framework = whole.framework.only(each.id for each in area.subthemes)
    return replace(
        whole,
        area=area,
        framework=framework,
        facts=of_area(whole.facts, area_id),
        agreed_before=tuple(each for each in whole.agreed_before if each.subtheme in framework.subtheme_by_id),
    )


def report_blocks(
    material: ReportMaterial, what: references.Report, language: str, lead: tuple[Block, ...] = ()
) -> tuple[Block, ...]:
    words = words_of(language)
    blocks = report(material, words, lead, pictures_above=what.preview)
    return preview(what.area, material.cycle.id, blocks, words) if what.preview else blocks


async def report_message(material: ReportMaterial, what: references.Report, key: str, draw: Draw) -> Message:
    """The report in one language, or for ``both`` in one message with everything in Welsh and in English."""
    languages = languages_of(what.language)
    leads = await _lead_pictures(material, languages, draw)
    blocks = tuple(block for each in languages for block in report_blocks(material, what, each, leads[each]))
    files = tuple(file for each in languages for file in number_files(material, each, _file_name(material, each)))
    return Message(key, blocks, languages[0], files)


async def _lead_pictures(
    material: ReportMaterial, languages: Iterable[str], draw: Draw
) -> Mapping[str, tuple[Block, ...]]:
    """The lead picture by language: in words if it can't be drawn in time, and none if it has nothing to show."""
    drawings = {each: _drawing(references.LEAD_PICTURE, material, each) for each in languages}
    try:
        async with asyncio.timeout(_PATIENCE):
            return {
                language: await _drawn(references.LEAD_PICTURE, material, language, found, draw)
                for language, found in drawings.items()
            }
    except Exception as error:  # noqa: BLE001 - no failed picture may keep a report from being posted
        _log.error("The lead picture of a report is told in words", error)
        return {language: () if found is None else (Paragraph(found.alt),) for language, found in drawings.items()}


def _drawing(name: references.PictureName, material: ReportMaterial, language: str) -> Drawing | None:
    return drawing(name, material, words_of(language))


async def _drawn(
    name: references.PictureName, material: ReportMaterial, language: str, found: Drawing | None, draw: Draw
) -> tuple[Picture, ...]:
    if found is None:
        return ()
    return (Picture(f"{_file_name(material, language)}-{name}.png", await draw(found.picture), found.alt),)


async def picture_message(
    material: ReportMaterial, what: references.ReportPicture, key: str, draw: Draw
) -> Message | None:
    """A picture of the report; None if there is nothing for it to show."""
    languages = languages_of(what.language)
    drawings = [(each, _drawing(what.name, material, each)) for each in languages]
    drawn = [await _drawn(what.name, material, language, found, draw) for language, found in drawings]
    blocks = tuple(picture for each in drawn for picture in each)
    return Message(key, blocks, languages[0]) if blocks else None


def number_files(material: ReportMaterial, language: str, name: str) -> tuple[File, ...]:
    """The report's numbers as tables and as a workbook; none if there are no numbers."""
    return as_files({name: _figures(material, language), f"{name}-schools": _schools(material, language)})


def school_files(material: ReportMaterial, language: str) -> tuple[File, ...]:
    """Only schools by name, as a table and a workbook; none if the reader may not see them."""
    return as_files({f"schools-{material.cycle.id}-{language}": _schools(material, language)})


def _figures(material: ReportMaterial, language: str) -> ExportTable | None:
    if not material.facts.enough:
        return None
    words = csv_words(words_of(language))
    return report_table(material.cycle.title, material.facts, material.framework, language, words)


def _schools(material: ReportMaterial, language: str) -> ExportTable | None:
    return school_table(material, words_of(language))


def as_files(named: Mapping[str, ExportTable | None]) -> tuple[File, ...]:
    """Each table as CSV, and a workbook of all of them named after the first; none if there are no tables."""
    tables = {name: table for name, table in named.items() if table is not None}
    if not tables:
        return ()
    texts = (File(f"{name}.csv", "text/csv", to_csv(each.header, each.rows)) for name, each in tables.items())
    return (*texts, File(f"{next(iter(named))}.xlsx", XLSX, to_xlsx(tuple(tables.values()))))


def _file_name(material: ReportMaterial, language: str) -> str:
    about = "" if material.area is None else f"-area-{material.area.id}"
    return f"partnership-report-{material.cycle.id}{about}-{language}"
