"""Two customers of one installation whose files have the same ids, names and addresses for everybody and everything.

Each does what partnerships do over a term, by turns. Whatever one of them does, nothing that is stored of the other
changes, and nobody of the other reads anything of it.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Final

import pytest
import yaml
from sqlalchemy import Connection, select

from bot.inbound.events import Account, Conversation, Kind
from bot.messages.blocks import Message
from bot.messages.plain_text import plain_text
from core.enquiry import Audience, Note, NoteKind
from core.partnership_file import read_partnership
from core.services import answering, cycles, linking
from core.services.importing import import_partnership
from core.storage import tables
from tests.support.belongings import belongings
from tests.support.enquiries import answer
from tests.support.live_world import PLATFORMS, LiveWorld, at, direct, living
from tests.support.recorded_story import CALENDAR

BEGINS: Final = at("2025-11-03 09:00")
SCHOOLS: Final = {"alder": "ann", "birch": "ben", "cedar": "cat", "damson": "dan"}
CRITERIA: Final = tuple(f"2.1.{letter}" for letter in "ab")
"""Of the one sub-theme that is asked."""


@dataclass(frozen=True)
class Customer:
    """A partnership; ``name`` stands in every text that is its own, so that it can be looked for in the other's."""

    name: str
    number: int
    """What the numbers of its schools begin with, and the place of its days: no two customers have theirs together."""
    tenant: str
    levels: tuple[int, int]
    """What its schools say of themselves and of their partnership."""
    address: str = "cat@schools.example"
    """Cat's, by which she is found."""
    successors: list[str] = field(default_factory=list, compare=False)
    """Who has taken Ben's place, once somebody has."""

    @property
    def id(self) -> str:
        return self.name.lower()

    def account(self, person: str) -> Account:
        return Account("slack", self.tenant, f"U-{self.id}-{person}")

    @property
    def channel(self) -> Conversation:
        return Conversation("slack", self.tenant, f"C-{self.id}", Kind.CHANNEL)

    @property
    def text(self) -> str:
        ben = "ben-2" if self.successors else "ben"
        leaders = SCHOOLS | {"birch": ben}
        people = [
            {
                "id": each,
                "name": f"{each.capitalize()} Example",
                "email": self.address if each == "cat" else f"{each}@schools.example",
            }
            | ({"accounts": [_listed(self.account(each))]} if each in ("ann", "ben", "lea") else {})
            for each in ("ann", *([] if self.successors else ["ben"]), "cat", "dan", "lea")
        ]
        if self.successors:
            people.append({"id": "ben-2", "name": self.successors[-1]})
        file = {
            "partnership": {"id": self.id, "name": f"{self.name} Partnership", "nation": "england"},
            "schools": [
                {
                    "id": each, "name": f"{each.capitalize()} School", "urn": f"{self.number}0000{number}",
                    "local_authority": f"{self.name} Council", "leaders": [leader],
                }
                for number, (each, leader) in enumerate(leaders.items())
            ],
            "people": people,
            "leads": ["lea"],
            "channels": [{"platform": "slack", "tenant": self.tenant, "id": self.channel.id}],
            "calendar": CALENDAR,
            "networks": [{"id": "bays", "name": "Bays Network", "state": "invited"}],
        }  # fmt: skip
        return yaml.safe_dump(file, sort_keys=False)


def _listed(account: Account) -> dict[str, str]:
    return {"platform": account.platform, "tenant": account.tenant, "user": account.user}


APART: Final = (Customer("Westhaven", 1, "T-WEST", (4, 3)), Customer("Eastmoor", 2, "T-EAST", (2, 1)))
TOGETHER: Final = (
    Customer("Westhaven", 1, "T-BOTH", (4, 3), "cat@westhaven.example"),
    Customer("Eastmoor", 2, "T-BOTH", (2, 1), "cat@eastmoor.example"),
)
"""In one workspace, where each has a channel; an address that it confirms would make one person of the two."""


