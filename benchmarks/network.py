"""What a network's partnerships need most, for six terms: ours from snapshots, pandas from three million answers.

Run as a module, it is our contender; its arguments are the database URL and the result file.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from datetime import time as time_of_day
from pathlib import Path
from typing import Final, TypeAlias

from sqlalchemy import Connection

from benchmarks.many_partnerships import NETWORK, PARTNERSHIPS, PERIODS, SCHOOLS, TODAY, lay_down
from benchmarks.peer import NoPeer, our_own, peer
from benchmarks.rounds import Rounds, interleaved
from benchmarks.table import Result, milliseconds, skipped
from core.analysis.disclosure import Shown
from core.framework_file import default_framework
from core.services import networks
from core.services.network_reports import network_report
from core.storage.database import Database
from tests.support import database as servers

LEAST: Final = 20
_WAYS: Final = {"rows": "pandas", "arrow": "pandas, reading by Arrow"}
"""How pandas reads the answers: its usual way, and its fastest way."""
_CASE: Final = f"network summary, {PARTNERSHIPS:,} partnerships × {SCHOOLS} schools × {len(PERIODS)} cycles"
_NOW: Final = datetime.combine(TODAY, time_of_day(9), tzinfo=UTC)

Figures: TypeAlias = dict[tuple[str, str], tuple[int, float]]
"""By term and sub-theme: how many partnerships have a figure, and the median of these figures in tenths of a level."""


def on_sqlite(home: Path, long: bool) -> Iterator[Result]:
    file = home / "many.db"
    yield from _measured("SQLite", f"sqlite:///{file}", home, long)


def on_postgresql(home: Path, long: bool) -> Iterator[Result]:
    with servers.running_postgres() as server:
        if server is None:
            yield skipped(f"{_CASE}, PostgreSQL", servers.MISSING)
            return
        url = server.fresh_url()
        yield from _measured("PostgreSQL", url, home, long)
        server.drop(url)


def _measured(where: str, url: str, home: Path, long: bool) -> Iterator[Result]:
    case = f"{_CASE}, {where}"
    ways = _WAYS if long else {"rows": _WAYS["rows"]}
    files = {name: home / f"network-{where}-{name}.json" for name in ("ours", *ways)}
    _fill(url)
    try:
        with ExitStack() as stack:
            contenders = {"ours": stack.enter_context(our_own("benchmarks.network", url, str(files["ours"])))}
            for way in ways:
                contenders[way] = stack.enter_context(peer("pandas", way, url, str(files[way])))
            measured = interleaved(15 if long else 3, contenders)
            memory = {name: each.most_megabytes() for name, each in contenders.items()}
    except NoPeer as reason:
        yield skipped(case, str(reason))
    else:
        assert all(_figures(file) == _figures(files["ours"]) for file in files.values())
        yield from (_result(case, measured, memory, way) for way in ways)


def _fill(url: str) -> None:
    with closing(Database(url)) as database:
        database.upgrade()
        database.write_now(lay_down)


def _figures(file: Path) -> Figures:
    """A contender's results, to check that all contenders agree."""
    rows = json.loads(file.read_text(encoding="utf-8"))
    return {(row["term"], row["subtheme"]): (row["asked"], row["tenths"]) for row in rows}


def _result(case: str, measured: Rounds, memory: Mapping[str, float], way: str) -> Result:
    ratio, low, high = measured.times_as_fast("ours", way)
    ours, pandas = (f"{milliseconds(measured.median(name))}, {memory[name]:.0f} MB at most" for name in ("ours", way))
    promised = way == "rows"
    return Result(
        case,
        ours,
        f"{_WAYS[way]}: {pandas}",
        f"{ratio:.1f}",
        f"{low:.1f}–{high:.1f}",
        f"≥ {LEAST} ×" if promised else "",
        ratio >= LEAST if promised else None,
    )


def main() -> None:
    url, result = sys.argv[1:]
    with closing(Database(url)) as database, database.engine.connect() as connection:
        for _ in sys.stdin:
            begun = time.perf_counter()
            found = _six_terms(connection)
            taken = time.perf_counter() - begun
            connection.rollback()  # Delete the result, or the next round would reuse it.
            print(taken, flush=True)
            Path(result).write_text(json.dumps(found), encoding="utf-8")


def _six_terms(connection: Connection) -> list[dict[str, object]]:
    framework, members = default_framework().id, networks.members_of(connection, NETWORK)
    found: list[dict[str, object]] = []
    for period in PERIODS:
        facts = network_report(connection, NETWORK, framework, members, period, _NOW)
        for each in facts.subthemes:
            assert isinstance(each.partnership, Shown)
            tenths = float(each.partnership.value * 10)
            found.append({"term": str(period.since), "subtheme": each.id, "asked": each.asked, "tenths": tenths})
    return found


if __name__ == "__main__":
    main()
