"""What can go wrong at a played chat platform, over real connections."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from aiohttp import web


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens to the next call of a method instead of, or after, what it asks for."""

    status: int = 200
    body: Mapping[str, object] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    page: str | None = None
    """What is answered in place of JSON, as by a gateway that stands between."""
    takes_effect: bool = False
    """The call is carried out, and then the connection is closed without an answer."""
    drops: bool = False
    hangs: bool = False
    """It is never answered, while the bot waits."""


HANGS = Fault(hangs=True)
ACCEPTED_THEN_DROPPED = Fault(takes_effect=True, drops=True)
DROPPED = Fault(drops=True)


async def failed(request: web.Request, fault: Fault) -> web.StreamResponse:
    if fault.hangs:
        await asyncio.Event().wait()
    if fault.drops:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()
    if fault.page is not None:
        return web.Response(text=fault.page, status=fault.status, content_type="text/html")
    return web.json_response(fault.body, status=fault.status, headers=dict(fault.headers))
