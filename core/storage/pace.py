"""The pace of calls to a platform, shared by every process.

Each line of a workspace has a row, which says when the line is empty. Answers join a line at once. Whatever nobody is
waiting for leaves room for them, and goes slower where the platform has refused calls: what it really allows is learnt
from its refusals, for each method, from all workspaces together.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Final

from sqlalchemy import Connection, bindparam, delete, select

from core.pace import ENOUGH_CALLS, PacedLine, Turn, after_pause, learnt, remembered, turn, turn_of_bulk
from core.storage import tables
from core.storage.prepared import Prepared
from core.storage.upsert import upsert

KEPT_FOR: Final = 24 * 3600.0
"""Seconds; by then every line is empty, and what was learnt is forgotten."""
_EVERYWHERE: Final = ""

_pace = tables.Pace.__table__
_ROW = Prepared(
    select(_pace.c.empty_at, _pace.c.slower, _pace.c.refused_at, _pace.c.calls)
    .where(
        _pace.c.platform == bindparam("platform"),
        _pace.c.tenant == bindparam("tenant"),
        _pace.c.line == bindparam("line"),
    )
    .with_for_update()
)
_SET = upsert(_pace)


def join(  # noqa: PLR0913 - who calls, where, when, and how
    connection: Connection,
    platform: str,
    tenant: str,
    lines: Iterable[PacedLine],
    *,
    now: float,
    patience: float,
    bulk: bool = False,
) -> float:
    """Join every line; returns in how many seconds the call may be made.

    None is joined if that would be more than ``patience`` seconds: ask again after them. ``now`` is in seconds since
    1970, as every process knows it; ``bulk``: nobody is waiting for this call.
    """

    def turn_in(line: PacedLine, row: _Row) -> Turn:
        if not bulk:
            return turn(line.rate, row.empty_at, now)
        return turn_of_bulk(line.rate, row.empty_at, now, _slower(connection, platform, line, now))

    # Always in the same order, so that transactions can't deadlock.
    by_name = sorted(lines, key=lambda each: each.name)
    rows = [(line, _read(connection, platform, tenant, line)) for line in by_name]
    turns = [(line, row, turn_in(line, row)) for line, row in rows]
    wait = max((each.wait for *_, each in turns), default=0.0)
    if wait <= patience:
        for line, row, each in turns:
            _write(connection, platform, tenant, line, replace(row, empty_at=each.empty_at, calls=row.calls + 1))
    return wait


def hold(connection: Connection, platform: str, tenant: str, line: PacedLine, *, seconds: float, now: float) -> None:
    """The platform refused a call of this line, and wants this many seconds without any."""
    refused = _read(connection, platform, tenant, line)
    held = replace(refused, empty_at=after_pause(line.rate, refused.empty_at, now, seconds), refused_at=now, calls=0)
    _write(connection, platform, tenant, line, held)
    everywhere = _read(connection, platform, _EVERYWHERE, line)
    known = refused.refused_at > 0 and refused.calls >= ENOUGH_CALLS
    if known or now >= everywhere.empty_at:  # Calls that were under way when the first was refused tell nothing new.
        slower = remembered(everywhere.slower, now - everywhere.empty_at)
        calls = refused.calls if known else 0
        slower = learnt(line.rate, slower, calls, now - refused.refused_at)
        _write(connection, platform, _EVERYWHERE, line, replace(everywhere, empty_at=now + seconds, slower=slower))


def purge(connection: Connection, now: float) -> int:
    return connection.execute(delete(_pace).where(_pace.c.empty_at < now - KEPT_FOR)).rowcount


@dataclass(frozen=True, slots=True)
class _Row:
    """A line's row; one that isn't there is an empty line."""

    empty_at: float = 0.0
    slower: float = 1.0
    refused_at: float = 0.0
    calls: int = 0


def _slower(connection: Connection, platform: str, line: PacedLine, now: float) -> float:
    everywhere = _read(connection, platform, _EVERYWHERE, line)
    return remembered(everywhere.slower, now - everywhere.empty_at)


def _read(connection: Connection, platform: str, tenant: str, line: PacedLine) -> _Row:
    row = _ROW.first(connection, {"platform": platform, "tenant": tenant, "line": line.name})
    return _Row() if row is None else _Row(**row)


def _write(connection: Connection, platform: str, tenant: str, line: PacedLine, row: _Row) -> None:
    _SET.run(connection, {"platform": platform, "tenant": tenant, "line": line.name, **asdict(row)})
