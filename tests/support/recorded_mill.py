"""The part of the recorded story that is about reports: Mill, six schools that agree to be named to one another.

Its first cycle shows each school its own beside the group, two more name the schools, the last is open at the end.
The first school has two leaders, whose middle lies between two levels. Each time somebody is late, after the report was
posted; a leader moves to another school. How each report read when it was posted is kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

import yaml
from sqlalchemy import Connection, select

from core.enquiry import AskedFor, Audience, Note, NoteKind, Visibility
from core.framework import Perspective, Row
from core.partnership_file import read_partnership
from core.services import answering, cycles, visibility
from core.services.importing import import_partnership
from core.storage.tables import Response
from tests.support.earlier_databases import ToldReport
from tests.support.enquiries import answer
from tests.support.live_world import PLATFORMS, LiveWorld, at
from tests.support.recorded_people import MAB, MIA, MILL_CHANNEL
from tests.support.told_reports import keep_those_not_told_yet

AT_FIRST: Final[Mapping[str, Sequence[str]]] = {
    "mill-1": ("mia", "max"), "mill-2": ("mina",), "mill-3": ("moe",), "mill-4": ("mo",), "mill-5": ("may",),
    "mill-6": ("mel",),
}  # fmt: skip
AFTERWARDS: Final[Mapping[str, Sequence[str]]] = {**AT_FIRST, "mill-3": ("myra",), "mill-4": ("moe",)}
"""Mo has retired; Moe, who answered for another school in the first cycle, leads Mo's."""

_SCOPE: Final = ("1.1", "2.2", "3.1")
_FIRST: Final[Mapping[str, str]] = {
    "mia":  "22 33  22 22  32 21",
    "max":  "32 23  22 23  22 32",
    "mina": "21 22  22 22  32 22",
    "moe":  "22 32  32 32  12 21",
    "mo":   "32 33  33 23  23 33",
    "may":  "33 33  42 33  33 23",
    "mel":  "43 34  32 33  23 22",
}  # fmt: skip
"""By leader, for each sub-theme: the levels of its two questions for the school, and those for the partnership.

Mia and Max make 2.5 and 2 for their school in 1.1, which is 2.25: the middle of 1.5, 2, 2.25, 2.5 and 3.
"""
_SECOND: Final[Mapping[str, str]] = {
    "mia":  "33 32  33 32  32 22",
    "max":  "32 33  23 33  22 32",
    "mina": "32 32  23 32  33 33",
    "myra": "32 33  32 32  22 22",
    "moe":  "33 33  44 33  23 43",
    "may":  "43 43  42 33  44 33",
    "mel":  "43 44  33 33  33 32",
}  # fmt: skip
_THIRD: Final[Mapping[str, str]] = {**_SECOND, "mia": "44 43  33 33  33 33", "myra": "22 33  42 33  22 22"}
_LAST: Final[Mapping[str, str]] = {"mia": "33 33  33 33  33 32", "mina": "33 33  33 32  33 33"}
_ASKS_FOR: Final[Mapping[str, AskedFor]] = {
    "max": Row("3.1.a", Perspective.SCHOOL), "moe": "priorities", "may": "review",
}  # fmt: skip
_CHOSE: Final[Mapping[str, Sequence[str]]] = {
    "mia": ("2.2", "3.1"), "max": ("2.2",), "mina": ("2.2",), "moe": ("2.2", "1.1"), "may": ("2.2", "1.1"),
    "mel": ("1.1", "3.1"), "myra": ("3.1",),
}  # fmt: skip
_WISHES: Final[Mapping[str, tuple[str, NoteKind]]] = {
    "mina": ("1.1", NoteKind.STRENGTH), "may": ("1.1", NoteKind.DEVELOPMENT), "moe": ("3.1", NoteKind.DEVELOPMENT),
    "mel": ("3.1", NoteKind.STRENGTH),
}  # fmt: skip
"""What they would share, or welcome help with. Mel, who is late, adds a second sub-theme in which two schools meet."""
_LATE_FIRST: Final = ("mel",)
_LATE_SECOND: Final = ("mel", "max")
"""A school that was not in the report, and the second leader of one that was."""


def bring_in(world: LiveWorld, schools: Mapping[str, Sequence[str]], connection: Connection) -> None:
    source = yaml.safe_dump(_file(schools), sort_keys=False).encode()
    import_partnership(connection, world.shelf, read_partnership(source, PLATFORMS), world.now)


def _file(schools: Mapping[str, Sequence[str]]) -> dict[str, object]:
    accounts = {"mia": MIA, "mab": MAB}
    return {
        "partnership": {"id": "mill", "name": "Mill Partnership", "nation": "england", "visibility": "open"},
        "schools": [
            {"id": each, "name": f"{each.capitalize()} School", "phase": "Primary", "leaders": [*leaders]}
            for each, leaders in schools.items()
        ],
        "people": [
            {"id": each, "name": f"{each.capitalize()} Example", "email": f"{each}@schools.example"}
            | ({"accounts": [{"platform": who.platform, "tenant": who.tenant, "user": who.user}]} if who else {})
            for leaders in (*schools.values(), ("mab",))
            for each in leaders
            for who in (accounts.get(each),)
        ],
        "leads": ["mab"],
        "calendar": {
            "terms": [
                {"name": "Spring", "starts": "2026-01-05", "ends": "2026-03-27"},
                {"name": "Summer", "starts": "2026-04-13", "ends": "2026-07-21"},
            ],
            "school_days_off": [{"name": "Summer half term", "starts": "2026-05-25", "ends": "2026-05-29"}],
        },
        "channels": [{"platform": "slack", "tenant": "T-HARBOUR", "id": MILL_CHANNEL.id, "language": "both"}],
    }  # fmt: skip


