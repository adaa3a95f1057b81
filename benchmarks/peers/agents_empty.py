"""An activity handled by Microsoft's Agents SDK with its own FastAPI adapter and middleware, and an empty handler.

The keys come from this machine instead of from Microsoft: the SDK has no setting for that, so the address is patched.
Its own tokens, which it would fetch from Microsoft, cost it nothing here.
"""

from __future__ import annotations

import logging
import sys
from typing import Any

from fastapi import FastAPI, Request, Response
from microsoft_agents.hosting.core import AgentAuthConfiguration, TurnContext  # type: ignore[import-not-found]
from microsoft_agents.hosting.core.authorization import _entra_issuers  # type: ignore[import-not-found]
from microsoft_agents.hosting.fastapi import CloudAdapter, JwtAuthorizationMiddleware, start_agent_process  # type: ignore[import-not-found]

from benchmarks.slack.served import serve


class _Tokens:
    async def get_access_token(self, *_: object, **__: object) -> str:
        return "the-bots-token"


class _Connections:
    def get_token_provider(self, *_: object) -> _Tokens:
        return _Tokens()


class _Nobody:
    async def on_turn(self, context: TurnContext) -> None:
        """Do nothing."""


def served(keys_url: str, app_id: str) -> FastAPI:
    _entra_issuers.BOTFRAMEWORK_JWKS_URIS["https://api.botframework.com"] = keys_url
    app, agent = FastAPI(openapi_url=None), _Nobody()
    connections: Any = _Connections()
    adapter = CloudAdapter(connection_manager=connections)
    app.state.agent_configuration = AgentAuthConfiguration(client_id=app_id, client_secret="hush", validate_issuer=True)
    app.add_middleware(JwtAuthorizationMiddleware)

    @app.post("/api/messages")
    async def messages(request: Request) -> Response:
        answer: Response | None = await start_agent_process(request, agent, adapter)
        return answer or Response()

    return app


if __name__ == "__main__":
    logging.disable()
    serve(served(*sys.argv[1:3]))
