"""The demo as it is served, on a copy of its database and with a clock that stands still until it is moved."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from threading import Event, Thread

import uvicorn
from fastapi import FastAPI

from core.settings import Settings
from core.storage import inbox
from core.storage.database import Database
from integrations.app import create_app
from integrations.demo.clock import BEGINS
from integrations.demo.start import prepare
from tests.support.html import Element


def furnished(file: Path) -> Path:
    """The demo's database as it is at its first start."""
    # In a thread of its own: where playwright runs, this one can run no event loop.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(prepare, file, fresh=True).result()
    return file


def goes_on_from(database: Path, moment: datetime) -> None:
    """Let something have come in at this moment: the demo's clock goes on from there."""
    with closing(Database(f"sqlite:///{database}")) as opened:
        opened.write_now(lambda connection: inbox.is_new(connection, "the last", moment))


@contextmanager
def demo_on(database: Path) -> Iterator[str]:
    """The address of a demo that is served on this database."""
    settings = Settings(demo=True, database_url=f"sqlite:///{database}")
    with serving(create_app(settings, lambda: BEGINS)) as address:
        yield address


@contextmanager
def serving(app: FastAPI) -> Iterator[str]:
    place = socket.create_server(("127.0.0.1", 0))
    place.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    server = _Server(uvicorn.Config(app, lifespan="on", log_config=None, access_log=False))
    thread = Thread(target=server.run, kwargs={"sockets": [place]})
    thread.start()
    server.ready_or_gone.wait()
    assert server.started, "the application did not start"
    try:
        yield f"http://127.0.0.1:{place.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        place.close()


def settled(fetch: Callable[[], Element]) -> Element:
    """The page once nothing is on its way any more; until then it asks to be fetched again, as a browser would."""
    for _ in range(600):
        page = fetch()
        if not any(each.get("http-equiv") == "refresh" for each in page.find("meta")):
            return page
        time.sleep(0.1)
    raise AssertionError("something was still on its way after a minute")


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready_or_gone = Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        try:
            await super().startup(sockets)
        finally:
            self.ready_or_gone.set()
