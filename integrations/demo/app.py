"""The demo: the browser chat and nothing else, on a clock that can be moved forward."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime

from fastapi import FastAPI

from core.settings import Settings
from integrations.app import application, clockwork, log_start
from integrations.demo.clock import DemoClock
from integrations.demo.start import chat_of
from integrations.health import health
from integrations.runtime import open_house
from integrations.web.app import routes, static_files
from integrations.web.client import PLATFORM, BrowserChat
from integrations.web.pages import pages
from integrations.web.verify import OnlyHere


def demo_app(settings: Settings, real: Callable[[], datetime]) -> FastAPI:
    """The application; its database must already exist, made by ``integrations.demo.start.prepare``."""
    clock, shown = DemoClock(real), pages()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        with open_house(settings.database(), clock, lambda database: [BrowserChat(database, clock)]) as house:
            log_start(settings, [PLATFORM])
            await house.database.write(clock.go_on)
            chat = chat_of(house, clock)
            app.include_router(health(house.database, clock, [PLATFORM]))
            app.include_router(routes(chat, shown))
            async with clockwork(settings, house):
                yield
                await chat.finish()

    app = application(lifespan, shown.problem)
    app.mount("/static", static_files())
    app.add_middleware(OnlyHere, problem=shown.problem)
    return app
