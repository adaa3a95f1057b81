"""Many schools at once: invitations go out under a Slack that enforces its limits, and meanwhile leaders answer.

The bot is served by real processes whose clocks go on.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Final

import httpx
import yaml
from cryptography.fernet import Fernet
from sqlalchemy import Connection, update

from core.partnership_file import read_partnership
from core.services import cycles
from core.services.importing import import_partnership
from core.storage import tables
from core.storage.database import Database
from core.storage.frameworks import FrameworkShelf
from integrations.slack import installations
from integrations.slack.installations import Installation
from integrations.slack.vault import Tokens, Vault
from tests.slack.block_kit import ROOT
from tests.slack.limited_slack import LimitedSlack
from tests.slack.requests import SECRET, Request, as_json, event, message
from tests.support.days import CLOSES, london

INVITED: Final = london("2027-06-22 15:46")
"""A minute after the invitations of a cycle that opened that day are due."""
OPENED: Final = london("2027-06-22 08:00")
SCHOOLS_OF_ONE: Final = 40
"""Partnership."""
KEY: Final = Fernet.generate_key().decode()
_SUMMER: Final = {"terms": [{"name": "Summer", "starts": "2027-04-12", "ends": "2027-07-21"}]}


# Who there is


def set_up(url: str, leaders: Mapping[str, int], of_a_school: int = 1) -> None:
    """So many leaders in each of these workspaces, and of each school; a cycle has opened this morning."""
    database = Database(url)
    database.upgrade()
    database.write_now(partial(_bring_in, leaders=leaders, of_a_school=of_a_school))
    database.close()


def _bring_in(connection: Connection, leaders: Mapping[str, int], of_a_school: int) -> None:
    shelf, vault = FrameworkShelf(), Vault([KEY])
    together = SCHOOLS_OF_ONE * of_a_school
    for tenant, number in leaders.items():
        tokens = vault.seal(tenant, Tokens(f"xoxb-{tenant}"))
        installed = Installation(tenant, tenant, "U0BOT", "B0BOT", [], tokens, None, OPENED)
        installations.save(connection, installed)
        for first in range(0, number, together):
            users = [user(tenant, each) for each in range(first, min(number, first + together))]
            written = _file(f"{tenant.lower()}-{first}", tenant, users, of_a_school)
            file = yaml.safe_dump(written, sort_keys=False).encode()
            import_partnership(connection, shelf, read_partnership(file, ["slack"]), OPENED)
            cycles.open_cycle(connection, shelf, f"{tenant.lower()}-{first}", "Summer 2027", CLOSES, None, OPENED)
    account = tables.Account.__table__
    connection.execute(update(account).values(conversation=account.c.user))


def _file(name: str, tenant: str, users: Sequence[str], of_a_school: int) -> dict[str, object]:
    schools = [users[first : first + of_a_school] for first in range(0, len(users), of_a_school)]
    return {
        "partnership": {"id": name, "name": f"Partnership {name}", "nation": "england"},
        "schools": [
            {
                "id": f"s-{heads[0].lower()}", "name": f"School {heads[0]}",
                "leaders": [f"p-{each.lower()}" for each in heads],
            }
            for heads in schools
        ],
        "people": [
            {
                "id": f"p-{each.lower()}", "name": f"Head of {each}",
                "accounts": [{"platform": "slack", "tenant": tenant, "user": each}],
            }
            for each in users
        ],
        "leads": [f"p-{users[0].lower()}"],
        "calendar": _SUMMER,
    }  # fmt: skip


def user(tenant: str, number: int) -> str:
    return f"U{tenant.removeprefix('T')}H{number}"


def channel(who: str) -> str:
    return f"D{who.removeprefix('U')}"


def typed(tenant: str, who: str, text: str, now: datetime) -> Request:
    told = event(message(who, text, now), team=tenant)
    told["authorizations"] = [{"enterprise_id": None, "team_id": tenant, "user_id": "U0BOT", "is_bot": True}]
    told["event"] |= {"team": tenant}
    return as_json(told, now)


# The bot


@dataclass
class Bot:
    """A process of the bot, with a clock that went on since the first was started."""

    process: Process
    http: httpx.AsyncClient
    epoch: float

    @property
    def now(self) -> datetime:
        return INVITED + timedelta(seconds=time.time() - self.epoch)

    async def hears(self, tenant: str, who: str, text: str) -> None:
        """A leader types something; returns once it is acknowledged."""
        assert await self.takes(typed(tenant, who, text, self.now))

    async def takes(self, request: Request) -> bool:
        """Whether it acknowledged what Slack sent."""
        answer = await self.http.post("/slack/events", content=request.body, headers=request.headers)
        return answer.status_code == 200

    async def killed(self) -> None:
        self.process.kill()
        await self.process.wait()


@asynccontextmanager
async def served(url: str, api: str, *, role: str = "all", epoch: float | None = None) -> AsyncIterator[Bot]:
    since = time.time() if epoch is None else epoch
    settings = {
        "PARTNERSHIP_DATABASE_URL": url,
        "PARTNERSHIP_ROLE": role,
        "PARTNERSHIP_PUBLIC_URL": "https://bot.schools.example",
        "PARTNERSHIP_SLACK__API_URL": api,
        "PARTNERSHIP_SLACK__CLIENT_ID": "12345.67890",
        "PARTNERSHIP_SLACK__CLIENT_SECRET": "client-secret",
        "PARTNERSHIP_SLACK__SIGNING_SECRET": SECRET,
        "PARTNERSHIP_SLACK__ENCRYPTION_KEYS": KEY,
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.slack.replica", INVITED.isoformat(), str(since),
        stdin=PIPE, stdout=PIPE, cwd=ROOT, env=os.environ | settings,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        address = (await asyncio.wait_for(process.stdout.readline(), 60)).decode().strip()
        async with httpx.AsyncClient(base_url=address, timeout=30) as http:
            yield Bot(process, http, since)
    finally:
        if process.returncode is None:
            assert process.stdin is not None
            process.stdin.close()
            await asyncio.wait_for(process.communicate(), 60)


# Leaders


@dataclass
class Waited:
    """What became of the presses of some leaders."""

    seconds: list[float] = field(default_factory=list)
    """From each until the next question is there."""
    overtaken: list[int] = field(default_factory=list)
    """How many other messages Slack took meanwhile."""


async def answers(
    bot: Bot, slack: LimitedSlack, tenant: str, who: str, texts: Sequence[str], waited: Waited, thinks: float = 0.3
) -> None:
    """A leader types, waits for what comes of it, thinks, and types again."""
    for text in texts:
        begun, before = time.monotonic(), len(slack.arrived)
        await bot.hears(tenant, who, text)
        first = await slack.next_in(channel(who), before)
        waited.seconds.append(slack.arrived[first].at - begun)
        waited.overtaken.append(first - before)
        await asyncio.sleep(thinks)
