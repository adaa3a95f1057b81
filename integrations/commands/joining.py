"""``link`` and ``find-people``: match accounts on a chat platform to people."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from functools import partial

from sqlalchemy import Connection, select

from bot.messages.languages import words_of
from bot.platform import OutcomeUnknown, RateLimited, SendFailed, Unreachable
from core.services import linking, people, sharing
from core.services.file_identity import as_in_files, person_meant
from core.settings import load_settings
from core.storage import tables
from core.storage.database import Database
from integrations.commands.environment import database_of_settings
from integrations.commands.output import CannotBeDone, say
from integrations.platforms import PLATFORMS, Platforms
from integrations.real_time import real_time
from integrations.registration import LivePlatform, LookUp


def link(person: str, days: int) -> None:
    """Raises ``CannotBeDone``."""
    with database_of_settings() as database:
        code, name = database.write_now(lambda writing: _code(writing, person, days))
    when = f"{words_of('en').day(code.valid_until)} at {words_of('en').time(code.valid_until)}"
    say(
        f"The code for {name}: {code.text}",
        f"Give it to them alone. Sent to the bot in a direct message, it works once, until {when}.",
    )


def _code(writing: Connection, written: str, days: int) -> tuple[linking.Code, str]:
    found = person_meant(writing, written)
    if not found:
        raise CannotBeDone(f"There is no person {written}. Their id is the one in the partnership's file.")
    if len(found) > 1:
        each = " or ".join(sorted(as_in_files(writing, found).values()))
        raise CannotBeDone(f"Several partnerships have somebody with this id. Say which, as in: link {each}")
    code = linking.new_code(writing, found[0], real_time(), days)
    return code, writing.execute(select(tables.Person.name).where(tables.Person.id == found[0])).scalar_one()


def split(partnership: str, entry: str) -> None:
    """Raises ``CannotBeDone``."""
    with database_of_settings() as database:
        try:
            parted = database.write_now(lambda writing: sharing.part(writing, partnership, entry))
        except sharing.CannotBeParted as reason:
            raise CannotBeDone(str(reason)) from None
        except LookupError:
            raise CannotBeDone(
                f"{partnership} shares no school or person {entry} with another partnership. Those that it shares are "
                "listed when its file is imported."
            ) from None
    say(f"{parted.name} ({partnership}/{entry}) is this partnership's own now.", *_what_next(parted))


def _what_next(parted: sharing.SharedEntry) -> Iterable[str]:
    if parted.kind == "person":
        yield "Import the files of both again, so that each has its own name and address."
        yield (
            "Their account stays with the other partnership. If it belongs to this one, give them a code: "
            f"partnership-bot link {parted.partnership}/{parted.id}"
        )


def find(platforms: Platforms = PLATFORMS) -> None:
    """Look up on every configured platform everybody who has no account there yet. Raises ``CannotBeDone``."""
    with database_of_settings() as database:
        found = load_settings()
        looks = [
            partial(_look_up, live, database, each.name, each.service.title)
            for each in platforms
            if each.service is not None and (live := each.set_up(found, database, real_time)) is not None
        ]
        if not looks:
            guides = " or ".join(each.service.guide for each in platforms if each.service is not None)
            raise CannotBeDone(f"No chat platform is set up, so nobody can be looked up. See {guides}")
        _each_in_turn(looks)


def _each_in_turn(looks: Iterable[Callable[[], None]]) -> None:
    """A problem with one platform doesn't stop the search on the other."""
    troubles = []
    for look in looks:
        try:
            look()
        except CannotBeDone as trouble:
            troubles.append(str(trouble))
    if troubles:
        raise CannotBeDone("\n".join(troubles))


def _look_up(live: LivePlatform, database: Database, platform: str, title: str) -> None:
    asyncio.run(_look_everywhere(live, _tenants(database, platform, title)))


async def _look_everywhere(live: LivePlatform, tenants: Sequence[str]) -> None:
    try:
        async with live.looking_up() as look:
            await say_of_each(tenants, look)
    except (RateLimited, SendFailed, OutcomeUnknown, Unreachable) as trouble:
        raise CannotBeDone(_in_words(trouble)) from None


def _tenants(database: Database, platform: str, title: str) -> list[str]:
    """The organisations with partnership channels. Raises ``CannotBeDone`` if there are none."""
    channels = database.read_now(lambda reading: people.channels_on(reading, platform))
    if not channels:
        raise CannotBeDone(f"No partnership has a channel in {title} yet. Add it to its file, and import that again.")
    return sorted({each.tenant for each in channels})


async def say_of_each(tenants: Sequence[str], look: LookUp) -> None:
    """A problem in one organisation doesn't stop the search in the next. Raises ``CannotBeDone`` last."""
    troubles = []
    for tenant in tenants:
        try:
            say(*(f"{tenant}: {line}" for line in await look(tenant)))
        except (RateLimited, SendFailed, OutcomeUnknown, Unreachable) as trouble:
            troubles.append(f"{tenant}: {_in_words(trouble)}")
    if troubles:
        raise CannotBeDone("\n".join(troubles))


def _in_words(trouble: RateLimited | SendFailed | OutcomeUnknown | Unreachable) -> str:
    if isinstance(trouble, RateLimited):
        return "the platform asks for a pause. Please try again in a few minutes."
    return trouble.reason
