"""What a database says to whoever looks at it: the answer to each button, the message and the figures of each row."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, RowMapping, func, select

from bot.inbound.events import Account, Conversation, Incoming, pressed
from bot.messages.blocks import Message
from bot.messages.plain_text import plain_text
from bot.turn.handle import turn
from core.storage.frameworks import FrameworkShelf
from core.storage.outbox import OutboxItem
from core.storage.tables import Outbox
from tests.support.earlier_databases import Figures
from tests.support.live_world import LiveWorld

TYPED_BESIDE: Final = "12 June"
"""What is written into the box of a button that has one."""
outbox = Outbox.__table__
_NUMBER: Final = re.compile(r"[≤≥]? ?[+−-]?\d+(\.\d+)?")
_IN_WORDS: Final = re.compile(r"\d+(?:\.\d+)?")
_FIGURES_IN_WORDS: Final = "network-totals"
"""The one message whose figures stand in no file."""


@dataclass(frozen=True, slots=True)
class Put:
    """A message that was put into the outbox."""

    prompt: str
    """As it is stored."""
    person: str | None

    @property
    def kind(self) -> str:
        return kind_of(self.prompt)


def press(
    connection: Connection, shelf: FrameworkShelf, who: Account, where: Conversation, carries: str, now: datetime
) -> tuple[Put, ...]:
    """What pressing this button puts into the outbox. Nothing is committed."""
    last = connection.scalar(select(func.max(outbox.c.id)))
    turn(connection, shelf, Incoming("pressed", now, who, where, pressed(carries, {"text": TYPED_BESIDE})), now)
    put = select(outbox.c.prompt, outbox.c.person_id).where(outbox.c.id > last).order_by(outbox.c.id)
    return tuple(Put(*row) for row in connection.execute(put))


def kind_of(stored: str) -> str:
    """``card``, or of a short reply its name too: ``line paused``."""
    message = json.loads(stored)
    kind: str = message["what"]
    return f"{kind} {message['name']}" if kind == "line" else kind


@dataclass(frozen=True, slots=True)
class Told:
    kind: str
    message: Message | None
    """None where nothing is left to say."""
    snapshot: int | None = None
    """The one that it is about."""


async def messages(world: LiveWorld, among: Collection[int] | None = None) -> dict[int, Told]:
    """The message of each row of the outbox, or of each among these, as things stand now."""
    wanted = select(outbox) if among is None else select(outbox).where(outbox.c.id.in_(among))
    rows = world.database.read_now(lambda connection: connection.execute(wanted).mappings().all())
    made: dict[tuple[object, ...], Message | None] = {}
    for row in rows:
        if (same := _same(row)) not in made:
            made[same] = await world.composer(_item(row))
    return {
        row["id"]: Told(kind_of(row["prompt"]), made[_same(row)], json.loads(row["prompt"]).get("snapshot"))
        for row in rows
    }


def _same(row: RowMapping) -> tuple[object, ...]:
    """What tells a message apart; files take long to make, and nothing but these depends on the row they are for."""
    with_files = kind_of(row["prompt"]) in {"report", "own-report", "meeting-pack"}
    return (row["prompt"], row["person_id"]) if with_files else (row["id"],)


def _item(row: RowMapping) -> OutboxItem:
    same = ("id", "platform", "tenant", "conversation", "kind", "private_to", "key", "prompt", "manner", "attempts")
    return OutboxItem(**{name: row[name] for name in same}, person=row["person_id"])


def figures(told: Mapping[int, Told], *, but_of: Collection[int] = ()) -> dict[str, Figures]:
    """The numbers of each table that comes with a message, row by row; of a network's totals those in its words.

    ``but_of`` lists snapshots that are left out.
    """
    return {
        f"{number}.{place}": rows
        for number, each in told.items()
        if each.message is not None and each.snapshot not in but_of
        for place, rows in enumerate(figures_in(each.message, each.kind), start=1)
    }


def figures_in(message: Message, kind: str = "") -> Iterator[Figures]:
    if kind == _FIGURES_IN_WORDS:
        yield [sorted(_IN_WORDS.findall(plain_text(message)))]
    for file in message.files:
        if file.media_type == "text/csv":
            rows = csv.reader(io.StringIO(file.content.decode("utf-8-sig")))
            yield [[cell for cell in row if _NUMBER.fullmatch(cell)] for row in rows]
