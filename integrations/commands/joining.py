"""``link`` and ``find-people``: who is who on a chat platform."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, select

from bot.languages import words_of
from bot.ports import Doubtful, Gone, NotNow, NotSent
from core.services import linking, people
from core.storage import tables
from core.storage.database import Database
from integrations.commands.places import house_of_settings
from integrations.commands.telling import CannotBeDone, say, settings
from integrations.house import real_time
from integrations.slack.connection import in_our_words
from integrations.slack.joining import Found, find_people
from integrations.slack.parse import PLATFORM
from integrations.slack.start import Slack, slack_of
from integrations.slack.workspaces import OneWorkspace


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
    """Look up in Slack all who have no account there yet. Raises ``CannotBeDone``."""
    found = settings()
    with house_of_settings() as house:
        slack = slack_of(found, house.database, real_time)
        if slack is None:
            raise CannotBeDone("Slack is not set up, so nobody can be looked up there. See docs/slack.md")
        tenants = house.database.read_now(_tenants)
        if not tenants:
            raise CannotBeDone("No partnership has a channel in Slack yet. Add it to its file, and import that again.")
        say(*asyncio.run(_find(slack, house.database, tenants)))


def _tenants(reading: Connection) -> list[str]:
    tenant = tables.Channel.tenant
    return list(reading.scalars(select(tenant).where(tables.Channel.platform == PLATFORM).distinct().order_by(tenant)))


async def _find(slack: Slack, database: Database, tenants: Sequence[str]) -> list[str]:
    try:
        with in_our_words():
            if isinstance(slack.workspaces, OneWorkspace):
                await slack.workspaces.learn(slack.connection)
        return [line for tenant in tenants for line in await _in_workspace(slack, database, tenant)]
    except NotNow:
        raise CannotBeDone("Slack asks for a pause. Please try again in a few minutes.") from None
    except (NotSent, Doubtful, Gone) as trouble:
        raise CannotBeDone(trouble.reason) from None
    finally:
        await slack.connection.close()


async def _in_workspace(slack: Slack, database: Database, tenant: str) -> list[str]:
    if await slack.workspaces.find(tenant) is None:
        return [f"{tenant}: the bot is not in this workspace. Check its id in the partnership's file."]
    found = await find_people(database, slack.members, tenant, real_time())
    await database.write(lambda writing: people.open_conversations(writing, PLATFORM, tenant))
    return [f"{tenant}: {line}" for line in told(found)]


def told(found: Found) -> Iterator[str]:
    yield f"found by their address: {', '.join(found.joined)}." if found.joined else "nobody new was found."
    if found.not_there:
        yield f"not found, or guests there: {', '.join(found.not_there)}."
    if found.without_address:
        yield f"no address in the file, or one that others have too: {', '.join(found.without_address)}."
    if found.not_there or found.without_address:
        yield "each of these can be given a code, such as: partnership-bot link " + min(
            (*found.not_there, *found.without_address)
        )
