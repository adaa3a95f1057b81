"""Actions by the clock: posted the same day, and their owners asked before half term, in school hours, once.

The autumn half term of 2027 is Monday 25 to Friday 29 October. Everybody is asked after school, at 15:45.
"""

from __future__ import annotations

import asyncio
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import delete, update

from bot.compose.composer import Composer
from bot.messages.blocks import Message
from bot.messages.references import to_json
from bot.messages.references_partnership import AgreedActionCard, AgreedActionsCheckIn, AgreedActionsPosted
from core.agreed_actions import ActionState, NewAction
from core.services import agreed_actions
from core.storage import outbox
from core.storage.database import Database
from core.storage.frameworks import FrameworkShelf
from core.storage.outbox import OutboxItem
from core.storage.tables import Channel, Leader, Person
from scheduler.delivery import Delivery
from scheduler.planner import plan_due
from tests.support.by_the_clock import River, to_all
from tests.support.days import CLOSES, auckland
from tests.support.days import london as at
from tests.support.fake_platform import FakePlatform
from tests.support.partnership_files import river

MEETING = at("2027-07-13 15:30")
ASKED_AT = at("2027-10-20 15:45")
TERMS = (
    "{terms: [{name: Summer, starts: 2027-04-12, ends: 2027-07-21}, {name: Autumn, starts: 2027-09-02, "
    "ends: 2027-12-17}], school_days_off: [{starts: 2027-10-25, ends: 2027-10-29}]}"
)
LOOKED_AT = AgreedActionsCheckIn("river")


@pytest.fixture
def partnership(database: Database) -> River:
    """The cycle has closed, and everything that this brought has been said."""
    found = River(database)
    found.bring(river(calendar=TERMS))
    found.agrees_to_open(alder="ann", birch="ben", cedar="cat", damson="dan")
    asyncio.run(found.plan(CLOSES))
    found.put()
    return found


def agree(partnership: River, number: int, owner: str = "birch", when: datetime = MEETING) -> None:
    new = NewAction(number, "river", "2.2", f"Do {number}", owner, date(2027, 12, 3))
    partnership.database.write_now(lambda connection: agreed_actions.keep(connection, new, "lea", when))


def settle(partnership: River, number: int, state: ActionState) -> None:
    partnership.database.write_now(lambda connection: agreed_actions.settle(connection, number, state, "lea", MEETING))


async def posted_and_forgotten(partnership: River) -> None:
    await partnership.plan(MEETING + timedelta(hours=1))
    partnership.put()


# The same day


async def test_what_a_meeting_agreed_is_posted_together_half_an_hour_after_the_last_of_it(partnership: River) -> None:
    agree(partnership, 1)
    agree(partnership, 2, when=MEETING + timedelta(minutes=10))
    await partnership.plan(MEETING + timedelta(minutes=39))
    assert partnership.put() == []
    await partnership.plan(MEETING + timedelta(minutes=40))
    assert partnership.put() == [("river-channel", AgreedActionsPosted("river", 1, "en"))]
    await partnership.plan(MEETING + timedelta(minutes=41))
    assert partnership.put() == []


async def test_the_card_that_said_when_it_would_be_posted_says_then_that_it_has_been(partnership: River) -> None:
    agree(partnership, 1)
    card = to_json(AgreedActionCard(1))
    partnership.database.write_now(
        lambda connection: outbox.put(
            connection, platform="web", tenant="demo", conversation="with-lea", kind="direct", person="lea",
            key="action:1", prompt=card, manner="below", now=MEETING,
        )
    )  # fmt: skip
    partnership.put()
    await partnership.plan(MEETING + timedelta(hours=1))
    assert partnership.put() == [
        ("river-channel", AgreedActionsPosted("river", 1, "en")),
        ("with-lea", AgreedActionCard(1)),
    ]


