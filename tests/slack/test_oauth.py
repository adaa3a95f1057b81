"""Somebody installs the app in their workspace: to Slack and back, in one browser, once, within ten minutes."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from cryptography.fernet import Fernet
from fastapi import FastAPI
from sqlalchemy import func, select

from core.storage import tables
from core.storage.database import Database
from integrations.slack import installations
from integrations.slack.connection import Connection
from integrations.slack.oauth import install_routes
from integrations.slack.renewal import App
from integrations.slack.stores import Installations
from integrations.slack.vault import Vault
from manifest.slack.builder import build_slack_manifest
from manifest.slack.scopes import NEEDED
from tests.slack.playing_installs import CLIENT_ID, CLIENT_SECRET, InstalledSlack, cookies_of
from tests.slack.playing_slack import DROPPED, RATE_LIMITED, playing, refused
from tests.support.days import NOW

ALDER, TRUST = "T0ALDER", "E0TRUST"
ADDRESS = "https://bot.schools.example"


@dataclass
class Browser:
    """Somebody's, on their way to Slack and back."""

    http: httpx.AsyncClient
    slack: InstalledSlack
    cookie: str = ""
    asked: dict[str, str] = field(default_factory=dict)
    """What the bot asked Slack for."""

    async def begins(self) -> None:
        response = await self.http.get("/slack/install")
        assert response.status_code == 302
        address = urlsplit(response.headers["location"])
        assert address.geturl().startswith("https://slack.com/oauth/v2/authorize?")
        self.asked = {name: value for name, (value, *_) in parse_qs(address.query).items()}
        self.cookie = cookies_of(response.headers)

    async def comes_back(self, tenant: str = ALDER, **other: str | None) -> httpx.Response:
        sent = {"code": self.slack.says_yes(tenant), "state": self.asked["state"], **other}
        query = {name: value for name, value in sent.items() if value is not None}
        return await self.http.get("/slack/oauth_redirect", params=query, headers={"Cookie": self.cookie})

    async def installs(self, tenant: str = ALDER) -> httpx.Response:
        await self.begins()
        return await self.comes_back(tenant)


@dataclass
class Installing:
    slack: InstalledSlack
    database: Database
    http: httpx.AsyncClient
    now: datetime = NOW
    changed: list[str] = field(default_factory=list)

    def browser(self) -> Browser:
        return Browser(self.http, self.slack)

    async def stored(self) -> list[str]:
        found = await self.database.read(installations.every)
        return [each.tenant for each in found]


@pytest.fixture
async def installing(tmp_path: Path) -> AsyncIterator[Installing]:
    database, slack, app = Database(f"sqlite:///{tmp_path / 'test.db'}"), InstalledSlack(), FastAPI()
    database.upgrade()
    async with (
        playing(slack) as api,
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ADDRESS) as http,
    ):
        there, connection = Installing(slack, database, http), Connection(api)
        store = Installations(
            database, Vault([Fernet.generate_key().decode()]), lambda: there.now, there.changed.append
        )
        app.include_router(
            install_routes(
                app=App(CLIENT_ID, CLIENT_SECRET),
                scopes=(each.name for each in NEEDED),
                public_url=ADDRESS,
                installations=store,
                database=database,
                connection=connection,
                clock=lambda: there.now,
            )
        )
        yield there
        await connection.close()
    database.close()


async def test_somebody_says_yes_and_the_bot_is_there(installing: Installing) -> None:
    response = await installing.browser().installs()
    assert response.status_code == 200
    assert "The bot has been added" in response.text
    assert (await installing.stored(), installing.changed) == ([ALDER], [ALDER])


async def test_slack_is_asked_for_what_the_manifest_says_and_to_send_them_back_here(installing: Installing) -> None:
    browser = installing.browser()
    await browser.begins()
    manifest = build_slack_manifest(ADDRESS)["oauth_config"]
    assert isinstance(manifest, dict)
    assert browser.asked["scope"].split(",") == manifest["scopes"]["bot"]
    assert "user_scope" not in browser.asked
    assert [browser.asked["redirect_uri"]] == manifest["redirect_urls"]
    assert browser.asked["client_id"] == CLIENT_ID


async def test_an_organisation_installs_it_as_a_whole(installing: Installing) -> None:
    await installing.browser().installs(TRUST)
    assert await installing.stored() == [TRUST]


async def test_a_workspaces_name_is_text_on_the_page(installing: Installing) -> None:
    response = await installing.browser().installs()
    assert "T0ALDER &amp; &lt;b&gt;schools&lt;/b&gt;" in response.text
    assert "<b>" not in response.text


