"""What is measured in Teams: receiving an activity, on its own and with its answer committed."""

from __future__ import annotations

import asyncio
import shutil
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import UTC, datetime
from functools import partial
from itertools import count
from pathlib import Path
from typing import Final

from benchmarks.peer import NoPeer, python_with
from benchmarks.rounds import Rounds, in_turns
from benchmarks.slack import load, processes, tls
from benchmarks.slack.load import Measured
from benchmarks.table import Result, compared, skipped
from benchmarks.teams import leaders, platform, wired
from benchmarks.teams.leaders import LEADERS, Stage
from benchmarks.teams.platform import Platform
from tests.support.world import NOW
from tests.teams.playing_teams import SECRET
from tests.teams.signing import APP_ID, TENANT

_LINES: Final = 32
_ACTIVITIES: Final = 400
_OURS: Final = "benchmarks.teams.ours"
_AGENTS: Final = "benchmarks.peers.agents_empty"
_SDK: Final = "benchmarks.peers.teams_apps_empty"
_PEERS: Final = {"agents": "microsoft-agents-hosting-fastapi", "sdk": "microsoft-teams-apps"}


def activities(home: Path, long: bool) -> Iterator[Result]:
    case, stage = "Teams: an activity", leaders.laid_down(home / "teams")
    context, trusted = tls.certified(home)
    with _teams(context) as (runner, teams), ExitStack() as stack:
        try:
            for peer in ("agents", "teams_apps"):
                python_with(peer)  # The bot fetches keys when it starts, and the platform runs only during a round.
            ports = {
                "ours": stack.enter_context(processes.served(_OURS, "empty", teams.openid_url)),
                "agents": stack.enter_context(processes.served_by_peer("agents", _AGENTS, teams.keys_url, APP_ID)),
                "sdk": stack.enter_context(
                    processes.served_by_peer("teams_apps", _SDK, teams.openid_url, APP_ID, TENANT)
                ),
            }
        except NoPeer as reason:
            yield skipped(case, str(reason))
            return
        numbers = count(1)
        contenders: dict[str, Callable[[], Measured]] = {
            "whole": lambda: _whole(runner, home / f"teams-{next(numbers)}", stage, teams, trusted)
        }
        for name, port in ports.items():
            contenders[name] = partial(_round, runner, port, wired.hellos)
            contenders[f"{name} anew"] = partial(_round, runner, port, wired.strangers)
        found = in_turns(15 if long else 9, contenders)
    measured = Rounds({name: tuple(each.a_turn for each in rounds) for name, rounds in found.items()})
    for name, peer in _PEERS.items():
        yield compared(f"{case}, {_LINES} connections", measured, ("ours", name), f"{peer}, empty", 4)
        yield compared(
            f"{case}, each with a new token", measured, ("ours anew", f"{name} anew"), f"{peer}, empty", None
        )
        yield compared(f"{case}, its answer committed", measured, ("whole", name), f"{peer}, empty", 1.5)


@contextmanager
def _teams(context: ssl.SSLContext) -> Iterator[tuple[asyncio.Runner, Platform]]:
    """The platform, which answers only while the runner is running."""
    with asyncio.Runner() as runner:
        opened = platform.standing(context)
        teams = runner.run(opened.__aenter__())
        try:
            yield runner, teams
        finally:
            runner.run(opened.__aexit__(None, None, None))


def _round(runner: asyncio.Runner, port: int, made: Callable[[int, datetime], list[bytes]]) -> Measured:
    return runner.run(load.acknowledged(port, made(_ACTIVITIES, datetime.now(UTC)), _LINES))


def _whole(runner: asyncio.Runner, folder: Path, stage: Stage, teams: Platform, trusted: Path) -> Measured:
    folder.mkdir()
    with ExitStack() as serving:
        port = serving.enter_context(_served_in(folder, stage, teams, trusted))
        return runner.run(_pressed(port, stage, teams, serving))


async def _pressed(port: int, stage: Stage, teams: Platform, serving: ExitStack) -> Measured:
    """The first presses aren't counted: the bot meets everybody, and posts the card that is measured."""
    shown, url = wired.token(teams.service_url, NOW), teams.service_url
    teams.latest.clear()
    await load.acknowledged(port, [wired.request(each, shown) for each in stage.first_presses(url)], _LINES)
    presses = stage.presses(url, await teams.messages(LEADERS))
    measured = await load.acknowledged(port, [wired.request(each, shown) for each in presses], _LINES)
    await asyncio.to_thread(serving.close)  # It stops when everything has been sent, and the platform has to accept it.
    return measured


def _served_in(folder: Path, stage: Stage, teams: Platform, trusted: Path) -> AbstractContextManager[int]:
    database = shutil.copy(stage.database, folder / "partnership.db")
    settings: Mapping[str, str] = {
        "PARTNERSHIP_DATABASE_URL": f"sqlite:///{database}",
        "PARTNERSHIP_ROLE": "serve",
        "PARTNERSHIP_TEAMS__APP_ID": APP_ID,
        "PARTNERSHIP_TEAMS__TENANT_ID": TENANT,
        "PARTNERSHIP_TEAMS__CLIENT_SECRET": SECRET,
        "PARTNERSHIP_TEAMS__ALLOWED_TENANTS": leaders.tenants(),
        "PARTNERSHIP_TEAMS__OPENID_URL": teams.openid_url,
        "PARTNERSHIP_TEAMS__AUTHORITY": teams.authority,
        "PARTNERSHIP_TEAMS__SERVICE_HOSTS": f"127.0.0.1:{teams.port}",
        "SSL_CERT_FILE": str(trusted),
    }
    return processes.served(_OURS, "whole", settings=settings)
