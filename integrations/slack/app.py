"""The URL that Slack sends to. Unsigned requests have no effect, and the refusal doesn't say why."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from fastapi import APIRouter, Request
from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp
from starlette.responses import Response

from integrations.refusals import Refusal, Refusals
from integrations.request_body import read_body
from integrations.slack.listeners import dispatch
from integrations.slack.parse import PLATFORM, decoded
from integrations.slack.verify import MALFORMED, MOST_BYTES, refusal


def slack_routes(bolt: AsyncApp, signing_secret: str, clock: Callable[[], datetime]) -> APIRouter:
    refusals = Refusals(PLATFORM, clock)

    def refuse(refused: Refusal) -> Response:
        refusals.note(refused)
        return Response(status_code=refused.status)

    async def events(request: Request) -> Response:
        body = await read_body(request.stream(), MOST_BYTES)
        refused = refusal(request.headers, body, signing_secret, clock())
        if refused is not None:
            return refuse(refused)
        payload = decoded(request.headers.get("content-type", ""), body)
        if payload is None:
            return refuse(MALFORMED)
        return _response(await dispatch(bolt, payload, again="x-slack-retry-num" in request.headers))

    router = APIRouter()
    # Not FastAPI's own kind of route: that takes a tenth of a press's time to read arguments out of a request, which
    # mustn't be read before the signature is checked anyway.
    router.add_route("/slack/events", events, methods=["POST"])
    return router


def _response(told: BoltResponse) -> Response:
    kind = told.headers.get("content-type", ["text/plain"])[0]
    return Response(told.body, told.status, media_type=kind)
