"""The log says what went wrong and where, on every platform, and binds together what belongs to one event."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from shutil import copy
from typing import Final, NamedTuple, NoReturn, TypeAlias

import pytest

from tests.contract.drivers import console, slack, teams, web
from tests.contract.scenarios import HEAD, Driver
from tests.contract.stage import set_up
from tests.support.log import Written, place_of, written_log

Opened: TypeAlias = Callable[[Path], AbstractContextManager[Driver]]

PLATFORMS: Final[Mapping[str, tuple[str, Opened]]] = {
    "console": (console.TENANT, console.opened),
    "slack": (slack.TENANT, slack.opened),
    "teams": (teams.TENANT, teams.opened),
    "web": (web.TENANT, web.opened),
}
SECRET = "our staff do not trust the trust"


class Fault(NamedTuple):
    """Something that is made to fail, and the line that uses it."""

    broken: str
    module: str
    line: str

    @property
    def place(self) -> str:
        return place_of(self.module, self.line)


DECIDE = Fault("bot.decide.written._commanded", "bot.decide.written", "return _commanded(state")
WORDING = Fault(
    "bot.wording.invitation_and_reminders.option",
    "bot.wording.invitation_and_reminders",
    "option(name, buttons.RemindAt",
)
RENDERERS = {
    "console": Fault("bot.messages.plain_text._block", "bot.messages.plain_text", "*map(_block, message.blocks)"),
    "slack": Fault("integrations.slack.render._fallback", "integrations.slack.render", "_fallback(message))"),
    "teams": Fault("integrations.teams.render._activity", "integrations.teams.render", "activity := _activity("),
    "web": Fault("integrations.web.render.mark", "integrations.web.render", "mark(message.key), message.lang"),
}
CALLS = {
    "console": Fault(
        "integrations.console.client.Terminal._thread", "integrations.console.client", "self._thread(thread)"
    ),
    "slack": Fault(
        "integrations.slack.connection.Connection.ask", "integrations.slack.client", "await self._connection.ask("
    ),
    "teams": Fault(
        "integrations.teams.connector.Connector._call", "integrations.teams.connector", "path, activity, joined=joined)"
    ),
    "web": Fault("integrations.web.client.keep", "integrations.web.client", "number = keep(connection"),
}


def fails(*_: object, **__: object) -> NoReturn:
    raise KeyError(SECRET)


@pytest.fixture(scope="module", params=PLATFORMS)
def stage(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    platform: str = request.param
    file = tmp_path_factory.mktemp(platform) / "stage.db"
    set_up(f"sqlite:///{file}", platform, PLATFORMS[platform][0])
    return platform, file


@pytest.fixture
def platform(stage: tuple[str, Path]) -> str:
    return stage[0]


@pytest.fixture
def driver(stage: tuple[str, Path], tmp_path: Path) -> Iterator[Driver]:
    platform, file = stage
    with PLATFORMS[platform][1](Path(copy(file, tmp_path))) as opened:
        opened.types(HEAD, "hello")
        yield opened


@pytest.fixture
def log(driver: Driver) -> Iterator[Written]:
    """What is logged once the conversation has begun."""
    with written_log() as written:
        yield written


# What went wrong, and where


def test_an_error_in_decide_is_found_by_its_file_and_line(
    driver: Driver, log: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(DECIDE.broken, fails)
    with suppress(Exception):  # A terminal and a browser are told so.
        driver.types(HEAD, "reminders")

    (event,), (error,) = log.of("event"), log.errors
    assert (event["kind"], event["outcome"], event["messages"]) == ("text", "failed", 0)
    assert error["error"].startswith(f"KeyError at {__name__}:")
    assert f" < {DECIDE.place} < " in error["error"]
    assert error["turn"] == event["turn"]


@pytest.mark.parametrize("fault", ["wording", "renderer", "platform call"])
def test_an_error_on_the_way_out_is_found_by_its_file_and_line(
    driver: Driver, platform: str, log: Written, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    broken = {"wording": WORDING, "renderer": RENDERERS[platform], "platform call": CALLS[platform]}[fault]
    monkeypatch.setattr(broken.broken, fails)
    driver.types(HEAD, "reminders")
    monkeypatch.undo()

    (event,) = log.of("event")
    errors = log.of("message failed")
    assert errors
    for error in errors:
        assert error["error"].startswith(f"KeyError at {__name__}:")
        assert f" < {broken.place} < " in error["error"]
        assert "bot.turn" not in error["error"], "the turn itself went well"
        assert (error["platform"], error["turn"]) == (platform, event["turn"])
    assert event["outcome"] == "handled"
    assert SECRET not in log.text