async def test_several_processes_post_it_once(partnership: River) -> None:
    agree(partnership, 1)
    others = [Database(str(partnership.database.engine.url.render_as_string(hide_password=False))) for _ in range(3)]
    now = MEETING + timedelta(hours=1)
    await asyncio.gather(*(plan_due(each, now) for each in (partnership.database, *others)))
    for each in others:
        each.close()
    assert [what for _, what in partnership.put()] == [AgreedActionsPosted("river", 1, "en")]


async def test_a_meeting_in_the_evening_is_posted_that_evening(partnership: River) -> None:
    agree(partnership, 1, when=at("2027-07-13 20:10"))
    await partnership.plan(at("2027-07-13 20:40"))
    assert [where for where, _ in partnership.put()] == ["river-channel"]


async def test_what_was_agreed_just_before_midnight_is_posted_at_once(partnership: River) -> None:
    """Half an hour later would be the next day: in July that is not so in UTC."""
    agree(partnership, 1, when=at("2027-07-13 23:45"))
    await partnership.plan(at("2027-07-13 23:45"))
    assert [where for where, _ in partnership.put()] == ["river-channel"]


async def test_without_a_channel_nothing_is_posted_until_there_is_one(partnership: River) -> None:
    partnership.database.write_now(lambda connection: connection.execute(delete(Channel)))
    agree(partnership, 1)
    await partnership.plan(MEETING + timedelta(hours=1))
    assert partnership.put() == []
    partnership.bring(river(calendar=TERMS))
    await partnership.plan(MEETING + timedelta(days=1))
    assert [where for where, _ in partnership.put()] == ["river-channel"]


# Before half term


async def test_leaders_of_the_school_that_leads_on_it_are_asked_three_school_days_before_half_term(
    partnership: River,
) -> None:
    agree(partnership, 1)
    await posted_and_forgotten(partnership)
    await partnership.plan(ASKED_AT - timedelta(minutes=1))
    assert partnership.put() == []
    await partnership.plan(ASKED_AT)
    assert partnership.put() == to_all(LOOKED_AT, ("ben",))
    for later in (timedelta(minutes=1), timedelta(days=1), timedelta(days=2)):
        await partnership.plan(ASKED_AT + later)
    assert partnership.put() == []


@pytest.mark.parametrize(
    ("agreed_at", "asked_on"),
    [
        pytest.param("2027-10-06 23:30", "2027-10-20", id="ten school days before the first day"),
        pytest.param("2027-10-07 00:30", "2027-10-21", id="an hour later, which in UTC is the same day"),
    ],
)
async def test_what_is_too_fresh_is_asked_about_later(partnership: River, agreed_at: str, asked_on: str) -> None:
    agree(partnership, 1, when=at(agreed_at))
    await partnership.plan(at("2027-10-07 09:00"))
    partnership.put()
    for day in ("2027-10-20", "2027-10-21"):
        await partnership.plan(at(f"{day} 15:45"))
        assert partnership.put() == (to_all(LOOKED_AT, ("ben",)) if day == asked_on else [])


async def test_on_the_other_side_of_the_world_too_they_are_asked_on_that_day(partnership: River) -> None:
    partnership.bring(river(calendar=TERMS, timezone="Pacific/Auckland"))
    early = update(Person).where(Person.id == "ben").values(reminder_time="before-school")
    partnership.database.write_now(lambda connection: connection.execute(early))
    agree(partnership, 1)
    await posted_and_forgotten(partnership)
    await partnership.plan(auckland("2027-10-19 16:30"))
    assert partnership.put() == []
    await partnership.plan(auckland("2027-10-20 08:00"))
    assert partnership.put() == to_all(LOOKED_AT, ("ben",))


async def test_a_leader_is_asked_once_however_much_their_schools_lead_on(partnership: River) -> None:
    partnership.bring(
        river(calendar=TERMS, schools={"alder": ["ann", "ben"], "birch": ["ben"], "cedar": [], "damson": []})
    )
    agree(partnership, 1, owner="birch")
    agree(partnership, 2, owner="alder")
    await posted_and_forgotten(partnership)
    await partnership.plan(ASKED_AT)
    assert partnership.put() == to_all(LOOKED_AT, ("ann", "ben"))


