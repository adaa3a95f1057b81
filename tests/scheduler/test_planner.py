"""What the planner puts into the outbox: for whom, where, and once however many processes plan.

River's cycle opens on Monday 7 June 2027 at eight and closes on Thursday 8 July at four. Everybody is reminded
after school, at 15:45. The slots are Mondays 14 and 21 June and 5 July, and Wednesday 7 July.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import TypeVar

import pytest
from sqlalchemy import Connection, insert, select, update

from bot.messages.blocks import Message, Paragraph
from bot.messages.references import CycleClosed, Invitation, MessageReference, Nudge, ShortReply
from core.services import cycles, notices, nudges, report_snapshots
from core.storage import inbox
from core.storage.database import Database
from core.storage.frameworks import FrameworkShelf
from core.storage.outbox import OutboxItem
from core.storage.tables import Account, Outbox
from scheduler.delivery import Delivery
from scheduler.planner import next_due, plan_due, purge
from tests.support.by_the_clock import LEADERS, River, to_all
from tests.support.days import CLOSES, OPENS
from tests.support.days import london as at
from tests.support.enquiries import begin
from tests.support.fake_platform import FakePlatform
from tests.support.partnership_files import river

T = TypeVar("T")
INVITED_AT, FIFTH_DAY, TENTH_DAY = at("2027-06-07 15:45"), at("2027-06-14 15:45"), at("2027-06-21 15:45")
LAST_DAY = at("2027-07-07 15:45")


@pytest.fixture
def partnership(database: Database) -> River:
    return River(database)


# To whom


async def test_every_leader_is_invited_and_then_reminded(partnership: River) -> None:
    await partnership.plan(INVITED_AT - timedelta(minutes=1))
    assert partnership.put() == []
    await partnership.plan(INVITED_AT)
    assert partnership.put() == to_all(Invitation(partnership.cycle))
    await partnership.plan(FIFTH_DAY)
    assert partnership.put() == to_all(Nudge(partnership.cycle, last_day=False))
    await partnership.plan(LAST_DAY)
    assert partnership.put() == to_all(Nudge(partnership.cycle, last_day=True))


async def test_what_is_put_is_said_once_to_the_person_it_is_for(partnership: River) -> None:
    await partnership.plan(INVITED_AT)
    query = select(Outbox).where(Outbox.conversation == "with-ann")
    row = partnership.database.read_now(lambda connection: connection.execute(query).one())
    assert (row.platform, row.tenant, row.kind, row.private_to) == ("web", "demo", "direct", None)
    assert (row.manner, row.person_id, row.key) == ("once", "ann", f"nudge:{partnership.cycle}:ann:opening")


def invitations(partnership: River) -> list[tuple[str, MessageReference]]:
    return [each for each in partnership.put() if isinstance(each[1], Invitation)]


async def test_the_leaders_of_a_school_that_has_submitted_are_left_alone(partnership: River) -> None:
    partnership.bring(river(schools={"alder": ["ann", "ben"], "birch": ["cat"], "cedar": ["dan"], "damson": ["lea"]}))
    await partnership.plan(INVITED_AT)
    assert invitations(partnership) == to_all(Invitation(partnership.cycle), (*LEADERS, "lea"))
    partnership.submits("alder", "ann")
    await partnership.plan(FIFTH_DAY)
    assert partnership.put() == to_all(Nudge(partnership.cycle, last_day=False), ("cat", "dan", "lea"))


async def test_who_leads_two_schools_hears_of_the_cycle_once(partnership: River) -> None:
    partnership.bring(river(schools={"alder": ["ann"], "birch": ["ann"], "cedar": ["ben"], "damson": ["ben"]}))
    await partnership.plan(INVITED_AT)
    assert invitations(partnership) == to_all(Invitation(partnership.cycle), ("ann", "ben"))
    partnership.submits("alder", "ann")
    await partnership.plan(FIFTH_DAY)
    assert partnership.put() == to_all(Nudge(partnership.cycle, last_day=False), ("ann", "ben"))
    partnership.submits("birch", "ann")
    await partnership.plan(TENTH_DAY)
    assert partnership.put() == to_all(Nudge(partnership.cycle, last_day=False), ("ben",))


async def test_who_leads_schools_in_two_partnerships_hears_of_both_cycles(partnership: River) -> None:
    hill = river(id="hill", name="Hill", schools={"elm": ["ann"]}, people=("ann",), leads=("ann",), channel="hill")
    partnership.bring(hill)
    other = partnership.opens_cycle("hill").id
    await partnership.plan(INVITED_AT)
    heard = [what for where, what in partnership.put() if where == "with-ann"]
    assert heard == [Invitation(partnership.cycle), Invitation(other)]
    partnership.database.write_now(lambda connection: nudges.stop(connection, other, "ann", INVITED_AT))
    await partnership.plan(FIFTH_DAY)
    heard = [what for where, what in partnership.put() if where == "with-ann"]
    assert heard == [Nudge(partnership.cycle, last_day=False)]


async def test_who_has_not_talked_with_the_bot_is_invited_once_they_have(partnership: River) -> None:
    forget = update(Account).where(Account.person_id == "ann").values(conversation=None)
    partnership.database.write_now(lambda connection: connection.execute(forget))
    await partnership.plan(INVITED_AT)
    assert partnership.put() == to_all(Invitation(partnership.cycle), ("ben", "cat", "dan"))
    remember = update(Account).where(Account.person_id == "ann").values(conversation="with-ann")
    partnership.database.write_now(lambda connection: connection.execute(remember))
    await partnership.plan(at("2027-06-09 09:00"))
    assert partnership.put() == to_all(Invitation(partnership.cycle), ("ann",))


async def test_a_reminder_comes_where_the_person_talked_with_the_bot_last(partnership: River) -> None:
    def use(platform: str, conversation: str, day: int) -> None:
        values = {"platform": platform, "tenant": "t", "user": "u", "person_id": "ann", "conversation": conversation}
        partnership.database.write_now(
            lambda connection: connection.execute(
                insert(Account).values(**values, last_used_at=at(f"2027-06-0{day} 10:00"))
            )
        )

    use("slack", "ann-in-slack", day=5)
    use("teams", "ann-in-teams", day=6)
    await partnership.plan(INVITED_AT)
    assert ("ann-in-teams", Invitation(partnership.cycle)) in partnership.put()


async def test_the_days_of_a_cycle_are_those_of_its_partnership(partnership: River) -> None:
    """Half past midnight in July is half past eleven of the day before in UTC."""
    opens, closes = at("2027-06-08 00:30"), at("2027-07-08 00:30")
    partnership.bring(
        river(id="hill", name="Hill", schools={"elm": ["ann"]}, people=("ann",), leads=("ann",), channel="hill")
    )
    cycle = partnership.database.write_now(
        lambda connection: cycles.open_cycle(
            connection, FrameworkShelf(), "hill", "Summer", closes, None, opens, opens_at=opens
        )
    )
    rounds = partnership.database.read_now(nudges.rounds)
    (slots,) = [each.slots for each in rounds if each.cycle == cycle]
    assert (slots[0].key, slots[0].on) == ("opening", date(2027, 6, 8))
    assert (slots[-1].key, slots[-1].on) == ("last-day:2027-07-08", date(2027, 7, 7))


# What leaders asked for


async def test_a_leader_who_snoozed_is_reminded_on_that_day_and_one_who_stopped_is_not(partnership: River) -> None:
    await partnership.plan(INVITED_AT)
    partnership.put()
    until = INVITED_AT + timedelta(days=2)
    partnership.database.write_now(lambda connection: nudges.snooze(connection, partnership.cycle, "ann", until))
    partnership.database.write_now(lambda connection: nudges.stop(connection, partnership.cycle, "ben", INVITED_AT))
    await partnership.plan(until)
    assert partnership.put() == to_all(Nudge(partnership.cycle, last_day=False), ("ann",))
    await partnership.plan(FIFTH_DAY)
    assert partnership.put() == to_all(Nudge(partnership.cycle, last_day=False), ("ann", "cat", "dan"))


async def test_who_asks_for_a_reminder_after_stopping_them_gets_it(partnership: River) -> None:
    await partnership.plan(INVITED_AT)
    partnership.put()
    partnership.database.write_now(lambda connection: nudges.stop(connection, partnership.cycle, "ann", INVITED_AT))
    until = INVITED_AT + timedelta(days=2)
    partnership.database.write_now(lambda connection: nudges.snooze(connection, partnership.cycle, "ann", until))
    await partnership.plan(until)
    assert partnership.put() == to_all(Nudge(partnership.cycle, last_day=False), ("ann",))


async def test_who_was_invited_in_conversation_is_not_invited_again(partnership: River) -> None:
    partnership.database.write_now(lambda connection: nudges.invited(connection, partnership.cycle, "ann", OPENS))
    await partnership.plan(INVITED_AT)
    assert partnership.put() == to_all(Invitation(partnership.cycle), ("ben", "cat", "dan"))


async def test_who_has_started_is_not_invited_but_reminded(partnership: River) -> None:
    partnership.database.write_now(lambda connection: begin(connection, partnership.cycle, "alder", "ann", OPENS))
    await partnership.plan(INVITED_AT)
    assert partnership.put() == to_all(Invitation(partnership.cycle), ("ben", "cat", "dan"))
    await partnership.plan(FIFTH_DAY)
    assert partnership.put() == to_all(Nudge(partnership.cycle, last_day=False))


# Once


async def test_planning_again_changes_nothing(partnership: River) -> None:
    for minute in range(3):
        await partnership.plan(INVITED_AT + timedelta(minutes=minute))
    assert partnership.put() == to_all(Invitation(partnership.cycle))


async def test_a_slot_can_be_taken_once(partnership: River) -> None:
    due = partnership.database.read_now(lambda connection: nudges.due(connection, INVITED_AT))[0]
    taken = [
        partnership.database.write_now(lambda connection: nudges.plan(connection, due, INVITED_AT)) for _ in range(2)
    ]
    assert taken == [True, False]


async def test_two_processes_that_plan_at_once_put_each_nudge_once(partnership: River, database_url: str) -> None:
    other = Database(database_url)
    try:
        for now in (INVITED_AT, FIFTH_DAY, TENTH_DAY):
            await asyncio.gather(*(plan_due(each, now) for each in (partnership.database, other) * 3))
        wanted = [Invitation(partnership.cycle), *[Nudge(partnership.cycle, last_day=False)] * 2]
        assert [what for where, what in partnership.put() if where == "with-ann"] == wanted
    finally:
        other.close()


async def test_after_a_week_without_the_bot_each_leader_hears_once(partnership: River) -> None:
    await partnership.plan(INVITED_AT)
    partnership.put()
    for minute in range(3):
        await partnership.plan(at("2027-06-22 09:00") + timedelta(minutes=minute))
    await partnership.plan(at("2027-06-22 15:45"))
    assert partnership.put() == to_all(Nudge(partnership.cycle, last_day=False))


# Closing


async def test_when_its_time_is_over_the_cycle_is_closed_and_its_lead_is_told_once(partnership: River) -> None:
    for minute in (1, 2):
        await partnership.plan(CLOSES + timedelta(minutes=minute))
    closed = partnership.database.read_now(lambda connection: cycles.cycle_by_id(connection, partnership.cycle))
    assert closed is not None
    assert closed.closed_at == CLOSES
    assert partnership.put() == [("with-lea", CycleClosed(partnership.cycle))]


async def test_a_lead_who_closed_the_cycle_needs_no_telling(partnership: River) -> None:
    partnership.database.write_now(
        lambda connection: cycles.close_cycle(connection, partnership.cycle, TENTH_DAY, by="lea")
    )
    await partnership.plan(CLOSES)
    assert [what for where, what in partnership.put() if where == "with-lea"] == []


class Overtaken(Database):
    """Whenever this process has looked what there is to do, somebody else is quicker to do something."""

    def __init__(self, url: str, quicker: Callable[[], object]) -> None:
        super().__init__(url)
        self.quicker = quicker

    async def read(self, work: Callable[[Connection], T], *, brief: bool = False) -> T:
        found = await super().read(work, brief=brief)
        self.quicker()
        return found


async def test_a_lead_who_has_the_report_made_before_the_clock_closes_needs_no_telling(
    partnership: River, database_url: str
) -> None:
    def have_it_made() -> None:
        partnership.database.write_now(
            lambda connection: report_snapshots.freeze(connection, FrameworkShelf(), partnership.cycle, CLOSES)
        )

    clock = Overtaken(database_url, have_it_made)
    try:
        await plan_due(clock, CLOSES)
    finally:
        clock.close()
    assert partnership.put() == []


async def test_two_processes_close_a_cycle_once(partnership: River, database_url: str) -> None:
    other = Database(database_url)
    try:
        await asyncio.gather(*(plan_due(each, CLOSES) for each in (partnership.database, other) * 3))
        assert partnership.put() == [("with-lea", CycleClosed(partnership.cycle))]
    finally:
        other.close()


# When the next one comes


async def test_the_demo_finds_the_way_from_nudge_to_nudge(partnership: River) -> None:
    moments, now = [], OPENS
    while moment := await next_due(partnership.database, now):
        moments.append(moment)
        now = moment
        await partnership.plan(now)
    assert moments == [INVITED_AT, FIFTH_DAY, TENTH_DAY, at("2027-07-05 15:45"), LAST_DAY]
    assert len(partnership.put()) == 5 * len(LEADERS)


async def test_nobody_is_to_be_reminded_of_a_closed_cycle(partnership: River) -> None:
    await partnership.plan(CLOSES)
    assert await next_due(partnership.database, CLOSES) is None


# When it is about to be sent


async def test_a_nudge_that_waited_while_its_school_submitted_is_not_said(partnership: River) -> None:
    await partnership.plan(INVITED_AT)
    partnership.submits("alder", "ann")
    platform = FakePlatform("web")

    async def compose(item: OutboxItem) -> Message | None:
        wanted = await partnership.database.read(
            lambda connection: nudges.is_wanted(connection, partnership.cycle, item.key, INVITED_AT)
        )
        return Message(item.key, (Paragraph("A reminder"),), "en") if wanted else None

    await Delivery(partnership.database, {"web": platform}, compose, lambda: INVITED_AT).drain()
    assert sorted(shown.conversation.id for shown in platform.log) == ["with-ben", "with-cat", "with-dan"]


# Forgetting


async def test_events_are_forgotten_after_thirty_days(partnership: River) -> None:
    for key, came in (("old", OPENS), ("young", OPENS + timedelta(seconds=1))):
        partnership.database.write_now(partial(inbox.is_new, event_key=key, now=came))
    later = OPENS + timedelta(days=30, seconds=1)
    await purge(partnership.database, later)
    new = {
        key: partnership.database.write_now(partial(inbox.is_new, event_key=key, now=later)) for key in ("old", "young")
    }
    assert new == {"old": True, "young": False}


# Notices


async def test_whose_account_was_somebody_elses_is_told_so_once(partnership: River, database: Database) -> None:
    note = partial(notices.add, person="ann", what=notices.What.ACCOUNT_PASSED_ON, at=OPENS)
    await database.write(note)
    await partnership.plan(OPENS)
    await partnership.plan(OPENS + timedelta(minutes=1))
    assert partnership.put() == [("with-ann", ShortReply("account-passed-on"))]


async def test_who_cannot_be_reached_yet_is_told_later(partnership: River, database: Database) -> None:
    await database.write(partial(notices.add, person="ann", what=notices.What.ACCOUNT_PASSED_ON, at=OPENS))
    away = update(Account).filter_by(person_id="ann")
    await database.write(lambda writing: writing.execute(away.values(conversation=None)))
    await partnership.plan(OPENS)
    assert partnership.put() == []
    await database.write(lambda writing: writing.execute(away.values(conversation="with-ann")))
    await partnership.plan(OPENS + timedelta(days=59, hours=23))
    assert ("with-ann", ShortReply("account-passed-on")) in partnership.put()


async def test_after_two_months_it_is_no_news(partnership: River, database: Database) -> None:
    await database.write(partial(notices.add, person="ann", what=notices.What.ACCOUNT_PASSED_ON, at=OPENS))
    await partnership.plan(OPENS + timedelta(days=60))
    assert ("with-ann", ShortReply("account-passed-on")) not in partnership.put()
