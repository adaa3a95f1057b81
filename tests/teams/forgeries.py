"""What people try who would like to be taken for the Bot Connector: forged tokens, and addresses of others."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any, TypeAlias

import jwt
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.support.days import NOW
from tests.teams.activities import message
from tests.teams.signing import APP_ID, CONNECTOR, ISSUER, SERVICE_URL, TENANT, Signer, claims, private_key
from tests.teams.teams_world import member

Json: TypeAlias = dict[str, Any]

AT = int(NOW.timestamp())
ACTIVITY = message(member("priya"), "hello", NOW, SERVICE_URL)
"""That of a leader, as genuine as can be."""

# Tokens


def unsigned(told: Json) -> str:
    return jwt.encode(told, "", "none", {"kid": CONNECTOR.kid})


def by_its_public_key(told: Json) -> str:
    """Signed with the public key as if that were a shared secret."""
    public = private_key("connector").public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    parts = [base64.urlsafe_b64encode(json.dumps(each).encode()).rstrip(b"=") for each in (
        {"alg": "HS256", "typ": "JWT", "kid": CONNECTOR.kid}, told,
    )]  # fmt: skip
    signed = b".".join(parts)
    digest = jwt.get_algorithm_by_name("HS256").sign(signed, public)
    return b".".join((*parts, base64.urlsafe_b64encode(digest).rstrip(b"="))).decode()


def signed_as_it_is(told: Json) -> str:
    """Claims that the library would not sign."""
    return jwt.api_jws.encode(json.dumps(told).encode(), private_key("connector"), "RS256", {"kid": CONNECTOR.kid})


def with_other_claims(told: Json) -> str:
    """A genuine token whose claims were exchanged after it was signed."""
    head, _, signature = CONNECTOR.token(claims(aud="somebody-else")).split(".")
    changed = base64.urlsafe_b64encode(json.dumps(told).encode()).rstrip(b"=").decode()
    return f"{head}.{changed}.{signature}"


FORGED: dict[str, Callable[[], str]] = {
    "another issuer": lambda: CONNECTOR.token(claims(iss="https://sts.windows.net/x/")),
    "an issuer with a slash": lambda: CONNECTOR.token(claims(iss=f"{ISSUER}/")),
    "no issuer": lambda: CONNECTOR.token(claims(iss=None)),
    "several issuers": lambda: signed_as_it_is(claims(iss=[ISSUER])),
    "for another bot": lambda: CONNECTOR.token(claims(aud="00000000-0000-4000-8000-000000000000")),
    "for several bots": lambda: CONNECTOR.token(claims(aud=[APP_ID, "another"])),
    "for nobody": lambda: CONNECTOR.token(claims(aud=None)),
    "signed with another key": lambda: Signer(key="stranger").token(claims()),
    "signed with a key that is not known": lambda: Signer(kid="key-9", key="stranger").token(claims()),
    "a key that it brings along": lambda: Signer(kid="key-9", key="stranger").token(
        claims(), jwk=Signer(key="stranger").jwk()
    ),
    "a key that is to be fetched elsewhere": lambda: Signer(kid="key-9", key="stranger").token(
        claims(), jku="https://evil.example/keys"
    ),
    "without a key id": lambda: CONNECTOR.token(claims(), kid=None),
    "not signed": lambda: unsigned(claims()),
    "signed with a shared secret": lambda: by_its_public_key(claims()),
    "signed with PS256": lambda: CONNECTOR.token(claims(), "PS256"),
    "signed with RS512": lambda: CONNECTOR.token(claims(), "RS512"),
    "claims exchanged": lambda: with_other_claims(claims()),
    "expired": lambda: CONNECTOR.token(claims(exp=AT - 300)),
    "expired long ago": lambda: CONNECTOR.token(claims(exp=0)),
    "never expires": lambda: CONNECTOR.token(claims(exp=None)),
    "expires at no moment": lambda: CONNECTOR.token(claims(exp=True)),
    "expires after the end of time": lambda: CONNECTOR.token(claims(exp=10**30)),
    "not good yet": lambda: CONNECTOR.token(claims(nbf=AT + 301)),
    "signature cut short": lambda: CONNECTOR.token(claims())[:-4],
    "signature left out": lambda: CONNECTOR.token(claims()).rpartition(".")[0] + ".",
    "a part too many": lambda: CONNECTOR.token(claims()) + ".x",
    "no token at all": lambda: "hello",
    "garbage in three parts": lambda: "a.b.c",
    "endless": lambda: "a." * 2 + "b" * 20_000,
}  # fmt: skip
"""Tokens that are none of the Bot Connector's for this bot."""


# A genuine token, and something else wrong


def changed(**other: object) -> Json:
    return ACTIVITY | other


