"""A button press handled by Bolt with its own FastAPI adapter and an empty handler: ``best`` or ``defaults``.

With ``best`` the app has one workspace, waits for the listener instead of polling for its answer, and skips the
checks that a press does not need; requests are still verified.
"""

from __future__ import annotations

import logging
import sys
from typing import Any

from fastapi import FastAPI, Request, Response
from slack_bolt.adapter.fastapi.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from benchmarks.slack.served import serve

BEST: dict[str, Any] = {
    "process_before_response": True,
    "ssl_check_enabled": False,
    "ignoring_self_events_enabled": False,
    "url_verification_enabled": False,
    "attaching_function_token_enabled": False,
    "attaching_conversation_kwargs_enabled": False,
}


def served(setting: str, api: str, secret: str) -> FastAPI:
    client = AsyncWebClient("xoxb-T0A", base_url=api)
    bolt = AsyncApp(client=client, token="xoxb-T0A", signing_secret=secret, **(BEST if setting == "best" else {}))

    @bolt.action("press-1")
    async def pressed(ack: AsyncAck) -> None:
        await ack()

    handler, app = AsyncSlackRequestHandler(bolt), FastAPI(openapi_url=None)

    @app.post("/slack/events")
    async def events(request: Request) -> Response:
        return await handler.handle(request)

    return app


if __name__ == "__main__":
    logging.disable()
    serve(served(*sys.argv[1:4]))
