"""Whether the process runs, and whether it can do its work, for whoever operates it."""

from __future__ import annotations

from fastapi import APIRouter
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import PlainTextResponse, Response

from core.storage.database import Database, DatabaseBusy
from integrations.registration import Ready


def health(database: Database, *others: Ready) -> APIRouter:
    router = APIRouter(prefix="/health")

    @router.get("/live")
    async def live() -> Response:
        return PlainTextResponse("The process runs.\n")

    @router.get("/ready")
    async def ready() -> Response:
        try:
            await database.read(lambda connection: connection.execute(text("SELECT 1")).one())
        except (SQLAlchemyError, DatabaseBusy):
            return PlainTextResponse("The database can't be reached.\n", 503)
        missing = [words for each in others if (words := await each()) is not None]
        if missing:
            return PlainTextResponse("".join(f"{words}\n" for words in missing), 503)
        return PlainTextResponse("Ready.\n")

    return router
