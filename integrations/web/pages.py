"""The pages, and what is on them."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from sqlalchemy import Connection
from starlette.responses import HTMLResponse

from bot.inbound.events import Conversation
from bot.messages.languages import words_of
from bot.messages.references import Report, ReportPicture
from core.services import people
from integrations.web import reading
from integrations.web.chat import Chat, Sample

_FIELDS: Final = Markup('<input type="hidden" name="token" value="{}"><input type="hidden" name="where" value="{}">')


@dataclass(frozen=True, slots=True)
class Box:
    """The words around the box in which people write to the bot."""

    language: str
    label: str
    example: str
    send: str


_BOXES: Final[Mapping[str, Box]] = {
    "en": Box("en", "Your message", "Type a message, e.g. 3, back, note …", "Send"),
    "cy": Box("cy", "Eich neges", "Teipiwch neges, e.e. 3, yn ôl, nodyn …", "Anfon"),
}


@dataclass(frozen=True)
class Pages:
    environment: Environment

    def people(self, chat: Chat) -> HTMLResponse:
        return _page(self.environment.get_template("people.html").render(chat=chat, now=chat.clock()))

    async def chat(self, chat: Chat, me: Sample) -> HTMLResponse:
        token, now = secrets.token_urlsafe(12), chat.clock()
        places = (chat.direct(me.user), *((chat.channel,) if me.in_channel else ()))
        (direct, *others), ways, language = await chat.database.read(
            lambda connection: (
                [_column(connection, place, me.user, token, now) for place in places],
                chat.ways_forward(connection, now),
                _language(connection, chat, me),
            )
        )
        html = self.environment.get_template("chat.html").render(
            chat=chat,
            me=me,
            now=now,
            token=token,
            ways=ways,
            box=_BOXES[language],
            direct=direct,
            channel=next(iter(others), None),
            waiting=any(column.on_its_way for column in (direct, *others)),
        )
        return _page(html)

    def problem(self, status: int) -> HTMLResponse:
        return _page(self.environment.get_template("problem.html").render(problem=status), status)


def _language(connection: Connection, chat: Chat, me: Sample) -> str:
    """The language they have chosen for the conversation."""
    person = people.person_of(connection, chat.account(me.user))
    return person.language if person is not None and person.language in _BOXES else "en"


def _page(html: str, status: int = 200) -> HTMLResponse:
    return HTMLResponse(html, status, {"Cache-Control": "no-store"})


def pages() -> Pages:
    environment = Environment(
        loader=PackageLoader("integrations.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"day": words_of("en").day, "time": words_of("en").time}
    return Pages(environment)


@dataclass(frozen=True, slots=True)
class ChatColumn:
    """A conversation, as one person sees it."""

    messages: Sequence[reading.SeenMessage]
    latest: int | None
    """The message sent or changed last."""
    on_its_way: bool
    drawing: bool
    """What is on its way is a report, which takes a moment to draw."""


def _column(connection: Connection, place: Conversation, user: str, token: str, now: datetime) -> ChatColumn:
    messages = reading.messages(connection, place.id, user, _FIELDS.format(token, place.kind.value))
    waiting = reading.on_its_way(connection, place, user, now)
    return ChatColumn(
        messages,
        reading.latest(messages),
        bool(waiting),
        any(isinstance(each, Report | ReportPicture) for each in waiting),
    )
