"""Which term dates are missing for a cycle: its leads hear of it once, as soon as it is opened.

River's summer term ends on Wednesday 21 July 2027, and no later one was imported.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, update

from bot.compose.personal import tell
from bot.messages.blocks import Message
from bot.messages.plain_text import plain_text
from bot.messages.references import CycleDates
from core.services import cycles, people
from core.storage.database import Database
from core.storage.frameworks import FrameworkShelf
from core.storage.tables import Person
from tests.support.by_the_clock import River
from tests.support.days import CLOSES, london
from tests.support.partnership_files import SUMMER, river

YEAR = SUMMER.replace("]}", ", {name: Autumn, starts: 2027-09-02, ends: 2027-12-17}]}")
TODAY = london("2027-07-09 10:00")


@pytest.fixture
def partnership(database: Database) -> River:
    """The summer's cycle has been closed."""
    found = River(database)
    database.write_now(lambda connection: cycles.close_cycle(connection, found.cycle, CLOSES, None))
    return found


def opens(partnership: River, opens_at: str, closes_at: str, now: datetime = TODAY) -> int:
    def work(connection: Connection) -> int:
        times = london(closes_at), None, now
        shelf = FrameworkShelf()
        return cycles.open_cycle(connection, shelf, "river", "Autumn 2027", *times, opens_at=london(opens_at)).id

    return partnership.database.write_now(work)


async def heard(partnership: River, at: datetime = TODAY) -> list[tuple[str, CycleDates]]:
    await partnership.plan(at)
    return [(where, what) for where, what in partnership.put() if isinstance(what, CycleDates)]


def said(partnership: River, person: str, cycle: int) -> str | None:
    def work(connection: Connection) -> str | None:
        known = people.known(connection, person)
        blocks = tell(connection, FrameworkShelf(), CycleDates(cycle), known, TODAY)
        return None if blocks is None else plain_text(Message("dates", blocks, "en"))

    return partnership.database.read_now(work)


async def test_the_lead_hears_once_which_dates_are_missing_for_a_cycle_that_was_opened(partnership: River) -> None:
    cycle = opens(partnership, "2027-09-06 08:00", "2027-10-08 16:00")
    assert await heard(partnership) == [("with-lea", CycleDates(cycle))]
    assert await heard(partnership, TODAY + timedelta(minutes=1)) == []
    assert said(partnership, "lea", cycle) == (
        "River Partnership: Autumn 2027\n\nI don't have the term dates for Monday 6 September to Friday 8 October. "
        "Until I do, I treat ordinary weekdays as school days, except in the usual holidays, so leaders may hear from "
        "me while their school is closed. Please ask whoever looks after the bot to add them."
    )
    assert said(partnership, "ann", cycle) is None, "Ann is no lead"


async def test_a_lead_whose_cycle_was_opened_before_school_hours_hears_of_it_in_school_hours(
    partnership: River,
) -> None:
    early = london("2027-07-09 05:15")
    cycle = opens(partnership, "2027-09-06 08:00", "2027-10-08 16:00", early)
    assert await heard(partnership, early + timedelta(minutes=1)) == []
    assert await heard(partnership, TODAY) == [("with-lea", CycleDates(cycle))]


async def test_in_welsh(partnership: River) -> None:
    in_welsh = update(Person).filter_by(id="lea").values(language="cy")
    partnership.database.write_now(lambda connection: connection.execute(in_welsh))
    told = said(partnership, "lea", opens(partnership, "2027-09-06 08:00", "2027-10-08 16:00"))
    assert told is not None
    assert "Nid oes gen i ddyddiadau'r tymor ar gyfer dydd Llun 6 Medi – dydd Gwener 8 Hydref." in told


async def test_nothing_is_left_to_say_once_the_dates_are_imported(partnership: River) -> None:
    cycle = opens(partnership, "2027-09-06 08:00", "2027-10-08 16:00")
    partnership.bring(river(calendar=YEAR))
    assert said(partnership, "lea", cycle) is None


async def test_nobody_hears_of_a_cycle_whose_dates_are_known(partnership: River) -> None:
    opens(partnership, "2027-07-12 08:00", "2027-07-21 16:00")
    assert await heard(partnership) == []


@pytest.mark.parametrize(
    ("opens_at", "closes_at", "told"),
    [
        pytest.param("2027-07-20 08:00", "2027-07-21 16:00", "too short for a reminder", id="Tuesday to Wednesday"),
        pytest.param("2027-08-02 08:00", "2027-08-20 16:00", "no school day before it closes", id="in August"),
    ],
)
async def test_a_cycle_without_a_day_for_a_reminder_is_warned_of(
    partnership: River, opens_at: str, closes_at: str, told: str
) -> None:
    cycle = opens(partnership, opens_at, closes_at)
    assert await heard(partnership) == [("with-lea", CycleDates(cycle))]
    assert told in str(said(partnership, "lea", cycle))
