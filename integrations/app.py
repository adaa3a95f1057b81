"""The application that answers over HTTP, put together from the settings."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Final, TypeAlias

from fastapi import APIRouter, FastAPI, Request
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, Response

from bot.platform import Platform
from core.settings import Settings, SlackSettings, TeamsSettings
from core.storage.database import Database
from integrations.error_middleware import Contained
from integrations.gc_tuning import tidied
from integrations.health import Ready, health
from integrations.runtime import House, open_house, real_time
from scheduler.clock import ticking

if TYPE_CHECKING:
    from integrations.slack.setup import Slack
    from integrations.teams.setup import Teams

Lifespan: TypeAlias = Callable[[FastAPI], AbstractAsyncContextManager[None]]
Problem: TypeAlias = Callable[[int], Response]

_WORDS: Final = {404: "There is nothing at this address.", 503: "Busy just now. Please try again in a moment."}


@dataclass(frozen=True, slots=True)
class Served:
    routes: APIRouter
    ready: tuple[Ready, ...] = ()


@dataclass(frozen=True, slots=True)
class Room:
    """A chat platform that is set up."""

    chat: Platform
    """Messages can be sent with it as soon as it is there."""
    sending: Callable[[], AbstractAsyncContextManager[None]]
    """For a process that sends only."""
    serving: Callable[[House], AbstractAsyncContextManager[Served]]
    """For one that lets events in too, by these routes."""


def create_app(settings: Settings, real: Callable[[], datetime] = real_time) -> FastAPI:
    """Everything is opened when the application starts, and closed in order when it stops.

    The demo's database has been made before, by ``integrations.demo.start.prepare``.
    """
    if settings.demo:
        from integrations.demo.app import demo_app  # 2 MB that no school's server need hold.

        return demo_app(settings, real)
    return _serving(settings, real)


def check_platforms(settings: Settings) -> None:
    """Raises ``SettingsMistakes`` where a chat platform is not set up as it has to be. Nothing is opened."""
    with closing(Database(settings.database_url.get_secret_value())) as database:
        list(_rooms(settings, database, real_time))


def _serving(settings: Settings, clock: Callable[[], datetime]) -> FastAPI:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        with _open(settings, clock) as (house, rooms):
            async with AsyncExitStack() as stack:
                ready: list[Ready] = []
                for room in rooms:
                    if settings.role in {"all", "serve"}:
                        served = await stack.enter_async_context(room.serving(house))
                        # Side by side with the others: a router within a router would be looked through each time.
                        app.router.routes.extend(served.routes.routes)
                        ready.extend(served.ready)
                    else:
                        await stack.enter_async_context(room.sending())
                app.include_router(health(house.database, *ready))
                await stack.enter_async_context(clockwork(settings, house))
                stack.enter_context(tidied())
                yield

    return application(lifespan, _in_a_line)


@contextmanager
def _open(settings: Settings, clock: Callable[[], datetime]) -> Iterator[tuple[House, list[Room]]]:
    """The house, and the chat platforms that are set up."""
    rooms: list[Room] = []

    def platforms(database: Database) -> list[Platform]:
        rooms.extend(_rooms(settings, database, clock))
        return [room.chat for room in rooms]

    with open_house(settings.database_url.get_secret_value(), clock, platforms) as house:
        yield house, rooms


def _rooms(settings: Settings, database: Database, clock: Callable[[], datetime]) -> Iterator[Room]:
    """What is imported for a platform takes half a second and 25 MB, so it is where it is set up only."""
    if settings.slack != SlackSettings():
        from integrations.slack.setup import slack_of

        slack = slack_of(settings, database, clock)
        if slack is not None:
            yield Room(slack.chat, slack.sending, partial(_serving_slack, slack))
    if settings.teams != TeamsSettings():
        from integrations.teams.setup import teams_of

        teams = teams_of(settings, database, clock)
        if teams is not None:
            yield Room(teams.chat, teams.sending, partial(_serving_teams, teams))


@asynccontextmanager
async def _serving_slack(slack: Slack, house: House) -> AsyncIterator[Served]:
    async with slack.serving(house.shelf, house.delivery) as served:
        yield Served(served.routes, (served.ready,))


@asynccontextmanager
async def _serving_teams(teams: Teams, house: House) -> AsyncIterator[Served]:
    door = teams.door(house.shelf, house.delivery, house.composer.standing)
    async with teams.serving(door) as routes:
        yield Served(routes)


def application(lifespan: Lifespan, problem: Problem) -> FastAPI:
    app = FastAPI(openapi_url=None, lifespan=lifespan)

    @app.exception_handler(HTTPException)
    async def in_words(_: Request, error: HTTPException) -> Response:
        return problem(error.status_code)

    app.add_middleware(Contained, problem=problem)
    return app


def _in_a_line(status: int) -> Response:
    return PlainTextResponse(f"{_WORDS.get(status, 'That did not work.')}\n", status)


@asynccontextmanager
async def clockwork(settings: Settings, house: House) -> AsyncIterator[None]:
    """The clock ticks in every process that sends and reminds; where one only takes events, another one does."""
    async with AsyncExitStack() as stack:
        if settings.role in {"all", "worker"}:
            await stack.enter_async_context(ticking(house.database, house.delivery, house.clock))
        yield
