"""What somebody finds who opens the demo for the first time."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.events import Account
from core.enquiry import Enquiry
from core.services import cycles, enquiries, reporting
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
        "invitation",
        "nudge",
        "nudge",
    ]


def test_everything_that_was_said_has_been_delivered(database: Database) -> None:
    waiting = select(tables.Outbox.key).where(tables.Outbox.state.not_in(("sent", "superseded")))

    assert database.read_now(lambda connection: list(connection.scalars(waiting))) == []


def test_its_figures_tell_a_story(database: Database) -> None:
    """Trust is strong; support, challenge and impact are the next step."""
    snapshot = database.write_now(lambda connection: reporting.freeze(connection, FrameworkShelf(), 2, BEGINS))

    assert snapshot.facts.strongest[0].subtheme == "3.1"
    assert [each.subtheme for each in snapshot.facts.priorities[:2]] == ["2.3", "2.2"]


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
    assert [sample.user for sample in SAMPLES] == ["priya", "sian", "tom", "ruth", "alex"]
