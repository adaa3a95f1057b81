"""A platform is registered by one line in a table: a toy one is served, checked and looked through like the others."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from pydantic import BaseModel
from sqlalchemy import select

from bot.inbound.events import Account, Body, Command, Conversation, Incoming, Kind, Typed, pressed
from bot.messages.blocks import Buttons
from bot.messages.plain_text import plain_text
from bot.turn.handle import handle
from core.settings import Settings
from core.storage import tables
from core.storage.database import Database
from integrations.app import create_app
from integrations.commands import doctor, importing, joining
from integrations.commands.output import CannotBeDone
from integrations.platforms import PLATFORMS, Platforms, names_of
from integrations.registration import Checked, Clock, LivePlatform, LookUp, Parts, Registration, Served, Service
from tests.contract.stage import CHANNEL, set_up
from tests.support.days import NOW
from tests.support.fake_platform import FakePlatform
from tests.support.partnership_files import river

ROOT = Path(__file__).parents[2]
TOWN = "toy-town"


class Sent(BaseModel):
    """What the toy sends: somebody typed or pressed something, alone with the bot or in the channel."""

    id: int
    who: str
    typed: str = ""
    pressed: str = ""
    in_channel: bool = False


def direct(who: str) -> Conversation:
    return Conversation("toy", TOWN, who, Kind.DIRECT)


IN_CHANNEL = Conversation("toy", TOWN, CHANNEL, Kind.CHANNEL)


def heard(sent: Sent) -> Incoming:
    body: Body = pressed(sent.pressed) if sent.pressed else Typed(sent.typed)
    if sent.typed.startswith("/"):
        body = Command(sent.typed.removeprefix("/"))
    where = IN_CHANNEL if sent.in_channel else direct(sent.who)
    return Incoming(str(sent.id), NOW, Account("toy", TOWN, sent.who), where, body)


def toy(chat: FakePlatform) -> Registration:
    def live(_: Settings, database: Database, clock: Clock) -> LivePlatform:
        @asynccontextmanager
        async def sending() -> AsyncIterator[None]:
            yield

        @asynccontextmanager
        async def serving(parts: Parts) -> AsyncIterator[Served]:
            router = APIRouter()

            @router.post("/toy/events")
            async def event(sent: Sent) -> None:
                handled = await handle(database, parts.shelf, heard(sent), clock())
                await parts.delivery.deliver(handled.conversations)

            yield Served(router)

        @asynccontextmanager
        async def looking_up() -> AsyncIterator[LookUp]:
            async def look_up(_: str) -> list[str]:
                return ["found by their address: ann."]

            yield look_up

        return LivePlatform(chat, sending, serving, looking_up)

    async def check_up(_: Settings, __: Database, ___: Clock, *, ask: bool) -> Sequence[Checked]:
        return [Checked(False, "Toy: its key is lost.")]

    return Registration("toy", writes_first=True, service=Service("Toy", "docs/toy.md", lambda _: True, live, check_up))


@pytest.fixture
def chat() -> FakePlatform:
    return FakePlatform("toy")


@pytest.fixture
def platforms(chat: FakePlatform) -> Platforms:
    return (*PLATFORMS, toy(chat))


@dataclass
class Play:
    """People who use the toy, over HTTP."""

    http: httpx.AsyncClient
    chat: FakePlatform
    ids: count[int]

    async def does(self, who: str, **what: object) -> None:
        sent = {"id": next(self.ids), "who": who, **what}
        (await self.http.post("/toy/events", json=sent)).raise_for_status()

    def last_seen(self) -> str:
        return plain_text(self.chat.log[-1].message)

    def button(self, label: str) -> str:
        blocks = (block for shown in self.chat.log for block in shown.message.blocks if isinstance(block, Buttons))
        return next(each.action for block in blocks for each in block.buttons if each.label == label)


@pytest.fixture
async def play(tmp_path: Path, chat: FakePlatform, platforms: Platforms) -> AsyncIterator[Play]:
    url = f"sqlite:///{tmp_path}/bot.db"
    set_up(url, "toy", TOWN)
    app: FastAPI = create_app(Settings(database_url=url, role="serve"), lambda: NOW, platforms)
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://bot") as http,
    ):
        yield Play(http, chat, count(1))


async def test_a_question_is_asked_and_answered_on_it(play: Play) -> None:
    await play.does("priya", typed="start")
    assert "0 of 18 answered" in play.last_seen()
    await play.does("priya", typed="3 2")
    assert "1 of 18 answered" in play.last_seen()
    assert {shown.conversation for shown in play.chat.log} == {direct("priya")}


async def test_a_report_is_posted_in_its_channel(play: Play) -> None:
    for typed in ("start", *["3 2"] * 18, "done", "submit"):
        await play.does("priya", typed=typed)
    await play.does("ruth", typed="/partnership-report", in_channel=True)
    assert play.chat.messages(IN_CHANNEL) == [], "its lead is asked first, alone"
    await play.does("ruth", pressed=play.button("Close now and post the report"), in_channel=True)
    report = play.chat.messages(IN_CHANNEL)[0]
    assert "5 of 7 schools submitted" in plain_text(report)
    assert "partnership-report-1-en.csv" in {each.name for each in report.files}


# At the command line


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PARTNERSHIP_DATABASE_URL", f"sqlite:///{tmp_path}/bot.db")
    text = river().replace("{platform: web, tenant: demo", f"{{platform: toy, tenant: {TOWN}")
    (tmp_path / "river.yaml").write_text(text, encoding="utf-8")
    return tmp_path


def test_import_knows_its_name_and_lets_it_write_first(here: Path, platforms: Platforms) -> None:
    importing.import_file(here / "river.yaml", platforms)
    database = Database(f"sqlite:///{here}/bot.db")
    found = database.read_now(lambda reading: set(reading.scalars(select(tables.Account.conversation))))
    database.close()
    assert found == {"ann-web", "ben-web", "cat-web", "dan-web", "lea-web"}


def test_import_refuses_a_platform_that_is_not_registered(here: Path) -> None:
    with pytest.raises(CannotBeDone, match="Choose one of slack, teams, web, console"):
        importing.import_file(here / "river.yaml")


def test_find_people_looks_through_it(here: Path, platforms: Platforms, capsys: pytest.CaptureFixture[str]) -> None:
    importing.import_file(here / "river.yaml", platforms)
    capsys.readouterr()
    joining.find(platforms)
    assert capsys.readouterr().out == f"{TOWN}: found by their address: ann.\n"


def test_doctor_tells_what_it_found(here: Path, platforms: Platforms, capsys: pytest.CaptureFixture[str]) -> None:
    importing.import_file(here / "river.yaml", platforms)
    assert not doctor.doctor(platforms)
    assert "NO  Toy: its key is lost.\n" in capsys.readouterr().out


# The table itself


def test_every_folder_that_describes_a_platform_is_in_the_table() -> None:
    folders = {each.parent.name for each in (ROOT / "integrations").glob("*/registration.py")}
    assert folders ^ set(names_of(PLATFORMS)) == set(), "these are to be listed in integrations/platforms.py"


def test_no_registered_platform_may_import_another() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (contract,) = (each for each in project["tool"]["importlinter"]["contracts"] if each["id"] == "platforms")
    apart = {each.removeprefix("integrations.") for each in contract["layers"][-1].split(" | ")}
    assert apart ^ set(names_of(PLATFORMS)) == set(), "these are to be listed in the contract of pyproject.toml"


def test_a_command_that_needs_no_platform_imports_none_of_their_libraries() -> None:
    libraries = {"aiohttp", "httpx", "msal", "slack_bolt", "slack_sdk"}
    code = f"import sys, integrations.cli; print({libraries} & set(sys.modules))"
    ended = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ended.stdout == "set()\n"
