"""``doctor`` about Slack: what is missing or wrong, each in a sentence that says what to do."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import Connection as Transaction
from sqlalchemy import Executable, delete, insert, update

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
        self.asks = True

    async def told(self, public_url: str | None = None, **given: str) -> list[str]:
        """What the doctor says, with these settings."""
        secrets = given or {"bot_token": TOKEN, "signing_secret": "secret"}
        in_slack = SlackSettings.model_validate(secrets | {"api_url": self.api})
        settings = Settings(slack=in_slack, public_url=public_url)
        return [
            f"{'ok' if each.well else 'NO'} {each.words}"
            for each in await check_up(settings, self.database, lambda: NOW, ask=self.asks)
        ]

    async def changes(self, statement: Executable) -> None:
        await self.database.write(lambda writing: writing.execute(statement) and None)

    async def has_channels(self, *channels: str) -> None:
        """Let these be the channels of River, and the bot be in all of them."""
        await self.changes(delete(tables.Channel))
        for each in channels:
            self.slack.has_channel(each)
            row = {"partnership_id": "river", "platform": "slack", "tenant": TEAM, "conversation": each}
            await self.changes(insert(tables.Channel).values(row | {"language": "en"}))


@pytest.fixture
async def installed(tmp_path: Path, upgraded_file: Path) -> AsyncIterator[Patient]:
    """All is well."""
    database = Database(f"sqlite:///{shutil.copy(upgraded_file, tmp_path / 'test.db')}")
    slack = InstalledSlack(tokens={TOKEN: TEAM})
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
    assert set(installed.slack.called()) == {"auth.test", "users.conversations"}


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
    await installed.has_channels("G0RIVER")
    line = await in_channel(installed)
    assert line.startswith("ok Slack: ")
    assert "is private" in line


async def test_a_workspace_that_is_another_one(installed: Patient) -> None:
    await installed.changes(update(tables.Channel).values(tenant="T0X"))
    assert "the bot is not in the workspace T0X. Check its id" in await in_channel(installed)


async def test_a_pause_is_a_pause(installed: Patient) -> None:
    installed.slack.next_calls("users.conversations", RATE_LIMITED)
    assert "asks for a pause; try again in a minute" in await in_channel(installed)


async def test_a_private_channel_that_the_app_may_look_at_is_like_any_other(installed: Patient) -> None:
    installed.slack.scopes.add("groups:read")
    await installed.has_channels("G0RIVER")
    assert await in_channel(installed) == "ok Slack: the bot is in the channel G0RIVER of river."


async def test_two_hundred_channels_of_a_workspace_are_one_page(installed: Patient) -> None:
    await installed.has_channels(*(f"C{number:03}" for number in range(200)))
    told = await installed.told()
    assert len([each for each in told if each.startswith("ok Slack: the bot is in the channel")]) == 200
    assert installed.slack.called() == ["auth.test", "auth.test", "users.conversations"]


async def test_every_page_is_read(installed: Patient) -> None:
    installed.slack.channels_on_a_page = 2
    await installed.has_channels("C1", "C2", "C3", "C4", "C5")
    told = await installed.told()
    assert [each[:2] for each in told[1:6]] == ["ok"] * 5
    assert installed.slack.called("users.conversations", "conversations.info") == ["users.conversations"] * 3


async def test_of_many_that_the_bot_is_not_in_ten_are_asked_about(installed: Patient) -> None:
    await installed.has_channels(*(f"C{number:02}" for number in range(12)))
    for each in installed.slack.channels.values():
        each.bot_is_in, each.archived = False, True
    installed.slack.scopes.add("groups:read")
    told = (await installed.told())[1:13]
    assert [("is archived" in each, "the bot is not in" in each) for each in told] == [(True, False)] * 10 + [
        (False, True)
    ] * 2
    assert len(installed.slack.called("conversations.info")) == 10


# What is stored


async def test_where_slack_is_not_to_be_asked_it_is_not(installed: Patient) -> None:
    installed.asks = False
    assert await installed.told() == WELL[2:]
    assert installed.slack.called() == []


async def test_a_setting_that_is_wrong_is_told_without_asking(installed: Patient) -> None:
    installed.asks = False
    told = await installed.told(bot_token="xoxp-1", signing_secret="s")
    assert told[0].startswith("NO Slack: PARTNERSHIP_SLACK__BOT_TOKEN is another kind of token")


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


@pytest.mark.parametrize(
    ("workspace", "organisation", "words"),
    [
        pytest.param("T0OTHER", None, "the bot is not in the workspace T0SCHOOLS.", id="another workspace"),
        pytest.param("T0OTHER", "E0TRUST", None, id="only Slack knows which workspaces an organisation has"),
        pytest.param(TEAM, None, None, id="this workspace"),
    ],
)
async def test_a_workspace_that_never_installed_it_is_told_without_asking(
    installed: Patient, workspace: str, organisation: str | None, words: str | None
) -> None:
    installed.asks = False
    for each in filter(None, (workspace, organisation)):
        await has_installed(installed, each)
    told = await installed.told("https://bot.example.org", **MANY)
    assert [each for each in told if each.startswith("NO")] == ([] if words is None else [told[0]])
    assert words is None or words in told[0]
    assert installed.slack.called() == []


async def test_tokens_of_a_lost_key_are_told_without_asking(installed: Patient) -> None:
    installed.asks = False
    await has_installed(installed, TEAM, Fernet.generate_key().decode())
    told = await installed.told("https://bot.example.org", **MANY)
    assert "can't be read with PARTNERSHIP_SLACK__ENCRYPTION_KEYS" in told[0]


async def test_each_workspace_costs_one_page(installed: Patient) -> None:
    await installed.changes(delete(tables.Channel))
    for number in range(20):
        tenant = f"T{number:02}"
        await has_installed(installed, tenant)
        installed.slack.has_channel(f"C{number:02}")
        row = {"partnership_id": "river", "platform": "slack", "tenant": tenant, "conversation": f"C{number:02}"}
        await installed.changes(insert(tables.Channel).values(row | {"language": "en"}))
    told = await installed.told("https://bot.example.org", **MANY)
    assert not any(each.startswith("NO") for each in told)
    assert Counter(installed.slack.called()) == {"auth.test": 20, "users.conversations": 20}
