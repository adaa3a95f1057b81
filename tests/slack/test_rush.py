"""Nobody waits for a queue, a pause or a crash: real processes, and a Slack that enforces its limits."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.slack.limited_slack import standing
from tests.slack.rush import Waited, answers, channel, served, set_up, user

TENANT = "T0RUSH"


async def test_leaders_answer_while_invitations_go_out_and_when_a_pause_is_over(tmp_path: Path) -> None:
    """Eighty are invited, and Slack takes five messages a second: less than two seconds of them overtake an answer.

    Then Slack wants a pause of three seconds: the answer comes when it is over, and not with the next minute.
    """
    url, waited = f"sqlite:///{tmp_path / 'rush.db'}", Waited()
    set_up(url, {TENANT: 80})
    async with standing() as (slack, api), served(url, api) as bot:
        await slack.until(lambda: len(slack.arrived) > 5)
        leaders = [user(TENANT, number) for number in range(79, 73, -1)]
        await asyncio.gather(*(answers(bot, slack, TENANT, each, ["start", "3", "2"], waited) for each in leaders))
        invited = {each.channel for each in slack.arrived if each.key.startswith("nudge")}
        slack.pauses[TENANT, "chat.postMessage"] = 3
        await asyncio.wait_for(answers(bot, slack, TENANT, leaders[0], ["3"], Waited()), 20)
    assert max(waited.overtaken) < 2 * 5 + len(leaders)
    assert len(invited) < 80, "the rush was not over"
    assert slack.limits.refused == []


async def test_after_a_kill_everything_comes_but_what_may_have_arrived(tmp_path: Path) -> None:
    """Slack keeps four of eight invitations waiting, and the answer to somebody who needs no other. The bot is killed.

    The answer comes again, for it may be shown twice; so do the three invitations that nobody had called Slack with.
    """
    url = f"sqlite:///{tmp_path / 'kill.db'}"
    set_up(url, {TENANT: 8})
    async with standing() as (slack, api):
        slack.holds.update(channel(user(TENANT, number)) for number in range(8))
        async with served(url, api) as bot:
            await slack.until(lambda: len(slack.held) == 4)
            on_their_way = frozenset(slack.held)
            priya = next(
                each for each in (user(TENANT, number) for number in range(8)) if channel(each) not in on_their_way
            )
            await bot.hears(TENANT, priya, "start")
            await slack.until(lambda: len(slack.held) == 5)
            await bot.killed()
        slack.holds.clear()
        async with served(url, api, epoch=bot.epoch):
            await slack.until(lambda: len(slack.arrived) == 4)
    assert [each.key for each in slack.sent_to(channel(priya))] == ["card:1:1.1"]
    assert len({each.channel for each in slack.arrived} - on_their_way) == 4, "the others, each of them once"
