"""Which answers a leader is shown as those of last time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, select

from core.framework_file import default_framework
from core.services import answering, cycles
from core.storage import tables
from core.storage.frameworks import FrameworkShelf
from tests.support.enquiries import MONDAY, begin, bring
from tests.support.partnership_files import river

FULL = tuple(each.id for each in default_framework().subthemes)
LONG_AGO = MONDAY - timedelta(days=700)


def cycle(connection: Connection, opens_at: datetime, scope: Iterable[str]) -> int:
    """A cycle of a month."""
    closes_at = opens_at + timedelta(days=30)
    return cycles.open_cycle(
        connection, FrameworkShelf(), "river", "A term", closes_at, tuple(scope), opens_at, opens_at=opens_at
    ).id


def takes_part(connection: Connection, opens_at: datetime, scope: Iterable[str], *, submits: bool = True) -> int:
    """Ann's response for Alder School in a cycle that is over by now."""
    number = cycle(connection, opens_at, scope)
    response = begin(connection, number, "alder", "ann", opens_at)
    if submits:
        answering.submit(connection, response, opens_at)
    cycles.close_cycle(connection, number, opens_at + timedelta(days=30), by=None)
    return response


def last_time(connection: Connection, school: str, person: str, scope: Iterable[str] = FULL) -> int | None:
    """The response that one begun now has as its previous one."""
    response = begin(connection, cycle(connection, MONDAY, scope), school, person)
    return connection.execute(select(tables.Response.previous_id).filter_by(id=response)).scalar_one()


@pytest.mark.parametrize(
    ("earlier", "now", "which"),
    [
        ([FULL, FULL], FULL, 1),  # the later of two
        ([FULL, ("1.1", "2.1")], FULL, 0),  # a focus cycle in between does not hide what it did not ask
        ([FULL, ("1.1", "2.1")], ("1.1", "2.1"), 1),  # it asked all that is asked now
        ([FULL, ("1.1", "2.1")], ("2.1",), 1),
        ([FULL, ("1.1", "2.1")], ("2.1", "2.2"), 0),
        ([("1.1",)], FULL, 0),  # nobody asked everything, so better some than none
        ([("1.1",), ("2.1",)], ("1.1", "2.1"), 1),
        ([("1.1",), ("2.1",)], ("1.1", "2.2"), 0),
        ([("1.1",)], ("2.1",), None),  # nothing of it was asked
        ([], FULL, None),
    ],
)
def test_last_time_is_the_latest_cycle_that_asked_all_of_it_or_else_some(
    connection: Connection, earlier: list[tuple[str, ...]], now: tuple[str, ...], which: int | None
) -> None:
    bring(connection, river())
    responses = [
        takes_part(connection, LONG_AGO + term * timedelta(days=100), scope) for term, scope in enumerate(earlier)
    ]
    assert last_time(connection, "alder", "ann", now) == (None if which is None else responses[which])


def test_what_was_not_submitted_is_no_last_time(connection: Connection) -> None:
    bring(connection, river())
    takes_part(connection, LONG_AGO, FULL, submits=False)
    assert last_time(connection, "alder", "ann") is None


@pytest.mark.parametrize(("school", "person"), [("alder", "ben"), ("birch", "ann")])
def test_last_time_is_ones_own_for_the_same_school(connection: Connection, school: str, person: str) -> None:
    bring(connection, river())
    takes_part(connection, LONG_AGO, FULL)
    assert last_time(connection, school, person) is None
