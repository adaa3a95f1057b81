"""The browser chat as a platform: what is sent to it stands in our own database, on either engine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from markupsafe import Markup
from sqlalchemy import func, select

from bot.inbound.events import Conversation, Kind
from bot.messages.blocks import File, Message, Paragraph
from bot.platform import Unreachable
from core.storage import tables
from core.storage.database import Database
from integrations.web import reading
from integrations.web.client import BrowserChat, keep
from tests.support.days import NOW

DIRECT = Conversation("web", "demo", "with-ann", Kind.DIRECT)
CHANNEL = Conversation("web", "demo", "river", Kind.CHANNEL)


@dataclass
class Room:
    database: Database
    now: datetime = NOW

    def __post_init__(self) -> None:
        self.chat = BrowserChat(self.database, lambda: self.now)

    async def seen(self, where: Conversation = DIRECT, by: str = "ann") -> list[reading.SeenMessage]:
        return list(await self.database.read(lambda connection: reading.messages(connection, where.id, by, Markup())))

    async def words(self, where: Conversation = DIRECT, by: str = "ann") -> list[str]:
        return [Markup(each.html).striptags() for each in await self.seen(where, by)]

    async def files(self) -> int:
        count = select(func.count()).select_from(tables.BrowserFile)
        return await self.database.read(lambda connection: connection.scalar(count) or 0)


@pytest.fixture
def room(database_url: str) -> Iterator[Room]:
    database = Database(database_url)
    database.upgrade()
    yield Room(database)
    database.close()


def message(key: str, text: str, *files: File) -> Message:
    return Message(key, (Paragraph(text),), "en", files)


FILE = File("figures.csv", "text/csv", b"a,b")


async def test_messages_stand_in_the_order_they_came(room: Room) -> None:
    await room.chat.post(DIRECT, message("one", "Good morning"))
    await room.chat.post(DIRECT, message("two", "How are you?"))

    assert await room.words() == ["Good morning", "How are you?"]


async def test_an_edit_takes_the_place_of_the_message_and_of_its_files(room: Room) -> None:
    first = await room.chat.post(DIRECT, message("one", "Draft", FILE))
    await room.chat.post(DIRECT, message("two", "Next"))
    room.now += timedelta(minutes=1)
    await room.chat.edit(DIRECT, first, message("one", "Final", FILE))

    assert await room.words() == ["Final figures.csv", "Next"]
    assert await room.files() == 1
    assert reading.latest(await room.seen()) == int(first), "what was changed last is in view"


async def test_a_message_posted_anew_moves_down(room: Room) -> None:
    for key, text in (("card:1:1.1", "A question"), ("reply", "An answer"), ("card:1:1.1", "The question again")):
        await room.chat.post(DIRECT, message(key, text, FILE))

    assert await room.words() == ["An answer figures.csv", "The question again figures.csv"]
    assert await room.files() == 2


async def test_a_thread_stands_below_the_message_that_began_it(room: Room) -> None:
    report = await room.chat.post(CHANNEL, message("report", "The report"))
    await room.chat.post(CHANNEL, message("other", "Something else"))
    for name in ("first", "second"):
        await room.chat.post(CHANNEL, message(name, f"The {name} picture"), report)

    assert [(each.html.count("picture"), each.in_thread) for each in await room.seen(CHANNEL)] == [
        (0, False), (1, True), (1, True), (0, False),
    ]  # fmt: skip
    assert await room.words(CHANNEL) == ["The report", "The first picture", "The second picture", "Something else"]
    assert reading.latest(await room.seen(CHANNEL)) == int(report) + 1, "a picture is not what people look for first"


async def test_the_thread_of_a_message_that_is_no_longer_there_is_gone(room: Room) -> None:
    report = await room.chat.post(CHANNEL, message("report", "The report"))
    for place, thread in ((CHANNEL, "999"), (DIRECT, report)):
        with pytest.raises(Unreachable):
            await room.chat.post(place, message("picture", "A picture"), thread)

    assert await room.words(CHANNEL) == ["The report"]


async def test_the_same_key_elsewhere_is_another_message(room: Room) -> None:
    await room.chat.post(DIRECT, message("report", "To Ann"))
    await room.chat.post(CHANNEL, message("report", "To all"))
    await room.chat.private(CHANNEL, "ann", message("report", "To Ann in the channel"))

    assert await room.words() == ["To Ann"]
    assert await room.words(CHANNEL) == ["To all", "To Ann in the channel"]


async def test_what_one_person_is_told_in_a_channel_no_other_sees(room: Room) -> None:
    assert await room.chat.private(CHANNEL, "ann", message("reply", "Only a lead can do this."))

    assert [each.only_you for each in await room.seen(CHANNEL, "ann")] == [True]
    assert await room.seen(CHANNEL, "ben") == []


async def test_a_message_is_found_by_its_whole_key_in_its_own_conversation(room: Room) -> None:
    posted = await room.chat.post(CHANNEL, message("report:1:web", "The report"))
    await room.chat.private(CHANNEL, "ann", message("report:2:web", "Not for everybody"))

    assert await room.chat.find(CHANNEL, "report:1:web") == posted
    assert await room.chat.find(CHANNEL, "report:1") is None
    assert await room.chat.find(CHANNEL, "report:2:web") is None
    assert await room.chat.find(DIRECT, "report:1:web") is None
    assert await room.chat.find(CHANNEL, "%") is None


@pytest.mark.parametrize("message_id", ["999", "-1"])
async def test_a_message_that_is_no_longer_there_cannot_be_edited(room: Room, message_id: str) -> None:
    with pytest.raises(Unreachable):
        await room.chat.edit(DIRECT, message_id, message("one", "Too late"))


async def test_a_message_of_another_conversation_cannot_be_edited(room: Room) -> None:
    posted = await room.chat.post(CHANNEL, message("one", "To all"))

    with pytest.raises(Unreachable):
        await room.chat.edit(DIRECT, posted, message("one", "To Ann"))
    assert await room.words(CHANNEL) == ["To all"]


@pytest.mark.parametrize("user", ["bot", "Partnership bot", "0"])
async def test_nobody_can_be_called_so_that_their_words_become_the_bots(room: Room, user: str) -> None:
    await room.database.write(lambda connection: keep(connection, DIRECT.id, user, "<b>bold</b>", NOW))

    (shown,) = await room.seen()
    assert not shown.by_bot
    assert shown.html == "&lt;b&gt;bold&lt;/b&gt;"


async def test_only_the_latest_messages_are_shown(room: Room) -> None:
    def many(connection: object) -> None:
        for number in range(reading.MOST + 5):
            keep(connection, DIRECT.id, "ann", str(number), NOW)  # type: ignore[arg-type]

    await room.database.write(many)

    assert (await room.words())[0] == "5"
