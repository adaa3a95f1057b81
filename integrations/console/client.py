"""The terminal as a platform: it prints what is sent to it as plain text."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Final

from bot.inbound.events import Conversation, Kind
from bot.messages.blocks import Message
from bot.messages.languages import SLASH
from bot.messages.plain_text import plain_text
from bot.platform import Way

PLATFORM: Final = "console"
IN_THE_CHANNEL: Final = "(In the channel.)"
IN_A_THREAD: Final = "(In the thread of:"
_RULE: Final = "─" * 40


class Terminal:
    name = PLATFORM
    calls = SLASH

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write
        self._printed: dict[str, tuple[str, str]] = {}
        """The key and the text of each message, by its id."""

    def lines(self, conversation: Conversation, way: Way) -> tuple[()]:  # noqa: ARG002 - there is no limit
        return ()

    async def ready(self, conversation: Conversation) -> None:
        """Nothing has to be opened."""

    async def post(self, conversation: Conversation, message: Message, thread: str | None = None) -> str:
        message_id = secrets.token_hex(8)
        self._print(conversation, message_id, message, thread)
        return message_id

    async def edit(self, conversation: Conversation, message_id: str, message: Message) -> None:
        """What has been printed stays: print the new version below, unless it reads the same."""
        if self._printed.get(message_id, ("", ""))[1] != plain_text(message):
            self._print(conversation, message_id, message)

    async def private(self, conversation: Conversation, user: str, message: Message) -> bool:  # noqa: ARG002
        """A terminal has no such thing: private messages go to the person's own conversation."""
        return False

    async def find(
        self,
        conversation: Conversation,  # noqa: ARG002 - keys are unique here
        key: str,
        thread: str | None = None,  # noqa: ARG002
    ) -> str | None:
        found = (message_id for message_id, (printed_key, _) in self._printed.items() if printed_key == key)
        return next(reversed([*found]), None)

    def _print(self, conversation: Conversation, message_id: str, message: Message, thread: str | None = None) -> None:
        text = plain_text(message)
        self._printed[message_id] = (message.key, text)
        place = f"{IN_THE_CHANNEL}\n" if conversation.kind is Kind.CHANNEL else ""
        self._write(f"{_RULE}\n{place}{self._thread(thread)}{text}\n")

    def _thread(self, message_id: str | None) -> str:
        """The thread, named by the first line of its message; another terminal may have printed that."""
        if message_id is None:
            return ""
        _, text = self._printed.get(message_id, ("", "…"))
        beginning, _, _ = text.partition("\n")
        return f"{IN_A_THREAD} {beginning})\n"
