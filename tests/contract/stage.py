"""Where the scenarios are played: Willow Valley on one chat platform, with a cycle that four schools have submitted."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib.resources import files

from sqlalchemy import Connection, func, select

from core.framework_file import default_framework
from core.partnership_file import read_partnership
from core.services import answering, cycles, importing
from core.storage import tables
from core.storage.database import Database
from core.storage.frameworks import FrameworkShelf
from integrations.demo.answers import PlayedCycle, played_cycles
from tests.support.days import CLOSES, NOW, OPENS

PARTNERSHIP = CHANNEL = "willow-valley"


@dataclass
class Clock:
    """A press takes a few seconds."""

    now: datetime = field(default=NOW)

    def later(self, by: timedelta = timedelta(seconds=5)) -> None:
        self.now += by

    def __call__(self) -> datetime:
        return self.now


def set_up(url: str, platform: str, tenant: str) -> None:
    """Everybody's account is named like the person, and so is the channel like the partnership."""
    database = Database(url)
    database.upgrade()
    database.write_now(lambda connection: _bring_in(connection, platform, tenant))
    database.close()


def _bring_in(connection: Connection, platform: str, tenant: str) -> None:
    written = files("integrations.demo").joinpath("partnership.yaml").read_text(encoding="utf-8")
    here = written.replace("platform: web, tenant: demo", f"platform: {platform}, tenant: {tenant}")
    shelf, played = FrameworkShelf(), played_cycles()[-1]
    importing.import_partnership(connection, shelf, read_partnership(here.encode(), [platform]), OPENS)
    cycle = cycles.open_cycle(connection, shelf, PARTNERSHIP, "Summer 2027", CLOSES, None, OPENS).id
    _answer(connection, cycle, played)


def _answer(connection: Connection, cycle: int, played: PlayedCycle) -> None:
    for given in played.answers:
        if given.in_chat is None:
            answering.begin_response(connection, given.person, cycle, given.school, OPENS)
            response = connection.scalars(select(tables.Response.id).filter_by(person_id=given.person)).one()
            for row, level in given.rows(default_framework()):
                answering.save_answer(connection, response, row, level, None, OPENS)
            answering.submit(connection, response, OPENS)


def rows_of(reading: Connection) -> dict[str, int]:
    """How many rows each table has."""
    every = tables.Base.metadata.sorted_tables
    return {each.name: reading.execute(select(func.count()).select_from(each)).scalar_one() for each in every}
