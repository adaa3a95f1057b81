"""A played Slack, and the bot's port to it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from integrations.slack.client import SlackChat
from integrations.slack.connection import Connection
from integrations.slack.pacing import Pacer
from integrations.slack.workspaces import OneWorkspace
from tests.slack.playing_slack import TOKEN, PlayedSlack, playing
from tests.support.passing_time import Time as Time


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
async def slack(time: Time) -> AsyncIterator[PlayedSlack]:
    """Nothing that it took may come alive, or be unknown to Slack's own description."""
    played = PlayedSlack(seconds=time.seconds)
    async with playing(played):
        yield played
    assert played.wrong == []


@pytest.fixture
async def chat(slack: PlayedSlack, time: Time) -> AsyncIterator[SlackChat]:
    connection = Connection(f"{slack.base}/api/", Pacer(time.seconds, time.pause))
    yield SlackChat(OneWorkspace(TOKEN), connection, time.pause)
    await connection.close()