@dataclass
class Town:
    """A living world with its customers, each of whom must not notice the others."""

    world: LiveWorld
    customers: Sequence[Customer]
    files: dict[str, str] = field(default_factory=dict)

    @asynccontextmanager
    async def alone(self, customer: Customer) -> AsyncIterator[None]:
        """What happens in here is this customer's business and nobody else's."""
        others = [each for each in self.customers if each.id != customer.id]
        before = [self.world.database.read_now(partial(belongings, partnership=each.id)) for each in others]
        said = {each: len(platform.log) for each, platform in self.world.platforms.items()}
        yield
        for other, stored in zip(others, before, strict=True):
            assert self.world.database.read_now(partial(belongings, partnership=other.id)) == stored
        for name, platform in self.world.platforms.items():
            for shown in platform.log[said[name] :]:
                assert f"-{customer.id}" in shown.conversation.id, "somebody else was told something"
                for other in others:
                    assert other.name not in plain_text(shown.message)
                    assert not any(other.name.encode() in file.content for file in shown.message.files)

    async def brings(self, customer: Customer) -> tuple[str, ...]:
        def bring(connection: Connection) -> tuple[str, ...]:
            file = read_partnership(customer.text.encode(), PLATFORMS)
            return import_partnership(connection, self.world.shelf, file, self.world.now).notes

        return await self.world.database.write(bring)

    def person(self, connection: Connection, customer: Customer, id_: str) -> str:
        wanted = select(tables.ListedPerson.person_id).filter_by(partnership_id=customer.id, file_id=id_)
        return connection.execute(wanted).scalar_one()

    def school(self, connection: Connection, customer: Customer, id_: str) -> str:
        wanted = select(tables.Membership.school_id).filter_by(partnership_id=customer.id, file_id=id_)
        return connection.execute(wanted).scalar_one()

    def read(self, customer: Customer) -> dict[str, list[str]]:
        """What stands in each conversation with this customer's people, and in its channel, in words."""
        people = ("ann", "ben", "cat", "dan", "lea")
        places = (*(direct(customer.account(each)) for each in people), customer.channel)
        return {each.id: [_in_words(message) for message in self.world.messages(each)] for each in places}


def _in_words(message: Message) -> str:
    """With the figures that come with it, and what ``my data`` holds.

    The numbers of reports and rows count for everybody, so they are left out; so is what makes an id its own.
    """
    figures = [file.content.decode() for file in message.files if file.media_type == "text/csv"]
    copies = [file.content.decode() for file in message.files if file.media_type == "application/json"]
    numberless = [re.sub(r"\d+", "0", re.sub(r"-[0-9a-f]{8}\b", "", copy)) for copy in copies]
    return re.sub(r"report-\d+", "report", "\n".join((plain_text(message), *figures, *numberless)))


# What each of them does, step by step


async def imports(town: Town, me: Customer) -> None:
    assert await town.brings(me) == ()
    assert await town.brings(me) == ()


async def comes_in(town: Town, me: Customer) -> None:
    await town.world.comes(*(me.account(each) for each in ("ann", "ben", "lea")))


async def finds_people(town: Town, me: Customer) -> None:
    """The workspace confirms Cat's address for the account that she has there."""
    cat = me.account("cat")

    def look(connection: Connection) -> str | None:
        assert any(each.email == me.address for each in linking.unjoined(connection, "slack", me.tenant))
        match = linking.join_by_email(connection, cat, direct(cat).id, me.address, town.world.now)
        return None if match is None else match.person

    found = await town.world.database.write(look)
    assert found == await town.world.database.read(lambda reading: town.person(reading, me, "cat"))


async def gives_a_code(town: Town, me: Customer) -> None:
    code = await town.world.database.write(
        lambda writing: linking.new_code(writing, town.person(writing, me, "dan"), town.world.now)
    )
    await town.world.types(me.account("dan"), code.text)
    assert "Thank you. From now on I know you here." in words(town, me, "dan")


async def opens_a_cycle(town: Town, me: Customer) -> None:
    opens, closes = f"2025-11-0{4 + me.number} 08:00", f"2025-11-{22 + 2 * me.number} 16:00"
    await town.world.database.write(
        lambda writing: cycles.open_cycle(
            writing, town.world.shelf, me.id, f"Autumn in {me.name}", at(closes), ("2.1",), town.world.now,
            opens_at=at(opens), meeting_on=date(2025, 12, 4),
        )
    )  # fmt: skip


async def invites(town: Town, me: Customer) -> None:
    await town.world.goes_to(f"2025-11-0{4 + me.number} 15:50")
    assert f"Autumn in {me.name}" in words(town, me, "ann")


async def reminds(town: Town, me: Customer) -> None:
    before = words(town, me, "ben")
    await town.world.goes_to(f"2025-11-{11 + me.number} 15:50")
    assert words(town, me, "ben") != before


async def answers_in_chat(town: Town, me: Customer) -> None:
    ann = me.account("ann")
    await town.world.types(ann, "start")
    await town.world.taps(ann, *me.levels * len(CRITERIA))
    await town.world.presses(ann, "AddNote|*|2.1|strength")
    await town.world.writes(ann, f"We plan together all over {me.name}.")
    await town.world.presses(ann, f"OfferNote|*|{'yes' if me.number == 1 else 'no'}")
    await town.world.presses(ann, "ShowNoteTo|*|meeting")
    await town.world.types(ann, "done", "submit")
    await town.world.types(ann, "status", "review")


async def answers_begin(town: Town, me: Customer) -> None:
    """Ben has begun, and wonders what to say next."""
    await town.world.types(me.account("ben"), "start")
    await town.world.taps(me.account("ben"), me.levels[0])


async def others_answer(town: Town, me: Customer) -> None:
    """Three schools by the services alone. Cat of Eastmoor would welcome the help that Ann of Westhaven offers."""
    await town.world.database.write(partial(_answered, town, me))


