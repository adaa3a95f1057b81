"""The bot at work on a database, with people on several platforms and a clock that is set by hand."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase
from itertools import count
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select

from bot.compose.composer import Composer
from bot.inbound.events import Account, Body, Command, Conversation, Incoming, Installed, Kind, Typed, pressed
from bot.messages.blocks import Message, TextInput
from bot.turn.handle import handle
from core.charts.pool import Picture
from core.storage.database import Database
from core.storage.frameworks import FrameworkShelf
from core.storage.tables import Outbox, Posted
from scheduler.delivery import Delivery
from scheduler.planner import plan_due
from tests.support.fake_platform import FakePlatform
from tests.support.world import Pressable, pressable

PLATFORMS: Final = ("slack", "teams", "web")
LONDON: Final = ZoneInfo("Europe/London")
_BLANK: Final = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
_A_WHILE: Final = timedelta(seconds=20)


def at(written: str) -> datetime:
    """London's time, as ``2026-05-12 15:50``."""
    return datetime.fromisoformat(written).replace(tzinfo=LONDON).astimezone(UTC)


def account(written: str) -> Account:
    """As ``slack T-HARBOUR U-ann``."""
    platform, tenant, user = written.split()
    return Account(platform, tenant, user)


def direct(who: Account) -> Conversation:
    """Where they talk with the bot: on Teams it is called as they are."""
    return Conversation(who.platform, who.tenant, who.user if who.platform == "teams" else f"D-{who.user}", Kind.DIRECT)


async def blank(_: Picture) -> bytes:
    """A picture of one point: what is drawn has tests of its own, and takes long."""
    return _BLANK


@dataclass
class LiveWorld:
    database: Database
    now: datetime
    shelf: FrameworkShelf = field(default_factory=FrameworkShelf)
    platforms: dict[str, FakePlatform] = field(default_factory=lambda: {name: FakePlatform(name) for name in PLATFORMS})
    _events: Iterator[int] = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        self.composer = Composer(self.database, self.shelf, blank, self.clock)
        self.delivery = Delivery(self.database, self.platforms, self.composer, self.clock)
        self.database.read_now(self._what_was_posted_stands)

    def _what_was_posted_stands(self, connection: Connection) -> None:
        """What was posted before this world began can be edited; nobody knows what is in it."""
        said_before = connection.scalar(select(func.max(Outbox.id))) or 0
        for platform in self.platforms.values():
            platform._ids = count(said_before + 1)  # Nothing new under the number of something old.
        for row in connection.execute(select(Posted.__table__)):
            for kind in Kind:
                place = Conversation(row.platform, row.tenant, row.conversation, kind)
                self.platforms[row.platform]._messages[place][row.message_id] = Message(row.key, (), "en")

    def clock(self) -> datetime:
        return self.now

    # What people do

    async def does(self, who: Account, body: Body, *, where: Conversation | None = None) -> None:
        self.now += _A_WHILE
        event = f"{self.now:%d%H%M%S}-{next(self._events)}"
        incoming = Incoming(event, self.now, who, where or direct(who), body)
        handled = await handle(self.database, self.shelf, incoming, self.now)
        assert handled.fresh
        await self.delivery.deliver(handled.conversations)

    async def comes(self, *people: Account) -> None:
        for who in people:
            await self.does(who, Installed())

    async def types(self, who: Account, *texts: str) -> None:
        for text in texts:
            await self.does(who, Typed(text))

    async def commands(self, who: Account, text: str, where: Conversation) -> None:
        name, _, rest = text.partition(" ")
        await self.does(who, Command(name, rest), where=where)

    async def presses(self, who: Account, carries: str) -> None:
        """Press the button that stands furthest down of those that carry this, as ``OfferNote|*|yes``."""
        found = [each.action for each in self.buttons(who) if fnmatchcase(each.action, carries)]
        assert found, f"{who.user} sees no button {carries!r}"
        await self.does(who, pressed(found[-1]))

    async def taps(self, who: Account, *levels: int) -> None:
        """Tap these levels one after another, each in the row that is asked next, on the card furthest down."""
        for level in levels:
            card = [each for each in self.messages(direct(who)) if each.key.startswith("card:")][-1]
            (button,) = [each for each in pressable(card.blocks) if each.typed == str(level)]
            await self.does(who, pressed(button.action))

    async def writes(self, who: Account, text: str) -> None:
        """Write into the box that was shown last, and send it."""
        box = [each for each in self.buttons(who) if isinstance(each, TextInput)][-1]
        await self.does(who, pressed(box.action, {box.name: text}))

    # What they see

    def messages(self, where: Conversation) -> list[Message]:
        """What stands in a conversation, threads and all, in order."""
        return [*self.platforms[where.platform]._messages[where].values()]

    def buttons(self, who: Account) -> list[Pressable]:
        return [each for message in self.messages(direct(who)) for each in pressable(message.blocks)]

    def for_one_alone(self) -> Iterator[tuple[Account, Conversation, Message]]:
        """What was shown in a channel to one person."""
        for platform in self.platforms.values():
            for shown in platform.log:
                if shown.only_to is not None:
                    where = shown.conversation
                    yield Account(where.platform, where.tenant, shown.only_to), where, shown.message

    # The clock

    async def tick(self) -> None:
        await plan_due(self.database, self.now)
        await self.delivery.drain()

    async def goes_to(self, *moments: str) -> None:
        """Let the clock tick at these times of London's; one that it misses in between makes no difference."""
        for moment in moments:
            self.now = at(moment)
            await self.tick()


@asynccontextmanager
async def living(url: str, now: datetime) -> AsyncIterator[LiveWorld]:
    """A world on this database, which is brought up to date first."""
    database = Database(url)
    try:
        database.upgrade()
        yield LiveWorld(database, now)
    finally:
        database.close()
