"""A file brings a partnership in, a later one brings it up to date, and neither takes what is others'."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, func, insert, select

from core.calendar import Days, SchoolCalendar
from core.enquiry import Account
from core.framework_file import default_source
from core.services import people
from core.services.importing import ImportReport, import_partnership
from core.storage import tables
from core.storage.frameworks import FrameworkShelf
from core.yaml_tree import FileMistakes
from tests.support.days import CLOSES, NOW, london
from tests.support.partnership_files import read, river


def bring(connection: Connection, text: str, source: bytes | None = None, now: datetime = NOW) -> ImportReport:
    return import_partnership(connection, FrameworkShelf(), read(text), now, source)


def refused(connection: Connection, text: str, source: bytes | None = None) -> list[str]:
    before = everything(connection)
    with pytest.raises(FileMistakes) as found:
        bring(connection, text, source)
    assert everything(connection) == before
    return [str(mistake) for mistake in found.value.mistakes]


def everything(connection: Connection) -> dict[str, list[str]]:
    return {
        table.name: sorted(str(row) for row in connection.execute(select(table)))
        for table in tables.Base.metadata.sorted_tables
        if table.name not in {"audit", "framework"}
    }


def rows(connection: Connection, *columns: Any) -> list[tuple[Any, ...]]:
    return sorted(tuple(row) for row in connection.execute(select(*columns)))


def changes(report: ImportReport) -> dict[str, str]:
    return {kind: str(counted) for kind, counted in report.counts.items() if str(counted) != "as before"}


def test_a_first_file_brings_everything_in(connection: Connection) -> None:
    report = bring(connection, river())
    assert report.words() == (
        "River Partnership is up to date. Its framework is partnership-enquiry 1.0.",
        "Schools: 4 new.",
        "People: 5 new.",
        "Leaders of schools: 4 new.",
        "Leads and facilitators: 1 new.",
        "Accounts: 5 new.",
        "Channels: 1 new.",
    )
    ann = people.person_of(connection, Account("web", "demo", "ann-web"))
    assert ann is not None
    assert (ann.id, ann.name, ann.language, ann.reminder_time) == ("ann", "Ann", "en", "after-school")
    assert people.leads(connection, "lea") == ("river",)


def test_the_calendar_is_kept_as_the_file_says(connection: Connection) -> None:
    bring(connection, river())
    stored = connection.scalar(select(tables.Partnership.calendar))
    assert stored is not None
    assert SchoolCalendar.from_json(stored) == SchoolCalendar(terms=(Days(date(2027, 4, 12), date(2027, 7, 21)),))


def test_the_same_file_again_changes_nothing(connection: Connection) -> None:
    bring(connection, river())
    before = everything(connection)
    assert changes(bring(connection, river())) == {}
    assert everything(connection) == before


def test_a_later_file_renames_and_adds(connection: Connection) -> None:
    bring(connection, river())
    later = river(schools={"alder": ["ann"], "birch": ["ben"], "cedar": ["cat"], "damson": ["dan"], "elder": ["ann"]})
    report = bring(connection, later.replace("Birch School", "Birch Academy").replace("name: Ben", "name: Ben B"))
    assert changes(report) == {"schools": "1 new, 1 changed", "people": "1 changed", "leaders of schools": "1 new"}
    assert [school.name for school in people.schools_of(connection, "ben")] == ["Birch Academy"]


def test_a_school_that_is_not_listed_any_more_has_left_and_may_come_back(connection: Connection) -> None:
    three = {"alder": ["ann"], "birch": ["ben"], "cedar": ["cat"]}
    bring(connection, river())
    assert changes(bring(connection, river(schools=three))) == {"schools": "1 no longer there"}
    left = select(tables.Membership.left_on).where(tables.Membership.school_id == "damson")
    assert connection.scalar(left) == date(2027, 6, 22)
    assert changes(bring(connection, river(schools=three))) == {}
    assert changes(bring(connection, river())) == {"schools": "1 new"}
    assert connection.scalar(left) is None


def test_the_day_a_school_left_is_the_partnerships_own_day(connection: Connection) -> None:
    bring(connection, river())
    half_past_midnight = london("2027-06-15 00:30")
    bring(connection, river(schools={"alder": ["ann"]}), now=half_past_midnight)
    assert set(connection.scalars(select(tables.Membership.left_on))) == {None, date(2027, 6, 15)}


def test_leaders_and_leads_are_those_of_the_file(connection: Connection) -> None:
    bring(connection, river())
    changed = {"alder": ["ben"], "birch": ["ben"], "cedar": ["cat"], "damson": ["dan"]}
    report = bring(connection, river(schools=changed, leads=("dan",)))
    assert changes(report) == {
        "leaders of schools": "1 new, 1 no longer there",
        "leads and facilitators": "1 new, 1 no longer there",
    }
    assert people.leads(connection, "lea") == ()
    assert people.schools_of(connection, "ann") == ()


def test_what_people_chose_in_chat_is_not_undone(connection: Connection) -> None:
    bring(connection, river())
    ann = Account("web", "demo", "ann-web")
    people.set_language(connection, "ann", "cy")
    people.set_reminder_time(connection, "ann", "lunch")
    people.remember_conversation(connection, ann, "direct-ann", NOW)
    before = everything(connection)
    assert changes(bring(connection, river())) == {}
    assert everything(connection) == before


def test_an_address_that_a_later_file_leaves_out_is_kept(connection: Connection) -> None:
    eve = "  - {id: eve, name: Eve, email: eve@alder.example}"
    bring(connection, river(more_people=eve))
    bring(connection, river(more_people="  - {id: eve, name: Eve}"))
    assert connection.scalar(select(tables.Person.email).where(tables.Person.id == "eve")) == "eve@alder.example"


def test_a_wrong_account_is_mended_by_writing_the_right_one(connection: Connection) -> None:
    bring(connection, river(accounts={"ann": "wrong"}))
    assert changes(bring(connection, river(accounts={"ann": "right"}))) == {"accounts": "1 new, 1 no longer there"}
    assert people.person_of(connection, Account("web", "demo", "wrong")) is None


def test_an_account_can_go_to_another_person_of_the_same_file(connection: Connection) -> None:
    bring(connection, river(accounts={"ann": "one", "ben": "two"}))
    bring(connection, river(accounts={"ann": "two", "ben": "one"}))
    assert rows(connection, tables.Account.user, tables.Account.person_id) == [("one", "ben"), ("two", "ann")]


def hill(**changed: Any) -> str:
    """Another partnership, which shares nothing with the river's unless ``changed`` says so."""
    alone = {"schools": {"elm": ["eve"]}, "people": ("eve",), "leads": ("eve",), "channel": "hill-channel"}
    return river(**{"id": "hill", "name": "Hill Partnership", **alone, **changed})


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        (
            {"channel": "river-channel"},
            "line 7, channels: this channel belongs to another partnership. "
            "Choose a channel of this partnership's own.",
        ),
        (
            {"id": "river"},
            "line 1, partnership river: this is the id of a partnership that has none of these schools. Give yours "
            "another id; if it is the same partnership, keep the id of one school at least.",
        ),
    ],
    ids=["channel", "partnership"],
)
def test_what_all_partnerships_name_is_never_taken(
    connection: Connection, changed: dict[str, Any], expected: str
) -> None:
    bring(connection, river())
    assert refused(connection, hill(**changed)) == [expected]


