"""Practice sharing after a close, on both databases: who is proposed to whom, and what each side learns."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Connection, delete, select, update

from core.enquiry import Audience, Note, NoteKind
from core.practice import Match
from core.services import answering, cycles, practice, privacy
from core.storage import tables
from core.storage.frameworks import FrameworkShelf
from tests.support.enquiries import MONDAY, NEXT_MONDAY, begin, bring
from tests.support.partnership_files import river

SHELF = FrameworkShelf()
LATER = NEXT_MONDAY + timedelta(days=1)
STRENGTH, DEVELOPMENT = NoteKind.STRENGTH, NoteKind.DEVELOPMENT


@pytest.fixture(autouse=True)
def partnership(connection: Connection) -> int:
    """River's cycle is open, and everybody can be reached."""
    bring(connection, river())
    return opened(connection, "river")


def opened(connection: Connection, partnership: str) -> int:
    connection.execute(update(tables.Account).values(conversation="with-" + tables.Account.person_id))
    return cycles.open_cycle(connection, SHELF, partnership, "Autumn", NEXT_MONDAY, None, MONDAY).id


def note(
    connection: Connection,
    cycle: int,
    school: str,
    person: str,
    kind: NoteKind,
    yes: bool | None = True,
    subtheme: str = "2.2",
) -> None:
    response = begin(connection, cycle, school, person)
    number = 1 + len(connection.scalars(select(tables.Note.id)).all())
    answering.keep_note(
        connection, response, Note(number, "2.2", kind, "Our secret words", Audience.SCHOOL, yes), MONDAY
    )


def close(connection: Connection, *numbers: int) -> None:
    for cycle in numbers:
        cycles.close_cycle(connection, cycle, NEXT_MONDAY, by=None)


def seen(connection: Connection, person: str) -> Match:
    (match,) = practice.matches_of(connection, SHELF, person)
    return match


def proposed(connection: Connection) -> list[tuple[str, str]]:
    match = tables.PracticeMatch
    rows = connection.execute(select(match.giver_id, match.receiver_id).order_by(match.id))
    return [(giver, receiver) for giver, receiver in rows]


def test_nobody_is_proposed_before_the_close(connection: Connection, partnership: int) -> None:
    note(connection, partnership, "alder", "ann", STRENGTH)
    note(connection, partnership, "birch", "ben", DEVELOPMENT)
    assert practice.propose_now(connection, MONDAY) == 0
    close(connection, partnership)
    assert practice.propose_now(connection, LATER) == 1
    assert proposed(connection) == [("alder", "birch")]


def test_proposing_again_changes_nothing(connection: Connection, partnership: int) -> None:
    note(connection, partnership, "alder", "ann", STRENGTH)
    note(connection, partnership, "birch", "ben", DEVELOPMENT)
    close(connection, partnership)
    for _ in range(3):
        practice.propose_now(connection, LATER)
    assert proposed(connection) == [("alder", "birch")]


@pytest.mark.parametrize(("offered", "asked"), [(True, None), (True, False), (None, True), (False, True)])
def test_only_who_would_share_and_who_would_welcome_help_meet(
    connection: Connection, partnership: int, offered: bool | None, asked: bool | None
) -> None:
    note(connection, partnership, "alder", "ann", STRENGTH, offered)
    note(connection, partnership, "birch", "ben", DEVELOPMENT, asked)
    close(connection, partnership)
    assert practice.propose_now(connection, LATER) == 0


def test_neither_side_learns_who_the_other_is_before_both_have_said_yes(
    connection: Connection, partnership: int
) -> None:
    note(connection, partnership, "alder", "ann", STRENGTH)
    note(connection, partnership, "birch", "ben", DEVELOPMENT)
    close(connection, partnership)
    practice.propose_now(connection, LATER)
    ann, ben = seen(connection, "ann"), seen(connection, "ben")
    assert (ann.gives, ann.school, ann.other, ben.gives, ben.school, ben.other) == (
        True, "alder", None, False, "birch", None
    )  # fmt: skip
    practice.say(connection, ann, True, "ann", LATER)
    assert "birch" not in repr(seen(connection, "ann")).casefold()
    assert "alder" not in repr(seen(connection, "ben")).casefold()
    practice.say(connection, ben, True, "ben", LATER)
    ann_sees, ben_sees = seen(connection, "ann").other, seen(connection, "ben").other
    assert ann_sees is not None
    assert ben_sees is not None
    assert (ann_sees.school_name, ann_sees.person_name) == ("Birch School", "Ben")
    assert (ben_sees.school_name, ben_sees.person_name) == ("Alder School", "Ann")
    assert practice.matches_of(connection, SHELF, "cat") == ()


def test_a_no_shows_nothing_to_the_other_side(connection: Connection, partnership: int) -> None:
    note(connection, partnership, "alder", "ann", STRENGTH)
    note(connection, partnership, "birch", "ben", DEVELOPMENT)
    close(connection, partnership)
    practice.propose_now(connection, LATER)
    before = seen(connection, "ben")
    practice.say(connection, seen(connection, "ann"), False, "ann", LATER)
    assert seen(connection, "ben") == before


def test_a_no_can_be_taken_back_and_so_can_a_yes_until_both_have_said_yes(
    connection: Connection, partnership: int
) -> None:
    note(connection, partnership, "alder", "ann", STRENGTH)
    note(connection, partnership, "birch", "ben", DEVELOPMENT)
    close(connection, partnership)
    practice.propose_now(connection, LATER)
    for yes in (True, False, True):
        practice.say(connection, seen(connection, "ann"), yes, "ann", LATER)
        assert seen(connection, "ann").says is yes
    practice.say(connection, seen(connection, "ben"), True, "ben", LATER)
    practice.say(connection, seen(connection, "ben"), False, "ben", LATER)
    assert seen(connection, "ben").says is True, "names have been told by then"


