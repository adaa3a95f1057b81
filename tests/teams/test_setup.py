"""Teams as it is set up by the settings, and not at all without any."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from core.settings import Settings, SettingsMistakes, TeamsSettings, load_settings
from core.storage.database import Database
from integrations.app import create_app
from integrations.teams.setup import teams_of
from tests.support.days import NOW
from tests.teams.activities import message
from tests.teams.settings import teams_settings
from tests.teams.signing import SERVICE_URL
from tests.teams.teams_world import member


def no_database() -> Database:
    return Database("sqlite:///nowhere/none.db")


def test_without_a_setting_there_is_no_teams() -> None:
    assert teams_of(Settings(), no_database(), lambda: NOW) is None


@pytest.mark.parametrize(
    ("given", "mistakes"),
    [
        (
            {"app_id": "x"},
            [
                "PARTNERSHIP_TEAMS__TENANT_ID: needed; docs/teams.md says where to find it.",
                "Teams: give one of PARTNERSHIP_TEAMS__CLIENT_SECRET or PARTNERSHIP_TEAMS__CERTIFICATE or "
                "PARTNERSHIP_TEAMS__FEDERATED_TOKEN_PATH.",
            ],
        ),
        (
            {"client_secret": "hush", "tenant_id": "x"},
            ["PARTNERSHIP_TEAMS__APP_ID: needed; docs/teams.md says where to find it."],
        ),
    ],
)
def test_what_is_missing_is_said(given: dict[str, str], mistakes: list[str]) -> None:
    with pytest.raises(SettingsMistakes) as told:
        teams_of(Settings(teams=TeamsSettings.model_validate(given)), no_database(), lambda: NOW)
    assert told.value.lines == mistakes


def test_its_own_organisation_is_let_in_and_others_where_they_are_named() -> None:
    assert teams_settings().tenants == {"5c000000-0000-4000-8000-0000000000a1"}
    assert teams_settings(allowed_tenants=" A-1, ,b-2 ").tenants == {"a-1", "b-2"}


@pytest.mark.parametrize("name", ["openid_url", "authority"])
def test_keys_and_tokens_come_from_safe_addresses(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(f"PARTNERSHIP_TEAMS__{name.upper()}", "http://evil.example/x")
    with pytest.raises(SettingsMistakes, match=r"write an address that begins with https://\."):
        load_settings()


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("PARTNERSHIP_TEAMS__APP_ID", "hush"),
        ("PARTNERSHIP_TEAMS__CLIENT_SECRET", "hush"),
        ("PARTNERSHIP_TEAMS__SERVICE_HOSTS", "smba.trafficmanager.net"),
        ("PARTNERSHIP_SLACK__BOT_TOKEN", "hush"),
        ("PARTNERSHIP_HOST", "0.0.0.0"),
        ("PARTNERSHIP_DATABASE_URL", "postgresql://bot:hush@db.example.org/bot"),
        ("PARTNERSHIP_PUBLIC_URL", "https://bot.example.org"),
        ("PARTNERSHIP_ENVIRONMENT", "production"),
    ],
)
def test_the_playground_is_refused_beside_a_production_setting(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv("PARTNERSHIP_TEAMS__PLAYGROUND", "true")
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsMistakes) as told:
        load_settings()
    assert told.value.lines == [
        f"PARTNERSHIP_TEAMS__PLAYGROUND: the playground lets anybody be anybody; it can't be on beside {variable}."
    ]


@pytest.mark.parametrize(("role", "status"), [("all", 401), ("serve", 401), ("worker", 404)])
async def test_the_application_takes_activities_where_it_serves(tmp_path: Path, role: str, status: int) -> None:
    teams = teams_settings(openid_url="http://127.0.0.1:1/none")
    settings = Settings(database_url=f"sqlite:///{tmp_path}/bot.db", teams=teams, role=role)
    app = create_app(settings, lambda: NOW)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://bot") as http,
    ):
        response = await http.post("/api/messages", json=message(member("priya"), "hello", NOW, SERVICE_URL))
    assert response.status_code == status


async def test_in_the_playground_nobody_shows_a_token(tmp_path: Path) -> None:
    teams = TeamsSettings(playground=True)
    app = create_app(Settings(database_url=f"sqlite:///{tmp_path}/bot.db", teams=teams), lambda: NOW)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://bot") as http,
    ):
        sent = message(member("priya"), "hello", NOW, "http://127.0.0.1:1/_connector")
        assert (await http.post("/api/messages", json=sent)).status_code == 200
        assert (await http.post("/api/messages", json=sent | {"serviceUrl": SERVICE_URL})).status_code == 403
        from_a_page = {"Origin": "https://school.example", "Content-Type": "text/plain"}
        assert (await http.post("/api/messages", json=sent, headers=from_a_page)).status_code == 403
