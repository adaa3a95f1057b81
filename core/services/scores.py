"""What a cycle's leaders submitted, in the form the analysis needs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Final

from sqlalchemy import ColumnElement, Connection, and_, bindparam, select

from core.analysis.scores import SchoolScores
from core.framework import Perspective, Row
from core.storage import tables

_response = tables.Response.__table__
_answer = tables.Answer.__table__
_vote = tables.PriorityVote.__table__

_SUBMITTED = and_(_response.c.cycle_id == bindparam("cycle"), _response.c.submitted_at.is_not(None))


class _Of:
    """The parts of submitted responses that are read."""

    def __init__(self, *so: ColumnElement[bool]) -> None:
        submitted = and_(_SUBMITTED, *so)
        self.responses = (
            select(_response.c.id, _response.c.school_id, _response.c.person_id, _response.c.begun_by_id)
            .where(submitted)
            .order_by(_response.c.id)
        )
        self.answers = (
            select(_answer.c.response_id, _answer.c.criterion, _answer.c.perspective, _answer.c.level)
            .join(_response, _response.c.id == _answer.c.response_id)
            .where(submitted)
        )
        self.votes = (
            select(_vote.c.response_id, _vote.c.subtheme)
            .join(_response, _response.c.id == _vote.c.response_id)
            .where(submitted)
        )


_OF_ALL: Final = _Of()
_OF_ONE: Final = _Of(_response.c.school_id == bindparam("school"))


def submitted_scores(connection: Connection, cycle: int) -> list[SchoolScores]:
    """The schools that have submitted, in the order of their ids. What a leader has not submitted does not count."""
    return _scores(connection, _OF_ALL, {"cycle": cycle})


def scores_of(connection: Connection, cycle: int, school: str) -> SchoolScores:
    """What the leaders of one school have submitted; empty if none of them has."""
    return next(iter(_scores(connection, _OF_ONE, {"cycle": cycle, "school": school})), SchoolScores(school, (), ()))


def _scores(connection: Connection, of: _Of, which: Mapping[str, object]) -> list[SchoolScores]:
    levels: dict[int, dict[Row, int | None]] = defaultdict(dict)
    for response, criterion, perspective, level in connection.execute(of.answers, which):
        levels[response][Row(criterion, Perspective(perspective))] = level
    votes: dict[int, set[str]] = defaultdict(set)
    for response, subtheme in connection.execute(of.votes, which):
        votes[response].add(subtheme)
    schools: dict[str, list[tuple[int, set[str]]]] = defaultdict(list)
    for response, school, *people in connection.execute(of.responses, which):
        schools[school].append((response, {person for person in people if person is not None}))
    return [
        SchoolScores(
            school=school,
            leaders=tuple(levels[response] for response, _ in responses),
            votes=tuple(frozenset(votes[response]) for response, _ in responses),
            respondents=frozenset(person for _, people in responses for person in people),
        )
        for school, responses in sorted(schools.items())
    ]
