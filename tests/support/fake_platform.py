"""A chat platform in memory, as honest as a real one: it takes messages, loses answers, asks for pauses and forgets."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Literal, TypeAlias

from bot.inbound.events import Conversation
from bot.messages.blocks import Message
from bot.messages.languages import SLASH
from bot.platform import OutcomeUnknown, RateLimited, SendFailed, Unreachable, Way
from core.pace import PacedLine


@dataclass(frozen=True, slots=True)
class Refuses:
    """The next call has no effect, and ends in this."""

    error: BaseException


@dataclass(frozen=True, slots=True)
class TakesThen:
    """The next call has its effect, and the bot learns no more of it than this."""

    error: BaseException


Fault: TypeAlias = Refuses | TakesThen


class ProcessStops(BaseException):
    """As if the bot were killed: nothing of it runs after this."""


PAUSE = Refuses(RateLimited(timedelta(seconds=30)))
PAUSE_FOR_ALL = Refuses(RateLimited(timedelta(seconds=30), hold_all=True))
REFUSED = Refuses(SendFailed("The platform is not well."))
ACCEPTED_THEN_DROPPED = TakesThen(OutcomeUnknown("The connection was lost."))
DROPPED = Refuses(OutcomeUnknown("The connection was lost."))
CONVERSATION_GONE = Refuses(Unreachable("The bot was removed from this conversation."))


@dataclass(frozen=True, slots=True)
class Shown:
    """One thing the platform did."""

    how: Literal["post", "edit", "private"]
    conversation: Conversation
    message_id: str
    message: Message
    only_to: str | None = None
    thread: str | None = None
    """The message in whose thread it is."""


@dataclass
class FakePlatform:
    name: str = "fake"
    calls: str = SLASH
    can_look_up: bool = True
    has_private_messages: bool = True
    limits: Sequence[PacedLine] = ()
    """What every call has to join."""
    opened: list[Conversation] = field(default_factory=list)
    log: list[Shown] = field(default_factory=list)
    """Everything that took effect, in order."""
    asked: int = 0
    """How many calls were made to send something, whatever came of them."""
    _faults: deque[Fault | None] = field(default_factory=deque)
    _threads: dict[str, str] = field(default_factory=dict)
    """The message in whose thread a message is, by its id."""
    _messages: dict[Conversation, dict[str, Message]] = field(default_factory=lambda: defaultdict(dict))
    _ids: count[int] = field(default_factory=lambda: count(1))

    def next_calls(self, *faults: Fault | None) -> None:
        """What happens to the calls to come; None lets one through."""
        self._faults.extend(faults)

    def recovers(self) -> None:
        self._faults.clear()

    def forgets(self, conversation: Conversation, message_id: str) -> None:
        """Somebody deletes a message."""
        del self._messages[conversation][message_id]

    def messages(self, conversation: Conversation) -> list[Message]:
        """What can be seen in a conversation itself, in order."""
        shown = self._messages[conversation].items()
        return [each for message_id, each in shown if message_id not in self._threads]

    def in_thread(self, conversation: Conversation, message_id: str) -> list[Message]:
        """What can be seen in the thread of a message, in order."""
        shown = self._messages[conversation].items()
        return [each for its_id, each in shown if self._threads.get(its_id) == message_id]

    def lines(self, conversation: Conversation, way: Way) -> Sequence[PacedLine]:  # noqa: ARG002 - the same for all
        return self.limits

    async def ready(self, conversation: Conversation) -> None:
        self.opened.append(conversation)

    async def post(self, conversation: Conversation, message: Message, thread: str | None = None) -> str:
        if thread is not None and thread not in self._messages[conversation]:
            raise Unreachable("There is no such message.")
        message_id = f"message-{next(self._ids)}"
        self._does(Shown("post", conversation, message_id, message, thread=thread))
        return message_id

    async def edit(self, conversation: Conversation, message_id: str, message: Message) -> None:
        if message_id not in self._messages[conversation]:
            raise Unreachable("There is no such message.")
        self._does(Shown("edit", conversation, message_id, message))

    async def private(self, conversation: Conversation, user: str, message: Message) -> bool:
        if self.has_private_messages:
            self._does(Shown("private", conversation, "", message, only_to=user))
        return self.has_private_messages

    async def find(self, conversation: Conversation, key: str, thread: str | None = None) -> str | None:
        if not self.can_look_up:
            return None
        found = (
            message_id
            for message_id, each in self._messages[conversation].items()
            if each.key == key and self._threads.get(message_id) == thread
        )
        return next(reversed([*found]), None)

    def _does(self, shown: Shown) -> None:
        self.asked += 1
        fault = self._faults.popleft() if self._faults else None
        if isinstance(fault, Refuses):
            raise fault.error
        self.log.append(shown)
        if shown.only_to is None:
            self._messages[shown.conversation][shown.message_id] = shown.message
            if shown.thread is not None:
                self._threads[shown.message_id] = shown.thread
        if isinstance(fault, TakesThen):
            raise fault.error