def _answered(town: Town, me: Customer, connection: Connection) -> None:
    cycle = connection.scalars(select(tables.Cycle.id).filter_by(partnership_id=me.id)).one()
    levels = dict.fromkeys(CRITERIA, me.levels)
    for number, (school, leader) in enumerate(list(SCHOOLS.items())[1:], start=1):
        of, who = town.school(connection, me, school), town.person(connection, me, leader)
        response = answer(connection, cycle, of, who, levels, at=town.world.now)
        if me.number == 2 and school == "cedar":
            note = Note(number, "2.1", NoteKind.DEVELOPMENT, f"Help {me.name}.", Audience.MEETING, offered=True)
            answering.keep_note(connection, response, note, town.world.now)


async def joins_a_network(town: Town, me: Customer) -> None:
    """Both are invited to the same one; only Westhaven joins it."""
    await town.world.types(me.account("lea"), "network")
    await town.world.presses(me.account("lea"), f"JoinNetwork|bays|{me.id}|{'yes' if me.number == 1 else 'no'}")


async def looks_on(town: Town, me: Customer) -> None:
    await town.world.types(me.account("lea"), "responses", "status")


async def closes(town: Town, me: Customer) -> None:
    """The report, and on the next day each school's own, with what the school would like to be seen."""
    await town.world.goes_to(f"2025-11-{22 + 2 * me.number} 16:00")
    await town.world.commands(me.account("lea"), "partnership-report", me.channel)
    assert any(f"Autumn in {me.name}" in each for each in town.read(me)[me.channel.id])

    await town.world.goes_to(f"2025-11-{23 + 2 * me.number} 15:50")
    mine = words(town, me, "ann")
    assert "Alder School" in mine
    assert f"{me.levels[0]}.0" in mine
    await town.world.types(me.account("ann"), "review", "visibility", "practice", "actions", "my data")
    await town.world.types(me.account("lea"), "notes", "network", "partnership-report preview last")


async def agrees_on_something(town: Town, me: Customer) -> None:
    await town.world.goes_to(f"2025-12-0{3 + me.number} 14:00")
    await town.world.types(me.account("lea"), f"action 2.1 Visit {me.name}; birch; next meeting")
    await town.world.goes_to(f"2025-12-0{3 + me.number} 15:50")
    assert any(f"Visit {me.name}" in each for each in town.read(me)[me.channel.id])


async def gets_a_new_head(town: Town, me: Customer) -> None:
    """Ben leaves, and his account goes on as his successor's, by a code."""
    me.successors.append(f"Bel of {me.name}")
    await town.brings(me)
    code = await town.world.database.write(
        lambda writing: linking.new_code(writing, town.person(writing, me, "ben-2"), town.world.now)
    )
    await town.world.types(me.account("ben"), code.text)
    await town.world.goes_to(f"2025-12-{10 + me.number} 15:50", f"2025-12-{10 + me.number} 15:51")
    assert words(town, me, "ben").count("This account was used by somebody else before") == 1
    await town.world.types(me.account("ben"), "status", "actions", "my data")


async def erases_one(town: Town, me: Customer) -> None:
    await town.world.types(me.account("ann"), "erase me", "yes, erase me")
    assert await town.world.database.read(lambda reading: linking.belongs_to_somebody(reading, me.account("ann"))) is (
        False
    )


async def goes_on(town: Town, me: Customer) -> None:
    await town.brings(me)
    await town.world.types(me.account("lea"), "status", "actions", "partnership-report preview last")


def words(town: Town, me: Customer, who: str) -> str:
    return "\n".join(town.read(me)[direct(me.account(who)).id])


STEPS: Final = (
    imports, comes_in, finds_people, gives_a_code, joins_a_network, opens_a_cycle, invites, answers_in_chat,
    answers_begin, reminds, others_answer, looks_on, closes, agrees_on_something, gets_a_new_head,
    erases_one, goes_on,
)  # fmt: skip


async def play(town: Town) -> None:
    for step in STEPS:
        for me in town.customers:
            async with town.alone(me):
                await step(town, me)


def a_new(town: Sequence[Customer]) -> tuple[Customer, ...]:
    return tuple(replace(each, successors=[]) for each in town)


@pytest.mark.parametrize("customers", [APART, TOGETHER], ids=["in two workspaces", "in one workspace"])
async def test_neither_learns_or_changes_anything_of_the_other(
    customers: Sequence[Customer], database_url: str
) -> None:
    async with living(database_url, BEGINS) as world:
        await play(Town(world, a_new(customers)))


async def test_each_reads_the_same_as_if_there_were_nobody_else(tmp_path: Path) -> None:
    """Word for word and figure for figure."""
    read = []
    for number, there in enumerate((APART, APART[1:])):
        async with living(f"sqlite:///{tmp_path / str(number)}.db", BEGINS) as world:
            town = Town(world, a_new(there))
            await play(town)
            read.append(town.read(town.customers[-1]))
    assert read[0] == read[1]
