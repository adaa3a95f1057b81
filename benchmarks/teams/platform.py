"""Stands in for Teams: its signing keys, Microsoft's tokens, and an endpoint that accepts every message."""

from __future__ import annotations

import asyncio
import json
import re
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from itertools import count
from typing import Final
from urllib.parse import unquote

from benchmarks.slack.wire import Desk
from tests.teams.signing import CONNECTOR, ISSUER

_PATIENCE: Final = 30.0
_PATH: Final = re.compile(rb"^\w+ ([^ ]*)")


class Platform:
    def __init__(self) -> None:
        self.port = self.login_port = 0
        self.latest: dict[str, str] = {}
        """The message posted last in each conversation."""
        self._numbers = count(1)
        self._posted = asyncio.Event()

    @property
    def service_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/uk/"

    @property
    def openid_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1/.well-known/openidconfiguration"

    @property
    def keys_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1/.well-known/keys"

    @property
    def authority(self) -> str:
        return f"https://127.0.0.1:{self.login_port}"

    async def messages(self, number: int) -> Mapping[str, str]:
        """Wait until this many conversations have a message; returns ``latest``."""
        async with asyncio.timeout(_PATIENCE):
            while len(self.latest) < number:
                self._posted.clear()
                await self._posted.wait()
        return dict(self.latest)

    def answer(self, head: bytes, _body: bytes) -> bytes:
        match = _PATH.search(head)
        path = match.group(1).decode() if match else ""
        told = json.dumps(self._told(path)).encode()
        return b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(told) + told

    def _told(self, path: str) -> dict[str, object]:
        if path.endswith("/openidconfiguration"):
            return {"issuer": ISSUER, "jwks_uri": self.keys_url}
        if path.endswith("/keys"):
            return {"keys": [CONNECTOR.jwk()]}
        if path.endswith("/openid-configuration"):
            at = f"{self.authority}/{path.split('/')[1]}"
            endpoints = {"authorization_endpoint": f"{at}/authorize", "token_endpoint": f"{at}/token"}
            return {"issuer": f"{at}/v2.0", **endpoints}
        if path.endswith("/token"):
            return {"token_type": "Bearer", "expires_in": 3599, "access_token": "the-bots-token"}
        message = f"1795{next(self._numbers):09}"
        if path.endswith("/activities"):
            self.latest[unquote(path.split("/")[-2])] = message
            self._posted.set()
        return {"id": message}


@asynccontextmanager
async def standing(tls: ssl.SSLContext) -> AsyncIterator[Platform]:
    """Serve it on free ports of this machine; Microsoft's library fetches tokens only over https."""
    platform, loop = Platform(), asyncio.get_running_loop()
    plain = await loop.create_server(lambda: Desk(platform.answer), "127.0.0.1", 0, backlog=512)
    login = await loop.create_server(lambda: Desk(platform.answer), "127.0.0.1", 0, ssl=tls)
    platform.port, platform.login_port = (each.sockets[0].getsockname()[1] for each in (plain, login))
    try:
        yield platform
    finally:
        plain.close()
        login.close()
