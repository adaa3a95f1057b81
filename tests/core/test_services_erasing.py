"""A database restored from a copy erases again whoever was erased since that copy was made."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, select, update

from core.services import erasing, privacy
from core.storage import erasures
from core.storage.database import Database
from core.storage.tables import Account, Erasure, Leader, Person
from tests.support.database import Postgres
from tests.support.enquiries import MONDAY, bring
from tests.support.partnership_files import river


class Restored:
    """An installation whose database can be put back to an earlier state; the list of who was erased stays."""

    def __init__(self, url: str, erased: Path, server: Postgres | None) -> None:
        self.url, self.erased, self._server = url, erased, server
        self.database = Database(url, erased)
        self.starts()

    def starts(self) -> None:
        self.database.upgrade()
        erasing.finish_now(self.database, MONDAY)

    def copy(self) -> str:
        self.database.close()
        if self._server is None:
            copy = f"{self.url}.copy"
            shutil.copy(self.url.removeprefix("sqlite:///"), copy.removeprefix("sqlite:///"))
        else:
            copy = self._server.fresh_url(template=self.url.rpartition("/")[2].partition("?")[0])
        self.database = Database(self.url, self.erased)
        return copy

    def restore(self, copy: str) -> None:
        self.database.close()
        self.database = Database(copy, self.erased)

    def erase(self, person: str) -> None:
        self.database.write_now(lambda connection: privacy.erase(connection, person, MONDAY))
        erasing.finish_now(self.database, MONDAY)

    def people(self) -> set[str]:
        return self.database.read_now(lambda connection: set(connection.scalars(select(Person.id))))


@pytest.fixture
def house(database_url: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Restored]:
    server = None if database_url.startswith("sqlite") else request.getfixturevalue("postgres")
    restored = Restored(database_url, tmp_path / "elsewhere" / "erased", server)
    restored.database.write_now(lambda connection: bring(connection, river()))
    yield restored
    restored.database.close()


def test_whoever_was_erased_since_is_erased_again(house: Restored) -> None:
    copy = house.copy()
    house.erase("ann")
    house.restore(copy)
    assert "ann" in house.people(), "as the copy has it"
    house.starts()
    assert house.people() == {"ben", "cat", "dan", "lea"}


def test_whoever_was_brought_back_after_being_erased_stays(house: Restored) -> None:
    house.erase("ann")
    house.database.write_now(lambda connection: bring(connection, river()))
    copy = house.copy()
    house.starts()
    assert "ann" in house.people()
    house.restore(copy)
    house.starts()
    assert "ann" in house.people()


def test_an_account_that_was_somebody_elses_then_goes_alone(house: Restored) -> None:
    """Ann is erased with what had been Ben's account when the copy was made: Ben stays, without it."""
    copy = house.copy()
    house.database.write_now(
        lambda connection: [
            connection.execute(update(Account).filter_by(user=user).values(person_id=person))
            for user, person in (("ann-web", "ben"), ("ben-web", "ann"))
        ]
    )
    house.erase("ann")
    house.restore(copy)
    house.starts()
    assert house.people() == {"ben", "cat", "dan", "lea"}
    left = house.database.read_now(lambda connection: set(connection.scalars(select(Account.user))))
    assert left == {"cat-web", "dan-web", "lea-web"}


def test_the_list_names_nobody(house: Restored) -> None:
    house.erase("ann")
    assert "ann" not in house.erased.read_text()
    assert house.erased.stat().st_mode & 0o077 == 0


def test_a_list_that_was_lost_is_written_again_from_the_database(house: Restored) -> None:
    house.erase("ann")
    before = erasures.read(house.erased)
    house.erased.unlink()
    house.starts()
    assert erasures.read(house.erased) == before != frozenset()


def test_lines_that_were_cut_off_or_put_together_from_several_files_do_no_harm(house: Restored) -> None:
    copy = house.copy()
    house.erase("ann")
    house.erased.write_text(f"0123 gar\n{house.erased.read_text()}\nabc", encoding="ascii")
    house.erase("ben")
    house.restore(copy)
    house.starts()
    assert house.people() == {"cat", "dan", "lea"}


def test_a_list_that_cannot_be_written_keeps_nobody_from_being_erased(house: Restored) -> None:
    house.erased.parent.write_text("a file where the folder should be")
    house.erase("ann")
    assert "ann" not in house.people()
    house.erased.parent.unlink()
    erasing.finish_now(house.database, MONDAY)
    assert len(erasures.read(house.erased)) == 1, "the next minute does what is left"


def test_a_deleted_row_that_sqlite_had_moved_leaves_no_copy_behind(tmp_path: Path) -> None:
    """Overwriting deleted rows is not enough: SQLite 3.40 leaves a copy of one of these in a page that it had split."""
    database = Database(f"sqlite:///{tmp_path / 'bot.db'}")
    database.upgrade()
    random_ = random.Random(20)
    people = []
    for number in range(4_000):
        who = "canary" if number % 100 == 7 else "other"
        values = {"id": f"{who}-{random_.random()}", "name": who * random_.randrange(1, 30)}
        people.append(values | {"language": "en", "reminder_time": "x"})
    canaries = delete(Person).where(Person.id.startswith("canary"))
    database.write_now(lambda connection: connection.execute(insert(Person), people) and None)
    database.write_now(lambda connection: connection.execute(canaries) and None)
    assert database.scrub()
    assert not any(b"canary" in each.read_bytes() for each in tmp_path.iterdir())
    database.close()


def test_what_is_scrubbed_is_scrubbed_once(house: Restored) -> None:
    house.erase("ann")
    states = house.database.read_now(lambda connection: list(connection.scalars(select(Erasure.scrubbed))))
    assert states == ["yes"]
    assert house.database.read_now(partial(erasures.unscrubbed, now=MONDAY)) == (frozenset(), "yes")
    assert not house.database.read_now(lambda connection: connection.scalar(select(Leader).filter_by(person_id="ann")))