def test_all_mistakes_are_told_at_once(connection: Connection) -> None:
    bring(connection, river())
    bring(connection, hill())
    both = river(channel="hill-channel").replace("name: Ann,", "name: Zoe,")
    assert [mistake.split(":")[0] for mistake in refused(connection, both)] == [
        "line 8, people ann",
        "line 14, channels",
    ]


def test_a_framework_that_changed_needs_a_new_version(connection: Connection) -> None:
    bring(connection, river())
    changed = default_source().replace(b"version: ", b"# a remark\nversion: ", 1)
    assert refused(connection, river(more="framework: partnership-enquiry"), changed) == [
        "line 16, framework: Version 1.0 of the framework partnership-enquiry is in use already and says something "
        "else. Give the changed file a new version."
    ]


def test_a_framework_whose_labels_would_be_commands_is_refused(connection: Connection) -> None:
    source = default_source().replace(b"version: ", b"# our own\nversion: ", 1)
    words = ["Starting"]
    with pytest.raises(FileMistakes, match='"Starting" is a word that commands the bot'):
        import_partnership(connection, FrameworkShelf(), read(river()), NOW, source, words)
    assert rows(connection, tables.Partnership.id) == []


def test_answers_stay_whatever_the_file_says(connection: Connection) -> None:
    bring(connection, river())
    cycle = {
        "partnership_id": "river", "title": "Summer", "framework_id": "partnership-enquiry", "framework_version": "1.0",
        "scope": [], "visibility": "own-and-group", "opens_at": NOW, "closes_at": CLOSES,
        "nudge_schedule": {},
    }  # fmt: skip
    number = connection.scalar(insert(tables.Cycle).values(cycle).returning(tables.Cycle.id))
    connection.execute(insert(tables.CycleSchool).values(cycle_id=number, school_id="damson"))
    response = {"cycle_id": number, "school_id": "damson", "person_id": "dan", "started_at": NOW}
    connection.execute(insert(tables.Response).values(response | {"priorities_done": False}))
    bring(connection, river(schools={"alder": ["ann"]}, people=("ann", "lea")))
    assert connection.scalar(select(func.count()).select_from(tables.Response)) == 1


def test_an_import_is_written_down_without_names(connection: Connection) -> None:
    bring(connection, river())
    ((by, act, about),) = connection.execute(select(tables.Audit.person_id, tables.Audit.act, tables.Audit.about))
    assert (by, act, about["partnership"], about["schools"]) == (None, "partnership imported", "river", [4, 0, 0])
