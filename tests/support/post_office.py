"""An outbox, a platform and a clock that stands still until it is moved: for tests of what is sent, and when."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from bot.inbound.events import Conversation, Kind
from bot.messages.blocks import Message, Paragraph
from core.storage import outbox
from core.storage.database import Database
from core.storage.outbox import Manner, OutboxItem, Place
from core.storage.tables import Outbox, Person
from core.storage.upsert import insert_or_ignore
from scheduler.delivery import Delivery
from tests.support.days import NOW
from tests.support.fake_platform import FakePlatform

LEADER = Conversation("fake", "trust", "with-leader", Kind.DIRECT)
OTHER_LEADER = Conversation("fake", "trust", "with-other-leader", Kind.DIRECT)
CHANNEL = Conversation("fake", "trust", "channel", Kind.CHANNEL)
LEASE = timedelta(seconds=4)
SOMEBODY = "somebody"


def acquaint(connection: Connection) -> None:
    """Let there be somebody whom the messages are for: nothing is kept of those to strangers."""
    values = {"id": SOMEBODY, "name": "Somebody", "language": "en", "reminder_time": "after-school"}
    insert_or_ignore(Person.__table__).run(connection, values | {"email": None})


async def in_plain_words(item: OutboxItem) -> Message | None:
    return Message(item.key, (Paragraph(item.prompt),), "en")


@dataclass
class PostOffice:
    database: Database
    platform: FakePlatform = field(default_factory=FakePlatform)
    now: datetime = NOW
    compose: Callable[[OutboxItem], Awaitable[Message | None]] = in_plain_words

    def __post_init__(self) -> None:
        self.database.write_now(acquaint)

    def process(self) -> Delivery:
        """A process that delivers; several may do so on the same database."""
        return Delivery(self.database, {self.platform.name: self.platform}, self.compose, lambda: self.now)

    def later(self, **time: float) -> None:
        self.now += timedelta(**time)

    async def put(
        self,
        key: str,
        text: str = "",
        *,
        manner: Manner = "refresh",
        to: Conversation = LEADER,
        private_to: str | None = None,
        thread: str | None = None,
        turn: str | None = None,
    ) -> bool:
        return await self.database.write(
            lambda connection: outbox.put(
                connection,
                platform=to.platform,
                tenant=to.tenant,
                conversation=to.id,
                kind=to.kind,
                key=key,
                prompt=text or key,
                person=None if to.kind is Kind.CHANNEL and private_to is None else SOMEBODY,
                manner=manner,
                private_to=private_to,
                thread=thread,
                turn=turn,
                now=self.now,
            )
        )

    async def claim(self, conversation: Conversation = LEADER, *, calling: bool = False) -> OutboxItem | None:
        """What a process does that then stops, or takes very long; ``calling``: just when it calls the platform."""
        place = Place(conversation.platform, conversation.tenant, conversation.id)
        item = await self.database.write(lambda connection: outbox.claim(connection, place, now=self.now, lease=LEASE))
        if item is not None and calling:
            await self.database.write(lambda connection: outbox.is_calling(connection, item, self.now))
        return item

    async def states(self) -> list[tuple[str, str]]:
        """The key and the state of every row, in order."""
        query = select(Outbox.key, Outbox.state).order_by(Outbox.id)
        return await self.database.read(lambda connection: [(row.key, row.state) for row in connection.execute(query)])

    async def state(self, key: str) -> str:
        return dict(await self.states())[key]

    async def trouble(self, key: str) -> str | None:
        query = select(Outbox.trouble).where(Outbox.key == key)
        return await self.database.read(lambda connection: connection.execute(query).scalar_one())

    def seen(self, conversation: Conversation = LEADER) -> list[str]:
        """What can be read in a conversation, in order."""
        return [_text(message) for message in self.platform.messages(conversation)]

    def seen_in_thread(self, message_id: str, conversation: Conversation = CHANNEL) -> list[str]:
        """What can be read in the thread of a message, in order."""
        return [_text(message) for message in self.platform.in_thread(conversation, message_id)]

    def done(self) -> list[tuple[str, str]]:
        """How and with what text the platform was used, in order."""
        return [(shown.how, _text(shown.message)) for shown in self.platform.log]


def _text(message: Message) -> str:
    (block,) = message.blocks
    assert isinstance(block, Paragraph)
    return block.text
