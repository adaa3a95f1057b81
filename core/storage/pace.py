"""The pace of calls to a platform, shared by every process.

Each line of a workspace has a row, which says when the line is empty. Answers join a line at once. Whatever nobody is
waiting for leaves room for them, and goes slower where the platform has refused calls: what it really allows is learnt
from its refusals, for each method, from all workspaces together.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, bindparam, delete, select

from core.pace import Line, after_pause, learnt, remembered, turn, turn_of_bulk
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
    line: Line,
    *,
    now: float,
    patience: float,
    bulk: bool = False,
) -> float:
    """Join a line; returns in how many seconds the call may be made.

    It isn't joined if that would be more than ``patience`` seconds: ask again after them. ``now`` is in seconds since
    1970, as every process knows it; ``bulk``: nobody is waiting for this call.
    """
    empty_at = _read(connection, platform, tenant, line)[0]
    if bulk:
        found = turn_of_bulk(line.rate, empty_at, now, _slower(connection, platform, line, now))
    else:
        found = turn(line.rate, empty_at, now)
    if found.wait <= patience:
        _write(connection, platform, tenant, line, found.empty_at)
    return found.wait


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
