"""Serve an application in a separate process: it prints its port, and stops when its input ends.

Peers run this too, so it imports nothing of ours.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import sys
from typing import Any

import uvicorn


class _Server(uvicorn.Server):
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started and sockets:
            sys.stdout.write(f"{sockets[0].getsockname()[1]}\n")
            sys.stdout.flush()
            self._ending = asyncio.create_task(self._end())

    async def _end(self) -> None:
        await asyncio.to_thread(sys.stdin.read)
        self.should_exit = True


def serve(app: Any) -> None:
    """Serve until standard input is closed."""
    logging.basicConfig(level=logging.ERROR)
    place = socket.create_server(("127.0.0.1", 0), backlog=512)
    place.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    _Server(uvicorn.Config(app, log_config=None, access_log=False)).run([place])
