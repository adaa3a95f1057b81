"""The bot in a separate process: ``python -m benchmarks.teams.ours empty OPENID_URL``, or ``whole``.

``empty`` is everything in front of the bot, with an empty handler. ``whole`` is the bot as it is served.
"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from benchmarks.slack.served import serve
from core.settings import Settings, load_settings
from core.storage.database import Database
from core.storage.frameworks import FrameworkShelf
from integrations.app import create_app
from integrations.real_time import real_time
from integrations.teams.parse import Heard
from integrations.teams.receive import HttpAnswer, TeamsDoor
from integrations.teams.setup import teams_of
from scheduler.delivery import Delivery
from tests.support.world import NOW
from tests.teams.settings import teams_settings


class _NobodyBehind(TeamsDoor):
    async def _hear(self, heard: Heard) -> HttpAnswer:  # noqa: ARG002
        return HttpAnswer()


def empty(openid_url: str) -> FastAPI:
    teams = teams_of(
        Settings(teams=teams_settings(openid_url=openid_url)), Database("sqlite:///var/none.db"), real_time
    )
    assert teams is not None

    async def nothing(*_: object) -> None:
        """Send nothing."""

    door = _NobodyBehind(
        teams=teams.chat, database=teams.database, shelf=FrameworkShelf(), clock=real_time,
        delivery=Delivery(teams.database, {}, nothing, real_time), standing=lambda *_: None,
    )  # fmt: skip

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with teams.serving(door) as routes:
            app.router.routes.extend(routes.routes)
            yield

    return FastAPI(openapi_url=None, lifespan=lifespan)


def whole() -> FastAPI:
    return create_app(load_settings(), lambda: NOW)


if __name__ == "__main__":
    serve(empty(sys.argv[2]) if sys.argv[1] == "empty" else whole())
