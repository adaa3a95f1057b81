"""What a process says of itself to a load balancer and to whoever watches."""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import Connection, delete, insert, text, update

from core.storage import outbox, signs_of_life
from core.storage.database import Database
from core.storage.tables import Channel, Hold, Outbox, SignOfLife
from integrations.health import health
from tests.support.days import NOW
from tests.support.enquiries import bring
from tests.support.partnership_files import river
from tests.support.post_office import SOMEBODY, acquaint

Asked = tuple[int, list[str]]
START = (
    "Start a process that sends and reminds: partnership-bot serve, with the role all or worker. If one is running, "
    "its log says what went wrong."
)
LOG = "The log of the process that sends says why, and partnership-bot outbox list what they are."


@dataclass
class Process:
    """A process that takes events from Slack, and the database of all processes."""

    database: Database
    now: datetime = NOW
    seconds: float = 0.0
    missing: list[str] = field(default_factory=list)
    """What the platforms say is missing for events to come in."""

    async def asked(self, path: str) -> Asked:
        self.seconds += 1
        app = FastAPI()
        app.include_router(self.router)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://bot") as http:
            response = await http.get(f"/health/{path}")
        return response.status_code, response.text.splitlines()

    def __post_init__(self) -> None:
        async def comes_in() -> str | None:
            return self.missing[0] if self.missing else None

        self.router = health(self.database, lambda: self.now, ["slack"], [comes_in], lambda: self.seconds)

    def does(self, work: Callable[[Connection], object]) -> None:
        self.database.write_now(lambda connection: work(connection) and None)

    def has_waiting(self, messages: int, *, since: datetime, platform: str = "slack") -> None:
        def work(connection: Connection) -> None:
            for number in range(messages):
                outbox.put(
                    connection, platform=platform, tenant="T1", conversation=f"D{number}", kind="direct", key="card",
                    prompt="{}", manner="refresh", person=SOMEBODY, now=since,
                )  # fmt: skip

        self.does(work)


@pytest.fixture
async def process(database_url: str) -> AsyncIterator[Process]:
    """All is well: the clock has just done its work."""
    database = Database(database_url)
    database.upgrade()

    def begun(connection: Connection) -> None:
        acquaint(connection)
        bring(connection, river())
        connection.execute(update(Channel).values(platform="slack", tenant="T1"))
        signs_of_life.give(connection, "minute", NOW)

    database.write_now(begun)
    yield Process(database)
    database.close()


READY, WELL = (200, ["Ready."]), (200, ["Nothing is held up."])


async def test_all_is_well(process: Process) -> None:
    assert (await process.asked("ready"), await process.asked("work")) == (READY, WELL)


# Ready to take an event


async def test_being_ready_means_that_something_was_stored(process: Process) -> None:
    await process.asked("ready")
    assert await process.database.read(partial(signs_of_life.last, kind="write")) == NOW


async def test_however_many_ask_it_is_tried_once_a_second(process: Process) -> None:
    await process.asked("ready")
    process.now, process.seconds = NOW + timedelta(minutes=1), process.seconds - 0.1
    await process.asked("ready")
    assert await process.database.read(partial(signs_of_life.last, kind="write")) == NOW
    process.seconds += 0.1
    await process.asked("ready")
    assert await process.database.read(partial(signs_of_life.last, kind="write")) == process.now


@pytest.mark.parametrize(
    ("version", "told"),
    [
        ("0001", "The database's tables are not those of this version."),
        ("9999", "This database was last used by a later version of the program."),
    ],
)
async def test_tables_of_another_version_are_none_to_store_in(process: Process, version: str, told: str) -> None:
    process.does(lambda connection: connection.execute(text(f"UPDATE alembic_version SET version_num = '{version}'")))
    for path in ("ready", "work"):
        status, (line,) = await process.asked(path)
        assert (status, line[: len(told)]) == (503, told)


async def test_a_socket_that_reconnects_and_a_workspace_that_pauses_take_no_process_away(process: Process) -> None:
    process.missing = ["Slack's Socket Mode is not connected."]
    held = {"platform": "slack", "tenant": "T1", "conversation": "", "until": NOW + timedelta(hours=1)}
    process.does(lambda connection: connection.execute(insert(Hold).values(held)))
    assert await process.asked("ready") == READY
    assert await process.asked("work") == (503, ["Slack's Socket Mode is not connected."])


