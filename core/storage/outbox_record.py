"""What the outbox records of messages: which were sent to whom, and where they stand now."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, and_, bindparam, select

from core.storage import tables
from core.storage.outbox import HERE, Place, outbox, posted
from core.storage.prepared import Prepared

_account = tables.Account.__table__


class Told(NamedTuple):
    """A message that somebody was sent."""

    place: Place
    kind: str
    private_to: str | None
    person: str
    key: str
    prompt: str
    due_at: datetime


_ITS_MESSAGE = and_(
    posted.c.platform == outbox.c.platform,
    posted.c.tenant == outbox.c.tenant,
    posted.c.conversation == outbox.c.conversation,
    posted.c.key == outbox.c.key,
)
_LAST_SAID = (
    select(outbox.c.platform, outbox.c.tenant, outbox.c.conversation, outbox.c.prompt, outbox.c.manner)
    .where(outbox.c.person_id == bindparam("person"), outbox.c.state != "dead")
    .order_by(outbox.c.id.desc())
    .limit(bindparam("most"))
)
_SHOWN_AS = Prepared(
    select(outbox.c.person_id, outbox.c.key, outbox.c.prompt)
    .join(_account, _account.c.person_id == outbox.c.person_id)
    .join(posted, _ITS_MESSAGE)
    .where(
        _account.c.platform == bindparam("platform"),
        _account.c.tenant == bindparam("tenant"),
        _account.c.user == bindparam("user"),
        HERE,
        posted.c.message_id == bindparam("message"),
    )
    .order_by(outbox.c.id.desc())
    .limit(1)
)
_KEY_OF_STANDING = Prepared(
    select(outbox.c.key)
    .join(posted, _ITS_MESSAGE)
    .where(HERE, outbox.c.person_id == bindparam("person"), outbox.c.prompt == bindparam("prompt"))
    .order_by(outbox.c.id.desc())
    .limit(1)
)
_TOLD = (
    select(*(outbox.c[name] for name in (*Place._fields, "kind", "private_to", "person_id", "key", "prompt", "due_at")))
    .where(
        outbox.c.person_id.in_(bindparam("people", expanding=True)),
        outbox.c.manner == "below",
        outbox.c.prompt.startswith(bindparam("prefix"), escape="/"),
    )
    .order_by(outbox.c.id)
)
_OF_ONCE = (
    select(outbox.c.key, outbox.c.state)
    .where(outbox.c.manner == "once", outbox.c.key.startswith(bindparam("prefix"), escape="/"))
    .order_by(outbox.c.id)
)


def of_once(connection: Connection, prefix: str) -> list[tuple[str, str]]:
    """The key and state of each ``once`` whose key has this prefix, in the order in which they were enqueued."""
    return [(key, state) for key, state in connection.execute(_OF_ONCE, {"prefix": literally(prefix)})]


def literally(text: str) -> str:
    """The text in a LIKE pattern whose escape character is the slash."""
    return re.sub("([/%_])", "/\\1", text)


def last_said(connection: Connection, person: str, most: int) -> list[tuple[Place, str, str]]:
    """The last messages to this person in all their conversations, latest first: place, prompt and manner."""
    rows = connection.execute(_LAST_SAID, {"person": person, "most": most})
    return [(Place(*where), prompt, manner) for *where, prompt, manner in rows]


def told(connection: Connection, people: Collection[str], prefix: str) -> list[Told]:
    """What these people were sent whose prompt begins so, in the order in which it was enqueued."""
    rows = connection.execute(_TOLD, {"people": list(people), "prefix": literally(prefix)})
    return [Told(Place(*row[:3]), *row[3:]) for row in rows]


def shown_as(connection: Connection, place: Place, user: str, message_id: str) -> tuple[str, str, str] | None:
    """The person, key and prompt behind a message sent to this account.

    If it has been enqueued again since, the latest.
    """
    row = _SHOWN_AS.first(connection, {**place._asdict(), "user": user, "message": message_id})
    return None if row is None else (row["person_id"], row["key"], row["prompt"])


def key_of_standing(connection: Connection, place: Place, person: str, prompt: str) -> str | None:
    """The key under which this was last posted to this person here; None if it was not, or long ago."""
    row = _KEY_OF_STANDING.first(connection, {**place._asdict(), "person": person, "prompt": prompt})
    return None if row is None else row["key"]
