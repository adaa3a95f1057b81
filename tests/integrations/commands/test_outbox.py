"""``outbox``: what whoever looks after the bot sees of messages, and does about them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Literal

import pytest
from sqlalchemy import Connection, select, update

from bot.messages.references import Card, Invitation, Report, to_json
from core.storage import outbox
from core.storage.database import Database
from core.storage.outbox import Place
from core.storage.tables import Channel, Outbox
from integrations.commands import outbox as commands
from tests.integrations.commands.conftest import Run
from tests.support.days import NOW
from tests.support.enquiries import bring
from tests.support.partnership_files import river

CHANNEL = Place("slack", "T1", "CRIVER")
LATER = NOW + timedelta(minutes=10)
CARD, REPORT, INVITATION = to_json(Card(1, "1.1")), to_json(Report(1, "en")), to_json(Invitation(1))


@pytest.fixture
def new(here: Path, upgraded_file: Path) -> str:
    """The address of a database with nothing in it."""
    (here / "var").mkdir()
    return f"sqlite:///{shutil.copy(upgraded_file, here / 'var' / 'partnership.db')}"


@pytest.fixture
def database(new: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """Ann's card (1) is tried again later, a report (2) is doubtful, Ben's card (3) is dead, and Cat's (4) is due."""
    monkeypatch.setattr(commands, "real_time", lambda: LATER)
    with closing(Database(new)) as opened:
        opened.write_now(furnish)
        yield opened


def furnish(connection: Connection) -> None:
    bring(connection, river())
    connection.execute(update(Channel).values(CHANNEL._asdict()))
    put(connection, Place("slack", "T1", "DANN"), "ann", CARD, lambda item: outbox.retry(
        connection, item, "Slack could not be reached.", LATER
    ))  # fmt: skip
    put(
        connection,
        CHANNEL,
        None,
        REPORT,
        lambda item: outbox.unknown(connection, item, "Slack did not answer in time."),
    )
    put(connection, Place("teams", "t", "a"), "ben", CARD, lambda item: outbox.dead(
        connection, item, "The bot has not been added there in Teams, or was removed."
    ))  # fmt: skip
    put(connection, Place("teams", "t", "c"), "cat", CARD, None)
    connection.execute(update(Outbox).where(Outbox.id == 1).values(due_at=LATER + timedelta(minutes=5)))


def put(
    connection: Connection,
    place: Place,
    person: str | None,
    prompt: str,
    ends: Callable[[outbox.OutboxItem], object] | None,
    manner: Literal["refresh", "once"] | None = None,
) -> None:
    outbox.put(
        connection, **place._asdict(), kind="direct" if person else "channel", key=prompt, prompt=prompt,
        manner=manner or ("refresh" if person else "once"), person=person, now=NOW,
    )  # fmt: skip
    if ends is not None:
        item = outbox.claim(connection, place, now=NOW, lease=timedelta(seconds=4))
        assert item is not None
        ends(item)


def states(database: Database) -> list[tuple[int, str]]:
    query = select(Outbox.id, Outbox.state).order_by(Outbox.id)
    return database.read_now(lambda connection: [(row, state) for row, state in connection.execute(query)])


BEFORE = [(1, "waiting"), (2, "unknown"), (3, "dead"), (4, "waiting")]


@pytest.mark.usefixtures("database")
def test_a_line_tells_for_whom_a_message_is_and_why_it_is_not_there(run: Run) -> None:
    ended = run("outbox", "list")
    assert (ended.code, ended.said) == (
        0,
        [
            "1: waiting: card for Ann on slack, tried again at 2027-06-22 09:15 UTC, tried 1 time. "
            "Slack could not be reached.",
            "2: doubtful: report for the channel of River Partnership on slack, due at 2027-06-22 09:00 UTC, "
            "tried 1 time. Slack did not answer in time.",
            "3: dead: card for Ben on teams, due at 2027-06-22 09:00 UTC, tried 1 time. "
            "The bot has not been added there in Teams, or was removed.",
            "4: waiting: card for Cat on teams, due since 2027-06-22 09:00 UTC",
        ],
    )


@pytest.mark.usefixtures("database")
def test_a_program_reads_the_same_as_json(run: Run) -> None:
    assert json.loads("\n".join(run("outbox", "list", "--json").said))[1] == {
        "row": 2,
        "state": "doubtful",
        "platform": "slack",
        "person": None,
        "partnership": "River Partnership",
        "kind": "report",
        "due_at": "2027-06-22T09:00:00+00:00",
        "attempts": 1,
        "why": "Slack did not answer in time.",
    }


@pytest.mark.usefixtures("new")
def test_nothing_is_said_to_wait_where_nothing_does(run: Run) -> None:
    assert run("outbox", "list").said == ["Nothing waits, and nothing is in doubt."]
    assert run("outbox", "list", "--json").said == ["[]"]


def test_messages_are_sent_anew(run: Run, database: Database) -> None:
    ended = run("outbox", "retry", "1", "3")
    sent = "it will be sent as soon as a running process picks it up."
    assert (ended.code, ended.said) == (0, [f"1: {sent}", f"3: {sent}"])
    assert states(database) == [(1, "waiting"), (2, "unknown"), (3, "waiting"), (4, "waiting")]


def test_a_doubtful_one_only_where_somebody_says_that_twice_is_better_than_never(run: Run, database: Database) -> None:
    ended = run("outbox", "retry", "2", "4711")
    assert (ended.code, ended.said) == (
        1,
        [
            "2: it may have arrived already. To send it anyway, at the risk of its being seen twice: "
            "--even-if-it-arrived",
            "4711: no message with this number is waiting, doubtful or dead. See: partnership-bot outbox list",
        ],
    )
    assert states(database) == BEFORE

    assert run("outbox", "retry", "2", "--even-if-it-arrived").code == 0
    assert states(database)[1] == (2, "waiting")


def test_an_invitation_to_a_cycle_that_is_not_open_stays_as_it_is(run: Run, database: Database) -> None:
    """Sent anew it would be left out for good; in the evening likewise."""
    database.write_now(
        lambda connection: put(
            connection,
            Place("slack", "T1", "DEVE"),
            "ann",
            INVITATION,
            lambda item: outbox.dead(connection, item, "This account has been deactivated."),
            manner="once",
        )
    )
    ended = run("outbox", "retry", "5")
    assert (ended.code, ended.said) == (
        1,
        [
            "5: it would not be sent now: what the clock asks or reminds of goes out in school hours, while it still "
            "matters. Retry it then, or drop it."
        ],
    )
    assert states(database) == [*BEFORE, (5, "dead")]


def test_messages_are_given_up(run: Run, database: Database) -> None:
    ended = run("outbox", "drop", "2", "3", "--json")
    told = [{"row": row, "outcome": "done", "why": "given up; it will not be sent."} for row in (2, 3)]
    assert (ended.code, json.loads("\n".join(ended.said))) == (0, told)
    assert states(database) == [(1, "waiting"), (2, "superseded"), (3, "superseded"), (4, "waiting")]
    assert len(run("outbox", "list").said) == 2


def test_one_that_cannot_be_given_up_keeps_no_other_from_it(run: Run, database: Database) -> None:
    assert run("outbox", "drop", "4711", "3").code == 1
    assert states(database)[2] == (3, "superseded")
