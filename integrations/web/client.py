"""The browser chat as a platform: messages are stored in our own database, where the pages find them."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from bot.inbound.events import Conversation
from bot.messages.blocks import Message
from bot.messages.languages import SLASH
from bot.platform import Unreachable, Way
from core.storage import tables
from core.storage.database import Database
from integrations.web.render import Attached, Fragment, mark, render

PLATFORM: Final = "web"
BOT: Final = ""
"""The author of the bot's messages. People's messages have their user name there, which is never empty."""

_message = tables.BrowserMessage.__table__
_file = tables.BrowserFile.__table__

_OF_KEY = (
    _message.c.conversation == bindparam("there"),
    _message.c.author == BOT,
    _message.c.body.startswith(bindparam("mark")),
)
_POST = insert(_message).returning(_message.c.id)
_DROP_EARLIER = delete(_message).where(*_OF_KEY, _message.c.visible_to.is_not_distinct_from(bindparam("user")))
_EDIT = (
    update(_message)
    .where(_message.c.id == bindparam("this"), _message.c.conversation == bindparam("there"))
    .values(body=bindparam("new"), edited_at=bindparam("at", type_=_message.c.edited_at.type))
)
_IS_THERE = select(_message.c.id).where(
    _message.c.id == bindparam("this"), _message.c.conversation == bindparam("there")
)
_DROP_FILES = delete(_file).where(_file.c.message_id == bindparam("this"))
_ATTACH = insert(_file)
_FIND = select(_message.c.id).where(*_OF_KEY, _message.c.visible_to.is_(None)).order_by(_message.c.id.desc()).limit(1)


class BrowserChat:
    """A message posted anew replaces the one with its key, as if it had moved to the bottom."""

    name = PLATFORM
    calls = SLASH

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    def lines(self, conversation: Conversation, way: Way) -> tuple[()]:  # noqa: ARG002 - there is no limit
        return ()

    async def ready(self, conversation: Conversation) -> None:
        """Nothing has to be opened."""

    async def post(self, conversation: Conversation, message: Message, thread: str | None = None) -> str:
        return str(await self._post(conversation, None, message, None if thread is None else int(thread)))

    async def private(self, conversation: Conversation, user: str, message: Message) -> bool:
        await self._post(conversation, user, message)
        return True

    async def edit(self, conversation: Conversation, message_id: str, message: Message) -> None:
        fragment, number = _rendered(message), int(message_id)
        bound = {"this": number, "there": conversation.id, "new": str(fragment.html), "at": self._clock()}

        def work(connection: Connection) -> bool:
            connection.execute(_DROP_FILES, {"this": number})
            changed = connection.execute(_EDIT, bound).rowcount
            if changed:
                _attach(connection, number, fragment.attached)
            return changed == 1

        if not await self._database.write(work):
            raise Unreachable("That message is no longer there.")

    async def find(
        self,
        conversation: Conversation,
        key: str,
        thread: str | None = None,  # noqa: ARG002 - a key is found in any thread
    ) -> str | None:
        bound = {"there": conversation.id, "mark": str(mark(key))}
        found = await self._database.read(lambda connection: connection.scalar(_FIND, bound))
        return None if found is None else str(found)

    async def _post(
        self, conversation: Conversation, only_to: str | None, message: Message, thread: int | None = None
    ) -> int:
        fragment, now = _rendered(message), self._clock()
        earlier = {"there": conversation.id, "mark": str(mark(message.key)), "user": only_to}

        def work(connection: Connection) -> int:
            connection.execute(_DROP_EARLIER, earlier)
            if thread is not None and connection.scalar(_IS_THERE, {"this": thread, "there": conversation.id}) is None:
                raise Unreachable("That message is no longer there.")
            number = keep(connection, conversation.id, BOT, str(fragment.html), now, only_to=only_to, thread=thread)
            _attach(connection, number, fragment.attached)
            return number

        return await self._database.write(work)


def keep(  # noqa: PLR0913 - the columns of the row
    connection: Connection,
    conversation: str,
    author: str,
    body: str,
    now: datetime,
    *,
    only_to: str | None = None,
    thread: int | None = None,
) -> int:
    """Store a message, and return its number. ``body`` is HTML if the author is ``BOT``, otherwise plain text."""
    values = {
        "conversation": conversation,
        "visible_to": only_to,
        "thread": thread,
        "author": author,
        "body": body,
        "sent_at": now,
        "edited_at": None,
    }
    return int(connection.execute(_POST, values).scalar_one())


def _rendered(message: Message) -> Fragment:
    return render(message, lambda: secrets.token_urlsafe(16))


def _attach(connection: Connection, message: int, files: tuple[Attached, ...]) -> None:
    for file in files:
        connection.execute(
            _ATTACH,
            {
                "id": file.id,
                "message_id": message,
                "name": file.name,
                "media_type": file.media_type,
                "content": file.content,
            },
        )
