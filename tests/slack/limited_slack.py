"""A Slack of many workspaces that enforces its limits, and takes its time: for what happens when much happens.

It looks at no block: ``playing_slack`` does. A token names its workspace, as ``xoxb-T0ALDER`` does.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final, NamedTuple

from aiohttp import web

from integrations.slack.pacing import OF_METHOD
from tests.support.faults import Fault, failed
from tests.support.limits import Limits

DOCUMENTED: Final[Mapping[str, tuple[int, float]]] = {
    name: (rate.burst, rate.every) for name, rate in OF_METHOD.items()
}
"""The limits that the bot is told."""


class Arrival(NamedTuple):
    """A message that Slack has taken."""

    tenant: str
    channel: str
    key: str
    """The key in its metadata; empty without."""
    text: str
    at: float
    ts: str
    is_edit: bool


@dataclass
class LimitedSlack:
    limits: Limits
    takes: float = 0.05
    """Seconds for each call."""
    arrived: list[Arrival] = field(default_factory=list)
    calls: int = 0
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    pauses: dict[tuple[str, str], int] = field(default_factory=dict)
    """Workspaces and methods whose next call is refused, and for how many seconds."""
    holds: set[str] = field(default_factory=set)
    """Channels in which a call is taken, but not answered."""
    held: set[str] = field(default_factory=set)
    """Those in which one has come."""
    fails: Callable[[str], Fault | None] = lambda _: None
    """What goes wrong with the next call of this method."""
    _numbers: count[int] = field(default_factory=lambda: count(1))

    async def answer(self, request: web.Request) -> web.StreamResponse:
        method, tenant = request.match_info["method"], _tenant(request)
        self.calls += 1
        await asyncio.sleep(self.takes)
        wait = self.pauses.pop((tenant, method), 0) or self.limits.refuses(tenant, method)
        if wait:
            return web.json_response(
                {"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": str(wait)}
            )
        arguments, fault = await _arguments(request), self.fails(method)
        if fault is not None and not fault.takes_effect:
            return await failed(request, fault)
        done = await self._done(method, tenant, arguments)
        return web.json_response(done) if fault is None else await failed(request, fault)

    async def _done(self, method: str, tenant: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        match method:
            case "auth.test":
                return {
                    "ok": True,
                    "team_id": tenant,
                    "user_id": "U0BOT",
                    "bot_id": "B0BOT",
                    "url": "https://x.example/",
                }
            case "conversations.open":
                return {"ok": True, "channel": {"id": f"D{arguments['users'].removeprefix('U')}"}}
            case "chat.postMessage" | "chat.update":
                return await self._takes(tenant, arguments)
            case "conversations.history":
                return {"ok": True, "messages": [_told(each) for each in reversed(self.sent_to(arguments["channel"]))]}
            case _:
                return {"ok": True}

    async def _takes(self, tenant: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        channel = str(arguments["channel"])
        if channel in self.holds:
            async with self.changed:
                self.held.add(channel)
                self.changed.notify_all()
            await asyncio.Event().wait()
        key = (arguments.get("metadata") or {}).get("event_payload", {}).get("key", "")
        ts = arguments.get("ts") or f"1795000000.{next(self._numbers):06}"
        text, is_edit = str(arguments.get("text")), "ts" in arguments
        async with self.changed:
            self.arrived.append(Arrival(tenant, channel, key, text, time.monotonic(), ts, is_edit))
            self.changed.notify_all()
        return {"ok": True, "channel": channel, "ts": ts}

    async def until(self, holds: Callable[[], bool], seconds: float = 30) -> None:
        async with asyncio.timeout(seconds), self.changed:
            await self.changed.wait_for(holds)

    async def next_in(self, channel: str, after: int) -> int:
        """The number of the next message in a channel, once it is there."""

        def found() -> int | None:
            numbers = range(after, len(self.arrived))
            return next((number for number in numbers if self.arrived[number].channel == channel), None)

        await self.until(lambda: found() is not None)
        number = found()
        assert number is not None
        return number

    def sent_to(self, channel: str) -> list[Arrival]:
        return [each for each in self.arrived if each.channel == channel]


def _told(message: Arrival) -> dict[str, object]:
    metadata = {"event_type": "partnership_message", "event_payload": {"key": message.key}}
    return {"type": "message", "bot_id": "B0BOT", "ts": message.ts, "text": message.text, "metadata": metadata}


def _tenant(request: web.Request) -> str:
    return request.headers.get("Authorization", "").removeprefix("Bearer xoxb-")


async def _arguments(request: web.Request) -> Mapping[str, Any]:
    if request.content_type == "application/json":
        told: Mapping[str, Any] = await request.json()
        return told
    return {**await request.post(), **request.query}


@asynccontextmanager
async def standing(
    limits: Mapping[str, tuple[int, float]] = DOCUMENTED, takes: float = 0.05
) -> AsyncIterator[tuple[LimitedSlack, str]]:
    """It stands on this machine; yields its address as well."""
    slack, app = LimitedSlack(Limits(limits, time.monotonic), takes), web.Application(client_max_size=20_000_000)
    app.router.add_route("*", "/api/{method}", slack.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield slack, f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
    finally:
        await runner.cleanup()
