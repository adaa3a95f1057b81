"""An edit of a card never carries less than the last answer to a press on it showed."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from shutil import copy
from typing import Any, Final, TypeAlias

import pytest
from aiohttp import web

from scheduler import delivery as deliveries
from tests.contract.stage import Clock
from tests.support.faults import Fault
from tests.support.passing_time import Time
from tests.teams import activities
from tests.teams.activities import CHANNEL, TEAM
from tests.teams.adaptive_cards import pressable, seen
from tests.teams.playing_teams import PlayedTeams, Posted, playing
from tests.teams.teams_world import PEOPLE, TeamsWorld, bot_in, member

Json: TypeAlias = dict[str, Any]

PRIYA: Final = member("priya")
SCALE: Final = 10
"""Everything is so many times as fast as it would be."""
AN_EDIT: Final = 0.4
"""Seconds that an edit takes."""
TAPS: Final = 36
LABELS: Final = ("Our school: 3 Established", "Our partnership: 3 Established")
ROWS: Final = 4
"""On each card: two questions, about our school and our partnership."""


@dataclass
class WatchedTeams(PlayedTeams):
    """It notes which edits take something back from whoever pressed."""

    shown: dict[str, Json] = field(default_factory=dict)
    """The last answer to a press on each card."""
    taken_back: list[tuple[int, int]] = field(default_factory=list)
    """The answered rows in such an edit, and in the answer before it."""
    edit_has_begun: asyncio.Event = field(default_factory=asyncio.Event)

    async def update(self, request: web.Request) -> web.StreamResponse:
        self.edit_has_begun.set()
        return await super().update(request)

    def _update(self, where: str, message: str, activity: Json) -> Json | Fault:
        rows, shown = answered_rows(Posted(message, activity).card), answered_rows(self.shown.get(message))
        if rows < shown:
            self.taken_back.append((rows, shown))
        return super()._update(where, message, activity)


def answered_rows(card: Json | None) -> int:
    return 0 if card is None else len(re.findall(r"(?:Our school|Our partnership): \d", seen(card)))


@asynccontextmanager
async def processes(stage: Path, folder: Path, number: int) -> AsyncIterator[tuple[WatchedTeams, list[TeamsWorld]]]:
    """Processes of the bot on one database; the first sends whatever is due."""
    teams, url, clock = WatchedTeams(), f"sqlite:///{copy(stage, folder)}", Clock()
    async with playing(teams), AsyncExitStack() as stack:
        for place in (CHANNEL, TEAM):
            teams.has_talk(place, *map(member, PEOPLE))
        worlds = [await stack.enter_async_context(bot_in(teams, url, Time(), clock)) for _ in range(number)]
        for each in worlds:
            each.door._pause = pause
        await worlds[0].types(PRIYA, "start")
        teams.takes["update"] = AN_EDIT / SCALE
        running = [asyncio.create_task(passing(clock)), asyncio.create_task(worlds[0].delivery.run())]
        yield teams, worlds
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
    assert teams.wrong == []


async def passing(clock: Clock) -> None:
    before = time.monotonic()
    while True:
        await asyncio.sleep(0.005)
        now = time.monotonic()
        clock.later(timedelta(seconds=SCALE * (now - before)))
        before = now


async def pause(seconds: float) -> None:
    await asyncio.sleep(seconds / SCALE)


async def tap(teams: WatchedTeams, world: TeamsWorld) -> None:
    """Answer the next row of the card that was posted last, once there is one to be answered."""
    if answered_rows(teams.shown.get(world.own(PRIYA)[-1].id)) == ROWS:
        await asyncio.wait_for(teams.message_was_seen.wait(), 10)
    posted = world.own(PRIYA)[-1]
    card = teams.shown.get(posted.id) or posted.card or {}
    label = LABELS[answered_rows(card) % 2]
    data = next(each for each in pressable(card) if each["title"] == label)["data"]
    teams.message_was_seen.clear()
    pressed = activities.executed(PRIYA, data, posted.id, world.now, teams.service_url)
    response = await world.http.post(
        "/api/messages", content=json.dumps(pressed), headers={"Authorization": f"Bearer {world.token()}"}
    )
    teams.shown[posted.id] = response.json()["value"]


@pytest.fixture(autouse=True)
def quick_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deliveries, "LOOKS_EVERY", deliveries.LOOKS_EVERY / SCALE)


async def test_quick_taps_never_see_an_older_state(stage: Path, tmp_path: Path) -> None:
    """36 taps 1.3 s apart, while an edit takes 0.4 s."""
    async with processes(stage, tmp_path, 1) as (teams, (world,)):
        for _ in range(TAPS):
            await asyncio.gather(tap(teams, world), pause(1.3))
        assert teams.taken_back == []


@pytest.mark.parametrize("number", [1, 2])
async def test_a_tap_during_an_edit_is_answered_when_that_has_ended(stage: Path, tmp_path: Path, number: int) -> None:
    """In the process that makes the edit, and in another."""
    async with processes(stage, tmp_path, number) as (teams, worlds):
        await tap(teams, worlds[-1])
        await asyncio.wait_for(teams.edit_has_begun.wait(), 10)
        await tap(teams, worlds[-1])
        assert [each.edits for each in worlds[-1].own(PRIYA)] == [1]
        assert teams.taken_back == []
