"""Whether to move towards open: a leader of each school is asked after each close, once, in school hours.

River's cycle closes on Thursday 8 July at four; the school day after is Friday.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.messages.references_partnership import AskVisibility, NotAsWished
from core.enquiry import Visibility
from core.services import cycles, visibility_due
from core.services import visibility as consents
from core.storage.database import Database
from core.storage.frameworks import FrameworkShelf
from core.storage.tables import Account, Cycle, Membership
from tests.support.by_the_clock import LEADERS, River
from tests.support.days import CLOSES, auckland
from tests.support.days import london as at
from tests.support.partnership_files import river

SCHOOLS = ("alder", "birch", "cedar", "damson")
ASKED_AT = at("2027-07-09 15:45")
YEAR = (
    "{terms: [{name: Summer, starts: 2027-04-12, ends: 2027-07-21}, {name: Autumn, starts: 2027-09-02, "
    "ends: 2027-12-17}]}"
)


@pytest.fixture
def partnership(database: Database) -> River:
    """The cycle has just been closed."""
    found = River(database)
    found.bring(river(calendar=YEAR))
    asyncio.run(found.plan(CLOSES))
    found.put()
    return found


def asked(*schools: str) -> list[tuple[str, object]]:
    people = dict(zip(SCHOOLS, LEADERS, strict=True))
    return [(f"with-{people[school]}", AskVisibility("river", school)) for school in schools]


def say(partnership: River, school: str, yes: bool = True) -> None:
    person = dict(zip(SCHOOLS, LEADERS, strict=True))[school]
    partnership.database.write_now(
        lambda connection: consents.say(connection, "river", school, Visibility.OPEN, yes, person, CLOSES)
    )


def open_next(partnership: River) -> int:
    opens, closes = at("2027-09-13 08:00"), at("2027-10-22 16:00")
    return partnership.database.write_now(
        lambda connection: (
            cycles.open_cycle(connection, FrameworkShelf(), "river", "Autumn", closes, None, opens, opens_at=opens).id
        )
    )


async def test_a_leader_of_each_school_is_asked_the_school_day_after_the_close_and_once(partnership: River) -> None:
    await partnership.plan(ASKED_AT - timedelta(minutes=1))
    assert partnership.put() == []
    await partnership.plan(ASKED_AT)
    assert partnership.put() == asked(*SCHOOLS)
    for days in (0, 3, 60):
        await partnership.plan(ASKED_AT + timedelta(days=days, minutes=1))
    assert partnership.put() == []


async def test_after_a_close_just_after_midnight_they_are_asked_the_school_day_after(database: Database) -> None:
    """In summer that is still the day before in UTC."""
    partnership, closed_at = River(database), at("2027-07-08 00:30")
    partnership.bring(river(calendar=YEAR))
    database.write_now(lambda connection: cycles.close_cycle(connection, partnership.cycle, closed_at, by="lea"))
    await partnership.plan(at("2027-07-08 15:45"))
    assert partnership.put() == []
    await partnership.plan(ASKED_AT)
    assert partnership.put() == asked(*SCHOOLS)


async def test_of_several_leaders_the_one_who_submitted_is_asked(database: Database) -> None:
    partnership = River(database)
    partnership.bring(
        river(calendar=YEAR, schools={"alder": ["ann", "ben"], "birch": ["cat", "dan"], "cedar": [], "damson": []})
    )
    partnership.submits("alder", "ben")
    await partnership.plan(CLOSES)
    partnership.put()
    await partnership.plan(ASKED_AT)
    assert partnership.put() == [
        ("with-ben", AskVisibility("river", "alder")),
        ("with-cat", AskVisibility("river", "birch")),
    ]


async def test_who_has_agreed_is_not_asked_again_and_who_said_no_is_after_the_next_close(partnership: River) -> None:
    say(partnership, "alder")
    say(partnership, "birch", yes=False)
    await partnership.plan(ASKED_AT)
    assert partnership.put() == asked("birch", "cedar", "damson")
    open_next(partnership)
    await partnership.plan(at("2027-10-22 16:00"))
    partnership.put()
    await partnership.plan(at("2027-10-25 15:45"))
    assert partnership.put() == asked("birch", "cedar", "damson")


@pytest.mark.parametrize(
    "when",
    [
        pytest.param(at("2027-07-09 18:00"), id="in the evening"),
        pytest.param(at("2027-07-10 15:45"), id="at the weekend"),
        pytest.param(at("2027-07-26 15:45"), id="in the holidays"),
    ],
)
async def test_nobody_is_asked_outside_school_hours(partnership: River, when: object) -> None:
    await partnership.plan(when)  # type: ignore[arg-type]
    assert partnership.put() == []


async def test_nobody_is_asked_while_a_cycle_is_open(partnership: River) -> None:
    open_next(partnership)
    await partnership.plan(at("2027-09-14 15:45"))
    assert [what for _, what in partnership.put() if isinstance(what, AskVisibility)] == []


async def test_who_can_not_be_reached_and_who_left_is_not_asked(partnership: River) -> None:
    silent = update(Account).where(Account.person_id == "ann").values(conversation=None)
    left = update(Membership).where(Membership.school_id == "birch").values(left_on=CLOSES.date())
    partnership.database.write_now(lambda connection: connection.execute(silent))
    partnership.database.write_now(lambda connection: connection.execute(left))
    await partnership.plan(ASKED_AT)
    assert partnership.put() == asked("cedar", "damson")


async def test_before_a_first_cycle_schools_are_asked_only_for_what_the_lead_wishes(partnership: River) -> None:
    hill = {"id": "hill", "name": "Hill", "schools": {"elm": ["eve"]}, "people": ("eve",), "leads": ("eve",)}
    partnership.bring(river(**hill, channel="hill", calendar=YEAR))  # type: ignore[arg-type]
    await partnership.plan(at("2027-07-08 16:10"))
    assert partnership.put() == []
    partnership.bring(river(**hill, channel="hill", calendar=YEAR, visibility="lead-only"))  # type: ignore[arg-type]
    await partnership.plan(at("2027-07-08 16:10"))
    assert partnership.put() == [("with-eve", AskVisibility("hill", "elm"))]


async def test_on_the_other_side_of_the_world_too_they_are_asked_after_school(partnership: River) -> None:
    partnership.bring(
        river(
            id="hill", name="Hill", schools={"elm": ["eve"]}, people=("eve",), leads=("eve",), channel="hill",
            calendar=YEAR, timezone="Pacific/Auckland", visibility="lead-only",
        )
    )  # fmt: skip
    await partnership.plan(auckland("2027-07-09 09:00"))
    assert partnership.put() == []
    await partnership.plan(auckland("2027-07-09 15:45"))
    assert partnership.put() == [("with-eve", AskVisibility("hill", "elm"))]


async def test_what_waited_is_dropped_once_a_cycle_has_opened_or_school_is_over(partnership: River) -> None:
    def wanted(when: object) -> bool:
        return partnership.database.read_now(lambda reading: visibility_due.is_wanted(reading, "river", when))  # type: ignore[arg-type]

    assert wanted(ASKED_AT)
    assert not wanted(at("2027-07-09 18:00"))
    open_next(partnership)
    assert not wanted(at("2027-09-14 15:45"))


# Told to the lead


async def test_the_lead_is_told_once_that_a_cycle_opened_otherwise_than_they_wished(partnership: River) -> None:
    partnership.bring(river(calendar=YEAR, visibility="open"))
    cycle = open_next(partnership)
    await partnership.plan(at("2027-09-13 08:00"))
    assert ("with-lea", NotAsWished(cycle)) in partnership.put()
    await partnership.plan(at("2027-09-13 08:01"))
    assert [what for _, what in partnership.put() if isinstance(what, NotAsWished)] == []


async def test_nothing_is_told_where_it_is_as_wished(partnership: River) -> None:
    partnership.bring(river(calendar=YEAR, visibility="open"))
    for school in SCHOOLS:
        say(partnership, school)
    cycle = open_next(partnership)
    await partnership.plan(at("2027-09-13 08:00"))
    assert [what for _, what in partnership.put() if isinstance(what, NotAsWished)] == []
    visibility = select(Cycle.visibility).where(Cycle.id == cycle)
    assert partnership.database.read_now(lambda reading: reading.scalar(visibility)) == "open"
