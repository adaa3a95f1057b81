"""Two thousand partnerships of seven schools, each with full answers and a report for six terms."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Any, Final, TypeAlias

from sqlalchemy import Column, Connection, Integer, MetaData, Table, Text, insert, literal, select

from core.analysis.periods import Period, periods_before
from core.analysis.report_making import report_facts
from core.analysis.scores import SchoolScores
from core.framework import Framework, Row
from core.framework_file import default_source, read_framework
from core.services import network_reports
from core.storage import tables
from core.storage.frameworks import FrameworkShelf
from core.storage.stored_reports import report_to_json

PARTNERSHIPS: Final = 2000
SCHOOLS: Final = 7
NETWORK: Final = "all"
TODAY: Final = date(2026, 9, 1)
PERIODS: Final[Sequence[Period]] = tuple(reversed(tuple(islice(periods_before(TODAY), 6))))

_WAYS: Final = 61
"""How many patterns of answers there are; a partnership moves on to the next one each term."""

Values: TypeAlias = dict[str, Any]

_answer = tables.Answer.__table__
_response = tables.Response.__table__
_vote = tables.PriorityVote.__table__
_level = Table(
    "way_of_answering",
    MetaData(),
    Column("way", Integer, primary_key=True),
    Column("criterion", Text, primary_key=True),
    Column("perspective", Text, primary_key=True),
    Column("level", Integer),
    Column("reason", Text),
    prefixes=["TEMPORARY"],
)
_choice = Table(
    "way_of_choosing",
    MetaData(),
    Column("way", Integer, primary_key=True),
    Column("subtheme", Text, primary_key=True),
    prefixes=["TEMPORARY"],
)
_WAY: Final = (_response.c.id - 1) % (_WAYS * SCHOOLS)
"""Responses are numbered by cycle, then by school."""


def lay_down(connection: Connection) -> None:
    framework = read_framework(default_source())
    FrameworkShelf().store(connection, default_source(), framework)
    ways = _ways(framework)
    for table, rows in (
        (tables.Network, [{"id": NETWORK, "name": "All of them"}]),
        (tables.Partnership, _partnerships(framework)),
        (tables.NetworkPartnership, _members()),
        (tables.School, _schools()),
        (tables.Person, _leaders()),
        (tables.Cycle, _cycles(framework)),
        (tables.CycleSchool, _rosters()),
        (tables.Response, _responses()),
    ):
        for some in _some_thousand(rows):
            connection.execute(insert(table), some)
    _answers(connection, ways)
    _reports(connection, framework, ways)


def _some_thousand(rows: Iterable[Values]) -> Iterator[list[Values]]:
    waiting = iter(rows)
    while some := list(islice(waiting, 10_000)):
        yield some


def _ways(framework: Framework) -> list[list[SchoolScores]]:
    """In each, some sub-themes are strong and some weak, schools differ, and every twentieth row has no score."""
    any_ = random.Random(27)
    subthemes = [each.id for each in framework.subthemes]
    ways = []
    for _ in range(_WAYS):
        middle = {each: any_.choice((1, 2, 2, 3, 3, 4)) for each in subthemes}
        ways.append([_school(str(number), framework, middle, any_) for number in range(SCHOOLS)])
    return ways


def _school(id_: str, framework: Framework, middle: Mapping[str, int], any_: random.Random) -> SchoolScores:
    levels: dict[Row, int | None] = {}
    for subtheme in framework.subthemes:
        for row in framework.only([subtheme.id]).rows:
            level = middle[subtheme.id] + any_.choice((-1, 0, 0, 1))
            levels[row] = None if any_.random() < 0.05 else min(4, max(1, level))
    return SchoolScores(id_, (levels,), (frozenset(any_.sample(list(middle), 3)),))


def _partnership(number: int) -> str:
    return f"partnership-{number:04}"


def _school_id(partnership: int, school: int) -> str:
    return f"school-{partnership:04}-{school}"


def _cycle(partnership: int, term: int) -> int:
    return partnership * len(PERIODS) + term + 1


def _opens(period: Period) -> datetime:
    return datetime.combine(period.since + timedelta(days=20), time(8), tzinfo=UTC)


def _closes(period: Period) -> datetime:
    return _opens(period) + timedelta(days=30)


def _partnerships(framework: Framework) -> Iterator[Values]:
    for number in range(PARTNERSHIPS):
        yield {
            "id": _partnership(number), "name": f"Partnership {number}", "language": "en",
            "visibility": "own-and-group", "calendar": {}, "framework_id": framework.id,
            "framework_version": framework.version,
        }  # fmt: skip


def _members() -> Iterator[Values]:
    for number in range(PARTNERSHIPS):
        yield {"network_id": NETWORK, "partnership_id": _partnership(number), "joined": True, "said_in_chat": True}


def _every_school() -> Iterator[str]:
    return (_school_id(partnership, school) for partnership in range(PARTNERSHIPS) for school in range(SCHOOLS))


def _schools() -> Iterator[Values]:
    return ({"id": id_, "name": f"The {id_}", "details": {}} for id_ in _every_school())


def _leaders() -> Iterator[Values]:
    for id_ in _every_school():
        yield {
            "id": f"leader-{id_}", "name": f"Leader of {id_}", "email": None, "language": "en",
            "reminder_time": "after-school",
        }  # fmt: skip


def _every_cycle() -> Iterator[tuple[int, int, Period]]:
    return ((partnership, term, period) for partnership in range(PARTNERSHIPS) for term, period in enumerate(PERIODS))


def _cycles(framework: Framework) -> Iterator[Values]:
    for partnership, term, period in _every_cycle():
        yield {
            "id": _cycle(partnership, term), "partnership_id": _partnership(partnership), "title": f"Term {term}",
            "framework_id": framework.id, "framework_version": framework.version,
            "scope": [each.id for each in framework.subthemes], "visibility": "own-and-group",
            "opens_at": _opens(period), "closes_at": _closes(period), "closed_at": _closes(period), "meeting_on": None,
            "nudge_schedule": {},
        }  # fmt: skip


def _rosters() -> Iterator[Values]:
    for partnership, term, _ in _every_cycle():
        for school in range(SCHOOLS):
            yield {"cycle_id": _cycle(partnership, term), "school_id": _school_id(partnership, school)}


def _responses() -> Iterator[Values]:
    for partnership, term, period in _every_cycle():
        for school in range(SCHOOLS):
            id_, cycle = _school_id(partnership, school), _cycle(partnership, term)
            yield {
                "id": (cycle - 1) * SCHOOLS + school + 1, "cycle_id": cycle, "school_id": id_,
                "person_id": f"leader-{id_}", "started_at": _opens(period), "submitted_at": _opens(period),
                "priorities_done": True,
            }  # fmt: skip


def _answers(connection: Connection, ways: Sequence[Sequence[SchoolScores]]) -> None:
    """Let the database itself generate three million answers."""
    of_schools = list(enumerate(school for way in ways for school in way))
    levels = [
        {"way": way, "level": level, "reason": None if level else "cant-say", **row._asdict()}
        for way, school in of_schools
        for row, level in school.leaders[0].items()
    ]
    choices = [{"way": way, "subtheme": each} for way, school in of_schools for each in school.votes[0]]
    for table, rows in ((_level, levels), (_choice, choices)):
        table.create(connection)
        connection.execute(insert(table), rows)
    columns = ["response_id", "criterion", "perspective", "level", "reason", "revision", "answered_at"]
    answered = select(
        _response.c.id, _level.c.criterion, _level.c.perspective, _level.c.level, _level.c.reason, literal(0),
        _response.c.submitted_at,
    ).join(_level, _level.c.way == _WAY)  # fmt: skip
    chosen = select(_response.c.id, _choice.c.subtheme).join(_choice, _choice.c.way == _WAY)
    connection.execute(insert(_answer).from_select(columns, answered.order_by(_response.c.id)))
    connection.execute(insert(_vote).from_select(["response_id", "subtheme"], chosen.order_by(_response.c.id)))


def _reports(connection: Connection, framework: Framework, ways: Sequence[Sequence[SchoolScores]]) -> None:
    """Store each report as a snapshot does: the long part, and the few figures that a network needs."""
    facts = [report_facts(framework, SCHOOLS, schools) for schools in ways]
    content = [report_to_json(each) for each in facts]
    cycles = [(_cycle(partnership, term), partnership, period) for partnership, term, period in _every_cycle()]
    frozen: Iterator[Values] = (
        {"id": cycle, "cycle_id": cycle, "number": 1, "made_at": _closes(period), "content": content[_way(cycle)]}
        for cycle, _, period in cycles
    )
    for some in _some_thousand(frozen):
        connection.execute(insert(tables.Snapshot), some)
    for cycle, partnership, period in cycles:
        network_reports.keep_figures(
            connection, cycle, _partnership(partnership), framework.id, _closes(period), facts[_way(cycle)]
        )


def _way(cycle: int) -> int:
    return (cycle - 1) % _WAYS
