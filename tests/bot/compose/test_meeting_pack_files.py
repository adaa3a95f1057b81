"""The meeting pack: an agenda, questions that follow from the figures, and files for whoever leads the meeting."""

from __future__ import annotations

import asyncio
import io
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from openpyxl import load_workbook
from pptx import Presentation
from pypdf import PdfReader

from bot.compose.meeting_pack_files import pack_files
from bot.inbound import buttons
from bot.messages import references
from bot.messages.languages import words_of
from bot.wording.charts.by_name import drawing
from bot.wording.meeting_pack import meeting_pack
from bot.wording.report_material import ReportMaterial
from core.agreed_actions import ActionState, AgreedAction, Owner
from core.analysis.report import Difference, Strength
from core.charts.pool import Picture, draw_picture
from core.pack.material import PackMaterial
from tests.support.reports import CLOSES, FEW, FULL, REPORT
from tests.support.world import CLOSES as OVER
from tests.support.world import NOW, World

EN = words_of("en")


def pack(material: ReportMaterial = FULL) -> PackMaterial:
    return meeting_pack(material, (), EN)


def questions(heading: str, material: ReportMaterial = FULL) -> tuple[str, ...]:
    return next(group.items for group in pack(material).questions.groups if group.heading == heading)


def test_the_meeting_celebrates_takes_one_question_hears_offers_and_agrees_three_actions() -> None:
    assert pack().agenda.items == (
        "Celebrate what went well",
        "One question on which we differ, evidence first: “The evidence we use”",
        "From each school one offer and one request",
        "Agree at most three actions, each with an owner and a date",
    )
    assert pack().actions.empty_rows == 3
    assert pack().date == "Tuesday 15 December"


def test_what_stands_out_is_celebrated_by_name() -> None:
    """Seven schools: the partnership at 2 everywhere, so nothing stands out; then one sub-theme does."""
    assert pack(REPORT).agenda.items[0] == "Celebrate what went well"
    strong = replace(REPORT.facts, strongest=(Strength(1, "3.1", Decimal("3.5")),))
    assert pack(replace(REPORT, facts=strong)).agenda.items[0] == "Celebrate: Trust and belonging"


def test_questions_follow_from_what_the_schools_said() -> None:
    assert questions("Support for")[0] == "Who could help with “An honest picture”, and who would welcome it?"
    assert (
        questions("Challenge to")[0] == "On “The evidence we use” we stand far apart. What would each of us point to?"
    )
    assert questions("Challenge to")[1].startswith("We score our own schools 2.0 higher than the partnership on ")
    assert questions("Decide on")[-1] == "Who leads on each action, and by when?"


def test_the_same_difference_is_asked_about_once() -> None:
    apart = [("1.1", "1.0"), ("1.2", "1.0"), ("2.1", "-0.5"), ("2.2", "1.0")]
    differences = tuple(Difference(1, subtheme, Decimal(value)) for subtheme, value in apart)
    asked = questions("Challenge to", replace(REPORT, facts=replace(REPORT.facts, differences=differences)))
    assert asked == (
        "We score our own schools 1.0 higher than the partnership on “Shared purpose”, “Commitment in practice” and "
        "“Support and challenge”. Is good practice not yet shared, or do we see ourselves kindly?",
        "We score the partnership 0.5 higher than our own schools on “An honest picture”. What has not reached our "
        "schools yet?",
    )


def test_an_offer_that_meets_a_request_is_asked_about_where_there_are_schools_enough() -> None:
    """Among three, whoever made the offer could nearly be named."""
    asked = "On “Shared purpose” an offer meets a request. What would help it to begin?"
    assert asked in questions("Support for")
    assert questions("Support for", replace(FEW, helping=FULL.helping)) == ()


def test_last_time_s_actions_open_the_meeting() -> None:
    agreed = AgreedAction(
        1, "aber", None, "1.1", {"en": "Shared purpose"}, "Visit one another", Owner("cwm", "Ysgol y Cwm"), None,
        ActionState.DONE, datetime.fromisoformat("2026-09-01T10:00:00+00:00"), posted=True,
    )  # fmt: skip
    opened = pack(replace(FULL, agreed_before=(agreed,)))
    assert opened.agenda.items[0] == "What we agreed last time: done, or carried on?"
    assert opened.last_actions is not None
    (row,) = opened.last_actions.rows
    assert (row.what, row.owner, row.due) == (
        "Shared purpose: Visit one another", "Ysgol y Cwm", "our next meeting, done",
    )  # fmt: skip


def test_too_few_schools_still_have_a_meeting() -> None:
    told = pack(FEW)
    assert any("schools more than submitted this time" in each for each in told.talking_points.items)
    assert questions("Decide on", FEW) == ("Who leads on each action, and by when?",)


# The files


async def draw(picture: Picture) -> bytes:
    return draw_picture(picture)


