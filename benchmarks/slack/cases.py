"""What is measured in Slack: receiving a press, a whole turn, and sending messages."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import UTC, datetime
from functools import partial
from itertools import count
from pathlib import Path
from typing import Final

from benchmarks.peer import NoPeer, our_own, peer, python_with
from benchmarks.rounds import Rounds, in_turns, interleaved
from benchmarks.slack import leaders, load, platform, presses, processes, tls
from benchmarks.slack.leaders import Stage
from benchmarks.slack.load import Measured, Turn
from benchmarks.slack.platform import Platform
from benchmarks.table import Result, at_most, compared, skipped
from tests.support.world import NOW

_LINES: Final = 32
_MANY: Final = 1000
_FEW: Final = 60
_WARM_UP: Final = 2
"""Warm-up turns of each leader, which are not counted."""
_PEER: Final = "bolt"
_OURS: Final = "benchmarks.slack.ours"
_ADAPTER: Final = "benchmarks.peers.bolt_empty"
_USUAL: Final = "benchmarks.peers.bolt_usual"


@contextmanager
def _slack() -> Iterator[tuple[asyncio.Runner, Platform]]:
    """The platform, which answers only while the runner is running."""
    with asyncio.Runner() as runner:
        opened = platform.standing()
        slack = runner.run(opened.__aenter__())
        try:
            yield runner, slack
        finally:
            runner.run(opened.__aexit__(None, None, None))


# A press with nothing behind it


def presses_alone(home: Path, long: bool) -> Iterator[Result]:
    case, stage = "Slack: a press", leaders.laid_down(home / "presses")
    with _slack() as (runner, slack), ExitStack() as stack:
        adapter = partial(processes.served_by_peer, _PEER, _ADAPTER)
        try:
            ports = {
                "ours": stack.enter_context(processes.served(_OURS, "empty")),
                "best": stack.enter_context(adapter("best", slack.api, presses.SECRET)),
                "defaults": stack.enter_context(adapter("defaults", slack.api, presses.SECRET)),
            }
        except NoPeer as reason:
            yield skipped(case, str(reason))
            return

        def round_of(number: int, lines: int, port: int) -> Measured:
            now, press = datetime.now(UTC), stage.presses[0][0]
            requests = [presses.request(press, stage.blocks, now) for _ in range(number)]
            return runner.run(load.acknowledged(port, requests, lines))

        rounds = 21 if long else 7
        many = in_turns(rounds, {name: partial(round_of, _MANY, _LINES, ports[name]) for name in ("ours", "best")})
        few = in_turns(rounds, {name: partial(round_of, _FEW, 1, ports[name]) for name in ("ours", "defaults")})
    yield compared(
        f"{case}, {_LINES} connections", _a_turn(many), ("ours", "best"), "Bolt's FastAPI adapter at its best", 1.4
    )
    yield at_most(f"{case} acknowledged, p50", _p50(few), ("ours", "defaults"), "Bolt's defaults", 0.1)


# Whole turns


def whole_turns(home: Path, long: bool) -> Iterator[Result]:
    case, stage = "Slack: durable turn", leaders.laid_down(home / "turns")
    with _slack() as (runner, slack):
        try:
            python_with(_PEER)
        except NoPeer as reason:
            yield skipped(case, str(reason))
            return
        served: Mapping[str, Callable[[Path], AbstractContextManager[int]]] = {
            "ours": lambda folder: _ours_in(folder, "whole", stage, slack),
            "drawing": lambda folder: _ours_in(folder, "drawing", stage, slack),
            "usual": lambda folder: _usual_in(folder, stage, slack),
        }
        numbers = count(1)

        def round_of(name: str) -> Measured:
            folder = home / f"{name}-{next(numbers)}"
            folder.mkdir()
            at = datetime.now(UTC) if name == "usual" else NOW
            with served[name](folder) as port:
                return runner.run(_played(port, slack, _turns(stage, at)))

        found = in_turns(15 if long else 5, {name: partial(round_of, name) for name in served})
    usual = "Bolt's defaults, OAuth store, async ORM"
    yield compared(case, _a_turn(found), ("ours", "usual"), usual, 5)
    yield at_most(f"{case}, p99", _p99(found), ("ours", "usual"), usual, 0.3)
    yield at_most(f"{case} while charts are drawn, p99", _p99(found), ("drawing", "ours"), "ours without charts", 2)


def _ours_in(folder: Path, kind: str, stage: Stage, slack: Platform) -> AbstractContextManager[int]:
    database = shutil.copy(stage.database, folder / "partnership.db")
    settings = {
        "PARTNERSHIP_DATABASE_URL": f"sqlite:///{database}",
        "PARTNERSHIP_ROLE": "serve",
        "PARTNERSHIP_SLACK__API_URL": slack.api,
        "PARTNERSHIP_SLACK__CLIENT_ID": "12345.67890",
        "PARTNERSHIP_SLACK__CLIENT_SECRET": "client-secret",
        "PARTNERSHIP_SLACK__SIGNING_SECRET": presses.SECRET,
        "PARTNERSHIP_SLACK__ENCRYPTION_KEYS": leaders.KEY,
    }
    return processes.served(_OURS, kind, settings=settings)


def _usual_in(folder: Path, stage: Stage, slack: Platform) -> AbstractContextManager[int]:
    story = folder / "story.json"
    leaders.write_story(stage, story)
    return processes.served_by_peer(_PEER, _USUAL, str(folder), str(story), slack.api, presses.SECRET)


def _turns(stage: Stage, at: datetime) -> list[list[Turn]]:
    return [
        [Turn(press.channel, presses.request(press, stage.blocks, at), press.messages) for press in each]
        for each in stage.presses
    ]


async def _played(port: int, slack: Platform, turns: Sequence[Sequence[Turn]]) -> Measured:
    crowd = load.Leaders(port, slack)
    await crowd.do([each[:_WARM_UP] for each in turns])
    begun = time.perf_counter()
    taken = await crowd.do([each[_WARM_UP:] for each in turns])
    return load.measured(time.perf_counter() - begun, taken)


# Sending


def sends(home: Path, long: bool) -> Iterator[Result]:
    case = "Slack: a message sent over TLS"
    context, trusted = tls.certified(home)
    with platform.standing_beside(context) as slack:
        api = slack.api.replace("http:", "https:")
        try:
            with our_own("benchmarks.slack.sends", api, str(trusted)) as ours, peer("bolt", api, str(trusted)) as other:
                found = interleaved(21 if long else 7, {"ours": ours, "default": other})
        except NoPeer as reason:
            yield skipped(case, str(reason))
        else:
            yield compared(case, found, ("ours", "default"), "slack_sdk's client as it comes", 4)


def _a_turn(found: Mapping[str, Sequence[Measured]]) -> Rounds:
    return Rounds({name: tuple(each.a_turn for each in rounds) for name, rounds in found.items()})


def _p50(found: Mapping[str, Sequence[Measured]]) -> Rounds:
    return Rounds({name: tuple(each.p50 for each in rounds) for name, rounds in found.items()})


def _p99(found: Mapping[str, Sequence[Measured]]) -> Rounds:
    return Rounds({name: tuple(each.p99 for each in rounds) for name, rounds in found.items()})
