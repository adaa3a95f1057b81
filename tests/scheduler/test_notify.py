"""A lead learns where nothing can be sent any more: the report's channel is gone, or a leader has left the bot."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert, select, update

from bot.compose.composer import Composer
from bot.messages import references
from bot.messages.references import MessageReference
from core.charts.pool import ChartPool
from core.reminders import nudge_key
from core.services import cycles, report_snapshots
from core.storage import outbox, tables
from core.storage.database import Database
from core.storage.frameworks import FrameworkShelf
from scheduler.delivery import Delivery
from scheduler.notify import tell_leads_of_end
from tests.support.enquiries import MONDAY, NEXT_MONDAY, bring
from tests.support.fake_platform import CONVERSATION_GONE, DROPPED, FakePlatform
from tests.support.partnership_files import river


class Town:
    """River Partnership, on a platform that may be gone in places; Lea leads it and Ann leads Alder School."""

    def __init__(self, database: Database) -> None:
        self.database, self.platform = database, FakePlatform("web")
        self.charts = ChartPool()
        composer = Composer(database, FrameworkShelf(), self.charts.draw, lambda: MONDAY)
        self.delivery = Delivery(database, {"web": self.platform}, composer, lambda: MONDAY)

    async def sends(self, where: str, kind: str, key: str, what: MessageReference, person: str | None = None) -> None:
        def put(writing: Connection) -> None:
            outbox.put(
                writing, platform="web", tenant="demo", conversation=where, kind=kind, key=key,
                prompt=references.to_json(what), manner="once", person=person, now=MONDAY,
            )  # fmt: skip

        await self.database.write(put)
        await self.delivery.drain()

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


async def reports(town: Town) -> int:
    """Send the report of a closed cycle; returns its snapshot."""
    snapshot = await frozen(town)
    key = f"report:{snapshot}:web:demo:river-channel"
    await town.sends("river-channel", "channel", key, references.Report(snapshot, "en"))
    return snapshot


async def test_a_report_that_has_no_channel_any_more(town: Town) -> None:
    town.platform.next_calls(CONVERSATION_GONE)
    snapshot = await reports(town)
    assert await town.told() == [references.ReportPosted(snapshot, "failed", 1)]


async def test_a_doubt_is_no_end(town: Town) -> None:
    town.platform.next_calls(DROPPED)
    await reports(town)
    assert await town.told() == []


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
    await town.database.write(lambda writing: tell_leads_of_end(writing, item, MONDAY))
    assert await town.told() == []
