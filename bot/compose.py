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
from core.enquiry import Cycle, Known
from core.exports import report_csv
from core.framework import Framework
from core.services import agreed_due, nudges, people, privacy, reporting, telling
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
        if isinstance(what, said.Report | said.ReportPicture):
            return await self._report(item, what)
        return await self._database.read(lambda connection: self._told(connection, item, what))

    def _told(self, connection: Connection, item: OutboxItem, what: said.Said) -> Message | None:
        if item.manner == "once" and not self._still_wanted(connection, item.key, item.person, what):
            return None
        person = None if item.person is None else people.known(connection, item.person)
        blocks = tell(connection, self._shelf, what, person, self._clock())
        if blocks is None:
            return None
        files = (_my_data(connection, person.id),) if person and isinstance(what, said.MyData) else ()
        return Message(item.key, blocks, _language(what, person), files)

    def _still_wanted(self, connection: Connection, key: str, person: str | None, what: said.Said) -> bool:
        """A reminder that waited may have become unkind: it is evening by now, or the school has submitted."""
        if isinstance(what, said.ActionsLookedAt):
            return person is not None and agreed_due.is_wanted(connection, what.partnership, person, self._clock())
        if not isinstance(what, said.Invitation | said.Nudge):
            return True
        return nudges.is_wanted(connection, what.cycle, key, self._clock())

    async def _report(self, item: OutboxItem, what: said.Report | said.ReportPicture) -> Message | None:
        material = await self._database.read(lambda connection: material_of(connection, self._shelf, what.snapshot))
        if material is None:
            return None
        if isinstance(what, said.Report):
            return report_message(material, what.language, item.key)
        return await picture_message(material, what.language, item.key, self._draw)


def _language(what: said.Said, person: Known | None) -> str:
    """What a message begins in: a channel's may go on in another language."""
    if isinstance(what, said.ActionsPosted):
        return "cy" if what.language == "both" else what.language
    return person.language if person else "en"


def _my_data(connection: Connection, person: str) -> File:
    return File("my-data.json", "application/json", privacy.everything_as_json(connection, person).encode())


def material_of(connection: Connection, shelf: FrameworkShelf, snapshot_id: int) -> ReportMaterial | None:
    snapshot = reporting.snapshot(connection, snapshot_id)
    found = None if snapshot is None else telling.cycle_and_framework(connection, shelf, snapshot.cycle)
    if snapshot is None or found is None:
        return None
    name = telling.partnership_name(connection, snapshot.partnership)
    return ReportMaterial(name, *found, snapshot.facts)


def report_message(material: ReportMaterial, language: str, key: str) -> Message:
    """The report in one language, or in ``both``: one message that says everything in Welsh and in English."""
    return _joined(key, [_report_in(material, each) for each in _languages(language)])


async def picture_message(material: ReportMaterial, language: str, key: str, draw: Draw) -> Message | None:
    """A picture of the report; None where there is nothing that it could show."""
    if not material.facts.enough:
        return None
    return _joined(key, [await _picture_in(material, each, draw) for each in _languages(language)])


def _languages(language: str) -> tuple[str, ...]:
    return ("cy", "en") if language == "both" else (language,)


def _joined(key: str, parts: list[Message]) -> Message:
    blocks = tuple(block for part in parts for block in part.blocks)
    return Message(key, blocks, parts[0].lang, tuple(file for part in parts for file in part.files))


def _report_in(material: ReportMaterial, language: str) -> Message:
    words, facts = words_of(language), material.facts
    files: tuple[File, ...] = ()
    if facts.enough:
        table = report_csv(facts, material.framework, language, csv_words(words))
        files = (File(f"{_file_name(material, language)}.csv", "text/csv", table),)
    return Message("", report(material.partnership, material.cycle, material.framework, facts, words), language, files)


async def _picture_in(material: ReportMaterial, language: str, draw: Draw) -> Message:
    words, facts, framework = words_of(language), material.facts, material.framework
    png = await draw(dumbbell(material.partnership, material.cycle, framework, facts, words))
    picture = Picture(f"{_file_name(material, language)}.png", png, alt_text(framework, facts, words))
    return Message("", (picture,), language)


def _file_name(material: ReportMaterial, language: str) -> str:
    return f"partnership-report-{material.cycle.id}-{language}"
