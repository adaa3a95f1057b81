"""What stands before every page: only this computer, only our own forms, and nothing but kind words when it fails."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Final, TypeAlias
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_log = logging.getLogger(__name__)

_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_READING: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_OURS: Final = frozenset({"same-origin", "none"})
_SAFE_HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": (
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

Problem: TypeAlias = Callable[[int], Response]
"""A page in words for a status."""
Describe: TypeAlias = Callable[[BaseException], str]


class Guard:
    """Lets through what a browser on this computer sends from our own pages.

    The ``Host`` check keeps other sites from pointing their own name at this computer (DNS rebinding); ``Origin`` and
    ``Sec-Fetch-Site`` keep their pages from sending our forms. A program that sends neither is no browser, and nobody
    else's page.
    """

    def __init__(self, app: ASGIApp, problem: Problem, describe: Describe) -> None:
        """``describe`` says what may be logged of an error."""
        self._app = app
        self._problem = problem
        self._describe = describe

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        guarded = _Answer(send)
        refused = _refused(scope["method"], Headers(scope=scope))
        if refused is not None:
            await self._problem(refused)(scope, receive, guarded)
            return
        await self._answer(scope, receive, guarded)

    async def _answer(self, scope: Scope, receive: Receive, answer: _Answer) -> None:
        try:
            await self._app(scope, receive, answer)
        except Exception as error:  # noqa: BLE001 - nobody is to see a trace, and the log is to hold no words of people
            _log.error("A page could not be made: %s", self._describe(error))
            if not answer.begun:
                await self._problem(500)(scope, receive, answer)


def _refused(method: str, headers: Headers) -> int | None:
    """The status to refuse a request with, or None where it is welcome."""
    host = headers.get("host", "")
    if _hostname(f"//{host}") not in _LOOPBACK:
        return 421
    if method in _READING:
        return None
    origin = headers.get("origin")
    foreign = origin is not None and origin.lower() != f"http://{host}".lower()
    return 403 if foreign or headers.get("sec-fetch-site", "none") not in _OURS else None


def _hostname(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None


class _Answer:
    """Sends an answer, with the headers that keep it safe."""

    def __init__(self, send: Callable[[Message], Awaitable[None]]) -> None:
        self._send = send
        self.begun = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.begun = True
            headers = MutableHeaders(scope=message)
            for name, value in _SAFE_HEADERS.items():
                headers.setdefault(name, value)
        await self._send(message)
