"""A small partnership to hold conversations in: real tables, real turns, and what each person sees afterwards."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from itertools import count

from sqlalchemy import Connection, insert, select

from bot import actions, said
from bot.events import Account, Body, Chose, Command, Conversation, Incoming, Kind, Typed
from bot.handle import Handled, turn
from bot.messages import Actions, Block, Choice, Message, TextInput
from bot.tell import tell
from core.enquiry import Enquiry
from core.framework import Framework
from core.framework_file import read_framework
from core.services import answering, telling
from core.storage import tables
from core.storage.frameworks import FrameworkShelf

OPENS = datetime(2026, 11, 9, 8, 0, tzinfo=UTC)
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
CLOSES = datetime(2026, 12, 10, 16, 0, tzinfo=UTC)


def default_source() -> bytes:
    return files("core").joinpath("frameworks", "partnership-enquiry.yaml").read_bytes()


@dataclass
class World:
    """Harbour Partnership: schools ``a`` to ``e``, each with the leader ``leader-a`` …; ``lead`` leads; ``outsider`` is unknown."""

    connection: Connection
    source: bytes = field(default_factory=default_source)
    schools: tuple[str, ...] = ("a", "b", "c", "d", "e")
    scope: tuple[str, ...] | None = None
    visibility: str = "own-and-group"
    now: datetime = NOW
    cycle: int = 1
    events: Iterator[int] = field(default_factory=lambda: count(1))
    seen: int = 0
    shown: dict[str, dict[str, tuple[Block, ...]]] = field(default_factory=lambda: defaultdict(dict))
    """What stands in each person's conversation, by message key, the latest last."""

    def __post_init__(self) -> None:
        self.shelf = FrameworkShelf()
        self.framework: Framework = read_framework(self.source)
        self.shelf.store(self.connection, self.source, self.framework)
        scope = self.scope or tuple(each.id for each in self.framework.subthemes)
        self._row(
            tables.Partnership, id="harbour", name="Harbour Partnership", language="en", visibility=self.visibility,
            calendar={}, framework_id=self.framework.id, framework_version=self.framework.version,
        )  # fmt: skip
        for school in self.schools:
            self._school(school)
        self.person("lead", "Lena Lead")
        self._row(tables.PartnershipRole, partnership_id="harbour", person_id="lead", role="lead")
        self._row(
            tables.Channel, platform="test", tenant="t", conversation="channel", partnership_id="harbour", language="en"
        )
        self.open_cycle(1, "Autumn 2026", OPENS, CLOSES, scope)

    def _school(self, school: str) -> None:
        self._row(tables.School, id=school, name=f"School {school.upper()}", details={})
        self._row(tables.Membership, partnership_id="harbour", school_id=school, left_on=None)
        self.person(f"leader-{school}", f"Leader {school.upper()}")
        self._row(tables.Leader, school_id=school, person_id=f"leader-{school}")

    def person(self, person: str, name: str) -> None:
        self._row(tables.Person, id=person, name=name, email=None, language="en", reminder_time="after-school")
        self._row(
            tables.Account, platform="test", tenant="t", user=person, person_id=person,
            conversation=f"direct-{person}", last_used_at=None,
        )  # fmt: skip

    def leads_also(self, person: str, school: str) -> None:
        self._row(tables.Leader, school_id=school, person_id=person)

    def open_cycle(self, number: int, title: str, opens: datetime, closes: datetime, scope: tuple[str, ...]) -> None:
        self._row(
            tables.Cycle, id=number, partnership_id="harbour", title=title, framework_id=self.framework.id,
            framework_version=self.framework.version, scope=list(scope), visibility=self.visibility, opens_at=opens,
            closes_at=closes, closed_at=None, meeting_on=None, nudge_schedule={},
        )  # fmt: skip
        for school in self.schools:
            self._row(tables.CycleSchool, cycle_id=number, school_id=school)

    def _row(self, model: type[tables.Base], **values: object) -> None:
        self.connection.execute(insert(model).values(**values))

    # What people do

    def chooses(self, person: str, action: actions.Action, **inputs: str) -> Handled:
        return self.does(person, Chose(actions.encode(action), inputs))

    def types(self, person: str, text: str) -> Handled:
        return self.does(person, Typed(text))

    def commands(self, person: str, text: str, *, in_channel: bool = True) -> Handled:
        name, _, rest = text.lstrip("/").partition(" ")
        return self.does(person, Command(name, rest), in_channel=in_channel)

    def presses(self, person: str, label: str) -> Handled:
        """Press the button of this label that was shown last."""
        found = [action for shown, action in self.buttons(person) if shown == label]
        assert found, f"{person} sees no button {label!r}, only {[shown for shown, _ in self.buttons(person)]}"
        return self.does(person, Chose(found[-1]))

    def does(self, person: str, body: Body, *, in_channel: bool = False, event: str | None = None) -> Handled:
        return self.meets(self.event(person, body, in_channel=in_channel, event=event))

    def event(self, person: str, body: Body, *, in_channel: bool = False, event: str | None = None) -> Incoming:
        self.now += timedelta(seconds=5)
        direct = Conversation("test", "t", f"direct-{person}", Kind.DIRECT)
        conversation = Conversation("test", "t", "channel", Kind.CHANNEL) if in_channel else direct
        return Incoming(
            event or f"event-{next(self.events)}", self.now, Account("test", "t", person), conversation, body
        )

    def meets(self, incoming: Incoming) -> Handled:
        handled = turn(self.connection, self.shelf, incoming, self.now)
        self.deliver()
        return handled

    # What they see

    def deliver(self) -> None:
        rows = self.connection.execute(
            select(tables.Outbox.__table__).where(tables.Outbox.id > self.seen).order_by(tables.Outbox.id)
        ).all()
        for row in rows:
            self.seen = row.id
            person = telling.known(self.connection, row.person_id) if row.person_id else None
            what = said.from_json(row.prompt)
            blocks = tell(self.connection, self.shelf, what, person, self.now)
            place = self.shown[f"{row.conversation}>{row.private_to}" if row.private_to else row.conversation]
            if row.manner != "refresh":
                place.pop(row.key, None)
            if blocks is not None:
                place[row.key] = blocks

    def messages(self, person: str) -> list[tuple[Block, ...]]:
        return list(self.shown[f"direct-{person}"].values())

    def last(self, person: str) -> tuple[Block, ...]:
        return self.messages(person)[-1]

    def text(self, person: str) -> str:
        """Everything in the last message, for a look."""
        return repr(self.last(person))

    def private_text(self, person: str) -> str:
        return repr(list(self.shown[f"channel>{person}"].values())[-1])

    def buttons(self, person: str) -> list[tuple[str, str]]:
        """Every button in the person's conversation, the latest last."""
        places = (self.shown[f"channel>{person}"], self.shown[f"direct-{person}"])
        return [pair for place in places for blocks in place.values() for pair in buttons_of(blocks)]

    def enquiry(self, person: str, response: int | None = None) -> Enquiry:
        talk = answering.load_talk(self.connection, self.shelf, Account("test", "t", person))
        assert talk is not None
        if response is not None:
            talk = answering.load_enquiry(self.connection, self.shelf, person, response)
            assert talk is not None
        assert talk.enquiry is not None
        return talk.enquiry

    def scores(self, person: str) -> Mapping[str, int | str | None]:
        """What is kept, as ``{"1.1.a school": 3}``."""
        return {
            f"{row.criterion} {row.perspective}": answer.level if answer.level is not None else answer.reason
            for row, answer in self.enquiry(person).answers.items()
        }


def buttons_of(blocks: tuple[Block, ...]) -> Iterator[tuple[str, str]]:
    for block in blocks:
        if isinstance(block, Choice):
            yield from ((each.label, each.action) for each in block.options)
        elif isinstance(block, Actions):
            yield from ((each.label, each.action) for each in block.buttons)
        elif isinstance(block, TextInput):
            yield block.submit_label, block.action
