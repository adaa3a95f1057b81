"""Somebody the bot does not know sends it the code they were given, and is known from then on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.inbound import buttons
from bot.inbound.events import Command, Installed
from bot.messages import references
from bot.messages.blocks import Paragraph
from bot.messages.languages import words_of
from bot.wording.short_replies import lines
from core.enquiry import Account
from core.framework import Perspective
from core.services import linking
from core.storage import tables
from core.storage.database import Database
from tests.support.world import World

NEW = "outsider"
LEADER = "leader-a"


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    """On each engine, in a transaction that is taken back."""
    database = Database(database_url)
    database.upgrade()
    with database.engine.connect() as connection:
        yield World(connection)
        connection.rollback()
    database.close()


def code(world: World, person: str = LEADER) -> str:
    return linking.new_code(world.connection, person, world.now).text


def told(world: World, person: str = NEW) -> list[references.MessageReference]:
    return [each.reference for each in world.conversation(person)]


def line(world: World, person: str = NEW) -> str:
    """The name of the short answer that was given last."""
    what = next(each for each in reversed(told(world, person)) if isinstance(each, references.ShortReply))
    return what.name


def accounts(world: World, person: str = LEADER) -> set[str]:
    return set(world.connection.scalars(select(tables.Account.user).filter_by(person_id=person)))


def test_a_code_joins_the_account_and_leads_straight_to_the_invitation(world: World) -> None:
    world.types(NEW, code(world))
    assert told(world) == [references.ShortReply("joined"), references.Invitation(1)]
    assert accounts(world) == {LEADER, NEW}


def test_the_invitation_they_have_seen_is_not_sent_again_by_the_clock(world: World) -> None:
    world.types(NEW, code(world))
    assert list(world.connection.scalars(select(tables.Nudge.person_id))) == [LEADER]


def test_they_go_on_where_they_were_on_the_other_account(world: World) -> None:
    """One person, two platforms: what was answered on one is there on the other, and back."""
    world.types(LEADER, "start")
    world.types(LEADER, "3")
    world.types(NEW, code(world))
    world.types(NEW, "resume")
    assert told(world)[-1] == references.Card(1, "1.1")
    world.types(NEW, "2")
    assert world.scores(LEADER) == {"1.1.a school": 3, "1.1.a partnership": 2}
    world.chooses(LEADER, buttons.Score(1, "1.1.a", Perspective.SCHOOL, "4", 1))
    assert world.scores(LEADER)["1.1.a school"] == 4


def test_a_lead_without_a_school_gets_help(world: World) -> None:
    world.types(NEW, code(world, "lead"))
    assert told(world) == [references.ShortReply("joined"), references.Help()]


def test_it_may_stand_after_the_bots_own_command(world: World) -> None:
    world.does(NEW, Command("partnership", code(world).lower()))
    assert accounts(world) == {LEADER, NEW}


def test_in_a_channel_it_does_nothing_since_others_may_read_it_there(world: World) -> None:
    world.does(NEW, Command("partnership", code(world)), in_channel=True)
    assert accounts(world) == {LEADER}
    assert "in a direct message" in world.private_text(NEW)


def test_the_same_event_again_has_no_effect(world: World) -> None:
    """The platform sends it again: it neither joins twice nor says that the code has been used."""
    incoming = world.event(NEW, Command("partnership", code(world)))
    world.meets(incoming)
    assert not world.meets(incoming).fresh
    assert told(world) == [references.ShortReply("joined"), references.Invitation(1)]


def test_a_used_code_is_explained(world: World) -> None:
    sent = code(world)
    world.types(NEW, sent)
    world.types("stranger", sent)
    assert line(world, "stranger") == "code-used"


def test_an_old_code_is_explained(world: World) -> None:
    sent = code(world)
    world.now += timedelta(days=8)
    world.types(NEW, sent)
    assert line(world) == "code-expired"


def test_a_code_that_was_never_made_is_explained_in_both_languages(world: World) -> None:
    world.types(NEW, "BCDF-GHJK-2345")
    assert line(world) == "code-wrong"
    assert [type(block) for block in world.last(NEW)] == [Paragraph, Paragraph]
    assert "Edrychwch" in world.text(NEW)


def test_somebody_who_guesses_has_to_wait(world: World) -> None:
    for number in range(5):
        world.types(NEW, f"BCDF-GHJK-234{number + 2}")
    world.types(NEW, code(world))
    assert line(world) == "code-too-many"
    assert accounts(world) == {LEADER}


@pytest.mark.parametrize("text", ["hello", "3", "start", "good luck mate", "/partnership-report", "x" * 3000])
def test_other_text_of_a_stranger_is_no_code(world: World, text: str) -> None:
    world.types(NEW, text)
    assert line(world) == "stranger"
    assert world.connection.scalars(select(tables.LinkAttempt.user)).all() == []


def test_a_stranger_is_told_what_to_do_with_a_code(world: World) -> None:
    world.does(NEW, Installed())
    assert "If you were given a code, send it to me in a direct message." in world.text(NEW)


def test_somebody_who_is_known_needs_no_code_and_the_code_stays_good(world: World) -> None:
    sent = code(world, "leader-b")
    world.types(LEADER, "start")
    world.types(LEADER, sent)
    assert [each.reference for each in world.conversation(LEADER)][-2:] == [
        references.ShortReply("code-not-needed"),
        references.Card(1, "1.1"),
    ]
    world.types(NEW, sent)
    assert accounts(world, "leader-b") == {"leader-b", NEW}


def test_what_only_looks_like_a_code_is_a_leaders_text_like_any_other(world: World) -> None:
    world.types(LEADER, "start")
    world.types(LEADER, "BCDF-GHJK-2345")
    assert isinstance(told(world, LEADER)[-1], references.OfferText)


def test_who_was_erased_can_not_come_back_with_their_old_code(world: World) -> None:
    world.types(LEADER, "start")
    sent = code(world)
    world.chooses(LEADER, buttons.EraseMe())
    world.types(NEW, sent)
    assert line(world) == "code-wrong"


def test_an_account_of_another_platform_is_another_account(world: World) -> None:
    """The same user id in another workspace is somebody else until they have sent a code of their own."""
    world.types(NEW, code(world))
    elsewhere = Account("test", "elsewhere", NEW)
    assert not linking.belongs_to_somebody(world.connection, elsewhere)


@pytest.mark.parametrize(
    ("language", "passed_on", "joined_too"),
    [
        ("en", "This account was used by somebody else before.", "take part in this partnership"),
        ("cy", "Roedd rhywun arall yn defnyddio'r cyfrif hwn o'r blaen.", "yn cymryd rhan yn y bartneriaeth hon hefyd"),
    ],
)  # fmt: skip
def test_whose_account_passes_on_reads_it_in_their_language(language: str, passed_on: str, joined_too: str) -> None:
    said = lines(words_of(language))
    assert passed_on in said["account-passed-on"]
    assert joined_too in said["joined-too"]
