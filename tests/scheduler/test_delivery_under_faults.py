"""Whatever a platform and the processes do, in whatever order: no nudge is said twice, nothing true is left unsaid."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeAlias

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Row, delete, select

from bot.inbound.events import Conversation
from bot.messages.blocks import Message, Paragraph
from core.storage.database import Database
from core.storage.outbox import Manner, OutboxItem
from core.storage.tables import Hold, Outbox, Posted
from tests.support.fake_platform import (
    ACCEPTED_THEN_DROPPED,
    CONVERSATION_GONE,
    DROPPED,
    PAUSE,
    PAUSE_FOR_ALL,
    REFUSED,
    FakePlatform,
    Fault,
    ProcessStops,
    Refuses,
    TakesThen,
)
from tests.support.post_office import LEADER, OTHER_LEADER, PostOffice


@dataclass(frozen=True)
class Say:
    """Something a prompt shows has changed."""

    key: str
    manner: Manner
    to_other: bool


@dataclass(frozen=True)
class Remind:
    to_other: bool


@dataclass(frozen=True)
class Deliver:
    to_other: bool


@dataclass(frozen=True)
class DrainInTwoProcesses:
    pass


@dataclass(frozen=True)
class Wait:
    time: timedelta


@dataclass(frozen=True)
class GoesWrong:
    fault: Fault | None


Happening: TypeAlias = Say | Remind | Deliver | DrainInTwoProcesses | Wait | GoesWrong

FAULTS = (
    None,
    PAUSE,
    PAUSE_FOR_ALL,
    REFUSED,
    ACCEPTED_THEN_DROPPED,
    DROPPED,
    CONVERSATION_GONE,
    Refuses(ProcessStops()),
    TakesThen(ProcessStops()),
    Refuses(KeyError("ts")),
    TakesThen(KeyError("ts")),
)
happenings: st.SearchStrategy[Happening] = st.one_of(
    st.builds(Say, st.sampled_from(["card", "review"]), st.sampled_from(["refresh", "below"]), st.booleans()),
    st.builds(Remind, st.booleans()),
    st.builds(Deliver, st.booleans()),
    st.just(DrainInTwoProcesses()),
    st.builds(Wait, st.sampled_from([timedelta(seconds=10), timedelta(minutes=3)])),
    st.builds(GoesWrong, st.sampled_from(FAULTS)),
)


@dataclass
class Story:
    office: PostOffice
    latest: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    """The version of each prompt that is true now, as the answers in the database would be."""

    def __post_init__(self) -> None:
        self.office.compose = self.composed

    async def composed(self, item: OutboxItem) -> Message | None:
        return Message(item.key, (Paragraph(f"{item.id} {self.latest[item.key]}"),), "en")

    async def happen(self, happening: Happening) -> None:
        match happening:
            case Say(key, manner, to_other):
                await self.say(f"{key} {to_other}", manner, to_other)
            case Remind(to_other):
                await self.say(f"nudge {len(await self.office.states())}", "once", to_other)
            case Deliver(to_other):
                await survive(self.office.process().deliver([_conversation(to_other)]))
            case DrainInTwoProcesses():
                await survive(self.office.process().drain(), self.office.process().drain())
            case Wait(time):
                self.office.now += time
            case GoesWrong(fault):
                self.office.platform.next_calls(fault)

    async def say(self, key: str, manner: Manner, to_other: bool) -> None:
        self.latest[key] += 1
        await self.office.put(key, manner=manner, to=_conversation(to_other))

    async def end(self) -> None:
        """The platform is well again, and time goes on until nothing waits."""
        self.office.platform.recovers()
        for _ in range(3):
            self.office.later(hours=1)
            await self.office.process().drain()


def _conversation(to_other: bool) -> Conversation:
    return OTHER_LEADER if to_other else LEADER


async def survive(*processes: Coroutine[None, None, object]) -> None:
    """Let the processes run side by side; one that is stopped takes nothing with it but itself."""
    for end in await asyncio.gather(*processes, return_exceptions=True):
        if isinstance(end, BaseException):
            assert isinstance(end, BaseExceptionGroup)
            assert end.split(ProcessStops)[1] is None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100)
@given(happenings=st.lists(happenings, min_size=12, max_size=40), can_look_up=st.booleans())
def test_whatever_happens(database: Database, happenings: list[Happening], can_look_up: bool) -> None:
    database.write_now(lambda connection: [connection.execute(delete(table)) for table in (Outbox, Posted, Hold)])
    story = Story(PostOffice(database, FakePlatform(can_look_up=can_look_up)))
    asyncio.run(played(story, happenings))
    rows = database.read_now(lambda connection: connection.execute(select(Outbox).order_by(Outbox.id)).all())
    assert {row.state for row in rows} <= {"sent", "superseded", "unknown", "dead"}
    assert nothing_once_was_said_twice(story, rows)
    assert each_prompt_shows_what_is_true(story, rows)
    assert only_who_was_tried_before_was_overtaken(story, rows)


async def played(story: Story, happenings: Sequence[Happening]) -> None:
    for happening in happenings:
        await story.happen(happening)
    await story.end()


def nothing_once_was_said_twice(story: Story, rows: Sequence[Row[Any]]) -> bool:
    said = Counter(shown.message.key for shown in story.office.platform.log)
    once = [row for row in rows if row.manner == "once"]
    return all(said[row.key] <= 1 for row in once) and all(said[row.key] == 1 for row in once if row.state == "sent")


def each_prompt_shows_what_is_true(story: Story, rows: Sequence[Row[Any]]) -> bool:
    shown = {each.message.key: _text(each.message)[1] for each in story.office.platform.log}
    last = {row.key: row for row in rows if row.manner != "once"}
    return all(shown[key] == story.latest[key] for key, row in last.items() if row.state != "dead")


def only_who_was_tried_before_was_overtaken(story: Story, rows: Sequence[Row[Any]]) -> bool:
    attempts = {row.id: row.attempts for row in rows}
    log = story.office.platform.log
    by_place = (
        [_text(each.message)[0] for each in log if each.conversation == place] for place in (LEADER, OTHER_LEADER)
    )
    return all(
        attempts[number] > 1
        for numbers in by_place
        for place, number in enumerate(numbers)
        if number < max(numbers[: place + 1])
    )


def _text(message: Message) -> tuple[int, int]:
    (block,) = message.blocks
    assert isinstance(block, Paragraph)
    row, version = block.text.split()
    return int(row), int(version)
