"""The scenarios at a terminal: every button is typed as the terminal says it can be."""

from __future__ import annotations

import re
from asyncio import Runner
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot.inbound.events import Account, Conversation, Kind
from core.storage.database import Database
from integrations.console.chat import TENANT as TENANT
from integrations.console.chat import TO_THE_CHANNEL, ConsoleChat
from integrations.console.client import IN_A_THREAD, IN_THE_CHANNEL, PLATFORM, Terminal
from integrations.runtime import open_house
from tests.contract.stage import CHANNEL
from tests.support.days import NOW

PRESSABLE = re.compile(r"\[([^\]\n]+)\](?: ([^\[\n]*?))?(?: ✓)?(?=  |$)", re.MULTILINE)


@contextmanager
def opened(database: Path) -> Iterator[ConsoleDriver]:
    with ExitStack() as stack:
        yield ConsoleDriver(f"sqlite:///{database}", stack)


@dataclass
class Seat:
    """A person at a terminal of their own."""

    runner: Runner
    chat: ConsoleChat
    printed: list[str]
    read: int = 0
    """Messages of their own conversation that were there before they last did something."""

    def hears(self, line: str) -> None:
        self.read = len(self.own())
        self.runner.run(self.chat.hear(line))

    def own(self) -> list[str]:
        return [each for each in self.printed if IN_THE_CHANNEL not in each]

    def in_channel(self) -> list[str]:
        return [each for each in self.printed if IN_THE_CHANNEL in each]


@dataclass
class ConsoleDriver:
    url: str
    stack: ExitStack
    seats: dict[str, Seat] = field(default_factory=dict)

    def types(self, person: str, text: str) -> None:
        self._seat(person).hears(text)

    def presses(self, person: str, label: str) -> None:
        self._seat(person).hears(_typed_for(label, self._seat(person).own()))

    def chooses(self, person: str, legend: str, label: str) -> None:
        blocks = [block for message in self._seat(person).own() for block in message.split("\n\n")]
        groups = [block for block in blocks if block.startswith(legend) and len(block.splitlines()) > 2]
        self._seat(person).hears(_typed_for(label, groups))

    def writes(self, person: str, text: str) -> None:
        boxes = re.findall(r"\[([^\]\n]+) …\]", "\n".join(self._seat(person).own()))
        self._seat(person).hears(f"{boxes[-1]} {text}")

    def says_in_channel(self, person: str, text: str) -> None:
        self._seat(person).hears(f"{TO_THE_CHANNEL} {text}")

    def sees(self, person: str) -> str:
        seat = self._seat(person)
        return "\n".join(seat.own()[seat.read :])

    def sees_in_channel(self, person: str) -> str:
        return "\n".join(each for each in self._seat(person).in_channel() if IN_A_THREAD not in each)

    def sees_in_thread(self, person: str) -> str:
        return "\n".join(each for each in self._seat(person).in_channel() if IN_A_THREAD in each)

    def _seat(self, person: str) -> Seat:
        if person not in self.seats:
            self.seats[person] = self._sit_down(person)
        return self.seats[person]

    def _sit_down(self, person: str) -> Seat:
        printed: list[str] = []
        opened = Database(self.url)
        house = self.stack.enter_context(open_house(opened, lambda: NOW, lambda _: [Terminal(printed.append)]))
        channel = Conversation(PLATFORM, TENANT, CHANNEL, Kind.CHANNEL)
        account = Account(PLATFORM, TENANT, person)
        chat = ConsoleChat(house.database, house.shelf, house.clock, house.delivery.deliver, account, channel)
        runner = self.stack.enter_context(Runner())
        runner.run(chat.open())
        return Seat(runner, chat, printed)


def _typed_for(label: str, messages: list[str]) -> str:
    """What the terminal says can be typed for a button; ``[3] Established`` is the button ``3 Established``."""
    shown = [match.groups() for message in messages for match in PRESSABLE.finditer(message)]
    fitting = [str(typed) for typed, words in shown if label in {words or typed, f"{typed.split()[-1]} {words}"}]
    assert fitting, f"there is nothing to type for {label}, only {shown}"
    return fitting[-1]
