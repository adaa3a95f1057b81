"""``serve`` ends when it is told to, whatever the platform does, and takes what it began with it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, sleep
from typing import IO

import pytest
from sqlalchemy import select

from bot.messages import references
from core.storage import outbox, tables
from core.storage.database import Database
from integrations.commands.serving import SECONDS_TO_STOP

ROOT = Path(__file__).parents[3]
KNOWN = json.dumps({"ok": True, "team_id": "T1", "user_id": "U0", "bot_id": "B0", "url": "https://x.slack.com/"})
SOON = 3.0
"""Seconds; the product takes longer before it gives up, but tests need not."""
_outbox = tables.Outbox.__table__


@dataclass
class SilentSlack:
    """Says who the bot is, takes every other call, and never answers it."""

    server: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))
    called: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    """Once for each call that waits for its answer."""
    _open: list[socket.socket] = field(default_factory=list)

    def __post_init__(self) -> None:
        threading.Thread(target=self._take, daemon=True).start()

    def _take(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self.server.accept()
                self._open.append(connection)
                threading.Thread(target=self._hear, args=(connection,), daemon=True).start()

    def _hear(self, connection: socket.socket) -> None:
        while call := connection.recv(65536):
            if b"POST /api/auth.test" in call:
                head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(KNOWN)}\r\n\r\n"
                connection.sendall((head + KNOWN).encode())
            elif call.startswith(b"POST"):
                self.called.release()

    def close(self) -> None:
        for each in (self.server, *self._open):
            each.close()


def wait_for(stream: IO[str], beginning: str) -> str:
    return next(line.removeprefix(beginning).strip() for line in stream if line.startswith(beginning))


def runs(process: int) -> bool:
    """Whether it is there, and no mere entry that nobody has asked for."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{process}/status").read_text()
    except OSError:
        return False


def ends(process: int) -> bool:
    """Within a second or two."""
    deadline = monotonic() + 5
    while runs(process) and monotonic() < deadline:
        sleep(0.02)
    return not runs(process)


@contextmanager
def serving(database: Path, slack: SilentSlack) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """The process, and the one that draws for it."""
    mine = {name: value for name, value in os.environ.items() if not name.startswith("PARTNERSHIP_")}
    settings = {
        "PARTNERSHIP_DATABASE_URL": f"sqlite:///{database}",
        "PARTNERSHIP_PORT": "0",
        "PARTNERSHIP_SLACK__BOT_TOKEN": "xoxb-1",
        "PARTNERSHIP_SLACK__SIGNING_SECRET": "secret",
        "PARTNERSHIP_SLACK__API_URL": f"http://127.0.0.1:{slack.server.getsockname()[1]}/api/",
    }
    command = [sys.executable, "-m", "tests.support.slow_drawing", str(SOON)]
    with subprocess.Popen(
        command, cwd=ROOT, env=mine | settings, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            yield process, int(wait_for(process.stdout, "Drawing: "))
        finally:
            process.kill()


@pytest.fixture
def slack() -> Iterator[SilentSlack]:
    with closing(SilentSlack()) as opened:
        yield opened


@pytest.fixture
def waiting(upgraded_file: Path, tmp_path: Path) -> Path:
    """A database with two messages to send: one that may be sent again, and one that may not."""
    file = tmp_path / "bot.db"
    file.write_bytes(upgraded_file.read_bytes())
    with closing(Database(f"sqlite:///{file}")) as database:
        for channel, manner in (("C1", "below"), ("C2", "once")):
            database.write_now(
                lambda writing, channel=channel, manner=manner: outbox.put(  # type: ignore[misc]
                    writing,
                    platform="slack",
                    tenant="T1",
                    conversation=channel,
                    kind="channel",
                    key=channel,
                    prompt=references.to_json(references.ShortReply("only-leads-responses")),
                    manner=manner,
                    now=datetime.now(UTC),
                )
            )
    return file


def test_process_managers_need_not_kill_it() -> None:
    """They wait for ten seconds; it notices within a tenth of one."""
    assert SECONDS_TO_STOP <= 9


def test_it_ends_in_time_while_calls_hang_and_something_is_drawn(waiting: Path, slack: SilentSlack) -> None:
    with serving(waiting, slack) as (process, drawing):
        for _ in range(2):
            assert slack.called.acquire(timeout=20)
        told = monotonic()
        process.send_signal(signal.SIGTERM)
        said, log = process.communicate(timeout=90)
        took = monotonic() - told
    assert (process.returncode, said) == (0, "Stopped.\n")
    assert took < SOON + 1
    assert " warning stopped with work left for later left=" in log
    assert ends(drawing)
    with closing(Database(f"sqlite:///{waiting}")) as database:
        rows = database.read_now(lambda reading: reading.execute(select(_outbox.c.key, _outbox.c.state)).all())
    assert {(key, state in ("claimed", "sending")) for key, state in rows} == {("C1", True), ("C2", True)}
    assert slack.called.acquire(blocking=False) is False, "each was sent once"


def test_what_draws_ends_with_a_server_that_was_killed(waiting: Path, slack: SilentSlack) -> None:
    with serving(waiting, slack) as (process, drawing):
        assert runs(drawing)
        process.kill()
        process.wait()
        assert ends(drawing)
