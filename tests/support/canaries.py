"""Two partnerships in which everything secret can be told, and all that everybody is shown when they try everything.

A score is a poor canary: "3" is everywhere. So a whole scene is played again in which only Alder School's scores are
others, and whatever looks different to somebody has told them of these scores, in whatever form. The other schools'
answers are such that no figure of the group changes with Alder's. Names and notes are words that are nowhere else.
"""

from __future__ import annotations

import asyncio
import io
import json
import random
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import product
from typing import Any, Final, Literal, TypeAlias, get_args
from zipfile import ZipFile, is_zipfile

import yaml
from sqlalchemy import Connection, select, update

from bot.compose.composer import Composer
from bot.compose.home_tab import home
from bot.inbound.button_codec import BUTTONS, encode
from bot.inbound.events import Account, Body, Command, Conversation, Incoming, Installed, Kind, Typed, pressed
from bot.messages import references, references_partnership
from bot.messages.blocks import File, Message
from bot.messages.references import PICTURES, MessageReference
from bot.platform import Cause
from bot.turn.event_line import logged
from bot.turn.handle import turn
from core.agreed_actions import NewAction
from core.charts.pool import Picture
from core.enquiry import Audience, Note, NoteKind, Visibility
from core.framework import Perspective, Row
from core.partnership_file import read_partnership
from core.rights import COMMANDS, Role
from core.services import agreed_actions, answering, cycles, deputies, practice, report_snapshots, visibility
from core.services.importing import import_partnership
from core.storage import outbox, tables
from core.storage.database import Database, T
from core.storage.frameworks import FrameworkShelf
from core.storage.outbox import OutboxItem
from core.storage.work import Work
from scheduler.planner import plan_due
from tests.support.days import london
from tests.support.live_world import PLATFORMS, blank
from tests.support.log import written_log
from tests.support.own_framework import own_framework
from tests.support.world import memory

Others: TypeAlias = frozenset[Literal["now", "before"]]
"""In which cycles Alder has other scores: the current one, the one before, or none."""
Stage: TypeAlias = Literal["open", "closed"]

OUTSIDER: Final = "outsider"
CHANNEL: Final = "channel"
"""Everybody who reads Harbour's channel."""
SCHOOLS: Final[Mapping[str, str]] = {
    "alder": "alder-head", "birch": "birch-head", "cedar": "cedar-head", "damson": "damson-head",
    "elder": "elder-head", "fir": "fir-head",
}  # fmt: skip
"""Those of Harbour, each with who leads it at last."""
NAMES: Final = ("Gwendolen", "Zebedee", "Peregrine", "Bartimaeus", "Cressida", "Alder School", "Harbour")
"""Harbour's own: nobody outside it may learn them."""
PEOPLE: Final[Mapping[str, str]] = {
    "gone-before": "Gwendolen Gone", "gone-during": "Zebedee Gone", "alder-head": "Peregrine Head",
    "birch-head": "Bartimaeus Head", "cedar-head": "Cressida Head", "damson-head": "Dora Head",
    "elder-head": "Elsa Head", "fir-head": "Fiona Head", "deputy": "Deborah Deputy", "unasked": "Ulrica Deputy",
    "lead": "Lena Lead", "facilitator": "Faye Facilitator",
}  # fmt: skip
NOTES: Final[Mapping[str, str]] = {
    "private before": "xylophone", "lead before": "quagmire", "private of who left": "zephyr", "private": "oxbow",
    "lead": "kestrel", "meeting": "marzipan",
}  # fmt: skip
"""A word of each note that was written for Alder."""

_TERMS: Final = [{"name": "Summer", "starts": "2027-04-12", "ends": "2027-07-21"}]
_OPEN_BEFORE, _CLOSED_BEFORE = london("2027-04-19 08:00"), london("2027-05-14 16:00")
_OPENS, _CLOSES = london("2027-06-07 08:00"), london("2027-07-08 16:00")
_MIDDLE: Final = london("2027-06-22 10:00")
_AFTERWARDS: Final = london("2027-07-09 10:00")

# Alder is at an end of the scale in either way, so that no middle score moves; of the partnership it is the lowest.
_ALDER: Final = ((7, 1), (7, 1), (7, None), (7, 1), (None, 1), (7, 1))
_ALDER_OTHERWISE: Final = ((6, None), (6, 2), (6, 2), (None, 2), (6, 2), (6, 2))
_OTHERS: Final = {"birch": (3, 3), "cedar": (3, 3), "damson": (4, 3), "elder": (4, 4), "fir": (3, 4)}
_ACTION: Final = 4711


