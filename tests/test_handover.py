"""A school's leader leaves while a cycle is open, or between two: what the school said stays the school's."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from functools import partial

import pytest
import yaml
from sqlalchemy import Connection, select

from bot.inbound.buttons import EraseMe, Start
from bot.inbound.events import Account, Pressed
from bot.messages.plain_text import plain_text
from core.framework_file import default_framework
from core.partnership_file import read_partnership
from core.services import cycles, linking, privacy
from core.services.importing import ImportReport, import_partnership
from core.services.scores import scores_of, submitted_scores
from core.storage import tables
from tests.support.enquiries import answer
from tests.support.live_world import PLATFORMS, LiveWorld, account, at, direct, living

OLA, NIA = account("web demo ola"), account("web demo nia")
"""Ola Old leads Alder School until Nia New does."""
NIA_IN_TEAMS = account("teams hill nia")
BEN, LEA = account("web demo ben"), account("web demo lea")
OTHERS = {"birch": "ben", "cedar": "cat", "damson": "dan", "elder": "eve"}
TERMS = [
    {"name": "Spring", "starts": "2026-01-05", "ends": "2026-03-27"},
    {"name": "Summer", "starts": "2026-04-13", "ends": "2026-07-21"},
]


def hill(
    *leaders: str, more: Mapping[str, Sequence[str]] | None = None, accounts: Sequence[Account] = (OLA, NIA)
) -> bytes:
    """Alder School is led by ``leaders``; four others have theirs."""
    users = {"ola": "Ola Old", "nia": "Nia New", "ben": "Ben", "cat": "Cat", "dan": "Dan", "eve": "Eve", "lea": "Lea"}
    mine = {"ola": OLA, "nia": NIA, "ben": BEN, "lea": LEA}
    given = {name: who for name, who in mine.items() if who in (*accounts, BEN, LEA)}
    if NIA_IN_TEAMS in accounts:
        given["nia"] = NIA_IN_TEAMS
    schools = {"alder": list(leaders), **{each: [head] for each, head in OTHERS.items()}, **(more or {})}
    return yaml.safe_dump({
        "partnership": {"id": "hill", "name": "Hill Partnership", "nation": "england"},
        "schools": [
            {"id": each, "name": f"{each.capitalize()} School", "leaders": heads} for each, heads in schools.items()
        ],
        "people": [
            {"id": each, "name": name, "accounts": [
                {"platform": who.platform, "tenant": who.tenant, "user": who.user}
                for who in ([given[each]] if each in given else [])
            ]}
            for each, name in users.items()
        ],
        "leads": ["lea"],
        "calendar": {"terms": TERMS},
    }).encode()  # fmt: skip


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[LiveWorld]:
    """On a Monday in summer, with a cycle open until Friday week."""
    async with living(database_url, at("2026-06-01 09:00")) as made:
        await bring(made, hill("ola"))
        await made.comes(OLA, BEN, LEA)
        await made.database.write(partial(_open, made, "Summer 2026", "2026-06-12 16:00"))
        yield made


def _open(world: LiveWorld, title: str, closes: str, connection: Connection) -> int:
    return cycles.open_cycle(connection, world.shelf, "hill", title, at(closes), None, world.now).id


async def bring(world: LiveWorld, file: bytes) -> ImportReport:
    return await world.database.write(
        lambda connection: import_partnership(connection, world.shelf, read_partnership(file, PLATFORMS), world.now)
    )


async def handed_over(world: LiveWorld) -> ImportReport:
    report = await bring(world, hill("nia"))
    await world.comes(NIA)
    await world.goes_to("2026-06-02 15:50")
    return report


def text_of(world: LiveWorld, who: Account) -> str:
    return "\n".join(plain_text(each) for each in world.messages(direct(who)))


def last(world: LiveWorld, who: Account, begins: str = "") -> str:
    return plain_text([each for each in world.messages(direct(who)) if each.key.startswith(begins)][-1])


def responses(world: LiveWorld) -> list[tuple[str, str, bool]]:
    """The school, who gives it, and whether it has been submitted."""
    query = select(tables.Response.school_id, tables.Response.person_id, tables.Response.submitted_at)
    rows = world.database.read_now(lambda connection: connection.execute(query.order_by(tables.Response.id)).all())
    return [(row.school_id, row.person_id, row.submitted_at is not None) for row in rows]


async def answers_all(world: LiveWorld, who: Account) -> None:
    await world.types(who, "start")
    await world.taps(who, *[3, 2] * 18)
    await world.types(who, "done", "submit")


# In the middle of a draft


async def test_the_successor_goes_on_where_the_leaver_was(world: LiveWorld) -> None:
    await world.types(OLA, "start")
    await world.taps(OLA, *[3, 2] * 7)
    report = await handed_over(world)
    assert report.notes == ("Alder School: what its former leader has answered in the open cycle is the new one's.",)
    assert responses(world) == [("alder", "nia", False)]
    assert "Ola Old began Summer 2026 for Alder School, which you lead now." in text_of(world, NIA)
    await world.types(NIA, "start")
    await world.taps(NIA, *[3, 2] * 11)
    await world.types(NIA, "done", "submit")
    assert responses(world) == [("alder", "nia", True)]


async def test_the_leaver_is_told_once_and_has_no_access(world: LiveWorld) -> None:
    await world.types(OLA, "start")
    await world.taps(OLA, 3)
    await handed_over(world)
    assert text_of(world, OLA).count("You no longer lead Alder School here") == 1
    await world.goes_to("2026-06-03 15:50")
    assert text_of(world, OLA).count("You no longer lead Alder School here") == 1
    await world.presses(OLA, "Score|*|school|4|*")
    kept = world.database.read_now(lambda connection: connection.scalars(select(tables.Answer.level)).all())
    assert kept == [3]
    await world.types(OLA, "status")
    assert "Summer 2026" not in last(world, OLA)


async def test_private_notes_go_with_the_leaver_and_shared_ones_stay(world: LiveWorld) -> None:
    await world.types(OLA, "start")
    await world.taps(OLA, *[3, 2] * 2)
    for words in ("We keep this to ourselves.", "We plan together every Monday."):
        await world.types(OLA, f"strength {words}")
    await world.presses(OLA, "ShowNoteTo|*|meeting")
    await handed_over(world)
    await world.types(NIA, "start", "review")
    assert "· 1 note\n" in last(world, NIA, "review:"), "of the two that Ola wrote"
    assert "We keep this to ourselves." not in text_of(world, NIA)
    copy = world.database.read_now(lambda connection: privacy.everything_as_json(connection, "nia"))
    assert "We keep this to ourselves." not in copy
    own = world.database.read_now(lambda connection: privacy.everything_as_json(connection, "ola"))
    assert "We keep this to ourselves." in own


async def test_it_passes_between_platforms_too(world: LiveWorld) -> None:
    """Ola answered in the browser, and Nia goes on in Teams."""
    await world.types(OLA, "start")
    await world.taps(OLA, *[3, 2] * 3)
    await bring(world, hill("nia", accounts=(OLA, NIA_IN_TEAMS)))
    await world.comes(NIA_IN_TEAMS)
    await world.goes_to("2026-06-02 15:50")
    assert "Ola Old began Summer 2026" in text_of(world, NIA_IN_TEAMS)
    await world.types(NIA_IN_TEAMS, "start")
    await world.taps(NIA_IN_TEAMS, *[3, 2] * 15)
    await world.types(NIA_IN_TEAMS, "done", "submit")
    assert responses(world) == [("alder", "nia", True)]


# After submitting


async def test_what_was_submitted_counts_and_the_successor_can_correct_it(world: LiveWorld) -> None:
    await answers_all(world, OLA)
    await handed_over(world)
    assert responses(world) == [("alder", "nia", True)]
    assert "Ola Old has submitted Summer 2026 for Alder School, which you lead now." in text_of(world, NIA)
    await world.types(NIA, "start", "change 1.1.a")
    await world.taps(NIA, 4)
    kept = world.database.read_now(lambda connection: scores_of(connection, 1, "alder"))
    (one_voice,) = kept.leaders
    assert sorted(set(one_voice.values()), key=str) == [2, 3, 4], "with what Nia changed"


async def test_without_a_successor_it_waits_and_counts(world: LiveWorld) -> None:
    await answers_all(world, OLA)
    await bring(world, hill())
    counted = world.database.read_now(lambda connection: submitted_scores(connection, 1))
    assert [each.school for each in counted] == ["alder"]
    await handed_over(world)
    assert responses(world) == [("alder", "nia", True)]


async def test_a_second_leader_who_submits_speaks_instead_of_the_leaver(world: LiveWorld) -> None:
    """Both led the school for some days, and both began: one voice, not two."""
    await answers_all(world, OLA)
    await bring(world, hill("ola", "nia"))
    await world.comes(NIA)
    await world.types(NIA, "start")
    await world.taps(NIA, 4)
    await bring(world, hill("nia"))
    assert responses(world) == [("alder", "ola", True), ("alder", "nia", False)], "the draft doesn't speak yet"
    await world.taps(NIA, 4, *[3, 2] * 17)
    await world.types(NIA, "done", "submit")
    assert responses(world) == [("alder", "ola", False), ("alder", "nia", True)]


# Between cycles


async def the_cycle_closes(world: LiveWorld) -> None:
    def answered(connection: Connection) -> None:
        levels = {each.id: (2, 3) for each in default_framework().criteria}
        for school, head in OTHERS.items():
            answer(connection, 1, school, head, levels, at=world.now)

    await world.database.write(answered)
    await world.goes_to("2026-06-12 16:00", "2026-06-15 15:50")


async def test_the_successor_sees_last_answers_and_the_last_report(world: LiveWorld) -> None:
    await answers_all(world, OLA)
    await the_cycle_closes(world)
    await bring(world, hill("nia"))
    await world.comes(NIA)
    await world.goes_to("2026-06-16 15:50")
    assert "Alder School" in last(world, NIA, "own-report:")
    await world.types(NIA, "review")
    assert "Somebody else gave these answers for your school." in last(world, NIA)
    assert "Our school 3, 3 · Our partnership 2, 2" in last(world, NIA)
    await world.database.write(partial(_open, world, "July 2026", "2026-07-10 16:00"))
    await world.types(NIA, "start")
    await world.taps(NIA, 4)
    assert "last time" in last(world, NIA, "card:").casefold()


async def test_a_successor_who_comes_later_sees_the_last_report_too(world: LiveWorld) -> None:
    """For some days nobody leads the school."""
    await answers_all(world, OLA)
    await the_cycle_closes(world)
    await bring(world, hill())
    await bring(world, hill("nia"))
    await world.comes(NIA)
    await world.goes_to("2026-06-16 15:50")
    assert "Alder School" in last(world, NIA, "own-report:")


async def test_a_successor_who_knew_another_school_of_that_cycle_sees_no_scores_of_it(world: LiveWorld) -> None:
    """Ben answered for Birch School; with Alder's figures he would know two schools where one was reckoned with."""
    await answers_all(world, OLA)
    await the_cycle_closes(world)
    before = text_of(world, BEN)
    await bring(world, hill("ben"))
    await world.goes_to("2026-06-16 15:50")
    told = text_of(world, BEN).removeprefix(before)
    assert "Alder School" not in told
    await world.types(BEN, "review")
    assert "Alder School" not in last(world, BEN)


