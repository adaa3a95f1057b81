"""A database that an earlier version made works in this one: its buttons, messages, reports and open cycles.

Each folder of ``tests/fixtures/databases`` is one, and is upgraded here on both engines. The people are those of
``tests/support/recorded_people.py``.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import Connection, select

from bot.compose.personal import tell
from bot.inbound.button_codec import decode, encode
from bot.inbound.events import Account, Body, Conversation
from bot.inbound.events import pressed as as_it_comes_in
from bot.messages.blocks import Block, Message, Paragraph
from bot.messages.plain_text import plain_text
from bot.messages.references import from_json
from core.services import conversation_addresses, enquiries, people, shared_files, sharing
from core.services.conversation_addresses import Reference
from core.services.shared_files import SharedFile
from core.storage import inbox
from core.storage.database import Database
from core.storage.outbox import Place
from core.storage.tables import Base, Outbox, Posted
from integrations.slack.stores import Installations
from integrations.slack.vault import Vault
from integrations.web.client import BrowserChat
from tests.support import earlier_databases
from tests.support.database import Postgres
from tests.support.earlier_databases import EarlierDatabase, Pressed, Reading, fill
from tests.support.live_world import LiveWorld, direct
from tests.support.observing import Put, figures, figures_in, kind_of, messages, press
from tests.support.recorded_people import ANN, BEN, CAT, CHANNEL, DAN, EVE, LEA, STRANGER, TEAMS_CHANNEL
from tests.support.recorded_samples import kinds_missing, short_replies_missing
from tests.support.recorded_story import SLACK_KEY
from tests.support.told_reports import reading_of

EARLIER: Final = earlier_databases.every()

OF_SHARED_PURPOSE: Final = ("3.0", "5", "2.8", "4")
"""In the report of summer. Of their own schools Ann, Ben, Cat, Dan and Finn said 3, 2, 3, 4 and 3; of the partnership
4, 3, 2, nothing and (3 + 2) / 2, whose middle is 2.75."""

ANSWERED_OTHERWISE_NOW: Final[dict[str, str]] = dict.fromkeys(
    ("AnswerPractice", "AskDeputy", "JoinNetwork", "SaySeen", "SettleAction"),
    "since issue 12 the message that asked is edited too, and shows what was answered",
)
"""Buttons, by what they begin with, whose answer was changed on purpose since, each with the reason. Some answer they
still have to have."""

TOLD_OTHERWISE_NOW: Final[dict[str, str]] = {
    **dict.fromkeys(
        (
            "mill, Winter 2026, 1: report en: In * one school's offer meets *",
            "mill, Winter 2026, 1: report cy: Mewn * cynnig un ysgol *",
            "mill, Spring 2026, 1: report en: In * one school's offer meets *",
            "mill, Spring 2026, 1: report cy: Mewn * cynnig un ysgol *",
        ),
        "who could help whom is read live: Mel, who was late, adds a sub-theme",
    ),
    **dict.fromkeys(
        (
            "mill, Spring 2026, 1: pictures en: How each school *",
            "mill, Spring 2026, 1: pictures cy: Sut mae pob ysgol *",
            "mill, Spring 2026, 1: report figures 2: *",
            "mill, Spring 2026, 1: own mill-1 *",
        ),
        "what a school said is read live: Max, who was late, changes the scores of the school that he and Mia lead",
    ),
}
"""Lines of reports by title, name and words, of then or of now, that don't read as they were told: each with the
reason. All others do.
"""


@pytest.fixture(scope="module", params=EARLIER, ids=str)
def earlier(request: pytest.FixtureRequest) -> EarlierDatabase:
    found: EarlierDatabase = request.param
    return found


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def upgraded(
    request: pytest.FixtureRequest, earlier: EarlierDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The address of the earlier database, upgraded. Nobody works on it: each test has a copy."""
    server: Postgres | None = None
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('earlier') / 'upgraded.db'}"
    else:
        server = request.getfixturevalue("postgres")
        assert server is not None
        url = server.fresh_url()
    database = Database(url)
    fill(database, earlier)
    database.upgrade()
    database.close()
    yield url
    if server is not None:
        server.drop(url)


