"""How the reports of a database read: the words in each language, with what its pictures say, and the figures."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, select

from bot.compose.report_message import as_files, material_of, number_files, report_blocks
from bot.compose.school_report_message import own_material
from bot.messages import references
from bot.messages.blocks import Block, File, Message
from bot.messages.languages import LANGUAGES, words_of
from bot.messages.plain_text import plain_text
from bot.messages.references import PICTURES, SchoolReportMessage
from bot.wording.charts.by_name import drawing
from bot.wording.report_material import ReportMaterial
from bot.wording.school_report import own_report
from bot.wording.school_report_table import own_table
from core.storage.tables import Cycle, Snapshot, SnapshotReader
from tests.support.earlier_databases import Reading, ToldReport
from tests.support.live_world import LiveWorld

OWN_REPORTS_OF: Final = ("ann", "gil", "mia")
"""Leaders whose own reports are kept: one of each partnership that has accounts."""
_TITLES: Final = (
    select(Snapshot.id, Cycle.partnership_id, Cycle.title, Snapshot.number)
    .join(Cycle, Cycle.id == Snapshot.cycle_id)
    .order_by(Snapshot.id)
)
_OWN: Final = (
    select(SnapshotReader.school_id, SnapshotReader.person_id)
    .where(SnapshotReader.person_id.in_(OWN_REPORTS_OF))
    .order_by(SnapshotReader.school_id, SnapshotReader.person_id)
)


def keep_those_not_told_yet(world: LiveWorld, told: dict[int, ToldReport], partnership: str | None = None) -> None:
    """Keep how each snapshot, or each of one partnership, reads now that has not been kept before."""
    with world.database.engine.connect() as connection:
        for row in connection.execute(_TITLES).all():
            if row.id not in told and partnership in (None, row.partnership_id):
                title = f"{row.partnership_id}, {row.title}, {row.number}"
                told[row.id] = ToldReport(title, world.now, reading_of(connection, world, row.id, world.now))
        connection.rollback()


def reading_of(connection: Connection, world: LiveWorld, snapshot: int, now: datetime) -> Reading:
    """The lines of each text and table, as ``report en``, ``own alder ann cy`` and ``report figures 1``."""
    return {name: text.splitlines() for name, text in _texts(connection, world, snapshot, now)}


def _texts(connection: Connection, world: LiveWorld, snapshot: int, now: datetime) -> Iterator[tuple[str, str]]:
    material = material_of(connection, world.shelf, snapshot, now)
    assert material is not None
    for language in LANGUAGES:
        what = references.Report(snapshot, language)
        yield f"report {language}", _plain(report_blocks(material, what, language))
        yield f"pictures {language}", "\n".join(_alts(material, language))
    yield from _tables("report", number_files(material, "en", "report"))
    for school, person in connection.execute(_OWN.where(SnapshotReader.snapshot_id == snapshot)).all():
        yield from _own(connection, world, SchoolReportMessage(snapshot, school), person, now)


def _alts(material: ReportMaterial, language: str) -> Iterator[str]:
    drawings = (drawing(name, material, words_of(language)) for name in PICTURES)
    yield from (each.alt for each in drawings if each is not None)


def _own(
    connection: Connection, world: LiveWorld, what: SchoolReportMessage, person: str, now: datetime
) -> Iterator[tuple[str, str]]:
    material = own_material(connection, world.shelf, what, person, now)
    if material is None:
        return
    for language in LANGUAGES:
        yield f"own {what.school} {person} {language}", _plain(own_report(material, words_of(language)))
    yield from _tables(f"own {what.school} {person}", as_files({"own": own_table(material, words_of("en"))}))


def _tables(name: str, files: tuple[File, ...]) -> Iterator[tuple[str, str]]:
    tables = (each for each in files if each.media_type == "text/csv")
    for number, table in enumerate(tables, start=1):
        yield f"{name} figures {number}", table.content.decode("utf-8-sig")


def _plain(blocks: tuple[Block, ...]) -> str:
    return plain_text(Message("told", blocks, "en"))
