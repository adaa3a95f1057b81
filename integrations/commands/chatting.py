"""``chat``: the conversation in a terminal."""

from __future__ import annotations

import asyncio
from pathlib import Path

from sqlalchemy import Connection, select

from core.enquiry import Account
from core.services.file_identity import as_in_files, person_meant
from core.storage import tables
from core.storage.database import Database
from integrations.commands.environment import check_there, settings_of_environment
from integrations.commands.output import CannotBeDone, say
from integrations.console.chat import ConsoleChat, account_of, talk
from integrations.console.client import Terminal
from integrations.demo.clock import DemoClock
from integrations.demo.start import prepare
from integrations.log_setup import set_up_log
from integrations.real_time import real_time
from integrations.runtime import House, open_house
from integrations.web.client import BrowserChat


def chat(person: str) -> None:
    database = settings_of_environment().database()
    check_there(database)
    with open_house(database, real_time, lambda _: [Terminal(say)]) as house:
        _talk(house, person)


def chat_in_demo(file: Path, person: str) -> None:
    """Chat in the demo's own database, alongside its pages if they are open."""
    prepare(file, fresh=False)
    clock = DemoClock()

    def platforms(database: Database) -> list[Terminal | BrowserChat]:
        return [Terminal(say), BrowserChat(database, clock)]

    with open_house(Database(f"sqlite:///{file}"), clock, platforms) as house:
        house.database.write_now(clock.join)
        _talk(house, person)


def _talk(house: House, person: str) -> None:
    set_up_log("warning", "text")
    account = house.database.write_now(lambda connection: _account(connection, person))
    conversation = ConsoleChat(house.database, house.shelf, house.clock, house.delivery.deliver, account)
    with asyncio.Runner() as runner:
        talk(runner, conversation, lambda: input("> "), say)


def _account(connection: Connection, written: str) -> Account:
    """The account at the terminal of the person with this id in a file. Raises ``CannotBeDone``."""
    found = person_meant(connection, written)
    if len(found) > 1:
        each = " or ".join(sorted(as_in_files(connection, found).values()))
        raise CannotBeDone(f"Several partnerships have somebody with this id. Say which, as in: chat --as {each}")
    account = account_of(connection, found[0]) if found else None
    if account is None:
        raise CannotBeDone(_who_there_is(connection, written))
    return account


def _who_there_is(connection: Connection, person: str) -> str:
    people = connection.execute(select(tables.Person.id, tables.Person.name)).all()
    ids = as_in_files(connection, [each.id for each in people])
    listed = sorted(f"  {ids[each.id]}  {each.name}" for each in people)
    if not listed:
        return "There is nobody yet. Import a partnership, or try the demo: partnership-bot chat --demo --as priya"
    return "\n".join((f"There is nobody with the id {person}. There are:", *listed))
