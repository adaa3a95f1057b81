"""A message handled by Microsoft's Teams SDK with its own FastAPI adapter and verification, and an empty handler.

The address of the keys is a setting of its cloud; fetching each user's own token is switched off.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from dataclasses import replace

from fastapi import FastAPI
from microsoft_teams.api import MessageActivity  # type: ignore[import-not-found]
from microsoft_teams.api.auth.cloud_environment import PUBLIC  # type: ignore[import-not-found]
from microsoft_teams.apps import ActivityContext, App  # type: ignore[import-not-found]
from microsoft_teams.apps.http import FastAPIAdapter  # type: ignore[import-not-found]

from benchmarks.slack.served import serve


def served(openid_url: str, app_id: str, tenant_id: str) -> FastAPI:
    fastapi = FastAPI(openapi_url=None)
    app = App(
        client_id=app_id,
        client_secret="hush",
        tenant_id=tenant_id,
        cloud=replace(PUBLIC, openid_metadata_url=openid_url),
        http_server_adapter=FastAPIAdapter(fastapi),
        fetch_user_token=False,
        telemetry={"agent365": False},
    )

    @app.on_message  # type: ignore[untyped-decorator]
    async def heard(_: ActivityContext[MessageActivity]) -> None:
        """Do nothing."""

    asyncio.run(app.initialize())
    return fastapi


if __name__ == "__main__":
    logging.disable()
    serve(served(*sys.argv[1:4]))
