"""The pace of calls: what a platform limits together is counted together, whichever process calls."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from core.pace import HALF_LIFE, LEARNT_BY, SLOWEST, PacedLine, Rate, learnt, remembered
from core.storage import pace
from core.storage.database import Database

POSTS = PacedLine("posts", Rate(burst=4, every=1.0))
EDITS = PacedLine("edits", Rate(burst=1, every=2.0))
NOON = 1_800_000_000.0
"""A moment in seconds since 1970."""


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url)
    opened.upgrade()
    yield opened
    opened.close()


def join(
    database: Database,
    *lines: PacedLine,
    at: float = 0.0,
    tenant: str = "T1",
    bulk: bool = False,
    patience: float = 60.0,
) -> float:
    """How long a call has to wait, so many seconds after noon."""
    return database.write_now(
        lambda writing: pace.join(
            writing, "slack", tenant, lines or [POSTS], now=NOON + at, patience=patience, bulk=bulk
        )
    )


def hold(database: Database, seconds: float, *, at: float = 0.0, tenant: str = "T1") -> None:
    work = lambda writing: pace.hold(writing, "slack", tenant, POSTS, seconds=seconds, now=NOON + at)  # noqa: E731
    database.write_now(work)


def test_a_burst_goes_at_once_and_the_others_one_by_one(database: Database) -> None:
    assert [join(database) for _ in range(6)] == [0, 0, 0, 0, 1, 2]


def test_a_line_that_was_idle_allows_a_burst_again(database: Database) -> None:
    for _ in range(4):
        join(database)
    assert [join(database, at=2) for _ in range(3)] == [0, 0, 1]


def test_each_workspace_and_each_method_has_its_own_line(database: Database) -> None:
    for _ in range(5):
        join(database)
    assert (join(database), join(database, tenant="T2"), join(database, EDITS)) == (2, 0, 0)


def test_a_call_waits_for_the_longest_of_its_lines_and_joins_them_all(database: Database) -> None:
    join(database, EDITS)
    assert join(database, POSTS, EDITS) == 2
    assert [join(database) for _ in range(4)] == [0, 0, 0, 1]


def test_who_would_wait_too_long_joins_no_line(database: Database) -> None:
    join(database, EDITS)
    assert join(database, POSTS, EDITS, patience=1) == 2
    assert [join(database) for _ in range(5)] == [0, 0, 0, 0, 1]


def test_bulk_leaves_a_quarter_of_the_burst_to_answers(database: Database) -> None:
    assert [join(database, bulk=True, patience=0) for _ in range(4)] == [0, 0, 0, 1]
    assert join(database) == 0


def test_after_a_pause_calls_go_one_at_a_time(database: Database) -> None:
    hold(database, 3)
    assert [join(database), join(database)] == [3, 4]


def test_bulk_goes_slower_in_every_workspace_once_the_platform_has_refused(database: Database) -> None:
    """One each 1.2 seconds instead of one a second; answers go as documented."""
    hold(database, 3)
    for _ in range(3):
        join(database, tenant="T2", bulk=True)
    assert join(database, tenant="T2", bulk=True, patience=0) == pytest.approx(4 * LEARNT_BY - 3)
    assert [join(database, tenant="T3") for _ in range(5)] == [0, 0, 0, 0, 1]


def test_calls_that_were_refused_in_the_same_pause_teach_nothing_more(database: Database) -> None:
    for tenant in ("T1", "T2", "T3"):
        hold(database, 3, tenant=tenant)
    join(database, tenant="T4", bulk=True)
    assert join(database, tenant="T4", bulk=True, at=10) == 0
    for _ in range(2):
        join(database, tenant="T5", bulk=True)
    assert join(database, tenant="T5", bulk=True) == pytest.approx(3 * LEARNT_BY - 3)


@pytest.mark.parametrize(
    ("seconds", "left", "why"),
    [
        (0, 2.0, "just learnt"),
        (HALF_LIFE, 1.5, "half of what it is slower by"),
        (2 * HALF_LIFE, 1.25, "a quarter of it"),
        (-5, 2.0, "another machine's clock is ahead"),
    ],
)
def test_what_was_learnt_is_forgotten_little_by_little(seconds: float, left: float, why: str) -> None:
    assert remembered(2.0, seconds) == pytest.approx(left), why


@pytest.mark.parametrize(
    ("calls", "seconds", "slower", "why"),
    [
        (0, 0, 2.4, "nothing is known yet: a fifth slower than twice"),
        (4, 20, 2.4, "four calls tell too little"),
        (10, 15, 1.5, "it took ten calls in fifteen seconds"),
        (10, 2, 1.0, "answers were too many; bulk goes no faster than documented"),
        (10, 900, 3.0, "the line may have been idle: half as slow again at most"),
    ],
)
def test_what_a_platform_took_between_two_refusals_is_what_it_allows(
    calls: int, seconds: float, slower: float, why: str
) -> None:
    assert learnt(POSTS.rate, 2.0, calls, seconds) == pytest.approx(slower), why


def test_it_never_goes_slower_than_thirty_times() -> None:
    assert learnt(POSTS.rate, SLOWEST, 0, 0) == SLOWEST


def test_two_refusals_in_one_workspace_tell_what_it_allows(database: Database) -> None:
    """It takes six calls in nine seconds, one each second and a half: so do others from now on."""
    hold(database, 1)
    for number in range(6):
        join(database, at=2 + number)
    hold(database, 1, at=9)
    for _ in range(3):
        join(database, tenant="T2", bulk=True, at=13)
    assert join(database, tenant="T2", bulk=True, patience=0, at=13) == pytest.approx(4 * 1.5 - 3, abs=0.01)


def test_a_line_that_has_been_empty_for_a_day_is_forgotten(database: Database) -> None:
    join(database)
    assert database.write_now(lambda writing: pace.purge(writing, NOON + pace.KEPT_FOR)) == 0
    assert database.write_now(lambda writing: pace.purge(writing, NOON + 1 + pace.KEPT_FOR + 1)) == 1
