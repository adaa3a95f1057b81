"""Where one school's offer meets another's request."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, insert

from core.services.practice_meetings import meeting_subthemes
from core.storage import tables
from core.storage.database import Database
from tests.support.by_the_clock import River
from tests.support.days import CLOSES


@pytest.fixture
def river(database_url: str) -> Iterator[River]:
    database = Database(database_url)
    database.upgrade()
    yield River(database)
    database.close()


def wishes(river: River, *written: tuple[int, str, str, bool | None]) -> frozenset[str]:
    """By response (in the order of submitting), sub-theme, kind, and whether the school offered it."""

    def keep(connection: Connection) -> frozenset[str]:
        for number, (response, subtheme, kind, offered) in enumerate(written, start=1):
            connection.execute(
                insert(tables.Note).values(
                    id=number, response_id=response, subtheme=subtheme, kind=kind, text="…", audience="school",
                    offered=offered, written_at=CLOSES,
                )
            )  # fmt: skip
        return meeting_subthemes(connection, river.cycle)

    return river.database.write_now(keep)


@pytest.fixture
def two(river: River) -> River:
    river.submits("alder", "ann")
    river.submits("birch", "ben")
    return river


def test_an_offer_meets_a_request_of_another_school(two: River) -> None:
    assert wishes(two, (1, "1.1", "strength", True), (2, "1.1", "development", True)) == {"1.1"}


@pytest.mark.parametrize(
    "written",
    [
        pytest.param([(1, "1.1", "strength", True), (1, "1.1", "development", True)], id="of the same school"),
        pytest.param([(1, "1.1", "strength", True), (2, "1.2", "development", True)], id="about something else"),
        pytest.param([(1, "1.1", "strength", False), (2, "1.1", "development", True)], id="not offered"),
        pytest.param([(1, "1.1", "strength", None), (2, "1.1", "development", True)], id="not yet said"),
        pytest.param([(1, "1.1", "strength", True), (2, "1.1", "evidence", True)], id="evidence is no request"),
        pytest.param([], id="nothing"),
    ],
)
def test_otherwise_nothing_meets(two: River, written: list[tuple[int, str, str, bool | None]]) -> None:
    assert wishes(two, *written) == frozenset()
