"""A played Slack, the bot's port to it, and all of the bot as it is served there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from shutil import copy

import pytest

from integrations.slack.client import SlackChat
from integrations.slack.connection import Connection
from integrations.slack.pacing import SlackPacer
from integrations.slack.workspaces import OneWorkspace
from tests.slack.playing_slack import TOKEN, PlayedSlack, playing
from tests.slack.school_world import SlackWorld, furnished, slack_world
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
    connection = Connection(f"{slack.base}/api/", SlackPacer(time.seconds, time.pause))
    yield SlackChat(OneWorkspace(TOKEN), connection, time.pause)
    await connection.close()


@pytest.fixture(scope="session")
def furniture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with Willow Valley in it, to be copied."""
    return furnished(tmp_path_factory.mktemp("slack") / "stage.db")


@pytest.fixture
async def world(furniture: Path, tmp_path: Path) -> AsyncIterator[SlackWorld]:
    async with slack_world(Path(copy(furniture, tmp_path))) as opened:
        yield opened
