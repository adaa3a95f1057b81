"""Nobody waits for a queue, a pause or a crash: real processes, and a Slack that enforces its limits."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.slack.limited_slack import standing
from tests.slack.rush import Waited, answers, channel, served, set_up, user

TENANT = "T0RUSH"
PRIYA = user(TENANT, 0)


async def test_leaders_answer_while_invitations_go_out(tmp_path: Path) -> None:
    """Eighty are invited, and Slack takes five messages a second: less than two seconds of them overtake an answer."""
    url, waited = f"sqlite:///{tmp_path / 'rush.db'}", Waited()
    set_up(url, {TENANT: 80})
    async with standing() as (slack, api), served(url, api) as bot:
        await slack.until(lambda: len(slack.arrived) > 5)
        leaders = [user(TENANT, number) for number in range(79, 73, -1)]
        await asyncio.gather(*(answers(bot, slack, TENANT, each, ["start", "3", "2"], waited) for each in leaders))
        invited = {each.channel for each in slack.arrived if each.key.startswith("nudge")}
    assert max(waited.overtaken) < 2 * 5 + len(leaders)
    assert len(invited) < 80, "the rush was not over"
    assert slack.limits.refused == []


async def test_an_answer_comes_when_a_pause_is_over_and_not_with_the_next_minute(tmp_path: Path) -> None:
    url, waited = f"sqlite:///{tmp_path / 'pause.db'}", Waited()
    set_up(url, {TENANT: 4})
    async with standing() as (slack, api), served(url, api) as bot:
        await slack.until(lambda: len(slack.arrived) == 4)
        slack.pauses[TENANT, "chat.postMessage"] = 3
        await asyncio.wait_for(answers(bot, slack, TENANT, PRIYA, ["start"], waited), 20)
    assert [each.key for each in slack.sent_to(channel(PRIYA))][1:] == ["card:1:1.1"]


async def test_after_a_kill_in_the_middle_of_a_send_the_answer_comes_soon(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'kill.db'}"
    set_up(url, {TENANT: 4})
    async with standing() as (slack, api):
        async with served(url, api) as bot:
            await slack.until(lambda: len(slack.arrived) == 4)
            slack.holds.add(channel(PRIYA))
            await bot.hears(TENANT, PRIYA, "start")
            await slack.until(lambda: bool(slack.held))
            await bot.killed()
        slack.holds.clear()
        async with served(url, api, epoch=bot.epoch):
            await slack.until(lambda: len(slack.sent_to(channel(PRIYA))) == 2, seconds=20)
    assert [each.key for each in slack.arrived][4:] == ["card:1:1.1"]


async def test_a_reminder_that_was_only_queued_when_the_bot_was_killed_is_sent(tmp_path: Path) -> None:
    """Of eight invitations, four are on their way and Slack keeps them waiting: only those may have arrived."""
    url = f"sqlite:///{tmp_path / 'queued.db'}"
    set_up(url, {TENANT: 8})
    async with standing() as (slack, api):
        slack.holds.update(channel(user(TENANT, number)) for number in range(8))
        async with served(url, api) as bot:
            await slack.until(lambda: len(slack.held) == 4)
            await bot.killed()
        on_their_way, slack.holds = slack.held, set()
        async with served(url, api, epoch=bot.epoch):
            await slack.until(lambda: len(slack.arrived) == 4)
    assert len({each.channel for each in slack.arrived} - on_their_way) == 4, "the others, each of them once"
