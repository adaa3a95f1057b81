"""The bot as it is served to many workspaces: installed by their people, used, and removed again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from cryptography.fernet import Fernet
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy import Connection as Transaction
from sqlalchemy import select, update

from core.settings import Settings, SlackSettings
from core.storage import tables
from core.storage.database import Database
from integrations.app import create_app
from tests.slack.playing_installs import CLIENT_ID, CLIENT_SECRET, InstalledSlack, Member, cookies_of
from tests.slack.playing_slack import playing, refused
from tests.slack.requests import SECRET, Request, as_json, event, message
from tests.support.days import NOW
from tests.support.enquiries import bring
from tests.support.partnership_files import river

ALDER, TRUST = "T0ALDER", "E0TRUST"
ADDRESS = "https://bot.schools.example"


class Served:
    """The whole application, and the Slack that it is installed in."""

    def __init__(self, slack: InstalledSlack, http: httpx.AsyncClient, database: Database) -> None:
        self.slack, self.http, self.database = slack, http, database

    async def installs(self, tenant: str) -> httpx.Response:
        begun = await self.http.get("/slack/install")
        (state,) = parse_qs(urlsplit(begun.headers["location"]).query)["state"]
        query = {"state": state, "code": self.slack.says_yes(tenant)}
        return await self.http.get("/slack/oauth_redirect", params=query, headers={"Cookie": cookies_of(begun.headers)})

    async def hears(self, happened: dict[str, Any], tenant: str = ALDER) -> None:
        payload = event(happened) | {"team_id": tenant, "authorizations": [{"team_id": tenant}]}
        assert await self.sends(as_json(payload, NOW)) == 200

    async def sends(self, request: Request) -> int:
        response = await self.http.post("/slack/events", content=request.body, headers=request.headers)
        return response.status_code

    async def said(self, user: str, count: int) -> list[str]:
        """What the bot has said to somebody, once there is so much of it."""
        await self.slack.until(lambda: len(self.slack.direct(user).messages) >= count)
        return [each.text for each in self.slack.direct(user).messages]

    async def accounts(self) -> dict[str, str | None]:
        """Where the bot writes to whom in Slack."""
        wanted = select(tables.Account.person_id, tables.Account.conversation).filter_by(platform="slack")
        rows = await self.database.read(lambda reading: reading.execute(wanted).all())
        return {row.person_id: row.conversation for row in rows}


def furnish(writing: Transaction) -> None:
    person = "  - {id: ann, name: Ann, email: ann@schools.example}"
    bring(writing, river(people=("ben", "cat", "dan", "lea"), more_people=person))
    writing.execute(update(tables.Channel).values(platform="slack", tenant=ALDER, conversation="C0RIVER"))


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[Served]:
    url = f"sqlite:///{tmp_path / 'test.db'}"
    database, slack = Database(url), InstalledSlack()
    database.upgrade()
    await database.write(furnish)
    slack.scopes |= {"users:read", "users:read.email"}
    slack.has_member(Member("U0ANN", "ann@schools.example", ALDER))
    slack.direct("U0ANN")  # Whoever writes to the bot does so in a channel that is there.
    async with playing(slack) as api:
        in_slack = SlackSettings(
            client_id=CLIENT_ID,
            client_secret=SecretStr(CLIENT_SECRET),
            signing_secret=SecretStr(SECRET),
            encryption_keys=SecretStr(Fernet.generate_key().decode()),
            api_url=api,
        )
        settings = Settings(database_url=SecretStr(url), public_url=ADDRESS, role="serve", slack=in_slack)
        app: FastAPI = create_app(settings, lambda: NOW)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ADDRESS) as http,
        ):
            yield Served(slack, http, database)
    database.close()
    assert slack.wrong == []


async def test_from_installing_to_the_first_answer(served: Served) -> None:
    assert "The bot has been added" in (await served.installs(ALDER)).text
    await served.hears(message("U0ANN", "hello", NOW))
    (told,) = await served.said("U0ANN", 1)
    assert "What I can do" in told
    assert await served.accounts() == {"ann": "U0ANN"}


async def test_a_workspace_that_has_not_installed_it_hears_nothing(served: Served) -> None:
    await served.installs(ALDER)
    served.slack.calls.clear()
    await served.hears(message("U0ANN", "hello", NOW), "T0BIRCH")
    assert (served.slack.calls, await served.accounts()) == ([], {})


async def test_when_it_is_removed_nobody_there_is_written_to(served: Served) -> None:
    await served.installs(ALDER)
    await served.hears(message("U0ANN", "hello", NOW))
    await served.said("U0ANN", 1)
    served.slack.removes(ALDER)
    await served.hears({"type": "app_uninstalled"})
    await served.hears({"type": "tokens_revoked", "tokens": {"oauth": [], "bot": ["UBOT"]}})
    assert await served.accounts() == {"ann": None}
    kept = await served.database.read(lambda reading: reading.execute(select(tables.SlackInstallation)).all())
    assert kept == []


async def test_through_a_whole_organisation(served: Served) -> None:
    served.slack.teams[TRUST] = [ALDER]
    await served.installs(TRUST)
    await served.hears(message("U0ANN", "hello", NOW))
    assert len(await served.said("U0ANN", 1)) == 1


async def test_what_can_not_be_looked_up_now_is_sent_again_by_slack(served: Served) -> None:
    served.slack.teams[TRUST] = [ALDER]
    await served.installs(TRUST)
    served.slack.next_calls("auth.teams.list", refused("internal_error"))
    request = as_json(event(message("U0ANN", "hello", NOW)) | {"team_id": ALDER, "authorizations": None}, NOW)
    assert [await served.sends(request) for _ in range(3)] == [503, 200, 200]
    assert len(await served.said("U0ANN", 1)) == 1


async def test_the_tab_is_shown_when_it_is_opened(served: Served) -> None:
    await served.installs(ALDER)
    opened = {"type": "app_home_opened", "user": "U0ANN", "channel": "D0ANN", "tab": "home", "event_ts": "1795000000.1"}
    await served.hears(opened)
    await served.slack.until(lambda: "U0ANN" in served.slack.homes)
    assert "Nothing is open for you at the moment." in repr(served.slack.homes["U0ANN"])
