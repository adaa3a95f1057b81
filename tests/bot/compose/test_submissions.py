"""Who has submitted: for the lead alone, by name once the cycle has closed, and never in a channel."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from openpyxl import load_workbook
from sqlalchemy import update

from bot.compose.report_message import number_files, school_files
from bot.compose.submissions import schools_to
from bot.messages.blocks import Facts, Heading
from bot.messages.languages import words_of
from bot.wording.school_tables import school_table
from core.services import people, report_snapshots
from core.storage import tables
from tests.support.reports import FRAMEWORK, FULL, OPEN
from tests.support.world import CLOSES, World


def submitted(world: World, *schools: str) -> None:
    for school in schools:
        for text in ("start", "3 2", "4 4", "submit", "submit"):
            world.types(f"leader-{school}", text)


def told(world: World) -> dict[str, str]:
    return {fact.term: fact.text for block in world.last("lead") if isinstance(block, Facts) for fact in block.items}


@pytest.mark.parametrize("word", ["responses", "Who has submitted", "ymatebion", "pwy sydd wedi cyflwyno"])
def test_while_a_cycle_is_open_the_lead_sees_how_many(world: World, word: str) -> None:
    submitted(world, "a", "b")
    world.types("lead", word)
    assert told(world) == {"Summer 2027": "2 of 5 schools so far"}
    assert "School A" not in world.text("lead")


def test_once_it_has_closed_the_lead_sees_which(world: World) -> None:
    submitted(world, "b", "a", "d")
    world.now = CLOSES + timedelta(hours=1)
    world.types("lead", "responses")
    assert told(world) == {
        "Have submitted": "School A, School B and School D",
        "Not this time": "School C and School E",
    }
    headings = [block.text for block in world.last("lead") if isinstance(block, Heading)]
    assert headings == ["Harbour Partnership: who has submitted", "Summer 2027, which has closed"]


def test_what_came_in_after_the_report_is_late(world: World) -> None:
    submitted(world, "a")
    world.close_cycle()
    report_snapshots.freeze(world.connection, world.shelf, 1, world.now)
    world.connection.execute(update(tables.Cycle).values(closed_at=None))
    submitted(world, "c")
    world.close_cycle()
    world.types("lead", "responses")
    assert told(world) == {
        "Have submitted": "School A",
        "Not this time": "School B, School D and School E",
        "Submitted late": "School C: after the report was made, so it is without them",
    }


def test_before_the_first_cycle_there_is_nothing_to_see(world: World) -> None:
    world.partnership("valley", "Valley Partnership", lead="val")
    world.types("val", "responses")
    assert "No cycle has been opened yet." in world.text("val")


@pytest.mark.parametrize("person", ["leader-a", "outsider"])
def test_nobody_else_is_told(world: World, person: str) -> None:
    submitted(world, "b")
    world.close_cycle()
    world.types(person, "responses")
    assert "School C" not in world.everything(person)
    assert person == "outsider" or "Only the lead of the partnership sees which schools" in world.text(person)


def test_in_a_channel_it_is_told_to_the_lead_apart(world: World) -> None:
    submitted(world, "b")
    world.close_cycle()
    world.commands("lead", "/partnership responses")
    assert "School C" in world.text("lead")
    assert "School C" not in world.private_text("lead")
    assert world.in_channel() == []


# Schools by name, where that was agreed


@pytest.mark.parametrize(("visibility", "files"), [("lead-only", 2), ("open", 2), ("own-and-group", 0)])
def test_schools_by_name_are_in_files_where_every_school_agreed(world: World, visibility: str, files: int) -> None:
    world.connection.execute(update(tables.Cycle).values(visibility=visibility))
    submitted(world, "a", "b")
    world.close_cycle()
    report_snapshots.freeze(world.connection, world.shelf, 1, world.now)
    lead = people.known(world.connection, "lead")
    assert lead is not None
    found = schools_to(world.connection, world.shelf, lead, world.now)
    assert len(found) == files
    assert all(b"School" not in each.content or b'"School A"' in each.content for each in found if "csv" in each.name)
    world.types("lead", "responses")
    assert ("Every school agreed that you may see its scores" in world.text("lead")) == bool(files)


def test_the_table_has_a_row_for_each_school_and_perspective() -> None:
    table = school_table(OPEN, words_of("en"))
    assert table is not None
    assert table.header[:3] == ("What is shown", "School", "Shared purpose")
    assert len(table.rows) == 2 * (9 + 1)
    # In sub-theme 2.1 schools 1, 3, 5 and 7 gave the partnership 4 and the other five 1; all gave themselves 3.
    column = table.header.index(FRAMEWORK.subtheme_by_id["2.1"].title["en"])
    itself, together = "How each school sees itself", "How each school sees the partnership"
    found = {(row[0], row[1]): str(row[column]) for row in table.rows}
    assert (found[together, "Ysgol 1"], found[together, "Ysgol 2"], found[together, "Middle score"]) == (
        "4.0",
        "1.0",
        "1.0",
    )
    assert (found[itself, "Ysgol 1"], found[itself, "Middle score"]) == ("3.0", "3.0")


def test_a_report_brings_them_along_for_who_may_see_them() -> None:
    names = [file.name for file in number_files(OPEN, "en", "report")]
    assert names == ["report.csv", "report-schools.csv", "report.xlsx"]
    workbook = load_workbook(io.BytesIO(number_files(OPEN, "en", "report")[-1].content))
    assert workbook.sheetnames == ["Hydref 2026", "Schools by name"]
    assert [file.name for file in number_files(FULL, "en", "report")] == ["report.csv", "report.xlsx"]
    assert school_files(FULL, "en") == ()
