"""What an operator reads: our lines as they are, and of a library's only what can't hold what somebody sent."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from io import StringIO

import pytest
import uvicorn
from fastapi import FastAPI
from starlette.responses import Response
from uvicorn.lifespan.on import LifespanOn

from core.log import Log
from integrations.app import application
from integrations.log_setup import set_up_log
from tests.support.log import Written, written_log

SECRET = "xoxb-what-Ann-wrote"


@pytest.fixture
def log() -> Iterator[Written]:
    with written_log("debug") as written:
        yield written


def test_a_line_of_text_begins_with_the_time_the_level_and_what_happened() -> None:
    with written_log(style="text") as log:
        Log("bot.somewhere").warning("message paused", turn="0123456789", reason="Slack asks for a pause.")
    line = r'\S+\+00:00 warning message paused turn=0123456789 reason="Slack asks for a pause\."\n'
    assert re.fullmatch(line, log.text)


def test_a_line_of_json_has_the_module_too(log: Written) -> None:
    Log("bot.somewhere").info("event", turn="0123456789", ms=1.5)
    (entry,) = log.entries
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", entry.pop("time"))
    assert entry == {
        "level": "info", "logger": "bot.somewhere", "event": "event", "turn": "0123456789", "ms": 1.5,
    }  # fmt: skip


def test_on_a_terminal_it_is_in_colours() -> None:
    class Terminal(StringIO):
        def isatty(self) -> bool:
            return True

    stream = Terminal()
    handler = set_up_log("info", "text", stream)
    try:
        Log("bot.somewhere").warning("message paused", row=3)
    finally:
        logging.getLogger().removeHandler(handler)
    assert "\x1b[" in stream.getvalue()
    assert re.sub(r"\x1b\[\d*m", "", stream.getvalue()).split()[1:] == ["[warning", "]", "message", "paused", "row=3"]


# Libraries


@pytest.mark.parametrize("name", ["slack_bolt.AsyncApp", "httpx", "sqlalchemy.engine.Engine", "msal.application"])
def test_a_library_is_not_heard_below_a_warning_however_talkative_the_log(log: Written, name: str) -> None:
    library = logging.getLogger(name)
    assert not library.isEnabledFor(logging.INFO), "it need not even make its line"
    library.info(SECRET)
    assert log.text == ""


@pytest.mark.parametrize(
    "words", [pytest.param(("It failed: %s", SECRET), id="in an argument"), pytest.param((SECRET,), id="in its words")]
)
def test_a_librarys_warning_is_told_by_its_place_and_not_in_its_words(log: Written, words: tuple[str, ...]) -> None:
    logging.getLogger("slack_sdk.web").warning(*words)
    (entry,) = log.entries
    assert (entry["level"], entry["logger"], entry["event"]) == ("warning", "slack_sdk.web", "a library warns")
    assert entry["at"].startswith("test_log_setup.py:")
    assert SECRET not in log.text


def test_the_error_that_a_library_tells_of_is_told_by_its_places(log: Written) -> None:
    try:
        json.loads("{")
    except ValueError:
        logging.getLogger("asyncio").exception("Task exception was never retrieved: %s", SECRET)
    (entry,) = log.entries
    assert entry["error"].startswith("JSONDecodeError at json.decoder:")
    assert SECRET not in log.text


def test_what_the_server_says_of_itself_is_told(log: Written) -> None:
    logging.getLogger("uvicorn.error").warning("Invalid HTTP request received.")
    assert log.entries[0]["event"] == "Invalid HTTP request received."


def test_a_line_that_cannot_be_written_is_not_written_out_in_full(capsys: pytest.CaptureFixture[str]) -> None:
    stream, alone = StringIO(), logging.Logger("uvicorn.error")  # noqa: LOG001 - pytest would raise it
    handler = set_up_log("info", "text", stream)
    logging.getLogger().removeHandler(handler)
    alone.addHandler(handler)
    alone.warning("Invalid: %d", SECRET)
    assert stream.getvalue().startswith("A line of the log could not be written: TypeError at ")
    assert SECRET not in stream.getvalue() + capsys.readouterr().err


async def test_what_keeps_the_application_from_starting_is_told_without_what_it_says(log: Written) -> None:
    @asynccontextmanager
    async def broken(_: FastAPI) -> AsyncIterator[None]:
        raise KeyError(SECRET)
        yield

    config = uvicorn.Config(application(broken, Response), log_config=None)
    config.load()
    starting = LifespanOn(config)
    await starting.startup()
    assert starting.should_exit
    ours, *servers = log.entries
    assert ours["error"].startswith(f"KeyError at {__name__}:")
    assert [each["logger"] for each in servers] == ["uvicorn.error"] * len(servers)
    assert SECRET not in log.text
