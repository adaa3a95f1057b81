"""The Bot Connector's API, as far as the bot uses it, on one web client for all calls.

https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-api-reference
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias
from urllib.parse import quote
from urllib.request import getproxies

import httpx
from pydantic_core import to_json

from bot.platform import RateLimited, SendFailed
from integrations.teams.errors import trouble_of, trouble_on_the_way
from integrations.teams.pacing import TeamsPacer
from integrations.teams.service_urls import ServiceUrls
from integrations.teams.tokens import ConnectorTokens
from integrations.teams.transport import ByAiohttp

Answer: TypeAlias = Mapping[str, object]

PATIENCE: Final = httpx.Timeout(10, connect=5)
_MOST_CONNECTIONS: Final = 64
_AS_JSON: Final = {"Content-Type": "application/json"}


def new_client() -> httpx.AsyncClient:
    """If there is a proxy, httpx handles it."""
    transport = None if getproxies() else ByAiohttp(_MOST_CONNECTIONS)
    return httpx.AsyncClient(timeout=PATIENCE, transport=transport)


@dataclass(frozen=True, slots=True)
class Service:
    """Where an organisation can be reached."""

    tenant: str
    url: str


@dataclass(frozen=True, slots=True)
class Connector:
    """The API. Every call may raise the exceptions of ``bot.platform``."""

    http: httpx.AsyncClient
    tokens: ConnectorTokens
    service_urls: ServiceUrls
    pacer: TeamsPacer

    async def create(self, service: Service, about: Mapping[str, object]) -> Answer:
        return await self._call(service, "POST", "conversations", about)

    async def send(
        self, service: Service, conversation: str, activity: Mapping[str, object], *, joined: bool = False
    ) -> Answer:
        """``joined``: the call's turn in this organisation has come already."""
        path = f"conversations/{_part(conversation)}/activities"
        return await self._call(service, "POST", path, activity, joined=joined)

    async def update(
        self, service: Service, conversation: str, activity_id: str, activity: Mapping[str, object]
    ) -> Answer:
        """The call's turn in this organisation has come already."""
        where = f"conversations/{_part(conversation)}/activities/{_part(activity_id)}"
        return await self._call(service, "PUT", where, activity, joined=True)

    async def member(self, service: Service, conversation: str, member: str) -> Answer:
        return await self._call(service, "GET", f"conversations/{_part(conversation)}/members/{_part(member)}")

    async def page_of_members(self, service: Service, team: str, token: str | None, most: int) -> Answer:
        query = f"?pageSize={most}" + (f"&continuationToken={_part(token)}" if token else "")
        return await self._call(service, "GET", f"conversations/{_part(team)}/pagedmembers{query}")

    async def _call(
        self,
        service: Service,
        method: Literal["GET", "POST", "PUT"],
        path: str,
        content: Mapping[str, object] | None = None,
        *,
        joined: bool = False,
    ) -> Answer:
        """The URL is checked before anything else, so that no token is even requested for a bad one."""
        if not self.service_urls.allow(service.url):
            raise SendFailed("The address that Teams is to be reached at is none of Teams.")
        about = path.split("/")[1] if path.count("/") > 1 else ""
        await self.pacer.turn(service.tenant, about, joined=joined)
        request = self._request(method, f"{service.url.rstrip('/')}/v3/{path}", content)
        response = await self._asked(request)
        if response.status_code == 401:
            await self.tokens.forget()
            response = await self._asked(request)
        if response.is_success:
            return _read(response)
        trouble = trouble_of(response)
        if isinstance(trouble, RateLimited):
            await self.pacer.hold(service.tenant, about, trouble.after.total_seconds())
        raise trouble

    def _request(self, method: str, url: str, content: Mapping[str, object] | None) -> httpx.Request:
        if content is None:
            return self.http.build_request(method, url)
        # Encoded as ``limits.is_too_large`` counted it.
        return self.http.build_request(method, url, content=to_json(content), headers=_AS_JSON)

    async def _asked(self, request: httpx.Request) -> httpx.Response:
        token = await self.tokens.get()
        if token is not None:
            request.headers["Authorization"] = f"Bearer {token}"
        try:
            return await self.http.send(request)
        except httpx.HTTPError as error:
            raise trouble_on_the_way(error) from None


def _part(text: str) -> str:
    """Any text as a single part of a URL."""
    return quote(text, safe="")


def _read(response: httpx.Response) -> Answer:
    try:
        answer = response.json()
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}