def files(material: ReportMaterial, language: str = "en") -> dict[str, bytes]:
    made = asyncio.run(pack_files(material, language, draw, CLOSES))
    return {file.name.partition(".")[2]: file.content for file in made}


def test_it_is_slides_a_document_and_the_numbers() -> None:
    made = files(FULL)
    assert set(made) == {"pptx", "pdf", "csv", "xlsx"}
    assert made["pdf"].startswith(b"%PDF")
    slides = Presentation(io.BytesIO(made["pptx"])).slides
    told = "\n".join(shape.text_frame.text for slide in slides for shape in slide.shapes if shape.has_text_frame)
    assert "One question on which we differ, evidence first" in told
    sheet = load_workbook(io.BytesIO(made["xlsx"])).active
    assert sheet is not None
    assert "An honest picture" in {cell.value for row in sheet.iter_rows() for cell in row}


def test_what_a_page_says_of_a_picture_is_not_in_the_picture_too() -> None:
    drawn: list[Picture] = []

    async def keep(picture: Picture) -> bytes:
        drawn.append(picture)
        return draw_picture(picture)

    (*_, document, _, _) = asyncio.run(pack_files(FULL, "en", keep, CLOSES))
    assert {(picture.title, picture.note) for picture in drawn} == {("", "")}
    told = " ".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(document.content)).pages).split())
    for each in (drawing(name, FULL, EN) for name in references.PICTURES):
        assert each is None or (each.picture.title in told and each.picture.note in told)


def test_without_figures_there_are_no_numbers_to_send() -> None:
    assert set(files(FEW)) == {"pptx", "pdf"}


def test_in_welsh_it_is_welsh() -> None:
    slides = Presentation(io.BytesIO(files(FEW, "cy")["pptx"])).slides
    told = "\n".join(shape.text_frame.text for slide in slides for shape in slide.shapes if shape.has_text_frame)
    assert "Trefn y cyfarfod" in told


# In chat


def with_closed_cycles(world: World) -> None:
    world.open_cycle(2, "Cycle 2", NOW - timedelta(days=200), NOW - timedelta(days=160))
    world.now = OVER


def packs(world: World, person: str = "lead") -> list[references.MeetingPackFiles]:
    return [each for _, each, _ in world.spoken[person] if isinstance(each, references.MeetingPackFiles)]


@pytest.mark.parametrize(
    "text", ["meeting-pack", "meeting pack", "/meeting-pack", "pecyn cyfarfod", "meeting-pack last"]
)
def test_a_lead_types_for_the_last_cycles_pack(world: World, text: str) -> None:
    with_closed_cycles(world)
    world.types("lead", text)
    assert packs(world) == [references.MeetingPackFiles(1)]
    assert world.rows()["snapshot"][0][1] == 1


def test_an_earlier_cycle_can_be_named(world: World) -> None:
    with_closed_cycles(world)
    world.types("lead", "meeting pack cycle 1")
    assert world.rows()["snapshot"][0][1] == 2


def test_asked_for_in_the_channel_it_comes_by_direct_message(world: World) -> None:
    with_closed_cycles(world)
    world.commands("lead", "/meeting-pack")
    assert [where for where, each, _ in world.spoken["lead"] if isinstance(each, references.MeetingPackFiles)] == [
        "direct-lead"
    ]
    assert "sent you a direct message" in world.private_text("lead")
    assert world.in_channel() == []


def test_before_the_close_there_is_none(world: World) -> None:
    world.types("lead", "meeting-pack summer 2027")
    assert packs(world) == []
    assert "until it closes nobody sees any score" in world.text("lead")


def test_without_a_closed_cycle_it_says_so(world: World) -> None:
    world.types("lead", "meeting-pack")
    assert "no report to post" in world.text("lead")


@pytest.mark.parametrize("text", ["meeting-pack", "meeting-pack cycle 1"])
def test_who_is_no_lead_gets_none(world: World, text: str) -> None:
    with_closed_cycles(world)
    before = world.rows()
    world.commands("leader-a", f"/{text}", in_channel=False)
    world.chooses("leader-a", buttons.PackOf(1))
    assert packs(world, "leader-a") == []
    assert world.rows() == before
    assert "Only a lead of the partnership can have the pack for its meeting." in world.text("leader-a")


def test_what_is_not_there_is_answered_with_what_there_is(world: World) -> None:
    with_closed_cycles(world)
    world.types("lead", "meeting-pack cycle 9")
    assert "These are the reports there are" in world.text("lead")


def test_who_leads_two_partnerships_is_asked_about_which(world: World) -> None:
    with_closed_cycles(world)
    world.partnership("valley", "Valley Partnership", lead="lead")
    past = (NOW - timedelta(days=50), NOW - timedelta(days=10))
    world.open_cycle(9, "Summer", *past, partnership="valley", schools=("a",))
    world.types("lead", "meeting-pack")
    world.presses("lead", "Valley Partnership: 1. Summer")
    assert world.rows()["snapshot"][0][1] == 9
