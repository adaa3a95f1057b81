"""The URL that Teams sends to. Unsigned requests have no effect, and the refusal doesn't say why."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from fastapi import APIRouter
from pydantic_core import to_json
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from integrations.refusals import Refusal, Refusals
from integrations.request_body import read_body
from integrations.teams.admission import Admission
from integrations.teams.parse import PLATFORM
from integrations.teams.receive import TeamsDoor
from integrations.teams.verify import MOST_BYTES

PATH: Final = "/api/messages"


def teams_routes(door: TeamsDoor, admission: Admission, clock: Callable[[], datetime]) -> APIRouter:
    refusals = Refusals(PLATFORM, clock)

    async def messages(request: Request) -> Response:
        headers, body = request.headers, await read_body(request.stream(), MOST_BYTES)
        admitted = await admission.admit(headers.get("authorization"), body, headers.get("origin"))
        if isinstance(admitted, Refusal):
            refusals.note(admitted)
            return Response(status_code=admitted.status)
        answer = await door.receive(admitted)
        if answer.content is None:
            return Response(status_code=answer.status)
        return Response(to_json(answer.content), answer.status, media_type="application/json")

    # Without FastAPI's argument parsing, as there are no arguments.
    return APIRouter(routes=[Route(PATH, messages, methods=["POST"])])
