"""``link`` and ``find-people``: who is who on a chat platform."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from functools import partial

from sqlalchemy import Connection, select

from bot.messages.languages import words_of
from bot.platform import Doubtful, Gone, NotNow, NotSent
from core.services import linking, people
from core.storage import tables
from core.storage.database import Database
from integrations.commands.environment import house_of_settings
from integrations.commands.output import CannotBeDone, say, settings
from integrations.runtime import real_time
from integrations.slack.connection import in_our_words
from integrations.slack.joining import Found, find_people
from integrations.slack.parse import PLATFORM as SLACK
from integrations.slack.setup import Slack, slack_of
from integrations.slack.workspaces import OneWorkspace
from integrations.teams.joining import Found as FoundInTeams
from integrations.teams.parse import PLATFORM as TEAMS
from integrations.teams.setup import Teams, teams_of


def link(person: str, days: int) -> None:
    """Raises ``CannotBeDone``."""
    with house_of_settings() as house:
        try:
            code, name = house.database.write_now(lambda writing: _code(writing, person, days))
        except LookupError:
            raise CannotBeDone(f"There is no person {person}. Their id is the one in the partnership's file.") from None
    when = f"{words_of('en').day(code.valid_until)} at {words_of('en').time(code.valid_until)}"
    say(
        f"The code for {name}: {code.text}",
        f"Give it to them alone. Sent to the bot in a direct message, it works once, until {when}.",
    )


def _code(writing: Connection, person: str, days: int) -> tuple[linking.Code, str]:
    code = linking.new_code(writing, person, real_time(), days)
    return code, writing.execute(select(tables.Person.name).where(tables.Person.id == person)).scalar_one()


def find() -> None:
    """Look up in Slack and in Teams all who have no account there yet. Raises ``CannotBeDone``."""
    found = settings()
    with house_of_settings() as house:
        slack, teams = slack_of(found, house.database, real_time), teams_of(found, house.database, real_time)
        if slack is None and teams is None:
            raise CannotBeDone(
                "Neither Slack nor Teams is set up, so nobody can be looked up. See docs/slack.md or docs/teams.md"
            )
        _each_in_turn(
            *() if slack is None else (partial(_look_up_in_slack, slack, house.database),),
            *() if teams is None else (partial(_look_up_in_teams, teams, house.database),),
        )


def _each_in_turn(*looks: Callable[[], None]) -> None:
    """What is wrong with one platform keeps nobody from being found on the other."""
    troubles = []
    for look in looks:
        try:
            look()
        except CannotBeDone as trouble:
            troubles.append(str(trouble))
    if troubles:
        raise CannotBeDone("\n".join(troubles))


def _look_up_in_slack(slack: Slack, database: Database) -> None:
    asyncio.run(_find(slack, database, _tenants(database, SLACK, "Slack")))


def _look_up_in_teams(teams: Teams, database: Database) -> None:
    asyncio.run(_find_in_teams(teams, _tenants(database, TEAMS, "Teams")))


def _tenants(database: Database, platform: str, name: str) -> list[str]:
    """Where there are partnerships' channels. Raises ``CannotBeDone`` where there are none."""
    channels = database.read_now(lambda reading: people.channels_on(reading, platform))
    if not channels:
        raise CannotBeDone(f"No partnership has a channel in {name} yet. Add it to its file, and import that again.")
    return sorted({each.tenant for each in channels})


async def _find(slack: Slack, database: Database, tenants: Sequence[str]) -> None:
    try:
        with in_our_words():
            if isinstance(slack.workspaces, OneWorkspace):
                await slack.workspaces.learn(slack.connection)
        await say_of_each(tenants, lambda tenant: _in_workspace(slack, database, tenant))
    except (NotNow, NotSent, Doubtful, Gone) as trouble:
        raise CannotBeDone(_in_words(trouble)) from None
    finally:
        await slack.connection.close()


async def say_of_each(tenants: Sequence[str], look: Callable[[str], Awaitable[list[str]]]) -> None:
    """What is wrong in one organisation keeps nobody from being found in the next. Raises ``CannotBeDone`` last."""
    troubles = []
    for tenant in tenants:
        try:
            say(*(f"{tenant}: {line}" for line in await look(tenant)))
        except (NotNow, NotSent, Doubtful, Gone) as trouble:
            troubles.append(f"{tenant}: {_in_words(trouble)}")
    if troubles:
        raise CannotBeDone("\n".join(troubles))


def _in_words(trouble: NotNow | NotSent | Doubtful | Gone) -> str:
    if isinstance(trouble, NotNow):
        return "the platform asks for a pause. Please try again in a few minutes."
    return trouble.reason


async def _in_workspace(slack: Slack, database: Database, tenant: str) -> list[str]:
    if await slack.workspaces.find(tenant) is None:
        return ["the bot is not in this workspace. Check its id in the partnership's file."]
    found = await find_people(database, slack.members, tenant, real_time())
    await database.write(lambda writing: people.open_conversations(writing, SLACK, tenant))
    return list(told(found))


async def _find_in_teams(teams: Teams, tenants: Sequence[str]) -> None:
    async def look(tenant: str) -> list[str]:
        return list(told(await teams.find(tenant)))

    try:
        await say_of_each(tenants, look)
    finally:
        await teams.close()


def told(found: Found | FoundInTeams) -> Iterator[str]:
    yield f"found by their address: {', '.join(found.joined)}." if found.joined else "nobody new was found."
    if found.not_there:
        yield f"not found, or guests there: {', '.join(found.not_there)}."
    if found.without_address:
        yield f"no address in the file, or one that others have too: {', '.join(found.without_address)}."
    if found.not_there or found.without_address:
        yield "each of these can be given a code, such as: partnership-bot link " + min(
            (*found.not_there, *found.without_address)
        )
