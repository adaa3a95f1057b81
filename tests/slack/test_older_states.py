"""In Slack a press is answered by the edit itself: of a conversation's edits none carries less than one before it."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, field
from pathlib import Path
from shutil import copy
from typing import Any, Final, TypeAlias

from aiohttp import web

from tests.slack.playing_slack import PlayedSlack, Posted
from tests.slack.requests import interaction, press
from tests.slack.school_world import SlackWorld, buttons, direct, slack_world, user

Json: TypeAlias = dict[str, Any]

AN_EDIT: Final = 0.04
"""Seconds that an edit takes, and that a leader needs to press again: a tenth of the real ones."""
A_TAP: Final = 0.13
TAPS: Final = 12


@dataclass
class SlowSlack(PlayedSlack):
    rows: dict[str, list[int]] = field(default_factory=dict)
    """The answered rows that each card has shown, one version after another."""

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        if request.match_info["method"] == "chat.update":
            await asyncio.sleep(AN_EDIT)
        return await super()._answer(request)

    def _chat_update(self, arguments: Json) -> Json:
        told = super()._chat_update(arguments)
        (posted,) = (each for each in self.direct(user("priya")).messages if each.ts == arguments["ts"])
        self.rows.setdefault(posted.ts, []).append(answered_rows(posted))
        return told


def answered_rows(posted: Posted) -> int:
    pressed = [each for each in buttons(posted) if each.get("style") == "primary"]
    whole = re.search(r"(\d+) of 18 answered", posted.text)
    return 2 * int(whole[1]) + len(pressed) if whole else 18 * 2


async def tap(world: SlackWorld, number: int) -> None:
    """Answer the next row of the card that is open, as it is shown; nobody waits for what comes of it."""
    await world.slack.until(lambda: answered_rows(world.own("priya")[-1]) == number)
    posted = world.own("priya")[-1]
    button = [each for each in buttons(posted) if each["text"]["text"].endswith("3 Established")][number % 2]
    world.clock.later()
    payload = press(
        user("priya"), direct("priya"), button["value"], world.now, action_id=button["action_id"], ts=posted.ts
    )
    request = interaction(payload, world.now)
    headers = [(name.encode(), value.encode("latin-1")) for name, value in request.headers.items()]
    assert (await world.http.post("/slack/events", content=request.body, headers=headers)).status_code == 200


async def test_quick_taps_never_see_an_older_state(furniture: Path, tmp_path: Path) -> None:
    slack = SlowSlack()
    async with slack_world(Path(copy(furniture, tmp_path)), slack=slack) as world:
        await world.types("priya", "start")
        for number in range(TAPS):
            await asyncio.gather(tap(world, number), asyncio.sleep(A_TAP))
        await world.door.finish()
    assert sum(map(len, slack.rows.values())) >= TAPS
    assert [rows for rows in slack.rows.values() if rows != sorted(rows)] == []
