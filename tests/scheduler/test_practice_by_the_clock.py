"""Practice sharing by the clock: proposed after the close, asked two school days later, introduced once both agree.

River's cycle closes on Thursday 8 July at four: both sides are asked on Monday 12 July at 15:45.
"""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import select, update

from bot.messages.references import MessageReference
from bot.messages.references_partnership import AskNetwork, AskPractice, Introduction
from core.enquiry import Audience, Note, NoteKind
from core.services import answering, cycles, practice, practice_due
from core.storage.database import Database
from core.storage.frameworks import FrameworkShelf
from core.storage.tables import Account, PracticeMatch
from tests.support.by_the_clock import River
from tests.support.days import CLOSES, OPENS, auckland
from tests.support.days import london as at
from tests.support.enquiries import begin
from tests.support.partnership_files import river

ASKED_AT = at("2027-07-12 15:45")
YEAR = (
    "{terms: [{name: Summer, starts: 2027-04-12, ends: 2027-07-21}, {name: Autumn, starts: 2027-09-02, "
    "ends: 2027-12-17}]}"
)


@pytest.fixture
def partnership(database: Database) -> River:
    """Alder would share and birch would welcome help; the cycle has just been closed."""
    found = still_open(database)
    asyncio.run(found.plan(CLOSES))
    found.put()
    return found


def still_open(database: Database) -> River:
    found = River(database)
    found.bring(river(calendar=YEAR))
    found.agrees_to_open(alder="ann", birch="ben", cedar="cat", damson="dan")
    for number, (school, person, kind) in enumerate(
        (("alder", "ann", NoteKind.STRENGTH), ("birch", "ben", NoteKind.DEVELOPMENT)), start=1
    ):
        response = database.write_now(partial(begin, cycle=found.cycle, school=school, person=person, at=OPENS))
        note = Note(number, "2.2", kind, "Our words", Audience.SCHOOL, True)
        database.write_now(partial(answering.keep_note, response_id=response, kept=note, now=OPENS))
    return found


def match_of(partnership: River) -> int:
    return partnership.database.read_now(lambda reading: reading.execute(select(PracticeMatch.id)).scalar_one())


def says(partnership: River, person: str, yes: bool) -> None:
    def say(connection: object) -> None:
        (match,) = practice.matches_of(connection, FrameworkShelf(), person)  # type: ignore[arg-type]
        practice.say(connection, match, yes, person, ASKED_AT)  # type: ignore[arg-type]

    partnership.database.write_now(say)


def about(partnership: River, kind: type[MessageReference]) -> list[tuple[str, MessageReference]]:
    return [(where, what) for where, what in partnership.put() if isinstance(what, kind)]


async def test_both_sides_are_asked_on_the_second_school_day_and_once(partnership: River) -> None:
    match = match_of(partnership)
    await partnership.plan(ASKED_AT - timedelta(minutes=1))
    assert partnership.put() == []
    await partnership.plan(ASKED_AT)
    assert partnership.put() == [("with-ann", AskPractice(match)), ("with-ben", AskPractice(match))]
    for later in (timedelta(minutes=1), timedelta(days=1), timedelta(days=53)):
        await partnership.plan(ASKED_AT + later)
    assert partnership.put() == []


async def test_proposed_just_after_midnight_they_are_asked_two_school_days_from_that_day(database: Database) -> None:
    """In summer that is still the day before in UTC."""
    partnership, closed_at = still_open(database), at("2027-07-09 00:30")
    database.write_now(lambda connection: cycles.close_cycle(connection, partnership.cycle, closed_at, by="lea"))
    await partnership.plan(closed_at)
    match = match_of(partnership)
    await partnership.plan(ASKED_AT)
    assert about(partnership, AskPractice) == []
    await partnership.plan(ASKED_AT + timedelta(days=1))
    assert about(partnership, AskPractice) == [("with-ann", AskPractice(match)), ("with-ben", AskPractice(match))]


@pytest.mark.parametrize("when", [at("2027-07-12 18:00"), at("2027-07-17 15:45"), at("2027-07-26 15:45")], ids=str)
async def test_nobody_is_asked_outside_school_hours(partnership: River, when: datetime) -> None:
    await partnership.plan(when)
    assert partnership.put() == []


async def test_who_is_not_asked_yet_is_not_once_the_other_has_said_no(partnership: River) -> None:
    silent = update(Account).where(Account.person_id == "ben").values(conversation=None)
    partnership.database.write_now(lambda connection: connection.execute(silent))
    await partnership.plan(ASKED_AT)
    assert [where for where, _ in partnership.put()] == ["with-ann"]
    says(partnership, "ann", yes=False)
    back = update(Account).where(Account.person_id == "ben").values(conversation="with-ben")
    partnership.database.write_now(lambda connection: connection.execute(back))
    await partnership.plan(ASKED_AT + timedelta(days=1))
    assert partnership.put() == []


async def test_what_waited_is_dropped_once_the_other_has_said_no(partnership: River) -> None:
    match = match_of(partnership)

    def wanted(person: str) -> bool:
        return partnership.database.read_now(
            lambda connection: practice_due.is_wanted(connection, match, person, ASKED_AT)
        )

    assert wanted("ben")
    says(partnership, "ann", yes=False)
    assert not wanted("ben")


async def test_both_are_introduced_once_both_have_said_yes(partnership: River) -> None:
    match = match_of(partnership)
    await partnership.plan(ASKED_AT)
    partnership.put()
    says(partnership, "ann", yes=True)
    await partnership.plan(ASKED_AT + timedelta(minutes=1))
    assert about(partnership, Introduction) == []
    says(partnership, "ben", yes=True)
    await partnership.plan(ASKED_AT + timedelta(hours=4))
    assert about(partnership, Introduction) == [], "in the evening"
    await partnership.plan(at("2027-07-13 08:00"))
    assert about(partnership, Introduction) == [("with-ann", Introduction(match)), ("with-ben", Introduction(match))]
    await partnership.plan(at("2027-07-13 08:01"))
    assert about(partnership, Introduction) == []


async def test_a_lead_is_asked_once_whether_their_partnership_joins(partnership: River) -> None:
    invited = "networks: [{id: mid, name: Mid Network}]"
    partnership.bring(river(calendar=YEAR, more=invited))
    await partnership.plan(at("2027-07-09 15:44"))
    assert about(partnership, AskNetwork) == []
    for minute in (45, 46):
        await partnership.plan(at(f"2027-07-09 15:{minute}"))
        found = about(partnership, AskNetwork)
        assert found == ([("with-lea", AskNetwork("mid", "river"))] if minute == 45 else [])


async def test_on_the_other_side_of_the_world_too_a_lead_is_asked_after_school(partnership: River) -> None:
    invited = "networks: [{id: mid, name: Mid Network}]"
    partnership.bring(river(calendar=YEAR, timezone="Pacific/Auckland", more=invited))
    await partnership.plan(auckland("2027-07-09 09:00"))
    assert about(partnership, AskNetwork) == []
    await partnership.plan(auckland("2027-07-09 15:45"))
    assert about(partnership, AskNetwork) == [("with-lea", AskNetwork("mid", "river"))]


async def test_a_partnership_that_its_file_says_has_joined_is_not_asked(partnership: River) -> None:
    partnership.bring(river(calendar=YEAR, more="networks: [{id: mid, name: Mid Network, state: joined}]"))
    await partnership.plan(at("2027-07-09 15:45"))
    assert about(partnership, AskNetwork) == []
