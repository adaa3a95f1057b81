"""Fill the demo's database: its partnership, two finished cycles, and an open one with five of seven schools done.

The playable people have already talked with the bot: their part is played in real turns, each at its own time. The
other partnerships of their network are there too.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from importlib.resources import files
from typing import Final

from sqlalchemy import Connection

from core.partnership_file import read_partnership
from core.services import importing
from core.storage.frameworks import FrameworkShelf
from integrations.demo import neighbours
from integrations.demo.answers import played_cycles
from integrations.demo.clock import BEGINS
from integrations.demo.history import CLOSES, SET_UP, at, begun, finished
from integrations.demo.play import HandSetClock, Play
from integrations.demo.samples import CHANNEL, NEIGHBOURS, PARTNERSHIP_ID, SAMPLES
from integrations.runtime import House

_NEIGHBOURS_COME: Final = BEGINS - timedelta(minutes=30)


async def furnish(house: House, clock: HandSetClock) -> None:
    """Play everything up to the moment at which the demo begins. The house must be empty and use this clock."""
    play, shelf = Play(house, clock), house.shelf
    await house.database.write(lambda connection: _bring_in(connection, shelf))
    await play.open_it(*(sample.user for sample in SAMPLES if sample.user not in NEIGHBOURS))
    *past, current = played_cycles()
    for played in past:
        cycle = await house.database.write(partial(finished, shelf, PARTNERSHIP_ID, played))
        await play.through(cycle, played, at(played.meeting, CLOSES))
    cycle = await house.database.write(partial(begun, shelf, PARTNERSHIP_ID, current))
    await play.through(cycle, current, _NEIGHBOURS_COME)
    await house.database.write(lambda connection: neighbours.bring_in(connection, shelf))
    await play.open_it(*NEIGHBOURS)
    await play.until(BEGINS)


def _bring_in(connection: Connection, shelf: FrameworkShelf) -> None:
    source = files("integrations.demo").joinpath("partnership.yaml").read_bytes()
    importing.import_partnership(connection, shelf, read_partnership(source, [CHANNEL.platform]), SET_UP)
