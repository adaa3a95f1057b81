"""A school's own report: its scores beside all schools', for its leaders alone."""

from __future__ import annotations

from dataclasses import replace

from bot.compose.school_report_message import own_material, own_message
from bot.messages.blocks import Message
from bot.messages.languages import words_of
from bot.messages.plain_text import plain_text
from bot.messages.references import SchoolReportMessage
from bot.wording.school_report import own_picture, own_report
from bot.wording.school_report_table import own_table
from core.charts.own_school import OwnSchool
from core.services import report_snapshots
from tests.support.reports import OWN
from tests.support.world import CLOSES, World

EN = words_of("en")


def text() -> str:
    return plain_text(Message("own", own_report(OWN, EN), "en"))


def test_it_says_whose_it_is_and_who_else_sees_it() -> None:
    assert text().startswith("Ysgol y Cwm: your report on Hydref 2026\n\nThis is for the leaders of your school.")
    assert "No other school sees your school's scores" in text()


def test_our_scores_stand_beside_those_of_all_schools() -> None:
    """Leaders at 4 and 2 are at 3.0; one scored the partnership 1. All schools gave 3.0 to both in the first area."""
    assert "Shared ambition: Our school 3.0 (all schools 3.0); Our partnership 1.0 (all schools 3.0)" in text()


def test_a_gap_of_a_level_or_more_is_told_with_its_direction() -> None:
    """The nine others see the partnership's shared purpose at 3; this school at 1, and 1.0 - 3.0 is -2.0."""
    assert "Shared purpose: 2.0 below the middle of the other schools" in text()
    assert "How you see your own school" not in text(), "3.0 beside 3.0 is no gap"


def test_only_its_own_leaders_are_told_that_they_differ() -> None:
    assert "Leaders of your school stand two levels apart on: " in text()
    assert "Only your school is told." in text()


def test_its_own_notes_are_there() -> None:
    assert "Rydym yn cyfarfod." in text()


def test_what_it_was_offered_names_nobody_before_both_have_said_yes() -> None:
    assert "A school in your partnership would welcome help with it." in text()
    assert "Support and challenge: You have been introduced: Mari, Ysgol y Bryn" in text()


def test_it_says_when_the_partnership_meets_or_when_it_met() -> None:
    assert "The partnership meets on Tuesday 15 December." in text()
    met = plain_text(Message("own", own_report(replace(OWN, met=True), EN), "en"))
    assert "The partnership met on Tuesday 15 December." in met


def test_the_same_numbers_are_in_a_table() -> None:
    """Of the first area and its first sub-theme: ours, all schools, the others and the gap, from both perspectives."""
    table = own_table(OWN, EN)
    assert table.header[2:6] == (
        "Our school", "Our school: all schools, middle score", "Our school: the other schools, middle score",
        "Our school: above (+) or below (−) the others",
    )  # fmt: skip
    found = {row[1]: [None if cell is None else str(cell) for cell in row[2:]] for row in table.rows[:2]}
    assert found[None] == ["3.0", "3.0", None, None, "1.0", "3.0", None, None]
    assert found["Shared purpose"] == ["3.0", "3.0", "3.0", "0.0", "1.0", "3.0", "3.0", "-2.0"]


async def test_the_tables_come_with_the_report() -> None:
    async def draw(_: object) -> bytes:
        return b"png"

    message = await own_message(OWN, "own", EN, draw)
    assert [file.name for file in message.files] == ["own-report-1.csv", "own-report-1.xlsx"]


def test_its_picture_has_a_row_for_each_area_and_the_same_numbers_in_words() -> None:
    drawn = own_picture(OWN, EN)
    assert isinstance(drawn.picture, OwnSchool)
    assert [row.label for row in drawn.picture.rows if row.area] == [
        "Shared ambition", "Reality and impact", "Belonging and thriving",
    ]  # fmt: skip
    assert "Shared purpose: Our school 3.0 (all schools 3.0), Our partnership 1.0 (all schools 3.0)." in drawn.alt


def test_without_a_score_it_says_so() -> None:
    silent = replace(OWN.own.areas[0], own_school=replace(OWN.own.areas[0].own_school, own=None))  # type: ignore[type-var]
    told = own_report(replace(OWN, own=replace(OWN.own, areas=(silent,))), EN)
    assert "Our school no score (all schools 3.0)" in plain_text(Message("own", told, "en"))


def test_it_is_for_whoever_leads_the_school_when_it_is_sent(world: World) -> None:
    for name in ("a", "b", "c", "d", "e"):
        world.types(f"leader-{name}", "start")
        for typed in ("3 2", "4 4", "submit", "submit"):
            world.types(f"leader-{name}", typed)
    snapshot = report_snapshots.freeze(world.connection, world.shelf, 1, CLOSES)
    mine = SchoolReportMessage(snapshot.id, "a")
    assert own_material(world.connection, world.shelf, mine, "leader-a", CLOSES) is not None
    for other in ("leader-b", "lead", "nobody"):
        assert own_material(world.connection, world.shelf, mine, other, CLOSES) is None
    world.leads_no_longer("leader-a", "a")
    assert own_material(world.connection, world.shelf, mine, "leader-a", CLOSES) is None
    assert own_material(world.connection, world.shelf, SchoolReportMessage(99, "a"), "leader-a", CLOSES) is None
