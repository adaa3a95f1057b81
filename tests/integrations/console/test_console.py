"""The terminal: what is printed, when it is printed again, and how a talk ends."""

from __future__ import annotations

from asyncio import Runner
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.inbound.events import Account, Conversation, Kind
from bot.messages.blocks import Button, Buttons, Message, Paragraph
from core.partnership_file import read_partnership
from core.services import people
from core.services.importing import import_partnership
from core.storage.database import Database
from core.storage.frameworks import FrameworkShelf
from integrations.console.chat import GOODBYE, GREETING, TENANT, ConsoleChat, account_of, talk
from integrations.console.client import Terminal
from tests.support.days import NOW
from tests.support.partnership_files import river

DIRECT = Conversation("console", TENANT, "with-ann", Kind.DIRECT)
CHANNEL = Conversation("console", TENANT, "river", Kind.CHANNEL)


def message(text: str, key: str = "one") -> Message:
    return Message(key, (Paragraph(text), Buttons((Button("Go back", "back", "back"),))), "en")


@dataclass
class Screen:
    lines: list[str] = field(default_factory=list)

    def write(self, text: str) -> None:
        self.lines.append(text)

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


@pytest.fixture
def screen() -> Screen:
    return Screen()


@pytest.fixture
def terminal(screen: Screen) -> Terminal:
    return Terminal(screen.write)


async def test_a_message_is_printed_with_what_can_be_typed(terminal: Terminal, screen: Screen) -> None:
    await terminal.post(DIRECT, message("Good morning"))

    assert screen.text.endswith("Good morning\n\n[back] Go back\n")


async def test_a_changed_message_is_printed_again_and_an_unchanged_one_is_not(
    terminal: Terminal, screen: Screen
) -> None:
    posted = await terminal.post(DIRECT, message("0 of 18"))
    await terminal.edit(DIRECT, posted, message("0 of 18"))
    assert len(screen.lines) == 1

    await terminal.edit(DIRECT, posted, message("1 of 18"))
    await terminal.edit(DIRECT, posted, message("1 of 18"))

    assert [line.count("1 of 18") for line in screen.lines] == [0, 1]


async def test_a_message_of_an_earlier_talk_is_printed_when_it_changes(terminal: Terminal, screen: Screen) -> None:
    await terminal.edit(DIRECT, "from-an-earlier-talk", message("1 of 18"))

    assert "1 of 18" in screen.text


async def test_what_stands_in_the_channel_says_so(terminal: Terminal, screen: Screen) -> None:
    await terminal.post(CHANNEL, message("The report"))

    assert "(In the channel.)\nThe report" in screen.text


async def test_what_stands_in_a_thread_says_of_which_message(terminal: Terminal, screen: Screen) -> None:
    report = await terminal.post(CHANNEL, message("The report"))
    await terminal.post(CHANNEL, message("A picture"), report)
    await terminal.post(CHANNEL, message("Another"), "from-an-earlier-talk")

    assert "(In the channel.)\n(In the thread of: The report)\nA picture" in screen.text
    assert "(In the channel.)\n(In the thread of: …)\nAnother" in screen.text


async def test_it_has_no_private_replies_in_a_channel(terminal: Terminal, screen: Screen) -> None:
    assert not await terminal.private(CHANNEL, "ann", message("Only a lead can do this."))
    assert screen.lines == []


async def test_a_printed_message_is_found_by_its_key(terminal: Terminal) -> None:
    first = await terminal.post(DIRECT, message("once", key="report"))
    again = await terminal.post(DIRECT, message("and again", key="report"))

    assert first != again
    assert await terminal.find(DIRECT, "report") == again
    assert await terminal.find(DIRECT, "rep") is None


async def test_names_cannot_steer_the_terminal(terminal: Terminal, screen: Screen) -> None:
    await terminal.post(DIRECT, message("\x1b[2J\x07Ann\u202e"))

    assert "\n[2JAnn\n" in screen.text
    assert "\x1b" not in screen.text


# A whole talk


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(f"sqlite:///{tmp_path / 'test.db'}")
    opened.upgrade()
    yield opened
    opened.close()


def test_somebody_nobody_knows_has_no_account(database: Database) -> None:
    assert database.write_now(lambda connection: account_of(connection, "nobody")) is None


def test_an_account_that_a_file_gave_to_somebody_else_stays_theirs(database: Database) -> None:
    """Lake's file says that the terminal's user ``ann`` is Lea, so whoever is to be Ann there has another."""
    lake = river(id="lake", people=("lea",), accounts={}, channel="lake-channel", schools={"elm": ["lea"]})
    lake = lake.replace("accounts: []", f"accounts: [{{platform: console, tenant: {TENANT}, user: ann}}]")
    with database.engine.begin() as connection:
        for text in (river(), lake):
            file = read_partnership(text.encode(), ("web", "console"))
            import_partnership(connection, FrameworkShelf(), file, NOW)
    first = database.write_now(lambda connection: account_of(connection, "ann"))
    again = database.write_now(lambda connection: account_of(connection, "ann"))
    assert first is not None
    assert first == again != Account("console", TENANT, "ann")
    found = database.read_now(lambda connection: people.person_of(connection, first))
    assert found is not None
    assert found.name == "Ann"


@pytest.mark.parametrize("end", [pytest.param(EOFError, id="Ctrl-D"), pytest.param(KeyboardInterrupt, id="Ctrl-C")])
def test_a_talk_ends_kindly(database: Database, screen: Screen, end: type[BaseException]) -> None:
    lines = iter(["hello", "   ", "/partnership-report"])

    def read() -> str:
        try:
            return next(lines)
        except StopIteration:
            raise end from None

    async def deliver(_: object) -> None:
        """Nothing is on its way to somebody nobody knows."""

    stranger = Account("console", TENANT, "stranger")
    chat = ConsoleChat(database, FrameworkShelf(), lambda: NOW, deliver, stranger)
    with Runner() as runner:
        talk(runner, chat, read, screen.write)

    assert screen.lines == [GREETING, GOODBYE]
