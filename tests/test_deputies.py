"""A deputy answers when the head asks, or while the head is away: one voice, and rights in the open cycle alone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial

import pytest
import yaml
from sqlalchemy import Connection, select

from bot.inbound.buttons import AskDeputy
from bot.inbound.events import Account, Pressed
from bot.messages.plain_text import plain_text
from core.framework_file import default_framework
from core.partnership_file import read_partnership
from core.services import cycles
from core.services.importing import import_partnership
from core.services.scores import scores_of
from core.storage import tables
from tests.support.enquiries import answer
from tests.support.live_world import PLATFORMS, LiveWorld, account, at, direct, living

OLA, DEB, BEN, LEA = (account(f"web demo {each}") for each in ("ola", "deb", "ben", "lea"))
"""Ola leads Alder School, and Deb is her deputy."""
OTHERS = {"birch": "ben", "cedar": "cat", "damson": "dan", "elder": "eve"}
ACCOUNTS = {"ola": OLA, "deb": DEB, "ben": BEN, "lea": LEA}


def hill(*, deputies: tuple[str, ...] = ("deb",), leaders: tuple[str, ...] = ("ola",)) -> bytes:
    people = ("ola", "deb", "ben", "cat", "dan", "eve", "lea")
    schools = {"alder": leaders, **{each: (head,) for each, head in OTHERS.items()}}
    return yaml.safe_dump({
        "partnership": {"id": "hill", "name": "Hill Partnership", "nation": "england"},
        "schools": [
            {"id": each, "name": f"{each.capitalize()} School", "leaders": [*heads],
             "deputies": [*deputies] if each == "alder" else []}
            for each, heads in schools.items()
        ],
        "people": [
            {"id": each, "name": f"{each.capitalize()} Example", "accounts": [
                {"platform": "web", "tenant": "demo", "user": each} for _ in [1] if each in ACCOUNTS
            ]}
            for each in people
        ],
        "leads": ["lea"],
        "calendar": {"terms": [{"name": "Summer", "starts": "2026-04-13", "ends": "2026-07-21"}]},
    }).encode()  # fmt: skip


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[LiveWorld]:
    """On a Monday in summer, with a cycle open until Friday week."""
    async with living(database_url, at("2026-06-01 09:00")) as made:
        await bring(made, hill())
        await made.comes(OLA, DEB, BEN, LEA)
        await made.database.write(partial(_open, made))
        await made.goes_to("2026-06-01 15:50")
        yield made


def _open(world: LiveWorld, connection: Connection) -> None:
    cycles.open_cycle(connection, world.shelf, "hill", "Summer 2026", at("2026-06-12 16:00"), None, world.now)


async def bring(world: LiveWorld, file: bytes) -> None:
    await world.database.write(
        lambda connection: import_partnership(connection, world.shelf, read_partnership(file, PLATFORMS), world.now)
    )


def text_of(world: LiveWorld, who: Account) -> str:
    return "\n".join(plain_text(each) for each in world.messages(direct(who)))


def last(world: LiveWorld, who: Account, begins: str = "") -> str:
    return plain_text([each for each in world.messages(direct(who)) if each.key.startswith(begins)][-1])


def responses(world: LiveWorld) -> list[tuple[str, bool]]:
    """Who gives Alder's, and whether it has been submitted."""
    query = select(tables.Response.person_id, tables.Response.submitted_at).filter_by(school_id="alder")
    rows = world.database.read_now(lambda connection: connection.execute(query.order_by(tables.Response.id)).all())
    return [(row.person_id, row.submitted_at is not None) for row in rows]


async def asks_deb(world: LiveWorld) -> None:
    await world.types(OLA, "deputy")
    await world.presses(OLA, "AskDeputy|*")
    await world.goes_to("2026-06-02 15:50")


async def test_a_deputy_is_not_asked_of_herself(world: LiveWorld) -> None:
    assert "Summer 2026" in text_of(world, OLA)
    assert "Summer 2026" not in text_of(world, DEB)
    await world.types(DEB, "start")
    assert responses(world) == []


async def test_the_head_asks_and_the_deputy_goes_on_with_one_voice(world: LiveWorld) -> None:
    await world.types(OLA, "start")
    await world.taps(OLA, *[4, 2] * 7)
    await world.types(OLA, "strength We keep this to ourselves.")
    await asks_deb(world)
    assert "Ola Example asks you to answer Summer 2026 for Alder School" in text_of(world, DEB)
    await world.presses(DEB, "Start|*")
    assert "We keep this to ourselves." not in text_of(world, DEB)
    await world.taps(DEB, *[3, 2] * 11)
    await world.types(DEB, "done", "submit")
    assert responses(world) == [("deb", True)]
    kept = world.database.read_now(lambda connection: scores_of(connection, 1, "alder"))
    (one_voice,) = kept.leaders
    assert sorted(set(one_voice.values()), key=str) == [2, 3, 4], "what Ola began and Deb went on with"


