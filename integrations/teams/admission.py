"""Who gets in: raw request in, activity or refusal out. Fetches nothing but the connector's keys."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Protocol
from urllib.parse import urlsplit

from core.platform_settings import is_loopback
from integrations.refusals import Refusal
from integrations.teams.keys import KeyRing, SigningKey
from integrations.teams.service_urls import ServiceUrls
from integrations.teams.verify import (
    FOREIGN_PAGE,
    MALFORMED,
    MOST_BYTES,
    NO_TOKEN,
    OTHER_SERVICE,
    TOO_LARGE,
    TOO_OLD,
    UNKNOWN_KEY,
    Bot,
    Pass,
    Payload,
    decoded,
    genuine,
    is_for_this_token,
    key_id,
    tenants_of,
    token_of,
    unexpected,
)

_MOST_REMEMBERED: Final = 10_000


class Admission(Protocol):
    async def admit(self, authorization: str | None, body: bytes, origin: str | None = None) -> Payload | Refusal:
        """The activity in a request with these headers, or why it is refused. ``origin``: the page that sent it."""
        ...


@dataclass(frozen=True, slots=True)
class _Seen:
    token: Pass
    kid: str
    key: SigningKey


class ByToken:
    """Admits what the Bot Connector signed.

    The connector reuses a token for as long as it is good, so verified tokens are remembered, by their hash.
    """

    def __init__(
        self,
        bot: Bot,
        ring: KeyRing,
        service_urls: ServiceUrls,
        tenants: frozenset[str],
        clock: Callable[[], datetime],
    ) -> None:
        self._bot, self._ring, self._service_urls = bot, ring, service_urls
        self._tenants, self._clock = tenants, clock
        self._seen: dict[bytes, _Seen] = {}

    async def admit(
        self,
        authorization: str | None,
        body: bytes,
        origin: str | None = None,  # noqa: ARG002 - what counts is the signature
    ) -> Payload | Refusal:
        if len(body) > MOST_BYTES:
            return TOO_LARGE
        token = token_of(authorization)
        if token is None:
            return NO_TOKEN
        seen = self._remembered(token) or await self._verified(token)
        if isinstance(seen, Refusal):
            return seen
        if not seen.token.is_good(self._clock()):
            return TOO_OLD
        activity = decoded(body)
        if activity is None:
            return MALFORMED
        refused = unexpected(activity, self._service_urls, self._tenants)
        if refused is None and is_for_this_token(activity, seen.token, seen.key):
            return activity
        return _signed(refused or OTHER_SERVICE, activity)

    def _remembered(self, token: str) -> _Seen | None:
        seen = self._seen.get(_hashed(token))
        return seen if seen is not None and self._ring.known(seen.kid) is seen.key else None

    async def _verified(self, token: str) -> _Seen | Refusal:
        kid = key_id(token)
        key = None if kid is None else await self._ring.find(kid)
        if kid is None or key is None:
            return UNKNOWN_KEY
        found = genuine(token, key, self._bot)
        if isinstance(found, Refusal):
            return found
        if len(self._seen) >= _MOST_REMEMBERED:
            self._seen.clear()
        seen = self._seen[_hashed(token)] = _Seen(found, kid, key)
        return seen


def _signed(refused: Refusal, activity: Payload) -> Refusal:
    """It is told whose activity it was, since somebody vouches for that."""
    return replace(refused, tenant=refused.tenant or next(iter(tenants_of(activity)), None))


def _hashed(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


class Playground:
    """Admits anything sent from this computer: Microsoft's Agents Playground has no token to show.

    But a page from another site, in a browser on this computer, may not pretend to be anybody.
    """

    def __init__(self) -> None:
        self._service_urls = ServiceUrls(frozenset(), on_this_computer=True)

    async def admit(
        self,
        authorization: str | None,  # noqa: ARG002 - it has none
        body: bytes,
        origin: str | None = None,
    ) -> Payload | Refusal:
        if origin is not None and not _is_of_this_computer(origin):
            return FOREIGN_PAGE
        if len(body) > MOST_BYTES:
            return TOO_LARGE
        activity = decoded(body)
        if activity is None:
            return MALFORMED
        return unexpected(activity, self._service_urls, None) or activity


def _is_of_this_computer(origin: str) -> bool:
    """Whether a page comes from this computer; one that hides its origin (``null``) is assumed not to."""
    try:
        return is_loopback(urlsplit(origin).hostname)
    except ValueError:
        return False
