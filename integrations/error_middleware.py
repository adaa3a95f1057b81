"""Errors stay inside: the sender gets a friendly answer, and nothing people wrote gets into the log."""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.log import Log
from core.storage.database import DatabaseBusy

_log = Log(__name__)


class Contained:
    def __init__(self, app: ASGIApp, problem: Callable[[int], Response]) -> None:
        """``problem`` turns a status into the answer's text."""
        self._app = app
        self._problem = problem

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False

        async def noting_send(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, noting_send)
        except ClientDisconnect:
            pass  # The client hung up halfway: there is nobody to answer, and nothing is wrong here.
        except Exception as error:  # noqa: BLE001 - the last resort for every error
            _log.error("A request could not be answered", error)
            if not begun:
                await self._problem(503 if isinstance(error, DatabaseBusy) else 500)(scope, receive, send)
