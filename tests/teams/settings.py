"""The settings of a bot that is registered in Teams."""

from __future__ import annotations

from core.settings import TeamsSettings
from tests.teams.signing import APP_ID, TENANT


def teams_settings(**given: object) -> TeamsSettings:
    return TeamsSettings.model_validate(
        {"app_id": APP_ID, "tenant_id": TENANT, "client_secret": "the-client-secret"} | given
    )
