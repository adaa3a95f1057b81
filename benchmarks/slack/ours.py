"""The bot in a separate process: ``python -m benchmarks.slack.ours empty|whole|drawing``.

``empty`` is everything in front of the bot, with an empty handler. ``whole`` is the bot as it is served. ``drawing``
is the same while charts are being drawn all the time.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count

from fastapi import FastAPI

from benchmarks.slack.presses import SECRET
from benchmarks.slack.served import serve
from core.charts.dumbbell import Dumbbell, DumbbellRow
from core.charts.marks import Mark
from core.charts.pool import ChartPool
from core.settings import load_settings
from core.storage.database import Database
from core.storage.frameworks import FrameworkShelf
from integrations.app import create_app
from integrations.real_time import real_time
from integrations.slack.app import slack_routes
from integrations.slack.client import SlackChat
from integrations.slack.connection import Connection
from integrations.slack.listeners import bolt_app
from integrations.slack.receive import Asked, SlackDoor
from integrations.slack.workspaces import OneWorkspace
from scheduler.delivery import Delivery
from tests.support.world import NOW


class _NobodyBehind(SlackDoor):
    async def _do(self, received: Asked) -> None:
        """Do nothing."""


def empty() -> FastAPI:
    app, workspaces, connection = FastAPI(openapi_url=None), OneWorkspace("xoxb-T0A"), Connection()
    database = Database("sqlite:///var/none.db")

    async def nothing(_: object) -> None:
        """Send nothing."""

    door = _NobodyBehind(
        workspaces=workspaces,
        slack=SlackChat(workspaces, connection),
        database=database,
        shelf=FrameworkShelf(),
        clock=real_time,
        delivery=Delivery(database, {}, nothing, real_time),
    )
    app.include_router(slack_routes(bolt_app(door.receive, real_time), SECRET, real_time))
    return app


def whole() -> FastAPI:
    return create_app(load_settings(), lambda: NOW)


def drawing() -> FastAPI:
    app = whole()
    inner = app.router.lifespan_context

    @asynccontextmanager
    async def lifespan(started: FastAPI) -> AsyncIterator[None]:
        charts = ChartPool()
        await charts.draw(_chart(0))
        async with inner(started):
            drawn = asyncio.create_task(_draw_on(charts))
            yield
            drawn.cancel()
        charts.close()

    app.router.lifespan_context = lifespan
    return app


def _chart(number: int) -> Dumbbell:
    """A different chart for each number, so that none comes from the cache."""
    rows = tuple(
        DumbbellRow(f"Sub-theme {row}", Mark(3.0, "3.0"), Mark(2.5, "2.5"), area=row % 4 == 0) for row in range(12)
    )
    levels = ("Starting", "Building", "Established", "Extending")
    return Dumbbell(f"Report {number}", "Autumn", "Our school", "Our partnership", "withheld", levels, rows)


async def _draw_on(charts: ChartPool) -> None:
    for number in count(1):
        await charts.draw(_chart(number))


if __name__ == "__main__":
    serve({"empty": empty, "whole": whole, "drawing": drawing}[sys.argv[1]]())
