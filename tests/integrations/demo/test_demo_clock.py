"""The demo's clock: it begins on a school morning, stands still while the demo is off, and never goes back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from core.storage import inbox
from core.storage.database import Database
from integrations.demo.clock import BEGINS, DemoClock


@dataclass
class Reality:
    now: datetime = datetime(2031, 5, 6, 7, 8, 9, 500_000, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def passes(self, **time: float) -> None:
        self.now += timedelta(**time)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url)
    opened.upgrade()
    yield opened
    opened.close()


@pytest.fixture
def reality() -> Reality:
    return Reality()


def started(database: Database, reality: Reality) -> DemoClock:
    clock = DemoClock(reality)
    database.write_now(clock.go_on)
    return clock


def test_it_begins_on_a_tuesday_morning_whatever_day_it_really_is(database: Database, reality: Reality) -> None:
    clock = started(database, reality)

    assert timedelta(0) <= clock() - BEGINS < timedelta(seconds=1)
    assert f"{BEGINS:%A %H:%M}" == "Tuesday 10:00"


def test_it_runs_as_fast_as_the_real_one(database: Database, reality: Reality) -> None:
    clock = started(database, reality)
    before = clock()
    reality.passes(minutes=7)

    assert clock() - before == timedelta(minutes=7)


def test_it_goes_on_from_what_happened_last_when_the_demo_is_started_again(
    database: Database, reality: Reality
) -> None:
    clock = started(database, reality)
    reality.passes(minutes=30)
    last = clock()
    database.write_now(lambda connection: inbox.is_new(connection, "an event", last))
    reality.passes(days=100)

    again = started(database, reality)

    assert timedelta(0) <= again() - last < timedelta(seconds=1)


def test_it_is_moved_forward_and_never_back(database: Database, reality: Reality) -> None:
    clock = started(database, reality)
    database.write_now(lambda connection: clock.forward(connection, BEGINS + timedelta(days=3)))
    assert clock() >= BEGINS + timedelta(days=3)
    moved = clock()

    database.write_now(lambda connection: clock.forward(connection, BEGINS))

    assert clock() == moved


def test_a_second_process_reads_the_same(database: Database, reality: Reality) -> None:
    clock = started(database, reality)
    database.write_now(lambda connection: clock.forward(connection, BEGINS + timedelta(days=3)))
    reality.passes(minutes=5)
    other = DemoClock(reality)
    database.write_now(other.join)

    assert other() == clock()


def test_a_process_that_comes_first_begins_at_the_beginning(database: Database, reality: Reality) -> None:
    alone = DemoClock(reality)
    database.write_now(alone.join)

    assert timedelta(0) <= alone() - BEGINS < timedelta(seconds=1)
