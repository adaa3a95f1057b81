"""``/partnership-report``: a lead posts it, from the channel or their own conversation; others learn nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Final

import pytest
from sqlalchemy import delete, select, update

from bot.compose.report_message import material_of
from bot.compose.school_report_message import own_material
from bot.decide.changes import Outcome, PostReport
from bot.decide.replies import line
from bot.decide.report import act
from bot.decide.turn_state import TurnState
from bot.inbound import buttons
from bot.inbound.button_codec import encode
from bot.inbound.events import pressed
from bot.messages import references
from bot.messages.blocks import Facts
from bot.messages.languages import words_of
from bot.wording.charts.by_name import drawing
from core.calendar import SchoolCalendar
from core.enquiry import Known, LedCycle, LedPartnership
from core.storage import tables
from tests.support.days import london
from tests.support.world import CLOSES, NOW, World, label_of, pressable

SCHOOLS = ("a", "b", "c", "d", "e")
BELOW: Final[tuple[references.PictureName, ...]] = (
    "schools",
    "schools-partnership",
    "counts",
    "priorities",
    "forms",
    "trend",
)
"""The pictures in its thread; the lead picture stands in the report itself."""
BOTH_WAYS = pytest.mark.parametrize("in_channel", [True, False], ids=["in the channel", "directly"])


def submitted(world: World, *schools: str) -> None:
    for school in schools:
        world.types(f"leader-{school}", "start")
        for text in ("3 2", "4 4", "submit", "submit"):
            world.types(f"leader-{school}", text)


def asks(world: World, person: str = "lead", *, in_channel: bool = True) -> None:
    world.commands(person, "/partnership-report", in_channel=in_channel)


def answer(world: World, person: str = "lead", *, in_channel: bool = True) -> str:
    return repr(world.conversation(person, in_channel=in_channel)[-1].blocks)


def labels(world: World, person: str = "lead", *, in_channel: bool = True) -> list[str]:
    return [label_of(each) for each in pressable(world.conversation(person, in_channel=in_channel)[-1].blocks)]


def with_a_past(world: World) -> None:
    """A cycle that closed in winter: number 2; and an older one: number 3."""
    for number, days in ((2, 200), (3, 300)):
        world.open_cycle(number, f"Cycle {number}", NOW - timedelta(days=days), NOW - timedelta(days=days - 40))


# While a cycle is open


@BOTH_WAYS
def test_on_an_open_cycle_the_lead_is_asked_privately(world: World, in_channel: bool) -> None:
    with_a_past(world)
    submitted(world, "a", "b", "c")
    asks(world, in_channel=in_channel)
    assert world.in_channel() == []
    assert labels(world, in_channel=in_channel) == [
        "Close now and post the report", "Post the last cycle's report", "Wait",
    ]  # fmt: skip
    facts = [fact.text for block in world.conversation("lead", in_channel=in_channel)[-1].blocks
             if isinstance(block, Facts) for fact in block.items]  # fmt: skip
    assert facts == ["3 of 5 schools", "Thursday 8 July at 16:00"]


@pytest.mark.parametrize(("schools", "may"), [("", False), ("ab", False), ("abc", True), ("abcde", True)])
def test_it_can_be_closed_early_from_60_percent(world: World, schools: str, may: bool) -> None:
    """60 % of five schools are three."""
    submitted(world, *schools)
    asks(world)
    assert ("Close now and post the report" in labels(world)) is may
    world.chooses("lead", buttons.CloseAndReport(1))
    assert len(world.in_channel()) == may
    world.types("leader-e", "start")
    assert ("Area 1 of 3" in world.text("leader-e")) is not may


def test_closing_posts_the_report_once_and_says_so(world: World) -> None:
    submitted(world, "a", "b", "c")
    asks(world)
    for _ in range(2):
        world.presses("lead", "Close now and post the report")
    assert world.in_channel() == [references.Report(1, "en")]
    assert "in the channel already" in world.text("lead")


def test_waiting_changes_nothing(world: World) -> None:
    asks(world)
    before = world.rows()
    world.presses("lead", "Wait")
    assert world.rows() == before
    assert "I will wait." in world.text("lead")


def test_the_last_cycles_report_can_be_posted_meanwhile(world: World) -> None:
    with_a_past(world)
    asks(world)
    world.presses("lead", "Post the last cycle's report")
    assert world.rows()["snapshot"][0][1] == 2
    assert world.in_channel() == [references.Report(1, "en")]


def test_the_button_for_the_last_cycle_means_the_same_one_after_the_close(world: World) -> None:
    """It was shown while cycle 1 was open; pressed after the close it must not publish cycle 1."""
    with_a_past(world)
    asks(world)
    world.now = CLOSES
    world.presses("lead", "Post the last cycle's report")
    assert [snapshot[1] for snapshot in world.rows()["snapshot"]] == [2]


def test_the_button_for_the_last_cycle_says_when_there_is_none(world: World) -> None:
    world.now = CLOSES
    world.chooses("lead", buttons.PostLast(1))
    assert world.in_channel() == []
    assert "no report to post" in world.text("lead")


def test_wait_pressed_after_the_close_is_no_offence(world: World) -> None:
    asks(world)
    world.now = CLOSES
    world.presses("lead", "Wait")
    assert "I will wait." in world.text("lead")


# After the close


@BOTH_WAYS
def test_after_the_close_it_is_posted_at_once(world: World, in_channel: bool) -> None:
    submitted(world, *SCHOOLS)
    world.now = CLOSES
    asks(world, in_channel=in_channel)
    assert world.in_channel() == [references.Report(1, "en")]
    assert "is on its way to the channel" in answer(world, in_channel=in_channel)


def test_its_other_pictures_go_into_its_thread(world: World) -> None:
    submitted(world, *SCHOOLS)
    world.now = CLOSES
    asks(world)
    assert world.in_threads() == [references.ReportPicture(1, "en", name) for name in BELOW]


def test_the_lead_is_told_that_it_is_on_its_way_before_it_is_drawn(world: World) -> None:
    """Rows of a conversation go in order: put later, the words would wait for the report and stand below it."""
    submitted(world, *SCHOOLS)
    world.now = CLOSES
    asks(world)
    rows = world.connection.execute(select(tables.Outbox.private_to).filter_by(conversation="channel"))
    assert list(rows.scalars()) == ["lead", None, *[None] * len(BELOW)]


def test_posted_again_it_has_a_thread_of_its_own(world: World) -> None:
    submitted(world, *SCHOOLS)
    world.now = CLOSES
    for _ in range(2):
        asks(world)
    world.presses("lead", "Post again")
    rows = world.connection.execute(select(tables.Outbox.thread).filter_by(private_to=None, conversation="channel"))
    key = "report:1:test:t:channel"
    many = len(BELOW)
    assert list(rows.scalars()) == [None, *[key] * many, None, *[f"{key}:again:1"] * many]


def test_asked_for_again_it_is_not_posted_twice_unless_that_is_said(world: World) -> None:
    submitted(world, *SCHOOLS)
    world.now = CLOSES
    asks(world)
    asks(world)
    assert len(world.in_channel()) == 1
    assert labels(world) == ["Post again", "Help"]
    world.presses("lead", "Post again")
    assert len(world.in_channel()) == 2
    assert "is on its way" in world.text("lead")


def test_post_again_pressed_twice_posts_it_once_more(world: World) -> None:
    submitted(world, *SCHOOLS)
    world.now = CLOSES
    for _ in range(2):
        asks(world, in_channel=False)
    (again,) = [each for each in world.buttons("lead") if label_of(each) == "Post again"]
    for _ in range(2):
        world.does("lead", pressed(again.action))
    assert len(world.in_channel()) == 2
    assert "in the channel already" in world.text("lead")
    world.presses("lead", "Post again")
    assert len(world.in_channel()) == 3


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("waiting", "is on its way to the channel"),
        ("claimed", "is on its way to the channel"),
        ("sent", "is in the channel already"),
        ("unknown", "can't tell whether it arrived. Look in the channel; if it is not there,"),
        ("dead", "I could not post the report"),
    ],
)
def test_asked_for_again_it_says_what_became_of_it(world: World, state: str, words: str) -> None:
    submitted(world, *SCHOOLS)
    world.now = CLOSES
    asks(world, in_channel=False)
    report_is(world, state)
    asks(world, in_channel=False)
    assert len(world.in_channel()) == 1
    assert words in world.text("lead")
    assert ("Post again" in labels(world, in_channel=False)) is ("on its way" not in words)


def test_what_became_of_it_is_what_became_of_the_last_attempt(world: World) -> None:
    submitted(world, *SCHOOLS)
    world.now = CLOSES
    asks(world, in_channel=False)
    report_is(world, "unknown")
    asks(world, in_channel=False)
    world.presses("lead", "Post again")
    asks(world, in_channel=False)
    assert "in the channel already" in world.text("lead")


def report_is(world: World, state: str) -> None:
    world.connection.execute(
        update(tables.Outbox).filter_by(conversation="channel", private_to=None).values(state=state)
    )


def test_who_posted_a_report_is_written_down(world: World) -> None:
    submitted(world, *SCHOOLS)
    world.now = CLOSES
    for _ in range(2):
        asks(world)
    acts = [(row[2], row[3], row[4]) for row in world.rows()["audit"] if row[3] == "report posted"]
    assert acts == [("lead", "report posted", {"cycle": 1, "snapshot": 1})]


def test_without_any_cycle_there_is_nothing_to_post(world: World) -> None:
    world.partnership("valley", "Valley Partnership", lead="val")
    asks(world, "val", in_channel=False)
    assert "no report to post" in world.text("val")


def test_without_a_channel_the_lead_is_told(world: World) -> None:
    world.partnership("valley", "Valley Partnership", lead="val")
    world.open_cycle(
        9, "Past", NOW - timedelta(days=50), NOW - timedelta(days=10), partnership="valley", schools=("a",)
    )
    before = world.rows()
    asks(world, "val", in_channel=False)
    assert "no channel of your partnership is set up" in world.text("val")
    assert world.rows() == before


def test_without_a_channel_no_cycle_is_closed_for_a_report(world: World) -> None:
    submitted(world, *SCHOOLS)
    asks(world, in_channel=False)
    world.connection.execute(delete(tables.Channel))
    before = world.rows()
    world.presses("lead", "Close now and post the report")
    assert "no channel of your partnership is set up" in world.text("lead")
    assert world.rows() == before


# Who may


@BOTH_WAYS
@pytest.mark.parametrize("closed", [False, True])
def test_a_leader_who_is_no_lead_is_kindly_refused_where_only_they_see_it(
    world: World, in_channel: bool, closed: bool
) -> None:
    submitted(world, *SCHOOLS)
    world.now = CLOSES if closed else world.now
    before = world.rows()
    asks(world, "leader-a", in_channel=in_channel)
    assert world.in_channel() == []
    assert world.rows() == before
    assert "Only a lead of the partnership can post its report." in answer(world, "leader-a", in_channel=in_channel)


@BOTH_WAYS
def test_a_stranger_learns_nothing(world: World, in_channel: bool) -> None:
    asks(world, "outsider", in_channel=in_channel)
    assert "lead" not in answer(world, "outsider", in_channel=in_channel).replace("the person who leads", "")
    assert "Harbour" not in answer(world, "outsider", in_channel=in_channel)


@pytest.mark.parametrize(
    "action",
    [
        buttons.CloseAndReport(1), buttons.PostLast(1), buttons.Wait(1), buttons.PostAgain(2, 1),
        buttons.ReportOf("harbour"),
        buttons.CloseAndReport(2), buttons.CloseAndReport(99), buttons.PostLast(99),
    ],
    ids=encode,
)  # fmt: skip
@pytest.mark.parametrize("person", ["leader-a", "val"])
def test_only_a_lead_of_the_partnership_can_press_its_buttons(world: World, action: buttons.Press, person: str) -> None:
    with_a_past(world)
    submitted(world, *SCHOOLS)
    world.partnership("valley", "Valley Partnership", lead="val")
    before = world.rows()
    world.chooses(person, action)
    assert world.rows() == before
    assert world.in_channel() == []
    assert "Only a lead of the partnership can post its report." in world.text(person)


def leads(partnership: str, cycle: int) -> LedPartnership:
    """Somebody who leads this partnership, in which this cycle has closed."""
    return LedPartnership(partnership, partnership, None, (LedCycle(cycle, 1, "Summer", ()),), 0, 0, has_channel=True)


@pytest.mark.parametrize(
    ("led", "decided"),
    [
        pytest.param((), line("only-leads"), id="who leads none"),
        pytest.param((leads("valley", 9),), line("only-leads"), id="who leads another"),
        pytest.param((leads("valley", 9), leads("harbour", 1)), Outcome((PostReport(1, 2),)), id="its lead"),
    ],
)
def test_the_decision_by_itself_lets_only_a_lead_post_a_report_again(
    led: tuple[LedPartnership, ...], decided: Outcome
) -> None:
    """The service that posts it asks the same again, and would hide that this does not."""
    person = Known("ann", "Ann", "en", "lunch")
    state = TurnState(CLOSES, person, None, None, None, (), led, None, None, fresh=1)
    assert act(state, buttons.PostAgain(1, 2)) == decided


def test_in_a_channel_only_its_own_partnerships_report_can_be_asked_for(world: World) -> None:
    world.partnership("valley", "Valley Partnership", lead="val")
    asks(world, "val")
    assert "Only a lead of the partnership" in world.private_text("val")


def test_who_leads_two_partnerships_is_asked_which(world: World) -> None:
    world.partnership("valley", "Valley Partnership", lead="lead")
    asks(world, in_channel=False)
    assert labels(world, in_channel=False) == ["Harbour Partnership", "Valley Partnership"]
    world.types("lead", "valley partnership")
    assert "no report to post" in world.text("lead")


def test_who_leads_two_partnerships_is_not_asked_in_the_channel_of_one(world: World) -> None:
    world.partnership("valley", "Valley Partnership", lead="lead")
    asks(world)
    assert "Summer 2027 is still open" in world.private_text("lead")


# Typed


@pytest.mark.parametrize(
    "text", ["/partnership-report", "partnership-report", "report", "adroddiad", "/adroddiad", "Report."]
)
def test_it_can_be_typed_to_the_bot(world: World, text: str) -> None:
    world.types("lead", text)
    assert "Summer 2027 is still open" in world.text("lead")


@pytest.mark.parametrize("text", ["report help", "/partnership-report help", "adroddiad cymorth"])
def test_its_help(world: World, text: str) -> None:
    world.types("lead", text)
    assert "Type /partnership-report to post the partnership's report in its channel." in world.text("lead")


def test_a_sentence_that_begins_with_report_is_text(world: World) -> None:
    world.types("leader-a", "start")
    world.types("leader-a", "report from governors was good")
    assert "You wrote: report from governors was good" in world.text("leader-a")


def test_the_labels_of_the_choice_can_be_typed(world: World) -> None:
    submitted(world, "a", "b", "c")
    asks(world, in_channel=False)
    world.types("lead", "close now and post the report")
    assert world.in_channel() == [references.Report(1, "en")]


def test_a_lead_is_told_of_the_close_and_can_post_from_there(world: World) -> None:
    submitted(world, "a", "b", "c")
    world.now = CLOSES
    world.says("lead", references.CycleClosed(1))
    assert "3 of 5 schools submitted." in world.text("lead")
    world.presses("lead", "Post the report now")
    assert world.in_channel() == [references.Report(1, "en")]


# A cycle, an area, a preview


def closed(world: World) -> World:
    """All five schools have submitted to cycle 1, the last of three, and it has closed."""
    with_a_past(world)
    submitted(world, *SCHOOLS)
    world.now = CLOSES
    return world


@BOTH_WAYS
@pytest.mark.parametrize("which", ["2", "Cycle 2", "cycle 2"])
def test_the_report_of_an_earlier_cycle(world: World, in_channel: bool, which: str) -> None:
    """By its number: of three cycles, the one with the title ``Cycle 2`` is the second."""
    closed(world)
    world.commands("lead", f"/partnership-report {which} area 3", in_channel=in_channel)
    assert world.rows()["snapshot"][0][1] == 2
    assert world.in_channel() == [references.Report(1, "en", "3")]
    assert world.in_threads() == [references.ReportPicture(1, "en", name, "3") for name in BELOW]
    assert "The report for Cycle 2 – Belonging and thriving is on its way" in answer(world, in_channel=in_channel)


def test_the_report_on_an_area_has_a_key_of_its_own(world: World) -> None:
    closed(world)
    for which in ("", "area 2", "area 2", "area 3", "last"):
        world.commands("lead", f"/partnership-report {which}", in_channel=False)
    assert world.in_channel() == [references.Report(1, "en", area) for area in ("", "2", "3")]
    world.commands("lead", "/partnership-report area 2", in_channel=False)
    world.presses("lead", "Post again")
    assert world.in_channel()[3:] == [references.Report(1, "en", "2")]


def test_posting_the_report_on_an_area_is_written_down(world: World) -> None:
    closed(world)
    world.commands("lead", "/partnership-report area 2")
    (about,) = [row[4] for row in world.rows()["audit"] if row[3] == "report posted"]
    assert about == {"cycle": 1, "snapshot": 1, "area": "2"}


def test_an_area_of_an_open_cycle_is_asked_about_and_kept_in_mind(world: World) -> None:
    submitted(world, "a", "b", "c")
    world.commands("lead", "/partnership-report area 2")
    assert "Summer 2027 is still open" in world.private_text("lead")
    world.presses("lead", "Close now and post the report")
    assert world.in_channel() == [references.Report(1, "en", "2")]


@BOTH_WAYS
def test_what_may_mean_two_things_is_asked(world: World, in_channel: bool) -> None:
    closed(world)
    world.commands("lead", "/partnership-report 3", in_channel=in_channel)
    assert world.in_channel() == []
    asked = ["3. Summer 2027", "3. Summer 2027 – Belonging and thriving"]
    assert labels(world, in_channel=in_channel) == asked
    world.presses("lead", "3. Summer 2027 – Belonging and thriving")
    assert world.in_channel() == [references.Report(1, "en", "3")]


def test_the_answer_can_be_typed_too(world: World) -> None:
    closed(world)
    world.types("lead", "adroddiad 3")
    world.types("lead", "3. summer 2027")
    assert world.in_channel() == [references.Report(1, "en")]


@BOTH_WAYS
@pytest.mark.parametrize("which", ["spring", "area 9", "last area 9", "cycle 4", "from governors"])
def test_what_there_is_not_is_answered_with_what_there_is(world: World, in_channel: bool, which: str) -> None:
    closed(world)
    before = world.rows()
    world.commands("lead", f"/partnership-report {which}", in_channel=in_channel)
    assert world.in_channel() == []
    assert world.rows() == before
    told = answer(world, in_channel=in_channel)
    for there in ("I don't know that cycle or area", "3. Summer 2027", "1. Cycle 3", "2 Reality and impact"):
        assert there in told


def test_who_leads_two_partnerships_is_asked_which_they_mean(world: World) -> None:
    with_a_past(world)
    world.partnership("valley", "Valley Partnership", lead="lead")
    past = (NOW - timedelta(days=50), NOW - timedelta(days=10))
    world.open_cycle(9, "Autumn", *past, partnership="valley", schools=("a",))
    world.types("lead", "report last")
    assert labels(world, in_channel=False) == [
        "Harbour Partnership: 2. Cycle 2", "Valley Partnership: 1. Autumn",
    ]  # fmt: skip


@BOTH_WAYS
@pytest.mark.parametrize("text", ["preview", "preview last", "area 2 preview", "rhagolwg"])
def test_a_preview_is_for_the_lead_alone(world: World, in_channel: bool, text: str) -> None:
    closed(world)
    world.commands("lead", f"/partnership-report {text}", in_channel=in_channel)
    assert (world.in_channel(), world.in_threads()) == ([], [])
    assert "A preview, for you alone. Nothing has been posted." in world.text("lead")
    assert "5 of 5 schools submitted." in world.text("lead")
    rows = world.connection.execute(select(tables.Outbox.conversation, tables.Outbox.prompt)).all()
    shown = {
        row.conversation
        for row in rows
        if isinstance(references.from_json(row.prompt), references.Report | references.ReportPicture)
    }
    assert shown == {"direct-lead"}
    assert [row for row in world.rows()["audit"] if row[3] == "report posted"] == []


def test_a_preview_can_be_posted_from_there(world: World) -> None:
    closed(world)
    world.types("lead", "report preview area 2")
    world.types("lead", "post it in the channel")
    assert world.in_channel() == [references.Report(1, "en", "2")]


def test_a_preview_shows_all_that_would_be_posted(world: World) -> None:
    closed(world)
    world.types("lead", "report preview")
    previewed = [each for where, each, _ in world.spoken["lead"] if isinstance(each, references.ReportPicture)]
    world.types("lead", "report")
    posted = [each for each in world.in_threads() if isinstance(each, references.ReportPicture)]
    assert previewed == [replace(each, preview=True) for each in posted]


@BOTH_WAYS
def test_before_the_close_there_is_no_preview_for_anybody(world: World, in_channel: bool) -> None:
    with_a_past(world)
    submitted(world, *SCHOOLS)
    before = world.rows()
    world.commands("lead", "/partnership-report preview", in_channel=in_channel)
    assert world.rows() == before
    assert "until it closes nobody sees any score of the group" in answer(world, in_channel=in_channel)
    world.presses("lead", "Preview the last cycle's report")
    assert world.rows()["snapshot"][0][1] == 2


@BOTH_WAYS
@pytest.mark.parametrize("text", ["preview", "preview last", "last", "area 2", "cycle 9", "preview nonsense"])
def test_a_leader_who_is_no_lead_learns_nothing_from_it(world: World, in_channel: bool, text: str) -> None:
    closed(world)
    before = world.rows()
    world.commands("leader-a", f"/partnership-report {text}", in_channel=in_channel)
    assert world.rows() == before
    told = answer(world, "leader-a", in_channel=in_channel)
    assert "Only a lead of the partnership" in told
    assert "Reality and impact" not in told


@pytest.mark.parametrize(
    "action", [buttons.ReportOn(1), buttons.ReportOn(1, preview=True), buttons.ReportOn(2, "2")], ids=encode
)
@pytest.mark.parametrize("person", ["leader-a", "val"])
def test_its_new_buttons_are_a_leads_alone(world: World, action: buttons.Press, person: str) -> None:
    closed(world)
    world.partnership("valley", "Valley Partnership", lead="val")
    before = world.rows()
    world.chooses(person, action)
    assert world.rows() == before
    assert world.in_channel() == []
    assert "Only a lead of the partnership can post its report." in world.text(person)


def test_a_button_for_an_area_that_the_cycle_does_not_ask_about_is_out_of_date(world: World) -> None:
    closed(world)
    world.chooses("lead", buttons.ReportOn(1, "9"))
    assert "out of date" in world.text("lead")


@pytest.mark.parametrize("button", ["CloseAndReport|1", "PostAgain|1|1", "ReportOf|harbour"])
def test_buttons_from_before_there_were_areas_still_work(world: World, button: str) -> None:
    closed(world)
    world.does("lead", pressed(button))
    assert world.in_channel() == [references.Report(1, "en")]


@pytest.mark.parametrize("text", ["report preview the plan", "report last week was good", "report area 9"])
def test_in_an_enquiry_a_sentence_is_still_text(world: World, text: str) -> None:
    with_a_past(world)
    world.leads_also("lead", "a")
    world.types("lead", "start")
    world.types("lead", text)
    assert f"You wrote: {text}" in world.text("lead")


def test_in_an_enquiry_what_names_a_report_is_the_report(world: World) -> None:
    with_a_past(world)
    world.leads_also("lead", "a")
    world.types("lead", "start")
    world.types("lead", "report last area 2")
    assert world.in_channel() == [references.Report(1, "en", "2")]


# Schools by name


@pytest.mark.parametrize(
    ("visibility", "see"),
    [
        pytest.param("open", {None, "lead", "leader-a", "val"}, id="in a channel too, since every school agreed"),
        pytest.param("lead-only", {"lead"}, id="the lead alone, and no other partnership's"),
        pytest.param("own-and-group", set(), id="nobody"),
    ],
)
def test_schools_are_named_to_those_to_whom_they_agreed(world: World, visibility: str, see: set[str | None]) -> None:
    world.connection.execute(update(tables.Cycle).values(visibility=visibility))
    world.partnership("valley", "Valley Partnership", lead="val")
    closed(world)
    asks(world)
    for reader in (None, "lead", "leader-a", "val"):
        material = material_of(world.connection, world.shelf, 1, world.now, "", reader)
        assert material is not None
        for name in ("schools", "schools-partnership"):
            drawn = drawing(name, material, words_of("en"))
            assert (drawn is not None) is (reader in see), reader
            assert drawn is None or "School A" in drawn.alt


@pytest.mark.parametrize(
    ("now", "zone", "told"),
    [
        pytest.param("2027-07-13 23:30", "Europe/London", "Our meeting: Tuesday 13 July.", id="on its day"),
        pytest.param("2027-07-14 00:30", "Europe/London", "Our meeting was on Tuesday 13 July.", id="on the day after"),
        pytest.param("2027-07-13 23:30", "Europe/Paris", "Our meeting was on Tuesday 13 July.", id="there it is after"),
    ],
)
def test_a_report_that_comes_after_the_meeting_says_that_it_is_over(
    world: World, now: str, zone: str, told: str
) -> None:
    world.connection.execute(update(tables.Partnership).values(calendar=SchoolCalendar(timezone=zone).to_json()))
    submitted(world, *SCHOOLS)
    world.connection.execute(update(tables.Cycle).values(meeting_on=date(2027, 7, 13)))
    world.now = london(now)
    world.types("lead", "report preview")
    assert told in repr(world.messages("lead"))
    school = own_material(world.connection, world.shelf, references.SchoolReportMessage(1, "a"), "leader-a", world.now)
    assert school is not None
    assert school.met is ("was" in told)
