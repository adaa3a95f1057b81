"""The bot as it is served, in a process of its own: ``python -m tests.slack.replica [MOMENT EPOCH]``.

Its clock stands at the moment of the tests; or it goes on from MOMENT, which it showed EPOCH seconds after 1970. It
tells its address in a line once it is ready, and stops when its standard input is closed.
"""

from __future__ import annotations

import asyncio
import socket
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta

import uvicorn

from core.settings import load_settings
from integrations.app import create_app
from tests.support.days import NOW


class Replica(uvicorn.Server):
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started and sockets:
            sys.stdout.write(f"http://127.0.0.1:{sockets[0].getsockname()[1]}\n")
            sys.stdout.flush()
            self.ending = asyncio.create_task(self._end())

    async def _end(self) -> None:
        await asyncio.to_thread(sys.stdin.read)
        self.should_exit = True


def clock(moment: str | None = None, epoch: str = "0") -> Callable[[], datetime]:
    if moment is None:
        return lambda: NOW
    begins, since = datetime.fromisoformat(moment), float(epoch)
    return lambda: begins + timedelta(seconds=time.time() - since)


if __name__ == "__main__":
    app = create_app(load_settings(), clock(*sys.argv[1:]))
    Replica(uvicorn.Config(app, log_level="error")).run([socket.create_server(("127.0.0.1", 0))])
