"""Who may send requests: only a browser on this computer, and only from our own pages."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_HERE: Final = re.compile(r"(?:127\.0\.0\.1|localhost|\[::1\])(?::[0-9]{1,5})?", re.IGNORECASE)
_READING: Final = frozenset({"GET", "HEAD"})
_OURS: Final = frozenset({"same-origin", "none"})
_SAFE_HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": (
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # With "no-referrer" a browser would hide the origin of our own forms too.
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class OnlyHere:
    """Lets through only what a browser on this computer sends from our own pages.

    The ``Host`` check stops other sites from pointing their own name at this computer (DNS rebinding); ``Origin`` and
    ``Sec-Fetch-Site`` stop their pages from sending our forms. A request with neither comes from a program, not from
    another site's page.
    """

    def __init__(self, app: ASGIApp, problem: Callable[[int], Response]) -> None:
        """``problem`` turns a status into the answer's text."""
        self._app = app
        self._problem = problem

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def safe_send(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _SAFE_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        refused = _refused(scope["method"], Headers(scope=scope))
        answer = self._app if refused is None else self._problem(refused)
        await answer(scope, receive, safe_send)


def _refused(method: str, headers: Headers) -> int | None:
    """The status with which to refuse a request, or None if it is welcome."""
    host = headers.get("host", "")
    if not _HERE.fullmatch(host):
        return 421
    if method in _READING:
        return None
    origin = headers.get("origin")
    foreign = origin is not None and origin.lower() != f"http://{host}".lower()
    return 403 if foreign or headers.get("sec-fetch-site", "none") not in _OURS else None
