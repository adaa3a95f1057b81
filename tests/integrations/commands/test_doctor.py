"""``doctor``: what is wrong with the bot's work, the likeliest cause first, from what is stored."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert, select, update

from core.settings import Settings
from core.storage import outbox, signs_of_life
from core.storage.database import Database
from core.storage.outbox import OutboxItem, Place
from core.storage.tables import Channel, Partnership
from integrations.commands import doctor as command
from integrations.registration import Checked, Clock, Registration, Service
from tests.support.days import NOW
from tests.support.enquiries import bring
from tests.support.partnership_files import river

START = (
    "Start a process that sends and reminds: partnership-bot serve, with the role all or worker. If one is running, "
    "its log says what went wrong."
)
LOG = "The log of the process that sends says why, and partnership-bot outbox list what they are."
SEE = "See: partnership-bot outbox list"


class Patient:
    """An installation where everybody is on the platform Toy, whose clock did its work a minute ago."""

    def __init__(self, database: Database, said: Callable[[], str]) -> None:
        self.database, self._said = database, said
        self.asked = list[bool]()
        """How often Toy was looked at, and whether it was to be asked itself."""
        self.is_set_up = True
        self.toy = Registration(
            "toy", service=Service("Toy", "docs/toy.md", lambda _: self.is_set_up, lambda *_: None, self._check_up)
        )

    async def _check_up(self, _: Settings, __: Database, ___: Clock, *, ask: bool) -> Sequence[Checked]:
        self.asked.append(ask)
        return []

    def told(self, *, well: bool, everything: bool = False, ask: bool = False) -> list[str]:
        assert command.doctor((self.toy,), everything=everything, ask=ask) is well
        return self._said().splitlines()

    def wrong(self) -> list[str]:
        """What is wrong, without the line that sums it up."""
        return [each.removeprefix("NO  ") for each in self.told(well=False)[:-1]]

    def does(self, work: Callable[[Connection], object]) -> None:
        self.database.write_now(lambda connection: work(connection) and None)

    def has_message(self, number: int, ends: Callable[[Connection, OutboxItem], object] | None = None) -> None:
        place = Place("toy", "town", f"d{number}")

        def put(connection: Connection) -> None:
            outbox.put(
                connection, **place._asdict(), kind="direct", key="card", prompt="{}", manner="refresh", person="ann",
                now=NOW,
            )  # fmt: skip
            if ends is not None:
                item = outbox.claim(connection, place, now=NOW, lease=timedelta(seconds=4))
                assert item is not None
                ends(connection, item)

        self.does(put)


@pytest.fixture
def patient(
    here: Path, upgraded_file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Patient]:
    (here / "var").mkdir()
    url = f"sqlite:///{shutil.copy(upgraded_file, here / 'var' / 'partnership.db')}"
    monkeypatch.setattr(command, "real_time", lambda: NOW)
    with closing(Database(url)) as database:
        patient = Patient(database, lambda: capsys.readouterr().out)
        patient.does(furnish)
        yield patient


def furnish(connection: Connection) -> None:
    bring(connection, river(name="River 0"))
    connection.execute(update(Channel).values(platform="toy"))
    signs_of_life.give(connection, "minute", NOW - timedelta(minutes=1))


def with_more_like_it(connection: Connection, more: int) -> None:
    """Let there be so many more partnerships like River, which takes long by their files."""
    for table, named in ((Partnership.__table__, "id"), (Channel.__table__, "partnership_id")):
        (like,) = connection.execute(select(table).where(table.c[named] == "river")).mappings()
        for number in range(1, more + 1):
            differs = {named: f"river{number}"}
            differs |= {"name": f"River {number}"} if named == "id" else {"conversation": f"c{number}"}
            connection.execute(insert(table).values(dict(like) | differs))


def at(patient: Patient, monkeypatch: pytest.MonkeyPatch, minutes: int) -> list[str]:
    monkeypatch.setattr(command, "real_time", lambda: NOW + timedelta(minutes=minutes))
    return patient.wrong()


def test_where_all_is_well_one_line_says_so(patient: Patient) -> None:
    (line,) = patient.told(well=True)
    assert line.startswith("All is well: ")
    assert len(patient.told(well=True, everything=True)) > 10


def test_two_hundred_partnerships_are_looked_at_without_asking_any_platform(patient: Patient) -> None:
    patient.does(partial(with_more_like_it, more=199))
    (line,) = patient.told(well=True)
    assert line.endswith("No chat platform was asked: --ask does that.")
    assert patient.asked == [False]

    (line,) = patient.told(well=True, ask=True)
    assert line.endswith("things were checked. --all lists them.")
    assert patient.asked == [False, True]


def test_a_rush_without_a_worker_is_told_with_its_cause_first(
    patient: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(28):
        patient.has_message(number)
    assert at(patient, monkeypatch, 13) == [
        f"The clock last did its work 14 minutes ago. {START}",
        f"28 messages are due, the oldest for 13 minutes, and nobody sends them. {LOG}",
    ]


def test_a_platform_that_is_not_set_up_is_the_first_cause_of_what_waits_for_it(
    patient: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    patient.does(partial(with_more_like_it, more=4))
    patient.has_message(1)
    patient.is_set_up = False
    assert at(patient, monkeypatch, 2) == [
        "River 0, River 1, River 2 and 2 more have their channels in Toy, which is not set up here: "
        "docs/toy.md says how.",
        "1 message waits for Toy, which is not set up here: docs/toy.md says how.",
    ]
    assert patient.asked == []


def test_why_messages_did_not_arrive_is_a_line_for_each_cause_the_most_frequent_first(patient: Patient) -> None:
    for number, trouble in enumerate(["This channel is archived.", "The bot was removed.", "The bot was removed."]):
        patient.has_message(number, partial(outbox.dead, trouble=trouble))
    patient.has_message(4, partial(outbox.unknown, trouble="Toy did not answer in time."))
    assert patient.wrong() == [
        f"2 messages were given up: The bot was removed. {SEE}",
        f"1 message was given up: This channel is archived. {SEE}",
        f"1 message may not have arrived: Toy did not answer in time. {SEE}",
    ]
    assert patient.told(well=False)[-1].startswith("3 of ")


def test_a_database_that_cannot_be_written_is_the_first_cause_of_all(
    patient: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    patient.has_message(1)
    patient.does(lambda connection: connection.exec_driver_sql(
        "CREATE TRIGGER full BEFORE UPDATE ON sign_of_life BEGIN SELECT RAISE(ABORT, 'no'); END"
    ))  # fmt: skip
    patient.does(lambda connection: connection.exec_driver_sql(
        "CREATE TRIGGER full_too BEFORE INSERT ON sign_of_life BEGIN SELECT RAISE(ABORT, 'no'); END"
    ))  # fmt: skip
    assert at(patient, monkeypatch, 13)[0].startswith("Nothing can be stored: ")
