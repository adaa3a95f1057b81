"""In a channel that the bot was added to it says once what it is for, in the channel's language."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, select, update

from bot.apply.welcome_channel import welcome
from bot.compose.personal import tell
from bot.inbound.events import Conversation, Kind
from bot.messages import references
from bot.messages.blocks import Heading
from core.storage import tables
from tests.support.world import NOW, World, memory

CHANNEL = Conversation("test", "t", "channel", Kind.CHANNEL)


@pytest.fixture
def connection() -> Iterator[Connection]:
    with memory() as opened:
        yield opened


def put(connection: Connection) -> list[references.MessageReference]:
    rows = connection.execute(select(tables.Outbox.prompt).filter_by(conversation="channel"))
    return [references.from_json(row.prompt) for row in rows]


def test_it_is_said_once_however_often_the_platform_tells(connection: Connection) -> None:
    World(connection)
    for _ in range(2):
        assert welcome(connection, CHANNEL, "event-1", NOW) == {CHANNEL}
    assert put(connection) == [references.ChannelWelcome("en")]


def test_whoever_adds_it_again_is_welcomed_again(connection: Connection) -> None:
    World(connection)
    for event in ("event-1", "event-2"):
        welcome(connection, CHANNEL, event, NOW)
    assert len(put(connection)) == 2


@pytest.mark.parametrize(
    ("language", "headings"),
    [
        ("en", ["Hello. I'm the partnership bot."]),
        ("cy", ["Helo. Fi yw bot y bartneriaeth."]),
        ("both", ["Helo. Fi yw bot y bartneriaeth.", "Hello. I'm the partnership bot."]),
    ],
)
def test_it_speaks_the_channels_language(connection: Connection, language: str, headings: list[str]) -> None:
    world = World(connection)
    connection.execute(update(tables.Channel).values(language=language))
    welcome(connection, CHANNEL, "event-1", NOW)
    (what,) = put(connection)
    blocks = tell(connection, world.shelf, what, None, NOW) or ()
    assert [block.text for block in blocks if isinstance(block, Heading)] == headings


def test_a_channel_that_is_no_partnerships_yet_is_spoken_to_in_both_as_strangers_are(connection: Connection) -> None:
    """The app is added first and the partnership imported then: most who read it read English."""
    world = World(connection)
    elsewhere = Conversation("test", "t", "another", Kind.CHANNEL)
    welcome(connection, elsewhere, "event-1", NOW)
    prompt = connection.scalar(select(tables.Outbox.prompt))
    blocks = tell(connection, world.shelf, references.from_json(str(prompt)), None, NOW) or ()
    headings = [block.text for block in blocks if isinstance(block, Heading)]
    assert headings == ["Hello. I'm the partnership bot.", "Helo. Fi yw bot y bartneriaeth."]
