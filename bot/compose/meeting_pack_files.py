"""The meeting pack as files: slides, a document to print, and the numbers."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.compose.report_message import Draw, number_files
from bot.messages import references
from bot.messages.blocks import File
from bot.messages.languages import words_of
from bot.wording.charts.by_name import drawing
from bot.wording.meeting_pack import meeting_pack
from bot.wording.report_material import ReportMaterial
from core.charts.pool import Picture
from core.pack.document import pack_document
from core.pack.material import PackMaterial, PackPicture
from core.pack.slides import pack_slides

PPTX: Final = "application/vnd.openxmlformats-officedocument.presentationml.presentation"


async def pack_files(material: ReportMaterial, language: str, draw: Draw, now: datetime) -> tuple[File, ...]:
    """All files of the pack in one language; the numbers only if there are any."""
    words = words_of(language)
    found = [drawing(name, material, words) for name in references.PICTURES]
    pictures = tuple(
        [
            PackPicture(each.picture.title, await draw(_bare(each.picture)), each.alt, each.picture.note)
            for each in found
            if each is not None
        ]
    )
    pack = meeting_pack(material, pictures, words)
    # Building them takes a good part of a second, too long to block the event loop.
    return await asyncio.to_thread(_made, material, language, pack, now)


def _bare(picture: Picture) -> Picture:
    """Without the text that its slide or page already shows above and below it."""
    return replace(picture, title="", note="")


def _made(material: ReportMaterial, language: str, pack: PackMaterial, now: datetime) -> tuple[File, ...]:
    name = f"meeting-pack-{material.cycle.id}-{language}"
    return (
        File(f"{name}.pptx", PPTX, pack_slides(pack, now)),
        File(f"{name}.pdf", "application/pdf", pack_document(pack, now)),
        *number_files(material, language, name),
    )