NOT_HERE: dict[str, tuple[Json, Json, Signer]] = {
    "the token names no service": (claims(serviceurl=None), ACTIVITY, CONNECTOR),
    "the token names another service": (claims("https://smba.trafficmanager.net/emea/"), ACTIVITY, CONNECTOR),
    "the token's service has no slash": (claims(SERVICE_URL.rstrip("/")), ACTIVITY, CONNECTOR),
    "the token's service is no text": (claims(serviceurl=[SERVICE_URL]), ACTIVITY, CONNECTOR),
    "the activity names no service": (
        claims(), {name: value for name, value in ACTIVITY.items() if name != "serviceUrl"}, CONNECTOR,
    ),
    "neither names one": (
        claims(serviceurl=None), {name: value for name, value in ACTIVITY.items() if name != "serviceUrl"}, CONNECTOR,
    ),
    "both name a stranger's": (
        claims("https://evil.example/"), changed(serviceUrl="https://evil.example/"), CONNECTOR,
    ),
    "both name one that begins like ours": (
        claims("https://smba.trafficmanager.net.evil.example/"),
        changed(serviceUrl="https://smba.trafficmanager.net.evil.example/"),
        CONNECTOR,
    ),
    "both name ours as a user": (
        claims("https://smba.trafficmanager.net@evil.example/"),
        changed(serviceUrl="https://smba.trafficmanager.net@evil.example/"),
        CONNECTOR,
    ),
    "another channel": (claims(), changed(channelId="webchat"), CONNECTOR),
    "no channel": (claims(), changed(channelId=None), CONNECTOR),
    "a key that is not for Teams": (claims(), ACTIVITY, Signer("key-2", ("webchat",), "other-channel")),
    "a key for nothing": (claims(), ACTIVITY, Signer("key-3", (), "no-channel")),
    "another organisation": (
        claims(), changed(conversation={"tenantId": "evil"}, channelData={"tenant": {"id": "evil"}}), CONNECTOR,
    ),
    "a conversation of another organisation": (claims(), changed(conversation={"tenantId": "evil"}), CONNECTOR),
    "another organisation beside ours": (claims(), changed(channelData={"tenant": {"id": "evil"}}), CONNECTOR),
    "no organisation": (claims(), changed(conversation={}, channelData={}), CONNECTOR),
    "an organisation that is no text": (
        claims(), changed(conversation={"tenantId": None}, channelData={}), CONNECTOR,
    ),
    "an organisation that is a list": (
        claims(), changed(conversation={"tenantId": [TENANT]}, channelData={}), CONNECTOR,
    ),
}  # fmt: skip
"""Each with a genuine token: what it says, the activity that came with it, and who signed it."""


# Addresses

TRICKS: dict[str, str] = {
    "empty": "",
    "no scheme": "smba.trafficmanager.net",
    "whatever scheme": "//smba.trafficmanager.net/uk/",
    "not encrypted": "http://smba.trafficmanager.net/uk/",
    "another scheme": "ftp://smba.trafficmanager.net/uk/",
    "a slash missing": "https:/smba.trafficmanager.net/uk/",
    "another host": "https://evil.example/uk/",
    "a name that anybody can have": "https://evil.trafficmanager.net/uk/",
    "ours as the beginning of a name": "https://smba.trafficmanager.net.evil.example/",
    "ours as its end": "https://evilsmba.trafficmanager.net/",
    "ours as a user": "https://smba.trafficmanager.net@evil.example/",
    "a user and a password": "https://me:secret@smba.trafficmanager.net/",
    "an empty user": "https://@smba.trafficmanager.net/",
    "ours behind a hash": "https://evil.example#@smba.trafficmanager.net/",
    "ours as a query": "https://evil.example?https://smba.trafficmanager.net/",
    "ours as a path": "https://evil.example/smba.trafficmanager.net/",
    "a backslash": "https://evil.example\\@smba.trafficmanager.net/",
    "a backslash in the name": "https://smba.trafficmanager.net\\.evil.example/",
    "a dot at the end": "https://smba.trafficmanager.net./uk/",
    "another port": "https://smba.trafficmanager.net:8443/uk/",
    "a port that is not written so": "https://smba.trafficmanager.net:443/uk/",
    "capitals": "https://SMBA.trafficmanager.net/uk/",
    "a query": "https://smba.trafficmanager.net/uk/?x=1",
    "a fragment": "https://smba.trafficmanager.net/uk/#x",
    "a way up": "https://smba.trafficmanager.net/../x",
    "a way up at the end": "https://smba.trafficmanager.net/uk/..",
    "escapes": "https://smba.trafficmanager.net/uk/%2e%2e/",
    "a line break at the end": "https://smba.trafficmanager.net/uk/\n",
    "a space before": " https://smba.trafficmanager.net/uk/",
    "a tab": "https://smba.trafficmanager.net\t/uk/",
    "a letter that is not seen": "https://smba.traffic\u200bmanager.net/uk/",
    "a letter that looks like another": "https://ѕmba.trafficmanager.net/uk/",
    "dots of another script": "https://smba。trafficmanager。net/uk/",
    "an IP address": "https://40.90.1.1/uk/",
    "an IPv6 address": "https://[2603:1000::1]/uk/",
    "an IP address as one number": "https://2757165313/uk/",
    "this computer": "https://127.0.0.1/uk/",
    "this computer, not encrypted": "http://127.0.0.1:8000/uk/",
    "this computer by name": "https://localhost/uk/",
    "the machine's own secrets": "https://169.254.169.254/latest/meta-data/",
    "endless": "https://smba.trafficmanager.net/" + "a" * 400,
}
"""Addresses that are none of Teams, however much they look like one."""
