"""Each school's own report after the close: to its leaders, in school hours, once."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import insert

from bot.messages.references import MessageReference, SchoolReportMessage
from core.storage.database import Database
from core.storage.tables import Leader
from scheduler.planner import plan_due
from tests.support.by_the_clock import River
from tests.support.days import CLOSES
from tests.support.days import london as at


@pytest.fixture
def partnership(database: Database) -> River:
    return River(database)


def own(put: list[tuple[str, MessageReference]]) -> list[tuple[str, MessageReference]]:
    return [each for each in put if isinstance(each[1], SchoolReportMessage)]


async def closed(partnership: River) -> list[tuple[str, MessageReference]]:
    """Alder and birch have submitted; the cycle closes on a Thursday at four."""
    partnership.submits("alder", "ann")
    partnership.submits("birch", "ben")
    await partnership.plan(CLOSES)
    return own(partnership.put())


async def test_the_leaders_of_schools_that_submitted_get_it_in_school_hours(partnership: River) -> None:
    partnership.submits("alder", "ann")
    partnership.submits("birch", "ben")
    await partnership.plan(at("2027-07-08 21:00"))
    await partnership.plan(at("2027-07-10 10:00"))
    assert own(partnership.put()) == [], "neither at night nor on a Saturday"
    await partnership.plan(at("2027-07-12 09:00"))
    assert own(partnership.put()) == [
        ("with-ann", SchoolReportMessage(1, "alder")),
        ("with-ben", SchoolReportMessage(1, "birch")),
    ]


async def test_it_comes_once_however_often_the_clock_ticks(partnership: River) -> None:
    await closed(partnership)
    await partnership.plan(at("2027-07-09 09:00"))
    partnership.put()
    for minutes in range(5):
        await partnership.plan(at("2027-07-09 09:05") + timedelta(minutes=minutes))
    assert own(partnership.put()) == []


async def test_several_processes_send_it_once(partnership: River) -> None:
    url = str(partnership.database.engine.url.render_as_string(hide_password=False))
    await closed(partnership)
    now = at("2027-07-09 09:00")
    others = [Database(url) for _ in range(3)]
    await asyncio.gather(*(plan_due(each, now) for each in (partnership.database, *others)))
    told = own(partnership.put())
    assert len(told) == len(set(told))
    for each in others:
        each.close()


async def test_a_school_that_did_not_submit_has_none(partnership: River) -> None:
    await partnership.plan(CLOSES)
    await partnership.plan(at("2027-07-09 09:00"))
    assert own(partnership.put()) == []


@pytest.mark.parametrize(
    ("person", "gets"),
    [
        pytest.param("lea", [("with-lea", "birch")], id="she knew no school of that cycle"),
        pytest.param("ann", [], id="she answered for Alder School: two schools are more than was reckoned with"),
    ],
)
async def test_who_comes_to_lead_a_school_soon_after_gets_it_too(
    partnership: River, person: str, gets: list[tuple[str, str]]
) -> None:
    await closed(partnership)
    await partnership.plan(at("2027-07-09 09:00"))
    partnership.put()
    joins = insert(Leader).values(school_id="birch", person_id=person)
    partnership.database.write_now(lambda connection: connection.execute(joins))
    await partnership.plan(at("2027-07-09 09:30"))
    assert [
        (where, what.school) for where, what in own(partnership.put()) if isinstance(what, SchoolReportMessage)
    ] == gets


async def test_after_four_weeks_it_is_no_news(partnership: River) -> None:
    partnership.submits("alder", "ann")
    await partnership.plan(at("2027-07-08 21:00"))
    partnership.put()
    await partnership.plan(at("2027-09-07 09:00"))
    assert own(partnership.put()) == []
