"""Stands in for Slack: accepts every message at once, and notifies whoever is waiting for it."""

from __future__ import annotations

import asyncio
import json
import re
import ssl
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from itertools import count
from typing import Final

from benchmarks.slack.wire import Desk

_PATH: Final = re.compile(rb"^\w+ [^ ]*?/api/([\w.]+)")
_TOKEN: Final = re.compile(rb"\r\nauthorization: *Bearer xoxb-(\w+)", re.IGNORECASE)
_CHANNEL: Final = re.compile(rb'"channel": ?"(\w+)"')
_MESSAGES: Final = frozenset({b"chat.update", b"chat.postMessage"})


class Platform:
    def __init__(self) -> None:
        self.port = 0
        self.arrived: Callable[[str], None] = lambda _: None
        """Called for each message, with its channel."""
        self._numbers = count(1)

    @property
    def api(self) -> str:
        return f"http://127.0.0.1:{self.port}/api/"

    def answer(self, head: bytes, body: bytes) -> bytes:
        method, token = _PATH.search(head), _TOKEN.search(head)
        found: dict[str, object] = {"ok": True, "team_id": token.group(1).decode() if token else "T0NONE"}
        if method is not None and method.group(1) in _MESSAGES:
            match = _CHANNEL.search(body)
            assert match is not None, "a message names its channel"
            channel = match.group(1).decode()
            found |= {"channel": channel, "ts": f"1795000000.{next(self._numbers):06}"}
            self.arrived(channel)
        else:
            found |= {"user_id": "U0BOT", "bot_id": "B0BOT", "url": "https://schools.example/", "team": "Schools"}
        told = json.dumps(found).encode()
        return b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(told) + told


@asynccontextmanager
async def standing(tls: ssl.SSLContext | None = None) -> AsyncIterator[Platform]:
    """Serve it on any free port of this machine."""
    platform = Platform()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Desk(platform.answer), "127.0.0.1", 0, ssl=tls, backlog=512)
    platform.port = server.sockets[0].getsockname()[1]
    try:
        yield platform
    finally:
        server.close()


@contextmanager
def standing_beside(tls: ssl.SSLContext | None = None) -> Iterator[Platform]:
    """The same in its own thread, for callers that block meanwhile."""
    found: list[Platform] = []
    ready, over = threading.Event(), asyncio.Event()

    async def stand() -> None:
        async with standing(tls) as platform:
            found.append(platform)
            ready.set()
            await over.wait()

    with asyncio.Runner() as runner:
        thread = threading.Thread(target=runner.run, args=(stand(),))
        thread.start()
        ready.wait(30)
        try:
            yield found[0]
        finally:
            runner.get_loop().call_soon_threadsafe(over.set)
            thread.join()
