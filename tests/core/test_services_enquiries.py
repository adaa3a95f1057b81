"""Whose response is loaded: each check by itself, since together one would hide that another is missing."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, insert

from core.enquiry import Account
from core.services import cycles, enquiries
from core.services.enquiries import ByResponse, BySchool, Talk
from core.storage import tables
from core.storage.frameworks import FrameworkShelf
from tests.support.enquiries import MONDAY, NEXT_MONDAY, begin, bring
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
