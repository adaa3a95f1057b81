"""Cycles are pinned to what every school has agreed to when they open, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Connection, select

from core.enquiry import Visibility
from core.services import cycles
from core.services import visibility as consents
from core.storage import tables
from core.storage.frameworks import FrameworkShelf
from core.visibility import VisibilityTally
from tests.support.enquiries import MONDAY, NEXT_MONDAY, bring
from tests.support.partnership_files import river

OPEN, LEAD_ONLY, OWN = Visibility.OPEN, Visibility.LEAD_ONLY, Visibility.OWN_AND_GROUP
SCHOOLS = {"alder": "ann", "birch": "ben", "cedar": "cat", "damson": "dan"}


def say(connection: Connection, *schools: str, visibility: Visibility = OPEN, yes: bool = True) -> None:
    for school in schools:
        consents.say(connection, "river", school, visibility, yes, SCHOOLS[school], MONDAY)


def opened(connection: Connection, later: timedelta = timedelta(0)) -> int:
    return cycles.open_cycle(
        connection, FrameworkShelf(), "river", "Autumn", NEXT_MONDAY, None, MONDAY, opens_at=MONDAY + later
    ).id


def pinned(connection: Connection, cycle: int) -> tuple[str, Visibility | None]:
    found = cycles.cycle_by_id(connection, cycle)
    assert found is not None
    return found.visibility.value, consents.wish_of(connection, cycle)


@pytest.mark.parametrize("wish", [OPEN, LEAD_ONLY])
def test_without_the_word_of_every_school_a_cycle_needs_nobodys(connection: Connection, wish: Visibility) -> None:
    bring(connection, river(visibility=wish))
    say(connection, "alder", "birch", "cedar", visibility=wish)
    assert pinned(connection, opened(connection)) == ("own-and-group", wish)


@pytest.mark.parametrize("wish", [OPEN, LEAD_ONLY])
def test_with_the_word_of_every_school_it_is_as_agreed(connection: Connection, wish: Visibility) -> None:
    bring(connection, river(visibility=wish))
    say(connection, *SCHOOLS, visibility=wish)
    assert pinned(connection, opened(connection)) == (wish.value, None)


def test_all_schools_can_move_towards_open_by_themselves(connection: Connection) -> None:
    bring(connection, river())
    say(connection, *SCHOOLS)
    assert pinned(connection, opened(connection)) == ("open", OWN)


def test_a_school_that_took_its_word_back_is_not_seen(connection: Connection) -> None:
    bring(connection, river(visibility="open"))
    say(connection, *SCHOOLS)
    say(connection, "birch", yes=False)
    assert pinned(connection, opened(connection))[0] == "own-and-group"


def test_a_cycle_that_is_open_stays_as_it_was_pinned(connection: Connection) -> None:
    bring(connection, river(visibility="open"))
    say(connection, *SCHOOLS)
    cycle = opened(connection)
    say(connection, "birch", yes=False)
    bring(connection, river())
    assert pinned(connection, cycle) == ("open", None)


def test_a_cycle_that_has_not_opened_yet_follows_what_schools_say_until_it_does(connection: Connection) -> None:
    bring(connection, river(visibility="open"))
    cycle = opened(connection, later=timedelta(days=1))
    assert pinned(connection, cycle) == ("own-and-group", OPEN)
    say(connection, *SCHOOLS)
    assert pinned(connection, cycle) == ("open", None)
    say(connection, "damson", yes=False)
    assert pinned(connection, cycle) == ("own-and-group", OPEN)
    bring(connection, river())
    assert pinned(connection, cycle) == ("own-and-group", None)


def test_a_school_that_joins_has_to_agree_too(connection: Connection) -> None:
    bring(connection, river(visibility="open"))
    say(connection, *SCHOOLS)
    more = {**{school: [person] for school, person in SCHOOLS.items()}, "elder": ["ann"]}
    bring(connection, river(visibility="open", schools=more))
    assert pinned(connection, opened(connection))[0] == "own-and-group"


def test_a_schools_word_in_one_partnership_says_nothing_in_another(connection: Connection) -> None:
    bring(connection, river())
    hill = {"alder": ["ann"], "birch": ["ben"]}
    bring(
        connection, river(id="hill", name="Hill", schools=hill, people=("ann", "ben"), leads=("ann",), channel="hill")
    )
    say(connection, *SCHOOLS)
    cycle = cycles.open_cycle(connection, FrameworkShelf(), "hill", "Autumn", NEXT_MONDAY, None, MONDAY)
    assert cycle.visibility is OWN


def test_a_lead_is_told_how_many_have_agreed(connection: Connection) -> None:
    bring(connection, river(visibility="lead-only"))
    say(connection, "alder", visibility=LEAD_ONLY)
    say(connection, "birch", visibility=OPEN)
    say(connection, "cedar", visibility=LEAD_ONLY, yes=False)
    assert consents.tallies_of(connection, "lea") == (VisibilityTally("River Partnership", LEAD_ONLY, 2, 4),)
    assert consents.tallies_of(connection, "ann") == ()


def test_a_leader_sees_their_own_schools_word_only(connection: Connection) -> None:
    bring(connection, river())
    say(connection, "alder", "birch")
    (ann,) = consents.says_of(connection, "ann", MONDAY)
    assert (ann.school, ann.asked, ann.yes, ann.pinned) == ("alder", OPEN, True, None)
    (cat,) = consents.says_of(connection, "cat", MONDAY)
    assert (cat.school, cat.yes) == ("cedar", None)
    opened(connection)
    (ann,) = consents.says_of(connection, "ann", MONDAY)
    assert ann.pinned is OWN


def test_it_is_written_down_who_said_what_for_which_school(connection: Connection) -> None:
    bring(connection, river())
    say(connection, "alder", yes=False)
    last = select(tables.Audit.person_id, tables.Audit.act, tables.Audit.about).order_by(tables.Audit.id.desc())
    about = {"partnership": "river", "school": "alder", "visibility": "open", "agreed": False}
    assert connection.execute(last).first() == ("ann", "visibility agreed", about)
