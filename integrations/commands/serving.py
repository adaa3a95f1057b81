"""``demo`` and ``serve``: answer over HTTP until stopped."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from queue import SimpleQueue
from types import FrameType
from typing import Final

import typer
import uvicorn
from fastapi import FastAPI

from core.log import Log
from core.settings import Settings, load_settings, unknown_settings
from core.storage.database import described
from core.storage.unusable import POOLED
from integrations.app import check_platforms, create_app
from integrations.commands.output import CannotBeDone, say
from integrations.log_setup import set_up_log
from integrations.stopping import tell_left_for_later

_SECONDS_TO_ANSWER: Final = 3
"""How long requests may take that came before it was told to stop; the platforms send them again."""
_SECONDS_BETWEEN_REQUESTS: Final = 75
"""How long a connection is kept without a request. Balancers keep theirs for a minute, and what comes on one that is
just being closed here is lost."""
SECONDS_TO_STOP: Final = 9.0
"""After that the process ends whatever it is doing. Process managers kill it after ten."""

_log = Log(__name__)


def demo(file: Path, port: int | None, *, fresh: bool) -> None:
    """Raises ``CannotBeDone``, and ``SettingsMistakes`` if a real installation's settings are present."""
    from integrations.demo.start import prepare

    given = {} if port is None else {"port": port}
    found = load_settings(demo=True, database_url=f"sqlite:///{file}", host="127.0.0.1", **given)
    with listening(found, "Try another: partnership-bot demo --port 8001, or make demo PORT=8001") as place:
        if fresh or not file.exists():
            say("Furnishing the demo; this takes a few seconds.")
        prepare(file, fresh=fresh)
        log_as(found)  # What is played to furnish it is no news.
        run(create_app(found), place, lambda address: say(
            f"The demo is ready: {address}",
            "It answers only on this computer. Stop it with Ctrl-C; what you did is kept for next time.",
        ))  # fmt: skip
    say("The demo has stopped.")


def serve() -> None:
    found = load_settings()
    if found.demo:
        raise CannotBeDone("PARTNERSHIP_DEMO is on. Start the demo with: partnership-bot demo")
    log_as(found)
    say(f"Database: {described(found.database_url.get_secret_value())}")
    for line in unknown_settings():
        _log.warning("setting without effect", why=line)
    _bring_up_to_date(found)
    check_platforms(found)  # The application would report its mistakes with a traceback.
    with listening(found, "Set another in PARTNERSHIP_PORT.") as place:
        run(create_app(found), place, lambda address: say(f"Ready: {address}"))
    say("Stopped.")


def _bring_up_to_date(found: Settings) -> None:
    """Update the database. The application does so too, but here a failure can be explained in a sentence.

    A process of its own runs the steps, because the 11 MB they load would otherwise stay in memory for good. It
    doesn't look for modules in the working directory (-P), where somebody may have a module named bot.
    """
    with closing(found.database()) as database:
        if database.needs_pooler_setting():
            _log.warning("database pooler without its setting", why=POOLED)
        if database.is_up_to_date():
            return
    ended = subprocess.run([sys.executable, "-P", "-m", "integrations.cli", "db", "upgrade"], check=False)
    if ended.returncode:
        raise typer.Exit(ended.returncode)


def listening(found: Settings, way_out: str) -> socket.socket:
    family = socket.AF_INET6 if ":" in found.host else socket.AF_INET
    try:
        place = socket.create_server((found.host, found.port), family=family, backlog=2048)
    except OSError as error:
        why = os.strerror(error.errno or 0).lower()
        words = f"Port {found.port} of {found.host} can't be used: {why}. {way_out}"
        raise CannotBeDone(words) from None
    # Each connection inherits it. Otherwise an answer in two parts waits 40 ms for the first to be acknowledged.
    place.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return place


def run(app: FastAPI, place: socket.socket, ready: Callable[[str], None]) -> None:
    config = uvicorn.Config(
        app,
        access_log=False,  # A URL may reveal which person looked at what.
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=_SECONDS_TO_ANSWER,
        timeout_keep_alive=_SECONDS_BETWEEN_REQUESTS,
    )
    # Ctrl-C and SIGTERM are the normal ways to stop it. The server raises them again once it has stopped.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with suppress(KeyboardInterrupt):
        _Server(config, lambda: ready(address_of(place))).run(sockets=[place])


def log_as(found: Settings) -> None:
    set_up_log(found.log_level, found.log_format)


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready
        self._loop: asyncio.AbstractEventLoop | None = None
        self._told: SimpleQueue[asyncio.AbstractEventLoop | None] = SimpleQueue()
        threading.Thread(target=_end_in_time, args=(self._told,), daemon=True).start()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        super().handle_exit(sig, frame)
        self._told.put(self._loop)  # The one thing between threads that a signal may do at any moment.

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self._loop = asyncio.get_running_loop()
        await super().startup(sockets)
        if self.started:
            self._ready()


def _end_in_time(told: SimpleQueue[asyncio.AbstractEventLoop | None]) -> None:
    """End the process some seconds after it was told to stop, if it still runs."""
    loop = told.get()
    time.sleep(SECONDS_TO_STOP)
    tell_left_for_later(asyncio.all_tasks(loop) if loop else ())
    say("Stopped.")
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(0)


def address_of(place: socket.socket) -> str:
    host, port = place.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