@pytest.fixture
def database(upgraded: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    server: Postgres | None = None
    if upgraded.startswith("sqlite"):
        url = f"sqlite:///{shutil.copy(upgraded.removeprefix('sqlite:///'), tmp_path / 'copy.db')}"
    else:
        server = request.getfixturevalue("postgres")
        assert server is not None
        url = server.fresh_url(template=upgraded.rpartition("/")[2].partition("?")[0])
    database = Database(url)
    yield database
    database.close()
    if server is not None:
        server.drop(url)


@pytest.fixture
def world(database: Database, earlier: EarlierDatabase) -> LiveWorld:
    return LiveWorld(database, earlier.now)


# Buttons


def test_every_button_still_means_what_it_meant(earlier: EarlierDatabase) -> None:
    """What it did not carry then, it may carry now with a value of its own."""
    for pressed in earlier.pressed:
        action = decode(pressed.carries)
        assert action is not None, pressed.carries
        assert encode(action).startswith(pressed.carries)


def test_every_button_is_answered_as_it_was(earlier: EarlierDatabase, world: LiveWorld) -> None:
    pressed = earlier.pressed if world.database.is_sqlite else one_of_each_kind(earlier.pressed)
    with world.database.engine.connect() as connection:
        for each in pressed:
            with connection.begin() as pressing:
                put = press(connection, world.shelf, each.who, each.where, each.carries, world.now)
                told = [told_to_its_reader(connection, world, one) for one in put]
                pressing.rollback()
            assert any(told), f"{each.carries} leaves {each.who.user} without an answer"
            if acts(each) not in ANSWERED_OTHERWISE_NOW:
                assert tuple(one.kind for one in put) == each.answers, each.carries


def acts(pressed: Pressed) -> str:
    return pressed.carries.partition("|")[0]


def one_of_each_kind(pressed: tuple[Pressed, ...]) -> list[Pressed]:
    """Every act with every answer once: what differs between engines is how rows are kept, not what is said of them."""
    return [*{(acts(each), each.answers): each for each in pressed}.values()]


def told_to_its_reader(connection: Connection, world: LiveWorld, put: Put) -> tuple[Block, ...] | None:
    reader = None if put.person is None else people.known(connection, put.person)
    return tell(connection, world.shelf, from_json(put.prompt), reader, world.now)


# Messages, and the figures in them


async def test_every_message_can_be_made_and_tells_the_same_figures(earlier: EarlierDatabase, world: LiveWorld) -> None:
    told = await messages(world, among=None if world.database.is_sqlite else one_row_of_each_kind(earlier))
    assert {number for number, each in told.items() if each.message is None} == earlier.silent & told.keys()
    assert all(plain_text(each.message) for each in told.values() if each.message is not None)
    assert figures(told, but_of=earlier.told_when_posted) == {
        name: rows for name, rows in earlier.figures.items() if int(name.partition(".")[0]) in told
    }


def test_reports_read_as_they_were_told(earlier: EarlierDatabase, world: LiveWorld) -> None:
    if not earlier.told:
        pytest.skip("how its reports read was not recorded")
    with world.database.engine.connect() as connection:
        for number, told in earlier.told.items():
            read = reading_of(connection, world, number, told.at)
            assert still_told(told.title, read) == still_told(told.title, told.read), told.title
        connection.rollback()


def still_told(title: str, reading: Reading) -> dict[str, list[str]]:
    return {
        name: [line for line in lines if not told_otherwise_now(f"{title}: {name}: {line}")]
        for name, lines in reading.items()
    }


def told_otherwise_now(line: str) -> bool:
    return any(fnmatchcase(line, pattern) for pattern in TOLD_OTHERWISE_NOW)


def one_row_of_each_kind(earlier: EarlierDatabase) -> set[int]:
    rows = earlier.rows["outbox"]
    return set({kind_of(str(each["prompt"])): int(str(each["id"])) for each in rows}.values())


async def test_what_waited_is_sent_once_the_platforms_are_well(earlier: EarlierDatabase, world: LiveWorld) -> None:
    waited = {number for number, (state, _) in rows(world).items() if state == "waiting"}
    interrupted = {manner: number for number, (state, manner) in rows(world).items() if state == "claimed"}
    world.now += timedelta(minutes=5)
    await world.delivery.drain()
    states = {number: state for number, (state, _) in rows(world).items()}
    assert {states[number] for number in waited - earlier.silent} == {"sent"}
    assert {states[number] for number in waited & earlier.silent} == {"superseded"}
    assert states[interrupted["below"]] == "sent"
    assert states[interrupted["once"]] == "unknown", "it may have been sent, and is said at most once"


def rows(world: LiveWorld) -> dict[int, tuple[str, str]]:
    """The state and the manner of each row of the outbox."""
    query = select(Outbox.id, Outbox.state, Outbox.manner)
    found = world.database.read_now(lambda connection: connection.execute(query).all())
    return {row.id: (row.state, row.manner) for row in found}


# What was under way goes on


async def test_the_note_that_was_asked_for_can_be_written(world: LiveWorld) -> None:
    await world.types(ANN, "We want calmer mornings.")
    assert "We want calmer mornings." in plain_text(latest(world, direct(ANN), "note:"))


async def test_the_text_that_was_offered_can_be_kept(earlier: EarlierDatabase, world: LiveWorld) -> None:
    await world.does(BEN, recorded(earlier, BEN, "KeepText|*|strength"))
    assert "The new timetable has helped us a great deal." in plain_text(latest(world, direct(BEN), "note:"))


async def test_the_action_that_was_half_recorded_can_be_completed(earlier: EarlierDatabase, world: LiveWorld) -> None:
    await world.does(LEA, recorded(earlier, LEA, "DraftOwner|*|birch"))
    await world.does(LEA, recorded(earlier, LEA, "DraftDue|*|next-meeting"))
    await world.types(BEN, "actions")
    assert "Share one timetable" in plain_text(latest(world, direct(BEN), "agreed"))


async def test_a_card_that_was_sent_is_edited_where_it_stands(earlier: EarlierDatabase, world: LiveWorld) -> None:
    (card,) = [
        each["message_id"]
        for each in earlier.rows["posted"]
        if each["conversation"] == direct(DAN).id and str(each["key"]).startswith("card:")
    ]
    await world.does(DAN, recorded(earlier, DAN, "Score|*|partnership|3|0"))
    sent = [shown for shown in world.platforms["slack"].log if shown.conversation == direct(DAN)]
    cards = [(shown.how, shown.message_id) for shown in sent if shown.message.key.startswith("card:")]
    assert cards == [("edit", card)]


async def test_a_half_answered_cycle_goes_on_to_its_report(world: LiveWorld) -> None:
    """Finn has submitted. Ann answers one more question; she, Ben, Cat and Dan submit: five of six schools. Eve never
    does, and is reminded the day before the close.
    """
    world.now += timedelta(minutes=5)
    await world.types(ANN, "start")
    await world.taps(ANN, 3, 2)
    for who in (ANN, BEN, CAT, DAN):
        await world.types(who, "submit", "submit")
    await world.goes_to("2026-06-11 15:50")
    assert "Summer 2026" in plain_text(latest(world, direct(EVE), "nudge:"))
    await world.goes_to("2026-06-12 16:00", "2026-06-15 15:50")
    assert "Summer 2026" in plain_text(latest(world, direct(LEA), "closed:"))
    assert "Summer 2026" in plain_text(latest(world, direct(CAT), "own-report:"))
    await world.commands(LEA, "partnership-report", CHANNEL)
    for channel in (CHANNEL, TEAMS_CHANNEL):
        report = latest(world, channel, "report:")
        assert "Summer 2026" in plain_text(report)
        assert {tuple(reported[2][:4]) for reported in figures_in(report)} == {OF_SHARED_PURPOSE}


def recorded(earlier: EarlierDatabase, who: Account, pattern: str) -> Body:
    """A button that stood before them when the database was recorded."""
    return as_it_comes_in(
        next(each.carries for each in earlier.pressed if each.who == who and fnmatchcase(each.carries, pattern))
    )


def latest(world: LiveWorld, where: Conversation, begins: str) -> Message:
    """The last message of such a key in a conversation."""
    return [each for each in world.messages(where) if each.key.startswith(begins)][-1]


# Whom partnerships shared: first by writing the same id, then by saying so, or by one account

BY_ID_ALONE: Final = "before-issue-11"


def shared(world: LiveWorld) -> list[tuple[str, str, str]]:
    found = world.database.read_now(lambda connection: [*sharing.shared_entries(connection)])
    return [(each.partnership, each.id, each.proof) for each in found]


def test_what_was_shared_stays_shared(earlier: EarlierDatabase, world: LiveWorld) -> None:
    """Elder School, which Eve leads, belongs to Harbour and to Fell; Hal leads schools of Meadow and of Dale."""
    school, person = ("none", "none") if earlier.name == BY_ID_ALONE else ("files", "account")
    expected = [
        ("fell", "elder", school), ("harbour", "elder", school),
        ("dale", "hal", person), ("fell", "eve", person), ("harbour", "eve", person), ("meadow", "hal", person),
    ]  # fmt: skip
    assert shared(world) == (expected if earlier.name >= BY_ID_ALONE else [])


async def test_what_was_shared_without_proof_can_be_parted(earlier: EarlierDatabase, world: LiveWorld) -> None:
    if earlier.name != BY_ID_ALONE:
        pytest.skip("nothing was shared in it without proof")
    for entry in ("elder", "eve"):
        await world.database.write(partial(sharing.part, partnership="fell", id_=entry))
    assert shared(world) == [("dale", "hal", "none"), ("meadow", "hal", "none")]
    eve = world.database.read_now(lambda connection: people.person_of(connection, EVE))
    assert eve is not None
    asked = world.database.read_now(lambda connection: enquiries.open_enquiries(connection, eve.id, world.now))
    assert [each.partnership_name for each in asked] == ["Harbour Partnership"]


# What stands beside the conversation


async def test_a_workspace_that_installed_the_app_can_still_be_written_to(world: LiveWorld) -> None:
    kept = Installations(world.database, Vault([SLACK_KEY]), world.clock)
    found = await kept.async_find_bot(enterprise_id=None, team_id="T-HARBOUR")
    assert found is not None
    assert found.bot_token == "xoxb-invented"


def test_a_person_is_still_reached_on_teams(world: LiveWorld) -> None:
    place = Place("teams", "harbour-trust", "ben")
    found = world.database.read_now(lambda connection: conversation_addresses.find(connection, place))
    assert found == Reference("https://smba.example/uk/", "a:ben-with-the-bot", "29:ben")


def test_a_file_that_was_shared_can_still_be_fetched(earlier: EarlierDatabase, world: LiveWorld) -> None:
    (token,) = [str(each["token"]) for each in earlier.rows["shared_file"]]
    found = world.database.read_now(lambda connection: shared_files.fetch(connection, token, world.now))
    assert found == SharedFile("report.csv", "text/csv", b"1,2\n")


async def test_a_message_in_the_browser_can_still_be_edited(world: LiveWorld) -> None:
    browser = BrowserChat(world.database, world.clock)
    shown = await browser.find(direct(CAT), "hello")
    assert shown is not None
    await browser.edit(direct(CAT), shown, Message("hello", (Paragraph("Good afternoon, Cat."),), "en"))


# What is kept of people


def test_whoever_it_is_for_stands_with_each_message_that_was_posted(
    database: Database, earlier: EarlierDatabase
) -> None:
    """Of what was said to somebody of whom nothing is known, nothing is kept."""
    posted = select(Posted.conversation, Posted.person_id).distinct()
    told = {row.conversation: row.person_id for row in database.read_now(lambda reading: reading.execute(posted).all())}
    assert {direct(ANN).id: "ann", direct(DAN).id: "dan", CHANNEL.id: None}.items() <= told.items()
    assert direct(STRANGER).id not in told
    channels = {str(each["conversation"]) for each in earlier.rows["channel"]}
    assert {where for where, whom in told.items() if whom is None} == channels


async def test_the_account_of_somebody_who_is_erased_now_stands_nowhere(
    database: Database, earlier: EarlierDatabase, world: LiveWorld
) -> None:
    assert database.read_now(lambda reading: stands_in(reading, ANN.user))
    await world.does(ANN, recorded(earlier, ANN, "EraseMe*"))
    assert not database.read_now(lambda reading: stands_in(reading, ANN.user))


def stands_in(connection: Connection, user: str) -> set[str]:
    """The columns in which the id of a user stands."""
    return {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.c
        for value in connection.scalars(select(column))
        if f"{user}'" in f"{value!r}" or f"{user}:" in f"{value!r}"
    }


def test_an_event_from_before_still_has_no_second_effect(database: Database, earlier: EarlierDatabase) -> None:
    event = str(earlier.rows["inbox"][-1]["event_key"])
    assert not database.write_now(lambda writing: inbox.is_new(writing, event, earlier.now))


# The next one


def test_the_next_database_will_hold_every_kind_of_message_and_button() -> None:
    assert kinds_missing() | short_replies_missing() == set(), "tests/support/recorded_samples.py needs one of each"
