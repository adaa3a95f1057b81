"""What may stand after ``/partnership-report``, and what it means."""

from __future__ import annotations

import pytest

from bot.inbound.report_request import ReportRequest, ReportWanted, read, readings
from core.enquiry import LedCycle, LedPartnership
from core.framework_file import default_framework

AREAS = default_framework().areas
AUTUMN, SUMMER, SPRING = (
    LedCycle(13, 3, "Autumn 2026", AREAS),
    LedCycle(12, 2, "Summer 2026", AREAS),
    LedCycle(11, 1, "Trust", AREAS[:1]),
)
OPEN = LedPartnership("harbour", "Harbour", AUTUMN, (SUMMER, SPRING), 5, 3, has_channel=True)
CLOSED = LedPartnership("harbour", "Harbour", None, (AUTUMN, SUMMER, SPRING), 0, 0, has_channel=True)
NEW = LedPartnership("harbour", "Harbour", None, (), 0, 0, has_channel=True)


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        pytest.param("", ReportRequest(""), id="nothing"),
        pytest.param("  Help ", ReportRequest("", help=True), id="help"),
        pytest.param("cymorth", ReportRequest("", help=True), id="help in Welsh"),
        pytest.param("preview", ReportRequest("", preview=True), id="a preview of what there is"),
        pytest.param("Preview Autumn  2026", ReportRequest("autumn 2026", preview=True), id="the word first"),
        pytest.param("last rhagolwg", ReportRequest("last", preview=True), id="the word last, in Welsh"),
        pytest.param("help me", ReportRequest("help me"), id="more than the word for help"),
        pytest.param("Summer 2026.", ReportRequest("summer 2026"), id="a cycle"),
    ],
)
def test_the_words_that_stand_for_themselves(text: str, asked: ReportRequest) -> None:
    assert read(text) == asked


@pytest.mark.parametrize(
    ("which", "cycle", "area"),
    [
        pytest.param("summer 2026", 12, "", id="a cycle by its title"),
        pytest.param("cycle 2", 12, "", id="by its number"),
        pytest.param("cylch 2", 12, "", id="in Welsh"),
        pytest.param("last", 12, "", id="the last that closed"),
        pytest.param("diwethaf", 12, "", id="and in Welsh"),
        pytest.param("area 2", 13, "2", id="an area of the open cycle"),
        pytest.param("reality and impact", 13, "2", id="an area by its short title"),
        pytest.param("adnabod ein sefyllfa go iawn a'n heffaith", 13, "2", id="by its long title in Welsh"),
        pytest.param("last 3", 12, "3", id="a cycle and an area"),
        pytest.param("summer 2026 maes 3", 12, "3", id="both with their words"),
        pytest.param("3 last", 12, "3", id="the area first"),
        pytest.param("belonging and thriving cycle 2", 12, "3", id="two titles"),
        pytest.param("trust", 11, "", id="a cycle that is called like something else"),
    ],
)
def test_what_means_one_thing(which: str, cycle: int, area: str) -> None:
    assert readings(which, [OPEN]) == (ReportWanted("harbour", cycle, area),)


@pytest.mark.parametrize(
    ("which", "wanted"),
    [
        pytest.param("2", {(13, "2"), (12, "")}, id="a number is a cycle and an area"),
        pytest.param("1 2", {(12, "1")}, id="cycle 1 has no area 2, so this is area 1 of cycle 2"),
        pytest.param("2 3", {(12, "3"), (13, "2")}, id="cycle 2 and area 3, or area 2 and cycle 3"),
    ],
)
def test_what_may_mean_several_things_means_all_of_them(which: str, wanted: set[tuple[int, str]]) -> None:
    assert {(each.cycle, each.area) for each in readings(which, [OPEN])} == wanted


@pytest.mark.parametrize(
    "which",
    [
        "autumn",
        "autumn 2025",
        "cycle 9",
        "cycle",
        "area",
        "area 4",
        "last 9",
        "²",
        "from governors",
        "-1",
        "3/5",
        "%",
        "_",
    ],
)
def test_what_there_is_not_means_nothing(which: str) -> None:
    assert readings(which, [CLOSED]) == ()


def test_an_area_alone_is_that_of_the_last_cycle_where_none_is_open() -> None:
    assert readings("area 2", [CLOSED]) == (ReportWanted("harbour", 13, "2"),)


@pytest.mark.parametrize("which", ["last", "area 2", "1"])
def test_without_any_cycle_nothing_is_there(which: str) -> None:
    assert readings(which, [NEW]) == ()


def test_the_same_words_may_fit_several_partnerships() -> None:
    valley = LedPartnership("valley", "Valley", None, (LedCycle(21, 1, "Summer 2026", AREAS),), 0, 0, has_channel=True)
    assert readings("last", [OPEN, valley]) == (ReportWanted("harbour", 12), ReportWanted("valley", 21))
    assert readings("cycle 2", [OPEN, valley]) == (ReportWanted("harbour", 12),)