# Its cycles


async def first_cycle(world: LiveWorld, told: dict[int, ToldReport]) -> None:
    """Own school and group; the schools agree afterwards to be named in the next."""
    await world.comes(MIA, MAB)
    cycle = await _opens(world, "Winter 2026", "2026-02-12 16:00", "2026-02-13 12:00")
    await _answer(world, cycle, AT_FIRST, {who: said for who, said in _FIRST.items() if who not in _LATE_FIRST})
    await _is_reported(world, "2026-02-13 12:05", told)
    await _answer(world, cycle, AT_FIRST, {who: _FIRST[who] for who in _LATE_FIRST})
    await world.database.write(partial(_agree_to_be_named, world))


async def second_cycle(world: LiveWorld, told: dict[int, ToldReport]) -> None:
    """Schools are named; the report is posted once more with those who were late."""
    await world.database.write(partial(bring_in, world, AFTERWARDS))
    cycle = await _opens(world, "Spring 2026", "2026-03-26 16:00", "2026-03-27 12:00")
    await _answer(world, cycle, AFTERWARDS, {who: said for who, said in _SECOND.items() if who not in _LATE_SECOND})
    await _is_reported(world, "2026-03-27 12:05", told)
    await _answer(world, cycle, AFTERWARDS, {who: _SECOND[who] for who in _LATE_SECOND})
    await _is_reported(world, "2026-03-27 12:15", told)


async def third_cycle(world: LiveWorld, told: dict[int, ToldReport]) -> None:
    """Schools are named once more, so that it is told how many moved."""
    cycle = await _opens(world, "Easter 2026", "2026-03-27 12:20", "2026-03-27 13:00")
    await _answer(world, cycle, AFTERWARDS, _THIRD)
    await _is_reported(world, "2026-03-27 13:05", told)


async def last_cycle(world: LiveWorld) -> None:
    """Open at the end: leaders of two schools have submitted and chosen; others have begun, and ask for something."""
    cycle = await _opens(world, "Summer 2026", f"{world.now:%Y-%m-%d} 18:00", "2026-06-12 16:00")
    await _answer(world, cycle, AFTERWARDS, _LAST)
    await _answer(world, cycle, AFTERWARDS, dict.fromkeys(_ASKS_FOR, _LAST["mia"]), submit=False)
    await world.database.write(partial(_ask_for_something, cycle))


def _ask_for_something(cycle: int, connection: Connection) -> None:
    """And they have reasons for giving no score."""
    begun = select(Response.person_id, Response.id).where(Response.cycle_id == cycle, Response.person_id.in_(_ASKS_FOR))
    for who, response in connection.execute(begun).all():
        answering.ask_for(connection, response, _ASKS_FOR[who])
        for question, reason in (("1.1.a", "skipped"), ("1.1.b", "not_applicable"), ("2.2.a", "cannot_say")):
            row = Row(question, Perspective.PARTNERSHIP)
            answering.save_answer(connection, response, row, None, reason, at("2026-05-12 15:30"))


async def _is_reported(world: LiveWorld, when: str, told: dict[int, ToldReport]) -> None:
    await world.goes_to(when)
    await world.commands(MAB, "partnership-report", MILL_CHANNEL)
    keep_those_not_told_yet(world, told, "mill")


async def _opens(world: LiveWorld, title: str, opens: str, closes: str) -> int:
    opened = await world.database.write(
        lambda connection: cycles.open_cycle(
            connection, world.shelf, "mill", title, at(closes), _SCOPE, world.now, opens_at=at(opens)
        )
    )
    return opened.id


def _agree_to_be_named(world: LiveWorld, connection: Connection) -> None:
    for school, (leader, *_) in AT_FIRST.items():
        visibility.say(connection, "mill", school, Visibility.OPEN, True, leader, world.now)


async def _answer(
    world: LiveWorld,
    cycle: int,
    schools: Mapping[str, Sequence[str]],
    said: Mapping[str, str],
    *,
    submit: bool = True,
) -> None:
    await world.database.write(partial(_answered, world, cycle, schools, said, submit))


def _answered(
    world: LiveWorld,
    cycle: int,
    schools: Mapping[str, Sequence[str]],
    said: Mapping[str, str],
    submit: bool,
    connection: Connection,
) -> None:
    school_of = {leader: school for school, leaders in schools.items() for leader in leaders}
    for who, levels in said.items():
        votes = _CHOSE.get(who, ())
        response = answer(
            connection, cycle, school_of[who], who, _levels(levels), votes=votes, submit=submit, at=world.now
        )
        if who in _WISHES:
            subtheme, kind = _WISHES[who]
            number = 1000 * cycle + [*_WISHES].index(who)
            note = Note(number, subtheme, kind, f"{who.capitalize()}'s note on {subtheme}.", Audience.SCHOOL, True)
            answering.keep_note(connection, response, note, world.now)


def _levels(said: str) -> dict[str, tuple[int, int]]:
    pairs = said.split()
    return {
        f"{subtheme}.{question}": (int(own[place]), int(group[place]))
        for subtheme, own, group in zip(_SCOPE, pairs[::2], pairs[1::2], strict=True)
        for place, question in enumerate("ab")
    }
