"""The HTTP application, built from the settings."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, closing, contextmanager
from datetime import datetime
from typing import Final, TypeAlias

from fastapi import FastAPI, Request
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, Response

from bot.platform import Platform
from core.log import Log
from core.settings import Settings
from core.storage.database import Database, described
from integrations.error_middleware import Contained
from integrations.gc_tuning import tidied
from integrations.health import health
from integrations.platforms import PLATFORMS, Platforms
from integrations.real_time import real_time
from integrations.registration import LivePlatform, Ready
from integrations.runtime import House, open_house
from integrations.version import own_version
from scheduler.clock import ticking

Lifespan: TypeAlias = Callable[[FastAPI], AbstractAsyncContextManager[None]]
Problem: TypeAlias = Callable[[int], Response]

_log = Log(__name__)

_WORDS: Final = {404: "There is nothing at this address.", 503: "Busy just now. Please try again in a moment."}


def create_app(
    settings: Settings, real: Callable[[], datetime] = real_time, platforms: Platforms = PLATFORMS
) -> FastAPI:
    """Everything is opened when the application starts, and closed in order when it stops.

    The demo's database must already exist, made by ``integrations.demo.start.prepare``.
    """
    if settings.demo:
        from integrations.demo.app import demo_app  # 2 MB that no school's server need hold.

        return demo_app(settings, real)
    return _serving(settings, real, platforms)


def check_platforms(settings: Settings) -> None:
    """Raise ``SettingsMistakes`` if a chat platform isn't set up as it should be. Opens nothing."""
    with closing(settings.database()) as database:
        list(_live(PLATFORMS, settings, database, real_time))


def _serving(settings: Settings, clock: Callable[[], datetime], platforms: Platforms) -> FastAPI:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        with _open(settings, clock, platforms) as (house, live):
            async with AsyncExitStack() as stack:
                ready: list[Ready] = []
                for platform in live:
                    if settings.role in {"all", "serve"}:
                        open_to = await stack.enter_async_context(platform.serving(house))
                        # Side by side with the others: a router within a router would be searched every time.
                        app.router.routes.extend(open_to.routes.routes)
                        ready.extend(open_to.ready)
                    else:
                        await stack.enter_async_context(platform.sending())
                served = [each.chat.name for each in live]
                app.include_router(health(house.database, house.clock, served, ready))
                log_start(settings, served)
                await stack.enter_async_context(clockwork(settings, house))
                stack.enter_context(tidied())
                yield

    return application(lifespan, _in_a_line)


@contextmanager
def _open(
    settings: Settings, clock: Callable[[], datetime], platforms: Platforms
) -> Iterator[tuple[House, list[LivePlatform]]]:
    """Open the house, and the chat platforms that are set up."""
    live: list[LivePlatform] = []

    def chats(database: Database) -> list[Platform]:
        live.extend(_live(platforms, settings, database, clock))
        return [each.chat for each in live]

    with open_house(settings.database(), clock, chats) as house:
        yield house, live


def _live(
    platforms: Platforms, settings: Settings, database: Database, clock: Callable[[], datetime]
) -> Iterator[LivePlatform]:
    for each in platforms:
        found = each.set_up(settings, database, clock)
        if found is not None:
            yield found


def log_start(settings: Settings, platforms: Sequence[str]) -> None:
    """Log the first things that somebody reading the log wants to know."""
    database = described(settings.database_url.get_secret_value())
    _log.info("started", version=own_version(), role=settings.role, platforms=platforms, database=database)


def application(lifespan: Lifespan, problem: Problem) -> FastAPI:
    app = FastAPI(openapi_url=None, lifespan=_in_log(lifespan))

    @app.exception_handler(HTTPException)
    async def in_words(_: Request, error: HTTPException) -> Response:
        return problem(error.status_code)

    app.add_middleware(Contained, problem=problem)
    return app


def _in_log(lifespan: Lifespan) -> Lifespan:
    """What keeps the application from starting is told here by its places: the server would write out what it says."""

    @asynccontextmanager
    async def told(app: FastAPI) -> AsyncIterator[None]:
        try:
            async with lifespan(app):
                yield
        except Exception as error:
            _log.error("The application could not start, or stop as it should", error)
            raise

    return told


def _in_a_line(status: int) -> Response:
    return PlainTextResponse(f"{_WORDS.get(status, 'That did not work.')}\n", status)


@asynccontextmanager
async def clockwork(settings: Settings, house: House) -> AsyncIterator[None]:
    """Run the clock in every process that sends and reminds; a process that only receives events leaves it to
    another.
    """
    async with AsyncExitStack() as stack:
        if settings.role in {"all", "worker"}:
            await stack.enter_async_context(ticking(house.database, house.delivery, house.clock))
        yield
