"""Act on what came from Teams, and answer once it is committed.

The answer to a press is the card's new version. Everything else is sent separately, and if that takes a while, Teams
meanwhile shows that something is coming.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Final, Protocol, TypeAlias

from sqlalchemy import Connection as Transaction
from sqlalchemy.exc import DBAPIError

from bot.inbound.events import Account, Command, Conversation, Kind
from bot.messages.blocks import Message
from bot.turn.event_line import EventLine, logged
from bot.turn.handle import Handled, is_brief, turn
from core.log import Log
from core.services import conversation_addresses, people
from core.services.conversation_addresses import Reference
from core.storage import outbox
from core.storage.database import Database
from core.storage.frameworks import FrameworkShelf
from core.storage.outbox import Claimed, Place
from integrations.delivery_port import Delivers
from integrations.pacing import Pause
from integrations.teams import words
from integrations.teams.client import TeamsChat
from integrations.teams.connector import Service
from integrations.teams.parse import PLATFORM, Heard, Ignored, InTeam, OutOfTeam, Refresh, Unknown, parse
from integrations.teams.render import CARD, card_of, render
from integrations.teams.verify import Payload

_log = Log(__name__)

Standing: TypeAlias = Callable[[Transaction, Conversation, str, str], Message | None]
"""The current version of a message sent to a user."""
Welcome: TypeAlias = Callable[[Transaction, Conversation, str, datetime, str], frozenset[Conversation]]
"""Puts a welcome into the outbox for a channel the bot was added to; returns where it waits."""

Meet: TypeAlias = Callable[[str], Awaitable[None]]
"""Searches an organisation's teams for people whose addresses the bot knows."""

SOON: Final = 1.0
"""Seconds before showing that an answer is coming; Teams wants to see something within two."""
A_MOMENT: Final = timedelta(seconds=2.5)
"""After the last press on a card, until it is edited for other devices; whoever pressed has it in the answer."""
_EDIT_ENDS: Final = 1.5
"""Seconds that an answer waits at most for an edit of its card that began before the press."""
_LOOKS_EVERY: Final = 0.1
_REMEMBERED_FOR: Final = timedelta(days=1)
_MOST_REMEMBERED: Final = 10_000
_MESSAGE: Final = "application/vnd.microsoft.activity.message"


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """The status and content of the response to a request."""

    status: int = 200
    content: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class _Done:
    """What has been committed, and what is left to do about it."""

    handled: Handled
    card: Message | None
    """The current version of the pressed card."""
    claimed: Sequence[Claimed] = ()
    being_edited: bool = False
    """The card is being edited to what it showed before."""

    @property
    def at_once(self) -> bool:
        """Whether messages must go out now: the answer already shows the card to whoever pressed."""
        shown = set() if self.card is None else {self.card.key}
        return bool(self.handled.conversations) and (self.handled.more or not self.handled.edits <= shown)


class Recognise(Protocol):
    """Identifies an account's person, if nobody has said so yet."""

    async def __call__(self, account: Account, service: Service, conversation: str, member: str) -> None: ...


