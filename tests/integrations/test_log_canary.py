"""Nothing of what people are called, wrote, scored or hold secret gets into the log, at its most talkative.

Every name, address, id and note of Willow Valley is a canary: none may be found in what was logged. Neither may a token
or a secret, a level, or what a platform or a database says when it refuses something.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, AbstractContextManager, asynccontextmanager, closing, suppress
from dataclasses import dataclass
from pathlib import Path
from shutil import copy
from typing import Final, NoReturn, Protocol, TypeAlias

import pytest
from sqlalchemy import Connection, insert, select

from core.storage import tables
from core.storage.database import Database
from integrations.log_setup import Style
from tests.contract.drivers import console, slack, teams, web
from tests.contract.scenarios import HEAD, LEAD, PARTNERSHIP, SCHOOL, Driver
from tests.contract.stage import set_up
from tests.slack import school_world
from tests.slack.playing_slack import TOKEN, Fault
from tests.slack.requests import SECRET
from tests.support.log import Written, place_of, written_log
from tests.teams import teams_world
from tests.teams.playing_teams import refused

Opened: TypeAlias = Callable[[Path], AbstractContextManager[Driver]]
PLATFORMS: Final[Mapping[str, tuple[str, Opened]]] = {
    "console": (console.TENANT, console.opened),
    "slack": (slack.TENANT, slack.opened),
    "teams": (teams.TENANT, teams.opened),
    "web": (web.TENANT, web.opened),
}
NOTE: Final = "canary-note-about-trust"
TOKENS: Final = (TOKEN, SECRET, "the-client-secret", "Bearer", "xoxb", "eyJ")
LEVELS: Final = ("Building", "Established")


def canaries(url: str) -> set[str]:
    with closing(Database(url)) as database:
        return database.read_now(_everything_said) | {NOTE, *TOKENS, *LEVELS}


def _everything_said(connection: Connection) -> set[str]:
    columns = (
        tables.Person.id, tables.Person.name, tables.Person.email, tables.School.id, tables.School.name,
        tables.Partnership.id, tables.Partnership.name, tables.Account.user, tables.Account.conversation,
        tables.Channel.conversation, tables.Note.text,  tables.Outbox.prompt, tables.Cycle.title,
    )  # fmt: skip
    return {str(each) for column in columns for each in connection.scalars(select(column)) if each}


def found(log: Written, of: set[str]) -> set[str]:
    """The canaries that stand in it as a word: a person called "ann" is not found in "planned"."""
    return {each for each in of if re.search(rf"(?<!\w){re.escape(each)}(?!\w)", log.text)}


def says_it_all(*_: object, **__: object) -> NoReturn:
    raise ValueError(f"priya@willow-valley.example {NOTE} 3 Established {TOKEN}")


@pytest.fixture(scope="module", params=PLATFORMS)
def stage(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    platform: str = request.param
    file = tmp_path_factory.mktemp(platform) / "stage.db"
    set_up(f"sqlite:///{file}", platform, PLATFORMS[platform][0])
    return platform, file


@pytest.fixture
def file(stage: tuple[str, Path], tmp_path: Path) -> Path:
    return Path(copy(stage[1], tmp_path))


@pytest.fixture
def driver(stage: tuple[str, Path], file: Path) -> Iterator[Driver]:
    with PLATFORMS[stage[0]][1](file) as opened:
        yield opened


def talk(chat: Driver) -> None:
    chat.types(HEAD, "start")
    chat.chooses(HEAD, SCHOOL, "2 Building")
    chat.chooses(HEAD, PARTNERSHIP, "3 Established")
    chat.types(HEAD, f"strength 1.1 {NOTE}")
    chat.types(HEAD, "my data")
    chat.types(HEAD, f"something else: {NOTE}")
    chat.says_in_channel(LEAD, "/partnership-report")


@pytest.mark.parametrize("style", ["text", "json"])
def test_a_conversation(driver: Driver, file: Path, style: Style) -> None:
    with written_log("debug", style) as log:
        talk(driver)
    assert "event" in log.text
    assert "message sent" in log.text
    assert found(log, canaries(f"sqlite:///{file}")) == set()


@pytest.mark.parametrize("broken", ["bot.turn.handle.step", "bot.compose.composer.tell", "bot.turn.handle.apply"])
def test_an_error_that_says_it_all(driver: Driver, file: Path, monkeypatch: pytest.MonkeyPatch, broken: str) -> None:
    driver.types(HEAD, "start")
    monkeypatch.setattr(broken, says_it_all)
    with written_log("debug") as log, suppress(Exception):
        driver.types(HEAD, f"strength 1.1 {NOTE}")
    monkeypatch.undo()
    assert "ValueError at " in log.text
    assert found(log, canaries(f"sqlite:///{file}")) == set()


def test_the_log_does_not_tell_one_level_from_another(driver: Driver) -> None:
    driver.types(HEAD, "start")
    driver.chooses(HEAD, SCHOOL, "2 Building")
    seen = []
    for level in ("3 Established", "2 Building"):
        with written_log("debug") as log:
            driver.chooses(HEAD, SCHOOL, level)
        seen.append([{**each, "time": 0, "turn": 0, "ms": 0, "row": 0} for each in log.entries])
    assert seen[0]
    assert seen[0] == seen[1]


# What a platform says when it refuses something


async def test_what_slack_says(tmp_path: Path) -> None:
    said = {"ok": False, "error": "invalid_blocks", "detail": NOTE, "response_metadata": {"messages": [NOTE]}}
    faults = (Fault(500, said), Fault(200, said), Fault(200, said | {"error": "internal_error"}), Fault(429, said))
    file = school_world.furnished(tmp_path / "test.db")
    async with school_world.slack_world(file) as world:
        with written_log("debug") as log:
            for fault in faults:
                world.slack.next_calls("chat.postMessage", fault)
                await world.types("priya", f"strength 1.1 {NOTE}")
    assert {each["event"] for each in log.entries} >= {"message refused", "message retried", "message paused"}
    assert found(log, canaries(f"sqlite:///{file}")) == set()


async def test_what_teams_says(tmp_path: Path) -> None:
    file = teams_world.furnished(tmp_path / "test.db")
    priya = teams_world.member("priya")
    async with teams_world.teams_world(file) as world:
        with written_log("debug") as log:
            for fault in (refused(500, "Broken"), refused(403, "Forbidden"), refused(429, "Throttled")):
                world.teams.next_calls("send", fault)
                await world.types(priya, f"strength 1.1 {NOTE}")
    assert {each["event"] for each in log.entries} >= {"message retried", "message paused"}
    assert found(log, canaries(f"sqlite:///{file}")) == set()


# What a database says when it refuses something


class Played(Protocol):
    """A leader who types in one process of the bot."""

    async def types(self, text: str) -> int:
        """Returns the status that the platform is answered with."""
        ...


@dataclass(frozen=True)
class InSlack:
    world: school_world.SlackWorld

    async def types(self, text: str) -> int:
        return (await self.world.types("priya", text)).status_code


@dataclass(frozen=True)
class InTeams:
    world: teams_world.TeamsWorld

    async def types(self, text: str) -> int:
        return (await self.world.types(teams_world.member("priya"), text)).status_code


@asynccontextmanager
async def in_slack(url: str) -> AsyncIterator[Played]:
    school_world.furnish(url)
    async with school_world.slack_world(url) as world:
        yield InSlack(world)


@asynccontextmanager
async def in_teams(url: str) -> AsyncIterator[Played]:
    teams_world.furnish(url)
    async with teams_world.teams_world(url) as world:
        yield InTeams(world)


def refuses(connection: Connection, *_: object) -> NoReturn:
    """PostgreSQL tells the values of a key that is there twice, and of a row that breaks a rule."""
    person = {"id": NOTE, "name": NOTE, "email": f"{NOTE}@river.example", "language": "en", "reminder_time": "any"}
    connection.execute(insert(tables.Person), person)
    connection.execute(insert(tables.Person), person)
    raise AssertionError("the database took it")


@pytest.mark.parametrize("opened", [in_slack, in_teams], ids=["slack", "teams"])
async def test_what_a_database_says(
    database_url: str,
    opened: Callable[[str], AbstractAsyncContextManager[Played]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with opened(database_url) as played:
        await played.types("start")
        monkeypatch.setattr("bot.turn.handle.apply", refuses)
        with written_log("debug") as log:
            status = await played.types(f"strength 1.1 {NOTE}")
        monkeypatch.undo()
    assert status >= 500
    (error,) = log.errors
    assert error["error"].startswith("IntegrityError at ")
    assert f" < {place_of('bot.turn.handle', 'done = apply(')} < " in error["error"]
    assert found(log, canaries(database_url)) == set()
