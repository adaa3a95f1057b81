"""Whoever types ``erase me`` can be found nowhere afterwards: not in the files, while the bot runs or once it stopped.

Quill is on three platforms and has done all that leaves a trace. What she is called, where she is reached and what she
wrote are canaries: each is found before, and none after.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import Connection, insert

from bot.inbound.buttons import EraseMe
from bot.inbound.events import Account, Body, Command, Conversation, Incoming, Installed, Kind, Pressed, Typed
from bot.messages.plain_text import plain_text
from bot.turn.handle import handle
from core.enquiry import Audience, Note, NoteKind
from core.services import answering, conversation_addresses, cycles, linking, shared_files
from core.services.conversation_addresses import Reference
from core.services.shared_files import SharedFile
from core.storage import tables
from core.storage.database import Database
from core.storage.frameworks import FrameworkShelf
from core.storage.outbox import Place
from integrations.web.client import keep
from scheduler.clock import forget, plan
from tests.support.database import Postgres, dump
from tests.support.enquiries import MONDAY, NEXT_MONDAY, answer, bring
from tests.support.fake_platform import DROPPED, PAUSE, REFUSED
from tests.support.live_world import LiveWorld
from tests.support.log import Written, written_log
from tests.support.partnership_files import river

NAME: Final = "Quilliam Canaryname"
ADDRESS: Final = "canary.address@alder.example"
USERS: Final = {
    platform: Account(platform, "tenant", f"{platform}-canary-user") for platform in ("slack", "teams", "web")
}
TALKS: Final = {
    platform: Conversation(platform, "tenant", f"{platform}-canary-conversation", Kind.DIRECT) for platform in USERS
}
CHANNEL: Final = Conversation("web", "demo", "river-channel", Kind.CHANNEL)
SHARED, PRIVATE, TYPED, OLD = "canary-shared-note", "canary-private-note", "canary-typed-text", "canary-old-note"
MEMBER, TEAMS_ADDRESS, BROWSER, WRONG = "29:canary-member", "a:canary-address", "canary-in-browser", "canary-wrong"
EVERYTHING: Final = (
    NAME, ADDRESS, "quill-canary-id", *(each.user for each in USERS.values()), *(each.id for each in TALKS.values()),
    SHARED, PRIVATE, TYPED, OLD, MEMBER, TEAMS_ADDRESS, BROWSER,
)  # fmt: skip
LEVELS: Final = {"1.1.a": (4, 3), "1.1.b": (4, 3)}


class Searched:
    """A database and what lies around it."""

    def __init__(self, url: str, folder: Path, log: Written) -> None:
        self.url, self._folder, self._log = url, folder, log

    def found(self) -> set[str]:
        files = [each.read_bytes() for each in self._folder.rglob("*") if each.is_file()]
        texts = [self._log.text, *([] if self.url.startswith("sqlite") else [dump(self.url)])]
        blobs = [*files, *(each.encode() for each in texts)]
        return {each for each in EVERYTHING if any(_holds(blob, each) for blob in blobs)}


def _holds(blob: bytes, canary: str) -> bool:
    """As it is, or as a dump writes the content of a file."""
    return canary.encode() in blob or canary.encode().hex().encode() in blob


@pytest.fixture
def log() -> Iterator[Written]:
    with written_log("debug") as written:
        yield written


@pytest.fixture(params=["sqlite", "postgresql"])
def searched(
    request: pytest.FixtureRequest, tmp_path: Path, log: Written, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Searched]:
    server: Postgres | None = None if request.param == "sqlite" else request.getfixturevalue("postgres")
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    monkeypatch.setenv("SQLITE_TMPDIR", str(temporary))
    if server is None:
        yield Searched(f"sqlite:///{tmp_path / 'bot.db'}", tmp_path, log)
        return
    url = server.fresh_url()
    yield Searched(url, tmp_path, log)
    server.drop(url)


@asynccontextmanager
async def at_work(searched: Searched) -> AsyncIterator[LiveWorld]:
    database = Database(searched.url)
    database.upgrade()
    yield LiveWorld(database, MONDAY)
    database.close()


def furnish(connection: Connection) -> None:
    accounts = ", ".join(f"{{platform: {a.platform}, tenant: tenant, user: {a.user}}}" for a in USERS.values())
    quill = f"  - {{id: quill-canary-id, name: {NAME}, email: {ADDRESS}, accounts: [{accounts}]}}"
    schools = {"alder": ["quill-canary-id"], "birch": ["ben"], "cedar": ["cat"], "damson": ["dan"]}
    bring(connection, river(people=("ben", "cat", "dan", "lea"), schools=schools, more_people=quill))


def ask(connection: Connection) -> None:
    """A cycle that is over, in which Quill wrote a note, and one that is open."""
    shelf = FrameworkShelf()
    over = cycles.open_cycle(connection, shelf, "river", "Spring", NEXT_MONDAY, None, MONDAY)
    for school, person in (("alder", "quill-canary-id"), ("birch", "ben"), ("cedar", "cat"), ("damson", "dan")):
        response = answer(connection, over.id, school, person, LEVELS, votes=["1.1"])
        if school == "alder":
            answering.keep_note(
                connection, response, Note(1, "1.1", NoteKind.STRENGTH, OLD, Audience.LEAD, None), MONDAY
            )
    cycles.close_cycle(connection, over.id, MONDAY, by=None)
    cycles.open_cycle(connection, shelf, "river", "Summer", NEXT_MONDAY, None, MONDAY)
    linking.new_code(connection, "quill-canary-id", MONDAY)


def leave_beside(connection: Connection) -> None:
    """What the platforms' own parts keep."""
    teams, user = USERS["teams"], USERS["teams"].user
    place = Place("teams", "tenant", user)
    reference = Reference("https://smba.example/uk/", TEAMS_ADDRESS, MEMBER)
    conversation_addresses.remember(connection, place, reference, MONDAY)
    tomorrow = MONDAY + timedelta(days=1)
    shared_files.share(connection, place, "1", SharedFile("my.json", "application/json", NAME.encode()), tomorrow)
    with_lead = Place("web", "demo", "lea-web")
    notes = SharedFile("shared-notes.csv", "text/csv", SHARED.encode())
    shared_files.share(connection, with_lead, "2", notes, tomorrow)
    keep(connection, TALKS["web"].id, USERS["web"].user, BROWSER, MONDAY)
    linking_attempt = {"platform": "teams", "tenant": teams.tenant, "user": user, "wrong": 1, "since": MONDAY}
    connection.execute(insert(tables.LinkAttempt).values(linking_attempt))
    # As an earlier version wrote them down.
    plain = {"event_key": f"slack:tenant:{USERS['slack'].user}:1790000000.0001", "received_at": MONDAY}
    connection.execute(insert(tables.Inbox).values(plain))
    with_lead_key = {"key": "end:0:nudge:1:quill-canary-id:opening:lea", "message_id": "5"}
    place_of_lead = {"platform": "web", "tenant": "demo", "conversation": "lea-web", "person_id": "lea"}
    connection.execute(insert(tables.Posted).values(place_of_lead | with_lead_key | {"posted_at": MONDAY}))