async def test_the_cookie_can_be_read_by_nobody_else_and_is_gone_afterwards(installing: Installing) -> None:
    begun = await installing.http.get("/slack/install")
    assert {"Secure", "HttpOnly"} <= set(begun.headers["set-cookie"].split("; "))
    done = await installing.browser().installs()
    assert "deleted" in done.headers["set-cookie"]


# What does not install anything


async def refuses(installing: Installing, response: httpx.Response, words: str) -> None:
    assert 200 <= response.status_code < 500
    assert "The bot was not added" in response.text
    assert words in response.text
    assert await installing.stored() == []


async def test_somebody_says_no(installing: Installing) -> None:
    browser = installing.browser()
    await browser.begins()
    response = await browser.comes_back(code=None, error="access_denied")
    await refuses(installing, response, "You chose not to add it.")
    assert '<p lang="cy">Dewisoch beidio â&#x27;i ychwanegu.' in response.text


async def test_what_an_error_says_is_not_repeated(installing: Installing) -> None:
    browser = installing.browser()
    await browser.begins()
    response = await browser.comes_back(code=None, error="<script>alert(1)</script>")
    await refuses(installing, response, "Slack did not say yes.")
    assert "script" not in response.text


async def test_another_browser_can_not_finish_what_this_one_began(installing: Installing) -> None:
    """Nobody can be led into adding a bot to a workspace by somebody else's link."""
    browser, other = installing.browser(), installing.browser()
    await browser.begins()
    await other.begins()
    other.asked = browser.asked
    await refuses(installing, await other.comes_back(), "did not begin in this browser")


async def test_without_the_cookie_it_did_not_begin_here(installing: Installing) -> None:
    browser = installing.browser()
    await browser.begins()
    browser.cookie = ""
    await refuses(installing, await browser.comes_back(), "did not begin in this browser")


async def test_a_state_of_nobodys_is_refused(installing: Installing) -> None:
    browser = installing.browser()
    browser.asked, browser.cookie = {"state": "invented"}, "slack-app-oauth-state=invented"
    await refuses(installing, await browser.comes_back(), "This has been used")


async def test_the_same_way_back_is_taken_once(installing: Installing) -> None:
    browser = installing.browser()
    await browser.installs()
    response = await browser.comes_back("T0BIRCH")
    assert (response.status_code, await installing.stored()) == (401, [ALDER])


async def test_it_has_to_be_taken_within_ten_minutes(installing: Installing) -> None:
    browser = installing.browser()
    await browser.begins()
    installing.now += timedelta(minutes=10)
    await refuses(installing, await browser.comes_back(), "longer than ten minutes")


@pytest.mark.parametrize("code", [None, "", "invented", "x" * 5000, "\0", "é"])
async def test_a_code_that_is_none_is_refused(installing: Installing, code: str | None) -> None:
    browser = installing.browser()
    await browser.begins()
    await refuses(installing, await browser.comes_back(code=code), "Slack did not say yes.")


@pytest.mark.parametrize("fault", [DROPPED, RATE_LIMITED, refused("internal_error")], ids=["dropped", "busy", "unwell"])
async def test_when_slack_does_not_answer_one_is_told_to_try_again(installing: Installing, fault: object) -> None:
    installing.slack.next_calls("oauth.v2.access", fault)  # type: ignore[arg-type]
    await refuses(installing, await installing.browser().installs(), "egin again")


async def test_an_answer_without_a_token_is_no_installation(installing: Installing) -> None:
    installing.slack.next_calls("oauth.v2.access", refused("", ok=True, team={"id": ALDER}))
    await refuses(installing, await installing.browser().installs(), "Slack did not say yes.")


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?",
        "?state",
        "?code=a&state=b",
        "?code=a&code=b&state=c&state=d",
        "?%00=%ff",
        "?error=%F0%9F%98%80",
        "?" + "a=b&" * 3000,
    ],
)
async def test_whatever_comes_back_has_no_effect(installing: Installing, query: str) -> None:
    response = await installing.http.get(f"/slack/oauth_redirect{query}")
    await refuses(installing, response, "")
    assert installing.slack.calls == []


async def test_states_that_nobody_came_back_with_are_forgotten(installing: Installing) -> None:
    count = select(func.count()).select_from(tables.SlackState)
    for _ in range(3):
        await installing.browser().begins()
    installing.now += timedelta(minutes=11)
    await installing.browser().begins()
    assert await installing.database.read(lambda connection: connection.scalar(count)) == 1


async def test_nothing_secret_is_logged(installing: Installing, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    await installing.browser().installs()
    await installing.browser().installs()
    browser = installing.browser()
    await browser.begins()
    await browser.comes_back(code="a-code-that-is-none")
    for secret in ("xoxb", CLIENT_SECRET, "a-code-that-is-none", browser.asked["state"]):
        assert secret not in "".join(each.getMessage() for each in caplog.records if each.name != "httpx")
