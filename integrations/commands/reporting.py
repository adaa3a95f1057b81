"""``report`` and ``meeting-pack``: write them for the last closed cycle, as files."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from bot.compose.meeting_pack_files import pack_files
from bot.compose.report_message import Draw, material_of, picture_message, report_message
from bot.messages import references
from bot.messages.blocks import Message, Picture
from bot.messages.plain_text import plain_text
from bot.wording.report_material import ReportMaterial
from core.charts.pool import ChartPool
from core.services import cycles, report_snapshots
from core.storage.frameworks import FrameworkShelf
from integrations.commands.environment import database_of_settings, partnership
from integrations.commands.output import CannotBeDone, say
from integrations.real_time import real_time


def report(partnership_id: str, folder: Path, language: str | None) -> None:
    material, own_language = _of_last_closed(partnership_id)
    with closing(ChartPool()) as charts:
        whole = asyncio.run(_whole(material, language or own_language, charts.draw))
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in _files(whole, f"partnership-report-{material.cycle.id}"):
        (folder / name).write_bytes(content)
        say(str(folder / name))


def meeting_pack(partnership_id: str, folder: Path, language: str | None) -> None:
    material, own_language = _of_last_closed(partnership_id)
    wanted = language or own_language
    languages = ("cy", "en") if wanted == "both" else (wanted,)
    with closing(ChartPool()) as charts:
        made = [asyncio.run(pack_files(material, each, charts.draw, real_time())) for each in languages]
    folder.mkdir(parents=True, exist_ok=True)
    for file in (file for files in made for file in files):
        (folder / file.name).write_bytes(file.content)
        say(str(folder / file.name))


def _of_last_closed(partnership_id: str) -> tuple[ReportMaterial, str]:
    """The last closed cycle, with the partnership's language. Raises ``CannotBeDone``."""
    with database_of_settings() as database:
        return database.write_now(lambda connection: _material(connection, partnership_id, real_time()))


def _material(connection: Connection, partnership_id: str, now: datetime) -> tuple[ReportMaterial, str]:
    name, language, _ = partnership(connection, partnership_id)
    closed = cycles.last_closed(connection, partnership_id, now)
    if closed is None:
        raise CannotBeDone(f"No cycle of {name} has closed yet, so there is no report.")
    shelf = FrameworkShelf()
    found = material_of(connection, shelf, report_snapshots.freeze(connection, shelf, closed.id, now).id, now)
    assert found is not None, "it was frozen in this transaction"
    return found, language


async def _whole(material: ReportMaterial, language: str, draw: Draw) -> Message:
    """The report and its pictures as one message."""
    what = references.Report(0, language, "" if material.area is None else material.area.id)
    message = await report_message(material, what, "report", draw)
    pictures = [await picture_message(material, each, "picture", draw) for each in references.pictures_of(what)]
    return replace(message, blocks=(*message.blocks, *(block for each in pictures if each for block in each.blocks)))


def _files(message: Message, name: str) -> Iterator[tuple[str, bytes]]:
    for block in message.blocks:
        if isinstance(block, Picture):
            yield block.file_name, block.png
    for file in message.files:
        yield file.name, file.content
    yield f"{name}.txt", f"{plain_text(message)}\n".encode()
