"""What a closed cycle's submitted answers add up to, frozen once: every report is made from that."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, and_, bindparam, func, insert, select

from core.analysis.report import ReportFacts
from core.analysis.report_json import to_json
from core.analysis.report_making import report_facts
from core.analysis.report_stored import from_json
from core.analysis.scores import SchoolScores
from core.framework import Perspective
from core.framework import Row as FrameworkRow
from core.services import cycles
from core.storage import tables
from core.storage.frameworks import FrameworkShelf

_cycle = tables.Cycle.__table__
_cycle_school = tables.CycleSchool.__table__
_response = tables.Response.__table__
_answer = tables.Answer.__table__
_vote = tables.PriorityVote.__table__
_snapshot = tables.Snapshot.__table__

_FIRST: Final = 1


class NotClosed(Exception):
    """Before a cycle closes nobody sees any group score; the words are for the lead who asked."""

    def __init__(self) -> None:
        super().__init__("This cycle is still open. Its report can be made once it has closed.")


@dataclass(frozen=True, slots=True)
class Snapshot:
    id: int
    cycle: int
    partnership: str
    number: int
    """1 for the first of its cycle."""
    made_at: datetime
    facts: ReportFacts


_SUBMITTED = and_(_response.c.cycle_id == bindparam("cycle"), _response.c.submitted_at.is_not(None))
_RESPONSES = select(_response.c.id, _response.c.school_id).where(_SUBMITTED).order_by(_response.c.id)
_ANSWERS = (
    select(_answer.c.response_id, _answer.c.criterion, _answer.c.perspective, _answer.c.level)
    .join(_response, _response.c.id == _answer.c.response_id)
    .where(_SUBMITTED)
)
_VOTES = (
    select(_vote.c.response_id, _vote.c.subtheme)
    .join(_response, _response.c.id == _vote.c.response_id)
    .where(_SUBMITTED)
)
# Locked, so that two who ask at the same moment make one snapshot. SQLite has one writer anyway.
_CYCLE = select(_cycle).where(_cycle.c.id == bindparam("cycle")).with_for_update()
_ROSTER = select(func.count()).select_from(_cycle_school).where(_cycle_school.c.cycle_id == bindparam("cycle"))
_FREEZE = insert(_snapshot).returning(_snapshot.c.id)


def _snapshots() -> Select[Any]:
    return select(_snapshot, _cycle.c.partnership_id).join(_cycle, _cycle.c.id == _snapshot.c.cycle_id)


_BY_ID = _snapshots().where(_snapshot.c.id == bindparam("this"))
_BY_NUMBER = _snapshots().where(_snapshot.c.cycle_id == bindparam("cycle"), _snapshot.c.number == bindparam("number"))


def submitted_scores(connection: Connection, cycle: int) -> list[SchoolScores]:
    """The schools that have submitted, in the order of their ids. What a leader has not submitted does not count."""
    levels: dict[int, dict[FrameworkRow, int | None]] = defaultdict(dict)
    for response, criterion, perspective, level in connection.execute(_ANSWERS, {"cycle": cycle}):
        levels[response][FrameworkRow(criterion, Perspective(perspective))] = level
    votes: dict[int, set[str]] = defaultdict(set)
    for response, subtheme in connection.execute(_VOTES, {"cycle": cycle}):
        votes[response].add(subtheme)
    schools: dict[str, list[int]] = defaultdict(list)
    for response, school in connection.execute(_RESPONSES, {"cycle": cycle}):
        schools[school].append(response)
    return [
        SchoolScores(
            school=school,
            leaders=tuple(levels[response] for response in responses),
            votes=tuple(frozenset(votes[response]) for response in responses),
        )
        for school, responses in sorted(schools.items())
    ]


def freeze(connection: Connection, shelf: FrameworkShelf, cycle: int, now: datetime) -> Snapshot:
    """The snapshot of a cycle that has closed; made the first time it is asked for, and the same ever after.

    Raises ``NotClosed``, and ``LookupError`` for a cycle that does not exist.
    """
    row = connection.execute(_CYCLE, {"cycle": cycle}).first()
    if row is None:
        raise LookupError(f"there is no cycle {cycle}")
    if row.closed_at is None and now < row.closes_at:
        raise NotClosed
    if row.closed_at is None:
        cycles.close_overdue(connection, cycle, now)
    made = connection.execute(_BY_NUMBER, {"cycle": cycle, "number": _FIRST}).first()
    return _snapshot_of(made) if made else _made(connection, shelf, row, now)


def _made(connection: Connection, shelf: FrameworkShelf, cycle: Row[Any], now: datetime) -> Snapshot:
    framework = shelf.scoped(connection, cycle.framework_id, cycle.framework_version, cycle.scope)
    roster = connection.scalar(_ROSTER, {"cycle": cycle.id}) or 0
    facts = report_facts(framework, roster, submitted_scores(connection, cycle.id))
    values = {"cycle_id": cycle.id, "number": _FIRST, "made_at": now, "content": to_json(facts)}
    number = connection.execute(_FREEZE, values).scalar_one()
    return Snapshot(number, cycle.id, cycle.partnership_id, _FIRST, now, facts)


def snapshot(connection: Connection, snapshot_id: int) -> Snapshot | None:
    row = connection.execute(_BY_ID, {"this": snapshot_id}).first()
    return None if row is None else _snapshot_of(row)


def _snapshot_of(row: Row[Any]) -> Snapshot:
    return Snapshot(row.id, row.cycle_id, row.partnership_id, row.number, row.made_at, from_json(row.content))
