"""An event has one effect, and what is stored of it says nothing about who caused it."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import insert, select

from core.storage import inbox
from core.storage.database import Database
from core.storage.tables import Inbox, InstallationKey
from tests.support.days import NOW

PRESS = "slack:T-HARBOUR:U-ann:1790000000.000100"


def stored(database: Database) -> list[str]:
    return database.read_now(lambda connection: sorted(connection.scalars(select(Inbox.event_key))))


def is_new(database: Database, event: str = PRESS) -> bool:
    return database.write_now(partial(inbox.is_new, event_key=event, now=NOW))


@pytest.fixture
def written_by_an_earlier_version(database: Database) -> Database:
    plain = insert(Inbox).values(event_key=PRESS, received_at=NOW)
    database.write_now(lambda connection: connection.execute(plain) and None)
    return database


def test_an_event_is_new_once(database: Database) -> None:
    assert [is_new(database), is_new(database), is_new(database, PRESS + "1")] == [True, False, True]


def test_who_caused_it_is_not_stored(database: Database) -> None:
    is_new(database)
    (kept,) = stored(database)
    assert not any(part in kept for part in PRESS.split(":"))


def test_it_cannot_be_tried_out_elsewhere(database: Database) -> None:
    """Each installation has a key of its own: the same event is stored otherwise under another."""
    is_new(database)
    (kept,) = stored(database)
    key = database.read_now(lambda connection: connection.scalars(select(InstallationKey.key)).one())
    assert len(key) == 32
    assert inbox._hash(bytes(32), PRESS) != kept == inbox._hash(key, PRESS)


def test_every_process_and_a_later_start_know_what_was_seen(database: Database, database_url: str) -> None:
    is_new(database)
    other = Database(database_url)
    assert not is_new(other)
    other.close()


def test_an_event_from_before_the_upgrade_still_counts_as_seen(written_by_an_earlier_version: Database) -> None:
    assert not is_new(written_by_an_earlier_version)


def test_and_also_once_it_has_been_hashed(written_by_an_earlier_version: Database) -> None:
    database = written_by_an_earlier_version
    assert [database.write_now(inbox.hash_plain), database.write_now(inbox.hash_plain)] == [1, 0]
    assert PRESS not in stored(database)
    assert not is_new(database)


def test_it_is_forgotten_when_its_thirty_days_are_over_as_if_it_had_not_been_hashed(
    written_by_an_earlier_version: Database,
) -> None:
    database = written_by_an_earlier_version
    database.write_now(inbox.hash_plain)
    assert database.write_now(partial(inbox.purge, before=NOW)) == 0
    assert database.write_now(partial(inbox.purge, before=NOW + timedelta(seconds=1))) == 1
