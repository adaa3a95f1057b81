"""Socket Mode, for schools without a public address: events arrive over a connection that the bot opens.

https://docs.slack.dev/apis/events-api/using-socket-mode
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from core.log import Log
from integrations.slack.listeners import dispatch

_log = Log(__name__)

_NOT_EVERY: Final = 12
"""One in this many failures in a row is logged; it retries every few seconds."""


@asynccontextmanager
async def listening(bolt: AsyncApp, app_token: str, web: AsyncWebClient) -> AsyncIterator[SocketModeClient]:
    """Receive events for as long as this is open. The client's ``is_connected`` says whether they are coming in."""

    async def hear(client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        told = await dispatch(bolt, request.payload, again=bool(request.retry_attempt))
        if told.status == 200:  # Slack sends again whatever isn't acknowledged.
            await client.send_socket_mode_response(
                SocketModeResponse(envelope_id=request.envelope_id, payload=_payload(told))
            )

    client = SocketModeClient(app_token, logger=_logger(), web_client=web)
    client.socket_mode_request_listeners.append(hear)
    # It retries for ever if the token is wrong, so nothing awaits it.
    connecting = asyncio.create_task(client.connect())  # type: ignore[no-untyped-call]
    try:
        yield client
    finally:
        connecting.cancel()
        await client.close()  # type: ignore[no-untyped-call]


def _payload(told: BoltResponse) -> dict[str, object] | None:
    if not told.body:
        return None
    payload: dict[str, object] = json.loads(told.body)
    return payload


class _Told(logging.Handler):
    """The SDK's errors in a sentence: its own words may contain the connection's address, which is a secret."""

    failures = 0

    def emit(self, record: logging.LogRecord) -> None:  # noqa: ARG002 - as the library calls it
        if self.failures % _NOT_EVERY == 0:
            _log.warning("Slack's Socket Mode is not connected, and is tried again. Is the app token right?")
        self.failures += 1


def _logger() -> logging.Logger:
    logger = logging.Logger("slack", logging.ERROR)  # noqa: LOG001 - no setting may turn this one on
    logger.addHandler(_Told())
    return logger