class TeamsDoor:
    def __init__(  # noqa: PLR0913 - where it passes events on to
        self,
        *,
        teams: TeamsChat,
        database: Database,
        shelf: FrameworkShelf,
        clock: Callable[[], datetime],
        delivery: Delivers,
        standing: Standing,
        welcome: Welcome | None = None,
        recognise: Recognise | None = None,
        meet: Meet | None = None,
        soon: float = SOON,
        pause: Pause = asyncio.sleep,
    ) -> None:
        self._teams, self._database, self._shelf = teams, database, shelf
        self._clock, self._delivery, self._standing = clock, delivery, standing
        self._welcome, self._recognise, self._meet, self._soon = welcome, recognise, meet, soon
        self._pause = pause
        self._running: set[asyncio.Task[None]] = set()
        self._kept: dict[Conversation, tuple[Reference, datetime]] = {}

    async def receive(self, activity: Payload) -> HttpAnswer:
        """Do what an activity asks, and return the response for Teams."""
        received = parse(activity)
        match received:
            case Heard():
                return await self._hear(received)
            case Refresh():
                with EventLine(PLATFORM, "refresh"):
                    return await self._as_it_is(received)
            case InTeam():
                with EventLine(PLATFORM, "team") as line:
                    line.messages = await self._joined(received, line.turn)
            case OutOfTeam():
                with EventLine(PLATFORM, "removed"):
                    await self._left_team(received)
            case Unknown():
                with EventLine(PLATFORM, "unknown") as line:
                    line.outcome = "not understood"
                    return HttpAnswer(501)
            case Ignored():
                pass
        return HttpAnswer()

    async def finish(self) -> None:
        """Wait until all background work is done."""
        while self._running:
            await asyncio.gather(*self._running, return_exceptions=True)

    async def _hear(self, heard: Heard) -> HttpAnswer:
        service = Service(heard.incoming.account.tenant, next(iter(heard.reached.values())).service_url)
        answered = self._announced(service, heard.there)
        try:
            done = await self._handled(heard, service)
        except BaseException:
            answered.cancel()
            raise
        if done.at_once:
            self._begin(self._answer(done, service, heard, answered))
        else:
            answered.cancel()
        if heard.pressed is None:
            return HttpAnswer()
        if done.being_edited and done.card is not None:
            await self._edit_has_ended(heard.incoming.conversation, done.card.key)
        return _answer_with(done.card)

    async def _handled(self, heard: Heard, service: Service) -> _Done:
        incoming, now = heard.incoming, self._clock()
        new = self._new(heard.reached, now)
        self._teams.remember(heard.reached)

        def work(writing: Transaction) -> _Done:
            for conversation, reference in new.items():
                conversation_addresses.remember(writing, _place(conversation), reference, now)
            if incoming.conversation.kind is Kind.CHANNEL or len(heard.reached) > 1:
                people.open_conversation(writing, incoming.account)
            handled = turn(writing, self._shelf, incoming, now)
            done = _Done(handled, self._card(writing, heard))
            if done.card is not None and handled.fresh:
                place = _place(incoming.conversation)
                edited = outbox.postpone(writing, place, done.card.key, now=now, until=now + A_MOMENT)
                done = replace(done, being_edited=edited)
            claimed = self._delivery.claim(writing, handled.conversations) if done.at_once else ()
            return replace(done, claimed=claimed)

        with logged(incoming) as line:
            if self._recognise is not None:
                await self._recognise(incoming.account, service, heard.there, _member(heard))
            done = await self._database.write(work, brief=is_brief(incoming))
            line.take(done.handled)
        self._remember(new, now)
        return done

    def _card(self, writing: Transaction, heard: Heard) -> Message | None:
        """The pressed card. If it can't be built, the answer still stands: its message is edited later."""
        if not heard.pressed:
            return None
        try:
            return self._standing(writing, heard.incoming.conversation, heard.incoming.account.user, heard.pressed)
        except DBAPIError:
            raise  # Nothing more can be stored in this transaction.
        except Exception as error:  # noqa: BLE001 - whatever it was, it mustn't affect the answer
            _log.error("A card could not be made", error, turn=heard.incoming.turn)
            return None

    def _announced(self, service: Service, there: str) -> asyncio.TimerHandle:
        """Show that an answer is coming, unless cancelled first because the answer is there."""

        def announce() -> None:
            self._begin(self._teams.typing(service, there))

        return asyncio.get_running_loop().call_later(self._soon, announce)

    async def _answer(self, done: _Done, service: Service, heard: Heard, answered: asyncio.TimerHandle) -> None:
        handled = done.handled
        try:
            delivering = asyncio.ensure_future(self._delivery.deliver(handled.conversations, done.claimed))
            if handled.fresh and len(heard.reached) > 1 and isinstance(heard.incoming.body, Command):
                await self._teams.say(service, heard.there, words.ANSWERED_ALONE)
            await delivering
        finally:
            answered.cancel()

    async def _edit_has_ended(self, conversation: Conversation, key: str) -> None:
        """Wait for the edit of a card that carries less than the answer; after the answer it would take that back."""
        waited, place = 0.0, _place(conversation)
        while waited < _EDIT_ENDS and await self._database.read(partial(self._is_being_edited, place, key)):
            await self._pause(_LOOKS_EVERY)
            waited += _LOOKS_EVERY

    def _is_being_edited(self, place: Place, key: str, reading: Transaction) -> bool:
        return outbox.is_being_sent(reading, place, key, self._clock())

    async def _as_it_is(self, refresh: Refresh) -> HttpAnswer:
        conversation, user, message = refresh.conversation, refresh.account.user, refresh.message
        if not message:
            return _answer_with(None)
        return _answer_with(
            await self._database.read(lambda reading: self._standing(reading, conversation, user, message))
        )

    async def _left_team(self, received: OutOfTeam) -> None:
        self._kept.clear()
        place, team = _place(received.channel), received.team
        await self._database.write(lambda writing: conversation_addresses.forget(writing, place, team))

    async def _joined(self, received: InTeam, turn: str) -> int:
        """Returns how many messages are waiting because of it."""
        now = self._clock()

        def work(writing: Transaction) -> frozenset[Conversation]:
            conversation_addresses.remember(writing, _place(received.channel), received.reached, now)
            if not received.added or self._welcome is None:
                return frozenset()
            return self._welcome(writing, received.channel, received.event_id, now, turn)

        conversations = await self._database.write(work)
        if conversations:
            self._begin(self._delivery.deliver(conversations))
        if received.people and self._meet is not None:
            self._begin(self._meet(received.channel.tenant))
        return len(conversations)

    def _new(self, reached: Mapping[Conversation, Reference], now: datetime) -> dict[Conversation, Reference]:
        """What hasn't been stored lately; writing it on every turn would cost too much."""
        return {each: reference for each, reference in reached.items() if not self._is_kept(each, reference, now)}

    def _is_kept(self, conversation: Conversation, reference: Reference, now: datetime) -> bool:
        kept = self._kept.get(conversation)
        return kept is not None and kept[0] == reference and now - kept[1] < _REMEMBERED_FOR

    def _remember(self, new: Mapping[Conversation, Reference], now: datetime) -> None:
        if len(self._kept) >= _MOST_REMEMBERED:
            self._kept.clear()
        self._kept |= {conversation: (reference, now) for conversation, reference in new.items()}

    def _begin(self, work: Awaitable[None]) -> None:
        """Do something after the answer."""
        task = asyncio.create_task(_contained(work))
        self._running.add(task)
        task.add_done_callback(self._running.discard)


async def _contained(work: Awaitable[None]) -> None:
    try:
        await work
    except Exception as error:  # noqa: BLE001 - nobody awaits it
        _log.error("Something that was begun in Teams failed", error)


def _answer_with(card: Message | None) -> HttpAnswer:
    """The current version of the pressed card; a short text if there is no such card."""
    if card is None:
        return HttpAnswer(content={"statusCode": 200, "type": _MESSAGE, "value": words.DONE})
    return HttpAnswer(content={"statusCode": 200, "type": CARD, "value": card_of(render(card))})


def _place(conversation: Conversation) -> Place:
    return Place(conversation.platform, conversation.tenant, conversation.id)


def _member(heard: Heard) -> str:
    return next(iter(heard.reached.values())).member or heard.incoming.account.user
