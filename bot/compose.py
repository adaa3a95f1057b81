"""Make the message of an outbox row at the moment it is sent: words for most, a picture and a file for a report."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import Connection

from bot import said
from bot.languages import words_of
from bot.messages import File, Message, Picture
from bot.prompts.report import alt_text, csv_words, dumbbell, report
from bot.tell import tell
from core.analysis.report import ReportFacts
from core.charts.dumbbell import Dumbbell
from core.enquiry import Cycle
from core.exports import report_csv
from core.framework import Framework
from core.services import nudges, people, privacy, reporting, telling
from core.storage.database import Database
from core.storage.frameworks import FrameworkShelf
from core.storage.outbox import OutboxItem

Draw: TypeAlias = Callable[[Dumbbell], Awaitable[bytes]]


@dataclass(frozen=True, slots=True)
class ReportMaterial:
    """What a report is made of; the facts are frozen, and are all that may be published."""

    partnership: str
    cycle: Cycle
    framework: Framework
    facts: ReportFacts


class Composer:
    def __init__(self, database: Database, shelf: FrameworkShelf, draw: Draw, clock: Callable[[], datetime]) -> None:
        self._database, self._shelf, self._draw, self._clock = database, shelf, draw, clock

    async def __call__(self, item: OutboxItem) -> Message | None:
        """The message as things stand now; None where there is nothing left to say."""
        what = said.from_json(item.prompt)
        if isinstance(what, said.Report):
            return await self._report(item, what)
        return await self._database.read(lambda connection: self._told(connection, item, what))

    def _told(self, connection: Connection, item: OutboxItem, what: said.Said) -> Message | None:
        if item.manner == "once" and not self._still_wanted(connection, item.key, what):
            return None
        person = None if item.person is None else people.known(connection, item.person)
        blocks = tell(connection, self._shelf, what, person, self._clock())
        if blocks is None:
            return None
        files = (_my_data(connection, person.id),) if person and isinstance(what, said.MyData) else ()
        return Message(item.key, blocks, person.language if person else "en", files)

    def _still_wanted(self, connection: Connection, key: str, what: said.Said) -> bool:
        """A reminder that waited may have become unkind: it is evening by now, or the school has submitted."""
        if not isinstance(what, said.Invitation | said.Nudge):
            return True
        return nudges.is_wanted(connection, what.cycle, key, self._clock())

    async def _report(self, item: OutboxItem, what: said.Report) -> Message | None:
        material = await self._database.read(lambda connection: material_of(connection, self._shelf, what.snapshot))
        return None if material is None else await report_message(material, what.language, item.key, self._draw)


def _my_data(connection: Connection, person: str) -> File:
    return File("my-data.json", "application/json", privacy.everything_as_json(connection, person).encode())


def material_of(connection: Connection, shelf: FrameworkShelf, snapshot_id: int) -> ReportMaterial | None:
    snapshot = reporting.snapshot(connection, snapshot_id)
    found = None if snapshot is None else telling.cycle_and_framework(connection, shelf, snapshot.cycle)
    if snapshot is None or found is None:
        return None
    name = telling.partnership_name(connection, snapshot.partnership)
    return ReportMaterial(name, *found, snapshot.facts)


async def report_message(material: ReportMaterial, language: str, key: str, draw: Draw) -> Message:
    """The report in one language, or in ``both``: one message that says everything in Welsh and in English."""
    parts = [await _in_language(material, each, draw) for each in (("cy", "en") if language == "both" else (language,))]
    blocks = tuple(block for part in parts for block in part.blocks)
    return Message(key, blocks, parts[0].lang, tuple(file for part in parts for file in part.files))


async def _in_language(material: ReportMaterial, language: str, draw: Draw) -> Message:
    words = words_of(language)
    cycle, framework, facts = material.cycle, material.framework, material.facts
    name = f"partnership-report-{cycle.id}-{language}"
    picture = None
    files: tuple[File, ...] = ()
    if facts.enough:
        png = await draw(dumbbell(material.partnership, cycle, framework, facts, words))
        picture = Picture(f"{name}.png", png, alt_text(framework, facts, words))
        table = report_csv(facts, framework, language, csv_words(words))
        files = (File(f"{name}.csv", "text/csv", table),)
    return Message("", report(material.partnership, cycle, framework, facts, picture, words), language, files)
