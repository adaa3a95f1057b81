"""Where conversations are reached: the latest word counts, and nobody's is kept for longer than it is of use."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Connection, func, select

from core.services import conversation_addresses, shared_files
from core.services.conversation_addresses import KEPT_FOR, Reference
from core.services.shared_files import SharedFile
from core.storage import tables
from core.storage.database import Database
from core.storage.outbox import Place
from tests.support.enquiries import MONDAY, bring
from tests.support.partnership_files import river

ANN = Place("web", "demo", "ann-web")
NOBODY = Place("web", "demo", "somebody")


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    database = Database(database_url)
    database.upgrade()
    with database.engine.begin() as opened:
        bring(opened, river())
        yield opened
    database.close()


def test_what_a_later_word_leaves_out_stays(connection: Connection) -> None:
    conversation_addresses.remember(connection, ANN, Reference("https://one.example/", "a:1", "29:ann"), MONDAY)
    conversation_addresses.remember(connection, ANN, Reference("https://two.example/"), MONDAY)
    assert conversation_addresses.find(connection, ANN) == Reference("https://two.example/", "a:1", "29:ann")


def test_what_somebody_says_themselves_outweighs_a_roster(connection: Connection) -> None:
    for service_url in ("https://first.example/", "https://moved.example/"):
        conversation_addresses.remember(connection, ANN, Reference(service_url, member="29:ann"), MONDAY, hearsay=True)
        assert conversation_addresses.find(connection, ANN) == Reference(service_url, member="29:ann")
    own = Reference("https://own.example/", "a:1", "29:ann")
    conversation_addresses.remember(connection, ANN, own, MONDAY)
    conversation_addresses.remember(connection, ANN, Reference("https://roster.example/"), MONDAY, hearsay=True)
    assert conversation_addresses.find(connection, ANN) == own


def test_a_conversation_that_nothing_came_from_is_where_its_organisation_is(connection: Connection) -> None:
    conversation_addresses.remember(connection, ANN, Reference("https://one.example/", "a:1"), MONDAY)
    conversation_addresses.remember(connection, NOBODY, Reference("https://two.example/"), MONDAY + timedelta(days=1))
    assert conversation_addresses.find(connection, Place("web", "demo", "third")) == Reference("https://two.example/")
    assert conversation_addresses.find(connection, Place("web", "another", "third")) is None


def test_nothing_is_kept_of_somebody_who_is_neither_known_nor_was_heard_from(connection: Connection) -> None:
    for place in (ANN, NOBODY):
        conversation_addresses.opened(connection, place, Reference("https://one.example/", "a:1"), MONDAY)
    kept = select(tables.ConversationReference.conversation)
    assert list(connection.scalars(kept)) == ["ann-web"]


@pytest.mark.parametrize(
    ("team", "left"),
    [
        pytest.param("oaks", ["ann-web", "elm", "oak-3"], id="all channels of the team, in this organisation"),
        pytest.param(None, ["ann-web", "elm", "oak-2", "oak-3"], id="of an unknown team only that one"),
    ],
)
def test_a_channel_is_forgotten_with_those_of_its_team(
    connection: Connection, team: str | None, left: list[str]
) -> None:
    conversation_addresses.remember(connection, ANN, Reference("https://one.example/"), MONDAY)
    for tenant, channel, its in (
        ("demo", "oak-1", "oaks"), ("demo", "oak-2", "oaks"), ("another", "oak-3", "oaks"), ("demo", "elm", "elms"),
    ):  # fmt: skip
        reference = Reference("https://one.example/", channel, team=its)
        conversation_addresses.remember(connection, Place("web", tenant, channel), reference, MONDAY)
    conversation_addresses.forget(connection, Place("web", "demo", "oak-1"), team)
    kept = tables.ConversationReference.conversation
    assert list(connection.scalars(select(kept).order_by(kept))) == left


def test_strangers_are_forgotten_after_a_while_and_people_and_channels_are_not(connection: Connection) -> None:
    places = (ANN, NOBODY, Place("web", "demo", "river-channel"))
    for place in places:
        conversation_addresses.remember(connection, place, Reference("https://one.example/"), MONDAY)
    conversation_addresses.purge(connection, MONDAY + KEPT_FOR)
    count = select(func.count()).select_from(tables.ConversationReference)
    assert connection.scalar(count) == 3
    conversation_addresses.purge(connection, MONDAY + KEPT_FOR + timedelta(seconds=1))
    kept = select(tables.ConversationReference.conversation)
    assert sorted(connection.scalars(kept)) == ["ann-web", "river-channel"]


def test_a_file_is_there_until_its_time_is_over(connection: Connection) -> None:
    file, ends = SharedFile("x.png", "image/png", b"x"), MONDAY + timedelta(days=1)
    token = shared_files.share(connection, ANN, "card:1", file, ends)
    assert shared_files.fetch(connection, token, ends - timedelta(seconds=1)) == file
    assert shared_files.fetch(connection, token, ends) is None
    shared_files.purge(connection, ends)
    assert connection.scalar(select(func.count()).select_from(tables.SharedFile)) == 0


def test_another_content_is_another_file(connection: Connection) -> None:
    ends = MONDAY + timedelta(days=1)
    tokens = {
        shared_files.share(connection, place, "card:1", SharedFile("x.png", "image/png", content), ends)
        for place in (ANN, NOBODY)
        for content in (b"x", b"y", b"x")
    }
    assert len(tokens) == 4
