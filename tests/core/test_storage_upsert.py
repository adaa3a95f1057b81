"""A row whose key is taken: the one that is there stays, is replaced, or changes as it was said."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, func, select

from core.storage import tables
from core.storage.prepared import Prepared
from core.storage.upsert import insert_or_ignore, upsert

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)
ATTEMPT = tables.LinkAttempt.__table__


def wrong_code(user: str, wrong: int, since: datetime) -> dict[str, object]:
    return {"platform": "web", "tenant": "demo", "user": user, "wrong": wrong, "since": since}


IGNORED = insert_or_ignore(ATTEMPT)
REPLACED = upsert(ATTEMPT)
ADDED_UP = upsert(ATTEMPT, lambda new: {"wrong": ATTEMPT.c.wrong + new.wrong})
REPLACED_BELOW_THREE = upsert(ATTEMPT, where=ATTEMPT.c.wrong < 3)
CASES = [
    pytest.param(IGNORED, 2, (2, NOON), 0, id="ignored: what is there stays"),
    pytest.param(REPLACED, 2, (5, LATER), 1, id="all but the key is new"),
    pytest.param(ADDED_UP, 2, (7, NOON), 1, id="2 + 5; what is not named stays"),
    pytest.param(REPLACED_BELOW_THREE, 2, (5, LATER), 1, id="2 is below 3"),
    pytest.param(REPLACED_BELOW_THREE, 3, (3, NOON), 0, id="3 is not"),
]


@pytest.mark.parametrize(("statement", "before", "after", "written"), CASES)
def test_a_taken_key(
    connection: Connection, statement: Prepared, before: int, after: tuple[int, datetime], written: int
) -> None:
    assert statement.run(connection, wrong_code("ann", before, NOON)) == 1
    assert statement.run(connection, wrong_code("ann", 5, LATER)) == written
    assert connection.execute(select(ATTEMPT.c.wrong, ATTEMPT.c.since)).one() == after


@pytest.mark.parametrize("statement", [IGNORED, REPLACED, ADDED_UP], ids=["ignored", "replaced", "added up"])
def test_a_free_key_is_inserted_whatever_else_there_is(connection: Connection, statement: Prepared) -> None:
    assert [statement.run(connection, wrong_code(user, 1, NOON)) for user in ("ann", "bea")] == [1, 1]
    assert connection.scalar(select(func.count()).select_from(ATTEMPT)) == 2
