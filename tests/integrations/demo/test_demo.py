"""What somebody finds who opens the demo for the first time."""

from __future__ import annotations

import re
import sqlite3
from datetime import date
from pathlib import Path
from shutil import copy

import pytest
from sqlalchemy import select

from bot.inbound.events import Account
from bot.messages.languages import words_of
from core.analysis.disclosure import Count
from core.analysis.periods import period_from
from core.analysis.report import SubThemeFacts
from core.enquiry import Enquiry
from core.services import (
    agreed_actions,
    cycles,
    enquiries,
    network_reports,
    networks,
    practice,
    report_snapshots,
    school_reports,
)
from core.storage import tables
from core.storage.database import Database
from core.storage.frameworks import FrameworkShelf
from integrations.demo import start
from integrations.demo.clock import BEGINS
from integrations.demo.samples import PARTNERSHIP_ID, SAMPLES
from tests.support.demo import furnished


@pytest.fixture(scope="module")
def database(furnished_demo: Path) -> Database:
    return Database(f"sqlite:///{furnished_demo}")


def enquiry(database: Database, user: str) -> Enquiry | None:
    account = Account("web", "demo", user)
    talk = database.read_now(lambda connection: enquiries.load_talk(connection, FrameworkShelf(), account))
    return talk.enquiry if talk else None


def test_two_cycles_are_finished_and_one_is_open(database: Database) -> None:
    found = database.read_now(lambda connection: cycles.cycles_of(connection, PARTNERSHIP_ID))

    assert [(each.title, each.is_open(BEGINS)) for each in found] == [
        ("Autumn 2026", True),
        ("Summer 2026", False),
        ("Spring 2026", False),
    ]


def test_every_cycle_opens_at_eight_and_closes_at_four_in_summer_too(database: Database) -> None:
    found = database.read_now(lambda connection: cycles.cycles_of(connection, PARTNERSHIP_ID))
    shown = words_of("en").time
    assert {(shown(each.opens_at), shown(each.closes_at)) for each in found} == {("08:00", "16:00")}


def test_seven_schools_are_asked_and_five_are_done(database: Database) -> None:
    progress = database.read_now(lambda connection: cycles.progress(connection, 3))

    assert (progress.schools_submitted, progress.schools_in_roster) == (5, 7)


@pytest.mark.parametrize(
    ("user", "answered", "submitted"),
    [pytest.param("sian", 9, False, id="half way"), pytest.param("tom", 18, True, id="submitted")],
)
def test_two_leaders_have_answered_in_chat(database: Database, user: str, answered: int, submitted: bool) -> None:
    found = enquiry(database, user)

    assert found is not None
    assert (found.answered_criteria(), found.submitted_at is not None) == (answered, submitted)
    assert found.notes


def test_one_leader_has_been_reminded_and_has_not_started(database: Database) -> None:
    said = select(tables.Outbox.prompt).where(tables.Outbox.conversation == "with-priya").order_by(tables.Outbox.id)
    prompts = database.read_now(lambda connection: list(connection.scalars(said)))

    assert enquiry(database, "priya") is None
    assert [re.search('"what":"([a-z-]+)"', each).group(1) for each in prompts] == [  # type: ignore[union-attr]
        "help",
        "actions-looked-at",
        "ask-seen",
        "invitation",
        "nudge",
        "nudge",
    ]


def test_everything_that_was_said_has_been_delivered(database: Database) -> None:
    waiting = select(tables.Outbox.key).where(tables.Outbox.state.not_in(("sent", "superseded")))

    assert database.read_now(lambda connection: list(connection.scalars(waiting))) == []


def test_its_figures_tell_a_story(database: Database) -> None:
    """Trust is strong; support, challenge and impact are the next step."""
    snapshot = database.write_now(lambda connection: report_snapshots.freeze(connection, FrameworkShelf(), 2, BEGINS))

    assert snapshot.facts.strongest[0].subtheme == "3.1"
    assert [each.subtheme for each in snapshot.facts.priorities[:2]] == ["2.3", "2.2"]


def test_what_the_last_meeting_agreed_was_posted_the_same_day_and_one_of_it_is_done(database: Database) -> None:
    found = database.read_now(lambda connection: agreed_actions.all_of(connection, FrameworkShelf(), PARTNERSHIP_ID))

    assert [(each.subtheme, each.owner.name, str(each.state)) for each in found] == [
        ("2.3", "Ambercombe High School", "done"),
        ("2.2", "Kestrel Brook Primary School", "open"),
        ("1.3", "Lanternfield Primary School", "open"),
    ]
    sent = select(tables.BrowserMessage.sent_at).where(tables.BrowserMessage.conversation == PARTNERSHIP_ID)
    posted = database.read_now(lambda connection: list(connection.scalars(sent.order_by(tables.BrowserMessage.id))))[0]
    assert posted.date() == found[0].agreed_at.date() == date(2026, 7, 9)


