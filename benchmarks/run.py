"""Everything that is measured, in one table. A missed target is said, and never fails the run."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import durable_turns, machine, network, renders, reports, stalls, startup
from benchmarks.peer import ROOT, NoPeer, our_own, peer
from benchmarks.rounds import interleaved
from benchmarks.slack import cases as slack
from benchmarks.table import Result, as_markdown, at_most, compared, skipped
from benchmarks.teams import cases as teams
from tests.support import database as servers

AT_ONCE = 8


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--long", action="store_true", help="more rounds, and cases of which nothing is promised")
    which = f"some of {', '.join(_CASES)}; else all of them, but {' and '.join(_ONLY_LONG)} only with --long"
    parser.add_argument("cases", nargs="*", help=which)
    arguments = parser.parse_args()
    chosen = arguments.cases or [case for case in _CASES if arguments.long or case not in _ONLY_LONG]
    if unknown := set(chosen) - set(_CASES):
        parser.error(f"there is no case {', '.join(sorted(unknown))}")
    _measure(chosen, arguments.long)


def _measure(cases: Sequence[str], long: bool) -> None:
    folder = ROOT / "var"  # On a real disk; a folder for temporary files often is in memory.
    folder.mkdir(exist_ok=True)
    with TemporaryDirectory(prefix="benchmarks-", dir=folder) as home:
        print(machine.facts(Path(home)))
        results = [result for case in cases for result in _CASES[case](Path(home), long)]
    print(as_markdown(results))
    missed = [result.case for result in results if result.met is False]
    print(f"Missed: {', '.join(missed)}." if missed else "Every target that could be measured was met.")


def _rounds(long: bool) -> int:
    return 45 if long else 15


def _on_sqlite(home: Path, long: bool) -> Iterator[Result]:
    stage = durable_turns.on_sqlite(home)
    contenders = {"ours": stage.ours, "at once": lambda: stage.ours(AT_ONCE), "raw": stage.raw}
    with ExitStack() as stack:
        try:
            contenders["botbuilder"] = stack.enter_context(peer("botbuilder"))
            if long:
                contenders["botbuilder text"] = stack.enter_context(peer("botbuilder", "text"))
        except NoPeer as reason:
            yield skipped("durable turn, SQLite, and a waterfall dialog", str(reason))
        measured = interleaved(_rounds(long), contenders)
    case, several = "durable turn, SQLite", f"durable turn, SQLite, {AT_ONCE} at once"
    yield compared(case, measured, ("ours", "raw"), "the same statements, sqlite3", 0.5)
    yield compared(several, measured, ("at once", "raw"), "the same statements, sqlite3", None)
    if "botbuilder" in contenders:
        dialog = "botbuilder-dialogs, choices, in memory"
        yield compared(case, measured, ("ours", "botbuilder"), dialog, 2)
        yield compared(several, measured, ("at once", "botbuilder"), dialog, None)
    if "botbuilder text" in contenders:
        yield compared(case, measured, ("ours", "botbuilder text"), "botbuilder-dialogs, plain text, in memory", None)


def _on_postgresql(_home: Path, long: bool) -> Iterator[Result]:
    case = "durable turn, PostgreSQL"
    with servers.running_postgres(durable=True) as server:
        if server is None:
            yield skipped(case, servers.MISSING)
            return
        stage = durable_turns.on_postgresql(server)
        contenders = {"ours": stage.ours, "raw": stage.raw}
        if long:
            contenders["at once"] = lambda: stage.ours(AT_ONCE)
        measured = interleaved(_rounds(long), contenders)
    yield compared(case, measured, ("ours", "raw"), "the same statements, psycopg", 0.7)
    if "at once" in contenders:
        yield compared(f"{case}, {AT_ONCE} at once", measured, ("at once", "raw"), "the same statements, psycopg", None)


def _in_memory(_home: Path, long: bool) -> Iterator[Result]:
    case = "conversation, no storage"
    try:
        with our_own("benchmarks.core_turns") as ours, peer("transitions") as transitions:
            measured = interleaved(_rounds(long), {"ours": ours, "transitions": transitions})
    except NoPeer as reason:
        yield skipped(case, str(reason))
    else:
        yield compared(case, measured, ("ours", "transitions"), "transitions", 2)


def _startup(home: Path, long: bool) -> Iterator[Result]:
    yield from startup.results(home, starts=9 if long else 3)


def _heatmap(_home: Path, long: bool) -> Iterator[Result]:
    case = "heatmap, 60 schools × 27 sub-themes"
    try:
        with our_own("benchmarks.heatmap") as ours, peer("seaborn") as seaborn:
            measured = interleaved(15 if long else 5, {"ours": ours, "seaborn": seaborn})
    except NoPeer as reason:
        yield skipped(case, str(reason))
    else:
        yield at_most(case, measured, ("ours", "seaborn"), "seaborn, annotated", 0.6)


def _stalls(_home: Path, long: bool) -> Iterator[Result]:
    with stalls.contenders() as contenders:
        measured = interleaved(9 if long else 3, contenders)
    case = f"longest stall while {stalls.PICTURES} pictures are drawn"
    yield at_most(case, measured, ("pool", "thread"), "in a thread", 0.2)


def _renders(_home: Path, _long: bool) -> Iterator[Result]:
    yield renders.result()


def _reports(home: Path, long: bool) -> Iterator[Result]:
    with reports.contenders(home) as contenders:
        measured = interleaved(9 if long else 3, contenders)
    yield from reports.results(measured)


_CASES: Mapping[str, Callable[[Path, bool], Iterator[Result]]] = {
    "sqlite": _on_sqlite,
    "postgresql": _on_postgresql,
    "conversation": _in_memory,
    "startup": _startup,
    "heatmap": _heatmap,
    "stalls": _stalls,
    "renders": _renders,
    "slack-presses": slack.presses_alone,
    "slack-turns": slack.whole_turns,
    "slack-sends": slack.sends,
    "teams": teams.activities,
    "reports": _reports,
    "network-sqlite": network.on_sqlite,
    "network-postgresql": network.on_postgresql,
}
_ONLY_LONG = ("renders", "teams", "network-postgresql")
"""Unless it is named: there are five minutes for all the others, and these take about a minute each."""
