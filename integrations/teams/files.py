"""Pictures and files in messages: Teams shows a picture from a URL, and accepts no files from bots in channels.

Each has an unguessable URL at this installation for a while; an erased person's files are gone at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import quote

from fastapi import APIRouter, Request
from starlette.responses import PlainTextResponse, Response

from bot.inbound.events import Conversation, Kind
from bot.messages.blocks import File
from core.services import shared_files
from core.services.shared_files import SharedFile
from core.storage.database import Database
from core.storage.outbox import Place
from integrations.teams.words import FILE_OVER

PATH: Final = "/teams/files"
KEPT_FOR: Final = timedelta(days=90)
"""People look at a report until the next one comes, and likewise at the pictures of a school's own."""
ALONE_KEPT_FOR: Final = timedelta(days=1)
"""A file for one person only is fetched at once."""
_PICTURE: Final = "image/png"
_LONGEST_KEY: Final = 200
_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}


@dataclass(frozen=True, slots=True)
class Files:
    """``public_url`` is where Teams reaches this installation, without a trailing slash."""

    database: Database
    public_url: str
    clock: Callable[[], datetime]

    async def address_of(self, conversation: Conversation, key: str, file: File) -> str:
        """A URL from which a file of the message with this key can now be fetched."""
        place = Place(conversation.platform, conversation.tenant, conversation.id)
        shared = SharedFile(file.name, file.media_type, file.content)
        for_a_while = conversation.kind is Kind.DIRECT and file.media_type != _PICTURE
        until = self.clock() + (ALONE_KEPT_FOR if for_a_while else KEPT_FOR)
        token = await self.database.write(lambda writing: shared_files.share(writing, place, key, shared, until))
        return f"{self.public_url}{PATH}/{quote(file.name, safe='')}?key={token}"


def file_routes(database: Database, clock: Callable[[], datetime]) -> APIRouter:
    router = APIRouter()

    @router.api_route(PATH + "/{name}", methods=["GET", "HEAD"])
    async def fetch(name: str, request: Request) -> Response:
        key = request.query_params.get("key", "")[:_LONGEST_KEY]
        found = await database.read(lambda reading: shared_files.fetch(reading, key, clock()))
        if found is None or found.name != name:
            return PlainTextResponse(FILE_OVER, 404, _HEADERS)
        shown = "inline" if found.media_type == _PICTURE else f"attachment; filename*=UTF-8''{quote(found.name)}"
        return Response(found.content, headers=_HEADERS | {"Content-Disposition": shown}, media_type=found.media_type)

    return router
