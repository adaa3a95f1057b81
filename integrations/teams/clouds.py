"""Microsoft's clouds: the public one, which schools are in, and those of governments, with addresses of their own.

https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from core.settings import TeamsSettings
from integrations.teams.service_urls import ServiceUrls


@dataclass(frozen=True, slots=True)
class Cloud:
    issuer: str
    """Who signs what comes in."""
    openid_url: str
    """Describes the keys it is signed with."""
    authority: str
    """Gives the bot its own tokens."""
    scope: str
    """What those are for."""
    service_urls: ServiceUrls
    """Where messages may be sent to."""


CLOUDS: Final[Mapping[str, Cloud]] = {
    "public": Cloud(
        issuer="https://api.botframework.com",
        openid_url="https://login.botframework.com/v1/.well-known/openidconfiguration",
        authority="https://login.microsoftonline.com",
        scope="https://api.botframework.com/.default",
        service_urls=ServiceUrls(frozenset({"smba.trafficmanager.net", "smba.infra.gcc.teams.microsoft.com"})),
    ),
    "us-government": Cloud(
        issuer="https://api.botframework.us",
        openid_url="https://login.botframework.azure.us/v1/.well-known/openidconfiguration",
        authority="https://login.microsoftonline.us",
        scope="https://api.botframework.us/.default",
        service_urls=ServiceUrls(frozenset({"smba.infra.gov.teams.microsoft.us", "smba.infra.dod.teams.microsoft.us"})),
    ),
    "china": Cloud(
        issuer="https://api.botframework.azure.cn",
        openid_url="https://login.botframework.azure.cn/v1/.well-known/openidconfiguration",
        authority="https://login.partner.microsoftonline.cn",
        scope="https://api.botframework.azure.cn/.default",
        service_urls=ServiceUrls(frozenset({"frontend.botapi.msg.infra.teams.microsoftonline.cn"})),
    ),
}


def cloud_of(teams: TeamsSettings) -> Cloud:
    """The cloud of these settings, with whatever they point elsewhere."""
    cloud = CLOUDS[teams.cloud]
    return replace(
        cloud,
        openid_url=teams.openid_url or cloud.openid_url,
        authority=teams.authority or cloud.authority,
        service_urls=ServiceUrls(teams.hosts) if teams.hosts else cloud.service_urls,
    )
