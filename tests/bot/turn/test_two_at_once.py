"""Two events at the same moment on PostgreSQL, which handles them side by side; SQLite takes them one by one anyway.

In each scenario the first has done all it does but for its commit when the second begins. The second either waits for
it, which PostgreSQL itself tells us, or comes to its end without.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Barrier
from typing import Any, TypeVar

import psycopg
import pytest
from sqlalchemy import Connection, Executable, event, func, select, text

from bot.inbound import buttons
from bot.inbound.buttons import Press
from bot.inbound.events import Incoming, Pressed
from bot.turn.handle import Handled, turn
from core.framework import Perspective
from core.services import nudges, report_snapshots
from core.storage import tables
from core.storage.database import Database
from tests.support.database import Postgres
from tests.support.world import CLOSES, World

T = TypeVar("T")
Work = Callable[[Connection], T]
BOUND = 20
"""Seconds within which the second has to be waiting or done."""


@dataclass
class Town:
    """The world of the other conversations, in a database that several connections share."""

    database: Database
    connection: Connection
    world: World = field(init=False)

    def __post_init__(self) -> None:
        self.world = World(self.connection)

    def prepared(self) -> None:
        """What has been told so far is there for everybody."""
        self.connection.commit()

    def event(self, person: str, action: Press, late: timedelta | None = None) -> Work[Handled]:
        return self.handling(self.world.event(person, Pressed(action), late=late))

    def handling(self, incoming: Incoming) -> Work[Handled]:
        now = self.world.now
        return lambda connection: turn(connection, self.world.shelf, incoming, now)

    def at_once(self, first: Work[T], second: Work[T]) -> tuple[T, T]:
        """What each came to; the second began when the first had yet to commit."""
        self.prepared()
        engine = self.database.engine
        with engine.connect() as one, engine.connect() as other, ThreadPoolExecutor(1) as thread:
            before = first(one)
            after = thread.submit(_committed, other, second)
            self._wait_until_held_up(after, _pid(other))
            one.commit()
            return before, after.result(BOUND)

    def side_by_side(self, *both: Work[T], until: str) -> list[T]:
        """What each came to; neither ran a statement that begins so before both had come to it."""
        self.prepared()
        barrier, engine = Barrier(2, timeout=BOUND), self.database.engine
        with engine.connect() as one, engine.connect() as other, ThreadPoolExecutor(2) as threads:
            for connection in (one, other):
                event.listen(connection, "before_cursor_execute", _meeting_once(barrier, until))
            return list(threads.map(_committed, (one, other), both))

    def _wait_until_held_up(self, running: Future[T], pid: int) -> None:
        blocked = text("SELECT cardinality(pg_blocking_pids(:pid)) > 0")
        with self.database.engine.connect() as watching:
            for _ in range(BOUND * 100):
                if wait([running], timeout=0.01).done or watching.scalar(blocked, {"pid": pid}):
                    return
        raise AssertionError("the second neither ended nor waited")

    def rows(self, query: Executable) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self.connection.execute(query)]

    def mentions(self, *identities: str) -> set[str]:
        """The tables in which any of these can be found, as a whole value."""
        return {
            table.name
            for table in tables.Base.metadata.sorted_tables
            for row in self.connection.execute(select(table))
            if not set(identities).isdisjoint(map(str, row))
        }

    def all_submit_but(self, *, open_still: str) -> int:
        """Every school submits but this one, whose leader has only to press Submit; returns their response."""
        for school in self.world.schools:
            leader = f"leader-{school}"
            self.world.finishes(leader)
            self.world.types(leader, "done")
            if school != open_still:
                self.world.types(leader, "submit")
        return self.world.enquiry(f"leader-{open_still}").response

    def submitted(self) -> int:
        found = select(func.count()).select_from(tables.Response).where(tables.Response.submitted_at.is_not(None))
        return self.connection.execute(found).scalar_one()

    def submitted_in_report(self) -> list[int]:
        return [content["response"]["submitted"] for (content,) in self.rows(select(tables.Snapshot.content))]

    def reports(self) -> int:
        """How many reports wait to be posted."""
        return sum(key.startswith("report:") for (key,) in self.rows(select(tables.Outbox.key)))


def _committed(connection: Connection, work: Work[T]) -> T:
    result = work(connection)
    connection.commit()
    return result


def _meeting_once(barrier: Barrier, before: str) -> Callable[..., None]:
    met: list[str] = []

    def meet(_: Connection, __: object, statement: str, *___: object) -> None:
        if statement.startswith(before) and not met:
            met.append(statement)
            barrier.wait()

    return meet


def _pid(connection: Connection) -> int:
    driver: psycopg.Connection = connection.connection.dbapi_connection  # type: ignore[assignment]
    return driver.info.backend_pid


@pytest.fixture(scope="module")
def template(postgres: Postgres) -> Iterator[str]:
    """The name of a database with all tables and nothing in them."""
    url = postgres.fresh_url()
    database = Database(url)
    database.upgrade()
    database.close()
    yield database.engine.url.database or ""
    postgres.drop(url)


@pytest.fixture
def town(postgres: Postgres, template: str) -> Iterator[Town]:
    url = postgres.fresh_url(template)
    database = Database(url)
    with database.engine.connect() as connection:
        yield Town(database, connection)
    database.close()
    postgres.drop(url)


def score(response: int, criterion: str, perspective: Perspective, level: int) -> Press:
    return buttons.Score(response, criterion, perspective, str(level), 0)


SCHOOL, PARTNERSHIP = Perspective.SCHOOL, Perspective.PARTNERSHIP


def started(town: Town) -> int:
    """Leader A has started; returns their response."""
    town.world.types("leader-a", "start")
    return town.world.enquiry("leader-a").response


# A leader on two devices


def test_two_taps_that_finish_a_subtheme_together_lead_to_the_next(town: Town) -> None:
    response = started(town)
    town.world.taps("leader-a", 3, 3)
    town.at_once(
        town.event("leader-a", score(response, "1.1.b", SCHOOL, 3)),
        town.event("leader-a", score(response, "1.1.b", PARTNERSHIP, 2)),
    )
    town.world.deliver()
    assert town.world.scores("leader-a") == {
        "1.1.a school": 3, "1.1.a partnership": 3, "1.1.b school": 3, "1.1.b partnership": 2
    }  # fmt: skip
    assert town.world.posted == [f"card:{response}:1.2"]


@pytest.mark.parametrize("other", ["2.1", "2.2"])
def test_of_two_priorities_pressed_together_neither_is_lost_nor_counted_twice(town: Town, other: str) -> None:
    town.world.finishes("leader-a")
    response = town.world.enquiry("leader-a").response
    town.at_once(
        town.event("leader-a", buttons.Prioritise(response, "2.1", yes=True)),
        town.event("leader-a", buttons.Prioritise(response, other, yes=True)),
    )
    assert set(town.world.enquiry("leader-a").priorities) == {"2.1", other}


def test_start_pressed_on_two_devices_begins_one_response(town: Town) -> None:
    town.at_once(
        town.event("leader-a", buttons.Start(1, "a")),
        town.event("leader-a", buttons.Start(1, "a")),
    )
    ((response,),) = town.rows(select(tables.Response.id))
    assert town.rows(select(tables.Talk.person_id, tables.Talk.response_id)) == [("leader-a", response)]


def test_an_event_that_is_delivered_twice_together_has_its_effect_once(town: Town) -> None:
    response = started(town)
    event = town.event("leader-a", score(response, "1.1.a", SCHOOL, 3))
    first, second = town.at_once(event, event)
    assert (first.fresh, second.fresh) == (True, False)
    assert town.rows(select(tables.Answer.level, tables.Answer.revision)) == [(3, 1)]


@pytest.mark.parametrize("older_first", [True, False])
def test_of_two_taps_in_one_row_the_later_one_stays_whichever_is_handled_first(town: Town, older_first: bool) -> None:
    response = started(town)
    older = town.event("leader-a", score(response, "1.1.a", SCHOOL, 1), timedelta(minutes=1))
    later = town.event("leader-a", score(response, "1.1.a", SCHOOL, 4))
    town.at_once(*((older, later) if older_first else (later, older)))
    assert town.world.scores("leader-a") == {"1.1.a school": 4}


# A leader and a lead


def test_what_is_submitted_while_the_lead_closes_is_in_the_report(town: Town) -> None:
    response = town.all_submit_but(open_still="e")
    town.at_once(town.event("leader-e", buttons.Submit(response)), town.event("lead", buttons.CloseAndReport(1)))
    assert town.submitted() == 5
    assert town.submitted_in_report() == [5]


def test_what_comes_while_the_cycle_is_being_closed_is_not_kept(town: Town) -> None:
    response = town.all_submit_but(open_still="e")
    town.at_once(town.event("lead", buttons.CloseAndReport(1)), town.event("leader-e", buttons.Submit(response)))
    town.world.deliver()
    assert town.submitted() == 4
    assert town.submitted_in_report() == [4]
    assert "has closed" in town.world.text("leader-e")


def test_a_late_submission_finds_the_cycle_closed_by_the_report_whatever_its_own_clock_says(town: Town) -> None:
    """Two processes, one clock a few seconds behind the other: the report of a cycle whose time is over closes it."""
    response = town.all_submit_but(open_still="e")
    town.world.now = CLOSES - timedelta(seconds=6)
    town.at_once(
        lambda connection: report_snapshots.freeze(connection, town.world.shelf, 1, CLOSES),
        town.event("leader-e", buttons.Submit(response)),
    )
    assert town.submitted() == 4
    assert town.submitted_in_report() == [4]
    assert town.rows(select(tables.Cycle.closed_at)) == [(CLOSES,)]


# Two leads


@pytest.fixture
def two_leads(town: Town) -> Town:
    """Leader A leads the partnership too, and everybody but E has submitted."""
    town.connection.execute(
        tables.PartnershipRole.__table__.insert().values(partnership_id="harbour", person_id="leader-a", role="lead")
    )
    town.all_submit_but(open_still="e")
    return town


def test_two_leads_who_close_together_close_once_and_post_once(two_leads: Town) -> None:
    two_leads.at_once(
        two_leads.event("lead", buttons.CloseAndReport(1)),
        two_leads.event("leader-a", buttons.CloseAndReport(1)),
    )
    two_leads.world.deliver()
    assert two_leads.submitted_in_report() == [4]
    assert two_leads.reports() == 1
    for lead in ("lead", "leader-a"):
        assert "is on its way" in two_leads.world.text(lead)


def test_two_leads_who_lead_schools_too_and_close_together_do_not_wait_for_each_other(two_leads: Town) -> None:
    two_leads.world.leads_also("lead", "b")
    two_leads.world.chooses("lead", buttons.Start(1, "b"))
    two_leads.side_by_side(
        two_leads.event("lead", buttons.CloseAndReport(1)),
        two_leads.event("leader-a", buttons.CloseAndReport(1)),
        until="UPDATE cycle",
    )
    assert two_leads.submitted_in_report() == [4]
    assert two_leads.reports() == 1


def test_two_leads_who_ask_for_a_report_together_get_one(two_leads: Town) -> None:
    two_leads.world.close_cycle()
    two_leads.at_once(
        two_leads.event("lead", buttons.ReportOf("harbour")),
        two_leads.event("leader-a", buttons.ReportOf("harbour")),
    )
    assert two_leads.submitted_in_report() == [4]
    assert two_leads.reports() == 1


# Somebody who leaves


IDENTITIES = ("leader-a", "Leader A", "direct-leader-a")


def test_who_answers_while_being_erased_is_erased_with_that_answer(town: Town) -> None:
    response = started(town)
    town.at_once(town.event("leader-a", score(response, "1.1.a", SCHOOL, 3)), town.event("leader-a", buttons.EraseMe()))
    assert town.rows(select(tables.Answer)) == []
    assert town.rows(select(tables.Response)) == []
    assert town.mentions(*IDENTITIES) <= {"outbox"}


def test_an_answer_of_somebody_who_is_being_erased_brings_nothing_back(town: Town) -> None:
    response = started(town)
    _, late = town.at_once(
        town.event("leader-a", buttons.EraseMe()), town.event("leader-a", score(response, "1.1.a", SCHOOL, 3))
    )
    assert late.fresh
    assert town.rows(select(tables.Answer)) == []
    assert town.rows(select(tables.Response)) == []
    assert town.mentions(*IDENTITIES) <= {"outbox"}
    assert town.rows(select(tables.Outbox.person_id).where(tables.Outbox.conversation == "direct-leader-a")) == [
        (None,), (None,)
    ]  # fmt: skip


def test_who_is_being_reminded_can_be_erased(town: Town) -> None:
    started(town)
    town.at_once(
        lambda connection: nudges.invited(connection, 1, "leader-a", town.world.now),
        town.event("leader-a", buttons.EraseMe()),
    )
    assert town.mentions(*IDENTITIES) <= {"outbox"}