def moment(stage: Stage) -> datetime:
    """When everybody tries everything."""
    return _AFTERWARDS if stage == "closed" else _MIDDLE


class OnConnection(Database):
    """A database of one connection, whose work all happens in the caller's transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def write(self, work: Work[T], *, brief: bool = False) -> T:  # noqa: ARG002 - as every database has it
        return work(self._connection)

    async def read(self, work: Work[T], *, brief: bool = False) -> T:  # noqa: ARG002
        return work(self._connection)


# What has happened


@lru_cache
def _framework() -> bytes:
    """Three questions about trust and three about challenge, on a scale of seven levels."""
    framework = yaml.safe_load(own_framework(((3,), (3,)), levels=7))
    for area, axis in zip(framework["areas"], ("trust", "challenge"), strict=True):
        for criterion in area["subthemes"][0]["criteria"]:
            criterion["axis"] = axis
    return yaml.safe_dump(framework, sort_keys=False).encode()


_CRITERIA: Final = ("1.1.a", "1.1.b", "1.1.c", "2.1.a", "2.1.b", "2.1.c")


def _file(seen: Visibility, alder: Sequence[str]) -> dict[str, object]:
    schools = {**{each: [head] for each, head in SCHOOLS.items()}, "alder": [*alder]}
    return {
        "partnership": {
            "id": "harbour", "name": "Harbour Partnership", "nation": "england", "visibility": seen.value,
        },
        "framework": "our-own.yaml",
        "schools": [
            {"id": each, "name": f"{each.capitalize()} School", "leaders": heads,
             "deputies": ["deputy", "unasked"] if each == "alder" else []}
            for each, heads in schools.items()
        ],
        "people": [_person(each, name) for each, name in PEOPLE.items()],
        "leads": ["lead"],
        "facilitators": ["facilitator"],
        "channels": [{"platform": "web", "tenant": "demo", "id": CHANNEL}],
        "calendar": {"terms": _TERMS},
        "networks": [{"id": "bays", "name": "Three Bays", "state": "joined"}],
    }  # fmt: skip


def _meadow() -> dict[str, object]:
    return {
        "partnership": {"id": "meadow", "name": "Meadow Partnership", "nation": "england"},
        "framework": "our-own.yaml",
        "schools": [{"id": "clover", "name": "Clover School", "leaders": ["other-lead"]}],
        "people": [_person("other-lead", "Meg Meadow")],
        "leads": ["other-lead"],
        "channels": [{"platform": "web", "tenant": "demo", "id": "meadow-channel"}],
        "calendar": {"terms": _TERMS},
        "networks": [{"id": "bays", "name": "Three Bays", "state": "joined"}],
    }


def _person(id_: str, name: str) -> dict[str, object]:
    return {"id": id_, "name": name, "accounts": [{"platform": "web", "tenant": "demo", "user": id_}]}


@dataclass
class _Story:
    """What happened until the moment at which everybody tries everything."""

    connection: Connection
    seen: Visibility
    stage: Stage
    others: Others
    shelf: FrameworkShelf = field(default_factory=FrameworkShelf)

    def play(self) -> None:
        self._bring(_OPEN_BEFORE, _meadow())
        self._led_by("gone-before", now=_OPEN_BEFORE, seen=Visibility.OWN_AND_GROUP)
        conversation = "direct-" + tables.Account.person_id
        self.connection.execute(update(tables.Account).values(conversation=conversation))
        self._before()
        self._led_by("gone-during", now=_OPENS)
        self._now()
        if self.stage == "closed":
            self._close()
            self._led_by("alder-head", "fir-head", now=_AFTERWARDS)
        self.connection.execute(update(tables.Account).values(last_used_at=moment(self.stage)))

    def _bring(self, now: datetime, file: dict[str, object]) -> None:
        source = yaml.safe_dump(file).encode()
        import_partnership(self.connection, self.shelf, read_partnership(source, PLATFORMS), now, _framework())

    def _led_by(self, *alder: str, now: datetime, seen: Visibility | None = None) -> None:
        self._bring(now, _file(seen or self.seen, alder))

    def _open(self, title: str, opens: datetime, closes: datetime) -> int:
        return cycles.open_cycle(self.connection, self.shelf, "harbour", title, closes, None, opens).id

    def _before(self) -> None:
        cycle = self._open("Spring 2027", _OPEN_BEFORE, _CLOSED_BEFORE)
        of_alder = _ALDER_OTHERWISE if "before" in self.others else _ALDER
        response = self._answers(cycle, "alder", "gone-before", of_alder, _OPEN_BEFORE)
        self._notes(response, _OPEN_BEFORE, **{"private before": Audience.SCHOOL, "lead before": Audience.LEAD})
        self._others_answer(cycle, [*_OTHERS], _OPEN_BEFORE)
        cycles.close_cycle(self.connection, cycle, _CLOSED_BEFORE, None)
        report_snapshots.freeze(self.connection, self.shelf, cycle, _CLOSED_BEFORE)
        action = NewAction(_ACTION, "harbour", "1.1", "Visit one another.", "alder", None)
        agreed_actions.keep(self.connection, action, "lead", _CLOSED_BEFORE)

    def _now(self) -> None:
        """Who left in the middle had begun; Alder and Birch have submitted by now, too few for a lead to close."""
        for school, head in SCHOOLS.items():
            if self.seen is not Visibility.OWN_AND_GROUP:
                visibility.say(self.connection, "harbour", school, self.seen, True, head, _CLOSED_BEFORE)
        cycle = self._open("Summer 2027", _OPENS, _CLOSES)
        of_alder = _ALDER_OTHERWISE if "now" in self.others else _ALDER
        begun = self._answers(cycle, "alder", "gone-during", of_alder, _OPENS, submit=False)
        self._notes(begun, _OPENS, **{"private of who left": Audience.SCHOOL})
        self._led_by("alder-head", now=_MIDDLE)
        audiences = {"private": Audience.SCHOOL, "lead": Audience.LEAD, "meeting": Audience.MEETING}
        self._notes(begun, _MIDDLE, **audiences)
        answering.submit(self.connection, begun, _MIDDLE)
        assert deputies.ask(self.connection, "alder-head", cycle, "alder", "deputy", _MIDDLE)
        assert deputies.take_over(self.connection, "deputy", cycle, "alder")
        answering.set_talk(self.connection, "deputy", begun, None)
        self._others_answer(cycle, ["birch"], _MIDDLE)

    def _close(self) -> None:
        (cycle,) = (each for each in cycles.cycles_of(self.connection, "harbour") if each.closed_at is None)
        assert deputies.take_over(self.connection, "alder-head", cycle.id, "alder")
        self._others_answer(cycle.id, [each for each in _OTHERS if each != "birch"], _MIDDLE)
        cycles.close_cycle(self.connection, cycle.id, _CLOSES, None)
        report_snapshots.freeze(self.connection, self.shelf, cycle.id, _CLOSES)
        assert practice.propose_now(self.connection, _CLOSES), "Birch would welcome what Alder offers"

    def _others_answer(self, cycle: int, schools: Sequence[str], now: datetime) -> None:
        for school in schools:
            levels = [_OTHERS[school]] * len(_CRITERIA)
            response = self._answers(cycle, school, SCHOOLS[school], levels, now)
            if school == "birch":
                note = Note(99 + cycle, "1.1", NoteKind.DEVELOPMENT, "We ask for help.", Audience.SCHOOL, True)
                answering.keep_note(self.connection, response, note, now)

    def _answers(
        self,
        cycle: int,
        school: str,
        person: str,
        levels: Sequence[tuple[int | None, int | None]],
        now: datetime,
        *,
        submit: bool = True,
    ) -> int:
        answering.begin_response(self.connection, person, cycle, school, now)
        wanted = select(tables.Response.id).filter_by(cycle_id=cycle, school_id=school)
        response: int = self.connection.execute(wanted).scalar_one()
        for criterion, pair in zip(_CRITERIA, levels, strict=True):
            for perspective, level in zip((Perspective.SCHOOL, Perspective.PARTNERSHIP), pair, strict=True):
                row, reason = Row(criterion, perspective), None if level else "cannot_say"
                answering.save_answer(self.connection, response, row, level, reason, now)
        answering.set_priorities(self.connection, response, ["1.1"], done=True)
        if submit:
            answering.submit(self.connection, response, now)
        return response

    def _notes(self, response: int, now: datetime, **audiences: Audience) -> None:
        for name, audience in audiences.items():
            number = 1 + [*NOTES].index(name)
            note = Note(number, "1.1", NoteKind.STRENGTH, f"Our {NOTES[name]}.", audience, True)
            answering.keep_note(self.connection, response, note, now)


# What everybody tries


@dataclass(frozen=True)
class Ids:
    """Alder's own, whoever writes them on a button."""

    responses: Sequence[int]
    cycles: Sequence[int]
    snapshots: Sequence[int]
    matches: Sequence[int]

    @classmethod
    def of(cls, connection: Connection) -> Ids:
        def all_of(column: Any, **which: object) -> Sequence[int]:
            return connection.scalars(select(column).filter_by(**which).order_by(column)).all()

        return cls(
            responses=all_of(tables.Response.id, school_id="alder"),
            cycles=all_of(tables.Cycle.id, partnership_id="harbour"),
            snapshots=all_of(tables.Snapshot.id),
            matches=all_of(tables.PracticeMatch.id) or [1],
        )

    def values(self) -> Mapping[str, Sequence[object]]:
        """What the fields of buttons and of references to messages may hold: a new field needs its line here."""
        return {
            "response": self.responses, "note": range(1, 1 + len(NOTES)), "cycle": self.cycles, "school": ["alder"],
            "snapshot": self.snapshots, "match": self.matches, "action": [_ACTION], "partnership": ["harbour"],
            "network": ["bays"], "person": ["alder-head", "unasked"], "leader": ["alder-head"],
            "criterion": ["1.1.a"], "subtheme": ["1.1"],
            "perspective": [Perspective.SCHOOL], "answer": ["2"], "revision": [1], "kind": [NoteKind.STRENGTH],
            "offer": [5], "draft": [5], "posting": [_ACTION], "audience": [Audience.MEETING], "days": [2],
            "when": ["lunch"], "language": ["en"], "area": [""], "attempt": [1], "preview": [False, True],
            "keep": [True], "due": [""], "done": [True], "in_list": [False], "yes": [True],
            "visibility": [Visibility.OPEN], "changed": [None], "again": [False], "name": [None], "last_day": [True],
            "named": [()], "cycles": [tuple(self.cycles)], "state": ["there"], "framework": ["our-own"],
            "version": ["1"], "since": [date(2027, 1, 1)], "cause": [Cause.OTHER],
        }  # fmt: skip