async def test_the_head_takes_it_back_by_starting_again(world: LiveWorld) -> None:
    await asks_deb(world)
    await world.presses(DEB, "Start|*")
    await world.taps(DEB, 3)
    await world.types(OLA, "start")
    assert responses(world) == [("ola", False)]
    await world.presses(DEB, "Score|*|partnership|1|*")
    levels = world.database.read_now(lambda connection: connection.scalars(select(tables.Answer.level)).all())
    assert levels == [3], "what Deb pressed afterwards has no effect"
    assert "1 Starting" not in last(world, DEB)


async def test_reminders_go_to_whoever_answers(world: LiveWorld) -> None:
    await asks_deb(world)
    before = text_of(world, OLA)
    await world.goes_to("2026-06-09 15:50", "2026-06-11 15:50")
    assert text_of(world, OLA) == before
    assert "Summer 2026" in last(world, DEB, "nudge:")


async def test_while_the_head_is_away_the_deputy_is_asked(world: LiveWorld) -> None:
    await world.types(OLA, "away until 10 June")
    await world.goes_to("2026-06-02 15:50")
    assert "Ola Example asks you to answer" in text_of(world, DEB)
    await world.types(OLA, "away")
    assert "away until 12 March" in last(world, OLA)


async def test_once_the_head_is_back_she_is_asked_again(world: LiveWorld) -> None:
    await world.types(OLA, "away until 8 June")
    await world.goes_to("2026-06-02 15:50")
    await world.presses(DEB, "Start|*")
    await world.taps(DEB, 3)
    await world.goes_to("2026-06-09 08:30", "2026-06-11 15:50")
    assert responses(world) == [("ola", False)], "with what Deb has answered"
    assert "Summer 2026" in last(world, OLA, "nudge:")


async def test_after_the_close_a_deputy_sees_nothing_of_it(world: LiveWorld) -> None:
    await asks_deb(world)
    await world.presses(DEB, "Start|*")
    await world.taps(DEB, *[3, 2] * 18)
    await world.types(DEB, "done", "submit")

    def answered(connection: Connection) -> None:
        levels = {each.id: (2, 3) for each in default_framework().criteria}
        for school, head in OTHERS.items():
            answer(connection, 1, school, head, levels, at=world.now)

    await world.database.write(answered)
    await world.goes_to("2026-06-12 16:00", "2026-06-15 15:50")
    assert "Alder School" in last(world, OLA, "own-report:")
    assert not [each for each in world.messages(direct(DEB)) if each.key.startswith("own-report:")]
    await world.types(DEB, "review")
    assert "Our school 3" not in last(world, DEB)
    await world.types(OLA, "review")
    assert "Somebody else gave these answers for your school." in last(world, OLA)


async def test_whoever_is_a_deputy_no_more_gives_it_back(world: LiveWorld) -> None:
    await asks_deb(world)
    await world.presses(DEB, "Start|*")
    await world.taps(DEB, 3)
    await bring(world, hill(deputies=()))
    assert responses(world) == [("ola", False)]
    await world.taps(DEB, 1)
    assert responses(world) == [("ola", False)]


async def test_when_the_head_leaves_meanwhile_it_passes_to_the_next_one(world: LiveWorld) -> None:
    await asks_deb(world)
    await world.presses(DEB, "Start|*")
    await world.taps(DEB, 3)
    await bring(world, hill(leaders=("lea",)))
    assert responses(world) == [("lea", False)]


@pytest.mark.parametrize(
    ("who", "press"),
    [
        pytest.param(BEN, AskDeputy(1, "alder", "deb"), id="another school's leader"),
        pytest.param(DEB, AskDeputy(1, "alder", "deb"), id="the deputy herself"),
        pytest.param(OLA, AskDeputy(1, "alder", "ben"), id="somebody who is no deputy"),
        pytest.param(LEA, AskDeputy(1, "alder", "deb"), id="the lead"),
    ],
)
async def test_only_the_head_asks_and_only_a_deputy(world: LiveWorld, who: Account, press: AskDeputy) -> None:
    await world.does(who, Pressed(press))
    asked = world.database.read_now(lambda connection: connection.execute(select(tables.StandIn)).all())
    assert asked == []


async def test_a_deputy_who_is_erased_leaves_the_scores_to_the_head(world: LiveWorld) -> None:
    await asks_deb(world)
    await world.presses(DEB, "Start|*")
    await world.taps(DEB, 3)
    await world.types(DEB, "erase me")
    await world.presses(DEB, "EraseMe|no")
    assert responses(world) == [("ola", False)]
