"""The same conversation in a terminal: lines in, plain text out."""

from __future__ import annotations

import secrets
from asyncio import Runner
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, insert, select

from bot.inbound.events import (
    Account,
    Body,
    Command,
    Conversation,
    Incoming,
    Installed,
    Kind,
    Typed,
)
from bot.turn.event_line import logged
from bot.turn.handle import handle
from core.log import Log
from core.storage import tables
from core.storage.database import Database
from core.storage.frameworks import FrameworkShelf
from integrations.console.client import PLATFORM

_log = Log(__name__)

TENANT: Final = "terminal"
TO_THE_CHANNEL: Final = "#"
"""A line with this prefix is said in the partnership's channel."""
GREETING: Final = "Type as you would in chat. Ctrl-D ends it; everything is kept."
GOODBYE: Final = "\nGoodbye. Everything you said is kept."


@dataclass(frozen=True)
class ConsoleChat:
    """A person at a terminal."""

    database: Database
    shelf: FrameworkShelf
    clock: Callable[[], datetime]
    deliver: Callable[[Iterable[Conversation]], Awaitable[None]]
    account: Account
    channel: Conversation | None = None

    @property
    def direct(self) -> Conversation:
        return Conversation(PLATFORM, self.account.tenant, direct_id(self.account.user), Kind.DIRECT)

    async def open(self) -> None:
        """Say what the person can do, as if they had just opened the bot."""
        await self._meet(Installed(), self.direct)

    async def hear(self, line: str) -> None:
        """Handle a line that was typed."""
        where, line = self.direct, line.strip()
        if self.channel is not None and line.startswith(TO_THE_CHANNEL):
            where, line = self.channel, line.removeprefix(TO_THE_CHANNEL).strip()
        if line:
            await self._meet(_body(line), where)

    async def _meet(self, body: Body, where: Conversation) -> None:
        now = self.clock()
        incoming = Incoming(f"{self.account.user}:{secrets.token_hex(8)}", now, self.account, where, body)
        try:
            with logged(incoming) as line:
                handled = await handle(self.database, self.shelf, incoming, now)
                line.take(handled)
        except Exception as error:
            _log.error("What was typed could not be done", error)
            raise
        await self.deliver(handled.conversations)


def _body(line: str) -> Body:
    if line.startswith("/"):
        name, _, rest = line[1:].partition(" ")
        return Command(name, rest.strip())
    return Typed(line)


def direct_id(user: str) -> str:
    """The bot's direct conversation with this user."""
    return f"with-{user}"


def account_of(connection: Connection, person: str) -> Account | None:
    """This person's account at the terminal, created when they first use it; None for somebody the bot doesn't know.

    Whoever can open a terminal next to the database can read all of it, so nothing is checked here.
    """
    if connection.scalar(select(tables.Person.id).where(tables.Person.id == person)) is None:
        return None
    here = {"platform": PLATFORM, "tenant": TENANT}
    owners = select(tables.Account.user, tables.Account.person_id).filter_by(**here).order_by(tables.Account.user)
    users = {row.user: row.person_id for row in connection.execute(owners)}
    theirs = [user for user, owner in users.items() if owner == person]
    user = person if users.get(person, person) == person else next(iter(theirs), f"{person}-{secrets.token_hex(4)}")
    if user not in users:
        new = {**here, "user": user, "person_id": person, "conversation": direct_id(user), "last_used_at": None}
        connection.execute(insert(tables.Account).values(new))
    return Account(PLATFORM, TENANT, user)


def talk(runner: Runner, chat: ConsoleChat, read: Callable[[], str], write: Callable[[str], None]) -> None:
    """Talk until the input ends (``EOFError``) or Ctrl-C is pressed."""
    write(GREETING)
    try:
        runner.run(chat.open())
        while True:
            runner.run(chat.hear(read()))
    except (EOFError, KeyboardInterrupt):
        write(GOODBYE)