async def does(world: LiveWorld, platform: str, *bodies: Body, where: Conversation | None = None) -> None:
    for number, body in enumerate(bodies):
        world.now += timedelta(seconds=20)
        who = USERS[platform]
        event = f"{who.user}:{world.now.timestamp()}:{number}"
        incoming = Incoming(event, world.now, who, where or TALKS[platform], body)
        handled = await handle(world.database, world.shelf, incoming, world.now)
        await world.delivery.deliver(handled.conversations)


async def lives(world: LiveWorld) -> None:
    """All that Quill does: she answers, writes, asks for her data, is reminded, and calls the bot in a channel."""
    world.database.write_now(furnish)
    for platform in USERS:
        await does(world, platform, Installed())
    world.database.write_now(ask)
    await world.tick()
    await does(world, "slack", Typed("start"), Typed("3 2"), Typed(f"strength 1.1 {PRIVATE}"), Typed("my data"))
    await does(world, "teams", Typed("3"), Typed("2"), Typed(f"development 1.1 {SHARED}"), Typed("status"))
    await does(world, "web", Typed(f"I should like to say {TYPED}"), Command("partnership-report", ""), where=CHANNEL)
    await does(world, "web", Typed(f"something that I have yet to put in words: {TYPED}"))
    world.database.write_now(leave_beside)


def last_words(world: LiveWorld, platform: str) -> str:
    return plain_text(world.platforms[platform].messages(TALKS[platform])[-1])


async def test_nothing_is_left(searched: Searched) -> None:
    async with at_work(searched) as world:
        await lives(world)
        assert searched.found() == set(EVERYTHING)
        await does(world, "slack", Typed("erase me"), Pressed(EraseMe()))
        assert last_words(world, "slack").startswith("Done. You have been removed")
        assert searched.found() == set()
        await forget(world.database, world.now)
    assert searched.found() == set()


@pytest.mark.parametrize("trouble", [PAUSE, REFUSED, DROPPED], ids=["a pause", "a refusal", "a lost connection"])
async def test_the_goodbye_that_had_to_wait_leaves_nothing_either(searched: Searched, trouble: object) -> None:
    async with at_work(searched) as world:
        await lives(world)
        await does(world, "slack", Typed("erase me"))
        world.platforms["slack"].can_look_up = False
        world.platforms["slack"].next_calls(trouble, trouble)  # type: ignore[arg-type]
        await does(world, "slack", Pressed(EraseMe()))
        assert searched.found() <= {USERS["slack"].user, TALKS["slack"].id}, "the goodbye has to go somewhere"
        world.platforms["slack"].recovers()
        world.now += timedelta(minutes=10)
        await world.delivery.drain()
        assert last_words(world, "slack").startswith("Done. You have been removed")
        assert searched.found() == set()


async def test_the_goodbye_that_was_given_up_leaves_nothing_either(searched: Searched) -> None:
    async with at_work(searched) as world:
        await lives(world)
        await does(world, "slack", Typed("erase me"))
        world.platforms["slack"].next_calls(*[REFUSED] * 12)
        await does(world, "slack", Pressed(EraseMe()))
        for _ in range(12):
            world.now += timedelta(hours=1)
            await world.delivery.drain()
        assert "You have been removed" not in last_words(world, "slack")
        assert searched.found() == set()


async def test_a_reader_who_keeps_the_log_from_being_cleared_only_delays_it(searched: Searched) -> None:
    """On SQLite the log can't be emptied while somebody reads what stood there before."""
    if not searched.url.startswith("sqlite"):
        pytest.skip("PostgreSQL looks after its own log")
    async with at_work(searched) as world:
        await lives(world)
        reading = sqlite3.connect(searched.url.removeprefix("sqlite:///"), isolation_level=None)
        reading.execute("BEGIN")
        reading.execute("SELECT count(*) FROM person").fetchone()
        await does(world, "slack", Typed("erase me"), Pressed(EraseMe()))
        assert searched.found() != set()
        reading.close()
        await plan(world.database, world.now, lambda: None)
        await world.delivery.drain()
        assert searched.found() == set()
