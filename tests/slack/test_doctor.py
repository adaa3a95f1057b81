"""``doctor`` about Slack: what is missing or wrong, each in a sentence that says what to do."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import Connection as Transaction
from sqlalchemy import update

from core.settings import Settings, SlackSettings
from core.storage import tables
from core.storage.database import Database
from integrations.slack import installations
from integrations.slack.doctor import check_up
from integrations.slack.installations import Installation
from integrations.slack.vault import Tokens, Vault
from manifest.slack.scopes import NEEDED
from tests.slack.playing_installs import CLIENT_ID, CLIENT_SECRET, InstalledSlack
from tests.slack.playing_slack import APP_TOKEN, DROPPED, RATE_LIMITED, TEAM, TOKEN, playing, refused
from tests.support.days import NOW
from tests.support.enquiries import bring
from tests.support.partnership_files import river

KEY = Fernet.generate_key().decode()
RIVER = "C0RIVER"
WELL = [
    f"ok Slack: the bot is in {TEAM} schools and may do all it needs.",
    f"ok Slack: the bot is in the channel {RIVER} of river.",
    f"ok Slack: 5 who take part have no account in {TEAM} yet. Look them up with: partnership-bot find-people",
]


class Patient:
    """An installation of the bot, and the Slack that it asks."""

    def __init__(self, slack: InstalledSlack, database: Database, api: str) -> None:
        self.slack, self.database, self.api = slack, database, api

    async def told(self, public_url: str | None = None, **given: str) -> list[str]:
        """What the doctor says, with these settings."""
        secrets = given or {"bot_token": TOKEN, "signing_secret": "secret"}
        in_slack = SlackSettings.model_validate(secrets | {"api_url": self.api})
        settings = Settings(slack=in_slack, public_url=public_url)
        return [
            f"{'ok' if each.well else 'NO'} {each.words}"
            for each in await check_up(settings, self.database, lambda: NOW)
        ]


@pytest.fixture
async def installed(tmp_path: Path) -> AsyncIterator[Patient]:
    """All is well."""
    database, slack = Database(f"sqlite:///{tmp_path / 'test.db'}"), InstalledSlack(tokens={TOKEN: TEAM})
    database.upgrade()
    await database.write(_furnish)
    slack.scopes = {each.name for each in NEEDED}
    slack.has_channel(RIVER)
    async with playing(slack) as api:
        yield Patient(slack, database, api)
    database.close()


def _furnish(writing: Transaction) -> None:
    bring(writing, river())
    writing.execute(update(tables.Channel).values(platform="slack", tenant=TEAM, conversation=RIVER))


async def test_all_is_well(installed: Patient) -> None:
    assert await installed.told() == WELL


async def test_nothing_is_changed_and_nobody_is_written_to(installed: Patient) -> None:
    await installed.told()
    assert set(installed.slack.called()) == {"auth.test", "conversations.info"}


# The settings


@pytest.mark.parametrize(
    ("given", "words"),
    [
        pytest.param({"signing_secret": "s"}, "there is no bot token.", id="no token"),
        pytest.param(
            {"bot_token": "xoxp-1", "signing_secret": "s"}, "a bot token begins with xoxb-", id="somebody's own token"
        ),
        pytest.param(
            {"bot_token": TOKEN, "app_token": "xoxb-1"}, "an app-level token begins with xapp-", id="tokens mixed up"
        ),
        pytest.param({"bot_token": TOKEN}, "nothing that happens there can come in.", id="no way in"),
        pytest.param(
            {"client_id": "1", "client_secret": "s", "encryption_keys": KEY, "signing_secret": "s"},
            "nobody can install the app. Set PARTNERSHIP_PUBLIC_URL",
            id="no address to come back to",
        ),
        pytest.param(
            {"client_id": "1", "client_secret": "s", "encryption_keys": "short"}, "ENCRYPTION_KEYS: write", id="no key"
        ),
        pytest.param({"client_id": "1", "bot_token": TOKEN}, "give one", id="one workspace and many"),
    ],
)
async def test_a_setting_that_is_missing_or_wrong(installed: Patient, given: dict[str, str], words: str) -> None:
    told = await installed.told(**given)
    assert any(each.startswith("NO Slack: ") and words in each for each in told), told
    assert not any(secret in line for secret in given.values() if len(secret) > 3 for line in told)


# The token


@pytest.mark.parametrize("scope", [each.name for each in NEEDED])
async def test_a_missing_scope_is_named_with_what_does_not_work_without_it(installed: Patient, scope: str) -> None:
    installed.slack.scopes.discard(scope)
    told = await installed.told()
    (line,) = [each for each in told if "lacks" in each]
    why = next(each.why for each in NEEDED if each.name == scope)
    assert line.startswith(f"NO Slack: in {TEAM} schools the app lacks {scope}, so the bot can't {why}.")
    assert "partnership-bot manifest slack" in line


@pytest.mark.parametrize(
    ("error", "words"),
    [
        pytest.param("invalid_auth", "NO Slack: Slack does not accept the bot token", id="a wrong token"),
        pytest.param("token_revoked", "NO Slack: The bot was removed from this workspace.", id="removed"),
        pytest.param("account_inactive", "NO Slack: ", id="switched off"),
    ],
)
async def test_a_token_that_slack_does_not_take(installed: Patient, error: str, words: str) -> None:
    installed.slack.next_calls("auth.test", refused(error), refused(error))
    (line,) = await installed.told()
    assert line.startswith(words)


async def test_slack_can_not_be_reached(installed: Patient) -> None:
    installed.slack.next_calls("auth.test", DROPPED, DROPPED, DROPPED, DROPPED)
    (line,) = await installed.told()
    assert line.startswith("NO Slack: ")


async def test_socket_mode_can_be_opened(installed: Patient) -> None:
    installed.slack.tokens[APP_TOKEN] = TEAM
    told = await installed.told(bot_token=TOKEN, app_token=APP_TOKEN)
    assert told == ["ok Slack: Socket Mode can be opened.", *WELL]


async def test_an_app_token_that_slack_does_not_take(installed: Patient) -> None:
    installed.slack.next_calls("apps.connections.open", refused("not_allowed_token_type"))
    line, *others = await installed.told(bot_token=TOKEN, app_token=APP_TOKEN)
    assert line.startswith("NO Slack: PARTNERSHIP_SLACK__APP_TOKEN is not taken (not_allowed_token_type).")
    assert "connections:write" in line
    assert others == WELL


# The channels


async def in_channel(installed: Patient) -> str:
    return (await installed.told())[1]


async def test_the_bot_has_to_be_invited(installed: Patient) -> None:
    installed.slack.channels[RIVER].bot_is_in = False
    line = await in_channel(installed)
    assert line.startswith(f"NO Slack: the bot is not in the channel {RIVER} of river")
    assert line.endswith("/invite @Partnership bot")


async def test_an_archived_channel_is_no_channel(installed: Patient) -> None:
    installed.slack.channels[RIVER].archived = True
    assert "is archived. Choose another" in await in_channel(installed)


async def test_a_channel_that_slack_does_not_know(installed: Patient) -> None:
    del installed.slack.channels[RIVER]
    line = await in_channel(installed)
    assert line.startswith(f"NO Slack: the channel {RIVER} of river is not known, or is private")
    assert "/invite @Partnership bot" in line


async def test_a_private_channel_that_the_app_may_not_look_at_is_no_fault(installed: Patient) -> None:
    installed.slack.next_calls("conversations.info", refused("missing_scope", needed="groups:read"))
    line = await in_channel(installed)
    assert line.startswith("ok Slack: ")
    assert "is private" in line


async def test_a_workspace_that_is_another_one(installed: Patient) -> None:
    await installed.database.write(
        lambda writing: writing.execute(update(tables.Channel).values(tenant="T0X")) and None
    )
    assert "the bot is not in the workspace T0X. Check its id" in await in_channel(installed)


async def test_a_pause_is_a_pause(installed: Patient) -> None:
    installed.slack.next_calls("conversations.info", RATE_LIMITED)
    assert "asks for a pause; try again in a minute" in await in_channel(installed)


# Many workspaces

MANY = {
    "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, "encryption_keys": KEY, "signing_secret": "secret",
}  # fmt: skip


async def has_installed(installed: Patient, tenant: str, key: str = KEY) -> None:
    tokens = Vault([key]).seal(tenant, Tokens(f"xoxb-{tenant}"))
    row = Installation(tenant, f"{tenant} schools", "UBOT", "B0", [], tokens, None, NOW)
    await installed.database.write(lambda writing: installations.save(writing, row))
    installed.slack.tokens[f"xoxb-{tenant}"] = tenant


async def test_each_workspace_is_looked_at(installed: Patient) -> None:
    await has_installed(installed, TEAM)
    await has_installed(installed, "T0BIRCH")
    installed.slack.removes("T0BIRCH")
    told = await installed.told("https://bot.example.org", **MANY)
    assert told[0].startswith("NO Slack: T0BIRCH schools: Slack does not accept the bot token")
    assert told[1:] == WELL


async def test_before_anybody_has_installed_it(installed: Patient) -> None:
    told = await installed.told("https://bot.example.org", **MANY)
    assert told[0] == "ok Slack: no workspace has installed the app yet. Its people begin at /slack/install"


async def test_tokens_of_a_lost_key(installed: Patient) -> None:
    await has_installed(installed, TEAM, Fernet.generate_key().decode())
    told = await installed.told("https://bot.example.org", **MANY)
    assert "can't be read with PARTNERSHIP_SLACK__ENCRYPTION_KEYS" in told[0]
