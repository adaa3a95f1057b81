"""Minimal HTTP, so that what is measured is the other end: connections stay open, and lengths are known."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator
from typing import Final, TypeAlias

_END: Final = b"\r\n\r\n"
_LENGTH: Final = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)

Answer: TypeAlias = Callable[[bytes, bytes], bytes]
"""Makes the response to a request, given its head and body."""


class _Cutter:
    """Cuts incoming bytes into messages, each with its head and body."""

    def __init__(self) -> None:
        self._kept = b""

    def messages(self, data: bytes) -> Iterator[tuple[bytes, bytes]]:
        self._kept += data
        while (head := self._kept.find(_END)) >= 0:
            length = _LENGTH.search(self._kept, 0, head)
            end = head + len(_END) + (int(length.group(1)) if length else 0)
            if len(self._kept) < end:
                return
            yield self._kept[:head], self._kept[head + len(_END) : end]
            self._kept = self._kept[end:]


class Line(asyncio.Protocol):
    """A client connection that sends one request after another."""

    def __init__(self) -> None:
        self._cutter = _Cutter()
        self._transport: asyncio.Transport | None = None
        self._answered: asyncio.Future[int] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        for head, _ in self._cutter.messages(data):
            assert self._answered is not None
            self._answered.set_result(int(head.split(b" ", 2)[1]))

    def connection_lost(self, error: Exception | None) -> None:
        if self._answered is not None and not self._answered.done():
            self._answered.set_exception(error or ConnectionResetError())

    async def ask(self, request: bytes) -> int:
        """Send a request; returns the status of the response."""
        assert self._transport is not None
        self._answered = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._answered

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()


async def line_to(port: int) -> Line:
    _, line = await asyncio.get_running_loop().create_connection(Line, "127.0.0.1", port)
    return line


class Desk(asyncio.Protocol):
    """The server end of such connections."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self._cutter = _Cutter()
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        assert self._transport is not None
        for head, body in self._cutter.messages(data):
            self._transport.write(self._answer(head, body))