def every(kind: type[Any], values: Mapping[str, Sequence[object]]) -> Iterator[Any]:
    names = [each.name for each in fields(kind) if each.name != "what"]
    for chosen in product(*(values[name] for name in names)):
        yield kind(**dict(zip(names, chosen, strict=True)))


def forged(ids: Ids) -> Iterator[str]:
    """Every button, with ids of Alder's in every place that takes one."""
    for kind in BUTTONS.values():
        yield from map(encode, every(kind, ids.values()))


def typed() -> Iterator[Body]:
    for word in COMMANDS:
        yield Typed(word)
    for text in (
        "partnership-report last", "partnership-report preview last area 1", "partnership-report preview Spring 2027",
        "meeting-pack last", "change 1.1.a", "strength 1.1 Words", "action 1.1 Words; alder; next meeting", "2 2",
        "Alder School",
    ):  # fmt: skip
        yield Typed(text)
    yield Installed()


def in_channel() -> Iterator[Command]:
    """What is for leads; anything else is answered directly, wherever it is typed."""
    yield Command("partnership-report", "")
    yield Command("partnership-report", "preview last")
    for word, role in COMMANDS.items():
        if role not in {Role.PARTICIPANT, Role.LEADER}:
            yield Command("partnership", word)


FOR_A_CHANNEL: Final = (
    references.Report, references.ReportPicture, references.ChannelWelcome, references_partnership.AgreedActionsPosted,
)  # fmt: skip
_NAMES: Final = {references.ReportPicture: PICTURES, references.ShortReply: ("sent-directly",)}


