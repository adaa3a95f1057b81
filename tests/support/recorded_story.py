"""What happens in a recorded database: eight months of invented partnerships, up to a Tuesday afternoon in May.

Harbour has two cycles behind it and one open; Meadow, whose schools have agreed to be named, uses a framework of its
own; five small partnerships make a network with Harbour, and two of them share a school or a leader with another: both
files name the school, and the account. Mill, of ``recorded_mill``, is there for its reports. It
ends in the middle of things: answers half given, a note asked for, a text offered, an action half recorded, messages
waiting, one being sent and one that nobody can be sure of.

Whoever does something here types a command, or presses what a button carries: both outlive a change of words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Final

import yaml
from sqlalchemy import Connection, select

from bot.inbound.events import Account
from bot.messages import references
from bot.messages.blocks import File, Message, Paragraph
from core.enquiry import Audience, Note, NoteKind, Visibility
from core.framework import Framework
from core.pace import PacedLine, Rate
from core.partnership_file import read_partnership
from core.services import answering, conversation_addresses, cycles, led_cycles, linking, shared_files, visibility
from core.services.conversation_addresses import Reference
from core.services.importing import import_partnership
from core.services.shared_files import SharedFile
from core.storage import erasures, outbox, pace, signs_of_life
from core.storage.outbox import Place
from core.storage.tables import Cycle, ListedPerson, Membership
from integrations.demo.clock import DemoClock
from integrations.slack import installations
from integrations.slack.installations import Installation
from integrations.slack.stores import States
from integrations.slack.vault import Tokens, Vault
from integrations.web.client import BrowserChat
from tests.support import recorded_mill
from tests.support.earlier_databases import ToldReport
from tests.support.enquiries import answer
from tests.support.fake_platform import ACCEPTED_THEN_DROPPED, CONVERSATION_GONE, PAUSE_FOR_ALL, REFUSED
from tests.support.live_world import PLATFORMS, LiveWorld, at, direct
from tests.support.own_framework import own_framework
from tests.support.recorded_people import (
    AMY,
    ANN,
    ANN_ON_TEAMS,
    BEA,
    BEN,
    CAT,
    CHANNEL,
    DAN,
    DEB,
    EVE,
    FAY,
    FINN,
    GIL,
    HAL,
    LEA,
    MEG,
    STRANGER,
    TEAMS_CHANNEL,
)  # fmt: skip
from tests.support.recorded_samples import every_message
from tests.support.told_reports import keep_those_not_told_yet

BEGINS: Final = at("2025-11-03 09:00")
SLACK_KEY: Final = "aW52ZW50ZWQtZm9yLXRlc3RzLW9ubHktMzItYnl0ZXM="
"""What the tokens of the recorded Slack workspace are encrypted with."""

HARBOUR: Final[Mapping[str, Sequence[str]]] = {
    "alder": ("ann", "amy"), "birch": ("ben",), "cedar": ("cat",), "damson": ("dan",), "elder": ("eve",),
    "fir": ("finn",),
}  # fmt: skip
HARBOUR_ACCOUNTS: Final = {
    "ann": (ANN_ON_TEAMS, ANN), "amy": (AMY,), "ben": (BEN,), "cat": (CAT,), "dan": (DAN,), "eve": (EVE,),
    "finn": (FINN,), "lea": (LEA,), "fay": (FAY,), "deb": (DEB,),
}  # fmt: skip
MEADOW: Final[Mapping[str, Sequence[str]]] = {
    "clover": ("gil",), "daisy": ("gil",), "foxglove": ("flo",), "heather": ("hal",), "iris": ("ivy",),
}  # fmt: skip
DEPUTIES: Final = {("harbour", "alder"): ["deb"]}
NEIGHBOURS: Final = ("brook", "cliff", "dale", "estuary", "fell")
SHARED: Final[Mapping[str, Mapping[str, Sequence[str]]]] = {
    "fell": {"elder": ("eve",)}, "dale": {"dale-4": ("hal",)},
}  # fmt: skip
"""A school that belongs to Harbour as well, with its leader; and a leader who leads a school of Meadow as well."""
NEIGHBOURS_ACCOUNTS: Final[Mapping[str, Mapping[str, Sequence[Account]]]] = {
    "brook": {"brook-1-head": (BEA,)}, "fell": {"eve": (EVE,)}, "dale": {"hal": (HAL,)},
}  # fmt: skip
SAME_AS: Final = {
    ("harbour", "elder"): {"partnership": "fell", "id": "elder"},
    ("fell", "elder"): {"partnership": "harbour", "id": "elder"},
}
NETWORK: Final = "three-bays"

CALENDAR: Final = {
    "terms": [
        {"name": "Autumn", "starts": "2025-09-02", "ends": "2025-12-19"},
        {"name": "Spring", "starts": "2026-01-05", "ends": "2026-03-27"},
        {"name": "Summer", "starts": "2026-04-13", "ends": "2026-07-21"},
    ],
    "school_days_off": [
        {"name": "Winter half term", "starts": "2026-02-16", "ends": "2026-02-20"},
        {"name": "Summer half term", "starts": "2026-05-25", "ends": "2026-05-29"},
    ],
}


async def play(world: LiveWorld) -> Mapping[int, ToldReport]:
    """All of it, on an empty database whose clock stands at ``BEGINS``; returns how the reports read."""
    told: dict[int, ToldReport] = {}
    await world.database.write(partial(_bring_in_everybody, world))
    await world.comes(*(who for accounts in HARBOUR_ACCOUNTS.values() for who in accounts), GIL, MEG, BEA, STRANGER)
    await world.types(DAN, "cymraeg")
    await _autumn(world)
    await recorded_mill.first_cycle(world, told)
    await _spring(world)
    await recorded_mill.second_cycle(world, told)
    await recorded_mill.third_cycle(world, told)
    await _summer(world)
    await recorded_mill.last_cycle(world)
    await _beside_the_conversation(world)
    await _while_the_platforms_are_unwell(world)
    keep_those_not_told_yet(world, told)
    return told


# Who there is


def _bring_in_everybody(world: LiveWorld, connection: Connection) -> None:
    bring = partial(_bring, world, connection)
    bring(_harbour())
    bring(_meadow(), own_framework(((2, 1), (1,)), levels=3))
    for name in NEIGHBOURS:
        bring(_neighbour(name, _schools_of(name)))
    recorded_mill.bring_in(world, recorded_mill.AT_FIRST, connection)
    for school, (leader, *_) in MEADOW.items():
        visibility.say(connection, "meadow", school, Visibility.OPEN, True, leader, world.now)


def _bring(
    world: LiveWorld, connection: Connection, file: Mapping[str, object], framework: bytes | None = None
) -> None:
    source = yaml.safe_dump(file, allow_unicode=True, sort_keys=False).encode()
    import_partnership(connection, world.shelf, read_partnership(source, PLATFORMS), world.now, framework)


def _harbour() -> dict[str, object]:
    channels = [
        {"platform": each.platform, "tenant": each.tenant, "id": each.id, "language": language}
        for each, language in ((CHANNEL, "both"), (TEAMS_CHANNEL, "en"))
    ]
    file = _file("harbour", HARBOUR, HARBOUR_ACCOUNTS, lead="lea", visibility="open")
    return file | {"facilitators": ["fay"], "channels": channels}


def _meadow() -> dict[str, object]:
    accounts = {"gil": (GIL,), "hal": (HAL,), "meg": (MEG,)}
    file = _file("meadow", MEADOW, accounts, lead="meg", visibility="open", network="invited")
    return file | {"framework": "our-own.yaml"}


def _schools_of(neighbour: str) -> dict[str, Sequence[str]]:
    """Eight in Brook, which is enough for more to be told; four in the others, which is just enough for figures."""
    most = 8 if neighbour == "brook" else 4
    own: dict[str, Sequence[str]] = {
        f"{neighbour}-{number}": (f"{neighbour}-{number}-head",) for number in range(1, most + 1)
    }
    return {**own, **SHARED.get(neighbour, {})}


def _neighbour(name: str, schools: Mapping[str, Sequence[str]]) -> dict[str, object]:
    return _file(name, schools, NEIGHBOURS_ACCOUNTS.get(name, {}), lead=f"{name}-1-head")


def _file(
    name: str,
    schools: Mapping[str, Sequence[str]],
    accounts: Mapping[str, Sequence[Account]],
    *,
    lead: str,
    visibility: str = "own-and-group",
    network: str = "joined",
) -> dict[str, object]:
    people = dict.fromkeys((*(head for leaders in schools.values() for head in leaders), *accounts))
    return {
        "partnership": {
            "id": name, "name": f"{name.capitalize()} Partnership", "nation": "england", "visibility": visibility,
        },
        "schools": [
            {"id": each, "name": f"{each.capitalize()} School", "phase": "Primary", "leaders": [*leaders]}
            | ({"same_as": other} if (other := SAME_AS.get((name, each))) else {})
            | ({"deputies": named} if (named := DEPUTIES.get((name, each))) else {})
            for each, leaders in schools.items()
        ],
        "people": [_person(each, accounts.get(each, ())) for each in people],
        "leads": [lead],
        "calendar": CALENDAR,
        "networks": [{"id": NETWORK, "name": "Three Bays Network", "state": network}],
    }  # fmt: skip


def _person(id_: str, accounts: Sequence[Account]) -> dict[str, object]:
    listed = [{"platform": each.platform, "tenant": each.tenant, "user": each.user} for each in accounts]
    return {"id": id_, "name": f"{id_.capitalize()} Example", "email": f"{id_}@schools.example", "accounts": listed}


# Autumn: Harbour's first cycle, its report, and what its meeting agreed


async def _autumn(world: LiveWorld) -> None:
    cycle = await _opens(world, "harbour", "Autumn 2025", "2025-11-05", "2025-11-28", meeting="2025-12-04")
    await world.goes_to("2025-11-05 15:50")
    await _answer(world, cycle, HARBOUR, turn=0)
    await world.goes_to("2025-11-28 16:00", "2025-12-01 15:50")
    await world.commands(LEA, "partnership-report", CHANNEL)
    await _say_whether_to_be_seen(world)
    await world.goes_to("2025-12-04 14:00")
    await world.types(
        LEA,
        "action 2.2 Visit one another's classrooms; alder; next meeting",
        "action 1.1 Write down what we are for; birch; 13 March",
        "action 3.1 Meet on Tuesdays; cedar; next meeting",
    )
    await world.goes_to("2025-12-05 08:00", "2026-02-12 15:50")
    await world.presses(ANN, "SettleAction|*|yes|*")
    await world.presses(BEN, "SettleAction|*|no|*")


async def _say_whether_to_be_seen(world: LiveWorld) -> None:
    await world.presses(ANN, "SaySeen|harbour|alder|open|yes|*")
    await world.presses(CAT, "SaySeen|harbour|cedar|open|no|*")


# Spring: a cycle that one leader answers in chat, who could help whom, and everybody else's cycles


async def _spring(world: LiveWorld) -> None:
    for name in NEIGHBOURS:
        scope = ("2.1", "2.2", "2.3")
        cycle = await _opens(world, name, "Spring 2026", "2026-02-23", "2026-03-20", scope=scope)
        await _answer(world, cycle, _schools_of(name), turn=1)
    meadow = await _opens(world, "meadow", "Spring 2026", "2026-02-23", "2026-03-20")
    await _answer(world, meadow, MEADOW, turn=1)
    harbour = await _opens(world, "harbour", "Spring 2026", "2026-02-23", "2026-03-20", meeting="2026-03-26")
    await world.goes_to("2026-02-23 15:50")
    await _answers_in_chat(world, ANN)
    await world.goes_to("2026-03-02 15:50")
    await world.types(BEN, "not now")
    await world.presses(BEN, "Snooze|*|2")
    await world.goes_to("2026-03-04 15:50", "2026-03-09 15:50")
    await _answer(world, harbour, {each: HARBOUR[each] for each in ("birch", "cedar", "damson", "fir")}, turn=1)
    await _after_the_spring_cycle(world)


async def _answers_in_chat(world: LiveWorld, who: Account) -> None:
    await world.types(who, "start")
    await world.taps(who, 3, 2, 4, 2)
    await world.presses(who, "AddNote|*|1.1|strength")
    await world.writes(who, "We plan together every Monday.")
    await world.presses(who, "OfferNote|*|yes")
    await world.presses(who, "ShowNoteTo|*|meeting")
    for _ in range(15):
        await world.taps(who, 3, 2)
    await world.types(who, "can't say", "2")
    await world.presses(who, "Prioritise|*|2.2|yes")
    await world.types(who, "done", "submit")


async def _after_the_spring_cycle(world: LiveWorld) -> None:
    await world.goes_to("2026-03-17 15:50", "2026-03-19 15:50", "2026-03-20 16:00", "2026-03-23 15:50")
    await world.commands(LEA, "partnership-report", CHANNEL)
    await world.commands(LEA, "partnership-report last area 2", CHANNEL)
    await world.types(LEA, "partnership-report preview last", "meeting-pack", "notes", "responses")
    await world.types(BEA, "partnership-report preview last")
    await world.types(MEG, "partnership-report preview last", "responses")
    await world.goes_to("2026-03-24 15:50", "2026-03-25 15:50")
    await world.presses(ANN, "AnswerPractice|*|yes|*")
    await world.presses(BEN, "AnswerPractice|*|yes|*")
    await world.presses(CAT, "AnswerPractice|*|no|*")
    await world.presses(FINN, "AnswerPractice|*|yes|*")
    await world.goes_to("2026-03-26 15:50")
    await world.types(LEA, "action 2.1 Read one book together; damson; next meeting")


# Summer: everything stands open


async def _summer(world: LiveWorld) -> None:
    harbour = await _opens(world, "harbour", "Summer 2026", "2026-05-05", "2026-06-12", meeting="2026-06-18")
    await _opens(world, "meadow", "Summer 2026", "2026-05-05", "2026-06-12")
    await world.goes_to("2026-03-27 15:50", "2026-05-05 15:50")
    await _answer(world, harbour, {"fir": ("finn",)}, turn=2)
    await _answers_half(world)
    await _has_all_but_submitted(world)
    await world.types(FAY, "network")
    await world.types(LEA, "action 1.2 Share one timetable")
    await world.types(AMY, "status", "deputy")
    await world.presses(AMY, "AskDeputy|*|alder|deb")
    await world.types(AMY, "stop")
    await world.database.write(partial(_a_head_leaves, world))
    await world.types(EVE, "not now")
    await world.database.write(partial(linking.new_code, person="flo", now=world.now))
    await world.types(STRANGER, "AAAA-BBBB-CCCC")


def _a_head_leaves(world: LiveWorld, connection: Connection) -> None:
    """Neither they nor their successor can be reached, so what both are to be told waits."""
    _bring(world, connection, _neighbour("cliff", _schools_of("cliff") | {"cliff-2": ("new-head",)}))


async def _answers_half(world: LiveWorld) -> None:
    """Ann was asked to write a note; Ben was asked what to do with what he wrote; Dan has just begun; Gil has two."""
    await world.types(ANN, "start")
    await world.taps(ANN, *[3, 4] * 7, 2)
    await world.presses(ANN, "AddNote|*|1.2|development")
    await world.types(BEN, "start")
    await world.taps(BEN, *[2, 3] * 4)
    await world.types(BEN, "The new timetable has helped us a great deal.")
    await world.types(DAN, "dechrau")
    await world.taps(DAN, 4)
    await world.types(GIL, "switch")
    await world.presses(GIL, "Start|*|clover")
    await world.taps(GIL, 3, 2)


async def _has_all_but_submitted(world: LiveWorld) -> None:
    await world.types(CAT, "start")
    await world.taps(CAT, *[3, 2] * 18)
    await world.presses(CAT, "Prioritise|*|1.3|yes")
    await world.types(CAT, "done")


# Cycles, and those who answer in them by the services alone


async def _opens(
    world: LiveWorld,
    partnership: str,
    title: str,
    opens: str,
    closes: str,
    *,
    meeting: str | None = None,
    scope: Sequence[str] | None = None,
) -> int:
    opened = await world.database.write(
        lambda connection: cycles.open_cycle(
            connection, world.shelf, partnership, title, at(f"{closes} 16:00"), scope, world.now,
            opens_at=at(f"{opens} 08:00"), meeting_on=None if meeting is None else date.fromisoformat(meeting),
        )
    )  # fmt: skip
    return opened.id


NOTES: Final = {
    "birch": ("1.1", NoteKind.DEVELOPMENT, "We would like to plan together.", Audience.LEAD),
    "cedar": ("3.2", NoteKind.DEVELOPMENT, "Parents hear too little of it.", Audience.SCHOOL),
    "damson": ("3.2", NoteKind.STRENGTH, "Mae rhieni yn cynllunio gyda ni.", Audience.MEETING),
    "fir": ("2.3", NoteKind.STRENGTH, "Each project says what will be different.", Audience.LEAD),
    "brook-1": ("2.3", NoteKind.DEVELOPMENT, "Our projects end in a drawer.", Audience.SCHOOL),
    "iris": ("1.1", NoteKind.EVIDENCE, "Minutes of three meetings.", Audience.MEETING),
}
"""What leaders wrote in spring; strengths are offered, and help with developments is welcome."""


async def _answer(world: LiveWorld, cycle: int, schools: Mapping[str, Sequence[str]], *, turn: int) -> None:
    """The first leader of each school answers everything, and submits."""
    await world.database.write(partial(_answered, world, cycle, schools, turn))


def _answered(
    world: LiveWorld, cycle: int, schools: Mapping[str, Sequence[str]], turn: int, connection: Connection
) -> None:
    found = led_cycles.cycle_and_framework(connection, world.shelf, cycle)
    assert found is not None
    for number, (school, (leader, *_)) in enumerate(schools.items()):
        levels, votes = _levels(found[1], number, turn), _votes(found[1], number)
        row, person = _stored(connection, cycle, school, leader)
        response = answer(connection, cycle, row, person, levels, votes=votes, at=world.now)
        if turn == 1 and school in NOTES:
            subtheme, kind, text, audience = NOTES[school]
            offered = None if kind is NoteKind.EVIDENCE else True
            note = Note([*NOTES].index(school) + 1, subtheme, kind, text, audience, offered)
            answering.keep_note(connection, response, note, world.now)


def _stored(connection: Connection, cycle: int, school: str, leader: str) -> tuple[str, str]:
    """The database's ids of a school and a person, which are its partnership's own."""
    partnership = select(Cycle.partnership_id).where(Cycle.id == cycle).scalar_subquery()
    schools = select(Membership.school_id).filter_by(partnership_id=partnership, file_id=school)
    people = select(ListedPerson.person_id).filter_by(partnership_id=partnership, file_id=leader)
    return connection.execute(schools).scalar_one(), connection.execute(people).scalar_one()


def _levels(framework: Framework, school: int, turn: int) -> dict[str, tuple[int, int]]:
    """Neighbouring levels, so that most figures may be told."""
    most = len(framework.levels)
    own = {
        each.id: min(most, 1 + (place // 2 + turn) % 3 + school % 2) for place, each in enumerate(framework.criteria)
    }
    return {each: (level, max(1, level - (place + school) % 2)) for place, (each, level) in enumerate(own.items())}


def _votes(framework: Framework, school: int) -> tuple[str, ...]:
    subthemes = [each.id for each in framework.subthemes]
    return tuple(dict.fromkeys((subthemes[1], subthemes[school % len(subthemes)])))


# What stands beside the conversation


async def _beside_the_conversation(world: LiveWorld) -> None:
    """A Slack workspace that installed the app, an installation begun, a message in the browser with a file."""
    await world.database.write(partial(_on_platforms, world))
    await States(world.database, world.clock).async_issue()
    file = File("figures.csv", "text/csv", b"1,2\n")
    browser = BrowserChat(world.database, world.clock)
    await browser.post(direct(CAT), Message("hello", (Paragraph("Hello, Cat."),), "en", (file,)))


def _on_platforms(world: LiveWorld, connection: Connection) -> None:
    tokens = Vault([SLACK_KEY]).seal("T-HARBOUR", Tokens("xoxb-invented", "xoxe-invented"))
    installation = Installation(
        "T-HARBOUR", "Harbour", "U-bot", "B-bot", ["chat:write"], tokens, world.now + timedelta(hours=12), world.now
    )
    installations.save(connection, installation)
    here = Place("teams", "harbour-trust", "ben")
    reference = Reference("https://smba.example/uk/", "a:ben-with-the-bot", "29:ben")
    conversation_addresses.remember(connection, here, reference, world.now)
    expires_at = world.now + timedelta(days=30)
    shared_files.share(connection, here, "report:1", SharedFile("report.csv", "text/csv", b"1,2\n"), expires_at)
    DemoClock(world.clock).forward(connection, world.now + timedelta(hours=1))
    _calls_take_turns(connection, world.now)


def _calls_take_turns(connection: Connection, now: datetime) -> None:
    """Slack has refused a call, so what nobody waits for goes slower; and the clock works."""
    line = PacedLine("chat.postMessage", Rate(burst=1, every=1.0))
    pace.join(connection, "slack", "T-HARBOUR", [line], now=now.timestamp(), patience=5.0)
    pace.hold(connection, "slack", "T-HARBOUR", line, seconds=30.0, now=now.timestamp())
    signs_of_life.give(connection, "minute", now)
    signs_of_life.give(connection, "write", now)


# The end: messages wait, for one reason or another


async def _while_the_platforms_are_unwell(world: LiveWorld) -> None:
    await world.goes_to("2026-05-12 15:40")
    slack, teams, web = (world.platforms[name] for name in ("slack", "teams", "web"))
    slack.next_calls(*[PAUSE_FOR_ALL] * 20)
    teams.next_calls(*[REFUSED] * 20)
    web.can_look_up = False
    web.next_calls(ACCEPTED_THEN_DROPPED)
    await world.goes_to("2026-05-12 15:50")
    teams.recovers()
    teams.next_calls(CONVERSATION_GONE)
    await world.types(FINN, "help")
    await world.database.write(partial(_says_everything, world))
    await world.database.write(partial(_stops_while_sending, world))
    await world.database.write(partial(erasures.record, person="grace", accounts=[STRANGER]))


def _says_everything(world: LiveWorld, connection: Connection) -> None:
    """Every kind of message waits once more, whoever else waits for one."""
    for number, sample in enumerate(every_message(connection)):
        outbox.put(
            connection, platform=sample.where.platform, tenant=sample.where.tenant, conversation=sample.where.id,
            kind=sample.where.kind, person=sample.person, key=f"kept:{number}", prompt=references.to_json(sample.what),
            manner="below", now=world.now,
        )  # fmt: skip


def _stops_while_sending(world: LiveWorld, connection: Connection) -> None:
    """A process has taken two messages, one of which is said once at most, and is never heard of again."""
    where = direct(EVE)
    outbox.put(
        connection, platform=where.platform, tenant=where.tenant, conversation=where.id, kind=where.kind, person="eve",
        key="kept-once", prompt=references.to_json(references.Help()), manner="once", now=world.now,
    )  # fmt: skip
    for each in (direct(CAT), where):
        place, lease = Place(each.platform, each.tenant, each.id), timedelta(minutes=2)
        claimed = outbox.claim(connection, place, now=world.now, lease=lease)
        assert claimed is not None
        assert claimed.manner != "once" or outbox.is_calling(connection, claimed, world.now)
