"""What stands before everything else: did the Bot Connector send this, for this bot, from a place we may answer to?

Pure. Of a request that is refused the reason is logged, and the organisation where it was signed; nothing else.
https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final, TypeAlias

import jwt

from integrations.refusals import Refusal
from integrations.teams.keys import SigningKey
from integrations.teams.service_urls import ServiceUrls

Payload: TypeAlias = Mapping[str, object]

MOST_BYTES: Final = 1_000_000
MOST_APART: Final = timedelta(minutes=5)
"""How far the Bot Connector's clock and ours may be apart."""
LONGEST_TOKEN: Final = 8_000
CHANNEL: Final = "msteams"
_BEARER: Final = "bearer "


MALFORMED: Final = Refusal("malformed", 400)
TOO_LARGE: Final = Refusal("too large", 413)
# Not from the Bot Connector, or not to this bot.
NO_TOKEN: Final = Refusal("no token", 401)
UNKNOWN_KEY: Final = Refusal("unknown key", 401)
WRONG_SIGNATURE: Final = Refusal("wrong signature", 401)
WRONG_ISSUER: Final = Refusal("wrong issuer", 401)
WRONG_AUDIENCE: Final = Refusal("wrong audience", 401)
ODD_CLAIMS: Final = Refusal("odd claims", 401)
TOO_OLD: Final = Refusal("too old", 401)
# From the Bot Connector, but not from an organisation or a service that this bot works with.
NOT_TEAMS: Final = Refusal("not from Teams", 403)
SERVICE_NOT_ALLOWED: Final = Refusal("service not allowed", 403)
OTHER_SERVICE: Final = Refusal("token for another service", 403)
NO_TENANT: Final = Refusal("no tenant", 403)
TENANT_NOT_ALLOWED: Final = Refusal("tenant not allowed", 403)
FOREIGN_PAGE: Final = Refusal("page of another site", 403)


@dataclass(frozen=True, slots=True)
class Bot:
    """The intended recipient and the issuer."""

    app_id: str
    issuer: str


@dataclass(frozen=True, slots=True)
class Pass:
    """What a genuine token says."""

    service_url: str | None
    good_until: datetime
    good_from: datetime | None

    def is_good(self, now: datetime) -> bool:
        return now < self.good_until + MOST_APART and (self.good_from is None or self.good_from - MOST_APART <= now)


def token_of(authorization: str | None) -> str | None:
    """The token in an ``Authorization`` header; None if it has none worth looking at."""
    if authorization is None or not authorization.isascii() or len(authorization) > LONGEST_TOKEN:
        return None
    if authorization[: len(_BEARER)].lower() != _BEARER:
        return None
    token = authorization[len(_BEARER) :]
    return token if token.count(".") == 2 else None


def key_id(token: str) -> str | None:
    """The id of the key said to have signed it; None if that couldn't be one of ours."""
    try:
        header = jwt.get_unverified_header(token)
    except jwt.PyJWTError:
        return None
    kid = header.get("kid")
    return kid if header.get("alg") == "RS256" and isinstance(kid, str) else None


def genuine(token: str, key: SigningKey, bot: Bot) -> Pass | Refusal:
    """What the token says, if this key signed it for this bot. Whether it has expired is checked separately."""
    try:
        claims = jwt.decode(
            token,
            key.key,
            algorithms=["RS256"],
            audience=bot.app_id,
            issuer=bot.issuer,
            # ``Pass.is_good`` compares the times with our own clock.
            options={
                "require": ["exp", "iss", "aud"],
                "strict_aud": True,
                "verify_exp": False,
                "verify_nbf": False,
                "verify_iat": False,
            },
        )
        service_url = claims.get("serviceurl")
        return Pass(
            service_url if isinstance(service_url, str) else None,
            _moment(claims["exp"]),
            _moment(claims["nbf"]) if "nbf" in claims else None,
        )
    except jwt.InvalidAudienceError:
        return WRONG_AUDIENCE
    except jwt.InvalidIssuerError:
        return WRONG_ISSUER
    except jwt.InvalidSignatureError:
        return WRONG_SIGNATURE
    except (jwt.PyJWTError, ValueError, OverflowError, OSError, RecursionError):
        return ODD_CLAIMS


def _moment(written: object) -> datetime:
    if isinstance(written, bool) or not isinstance(written, int | float):
        raise ValueError("no moment")
    return datetime.fromtimestamp(written, UTC)


def decoded(body: bytes) -> Payload | None:
    """The activity in a body; None if there is none."""
    try:
        payload = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return payload if isinstance(payload, dict) else None


def unexpected(activity: Payload, service_urls: ServiceUrls, tenants: frozenset[str] | None) -> Refusal | None:
    """None where an activity is of Teams, wants its answer at an address of Teams, and comes from one of these tenants.

    ``tenants`` is None where anybody's may be: in the playground.
    """
    service_url = activity.get("serviceUrl")
    if activity.get("channelId") != CHANNEL:
        return NOT_TEAMS
    if not isinstance(service_url, str) or not service_urls.allow(service_url):
        return SERVICE_NOT_ALLOWED
    named = tenants_of(activity)
    foreign = [each for each in named if tenants is not None and each not in tenants]
    if foreign:
        return replace(TENANT_NOT_ALLOWED, tenant=foreign[0])
    return None if named else NO_TENANT


def tenants_of(activity: Payload) -> tuple[str, ...]:
    """Every organisation that an activity names, in lower case; that of its conversation first.

    An activity with no organisation in the proper place, or something else there, belongs to none.
    """
    conversation, data = activity.get("conversation"), activity.get("channelData")
    named = [conversation.get("tenantId")] if isinstance(conversation, dict) and "tenantId" in conversation else []
    if isinstance(data, dict) and "tenant" in data:
        tenant = data["tenant"]
        named.append(tenant.get("id") if isinstance(tenant, dict) else None)
    if not all(isinstance(each, str) and each for each in named):
        return ()
    return tuple(str(each).lower() for each in named)


def is_for_this_token(activity: Payload, token: Pass, key: SigningKey) -> bool:
    """Whether the token was issued for the service that sent the activity; one that names no service fits none."""
    return (
        token.service_url is not None
        and token.service_url == activity.get("serviceUrl")
        and activity.get("channelId") in key.endorsements
    )