def test_once_the_cycle_has_closed_there_is_somebody_for_each_wish(furnished_demo: Path, tmp_path: Path) -> None:
    """Tom gives to Siân in his own partnership, and is helped by Owain in another."""
    database = Database(f"sqlite:///{copy(furnished_demo, tmp_path)}")
    database.write_now(lambda connection: cycles.close_cycle(connection, 3, BEGINS, by="ruth"))
    found = database.read_now(lambda connection: practice.pairs(connection, BEGINS))
    database.close()

    told = {(pair.receiver.subtheme, giver, receiver) for pair, _, giver, receiver in found}
    assert told == {("1.3", "tom", "sian"), ("2.3", "owain", "tom")}


def test_seven_partnerships_have_reports_of_the_summer_that_a_facilitator_may_sum_up(database: Database) -> None:
    members = database.read_now(lambda connection: networks.members_of(connection, "three-rivers"))
    summer = period_from(date(2026, 5, 1))
    facts = database.write_now(
        lambda connection: network_reports.summed_up(connection, "partnership-enquiry", members, summer)
    )

    assert (facts.partnerships, facts.reporting) == (7, 7)
    assert facts.most_needed[0].id == "2.3"


@pytest.mark.parametrize(
    ("partnership", "schools", "named"),
    [
        pytest.param("heron-estuary", 6, True, id="open, so schools are shown by name"),
        pytest.param("copperbeech", 10, False, id="enough schools for counts"),
    ],
)
def test_beside_it_are_partnerships_that_show_what_its_own_may_not(
    database: Database, partnership: str, schools: int, named: bool
) -> None:
    (last, *_) = database.read_now(lambda connection: cycles.cycles_of(connection, partnership))
    snapshot = database.read_now(lambda connection: report_snapshots.last_snapshot(connection, last.id))

    assert snapshot is not None
    assert (last.title, snapshot.facts.response.submitted) == ("Autumn 2026", schools)
    table = database.read_now(
        lambda connection: school_reports.table_of(connection, FrameworkShelf(), snapshot, lead=False)
    )
    assert (table is not None) is named
    counts = [isinstance(each, Count) for subtheme in snapshot.facts.subthemes for each in established(subtheme)]
    assert any(counts)


def established(subtheme: SubThemeFacts) -> list[object]:
    return [each.established for each in subtheme.details]


def test_it_is_the_same_every_time(furnished_demo: Path, tmp_path: Path) -> None:
    def said(file: Path) -> list[tuple[str, str, str]]:
        query = "SELECT conversation, sent_at, body FROM browser_message ORDER BY conversation, id"
        with sqlite3.connect(file) as connection:
            rows = connection.execute(query).fetchall()
        return [(where, at, re.sub(r"<!--.*?-->|\b\d{5,}\b", "", body)) for where, at, body in rows]

    assert said(furnished(tmp_path / "again.db")) == said(furnished_demo)


def test_it_is_kept_until_somebody_begins_again(demo_file: Path) -> None:
    with sqlite3.connect(demo_file) as connection:
        connection.execute("UPDATE person SET name = 'Somebody Else' WHERE id = 'priya'")

    start.prepare(demo_file, fresh=False)
    assert name_of_priya(demo_file) == "Somebody Else"
    start.prepare(demo_file, fresh=True)
    assert name_of_priya(demo_file) == "Priya Nair"


def name_of_priya(file: Path) -> str:
    with sqlite3.connect(file) as connection:
        (name,) = connection.execute("SELECT name FROM person WHERE id = 'priya'").fetchone()
    return str(name)


def test_a_start_that_was_interrupted_leaves_nothing_half_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    file = tmp_path / "demo.db"
    with monkeypatch.context() as patched:
        patched.setattr(start, "furnish", interrupted)
        with pytest.raises(KeyboardInterrupt):
            start.prepare(file, fresh=False)
    assert not file.exists()

    start.prepare(file, fresh=False)

    assert file.exists()
    assert [each.name for each in tmp_path.iterdir()] == ["demo.db"]


def test_the_people_one_can_be_are_there() -> None:
    assert [sample.user for sample in SAMPLES] == ["priya", "sian", "tom", "ruth", "owain", "nia", "alex"]