def messages(ids: Ids, *, channel: bool) -> Iterator[MessageReference]:
    """Every message about Alder that may wait for somebody, as if their role had changed since it was put there."""
    for kind in get_args(get_args(MessageReference)[0]):
        for each in get_args(kind) or (kind,):
            values = {**ids.values(), "name": _NAMES.get(each, ()), "preview": [not channel]}
            if (each in FOR_A_CHANNEL) is channel or (not channel and each in _NAMES | {references.Report: ()}):
                yield from every(each, values)


_WAITING: Final = """
    SELECT id, platform, tenant, conversation, kind, private_to, person_id, key, prompt, manner, 1
    FROM outbox WHERE state = 'waiting' ORDER BY id
"""
_OF_SNAPSHOTS: Final = ("report", "report-picture", "meeting-pack")


# What they are shown


@dataclass(frozen=True)
class Tried:
    by: str
    what: str


@dataclass(frozen=True)
class Seen:
    reader: str
    """A person, or everybody in the channel."""
    tried: Tried
    message: str
    """The kind of message, as its reference names it."""
    text: str
    """Every word and number of the message, of its files, and of what its pictures are drawn from."""


@dataclass
class Stand:
    """A scene in which somebody tries something, which leaves nothing behind."""

    connection: Connection
    now: datetime
    shelf: FrameworkShelf = field(default_factory=FrameworkShelf)
    seen: list[Seen] = field(default_factory=list)
    drawn: list[str] = field(default_factory=list)
    made: dict[str, tuple[Message | None, str]] = field(default_factory=dict)
    """Reports and packs, made once for each reader: they are asked for in many ways, and take long."""
    changed: set[tuple[Tried, str]] = field(default_factory=set)
    """What of Alder's did not stay as it was."""

    def __post_init__(self) -> None:
        self.database = OnConnection(self.connection)
        self.raw = _raw(self.connection)
        self.before = self._stored()
        self.compose = Composer(self.database, self.shelf, self._draw, lambda: self.now)

    @contextmanager
    def as_if_never(self) -> Iterator[None]:
        """What happens in here is undone afterwards."""
        self.raw.execute("SAVEPOINT tried")
        yield
        self.raw.execute("ROLLBACK TO tried")

    def notice_changes(self, tried: Tried) -> None:
        self.changed |= {(tried, name) for name, rows in self._stored().items() if rows != self.before[name]}

    def _stored(self) -> Mapping[str, Sequence[object]]:
        return {name: self.raw.execute(query).fetchall() for name, query in _ALDERS.items()}

    async def _draw(self, picture: Picture) -> bytes:
        self.drawn.append(repr(picture))
        return await blank(picture)

    async def says(self, who: str, body: Body, *, channel: bool = False) -> None:
        kind = Kind.CHANNEL if channel else Kind.DIRECT
        where = Conversation("web", "demo", CHANNEL if channel else f"direct-{who}", kind)
        incoming = Incoming("event", self.now, Account("web", "demo", who), where, body)
        with logged(incoming) as line:
            line.take(turn(self.connection, self.shelf, incoming, self.now))

    def waits(self, who: str, what: MessageReference) -> None:
        """A message waits for somebody, or in the channel for everybody."""
        channel = who == CHANNEL
        outbox.put(
            self.connection, platform="web", tenant="demo", conversation=CHANNEL if channel else f"direct-{who}",
            kind="channel" if channel else "direct", person=None if channel else who, key="waits",
            prompt=references.to_json(what), manner="below", now=self.now,
        )  # fmt: skip

    async def show(self, tried: Tried) -> None:
        """Everything that waits now is shown to whom it is for."""
        for row in self.raw.execute(_WAITING).fetchall():
            item = OutboxItem(*row)
            reader = item.person or item.private_to or item.conversation.removeprefix("direct-")
            self._sees(reader, tried, references.kind_of(item.prompt) or "", *await self._composed(item))

    async def _composed(self, item: OutboxItem) -> tuple[Message | None, str]:
        """The message, and what its pictures are drawn from."""
        which = f"{item.person} {item.prompt}"
        if which in self.made:
            return self.made[which]
        message = await self.compose(item)
        drawn, self.drawn[:] = "\n".join(self.drawn), []
        if references.kind_of(item.prompt) in _OF_SNAPSHOTS:
            self.made[which] = message, drawn
        return message, drawn

    def looks_at_home(self, who: str) -> None:
        account = Account("web", "demo", who)
        self._sees(who, Tried(who, "looks at home"), "home", home(self.connection, self.shelf, account, self.now))

    def _sees(self, reader: str, tried: Tried, kind: str, message: Message | None, drawn: str = "") -> None:
        if message is not None:
            text = "\n".join((repr(message.blocks), drawn, *map(read, message.files)))
            self.seen.append(Seen(reader, tried, kind, text))


