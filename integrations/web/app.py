"""The URLs of the browser chat: choose who to be, talk with the bot, watch the channel, move the clock.

Anybody who opens it can be anybody in it, so it is only for the demo, on one computer.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import RedirectResponse, Response
from starlette.staticfiles import StaticFiles

from bot.inbound.events import Kind
from integrations.web import reading
from integrations.web.chat import Chat, Sample
from integrations.web.forms import incoming, sent
from integrations.web.pages import Pages

_FILE_HEADERS: Final = {
    "Cache-Control": "private, max-age=31536000, immutable",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
}
_SHOWN_IN_PLACE: Final = frozenset({"image/png"})
"""The browser saves everything else as a file."""


def static_files() -> StaticFiles:
    return StaticFiles(directory=Path(__file__).parent / "static")


def routes(chat: Chat, pages: Pages) -> APIRouter:
    router = APIRouter()

    @router.get("/")
    async def people() -> Response:
        return pages.people(chat)

    @router.get("/as/{user}/")
    async def conversation(user: str) -> Response:
        return await pages.chat(chat, _sample(chat, user))

    @router.post("/as/{user}/")
    async def say(user: str, request: Request) -> Response:
        return await _say(chat, _sample(chat, user), request)

    @router.post("/as/{user}/clock")
    async def clock(user: str, request: Request) -> Response:
        sample, form = _sample(chat, user), await sent(request)
        await chat.forward(sample.user, form.token, form.forward)
        return _back_to(user, "latest")

    @router.get("/as/{user}/files/{file_id}")
    async def file(user: str, file_id: str) -> Response:
        return await _file(chat, _sample(chat, user), file_id)

    return router


def _sample(chat: Chat, user: str) -> Sample:
    if user not in chat.samples:
        raise HTTPException(404)
    return chat.samples[user]


async def _say(chat: Chat, sample: Sample, request: Request) -> Response:
    form = await sent(request)
    done = incoming(form, chat, sample, chat.clock())
    if done is None:
        return _back_to(sample.user, "latest")
    await chat.meet(done, form.own_words)
    return _back_to(sample.user, "channel" if done.conversation.kind is Kind.CHANNEL else "latest")


def _back_to(user: str, place: str) -> RedirectResponse:
    return RedirectResponse(f"/as/{user}/#{place}", 303)


async def _file(chat: Chat, sample: Sample, file_id: str) -> Response:
    places = [chat.direct(sample.user).id, *([chat.channel.id] if sample.in_channel else [])]
    found = await chat.database.read(lambda connection: reading.file(connection, places, sample.user, file_id))
    if found is None:
        raise HTTPException(404)
    in_place = found.media_type in _SHOWN_IN_PLACE
    headers = _FILE_HEADERS | {"Content-Disposition": "inline" if in_place else "attachment"}
    return Response(found.content, media_type=found.media_type, headers=headers)
