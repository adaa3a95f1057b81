"""The pace of calls to a platform, shared by every process.

Each line of a workspace has a row, which says when the line is empty. Answers join a line at once. Whatever nobody is
waiting for leaves room for them, and goes slower where the platform has refused calls: what it really allows is learnt
from its refusals, for each method, from all workspaces together.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from sqlalchemy import Connection, bindparam, delete, select

from core.pace import Line, Turn, after_pause, learnt, remembered, turn, turn_of_bulk
from core.storage import tables
from core.storage.prepared import Prepared
from core.storage.upsert import upsert

KEPT_FOR: Final = 24 * 3600.0
"""Seconds; by then every line is empty, and what was learnt is forgotten."""
_EVERYWHERE: Final = ""

_pace = tables.Pace.__table__
_ROW = Prepared(
    select(_pace.c.empty_at, _pace.c.slower)
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
    lines: Iterable[Line],
    *,
    now: float,
    patience: float,
    bulk: bool = False,
) -> float:
    """Join every line; returns in how many seconds the call may be made.

    None is joined if that would be more than ``patience`` seconds: ask again after them. ``now`` is in seconds since
    1970, as every process knows it; ``bulk``: nobody is waiting for this call.
    """

    def turn_in(line: Line) -> Turn:
        empty_at = _read(connection, platform, tenant, line)[0]
        if not bulk:
            return turn(line.rate, empty_at, now)
        return turn_of_bulk(line.rate, empty_at, now, _slower(connection, platform, line, now))

    # Always in the same order, so that transactions can't deadlock.
    turns = [(line, turn_in(line)) for line in sorted(lines, key=lambda each: each.name)]
    wait = max((each.wait for _, each in turns), default=0.0)
    if wait <= patience:
        for line, each in turns:
            _write(connection, platform, tenant, line, each.empty_at)
    return wait


def hold(connection: Connection, platform: str, tenant: str, line: Line, *, seconds: float, now: float) -> None:
    """The platform refused a call of this line, and wants this many seconds without any."""
    empty_at = _read(connection, platform, tenant, line)[0]
    _write(connection, platform, tenant, line, after_pause(line.rate, empty_at, now, seconds))
    learnt_until = _read(connection, platform, _EVERYWHERE, line)[0]
    if now >= learnt_until:  # Calls that were under way when the first was refused tell nothing new.
        slower = learnt(_slower(connection, platform, line, now))
        _write(connection, platform, _EVERYWHERE, line, now + seconds, slower)


def purge(connection: Connection, now: float) -> int:
    return connection.execute(delete(_pace).where(_pace.c.empty_at < now - KEPT_FOR)).rowcount


def _slower(connection: Connection, platform: str, line: Line, now: float) -> float:
    learnt_at, slower = _read(connection, platform, _EVERYWHERE, line)
    return remembered(slower, now - learnt_at)


def _read(connection: Connection, platform: str, tenant: str, line: Line) -> tuple[float, float]:
    """When the line is empty, and how much slower it goes."""
    row = _ROW.first(connection, {"platform": platform, "tenant": tenant, "line": line.name})
    return (0.0, 1.0) if row is None else (row["empty_at"], row["slower"])


def _write(
    connection: Connection, platform: str, tenant: str, line: Line, empty_at: float, slower: float = 1.0
) -> None:
    values = {"platform": platform, "tenant": tenant, "line": line.name, "empty_at": empty_at, "slower": slower}
    _SET.run(connection, values)