def read(file: File) -> str:
    """The words of a file; of one that is packed, those of its parts, but not when it was made."""
    if not is_zipfile(io.BytesIO(file.content)):
        return file.content.decode("utf-8", "backslashreplace")
    with ZipFile(io.BytesIO(file.content)) as packed:
        return "\n".join(
            packed.read(name).decode() for name in packed.namelist() if name.endswith(".xml") and "docProps" not in name
        )


ROLES: Final = (
    OUTSIDER,
    "birch-head",  # another school's leader
    "fir-head",  # that too, and since the close one of Alder's: a successor who knew another school of that cycle
    "gone-before",  # led Alder until the cycle before was over
    "gone-during",  # led it when this cycle opened, and left in the middle
    "unasked",  # a deputy of Alder's whom nobody has asked to answer
    "deputy",  # another, who was asked, and answers until the head takes it back before the close
    "alder-head",
    "lead",
    "other-lead",
    "facilitator",
)


@dataclass(frozen=True)
class Everything:
    """What everybody was shown, what was logged meanwhile, and what of Alder's was changed by whom."""

    seen: Sequence[Seen]
    log: Sequence[str]
    changed: frozenset[tuple[Tried, str]]


def everything(seen: Visibility, stage: Stage, others: Others = frozenset()) -> Everything:
    """Everybody tries everything, each time on the scene as it stands."""
    scene = _scene(seen, stage, others)
    with memory() as connection, written_log("debug") as log:
        _raw(connection).deserialize(scene)
        random.seed(1)  # Where the bot takes new numbers from.
        stand = Stand(connection, moment(stage))
        asyncio.run(_everybody(stand))
        return Everything(stand.seen, [_without_times(each) for each in log.entries], frozenset(stand.changed))


