"""What a person sees: the messages of a conversation, what is still on its way, and the files that belong to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from markupsafe import Markup, escape
from sqlalchemy import Connection, and_, bindparam, or_, select

from bot.inbound.events import Conversation
from bot.messages import references
from core.storage import tables
from integrations.web.client import BOT
from integrations.web.render import ONCE, Attached

_message = tables.BrowserMessage.__table__
_file = tables.BrowserFile.__table__
_outbox = tables.Outbox.__table__

MOST: Final = 200
"""Messages shown per conversation, the latest ones."""

_VISIBLE = or_(_message.c.visible_to.is_(None), _message.c.visible_to == bindparam("user"))
_LATEST = (
    select(_message)
    .where(_message.c.conversation == bindparam("conversation"), _VISIBLE)
    .order_by(_message.c.id.desc())
    .limit(MOST)
)
_FILE = (
    select(_file.c.id, _file.c.name, _file.c.media_type, _file.c.content)
    .join(_message, _message.c.id == _file.c.message_id)
    .where(
        _file.c.id == bindparam("file"),
        _message.c.conversation.in_(bindparam("conversations", expanding=True)),
        _VISIBLE,
    )
)
_NOW = bindparam("now", type_=_outbox.c.due_at.type)
_ON_ITS_WAY = (
    select(_outbox.c.prompt)
    .where(
        _outbox.c.platform == bindparam("platform"),
        _outbox.c.tenant == bindparam("tenant"),
        _outbox.c.conversation == bindparam("conversation"),
        or_(_outbox.c.private_to.is_(None), _outbox.c.private_to == bindparam("user")),
        or_(_outbox.c.state == "claimed", and_(_outbox.c.state == "waiting", _outbox.c.due_at <= _NOW)),
    )
    .order_by(_outbox.c.id)
)


@dataclass(frozen=True, slots=True)
class SeenMessage:
    """A message in a conversation, as its reader sees it."""

    id: int
    author: str
    """A user name; ``BOT`` for the bot."""
    only_you: bool
    html: Markup
    sent_at: datetime
    changed_at: datetime
    in_thread: bool
    """It belongs to the thread of the message above it."""

    @property
    def by_bot(self) -> bool:
        return self.author == BOT


def messages(connection: Connection, conversation: str, user: str, fields: Markup) -> Sequence[SeenMessage]:
    """What this user may see of a conversation, in order, each thread below the message that started it.

    ``fields`` are added to each message's form.
    """
    rows = connection.execute(_LATEST, {"conversation": conversation, "user": user}).all()
    return [
        SeenMessage(
            id=row.id,
            author=row.author,
            only_you=row.visible_to is not None,
            html=Markup(row.body).replace(ONCE, fields) if row.author == BOT else escape(row.body),
            sent_at=row.sent_at,
            changed_at=row.edited_at or row.sent_at,
            in_thread=row.thread is not None,
        )
        for row in sorted(rows, key=lambda row: (row.thread or row.id, row.id))
    ]


def latest(shown: Sequence[SeenMessage]) -> int | None:
    """The message sent or changed last, ignoring later replies in its thread."""
    own = [each for each in shown if not each.in_thread]
    return max(own, key=lambda each: (each.changed_at, each.id)).id if own else None


def on_its_way(
    connection: Connection, where: Conversation, user: str, now: datetime
) -> Sequence[references.MessageReference]:
    """What the bot is about to send to this user here."""
    bound: Mapping[str, object] = {
        "platform": where.platform,
        "tenant": where.tenant,
        "conversation": where.id,
        "user": user,
        "now": now,
    }
    return [references.from_json(prompt) for prompt in connection.scalars(_ON_ITS_WAY, bound)]


def file(connection: Connection, conversations: Sequence[str], user: str, file_id: str) -> Attached | None:
    """A file of a message that this user may see in one of these conversations."""
    bound = {"file": file_id, "conversations": list(conversations), "user": user}
    row = connection.execute(_FILE, bound).first()
    return None if row is None else Attached(row.id, row.name, row.media_type, row.content)
