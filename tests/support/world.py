"""A small partnership to hold conversations in: real tables, real turns, and what each person sees afterwards."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import count
from typing import TypeAlias

from sqlalchemy import Connection, Engine, NullPool, Table, create_engine, event, insert, select, update

from bot.compose.personal import tell
from bot.inbound import buttons as actions
from bot.inbound.events import Account as Account
from bot.inbound.events import (
    Body,
    Command,
    Conversation,
    Incoming,
    Kind,
    Pressed,
    Typed,
    pressed,
)
from bot.messages import references
from bot.messages.blocks import Block, Button, Buttons, Choice, Option, TextInput
from bot.messages.languages import LANGUAGES
from bot.messages.references import MessageReference
from bot.turn.handle import Handled, turn
from core.calendar import Days, SchoolCalendar
from core.enquiry import Enquiry, Known
from core.framework import Framework, Row
from core.framework_file import default_source, read_framework
from core.services import enquiries, people
from core.storage import inbox, outbox, tables
from core.storage.frameworks import FrameworkShelf
from tests.support.days import CLOSES as CLOSES
from tests.support.days import NOW as NOW
from tests.support.days import OPENS as OPENS

TERMS = (
    Days(date(2027, 4, 12), date(2027, 5, 28)),
    Days(date(2027, 6, 7), date(2027, 7, 21)),
    Days(date(2027, 9, 2), date(2027, 10, 22)),
    Days(date(2027, 11, 1), date(2027, 12, 17)),
)

Key: TypeAlias = str


@lru_cache
def _empty_database() -> bytes:
    engine = create_engine("sqlite://", poolclass=NullPool)
    with engine.connect() as connection:
        tables.Base.metadata.create_all(connection)
        connection.execute(insert(tables.InstallationKey).values(purpose=inbox.EVENTS, key=bytes(32)))
        connection.commit()
        raw: sqlite3.Connection = connection.connection.dbapi_connection  # type: ignore[assignment]
        return raw.serialize()


@lru_cache
def _engine() -> Engine:
    """Each connection is a new database in memory with all tables; statements are compiled once for all of them."""
    engine = create_engine("sqlite://", poolclass=NullPool, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _: object) -> None:
        connection.isolation_level = None
        connection.deserialize(_empty_database())
        connection.execute("PRAGMA foreign_keys = ON")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


@contextmanager
def memory() -> Iterator[Connection]:
    """An empty database of its own, gone afterwards."""
    with _engine().connect() as connection:
        yield connection


@lru_cache
def _framework(source: bytes) -> Framework:
    return read_framework(source)


@lru_cache
def _shelf(source: bytes) -> FrameworkShelf:
    return FrameworkShelf()


_WAITING = select(tables.Outbox.__table__).filter_by(state="waiting").order_by(tables.Outbox.id)
_DELIVERED = update(tables.Outbox).filter_by(state="waiting").values(state="sent")


@dataclass(frozen=True, slots=True)
class Shown:
    """A message as it stands in a conversation."""

    key: Key
    reference: MessageReference
    blocks: tuple[Block, ...]


@dataclass
class World:
    """Harbour Partnership: schools ``a`` to ``e`` with ``leader-a`` …, and ``lead``; nobody knows ``outsider``."""

    connection: Connection
    source: bytes = field(default_factory=default_source)
    schools: tuple[str, ...] = ("a", "b", "c", "d", "e")
    scope: tuple[str, ...] | None = None
    visibility: str = "own-and-group"
    calendar: SchoolCalendar = field(default_factory=lambda: SchoolCalendar(terms=TERMS))
    every_language: bool = False
    """Put each message into every language, not only the person's own."""
    now: datetime = NOW
    cycle: int = 1
    events: Iterator[int] = field(default_factory=lambda: count(1))
    shown: dict[str, dict[Key, Shown]] = field(default_factory=lambda: defaultdict(dict))
    """What stands in each conversation, the latest last."""
    posted: list[Key] = field(default_factory=list)
    """What the last event posted anew."""
    edited: list[Key] = field(default_factory=list)
    """What it edited where it stood."""
    spoken: dict[str, list[tuple[str, MessageReference, str]]] = field(default_factory=lambda: defaultdict(list))
    """All that was said to each person: in which conversation, what, and in what manner."""
    strayed: list[Key] = field(default_factory=list)
    """What it meant to edit and was not there, so that it was posted."""

    def __post_init__(self) -> None:
        self.shelf = _shelf(self.source)
        self.framework: Framework = _framework(self.source)
        self.shelf.store(self.connection, self.source, self.framework)
        self.partnership("harbour", "Harbour Partnership", lead="lead")
        for school in self.schools:
            self.school(school)
        self._add(
            tables.Channel, platform="test", tenant="t", conversation="channel", partnership_id="harbour", language="en"
        )
        self.open_cycle(1, "Summer 2027", OPENS, CLOSES)

    # Who there is

    def partnership(self, id: str, name: str, *, lead: str) -> None:  # noqa: A002 - as the table has it
        self._add(
            tables.Partnership, id=id, name=name, language="en", visibility=self.visibility,
            calendar=self.calendar.to_json(), framework_id=self.framework.id, framework_version=self.framework.version,
        )  # fmt: skip
        if people.known(self.connection, lead) is None:
            self.person(lead, "Lena Lead")
        self._add(tables.PartnershipRole, partnership_id=id, person_id=lead, role="lead")

    def school(self, school: str, *, partnership: str = "harbour") -> None:
        """A school and its leader."""
        self._add(tables.School, id=school, name=f"School {school.upper()}", details={})
        self._add(tables.Membership, partnership_id=partnership, school_id=school, file_id=school, left_on=None)
        self.person(f"leader-{school}", f"Leader {school.upper()}")
        self.leads_also(f"leader-{school}", school)

    def person(self, person: str, name: str) -> None:
        self._add(tables.Person, id=person, name=name, email=None, language="en", reminder_time="after-school")
        self._add(
            tables.Account, platform="test", tenant="t", user=person, person_id=person,
            conversation=f"direct-{person}", last_used_at=None,
        )  # fmt: skip

    def also_on(self, person: str, user: str) -> None:
        """The same person on another platform, or on another device that shows another conversation."""
        self._add(
            tables.Account, platform="test", tenant="t", user=user, person_id=person, conversation=f"direct-{user}",
            last_used_at=None,
        )  # fmt: skip

    def leads_also(self, person: str, school: str) -> None:
        self._add(tables.Leader, school_id=school, person_id=person)

    def leads_in_both(self, person: str, school: str, *, partnership: str) -> None:
        """The school belongs to this partnership too, and has the same leader there."""
        name = f"School {school.upper()}"
        self._add(tables.School, id=f"{school}-too", name=name, details={}, shared_as=school, proof="account")
        self._add(
            tables.Membership, partnership_id=partnership, school_id=f"{school}-too", file_id=school, left_on=None
        )
        self.leads_also(person, f"{school}-too")

    def leads_no_longer(self, person: str, school: str) -> None:
        leader: Table = tables.Leader.__table__
        self.connection.execute(leader.delete().filter_by(person_id=person, school_id=school))

    def open_cycle(
        self,
        number: int,
        title: str,
        opens: datetime = OPENS,
        closes: datetime = CLOSES,
        *,
        partnership: str = "harbour",
        schools: Iterable[str] | None = None,
        scope: tuple[str, ...] | None = None,
    ) -> None:
        scope = scope or self.scope or tuple(each.id for each in self.framework.subthemes)
        self._add(
            tables.Cycle, id=number, partnership_id=partnership, title=title, framework_id=self.framework.id,
            framework_version=self.framework.version, scope=list(scope), visibility=self.visibility, opens_at=opens,
            closes_at=closes, closed_at=None, meeting_on=None, nudge_schedule={},
        )  # fmt: skip
        for school in self.schools if schools is None else schools:
            self._add(tables.CycleSchool, cycle_id=number, school_id=school)

    def close_cycle(self, number: int = 1) -> None:
        self.connection.execute(update(tables.Cycle).where(tables.Cycle.id == number).values(closed_at=self.now))

    def _add(self, model: type[tables.Base], **values: object) -> None:
        self.connection.execute(insert(model).values(**values))

    # What people do

    def chooses(self, person: str, action: actions.Press, **inputs: str) -> Handled:
        return self.does(person, Pressed(action, inputs))

    def taps(self, person: str, *levels: int) -> None:
        """Tap these levels one after the other, each in the row that is asked next, on the latest card."""
        for level in levels:
            card = [each.blocks for each in self.conversation(person) if each.key.startswith("card:")][-1]
            (button,) = [each for each in pressable(card) if each.typed == str(level)]
            self.does(person, pressed(button.action))

    def finishes(self, person: str) -> None:
        """Start or carry on, and tap level 3, or the highest of fewer, in every row that is open."""
        level = min(3, len(self.framework.levels))
        talk = enquiries.load_talk(self.connection, self.shelf, Account("test", "t", person))
        if talk is not None and talk.enquiry is not None:
            self.chooses(person, actions.CarryOn(talk.enquiry.response))
        else:
            self.types(person, "start")
        while self.enquiry(person).first_open() is not None:
            self.taps(person, level)

    def types(self, person: str, text: str) -> Handled:
        return self.does(person, Typed(text))

    def commands(self, person: str, text: str, *, in_channel: bool = True) -> Handled:
        name, _, rest = text.lstrip("/").partition(" ")
        return self.does(person, Command(name, rest), in_channel=in_channel)

    def presses(self, person: str, label: str) -> Handled:
        """Press the button of this label that was shown last."""
        found = [each.action for each in self.buttons(person) if label_of(each) == label]
        assert found, f"{person} sees no button {label!r}, only {[label_of(each) for each in self.buttons(person)]}"
        return self.does(person, pressed(found[-1]))

    def writes(self, person: str, text: str) -> Handled:
        """Write into the box that was shown last, and send it."""
        boxes = [each for each in self.buttons(person) if isinstance(each, TextInput)]
        return self.does(person, pressed(boxes[-1].action, {boxes[-1].name: text}))

    def does(
        self,
        person: str,
        body: Body,
        *,
        in_channel: bool = False,
        event: str | None = None,
        late: timedelta | None = None,
    ) -> Handled:
        return self.meets(self.event(person, body, in_channel=in_channel, event=event, late=late))

    def event(
        self,
        person: str,
        body: Body,
        *,
        in_channel: bool = False,
        event: str | None = None,
        late: timedelta | None = None,
    ) -> Incoming:
        """Something a person did just now, or ``late`` ago so that it arrives after what they did since."""
        self.now += timedelta(seconds=5)
        direct = Conversation("test", "t", f"direct-{person}", Kind.DIRECT)
        where = Conversation("test", "t", "channel", Kind.CHANNEL) if in_channel else direct
        at = self.now - (late or timedelta(0))
        return Incoming(event or f"event-{next(self.events)}", at, Account("test", "t", person), where, body)

    def meets(self, incoming: Incoming) -> Handled:
        handled = turn(self.connection, self.shelf, incoming, self.now)
        self.deliver()
        return handled

    def says(self, person: str, what: MessageReference) -> None:
        """The clock has this said to a person."""
        outbox.put(
            self.connection, platform="test", tenant="t", conversation=f"direct-{person}", kind="direct", person=person,
            key=f"clock:{next(self.events)}", prompt=references.to_json(what), manner="once", now=self.now,
        )  # fmt: skip
        self.deliver()

    # What they see

    def deliver(self) -> None:
        """Show everything that waits, as the platform would: a new message at the end, a later version in its place."""
        self.posted, self.edited, self.strayed = [], [], []
        for row in self.connection.execute(_WAITING).all():
            place = self.shown[f"{row.conversation}>{row.private_to}" if row.private_to else row.conversation]
            what = references.from_json(row.prompt)
            self.spoken[row.person_id].append((row.conversation, what, row.manner))
            blocks = self._told(what, people.known(self.connection, row.person_id) if row.person_id else None)
            if blocks is None:
                continue
            if row.manner == "refresh" and row.key in place:
                self.edited.append(row.key)
            else:
                if row.manner == "refresh":
                    self.strayed.append(row.key)
                place.pop(row.key, None)
                self.posted.append(row.key)
            place[row.key] = Shown(row.key, what, blocks)
        self.connection.execute(_DELIVERED)

    def _told(self, what: MessageReference, person: Known | None) -> tuple[Block, ...] | None:
        if self.every_language and person is not None:
            for language in LANGUAGES:
                tell(self.connection, self.shelf, what, replace(person, language=language), self.now)
        return tell(self.connection, self.shelf, what, person, self.now)

    def conversation(self, person: str, *, in_channel: bool = False) -> list[Shown]:
        return list(self.shown[f"channel>{person}" if in_channel else f"direct-{person}"].values())

    def messages(self, person: str) -> list[tuple[Block, ...]]:
        return [each.blocks for each in self.conversation(person)]

    def last(self, person: str) -> tuple[Block, ...]:
        return self.messages(person)[-1]

    def text(self, person: str) -> str:
        """Everything in the last message, for a look."""
        return repr(self.last(person))

    def private_text(self, person: str) -> str:
        return repr(self.conversation(person, in_channel=True)[-1].blocks)

    def in_channel(self) -> list[MessageReference]:
        """What was posted in the partnership's channel for everybody, without what is in threads."""
        return [what for what, thread in self._for_everybody() if thread is None]

    def in_threads(self) -> list[MessageReference]:
        """What was posted in threads of the partnership's channel."""
        return [what for what, thread in self._for_everybody() if thread is not None]

    def _for_everybody(self) -> list[tuple[MessageReference, str | None]]:
        rows = self.connection.execute(
            select(tables.Outbox.prompt, tables.Outbox.thread)
            .filter_by(conversation="channel", private_to=None)
            .order_by(tables.Outbox.id)
        )
        return [(references.from_json(prompt), thread) for prompt, thread in rows]

    def everything(self, person: str) -> str:
        """All that this person was ever told and can still see."""
        return repr([*self.conversation(person), *self.conversation(person, in_channel=True)])

    def buttons(self, person: str) -> list[Pressable]:
        """Everything this person can press, the latest last."""
        places = (self.conversation(person, in_channel=True), self.conversation(person))
        return [each for place in places for shown in place for each in pressable(shown.blocks)]

    def enquiry(self, person: str, response: int | None = None) -> Enquiry:
        talk = enquiries.load_talk(self.connection, self.shelf, Account("test", "t", person))
        assert talk is not None
        if response is not None:
            talk = enquiries.load_enquiry(self.connection, self.shelf, person, response)
            assert talk is not None
        assert talk.enquiry is not None
        return talk.enquiry

    def scores(self, person: str, response: int | None = None) -> Mapping[str, int | str | None]:
        """What is kept, as ``{"1.1.a school": 3}``."""
        return {
            name_of(row): answer.level if answer.level is not None else answer.reason
            for row, answer in self.enquiry(person, response).answers.items()
        }

    def rows(self) -> dict[str, list[tuple[object, ...]]]:
        """All that is stored, but for what came in and what waits to be said, and when accounts were used."""
        return {
            table.name: sorted(
                tuple(row)
                for row in self.connection.execute(select(*(each for each in table.c if each.name != "last_used_at")))
            )
            for table in tables.Base.metadata.sorted_tables
            if table.name not in {"inbox", "outbox"}
        }


Pressable: TypeAlias = Button | Option | TextInput


def pressable(blocks: tuple[Block, ...]) -> Iterator[Pressable]:
    for block in blocks:
        if isinstance(block, Choice):
            yield from block.options
        elif isinstance(block, Buttons):
            yield from block.buttons
        elif isinstance(block, TextInput):
            yield block


def label_of(each: Pressable) -> str:
    return each.submit_label if isinstance(each, TextInput) else each.label


def name_of(row: Row) -> str:
    return f"{row.criterion} {row.perspective}"
