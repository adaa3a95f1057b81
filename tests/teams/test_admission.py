"""Only what the Bot Connector signed for this bot gets in, from services and organisations that the bot works with."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, TypeAlias

import httpx
import pytest

from integrations.refusals import Refusal
from integrations.teams.admission import ByToken, Playground
from integrations.teams.clouds import CLOUDS
from integrations.teams.keys import KeyRing
from integrations.teams.verify import (
    FOREIGN_PAGE,
    MALFORMED,
    MOST_BYTES,
    NO_TENANT,
    NO_TOKEN,
    NOT_TEAMS,
    ODD_CLAIMS,
    OTHER_SERVICE,
    SERVICE_NOT_ALLOWED,
    TENANT_NOT_ALLOWED,
    TOO_LARGE,
    TOO_OLD,
    UNKNOWN_KEY,
    WRONG_AUDIENCE,
    WRONG_ISSUER,
    WRONG_SIGNATURE,
    Bot,
)
from tests.contract.stage import Clock
from tests.support.days import NOW
from tests.teams.forgeries import ACTIVITY, AT, FORGED, NOT_HERE, changed
from tests.teams.playing_teams import PlayedTeams
from tests.teams.signing import APP_ID, CONNECTOR, ISSUER, SERVICE_URL, TENANT, Signer, claims

Json: TypeAlias = dict[str, Any]


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


def status(answer: object) -> int:
    assert isinstance(answer, Refusal)
    return answer.status


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
    assert await asks(admission, token) == TOO_OLD


async def test_a_token_is_remembered_for_no_other_activity(admission: ByToken) -> None:
    token = bearer(CONNECTOR.token(claims()))
    assert await asks(admission, token) == ACTIVITY
    foreign = ACTIVITY | {"serviceUrl": "https://smba.trafficmanager.net/emea/"}
    assert await asks(admission, token, foreign) == replace(OTHER_SERVICE, tenant=TENANT)


@pytest.mark.parametrize("name", CLOUDS)
async def test_each_cloud_has_a_connector_of_its_own(
    teams: PlayedTeams, http: httpx.AsyncClient, clock: Clock, name: str
) -> None:
    cloud = CLOUDS[name]
    ring, tenants = KeyRing(teams.openid_url, http, clock), frozenset({TENANT})
    admission = ByToken(Bot(APP_ID, cloud.issuer), ring, cloud.service_urls, tenants, clock)
    let_in = set()
    for other, its in CLOUDS.items():
        for host in its.service_urls.hosts:
            service_url = f"https://{host}/teams/"
            token = CONNECTOR.token(claims(service_url, iss=its.issuer))
            activity = ACTIVITY | {"serviceUrl": service_url}
            let_in |= {other} if await asks(admission, bearer(token), activity) == activity else set()
    assert let_in == {name}


# Forged tokens


@pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED)
async def test_a_forged_token_is_refused(admission: ByToken, teams: PlayedTeams, forged: Callable[[], str]) -> None:
    assert status(await asks(admission, bearer(forged()))) == 401
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
    assert status(await asks(admission, authorization(CONNECTOR.token(claims())))) == 401


async def test_fifty_unknown_keys_have_the_keys_fetched_once(
    admission: ByToken, teams: PlayedTeams, clock: Clock
) -> None:
    assert await asks(admission, bearer(CONNECTOR.token(claims()))) == ACTIVITY
    clock.later(timedelta(minutes=5))
    for number in range(50):
        stranger = Signer(kid=f"unknown-{number}", key="stranger")
        assert await asks(admission, bearer(stranger.token(claims()))) == UNKNOWN_KEY
    assert teams.called() == ["openid", "keys"] * 2


# A genuine token, and something else wrong


@pytest.mark.parametrize(("told", "activity", "signer"), NOT_HERE.values(), ids=NOT_HERE)
async def test_what_is_signed_for_something_else_is_refused(
    admission: ByToken, teams: PlayedTeams, told: Json, activity: Json, signer: Signer
) -> None:
    teams.signers.append(signer)
    assert status(await asks(admission, bearer(signer.token(told)), activity)) == 403
    assert teams.called() == ["openid", "keys"]


async def test_capitals_in_an_organisations_id_do_not_matter(admission: ByToken) -> None:
    activity = changed(conversation={"tenantId": TENANT.upper()}, channelData={})
    assert await asks(admission, bearer(CONNECTOR.token(claims())), activity) == activity


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 100_000])
async def test_what_is_no_activity_is_malformed(admission: ByToken, body: bytes) -> None:
    assert await admission.admit(bearer(CONNECTOR.token(claims())), body) == MALFORMED


async def test_what_is_too_large_is_not_even_looked_at(admission: ByToken, teams: PlayedTeams) -> None:
    assert await admission.admit(bearer("x.y.z"), b" " * (MOST_BYTES + 1)) == TOO_LARGE
    assert teams.called() == []


# Why, for whoever looks after the bot


@pytest.mark.parametrize(
    ("forged", "why"),
    [
        ("another issuer", WRONG_ISSUER),
        ("for another bot", WRONG_AUDIENCE),
        ("signed with another key", WRONG_SIGNATURE),
        ("claims exchanged", WRONG_SIGNATURE),
        ("signed with a key that is not known", UNKNOWN_KEY),
        ("never expires", ODD_CLAIMS),
        ("expired", TOO_OLD),
        ("no token at all", NO_TOKEN),
    ],
)
async def test_a_forged_token_is_refused_for_its_reason(admission: ByToken, forged: str, why: Refusal) -> None:
    assert await asks(admission, bearer(FORGED[forged]())) == why


@pytest.mark.parametrize(
    ("case", "why", "tenant"),
    [
        ("another channel", NOT_TEAMS, TENANT),
        ("both name a stranger's", SERVICE_NOT_ALLOWED, TENANT),
        ("the token names another service", OTHER_SERVICE, TENANT),
        ("another organisation", TENANT_NOT_ALLOWED, "evil"),
        ("another organisation beside ours", TENANT_NOT_ALLOWED, "evil"),
        ("no organisation", NO_TENANT, None),
    ],
)
async def test_what_is_signed_is_refused_with_the_organisation_that_it_names(
    admission: ByToken, case: str, why: Refusal, tenant: str | None
) -> None:
    told, activity, signer = NOT_HERE[case]
    assert await asks(admission, bearer(signer.token(told)), activity) == replace(why, tenant=tenant)


# The playground


def of_playground(**other: object) -> bytes:
    return json.dumps(ACTIVITY | {"serviceUrl": "http://127.0.0.1:56150/_connector"} | other).encode()


async def test_the_playground_shows_no_token() -> None:
    assert isinstance(await Playground().admit(None, of_playground()), dict)


@pytest.mark.parametrize("service_url", [SERVICE_URL, "http://192.168.1.2:56150/_connector", None])
async def test_the_playground_is_on_this_computer(service_url: str | None) -> None:
    assert await Playground().admit(None, of_playground(serviceUrl=service_url)) == SERVICE_NOT_ALLOWED


@pytest.mark.parametrize(
    "origin",
    [
        pytest.param("https://school.example", id="another site"),
        pytest.param("http://192.168.1.2:8000", id="another computer"),
        pytest.param("http://localhost.example", id="a name that begins like this computer's"),
        pytest.param("http://127.0.0.1@school.example", id="this computer as a user of another"),
        pytest.param("null", id="a page that hides where it is from"),
        pytest.param("http://[", id="no origin at all"),
        pytest.param("", id="an empty one"),
    ],
)
async def test_no_page_of_another_site_gets_into_the_playground(origin: str) -> None:
    assert await Playground().admit(None, of_playground(), origin) == FOREIGN_PAGE


@pytest.mark.parametrize("origin", ["http://127.0.0.1:56150", "http://localhost:56150", "http://[::1]:56150"])
async def test_a_page_of_this_computer_may_be_the_playgrounds(origin: str) -> None:
    assert isinstance(await Playground().admit(None, of_playground(), origin), dict)


@pytest.mark.parametrize(("body", "refusal"), [(b"{", MALFORMED), (b" " * 1_000_001, TOO_LARGE)])
async def test_garbage_is_refused_there_too(body: bytes, refusal: Refusal) -> None:
    assert await Playground().admit(None, body) == refusal
