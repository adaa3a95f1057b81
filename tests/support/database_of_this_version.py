"""Record a database of this version: ``python -m tests.support.database_of_this_version NAME``.

It plays the story on an empty database, and keeps what is stored then, what this version answers to each button and the
figures that it tells. Run it once for a version, and never change what it wrote: later versions are held to it.
"""

from __future__ import annotations

import asyncio
import random
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from sqlalchemy import Connection, select

from bot.inbound.events import Account, Conversation
from core.storage.migrations import newest
from core.storage.tables import Account as Accounts
from tests.support import earlier_databases
from tests.support.earlier_databases import EarlierDatabase, Pressed, ToldReport, rows_of
from tests.support.live_world import LiveWorld, direct, living
from tests.support.observing import figures, messages, press
from tests.support.recorded_people import CHANNEL, LEA, MAB, MILL_CHANNEL, TEAMS_CHANNEL
from tests.support.recorded_samples import every_button, kinds_missing, short_replies_missing
from tests.support.recorded_story import BEGINS, play
from tests.support.world import pressable

_SEED: Final = 10


async def record(name: str) -> EarlierDatabase:
    """Raises ``SystemExit`` where the story leaves out what this version has."""
    if missing := sorted((*(kind.__name__ for kind in kinds_missing()), *short_replies_missing())):
        raise SystemExit(f"tests/support/recorded_samples.py needs one of each of these: {', '.join(missing)}")
    random.seed(_SEED)  # Notes and actions are numbered at random.
    with TemporaryDirectory() as folder:
        async with living(f"sqlite:///{Path(folder) / 'story.db'}", BEGINS) as world:
            told = await play(world)
            return await _recorded(name, world, told)


async def _recorded(name: str, world: LiveWorld, told: Mapping[int, ToldReport]) -> EarlierDatabase:
    rows = world.database.read_now(rows_of)
    if empty := sorted(table for table, kept in rows.items() if not kept):
        raise SystemExit(f"tests/support/recorded_story.py has to put something into: {', '.join(empty)}")
    said = await messages(world)
    recorded = EarlierDatabase(
        name=name,
        revision=newest(),
        now=world.now,
        rows=rows,
        pressed=tuple(_pressed(world)),
        silent=frozenset(number for number, each in said.items() if each.message is None),
        figures={},
        told=told,
    )
    return replace(recorded, figures=figures(said, but_of=recorded.told_when_posted))


def _pressed(world: LiveWorld) -> Iterator[Pressed]:
    with world.database.engine.connect() as connection:
        buttons = dict.fromkeys((*_standing(world, connection), *_samples(connection)))
        connection.rollback()
        for who, where, carries in buttons:
            with connection.begin() as transaction:
                put = press(connection, world.shelf, who, where, carries, world.now)
                transaction.rollback()
            yield Pressed(who, where, carries, tuple(each.kind for each in put))


Button = tuple[Account, Conversation, str]


def _samples(connection: Connection) -> Iterator[Button]:
    for who, carries in every_button(connection):
        yield who, direct(who), carries


def _standing(world: LiveWorld, connection: Connection) -> Iterator[Button]:
    """Every button that stands in a conversation at the end, with somebody who can press it there."""
    known = connection.execute(select(Accounts.platform, Accounts.tenant, Accounts.user)).all()
    readers = {direct(who): who for who in (Account(*each) for each in known)} | {
        CHANNEL: LEA,
        TEAMS_CHANNEL: LEA,
        MILL_CHANNEL: MAB,
    }
    for where, who in readers.items():
        for message in world.messages(where):
            yield from ((who, where, each.action) for each in pressable(message.blocks))
    for who, where, message in world.for_one_alone():
        yield from ((who, where, each.action) for each in pressable(message.blocks))


if __name__ == "__main__":
    earlier_databases.write(asyncio.run(record(sys.argv[1])))
