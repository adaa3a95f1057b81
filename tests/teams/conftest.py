"""A played Teams, and the bot's port to it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from shutil import copy

import httpx
import pytest

from tests.support.passing_time import Time
from tests.teams.playing_teams import PlayedTeams, playing
from tests.teams.teams_world import TeamsWorld, furnished, teams_world


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
async def teams(time: Time) -> AsyncIterator[PlayedTeams]:
    """Nothing that it took may come alive, or be unknown to the cards' own description."""
    async with playing(PlayedTeams(seconds=time.seconds)) as played:
        yield played
    assert played.wrong == []


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False, timeout=20) as client:
        yield client


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return furnished(tmp_path_factory.mktemp("teams") / "stage.db")


@pytest.fixture
async def world(stage: Path, tmp_path: Path) -> AsyncIterator[TeamsWorld]:
    """Willow Valley in Teams; nobody has talked with the bot yet."""
    async with teams_world(Path(copy(stage, tmp_path))) as opened:
        yield opened