def test_who_was_refused_is_proposed_to_somebody_else(connection: Connection, partnership: int) -> None:
    note(connection, partnership, "alder", "ann", STRENGTH)
    note(connection, partnership, "cedar", "cat", STRENGTH)
    note(connection, partnership, "birch", "ben", DEVELOPMENT)
    close(connection, partnership)
    practice.propose_now(connection, LATER)
    practice.say(connection, seen(connection, "ann"), False, "ann", LATER)
    practice.propose_now(connection, LATER)
    assert proposed(connection) == [("alder", "birch"), ("cedar", "birch")]
    practice.propose_now(connection, LATER)
    assert len(proposed(connection)) == 2


def test_a_giver_is_asked_to_help_two_schools_at_a_time(connection: Connection, partnership: int) -> None:
    note(connection, partnership, "alder", "ann", STRENGTH)
    for school, person in (("birch", "ben"), ("cedar", "cat"), ("damson", "dan")):
        note(connection, partnership, school, person, DEVELOPMENT)
    close(connection, partnership)
    practice.propose_now(connection, LATER)
    practice.propose_now(connection, LATER)
    assert proposed(connection) == [("alder", "birch"), ("alder", "cedar")]


def test_who_left_or_can_not_be_reached_is_not_proposed(connection: Connection, partnership: int) -> None:
    note(connection, partnership, "alder", "ann", STRENGTH)
    note(connection, partnership, "cedar", "cat", STRENGTH)
    note(connection, partnership, "birch", "ben", DEVELOPMENT)
    close(connection, partnership)
    connection.execute(delete(tables.Leader).where(tables.Leader.person_id == "ann"))
    silent = update(tables.Account).where(tables.Account.person_id == "cat")
    connection.execute(silent.values(conversation=None))
    assert practice.propose_now(connection, LATER) == 0


def test_what_was_said_long_ago_is_let_go(connection: Connection, partnership: int) -> None:
    note(connection, partnership, "alder", "ann", STRENGTH)
    note(connection, partnership, "birch", "ben", DEVELOPMENT)
    close(connection, partnership)
    assert practice.propose_now(connection, NEXT_MONDAY + timedelta(days=60)) == 0
    practice.propose_now(connection, LATER)
    match = seen(connection, "ann")
    assert match.stands(LATER + timedelta(days=59))
    assert not match.stands(LATER + timedelta(days=60))


# Across partnerships


def network(state: str = "joined") -> str:
    return f"networks: [{{id: mid, name: Mid Network, state: {state}}}]"


@pytest.mark.parametrize(
    ("here", "there", "met"),
    [
        pytest.param(network(), network(), True, id="both have joined"),
        pytest.param(network(), network("invited"), False, id="one has been invited only"),
        pytest.param(network(), "", False, id="one is not part of it"),
        pytest.param(network(), network().replace("mid", "far").replace("Mid", "Far"), False, id="two networks"),
    ],
)
def test_schools_of_two_partnerships_meet_only_where_both_have_joined_a_network(
    connection: Connection, partnership: int, here: str, there: str, met: bool
) -> None:
    bring(connection, river(more=here))
    hill = river(
        id="hill", name="Hill", schools={"elm": ["eve"]}, people=("eve",), leads=("eve",), channel="hill", more=there
    )
    bring(connection, hill)
    other = opened(connection, "hill")
    note(connection, partnership, "alder", "ann", STRENGTH)
    note(connection, other, "elm", "eve", DEVELOPMENT)
    close(connection, partnership, other)
    assert practice.propose_now(connection, LATER) == met
    if met:
        assert seen(connection, "eve").elsewhere
        assert seen(connection, "eve").partnership_name == "Hill"


# Being erased


def test_who_is_erased_is_asked_no_more_and_shown_to_nobody(connection: Connection, partnership: int) -> None:
    note(connection, partnership, "alder", "ann", STRENGTH)
    note(connection, partnership, "birch", "ben", DEVELOPMENT)
    close(connection, partnership)
    practice.propose_now(connection, LATER)
    for person in ("ann", "ben"):
        practice.say(connection, seen(connection, person), True, person, LATER)
    copy = privacy.everything_about(connection, "ann")["proposals to share practice"]
    assert [(row["side"], row["answer"]) for row in copy] == [("shares", True)]  # type: ignore[attr-defined]
    privacy.erase(connection, "ann", LATER)
    assert seen(connection, "ben").other is None


def test_a_school_of_two_partnerships_is_not_its_own_helper(connection: Connection, partnership: int) -> None:
    """Alder offers help in River, and would welcome it in Lake, where it has another leader."""
    here = "networks: [{id: bays, name: Bays, state: joined}]"
    same = "{id: alder, name: Alder School, same_as: {partnership: %s, id: alder}"
    text = (
        river(more=here),
        river(
            id="lake",
            people=("eve", "fay"),
            leads=("fay",),
            schools={"alder": ["eve"]},
            channel="lake-channel",
            more=here,
        ),
    )
    for each, other in zip(text, ("lake", "river"), strict=True):
        bring(connection, each.replace("{id: alder, name: Alder School", same % other))
    lake = opened(connection, "lake")
    alder = connection.scalars(select(tables.Membership.school_id).filter_by(partnership_id="lake")).one()
    note(connection, partnership, "alder", "ann", STRENGTH)
    note(connection, lake, alder, "eve", DEVELOPMENT)
    close(connection, partnership, lake)
    assert practice.propose_now(connection, LATER) == 0