async def test_nor_on_the_cards_of_an_open_response_that_passes_to_them(world: LiveWorld) -> None:
    """Ola's own last answers stand on her cards; Ben, who goes on with these, answered for Birch School last time."""
    await answers_all(world, OLA)
    await the_cycle_closes(world)
    await world.database.write(partial(_open, world, "July 2026", "2026-07-10 16:00"))
    await world.types(OLA, "start")
    await world.taps(OLA, 4)
    assert "last time" in last(world, OLA, "card:").casefold()
    await bring(world, hill("ben"))
    await world.goes_to("2026-06-16 15:50")
    await world.does(BEN, Pressed(Start(2, "alder")))
    assert "✓" in last(world, BEN, "card:"), "what Ola began stands there"
    assert "last time" not in last(world, BEN, "card:").casefold()


# One account, and the leaver erased


async def test_the_account_of_the_office_passes_to_the_new_head(world: LiveWorld) -> None:
    await world.types(OLA, "start")
    await world.taps(OLA, 3)
    new = hill("nia", accounts=()).replace(b"Nia New\n", b"Nia New\n")
    await bring(world, new)
    code = await world.database.write(lambda connection: linking.new_code(connection, "nia", world.now))
    await world.types(OLA, code.text)
    await world.goes_to("2026-06-02 15:50")
    assert "This account was used by somebody else before" in text_of(world, OLA)
    assert responses(world) == [("alder", "nia", False)]
    await world.types(OLA, "start")
    await world.taps(OLA, 2)
    assert "Ola Old" not in (await copy_of(world, "nia"))


async def copy_of(world: LiveWorld, person: str) -> str:
    return await world.database.read(lambda connection: privacy.everything_as_json(connection, person))


@pytest.mark.parametrize("keep", [True, False], ids=["the school keeps the scores", "they go"])
async def test_whoever_erases_themselves_says_whether_the_school_keeps_the_scores(world: LiveWorld, keep: bool) -> None:
    await answers_all(world, OLA)
    await world.types(OLA, "erase me")
    await world.does(OLA, Pressed(EraseMe(keep)))
    counted = world.database.read_now(lambda connection: submitted_scores(connection, 1))
    assert [each.school for each in counted] == (["alder"] if keep else [])
    await handed_over(world)
    assert responses(world) == ([("alder", "nia", True)] if keep else [])
    if keep:
        assert "Your predecessor has submitted Summer 2026" in text_of(world, NIA)


async def test_nobody_is_asked_about_scores_there_are_none_of(world: LiveWorld) -> None:
    await world.types(OLA, "erase me")
    assert [each.action for each in world.buttons(OLA)].count("EraseMe|yes") == 0
