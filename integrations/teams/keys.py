"""The Bot Connector's signing keys, fetched from where its OpenID document says.

If the key endpoint is down, requests with a known key still get in, and a stranger who names unknown keys can't have
them fetched more often than every ``APART``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Final

import httpx
import jwt
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core.log import Log, places
from core.platform_settings import is_safe

_log = Log(__name__)

APART: Final = timedelta(seconds=30)
KEPT_FOR: Final = timedelta(hours=24)
"""After this long they are fetched again, since a key may have been withdrawn."""


class _Shape(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)


class _Document(_Shape):
    jwks_uri: str


class _Jwk(_Shape):
    kty: str
    kid: Annotated[str, Field(min_length=1, max_length=200)]
    n: str
    e: str
    endorsements: tuple[str, ...] = ()
    """The channels for which this key may sign."""


class _Jwks(_Shape):
    keys: tuple[dict[str, object], ...]


@dataclass(frozen=True, slots=True)
class SigningKey:
    key: jwt.PyJWK
    endorsements: frozenset[str]


def read_keys(document: object) -> dict[str, SigningKey]:
    """The keys in a key set by their ids; anything but RSA keys is left out. Raises ``ValidationError``."""
    found = {}
    for each in _Jwks.model_validate(document).keys:
        try:
            jwk = _Jwk.model_validate(each)
            if jwk.kty == "RSA":
                key = jwt.PyJWK({"kty": "RSA", "n": jwk.n, "e": jwk.e}, "RS256")
                found[jwk.kid] = SigningKey(key, frozenset(jwk.endorsements))
        except (ValidationError, jwt.PyJWTError):
            _log.warning("One of the Bot Connector's keys can't be read")
    return found


class KeyRing:
    def __init__(self, openid_url: str, http: httpx.AsyncClient, clock: Callable[[], datetime]) -> None:
        self._openid_url, self._http, self._clock = openid_url, http, clock
        self._keys: Mapping[str, SigningKey] = {}
        self._fetched_at: datetime | None = None
        self._tried_at: datetime | None = None
        self._one_at_a_time = asyncio.Lock()
        self._refreshing: asyncio.Task[None] | None = None

    @property
    def has_keys(self) -> bool:
        return bool(self._keys)

    def known(self, kid: str) -> SigningKey | None:
        return self._keys.get(kid)

    async def find(self, kid: str) -> SigningKey | None:
        """The key with this id; an unknown one may have been added since the last fetch."""
        found = self.known(kid)
        if found is None:
            await self.fetch()
            return self.known(kid)
        if self._is_old() and (self._refreshing is None or self._refreshing.done()):
            self._refreshing = asyncio.create_task(self.fetch())  # A known key needn't wait for it.
        return found

    async def fetch(self) -> None:
        """Fetch the keys, unless that was tried just now. A failure is logged, and changes nothing."""
        async with self._one_at_a_time:
            now = self._clock()
            if self._tried_at is not None and now - self._tried_at < APART:
                return
            self._tried_at = now
            try:
                keys = await self._fetched()
            except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
                _log.warning("The Bot Connector's keys could not be fetched", error=places(error))
                return
            self._keys, self._fetched_at = keys, now

    async def close(self) -> None:
        if self._refreshing is not None:
            await self._refreshing

    def _is_old(self) -> bool:
        return self._fetched_at is not None and self._clock() - self._fetched_at >= KEPT_FOR

    async def _fetched(self) -> Mapping[str, SigningKey]:
        document = _Document.model_validate(await self._json(self._openid_url))
        if not is_safe(document.jwks_uri):
            raise ValueError("the keys are at no safe address")
        keys = read_keys(await self._json(document.jwks_uri))
        if not keys:
            raise ValueError("there is no key")
        return keys

    async def _json(self, address: str) -> object:
        response = await self._http.get(address)
        response.raise_for_status()
        content: object = response.json()
        return content
