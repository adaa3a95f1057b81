"""Summaries of a network's published reports over a past term; frozen, as every report is."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime, time
from typing import Final

from sqlalchemy import Connection, bindparam, exists, insert, select

from core.analysis.network import NetworkFacts, PartnershipReport, figures_of, network_facts
from core.analysis.periods import Period
from core.analysis.report import ReportFacts
from core.storage import tables
from core.storage.stored_reports import network_from_json, network_to_json, report_from_json

_cycle = tables.Cycle.__table__
_figures = tables.SnapshotFigures.__table__
_network_snapshot = tables.NetworkSnapshot.__table__
_snapshot = tables.Snapshot.__table__


class NotOver(Exception):
    """A term is summed up once it is over, so that no two summaries of the same term can be compared."""

    def __init__(self) -> None:
        super().__init__("This term is not over yet. What its reports have in common can be told once it is.")


_IN_PERIOD: Final = (
    _snapshot.c.made_at >= bindparam("since", type_=_snapshot.c.made_at.type),
    _snapshot.c.made_at < bindparam("until", type_=_snapshot.c.made_at.type),
)
_MADE = select(_network_snapshot.c.content).where(
    _network_snapshot.c.network_id == bindparam("network"),
    _network_snapshot.c.framework_id == bindparam("framework"),
    _network_snapshot.c.since == bindparam("since"),
)
_KEEP = insert(_network_snapshot)
_KEEP_FIGURES = insert(_figures)
_WITHOUT_FIGURES = (
    select(_snapshot.c.id, _snapshot.c.made_at, _snapshot.c.content, _cycle.c.partnership_id, _cycle.c.framework_id)
    .join(_cycle, _cycle.c.id == _snapshot.c.cycle_id)
    .where(~exists().where(_figures.c.snapshot_id == _snapshot.c.id), *_IN_PERIOD)
)
_FIGURES = (
    select(_figures.c.partnership_id, _figures.c.submitted, _figures.c.roster, _figures.c.asked, _figures.c.figures)
    .where(
        _figures.c.framework_id == bindparam("framework"),
        _figures.c.made_at >= bindparam("since", type_=_figures.c.made_at.type),
        _figures.c.made_at < bindparam("until", type_=_figures.c.made_at.type),
    )
    .order_by(_figures.c.made_at, _figures.c.snapshot_id)
)


def keep_figures(
    connection: Connection, snapshot: int, partnership: str, framework: str, made_at: datetime, facts: ReportFacts
) -> None:
    """Store key figures beside each new snapshot, so that a network's summary need not read whole reports."""
    of = {"snapshot_id": snapshot, "partnership_id": partnership, "framework_id": framework, "made_at": made_at}
    connection.execute(_KEEP_FIGURES, {**of, **figures_of(facts)._asdict()})


def network_report(
    connection: Connection,
    network: str,
    framework: str,
    partnerships: Collection[str],
    period: Period,
    now: datetime,
) -> NetworkFacts:
    """A network's summary for one period: made the first time it is requested, and unchanged from then on.

    ``partnerships`` are those that belong to the network when it is made. Raises ``NotOver``.
    """
    if now < _moment(period.until):
        raise NotOver
    this = {"network": network, "framework": framework, "since": period.since}
    made = connection.scalar(_MADE, this)
    if made is not None:
        return network_from_json(made)
    facts = summed_up(connection, framework, partnerships, period)
    kept = {"network_id": network, "framework_id": framework, "since": period.since}
    connection.execute(_KEEP, {**kept, "made_at": now, "content": network_to_json(facts)})
    return facts


def kept(connection: Connection, network: str, framework: str, since: date) -> NetworkFacts | None:
    """The stored summary for a period; None if nobody has requested it yet."""
    made = connection.scalar(_MADE, {"network": network, "framework": framework, "since": since})
    return None if made is None else network_from_json(made)


def summed_up(connection: Connection, framework: str, partnerships: Collection[str], period: Period) -> NetworkFacts:
    """The last report of each partnership in a period, summed up; ``network_report`` freezes it."""
    between = {"since": _moment(period.since), "until": _moment(period.until)}
    _fill_in(connection, between)
    wanted = frozenset(partnerships)
    rows = connection.execute(_FIGURES, {"framework": framework, **between}).all()
    latest = {partnership: PartnershipReport(*figures) for partnership, *figures in rows if partnership in wanted}
    return network_facts(len(wanted), list(latest.values()))


def _fill_in(connection: Connection, between: Mapping[str, datetime]) -> None:
    """Add figures to snapshots made before figures were stored beside them."""
    for row in connection.execute(_WITHOUT_FIGURES, between).all():
        facts = report_from_json(row.content)
        keep_figures(connection, row.id, row.partnership_id, row.framework_id, row.made_at, facts)


def _moment(day: date) -> datetime:
    return datetime.combine(day, time(tzinfo=UTC))