def _scene(seen: Visibility, stage: Stage, others: Others) -> bytes:
    with memory() as connection:
        _Story(connection, seen, stage, others).play()
        connection.commit()
        return _raw(connection).serialize()


def _raw(connection: Connection) -> sqlite3.Connection:
    found: sqlite3.Connection = connection.connection.dbapi_connection  # type: ignore[assignment]
    return found


def _without_times(entry: Mapping[str, object]) -> str:
    return json.dumps({name: value for name, value in entry.items() if name not in {"time", "ms"}})


async def _everybody(stand: Stand) -> None:
    ids = Ids.of(stand.connection)
    for who in ROLES:
        for body in typed():
            await _tries(stand, who, body)
        for command in in_channel():
            await _tries(stand, who, command, channel=True)
        for carried in forged(ids):
            await _tries(stand, who, pressed(carried, {"text": "Words"}))
        stand.looks_at_home(who)
        for what in messages(ids, channel=False) if who != OUTSIDER else ():
            await _waits(stand, who, what)
    for what in messages(ids, channel=True):
        await _waits(stand, CHANNEL, what)
    await _the_clock_ticks(stand)


async def _tries(stand: Stand, who: str, body: Body, *, channel: bool = False) -> None:
    what = Tried(who, f"{body}{' in the channel' if channel else ''}")
    with stand.as_if_never():
        await stand.says(who, body, channel=channel)
        stand.notice_changes(what)
        await stand.show(what)


async def _waits(stand: Stand, who: str, what: MessageReference) -> None:
    with stand.as_if_never():
        stand.waits(who, what)
        await stand.show(Tried(who, f"is sent {what}"))


async def _the_clock_ticks(stand: Stand) -> None:
    """On the next four school days; each message is shown as it is on the last."""
    for _ in range(6):
        stand.now += timedelta(days=1)
        for hours in (5, 6):  # At three and at four in London.
            await plan_due(stand.database, stand.now + timedelta(hours=hours) + timedelta(minutes=50))
    await stand.show(Tried("the clock", "ticks"))


_RESPONSES: Final = "(SELECT id FROM response WHERE school_id = 'alder')"
_ALDERS: Final = {
    "responses": f"SELECT * FROM response WHERE id IN {_RESPONSES}",
    "answers": f"SELECT * FROM answer WHERE response_id IN {_RESPONSES}",
    "priorities": f"SELECT * FROM priority_vote WHERE response_id IN {_RESPONSES}",
    "notes": f"SELECT * FROM note WHERE response_id IN {_RESPONSES}",
    "agreement to be seen": "SELECT * FROM visibility_consent WHERE school_id = 'alder'",
    "practice": "SELECT giver_says FROM practice_match WHERE giver_id = 'alder'",
    "who stands in": "SELECT * FROM stand_in",
    "actions": "SELECT * FROM agreed_action",
    "cycles": "SELECT * FROM cycle WHERE partnership_id = 'harbour'",
}
"""What Alder said, and what was decided for Harbour."""
