"""The Bot Connector's keys: fetched when needed, never for a stranger's sake, and kept while nobody answers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest

from integrations.teams.keys import KeyRing, read_keys
from tests.contract.stage import Clock
from tests.support.days import NOW
from tests.support.faults import DROPPED, Fault
from tests.teams.playing_teams import PlayedTeams, refused
from tests.teams.signing import CONNECTOR, Signer


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


@pytest.fixture
async def ring(teams: PlayedTeams, http: httpx.AsyncClient, clock: Clock) -> AsyncIterator[KeyRing]:
    made = KeyRing(teams.openid_url, http, clock)
    yield made
    await made.close()


async def test_a_key_says_for_which_channels_it_is(ring: KeyRing) -> None:
    found = await ring.find(CONNECTOR.kid)
    assert found is not None
    assert found.endorsements == {"msteams", "skype"}


async def test_a_new_key_is_found_half_a_minute_later(ring: KeyRing, teams: PlayedTeams, clock: Clock) -> None:
    assert await ring.find("key-1") is not None
    teams.signers.append(Signer("key-2"))
    clock.later(timedelta(seconds=29))
    assert await ring.find("key-2") is None
    clock.later(timedelta(seconds=1))
    assert await ring.find("key-2") is not None


@pytest.mark.parametrize(
    ("what", "fault"),
    [
        ("openid", refused(503)),
        ("openid", DROPPED),
        ("openid", Fault(body={"jwks_uri": "http://evil.example/keys"})),
        ("openid", Fault(body={"issuer": "x"})),
        ("keys", refused(404)),
        ("keys", Fault(body={"keys": []})),
        ("keys", Fault(body={"keys": "none"})),
        ("keys", Fault(body={"keys": [{"kty": "RSA", "kid": "key-1", "n": "!", "e": "AQAB"}]})),
        ("keys", Fault(body={"keys": [{"kty": "EC", "kid": "key-1", "crv": "P-256", "x": "AA", "y": "AA"}]})),
    ],
)
async def test_whoever_is_known_gets_in_while_the_keys_cannot_be_fetched(
    ring: KeyRing, teams: PlayedTeams, clock: Clock, what: str, fault: Fault
) -> None:
    known = await ring.find("key-1")
    teams.next_calls(what, fault)
    clock.later(timedelta(minutes=1))
    assert await ring.find("key-2") is None
    assert ring.known("key-1") is known
    assert known is not None


async def test_an_endpoint_that_hangs_keeps_nobody_waiting_whose_key_is_known(
    ring: KeyRing, teams: PlayedTeams, clock: Clock, http: httpx.AsyncClient
) -> None:
    await ring.find("key-1")
    http.timeout = httpx.Timeout(0.05)
    teams.next_calls("openid", Fault(hangs=True))
    clock.later(timedelta(hours=24))
    assert await ring.find("key-1") is not None


async def test_a_key_that_was_withdrawn_is_gone_a_day_later(ring: KeyRing, teams: PlayedTeams, clock: Clock) -> None:
    await ring.find("key-1")
    teams.signers[:] = [Signer("key-2")]
    clock.later(timedelta(hours=24))
    assert await ring.find("key-1") is not None, "nobody waits for the new ones"
    await ring.close()
    assert await ring.find("key-1") is None
    assert await ring.find("key-2") is not None


def test_what_is_no_key_is_left_out() -> None:
    odd = [
        {},
        {"kty": "RSA", "kid": 7},
        {"kty": "oct", "kid": "s", "k": "AA"},
        {"kty": "RSA", "kid": "k", "n": "", "e": ""},
    ]
    assert set(read_keys({"keys": [*odd, CONNECTOR.jwk()]})) == {"key-1"}
