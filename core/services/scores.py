"""What the leaders of a cycle submitted, as the analysis wants it."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import Connection, and_, bindparam, select

from core.analysis.scores import SchoolScores
from core.framework import Perspective, Row
from core.storage import tables

_response = tables.Response.__table__
_answer = tables.Answer.__table__
_vote = tables.PriorityVote.__table__

_SUBMITTED = and_(_response.c.cycle_id == bindparam("cycle"), _response.c.submitted_at.is_not(None))
_RESPONSES = (
    select(_response.c.id, _response.c.school_id, _response.c.person_id).where(_SUBMITTED).order_by(_response.c.id)
)
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


def submitted_scores(connection: Connection, cycle: int) -> list[SchoolScores]:
    """The schools that have submitted, in the order of their ids. What a leader has not submitted does not count."""
    levels: dict[int, dict[Row, int | None]] = defaultdict(dict)
    for response, criterion, perspective, level in connection.execute(_ANSWERS, {"cycle": cycle}):
        levels[response][Row(criterion, Perspective(perspective))] = level
    votes: dict[int, set[str]] = defaultdict(set)
    for response, subtheme in connection.execute(_VOTES, {"cycle": cycle}):
        votes[response].add(subtheme)
    schools: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for response, school, person in connection.execute(_RESPONSES, {"cycle": cycle}):
        schools[school].append((response, person))
    return [
        SchoolScores(
            school=school,
            leaders=tuple(levels[response] for response, _ in responses),
            votes=tuple(frozenset(votes[response]) for response, _ in responses),
            respondents=frozenset(person for _, person in responses),
        )
        for school, responses in sorted(schools.items())
    ]
