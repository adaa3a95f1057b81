"""The address that Slack sends to. What is not signed by Slack has no effect, and is told so without a trace of why."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from fastapi import APIRouter, Request
from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp
from starlette.responses import Response

from integrations.request_body import read_body
from integrations.slack.listeners import dispatch
from integrations.slack.parse import decoded
from integrations.slack.verify import MOST_BYTES, Refusal, refusal


def slack_routes(bolt: AsyncApp, signing_secret: str, clock: Callable[[], datetime]) -> APIRouter:
    async def events(request: Request) -> Response:
        body = await read_body(request.stream(), MOST_BYTES)
        refused = refusal(request.headers, body, signing_secret, clock())
        if refused is not None:
            return Response(status_code=refused)
        payload = decoded(request.headers.get("content-type", ""), body)
        if payload is None:
            return Response(status_code=Refusal.MALFORMED)
        return _response(await dispatch(bolt, payload, again="x-slack-retry-num" in request.headers))

    router = APIRouter()
    # Not FastAPI's own kind of route: whatever it could read out of a request, a tenth of the time of a press, is not
    # to be read before the signature anyway.
    router.add_route("/slack/events", events, methods=["POST"])
    return router


def _response(told: BoltResponse) -> Response:
    kind = told.headers.get("content-type", ["text/plain"])[0]
    return Response(told.body, told.status, media_type=kind)
