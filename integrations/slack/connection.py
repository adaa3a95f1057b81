"""One web session for all calls to Slack, and the call that turns its errors into those of ``bot.platform``."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Final, TypeAlias
from urllib.parse import urlsplit

import aiohttp
from pydantic_core import to_json
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.platform import Cause, OutcomeUnknown, RateLimited, SendFailed
from integrations.slack.errors import trouble_of
from integrations.slack.pacing import SlackPacer

SLACK: Final = "https://slack.com/api/"
_PATIENCE: Final = aiohttp.ClientTimeout(total=10, connect=5)
_MOST_CONNECTIONS: Final = 64
_MOST_REMEMBERED: Final = 1_000

Answer: TypeAlias = Mapping[str, object]
Call: TypeAlias = Callable[[AsyncWebClient], Awaitable[AsyncSlackResponse]]

CALL_ERRORS: Final = (SlackClientError, aiohttp.ClientError, TimeoutError, OSError)


def quiet_logger() -> logging.Logger:
    """The SDK writes whole messages into its debug log; this logger discards them."""
    return logging.Logger("slack", logging.CRITICAL + 1)  # noqa: LOG001 - no setting may turn this one on


class Connection:
    """A connection to Slack, or to whatever answers at ``api_url``. The session opens with the first call."""

    def __init__(self, api_url: str = SLACK, pacer: SlackPacer | None = None) -> None:
        self.api_url = api_url
        self.pacer = pacer or SlackPacer()
        self._session: aiohttp.ClientSession | None = None
        self._logger = quiet_logger()
        self._clients: dict[str, AsyncWebClient] = {}

    @property
    def session(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            connector = aiohttp.TCPConnector(limit=_MOST_CONNECTIONS)
            self._session = aiohttp.ClientSession(timeout=_PATIENCE, connector=connector, json_serialize=_as_json)
        return self._session

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    def client(self, token: str) -> AsyncWebClient:
        """The SDK's client for a token."""
        client = self._clients.get(token)
        if client is None or client.session is not self.session:
            if len(self._clients) >= _MOST_REMEMBERED:
                self._clients.clear()  # Renewed tokens leave their old clients behind.
            client = self._clients[token] = self._new_client(token)
        return client

    def _new_client(self, token: str) -> AsyncWebClient:
        """Without the SDK's own retries: they would post a message twice."""
        client = AsyncWebClient(token, self.api_url, session=self.session, retry_handlers=[], logger=self._logger)
        if urlsplit(self.api_url).hostname in {"127.0.0.1", "localhost"}:
            client.proxy = None
        return client

    async def ask(  # noqa: PLR0913 - whose call, and how
        self,
        tenant: str,
        token: str,
        method: str,
        call: Call,
        channel: str | None = None,
        *,
        joined: bool = False,
        bulk: bool = False,
    ) -> Answer:
        """Call a method when its turn comes. Raises ``RateLimited`` for a pause, and ``CALL_ERRORS`` for everything
        else.

        ``channel`` is the channel the call posts in; ``joined``: its turn has come already;
        ``bulk``: nobody is waiting for it.
        """
        await self.pacer.turn(tenant, method, channel, joined=joined, bulk=bulk)
        try:
            answer = await call(self.client(token))
        except SlackApiError as error:
            trouble = trouble_of(error)
            if isinstance(trouble, RateLimited):
                await self.pacer.hold(tenant, method, trouble.after.total_seconds())
                # A pause of files or of opening conversations is that method's: messages go on.
                raise replace(trouble, hold_all=method.startswith("chat.")) from None
            raise
        return answer.data if isinstance(answer.data, dict) else {}


def _as_json(data: object) -> str:
    """Encode a message in half the time that the standard library takes."""
    return to_json(data).decode()


@contextmanager
def in_our_words() -> Iterator[None]:
    """Turn a call's errors into those of ``bot.platform``."""
    try:
        yield
    except CALL_ERRORS as error:
        raise trouble_of(error) from None


@contextmanager
def nothing_sent() -> Iterator[None]:
    """The same for calls that send nothing visible, so that the outcome is never in doubt."""
    try:
        with in_our_words():
            yield
    except OutcomeUnknown as doubt:
        raise SendFailed(doubt.reason, cause=Cause.UNWELL) from None
