"""A person's direct messages are opened once, whichever process does it, and however often it starts anew."""

from __future__ import annotations

from pathlib import Path

from bot.inbound.events import Conversation, Kind
from core.storage.database import Database
from integrations.slack.client import SlackChat
from integrations.slack.connection import Connection
from integrations.slack.direct_channels import DirectChannels
from integrations.slack.workspaces import OneWorkspace
from tests.contract.stage import set_up
from tests.slack.playing_slack import TEAM, TOKEN, PlayedSlack, playing
from tests.slack.test_client import HELLO
from tests.support.days import NOW


async def test_another_process_need_not_open_them_again(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'test.db'}"
    set_up(url, "slack", TEAM)
    slack, database = PlayedSlack(), Database(url)
    slack.direct("priya")
    async with playing(slack) as api:
        for _ in range(2):
            workspaces, connection = OneWorkspace(TOKEN), Connection(api)
            await workspaces.learn(connection)
            chat = SlackChat(workspaces, connection, channels=DirectChannels(database, lambda: NOW))
            await chat.post(Conversation("slack", TEAM, "priya", Kind.DIRECT), HELLO)
            await connection.close()
    database.close()
    assert slack.called("conversations.open") == ["conversations.open"]
    assert len(slack.direct("priya").messages) == 2
