"""Microsoft's clouds: the public one, which schools use, and the government ones, which have their own URLs.

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
    """The issuer that signs incoming requests."""
    openid_url: str
    """Describes the keys they are signed with."""
    authority: str
    """Issues the bot's own tokens."""
    scope: str
    """The scope of those tokens."""
    service_urls: ServiceUrls
    """Where messages may be sent."""


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
    """The cloud in these settings, with any URLs they override."""
    cloud = CLOUDS[teams.cloud]
    return replace(
        cloud,
        openid_url=teams.openid_url or cloud.openid_url,
        authority=teams.authority or cloud.authority,
        service_urls=ServiceUrls(teams.hosts) if teams.hosts else cloud.service_urls,
    )
