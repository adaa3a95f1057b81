"""The Bot Connector's keys and tokens, made here: real RSA keys, real signatures."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, TypeAlias

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from jwt.algorithms import RSAAlgorithm

from tests.support.days import NOW

Json: TypeAlias = dict[str, Any]

APP_ID = "1a2b3c4d-0000-4000-8000-00000000b07a"
TENANT = "5c000000-0000-4000-8000-0000000000a1"
"""The organisation of the schools."""
ISSUER = "https://api.botframework.com"
SERVICE_URL = "https://smba.trafficmanager.net/uk/"


@cache
def private_key(name: str) -> RSAPrivateKey:
    return generate_private_key(public_exponent=65537, key_size=2048)


@dataclass(frozen=True)
class Signer:
    """Somebody who signs with a key of this id."""

    kid: str = "key-1"
    endorsements: tuple[str, ...] = ("msteams", "skype")
    key: str = "connector"
    """Keys of one name are one key."""

    def jwk(self) -> Json:
        told: Json = json.loads(RSAAlgorithm.to_jwk(private_key(self.key).public_key()))
        return {"kty": "RSA", "use": "sig", "kid": self.kid, "x5t": self.kid, "n": told["n"], "e": told["e"]} | (
            {"endorsements": list(self.endorsements)} if self.endorsements else {}
        )

    def token(self, claims: Json, algorithm: str = "RS256", **header: object) -> str:
        headers = {name: value for name, value in ({"kid": self.kid} | header).items() if value is not None}
        return jwt.encode(claims, private_key(self.key), algorithm, headers)


CONNECTOR = Signer()


def claims(service_url: str = SERVICE_URL, now: datetime = NOW, **other: object) -> Json:
    """What a genuine token says; a claim given as None is left out."""
    at = int(now.timestamp())
    told = {
        "serviceurl": service_url, "nbf": at - 60, "exp": at + int(timedelta(hours=1).total_seconds()),
        "iss": ISSUER, "aud": APP_ID,
    } | other  # fmt: skip
    return {name: value for name, value in told.items() if value is not None}