@pytest.mark.parametrize(
    ("state", "asked"), [(ActionState.OPEN, True), (ActionState.CARRIED_ON, True), (ActionState.DONE, False)]
)
async def test_nobody_is_asked_about_what_is_done(partnership: River, state: ActionState, asked: bool) -> None:
    agree(partnership, 1)
    settle(partnership, 1, state)
    await posted_and_forgotten(partnership)
    await partnership.plan(ASKED_AT)
    assert bool(partnership.put()) is asked


@pytest.mark.parametrize(
    "when",
    [
        pytest.param(at("2027-10-20 18:00"), id="in the evening"),
        pytest.param(at("2027-10-23 15:45"), id="at the weekend"),
        pytest.param(at("2027-10-26 15:45"), id="in half term"),
        pytest.param(at("2027-11-01 15:45"), id="once it is over"),
    ],
)
async def test_nobody_is_asked(partnership: River, when: datetime) -> None:
    agree(partnership, 1)
    await posted_and_forgotten(partnership)
    await partnership.plan(when)
    assert partnership.put() == []


async def test_after_an_outage_they_are_asked_on_the_last_day(partnership: River) -> None:
    agree(partnership, 1)
    await posted_and_forgotten(partnership)
    await partnership.plan(at("2027-10-22 15:45"))
    assert partnership.put() == to_all(LOOKED_AT, ("ben",))


async def test_what_was_not_done_is_asked_about_before_the_next_half_term_too(partnership: River) -> None:
    year = TERMS.replace("2027-12-17}", "2027-12-17}, {name: Spring, starts: 2028-01-04, ends: 2028-03-31}")
    year = year.replace("2027-10-29}", "2027-10-29}, {starts: 2028-02-14, ends: 2028-02-18}")
    partnership.bring(river(calendar=year))
    agree(partnership, 1)
    await posted_and_forgotten(partnership)
    await partnership.plan(ASKED_AT)
    assert len(partnership.put()) == 1
    await partnership.plan(at("2028-02-09 15:45"))
    assert partnership.put() == to_all(LOOKED_AT, ("ben",))


# When it is sent


async def sent(partnership: River, now: datetime) -> list[Message]:
    """What Ben is sent if what waits goes out now."""

    async def draw(_: object) -> bytes:
        raise AssertionError("there is nothing to draw")

    platform = FakePlatform("web")
    compose = Composer(partnership.database, FrameworkShelf(), draw, lambda: now)

    async def composed(item: OutboxItem) -> Message | None:
        return await compose(item)

    await Delivery(partnership.database, {"web": platform}, composed, lambda: now).drain()
    return [shown.message for shown in platform.log if shown.conversation.id == "with-ben"]


async def test_it_is_sent_as_a_question_with_buttons(partnership: River) -> None:
    agree(partnership, 1)
    await posted_and_forgotten(partnership)
    await partnership.plan(ASKED_AT)
    (message,) = await sent(partnership, ASKED_AT)
    assert "Do 1 (Birch School, by Friday 3 December: agreed)" in repr(message.blocks)
    assert "1 carries on" in repr(message.blocks)


@pytest.mark.parametrize("change", ["it is done", "it is evening", "the leader leads no more"])
async def test_what_waited_and_is_not_wanted_any_more_is_not_sent(partnership: River, change: str) -> None:
    agree(partnership, 1)
    await posted_and_forgotten(partnership)
    await partnership.plan(ASKED_AT)
    if change == "it is done":
        settle(partnership, 1, ActionState.DONE)
    if change == "the leader leads no more":
        leads_no_more = delete(Leader).where(Leader.person_id == "ben")
        partnership.database.write_now(lambda connection: connection.execute(leads_no_more))
    now = at("2027-10-20 19:00") if change == "it is evening" else ASKED_AT
    assert await sent(partnership, now) == []
