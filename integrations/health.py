"""Whether the process runs, can take an event, and whether the work gets done, for whoever operates it.

A load balancer asks ``/health/ready``: it fails only where this process can't store what people press, so that one
workspace's pause takes nothing away from the others. Whoever watches asks ``/health/work``.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import Final

from fastapi import APIRouter
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import PlainTextResponse, Response

from core.storage.database import Database, DatabaseBusy
from integrations.platforms import PLATFORMS
from integrations.registration import Clock, Ready
from integrations.watching import cannot_store, look, problems

_TRIED_FOR: Final = 1.0
"""Seconds for which it is known whether something can be stored: anybody may ask, and each try waits for the disk."""


@dataclass(slots=True)
class _Storing:
    """Whether this process can store something, tried once for all who ask together."""

    database: Database
    clock: Clock
    seconds: Callable[[], float]
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    _tried_at: float | None = None
    _problem: str | None = None

    async def problem(self) -> str | None:
        """Why it can't, in a sentence."""
        async with self._lock:
            if self._tried_at is None or self.seconds() - self._tried_at >= _TRIED_FOR:
                self._problem = await cannot_store(self.database, self.clock())
                self._tried_at = self.seconds()
            return self._problem


def health(
    database: Database,
    clock: Clock,
    served: Collection[str] = (),
    ready: Iterable[Ready] = (),
    seconds: Callable[[], float] = time.monotonic,
) -> APIRouter:
    """``served``: the platforms that are set up; ``ready``: whether what comes from them comes in."""
    router = APIRouter(prefix="/health")
    storing, platforms = _Storing(database, clock, seconds), {each.name: each for each in PLATFORMS}

    @router.get("/live")
    async def live() -> Response:
        return PlainTextResponse("The process is running.\n")

    @router.get("/ready")
    async def can_take_an_event() -> Response:
        problem = await storing.problem()
        return _told([] if problem is None else [problem], "Ready.")

    @router.get("/work")
    async def work() -> Response:
        if (problem := await storing.problem()) is not None:
            return _told([problem], "")
        found = [words for each in ready if (words := await each()) is not None]
        try:
            stored = await database.read(lambda connection: look(connection, clock(), served))
        except (SQLAlchemyError, DatabaseBusy):
            return _told(["The database can't be read just now."], "")
        return _told([*found, *problems(stored, platforms, named=False)], "Nothing is held up.")

    return router


def _told(problems: list[str], well: str) -> Response:
    return PlainTextResponse("".join(f"{words}\n" for words in problems or [well]), 503 if problems else 200)