async def test_neither_do_messages_that_wait_nor_a_worker_that_stopped(process: Process) -> None:
    process.has_waiting(3, since=NOW)
    process.now += timedelta(hours=1)
    assert await process.asked("ready") == READY


# The work


async def test_a_rush_with_no_worker_is_seen_after_three_minutes_with_its_cause_first(process: Process) -> None:
    process.has_waiting(28, since=NOW)
    process.now += timedelta(minutes=14)
    assert await process.asked("work") == (
        503,
        [
            f"The clock last did its work 14 minutes ago. {START}",
            f"28 messages are due, the oldest for 14 minutes, and nobody sends them. {LOG}",
        ],
    )


@pytest.mark.parametrize(
    ("seconds", "found"), [(180, WELL), (181, (503, [f"The clock last did its work 3 minutes ago. {START}"]))]
)
async def test_a_tick_may_be_three_minutes_old(process: Process, seconds: int, found: Asked) -> None:
    process.now += timedelta(seconds=seconds)
    assert await process.asked("work") == found


async def test_a_clock_that_never_ticked(process: Process) -> None:
    process.does(lambda connection: connection.execute(delete(SignOfLife)))
    assert await process.asked("work") == (503, [f"The clock has never done its work here. {START}"])


async def test_a_clock_that_ticks_while_nobody_sends(process: Process) -> None:
    process.has_waiting(1, since=NOW - timedelta(minutes=2))
    told = f"1 message has been due for 2 minutes, and nobody sends it. {LOG}"
    assert await process.asked("work") == (503, [told])


async def test_a_platform_pause_is_no_fault_of_ours(process: Process) -> None:
    process.has_waiting(5, since=NOW - timedelta(minutes=20))
    held = {"platform": "slack", "tenant": "T1", "conversation": "", "until": NOW + timedelta(minutes=1)}
    process.does(lambda connection: connection.execute(insert(Hold).values(held)))
    assert await process.asked("work") == WELL


async def test_a_channel_on_a_platform_that_is_not_set_up_is_counted_and_not_named(process: Process) -> None:
    process.does(lambda connection: connection.execute(update(Channel).values(platform="teams")))
    process.has_waiting(2, since=NOW - timedelta(minutes=20), platform="teams")
    assert await process.asked("work") == (
        503,
        [
            "1 partnership has its channel in Teams, which is not set up here: docs/teams.md says how.",
            "2 messages wait for Teams, which is not set up here: docs/teams.md says how.",
        ],
    )


async def test_messages_of_the_terminal_and_the_demo_are_not_sent_by_a_server(process: Process) -> None:
    process.has_waiting(1, since=NOW - timedelta(hours=1), platform="console")
    assert await process.asked("work") == WELL
    process.does(lambda connection: connection.execute(delete(Outbox)))


# A real process


@contextmanager
def serving(folder: Path, **settings: str) -> Iterator[tuple[str, int]]:
    """The address and number of a process."""
    environment = {"PARTNERSHIP_DATABASE_URL": f"sqlite:///{folder}/bot.db", "PARTNERSHIP_PORT": "0"}
    program = [sys.executable, "-c", "from integrations.cli import app; app()", "serve"]
    with subprocess.Popen(
        program, env=environment | settings, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        ready = "Ready: "
        yield next(line.removeprefix(ready).strip() for line in process.stdout if line.startswith(ready)), process.pid
        process.terminate()


def told_by(address: str, path: str) -> Asked:
    response = httpx.get(f"{address}/health/{path}", trust_env=False)
    return response.status_code, response.text.splitlines()


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="only Linux limits another process")
def test_on_a_full_disk_a_process_is_not_ready_until_there_is_room_again(tmp_path: Path) -> None:
    with serving(tmp_path, PARTNERSHIP_ROLE="serve") as (address, pid):
        limit = resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
        status, (told,) = told_by(address, "ready")
        assert (status, told.partition(": ")[0]) == (503, "Nothing can be stored")
        assert "disk" in told
        assert str(tmp_path) not in told
        assert told_by(address, "work") == (503, [told])
        assert told_by(address, "live") == (200, ["The process is running."])

        resource.prlimit(pid, resource.RLIMIT_FSIZE, limit)
        give_up_at = time.monotonic() + 10
        while (found := told_by(address, "ready")) != READY and time.monotonic() < give_up_at:
            pass
        assert found == READY
        assert told_by(address, "work") == (503, [f"The clock has never done its work here. {START}"])
