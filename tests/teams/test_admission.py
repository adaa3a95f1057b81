"""Only what the Bot Connector signed for this bot gets in, from services and organisations that the bot works with."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any, TypeAlias

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from integrations.teams.admission import ByToken, Playground
from integrations.teams.clouds import CLOUDS
from integrations.teams.guard import MOST_BYTES, Bot, Refusal
from integrations.teams.keys import KeyRing
from tests.teams.activities import message
from tests.teams.playing_teams import PlayedTeams
from tests.teams.signing import APP_ID, CONNECTOR, ISSUER, NOW, SERVICE_URL, TENANT, Signer, claims, private_key
from tests.teams.teams_world import Clock, member

Json: TypeAlias = dict[str, Any]

AT = int(NOW.timestamp())
ACTIVITY = message(member("priya"), "hello", NOW, SERVICE_URL)


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


@pytest.fixture
async def admission(teams: PlayedTeams, http: httpx.AsyncClient, clock: Clock) -> AsyncIterator[ByToken]:
    ring = KeyRing(teams.openid_url, http, clock)
    tenants = frozenset({TENANT, "another-tenant"})
    yield ByToken(Bot(APP_ID, ISSUER), ring, CLOUDS["public"].service_urls, tenants, clock)
    await ring.close()


async def asks(admission: ByToken, authorization: str | None, activity: Json | None = None) -> object:
    return await admission.admit(authorization, json.dumps(activity or ACTIVITY).encode())


def bearer(token: str) -> str:
    return f"Bearer {token}"


# What gets in


async def test_what_the_connector_signed_gets_in(admission: ByToken) -> None:
    assert await asks(admission, bearer(CONNECTOR.token(claims()))) == ACTIVITY


@pytest.mark.parametrize("apart", [timedelta(minutes=-4, seconds=-59), timedelta(0), timedelta(hours=1, minutes=4)])
async def test_clocks_may_be_five_minutes_apart(admission: ByToken, clock: Clock, apart: timedelta) -> None:
    token = CONNECTOR.token(claims(nbf=AT))
    clock.now = NOW + apart
    assert await asks(admission, bearer(token)) == ACTIVITY


async def test_the_keys_are_fetched_once_for_all(admission: ByToken, teams: PlayedTeams) -> None:
    for number in range(5):
        assert await asks(admission, bearer(CONNECTOR.token(claims(jti=str(number))))) == ACTIVITY
    assert teams.called() == ["openid", "keys"]


async def test_a_token_that_was_verified_is_not_verified_again_and_still_ends(admission: ByToken, clock: Clock) -> None:
    token = bearer(CONNECTOR.token(claims()))
    assert await asks(admission, token) == ACTIVITY
    clock.now = NOW + timedelta(hours=1, minutes=5)
    assert await asks(admission, token) is Refusal.NOT_CONNECTOR


async def test_a_token_is_remembered_for_no_other_activity(admission: ByToken) -> None:
    token = bearer(CONNECTOR.token(claims()))
    assert await asks(admission, token) == ACTIVITY
    foreign = ACTIVITY | {"serviceUrl": "https://smba.trafficmanager.net/emea/"}
    assert await asks(admission, token, foreign) is Refusal.NOT_HERE


# Forged tokens


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


@pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED)
async def test_a_forged_token_is_refused(admission: ByToken, teams: PlayedTeams, forged: Callable[[], str]) -> None:
    assert await asks(admission, bearer(forged())) is Refusal.NOT_CONNECTOR
    assert set(teams.called()) <= {"openid", "keys"}


@pytest.mark.parametrize(
    "authorization",
    [
        pytest.param(lambda _: None, id="no header"),
        pytest.param(lambda _: "", id="an empty one"),
        pytest.param(lambda token: token, id="not a bearer's"),
        pytest.param(lambda token: f"Basic {token}", id="another way"),
        pytest.param(lambda token: f"Bearer  {token}", id="two spaces"),
        pytest.param(lambda token: f"Bearer {token}é", id="not ASCII"),
        pytest.param(lambda token: f"Bearer {token}, Bearer {token}", id="two of them"),
    ],
)
async def test_without_a_bearers_token_nobody_gets_in(
    admission: ByToken, authorization: Callable[[str], str | None]
) -> None:
    assert await asks(admission, authorization(CONNECTOR.token(claims()))) is Refusal.NOT_CONNECTOR


async def test_fifty_unknown_keys_have_the_keys_fetched_once(
    admission: ByToken, teams: PlayedTeams, clock: Clock
) -> None:
    assert await asks(admission, bearer(CONNECTOR.token(claims()))) == ACTIVITY
    clock.later(timedelta(minutes=5))
    for number in range(50):
        stranger = Signer(kid=f"unknown-{number}", key="stranger")
        assert await asks(admission, bearer(stranger.token(claims()))) is Refusal.NOT_CONNECTOR
    assert teams.called() == ["openid", "keys"] * 2


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


@pytest.mark.parametrize(("told", "activity", "signer"), NOT_HERE.values(), ids=NOT_HERE)
async def test_what_is_signed_for_something_else_is_refused(
    admission: ByToken, teams: PlayedTeams, told: Json, activity: Json, signer: Signer
) -> None:
    teams.signers.append(signer)
    assert await asks(admission, bearer(signer.token(told)), activity) is Refusal.NOT_HERE
    assert teams.called() == ["openid", "keys"]


async def test_capitals_in_an_organisations_id_do_not_matter(admission: ByToken) -> None:
    activity = changed(conversation={"tenantId": TENANT.upper()}, channelData={})
    assert await asks(admission, bearer(CONNECTOR.token(claims())), activity) == activity


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 100_000])
async def test_what_is_no_activity_is_malformed(admission: ByToken, body: bytes) -> None:
    assert await admission.admit(bearer(CONNECTOR.token(claims())), body) is Refusal.MALFORMED


async def test_what_is_too_large_is_not_even_looked_at(admission: ByToken, teams: PlayedTeams) -> None:
    assert await admission.admit(bearer("x.y.z"), b" " * (MOST_BYTES + 1)) is Refusal.TOO_LARGE
    assert teams.called() == []


# The playground


def of_playground(**other: object) -> bytes:
    return json.dumps(ACTIVITY | {"serviceUrl": "http://127.0.0.1:56150/_connector"} | other).encode()


async def test_the_playground_shows_no_token() -> None:
    assert isinstance(await Playground().admit(None, of_playground()), dict)


@pytest.mark.parametrize("service_url", [SERVICE_URL, "http://192.168.1.2:56150/_connector", None])
async def test_the_playground_is_on_this_computer(service_url: str | None) -> None:
    assert await Playground().admit(None, of_playground(serviceUrl=service_url)) is Refusal.NOT_HERE


@pytest.mark.parametrize(("body", "refusal"), [(b"{", Refusal.MALFORMED), (b" " * 1_000_001, Refusal.TOO_LARGE)])
async def test_garbage_is_refused_there_too(body: bytes, refusal: Refusal) -> None:
    assert await Playground().admit(None, body) is refusal
