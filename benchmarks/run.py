"""All measurements in one table. A missed target is reported, but never fails the run."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import durable_turns, machine, network, renders, reports, stalls, startup
from benchmarks.peer import ROOT, NoPeer, our_own, peer
from benchmarks.rounds import interleaved
from benchmarks.slack import cases as slack
from benchmarks.slack import reminders, waiting
from benchmarks.table import Result, as_markdown, at_most, compared, skipped
from benchmarks.teams import cases as teams
from tests.support import database as servers

AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Case:
    guards: str
    """The promise that it checks."""
    measure: Callable[[Path, bool], Iterator[Result]]
    only_long: bool = False
    """Left out of a short run unless named: a short run has five minutes, and such a case takes about one of them."""


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description=__doc__,
        epilog="What each case guards:\n" + "\n".join(f"  {name:<20}{case.guards}" for name, case in CASES.items()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--long", action="store_true", help="more rounds, and cases of which nothing is promised")
    left_out = ", ".join(name for name, case in CASES.items() if case.only_long)
    parser.add_argument("cases", nargs="*", help=f"some of the cases below; else all, with {left_out} only if --long")
    arguments = parser.parse_args()
    chosen = arguments.cases or [name for name, case in CASES.items() if arguments.long or not case.only_long]
    if unknown := set(chosen) - set(CASES):
        parser.error(f"there is no case {', '.join(sorted(unknown))}")
    _measure(chosen, arguments.long)


def _measure(cases: Sequence[str], long: bool) -> None:
    folder = ROOT / "var"  # On a real disk: the temporary folder is often in memory.
    folder.mkdir(exist_ok=True)
    with TemporaryDirectory(prefix="benchmarks-", dir=folder) as home:
        print(machine.facts(Path(home)))
        results = [result for case in cases for result in CASES[case].measure(Path(home), long)]
    print(as_markdown(results))
    missed = [result.case for result in results if result.met is False]
    print(f"Missed: {', '.join(missed)}." if missed else "Every target that could be measured was met.")


def _rounds(long: bool) -> int:
    return 45 if long else 15


def _on_sqlite(home: Path, long: bool) -> Iterator[Result]:
    stage = durable_turns.on_sqlite(home)
    contenders = {"ours": stage.ours, "at once": lambda: stage.ours(AT_ONCE), "raw": stage.raw}
    measured = interleaved(_rounds(long), contenders)
    case, bare = "durable turn, SQLite", "the same statements, sqlite3"
    yield compared(case, measured, ("ours", "raw"), bare, 0.5)
    yield compared(f"{case}, {AT_ONCE} at once", measured, ("at once", "raw"), bare, None)


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


CASES: Mapping[str, Case] = {
    "sqlite": Case(
        "An answer is committed before it is confirmed, at half a bare driver's speed at least.", _on_sqlite
    ),
    "postgresql": Case("The same on PostgreSQL, at 0.7 of the driver's speed at least.", _on_postgresql),
    "startup": Case("After a crash the bot is back within seconds, and it fits into 100 MB.", _startup),
    "heatmap": Case("The largest picture is drawn in 0.6 of seaborn's time at most.", _heatmap),
    "stalls": Case("Nobody waits while pictures are drawn.", _stalls),
    "renders": Case(
        "Drawing for weeks on end takes no more memory than drawing for an hour.", _renders, only_long=True
    ),
    "slack-presses": Case("Slack has its acknowledgement long before its three seconds are over.", slack.presses_alone),
    "slack-turns": Case("Everybody has the next question within 2 s, even while charts are drawn.", slack.whole_turns),
    "slack-sends": Case("What a round of invitations waits for is Slack's rate limit, never the bot.", slack.sends),
    "waiting": Case("Nobody waits for invitations, a pause or a crash.", waiting.waiting),
    "reminders": Case(
        "Reminders take the time that the platform's limits allow, by any number of workers.",
        reminders.reminders,
        only_long=True,
    ),
    "teams": Case(
        "An activity is verified and taken in at four times the speed of Microsoft's kits.",
        teams.activities,
        only_long=True,
    ),
    "reports": Case("A partnership of 600 schools pays no more for each than one of 60.", _reports),
    "network-sqlite": Case(
        "A network of 2,000 partnerships has its summary at once, from frozen figures.", network.on_sqlite
    ),
    "network-postgresql": Case("The same on PostgreSQL.", network.on_postgresql, only_long=True),
}
