"""Joining by a code that is typed to the bot, and one person with accounts in Slack and in Teams."""

from __future__ import annotations

from datetime import timedelta

from bot.inbound.events import Account, Conversation, Incoming, Kind, Typed
from bot.turn.handle import handle
from core.services import linking
from core.storage.frameworks import FrameworkShelf
from tests.slack.school_world import RIVER, SlackWorld

TENANT = "contoso"
IN_TEAMS = Account("teams", TENANT, "29:priya")
WITH_THE_BOT = Conversation("teams", TENANT, "a:priya", Kind.DIRECT)


async def code_for(world: SlackWorld, person: str) -> str:
    return (await world.database.write(lambda writing: linking.new_code(writing, person, world.now))).text


async def types_in_teams(world: SlackWorld, *texts: str) -> None:
    for text in texts:
        event = Incoming(f"teams:{text}", world.now, IN_TEAMS, WITH_THE_BOT, Typed(text))
        await handle(world.database, FrameworkShelf(), event, world.now)


async def test_a_stranger_types_their_code_and_is_invited(world: SlackWorld) -> None:
    await world.types("alex", "hello")
    assert "If you were given a code, send it to me in a direct message." in world.own("alex")[-1].text

    await world.types("alex", f"  {(await code_for(world, 'priya')).lower()} ")

    thanks, invitation = world.own("alex")[-2:]
    assert thanks.text.startswith("Thank you. From now on I know you here.")
    assert "Hello Priya Nair." in invitation.text


async def test_it_may_follow_the_bots_command_but_not_where_others_read_it(world: SlackWorld) -> None:
    code = await code_for(world, "priya")
    await world.commands("alex", "/partnership", code, channel=RIVER)
    assert "From now on I know you" not in str([each.text for each in world.in_channel("alex")])

    await world.commands("alex", "/partnership", code, channel="D0ALEX")

    assert "From now on I know you here." in world.own("alex")[-2].text


async def test_a_code_works_once_and_for_a_week(world: SlackWorld) -> None:
    used, late = await code_for(world, "priya"), await code_for(world, "tom")
    await world.types("alex", used)
    await world.types("bo", used)
    assert "That code has been used" in world.own("bo")[-1].text
    world.clock.later(timedelta(days=8))
    await world.types("bo", late)
    assert "That code is too old by now" in world.own("bo")[-1].text


async def test_what_was_answered_in_teams_is_there_in_slack_and_goes_on(world: SlackWorld) -> None:
    await types_in_teams(world, await code_for(world, "priya"), "start", "3 2")

    await world.types("priya", "resume")

    question = world.own("priya")[-1].text
    assert "1 of 18 answered" in question
    assert "Shared goals: Our school: 3 Established · Our partnership: 2 Building" in question


async def test_what_was_answered_in_slack_is_there_in_teams(world: SlackWorld) -> None:
    await world.types("priya", "start")
    await world.types("priya", "4 1")
    await types_in_teams(world, await code_for(world, "priya"), "back", "2")

    await world.types("priya", "review")

    told = "1 Shared purpose: Our school 2 (1 without an answer) · Our partnership 1 (1 without an answer)"
    assert told in world.own("priya")[-1].text
