"""What the report says in the channel and below its pictures, and what it never says."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import get_args

import pytest

from bot.compose.report_message import Draw, report_blocks, report_message
from bot.messages.blocks import Facts, Heading, Message, Paragraph
from bot.messages.blocks import Picture as Shown
from bot.messages.languages import words_of
from bot.messages.plain_text import plain_text
from bot.messages.references import PICTURES, PictureName, Report
from bot.wording.charts.by_name import drawing
from bot.wording.report import report
from bot.wording.report_material import ReportMaterial
from core.agreed_actions import ActionState, AgreedAction, Owner
from core.analysis.disclosure import Withheld
from core.analysis.report import More, Priority, Strength
from core.analysis.report_making import report_facts
from core.charts.counts import Counts, DotCount
from core.charts.dumbbell import Dumbbell
from core.charts.heatmap import Heatmap
from core.charts.pool import NotDrawn, Picture
from core.enquiry import Visibility
from core.framework import Perspective
from tests.support.reports import FEW, FRAMEWORK, FULL, NINE, NONE_IN_THREE, ONE_AREA, OPEN, REPORT
from tests.support.scores import school

EN = words_of("en")


def text(material: ReportMaterial) -> str:
    return plain_text(Message("report", report(material, EN), "en"))


def under(material: ReportMaterial, heading: str) -> list[str]:
    """What stands below this heading, up to the next one."""
    told: list[str] = []
    here = False
    for block in report(material, EN):
        if isinstance(block, Heading):
            here = block.text == heading
        elif here and isinstance(block, Facts):
            told.extend(f"{each.term}: {each.text}" for each in block.items)
        elif here and isinstance(block, Paragraph):
            told.append(block.text)
    return told


def test_it_begins_with_who_answered_and_a_word_of_thanks() -> None:
    assert text(REPORT).startswith(
        "Ysgolion Aber: Hydref 2026\n\n7 of 9 schools submitted. Thank you to everyone who took the time."
    )


def test_five_of_nine_is_a_partial_picture() -> None:
    """5 of 9 are 56 %."""
    five = report_facts(FRAMEWORK, 9, NINE[:5])
    assert "5 of 9 schools submitted. That is under 60%, so this is a partial picture." in text(
        replace(FULL, facts=five)
    )


def test_strengths_and_priorities_come_with_their_evidence() -> None:
    """Nine schools: areas 1 and 3 at 3 for all; the second area 1 for five schools and 4 for four, so 1.0."""
    first = under(FULL, "What to work on first")
    assert first[0] == (
        "An honest picture: middle score 1.0; need 1.0 out of 1; chosen by at least 7 of 9 schools; "
        "4 of 9 schools at Established or above; we see it differently, so discuss the evidence first"
    )
    assert all("need 1.0 out of 1" in each for each in first)


@pytest.mark.parametrize(
    ("threes", "told"),
    [
        pytest.param(3, "middle score 2.0", id="three of nine"),
        pytest.param(6, "middle score 3.0; 6 of 9 schools at Established or above", id="six of nine"),
    ],
)
def test_a_count_speaks_for_a_strength_where_it_is_of_most_schools(threes: int, told: str) -> None:
    """So many schools give the first area 3, the others give it 2; all give the rest 1."""
    levels = [{c.id: (3, (3 if n < threes else 2) if c.id < "2" else 1) for c in FRAMEWORK.criteria} for n in range(9)]
    facts = report_facts(FRAMEWORK, 9, [school(str(n), each) for n, each in enumerate(levels)])
    assert under(replace(FULL, facts=facts), "Worth celebrating")[0] == f"Shared purpose: {told}"


def test_one_split_criterion_is_a_question_and_no_verdict() -> None:
    (asked,) = under(FULL, "Where we disagree")
    assert asked.startswith("On “")
    assert asked.endswith("What does each of us see, and what could we show one another?")


def test_where_nobody_stands_apart_it_says_so() -> None:
    alike = report_facts(FRAMEWORK, 7, [school(str(n), {c.id: (3, 3) for c in FRAMEWORK.criteria}) for n in range(7)])
    assert under(replace(FULL, facts=alike), "Where we disagree")[0] == "On no question do our schools stand far apart."


def test_what_changed_is_told_without_calling_anything_worse() -> None:
    """The partnership was at 4 everywhere last time; now the second area is at 1 and the others are at 3."""
    told = under(FULL, "Since Haf 2026")
    assert told[:3] == [
        "An honest picture: from 4.0 to 1.0", "Support and challenge: from 4.0 to 1.0",
        "The difference we make: from 4.0 to 1.0",
    ]  # fmt: skip
    assert told[3] == "9 schools answered both times."
    assert "worse" not in text(FULL)


def test_other_leaders_than_last_time_are_mentioned_and_a_lower_score_is_not_blamed() -> None:
    trend = FULL.facts.trend
    assert trend is not None
    told = under(
        replace(FULL, facts=replace(FULL.facts, trend=replace(trend, respondents_changed=2))), "Since Haf 2026"
    )
    assert told[3] == (
        "9 schools answered both times. In 2 of them other leaders answered, who may see things otherwise. A lower "
        "score can simply be a more candid one."
    )


def test_it_says_when_the_meeting_is_and_where_the_numbers_are() -> None:
    assert "Our meeting: Tuesday 15 December." in text(FULL)
    assert "Our meeting was on Tuesday 15 December." in text(replace(FULL, met=True))
    assert text(FULL).endswith("The other pictures are below, and the table has every number.")
    shown = report_blocks(FULL, Report(1, "en", preview=True), "en")
    assert Paragraph("The other pictures are above, and the table has every number.") in shown


def test_too_few_schools_hear_what_is_missing_and_what_they_could_agree_to() -> None:
    told = text(FEW)
    assert "That is 4 schools more than submitted this time." in told
    assert "The more schools submit, the more can be shown." in told
    assert "If a leader of every school agrees, the next cycle can be open" in told
    assert "pictures" not in told


def test_a_partnership_of_three_hears_that_it_is_too_small_for_figures() -> None:
    told = text(NONE_IN_THREE)
    assert "and we are fewer" in told
    assert "more than submitted" not in told


def test_where_somebody_leads_four_schools_it_says_how_many_schools_figures_take_then() -> None:
    # Four schools, and two more for each of the three others that this reader knows.
    nobody_yet = report_facts(FRAMEWORK, 4, [], known=4)
    assert "Figures are shown for 10 schools or more" in text(replace(REPORT, facts=nobody_yet))


def test_where_something_is_withheld_it_says_how_more_could_be_seen() -> None:
    facts = replace(FULL.facts, more=(More.BE_OPEN, More.SCORE_MORE))
    assert "would let more sub-themes be shown" in text(replace(FULL, facts=facts))
    assert "How we could see more" not in text(OPEN)


def test_last_time_s_actions_are_told_as_they_stand() -> None:
    agreed = AgreedAction(
        1, "aber", None, "1.1", {"en": "Shared purpose"}, "Visit one another", Owner("cwm", "Ysgol y Cwm"), None,
        ActionState.DONE, datetime.fromisoformat("2026-09-01T10:00:00+00:00"), posted=True,
    )  # fmt: skip
    told, *_ = under(replace(FULL, agreed_before=(agreed,)), "Last time you agreed")
    assert told.startswith("Shared purpose: Visit one another")


def test_who_could_help_whom_is_told_as_sub_themes_alone() -> None:
    assert under(FULL, "Who could help whom")[0] == (
        "In 2 sub-themes one school's offer meets another's request: Shared purpose and Learning together. Whoever it "
        "concerns is asked in private."
    )
    assert under(ONE_AREA, "Who could help whom") == [], "neither lies in the second area"


def test_too_few_schools_hear_nothing_of_offers() -> None:
    """Among three, whoever made an offer could nearly be named."""
    assert under(replace(FEW, helping=frozenset({"1.1"})), "Who could help whom") == []


def test_one_area_says_which_and_nothing_of_the_others() -> None:
    told = text(ONE_AREA)
    assert told.startswith("Ysgolion Aber: Hydref 2026 – Knowing our reality and impact")
    assert "Shared purpose" not in told
    assert "Trust and belonging" not in told


@pytest.mark.parametrize("material", [REPORT, FULL, ONE_AREA, FEW], ids=["seven", "nine", "area", "few"])
def test_no_school_is_named_in_words_or_pictures(material: ReportMaterial) -> None:
    """Not even where the material could: names are there for readers who may see them."""
    named = replace(material, names={str(number): f"Ysgol {number}" for number in range(9)})
    drawn = [drawing(name, named, EN) for name in PICTURES]
    assert "Ysgol " not in text(named)
    assert not any("Ysgol " in repr(each) for each in drawn if each is not None)
    assert drawing("schools", named, EN) is None


# The lead picture stands in its message


async def drawn(picture: Picture) -> bytes:
    return f"a picture: {picture.title}".encode()


async def broken(_: Picture) -> bytes:
    raise NotDrawn


async def never(_: Picture) -> bytes:
    raise TimeoutError


async def test_the_lead_picture_stands_below_the_opening_in_each_language() -> None:
    message = await report_message(FULL, Report(1, "both"), "report", drawn)
    assert [type(each) for each in message.blocks[:3]] == [Heading, Paragraph, Shown]
    welsh, english = (each for each in message.blocks if isinstance(each, Shown))
    assert english.file_name == "partnership-report-1-en-overview.png"
    assert english.alt == alt("overview")
    assert english.png.startswith(b"a picture: ")
    assert welsh.file_name == "partnership-report-1-cy-overview.png"
    assert welsh.alt != english.alt


@pytest.mark.parametrize("draw", [broken, never], ids=["it breaks", "it takes too long"])
async def test_a_picture_that_cannot_be_drawn_is_told_in_words_and_stops_nothing(draw: Draw) -> None:
    message = await report_message(FULL, Report(1, "en"), "report", draw)
    assert message.blocks[2] == Paragraph(alt("overview"))
    assert [*message.blocks[:2], *message.blocks[3:]] == list(report(FULL, EN))
    assert message.files


async def test_where_there_is_nothing_to_see_the_message_is_words_alone() -> None:
    message = await report_message(FEW, Report(1, "en"), "report", broken)
    assert message.blocks == report(FEW, EN)


# Pictures


def alt(name: PictureName, material: ReportMaterial = FULL) -> str:
    drawn = drawing(name, material, EN)
    assert drawn is not None
    return drawn.alt


@pytest.mark.parametrize("name", get_args(PictureName))
def test_few_schools_have_no_picture(name: PictureName) -> None:
    assert drawing(name, FEW, EN) is None


def test_the_words_of_the_lead_picture_hold_every_number() -> None:
    told = alt("overview")
    assert "on a scale from 1 Starting to 4 Extending" in told
    for each in FRAMEWORK.subthemes:
        assert f"{each.title['en']}: our schools 3.0, the partnership" in told


def test_a_framework_without_the_partnership_has_one_score_in_its_words() -> None:
    own = replace(FRAMEWORK, perspectives=(Perspective.SCHOOL,))
    told = alt("overview", replace(REPORT, framework=own, facts=report_facts(own, 9, NINE)))
    assert "the partnership" not in told.partition("Extending.")[2]


def test_where_only_the_partnership_is_asked_about_nothing_of_own_schools_is_withheld() -> None:
    framework = replace(FRAMEWORK, perspectives=(Perspective.PARTNERSHIP,))
    material = replace(REPORT, framework=framework, facts=report_facts(framework, 9, NINE))
    drawn = drawing("overview", material, EN)
    assert drawn is not None
    assert isinstance(drawn.picture, Dumbbell)
    assert (drawn.picture.own_school, drawn.picture.partnership) == (None, "Our partnership")
    assert "the middle score that schools gave the partnership, on a scale" in drawn.alt
    assert "withheld" not in drawn.alt


def overview_title(material: ReportMaterial, strongest: list[str], first: list[str]) -> str:
    """With these sub-themes level at the top."""
    facts = replace(
        material.facts,
        strongest=tuple(Strength(1, each, Decimal("3.0")) for each in strongest),
        priorities=tuple(Priority(1, each, None, Withheld(), evidence_first=False) for each in first),
    )
    return alt("overview", replace(material, facts=facts)).partition(" For each")[0]


@pytest.mark.parametrize(
    ("strongest", "first", "told"),
    [
        pytest.param(["1.1"], ["2.1"], "Strongest: Shared purpose. Next step: An honest picture.", id="one of each"),
        pytest.param(
            ["1.1", "3.1"], ["2.1"], "Strongest: Shared purpose and Trust and belonging. Next step: An honest picture.",
            id="ties as ties",
        ),
        pytest.param(["1.1"], ["1.1"], "Strongest: Shared purpose.", id="never the strongest as the next step"),
        pytest.param(["1.1", "1.2", "1.3"], ["2.1"], "Next step: An honest picture.", id="three are no title"),
        pytest.param([], [], "How we see our schools and our partnership.", id="nothing stands out"),
    ],
)  # fmt: skip
def test_the_lead_pictures_title_is_what_stands_out(strongest: list[str], first: list[str], told: str) -> None:
    assert overview_title(FULL, strongest, first) == told


def test_the_words_of_the_priorities_promise_no_need_and_no_votes_that_are_not_told() -> None:
    withheld = tuple(replace(each, votes=Withheld()) for each in FULL.facts.priorities)
    by_need = replace(FULL, facts=replace(FULL.facts, priorities=withheld))
    assert "For each first priority, its need from 0 to 1. An" in alt("priorities", by_need)
    own = replace(FRAMEWORK, perspectives=(Perspective.SCHOOL,))
    by_votes = replace(FULL, framework=own, facts=report_facts(own, 9, NINE))
    assert "For each first priority, how many schools chose it. An" in alt("priorities", by_votes)


def test_need_and_votes_are_told_apart() -> None:
    assert alt("priorities").startswith("First to work on: An honest picture. For each first priority,")
    assert (
        "An honest picture: need 1.0 out of 1, chosen by at least 7 of 9 schools, discuss the evidence first."
        in alt("priorities")
    )


def test_counts_are_told_from_eight_schools_on() -> None:
    assert "An honest picture: 4 of 9 schools Established or above." in alt("counts")
    assert drawing("counts", REPORT, EN) is None, "seven schools submitted"


def test_a_school_that_may_be_counted_on_either_side_is_no_full_dot_on_any() -> None:
    found = drawing("counts", FULL, EN)
    assert found is not None
    assert isinstance(found.picture, Counts)
    row = next(each for each in found.picture.rows if each.label == "Shared purpose")
    assert row.counts == (DotCount(2, "at most 2", unsure=2), DotCount(9, "at least 7", unsure=2))


def test_both_times_are_told_of_a_trend() -> None:
    told = alt("trend")
    assert "Shared purpose: from 4.0 to 3.0." in told
    assert told.startswith("Middle scores beside those of Haf 2026: 9 lower.")


def test_schools_that_are_open_with_one_another_are_shown_with_their_numbers() -> None:
    drawn = drawing("schools-partnership", OPEN, EN)
    assert drawn is not None
    assert isinstance(drawn.picture, Heatmap)
    assert [row.label for row in drawn.picture.rows] == [
        *(f"Ysgol {number}" for number in range(9)),
        "Middle score",
    ]
    assert "Ysgol 0: Shared purpose 3.0," in drawn.alt
    assert OPEN.facts.visibility is Visibility.OPEN


def test_two_schools_of_one_name_are_two_rows() -> None:
    drawn = drawing("schools", replace(OPEN, names={str(number): "Ysgol y Dref" for number in range(9)}), EN)
    assert drawn is not None
    assert isinstance(drawn.picture, Heatmap)
    assert len(drawn.picture.rows) == 10
