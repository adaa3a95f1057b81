"""How the bot shows Microsoft that it is itself: by a secret, by a certificate, or by a token that others renew."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

import httpx
import jwt
import pytest

from bot.platform import SendFailed
from core.pace import Seconds
from core.settings import SettingsMistakes, TeamsSettings
from integrations.teams.tokens import AppTokens, credential_of
from tests.support.faults import DROPPED, Fault
from tests.support.passing_time import Time
from tests.teams.certificates import client_context, pem
from tests.teams.playing_teams import PlayedTeams
from tests.teams.settings import teams_settings
from tests.teams.signing import APP_ID, TENANT, private_key

SCOPE = "https://api.botframework.com/.default"


def asked(teams: PlayedTeams) -> list[dict[str, str]]:
    return [form for name, form in teams.calls if name == "token"]


@contextmanager
def tokens(teams: PlayedTeams, settings: TeamsSettings, seconds: Seconds = monotonic) -> Iterator[AppTokens]:
    http = httpx.Client(verify=client_context(), trust_env=False)
    made = AppTokens(APP_ID, credential_of(settings), f"{teams.login}/{TENANT}", SCOPE, http, seconds)
    try:
        yield made
    finally:
        made.close()


async def test_by_a_secret(teams: PlayedTeams) -> None:
    with tokens(teams, teams_settings()) as made:
        assert await made.get() in teams.tokens
        assert asked(teams)[0]["client_secret"] == "the-client-secret"


async def test_by_a_certificate(teams: PlayedTeams) -> None:
    with tokens(teams, teams_settings(client_secret=None, certificate=pem("bot"))) as made:
        assert await made.get() in teams.tokens
        assertion = asked(teams)[0]["client_assertion"]
        audience = f"{teams.login}/{TENANT}/oauth2/v2.0/token"
        told = jwt.decode(assertion, private_key("bot").public_key(), algorithms=["PS256"], audience=audience)
        assert (told["iss"], told["sub"]) == (APP_ID, APP_ID)


async def test_by_a_token_that_others_renew(teams: PlayedTeams, tmp_path: Path) -> None:
    file = tmp_path / "federated"
    file.write_text("first\n")
    with tokens(teams, teams_settings(client_secret=None, federated_token_path=str(file))) as made:
        await made.get()
        file.write_text("second\n")
        await made.forget()
        await made.get()
        assert [form["client_assertion"] for form in asked(teams)] == ["first", "second"]


async def test_a_token_is_asked_for_anew_once_it_has_ended(teams: PlayedTeams) -> None:
    """Microsoft's library takes one that ends within five minutes for ended; it is asked once a minute."""
    short = Fault(200, {"token_type": "Bearer", "expires_in": 200, "access_token": "ends-soon"})
    teams.next_calls("token", short, short)
    time = Time()
    with tokens(teams, teams_settings(), time.seconds) as made:
        assert [await made.get(), await made.get()] == ["ends-soon"] * 2
        assert len(asked(teams)) == 1
        await time.pause(60)
        assert await made.get() == "ends-soon"
        assert len(asked(teams)) == 2


@pytest.mark.parametrize(
    ("name", "fault", "reason"),
    [
        ("authority", Fault(404, {}), "could not be asked"),
        ("authority", DROPPED, "could not be asked"),
        ("token", DROPPED, "could not be asked"),
        ("token", Fault(503, {}), "could not be asked"),
        ("token", Fault(400, {"error": "invalid_client"}), r"\(invalid_client\): check its app id and secret"),
        ("token", Fault(200, {}), "no token"),
    ],
)
async def test_without_a_token_nothing_is_sent(teams: PlayedTeams, name: str, fault: Fault, reason: str) -> None:
    with tokens(teams, teams_settings()) as made:
        teams.next_calls(name, fault)
        with pytest.raises(SendFailed, match=reason):
            await made.get()


async def test_a_federated_token_that_is_not_there_is_told(teams: PlayedTeams, tmp_path: Path) -> None:
    settings = teams_settings(client_secret=None, federated_token_path=str(tmp_path / "none"))
    with tokens(teams, settings) as made, pytest.raises(SendFailed, match="could not be asked"):
        await made.get()


@pytest.mark.parametrize(
    "given",
    [
        pytest.param({"client_secret": None}, id="none"),
        pytest.param({"certificate": "x"}, id="two"),
    ],
)
def test_one_way_has_to_be_given(given: dict[str, object]) -> None:
    with pytest.raises(SettingsMistakes, match="give one of PARTNERSHIP_TEAMS__CLIENT_SECRET or"):
        credential_of(teams_settings(**given))


@pytest.mark.parametrize("text", ["", "hush", pem("bot").partition("-----BEGIN CERT")[0], pem("bot")[:200]])
def test_a_certificate_needs_its_key(text: str) -> None:
    with pytest.raises(SettingsMistakes) as told:
        credential_of(teams_settings(client_secret=None, certificate=text))
    assert str(told.value).startswith("PARTNERSHIP_TEAMS__CERTIFICATE: write a private key without a password")
    assert "hush" not in str(told.value)
