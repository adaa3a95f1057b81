"""Whose response is loaded: each check by itself, since together one would hide that another is missing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pytest
from sqlalchemy import Connection, insert

from core.enquiry import Account
from core.framework_file import default_framework
from core.services import cycles, enquiries, report_snapshots
from core.services.enquiries import ByResponse, BySchool, Talk
from core.storage import tables
from core.storage.frameworks import FrameworkShelf
from tests.support.enquiries import MONDAY, NEXT_MONDAY, answer, begin, bring
from tests.support.partnership_files import river

ANN, BEN = Account("web", "demo", "ann-web"), Account("web", "demo", "ben-web")


@pytest.fixture
def anns(connection: Connection) -> BySchool:
    """Ann and Ben both lead Alder School; Ann has begun her response, and works on it."""
    bring(connection, river(schools={"alder": ["ann", "ben"], "birch": [], "cedar": ["cat"], "damson": ["dan"]}))
    cycle = cycles.open_cycle(connection, FrameworkShelf(), "river", "Summer", NEXT_MONDAY, None, MONDAY).id
    begin(connection, cycle, "alder", "ann")
    return BySchool(cycle, "alder")


def loaded(connection: Connection, who: Account, wanted: enquiries.Wanted) -> Talk:
    talk = enquiries.load_talk(connection, FrameworkShelf(), who, wanted)
    assert talk is not None
    return talk


def response_of(connection: Connection, anns: BySchool) -> int:
    enquiry = loaded(connection, ANN, anns).enquiry
    assert enquiry is not None
    return enquiry.response


def test_a_response_is_loaded_for_the_person_it_belongs_to_and_not_for_who_leads_the_school_too(
    connection: Connection, anns: BySchool
) -> None:
    response = response_of(connection, anns)
    for wanted in (ByResponse(response), anns):
        assert loaded(connection, ANN, wanted).enquiry is not None
        assert loaded(connection, BEN, wanted).enquiry is None


def test_a_message_about_a_response_is_made_for_the_person_it_belongs_to(
    connection: Connection, anns: BySchool
) -> None:
    response = response_of(connection, anns)
    of_each = {
        person: enquiries.load_enquiry(connection, FrameworkShelf(), person, response) for person in ("ann", "ben")
    }
    assert {person: talk and talk.person.id for person, talk in of_each.items()} == {"ann": "ann", "ben": "ben"}
    assert {person for person, talk in of_each.items() if talk and talk.enquiry} == {"ann"}


@pytest.mark.parametrize(
    "elsewhere",
    [
        pytest.param(Account("web", "other", "ann-web"), id="in another organisation"),
        pytest.param(Account("slack", "demo", "ann-web"), id="on another platform"),
    ],
)
def test_another_account_of_the_same_name_is_another_persons(
    connection: Connection, anns: BySchool, elsewhere: Account
) -> None:
    wanted = (None, ByResponse(response_of(connection, anns)), anns)
    for each in wanted:
        assert enquiries.load_talk(connection, FrameworkShelf(), elsewhere, each) is None
    account = {"platform": elsewhere.platform, "tenant": elsewhere.tenant, "user": elsewhere.user}
    connection.execute(insert(tables.Account).values(**account, person_id="ben"))
    for each in wanted:
        assert loaded(connection, ANN, each).person.id == "ann"
        theirs = loaded(connection, elsewhere, each)
        assert (theirs.person.id, theirs.enquiry) == ("ben", None)


# What was left to somebody


def answered(connection: Connection, title: str, weeks: int, **heads: str) -> int:
    """Alder School's response in a cycle that all four schools have answered, and that is over."""
    schools = {**dict(zip(("alder", "birch", "cedar", "damson"), ("ann", "ben", "cat", "dan"), strict=True)), **heads}
    bring(connection, river(schools={school: [head] for school, head in schools.items()}))
    opens, closes = MONDAY + timedelta(weeks=weeks), NEXT_MONDAY + timedelta(weeks=weeks)
    cycle = cycles.open_cycle(connection, FrameworkShelf(), "river", title, closes, None, opens).id
    levels = {each.id: (3, 2) for each in default_framework().criteria}
    response, *_ = [answer(connection, cycle, school, head, levels, at=opens) for school, head in schools.items()]
    cycles.close_cycle(connection, cycle, closes, None)
    report_snapshots.freeze(connection, FrameworkShelf(), cycle, closes)
    return response


@pytest.mark.parametrize(
    ("first", "second", "reads_first", "reads_second"),
    [
        pytest.param({}, {"birch": "cat"}, False, True, id="he knew another school in the first cycle alone"),
        pytest.param({}, {}, False, False, id="he knew another school in both"),
        pytest.param({"alder": "ben", "birch": "ann"}, {}, True, False, id="he knew this one in the first cycle alone"),
    ],
)
def test_each_cycle_is_left_to_whoever_knew_no_other_school_of_it(
    connection: Connection,
    first: Mapping[str, str],
    second: Mapping[str, str],
    reads_first: bool,
    reads_second: bool,
) -> None:
    """Ben becomes the head of Alder School when both are over."""
    responses = answered(connection, "Spring", 0, **first), answered(connection, "Summer", 4, **second)
    bring(connection, river(schools={"alder": ["ben"], "birch": ["ann"], "cedar": ["cat"], "damson": ["dan"]}))
    talks = [enquiries.load_enquiry(connection, FrameworkShelf(), "ben", each) for each in responses]
    assert [talk is not None and talk.enquiry is not None for talk in talks] == [reads_first, reads_second]
    last = next((each for each, reads in zip(responses[::-1], (reads_second, reads_first), strict=True) if reads), None)
    now = NEXT_MONDAY + timedelta(weeks=5)
    assert enquiries.last_closed(connection, "ben", now) == (() if last is None else (last,))
