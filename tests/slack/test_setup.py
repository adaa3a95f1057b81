"""Slack as it is set up: by HTTP with a signing secret, by socket with an app token, and not at all without a token."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from pathlib import Path

import httpx
import pytest
from cryptography.fernet import Fernet
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy import select

from core.settings import Settings, SettingsMistakes, SlackSettings
from core.storage import tables
from core.storage.database import Database
from core.storage.frameworks import FrameworkShelf
from core.storage.outbox import OutboxItem
from integrations.app import create_app
from integrations.slack.connection import Connection
from integrations.slack.setup import introduce, slack_of
from integrations.slack.workspaces import OneWorkspace, Workspace
from scheduler.delivery import Delivery
from tests.slack.conftest import Time
from tests.slack.playing_slack import APP_TOKEN, BOT, BOT_USER, TEAM, TOKEN, PlayedSlack, refused
from tests.slack.requests import SECRET, as_json
from tests.support.days import NOW
from tests.support.enquiries import bring
from tests.support.partnership_files import river

KEY = Fernet.generate_key().decode()


async def nothing(_: OutboxItem) -> None:
    """Nothing is said here."""


async def answers(slack: PlayedSlack, tmp_path: Path, **settings: str) -> int:
    """The status of a genuine request at the address that Slack is given."""
    given = {name: SecretStr(value) for name, value in settings.items()}
    database, app = Database(f"sqlite:///{tmp_path / 'empty.db'}"), FastAPI()
    database.upgrade()
    in_slack = SlackSettings(bot_token=SecretStr(TOKEN), api_url=f"{slack.base}/api/", **given)
    set_up = slack_of(Settings(slack=in_slack), database, lambda: NOW)
    assert set_up is not None
    async with set_up.serving(FrameworkShelf(), Delivery(database, {}, nothing, lambda: NOW)) as served:
        app.include_router(served.routes)
        if "app_token" in settings:
            await asyncio.wait_for(slack.acknowledged.get(), 10)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://bot") as http:
            request = as_json({"type": "url_verification", "challenge": "abc"}, NOW)
            response = await http.post("/slack/events", content=request.body, headers=request.headers)
    database.close()
    return response.status_code


async def test_with_a_signing_secret_slack_can_send_here(slack: PlayedSlack, tmp_path: Path) -> None:
    assert await answers(slack, tmp_path, signing_secret=SECRET) == 200


async def test_with_an_app_token_alone_events_come_by_socket_only(slack: PlayedSlack, tmp_path: Path) -> None:
    assert await answers(slack, tmp_path, app_token=APP_TOKEN) == 404
    assert "apps.connections.open" in slack.called()


async def told(
    slack: PlayedSlack, tmp_path: Path, **settings: str
) -> AsyncGenerator[tuple[httpx.Response, httpx.Response]]:
    """Whether the whole application says that it can take an event, and that the work gets done; again and again."""
    given = {name: SecretStr(value) for name, value in settings.items()}
    in_slack = SlackSettings(bot_token=SecretStr(TOKEN), api_url=f"{slack.base}/api/", **given)
    url = SecretStr(f"sqlite:///{tmp_path / 'empty.db'}")
    app = create_app(Settings(role="serve", slack=in_slack, database_url=url), lambda: NOW)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://bot") as http,
    ):
        while True:
            yield await http.get("/health/ready"), await http.get("/health/work")


NOT_CONNECTED = "Slack's Socket Mode is not connected, so nothing comes in from there."


async def test_without_a_socket_nothing_is_said_of_one(slack: PlayedSlack, tmp_path: Path) -> None:
    async with aclosing(told(slack, tmp_path, signing_secret=SECRET)) as asked:
        ready, work = await anext(asked)
    assert (ready.status_code, ready.text) == (200, "Ready.\n")
    assert NOT_CONNECTED not in work.text


async def test_while_the_socket_is_connected_nothing_is_said_of_it(slack: PlayedSlack, tmp_path: Path) -> None:
    async with aclosing(told(slack, tmp_path, app_token=APP_TOKEN)) as asked:
        await anext(asked)
        await asyncio.wait_for(slack.acknowledged.get(), 10)
        async with asyncio.timeout(10):
            while NOT_CONNECTED in (await anext(asked))[1].text:
                pass  # The other end saw the connection first.


async def test_a_wrong_app_token_is_told_to_whoever_watches_and_takes_no_process_away(
    slack: PlayedSlack, tmp_path: Path
) -> None:
    async with aclosing(told(slack, tmp_path, app_token="xapp-wrong")) as asked:
        await anext(asked)
        await slack.until(lambda: "apps.connections.open" in slack.called())
        ready, work = await anext(asked)
    assert (ready.status_code, work.status_code) == (200, 503)
    assert work.text.splitlines()[0] == NOT_CONNECTED


def test_without_a_token_there_is_no_slack(tmp_path: Path) -> None:
    assert slack_of(Settings(), Database(f"sqlite:///{tmp_path}/none.db"), lambda: NOW) is None


async def test_the_bot_asks_who_it_is_until_it_is_told(
    slack: PlayedSlack, time: Time, caplog: pytest.LogCaptureFixture
) -> None:
    slack.next_calls("auth.test", refused("invalid_auth"), refused("invalid_auth"))
    workspaces, connection = OneWorkspace(TOKEN), Connection(f"{slack.base}/api/")
    assert await workspaces.find("T0ANY") == Workspace("T0ANY", TOKEN)

    await introduce(workspaces, connection, time.pause)
    await connection.close()

    assert time.waited == [1.0, 10.0]
    assert await workspaces.find(TEAM) == Workspace(TEAM, TOKEN, BOT_USER, BOT)
    assert await workspaces.find("T0ANY") is None
    assert TOKEN not in caplog.text + repr(await workspaces.find(TEAM))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        pytest.param({"bot_token": "xoxb-1", "client_id": "1.2"}, "give one", id="one workspace and many"),
        pytest.param({"client_id": "1.2", "encryption_keys": KEY}, "SLACK__CLIENT_SECRET: needed", id="no secret"),
        pytest.param({"client_id": "1.2", "client_secret": "s"}, "SLACK__ENCRYPTION_KEYS: needed", id="no keys"),
        pytest.param(
            {"client_id": "1.2", "client_secret": "s", "encryption_keys": "k"}, "ENCRYPTION_KEYS: write", id="no key"
        ),
    ],
)
def test_what_does_not_go_together_is_told_in_words(tmp_path: Path, given: dict[str, str], words: str) -> None:
    database = Database(f"sqlite:///{tmp_path}/none.db")
    with pytest.raises(SettingsMistakes, match=words) as told:
        slack_of(Settings(slack=SlackSettings.model_validate(given)), database, lambda: NOW)
    assert "xoxb-1" not in str(told.value)


async def test_leaders_of_the_workspace_can_be_written_to_first(slack: PlayedSlack, tmp_path: Path) -> None:
    """An imported account has no conversation yet; in Slack the bot can begin one."""
    database = Database(f"sqlite:///{tmp_path / 'test.db'}")
    database.upgrade()
    account = f"{{platform: slack, tenant: {TEAM}, user: U0ANN}}"
    database.write_now(
        lambda writing: bring(writing, river().replace("{platform: web, tenant: demo, user: ann-web}", account))
    )
    in_slack = SlackSettings(bot_token=SecretStr(TOKEN), api_url=f"{slack.base}/api/")
    set_up = slack_of(Settings(slack=in_slack), database, lambda: NOW)
    assert set_up is not None
    await set_up.begin()
    await set_up.connection.close()
    where = select(tables.Account.conversation).order_by(tables.Account.user)
    found = database.read_now(lambda reading: list(reading.scalars(where.where(tables.Account.platform == "slack"))))
    others = database.read_now(lambda reading: set(reading.scalars(where.where(tables.Account.platform != "slack"))))
    database.close()
    assert (found, others) == (["U0ANN"], {None})
