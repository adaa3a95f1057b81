"""A lead learns where nothing can be sent any more: the report's channel is gone, or a leader has left the bot."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Literal

import pytest
from sqlalchemy import Connection, insert, select, update

from bot.compose.composer import Composer
from bot.inbound.events import Conversation, Kind
from bot.messages import references
from bot.messages.plain_text import plain_text
from bot.messages.references import MessageReference, Report, ReportPosted
from bot.platform import Cause, Rejected, SendFailed, Unreachable
from core.charts.pool import ChartPool
from core.reminders import nudge_key
from core.services import cycles, report_snapshots
from core.storage import outbox, tables
from core.storage.database import Database
from core.storage.frameworks import FrameworkShelf
from core.storage.outbox import MOST_ATTEMPTS, Manner
from scheduler.delivery import Delivery
from scheduler.notify import tell_leads_of_silence
from tests.support.enquiries import MONDAY, NEXT_MONDAY, bring
from tests.support.fake_platform import CONVERSATION_GONE, DROPPED, FakePlatform, Fault, Refuses
from tests.support.partnership_files import river

LEA = Conversation("web", "demo", "lea-web", Kind.DIRECT)


class Town:
    """River Partnership, on a platform that may be gone in places; Lea leads it and Ann leads Alder School."""

    def __init__(self, database: Database) -> None:
        self.database, self.platform, self.now = database, FakePlatform("web"), MONDAY
        self.charts = ChartPool()
        composer = Composer(database, FrameworkShelf(), self.charts.draw, lambda: self.now)
        self.delivery = Delivery(database, {"web": self.platform}, composer, lambda: self.now)

    async def puts(
        self,
        where: str,
        kind: str,
        key: str,
        what: MessageReference,
        person: str | None = None,
        manner: Manner = "once",
        private_to: str | None = None,
        turn: str | None = None,
    ) -> None:
        def put(writing: Connection) -> None:
            outbox.put(
                writing, platform="web", tenant="demo", conversation=where, kind=kind, key=key, turn=turn,
                prompt=references.to_json(what), manner=manner, person=person, private_to=private_to, now=self.now,
            )  # fmt: skip

        await self.database.write(put)

    async def sends(
        self,
        where: str,
        kind: str,
        key: str,
        what: MessageReference,
        person: str | None = None,
        manner: Manner = "once",
        private_to: str | None = None,
        turn: str | None = None,
    ) -> None:
        await self.puts(where, kind, key, what, person, manner, private_to, turn)
        await self.delivery.drain()

    async def tries_for_hours(self) -> None:
        for _ in range(MOST_ATTEMPTS):
            self.now += timedelta(minutes=31)
            await self.delivery.drain()

    async def turns(self) -> list[str | None]:
        """Of what was put for Lea."""
        rows = select(tables.Outbox.turn).where(tables.Outbox.person_id == "lea").order_by(tables.Outbox.id)
        return await self.database.read(lambda reading: [*reading.scalars(rows)])

    async def told(self) -> list[MessageReference]:
        """What was put for Lea."""
        rows = select(tables.Outbox.prompt).where(tables.Outbox.person_id == "lea").order_by(tables.Outbox.id)
        return await self.database.read(lambda reading: [references.from_json(each) for each in reading.scalars(rows)])


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    database = Database(f"sqlite:///{tmp_path / 'test.db'}")
    database.upgrade()

    def furnish(writing: Connection) -> None:
        bring(writing, river())
        writing.execute(update(tables.Account).values(conversation=tables.Account.user))
        cycles.open_cycle(writing, FrameworkShelf(), "river", "Summer", NEXT_MONDAY, ["1.1"], MONDAY)

    await database.write(furnish)
    made = Town(database)
    yield made
    made.charts.close()
    database.close()


async def frozen(town: Town) -> int:
    def freeze(writing: Connection) -> int:
        cycles.close_cycle(writing, 1, MONDAY, by=None)
        return report_snapshots.freeze(writing, FrameworkShelf(), 1, MONDAY).id

    return await town.database.write(freeze)


def _report(snapshot: int) -> tuple[str, str, str, Report]:
    return "river-channel", "channel", f"report:{snapshot}:web:demo:river-channel", Report(snapshot, "en")


async def reports(town: Town, turn: str | None = None) -> int:
    """Send the report of a closed cycle; returns its snapshot."""
    snapshot = await frozen(town)
    await town.sends(*_report(snapshot), turn=turn)
    return snapshot


def failed(snapshot: int, cause: Cause = Cause.OTHER, state: Literal["failed", "doubtful"] = "failed") -> ReportPosted:
    return ReportPosted(snapshot, state, 1, cause=cause)


ARCHIVED = Refuses(Unreachable("This channel is archived.", cause=Cause.ARCHIVED))
NOT_ALLOWED = Refuses(Rejected("Only some may post.", cause=Cause.MAY_NOT_POST))
NOT_WELL = Refuses(SendFailed("It could not be reached.", cause=Cause.UNWELL))


@pytest.mark.parametrize(
    ("faults", "cause"),
    [
        pytest.param([CONVERSATION_GONE], Cause.OTHER, id="gone"),
        pytest.param([ARCHIVED], Cause.ARCHIVED, id="archived"),
        pytest.param([NOT_ALLOWED] * 2, Cause.MAY_NOT_POST, id="refused twice"),
        pytest.param([NOT_WELL] * MOST_ATTEMPTS, Cause.UNWELL, id="tried twelve times"),
    ],
)
async def test_a_lead_is_told_once_why_a_report_was_not_posted(town: Town, faults: list[Fault], cause: Cause) -> None:
    town.platform.next_calls(*faults)
    snapshot = await reports(town)
    await town.tries_for_hours()
    assert await town.told() == [failed(snapshot, cause)]


async def test_a_lead_is_told_of_a_doubt(town: Town) -> None:
    town.platform.next_calls(DROPPED)
    snapshot = await reports(town)
    assert await town.told() == [failed(snapshot, state="doubtful")]


async def test_that_is_an_answer_to_whoever_asked(town: Town) -> None:
    """So it waits for no reminder, and for no pace that reminders keep."""
    town.platform.next_calls(ARCHIVED)
    await reports(town, turn="t1")
    assert await town.turns() == ["t1"]


async def asks_and_reports(town: Town, *, kind: str = "direct", where: str = "lea-web") -> ReportPosted:
    """Lea asks, is told that the report is on its way, and it is posted; returns how that message stands then."""
    snapshot = await frozen(town)
    on_its_way = ReportPosted(snapshot, "on-its-way", 1)
    to = "lea" if kind == "channel" else None
    await town.sends(where, kind, "reply:1", on_its_way, "lea", manner="below", private_to=to)
    await town.sends(*_report(snapshot), turn="t1")
    return on_its_way


async def test_on_its_way_is_replaced_when_it_has_arrived(town: Town) -> None:
    said = await asks_and_reports(town)
    assert await town.told() == [said, ReportPosted(said.snapshot, "arrived", 1)]
    await town.delivery.drain()
    (message,) = town.platform.messages(LEA)
    assert "is in the channel now" in plain_text(message)


async def test_on_its_way_is_replaced_by_why_it_failed(town: Town) -> None:
    town.platform.next_calls(None, ARCHIVED)
    said = await asks_and_reports(town)
    await town.delivery.drain()
    assert await town.told() == [said, failed(said.snapshot, Cause.ARCHIVED)]
    (message,) = town.platform.messages(LEA)
    assert "the channel is archived" in plain_text(message)


async def test_who_has_waited_for_long_is_told_below_as_well(town: Town) -> None:
    """Nobody is notified of a message that changes."""
    town.platform.next_calls(None, *[NOT_WELL] * MOST_ATTEMPTS)
    said = await asks_and_reports(town)
    await town.tries_for_hours()
    await town.delivery.drain()
    assert ["hasn't been working" in plain_text(each) for each in town.platform.messages(LEA)] == [True, True]
    assert (await town.told())[0] == said


@pytest.mark.parametrize(
    ("faults", "there"),
    [([None, *[NOT_ALLOWED] * 2], ["below"]), ([None, ARCHIVED], [])],
    ids=["only some may post", "archived, so nobody can be told anything there"],
)
async def test_who_asked_in_the_channel_is_told_there_alone_and_directly(
    town: Town, faults: list[Fault | None], there: list[str]
) -> None:
    town.platform.next_calls(*faults)
    await asks_and_reports(town, kind="channel", where="river-channel")
    private = select(tables.Outbox.manner).where(tables.Outbox.private_to == "lea", tables.Outbox.key != "reply:1")
    direct = select(tables.Outbox.manner).where(tables.Outbox.person_id == "lea", tables.Outbox.kind == "direct")
    assert await town.database.read(lambda reading: [*reading.scalars(private)]) == there
    assert await town.database.read(lambda reading: [*reading.scalars(direct)]) == ["once"]


async def test_one_channel_of_two_keeps_it_on_its_way(town: Town) -> None:
    snapshot = await frozen(town)
    on_its_way = ReportPosted(snapshot, "on-its-way", 2)
    await town.sends("lea-web", "direct", "reply:1", on_its_way, "lea", manner="below")
    await town.puts("hill-channel", "channel", f"report:{snapshot}:web:demo:hill-channel", Report(snapshot, "en"))
    town.platform.next_calls(None, ARCHIVED)
    await town.sends(*_report(snapshot))
    outcome = ReportPosted(snapshot, "failed", 2, cause=Cause.ARCHIVED)
    assert await town.told() == [on_its_way, outcome]


async def test_a_leader_who_has_removed_the_bot(town: Town) -> None:
    planned = insert(tables.Nudge).values(cycle_id=1, person_id="ann", slot="opening", planned_at=MONDAY)
    await town.database.write(lambda writing: writing.execute(planned) and None)
    town.platform.next_calls(CONVERSATION_GONE)
    await town.sends("ann-web", "direct", nudge_key(1, "ann", "opening"), references.Invitation(1), "ann")
    assert await town.told() == [references.OutOfReach("alder")]


async def test_an_answer_that_did_not_arrive_is_nobodys_business(town: Town) -> None:
    town.platform.next_calls(CONVERSATION_GONE)
    await town.sends("ann-web", "direct", "reply:1", references.Help(), "ann")
    assert await town.told() == []


async def test_what_cannot_be_read_is_settled_all_the_same(town: Town) -> None:
    item = outbox.OutboxItem(1, "web", "demo", "ann-web", "direct", None, "ann", "x", "{}", "once", 1)
    await town.database.write(lambda writing: tell_leads_of_silence(writing, item, MONDAY))
    assert await town.told() == []
