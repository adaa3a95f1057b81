"""Tables as files: numbers stay numbers, and no text comes alive in a spreadsheet."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import pytest

from core.analysis.report import ReportFacts
from core.analysis.report_making import report_facts
from core.analysis.trend_facts import Previous
from core.enquiry import Visibility
from core.exports import ReportWords, Value, inert, report_table, to_csv
from core.framework import Framework, Perspective
from core.framework_file import default_framework
from tests.support.scores import Pair, school, small_framework

WORDS = ReportWords(
    area="Area",
    subtheme="Sub-theme",
    own_school="Own school",
    own_schools_counted="Schools (own)",
    partnership="Partnership",
    partnership_schools_counted="Schools (partnership)",
    difference="Difference",
    difference_schools_counted="Schools (difference)",
    priority="First priority",
    need="Need",
    votes="Votes",
    voting_schools="Schools that voted",
    established="Established",
    established_schools_counted="Schools (established)",
    at_least="At least",
    at_most="At most",
    last_time="Last time",
    moved_up="Up",
    moved_not="Same",
    moved_down="Down",
    forms="Forms",
    trust="Trust",
    challenge="Challenge",
    withheld="withheld",
)


UNTOLD = ["withheld", "", "withheld", "withheld", "", "", "", ""]
"""Of five of seven schools neither counts nor bounds are told; there is no last time."""


def report_csv(facts: ReportFacts, framework: Framework) -> bytes:
    table = report_table("", facts, framework, "en", WORDS)
    return to_csv(table.header, table.rows)


def read(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize(
    "text",
    [
        '=HYPERLINK("http://example.org")',
        "+44 1904 000000",
        "-1+1",
        "@SUM(1)",
        "\t=1+1",
        "\r=1+1",
        "\n=1+1",
        "  =1+1",
        "＝1+1",
    ],
)
def test_a_text_that_a_spreadsheet_would_calculate_is_inert(text: str) -> None:
    assert inert(text) == f"'{text}"
    assert read(to_csv([text], [[text]])) == [[f"'{text}"], [f"'{text}"]]


@pytest.mark.parametrize("text", ["St Mary's", "1.1 Purpose", "", "a=b", "Ysgol Tŷ'r Felin", 'say "=1"'])
def test_any_other_text_is_left_as_it_is(text: str) -> None:
    assert read(to_csv(["name"], [[text]]))[1] == [text]


@pytest.mark.parametrize(
    ("value", "written"), [(Decimal("-1.5"), "-1.5"), (-1, "-1"), (Decimal("2.0"), "2.0"), (None, '""')]
)
def test_numbers_stay_numbers_and_nothing_is_empty(value: Value, written: str) -> None:
    assert to_csv(["number"], [[value]]).decode("utf-8-sig").splitlines()[1] == written


def test_texts_are_quoted_so_that_no_other_separator_splits_them() -> None:
    assert to_csv(["a"], [["Oak; =1+1"]]).endswith(b'\r\n"Oak; =1+1"\r\n')


def test_excel_knows_the_encoding_by_its_mark() -> None:
    assert to_csv(["Tŷ"], []) == "\N{BYTE ORDER MARK}".encode() + '"Tŷ"\r\n'.encode()


def test_a_report_has_a_row_for_each_area_and_one_below_for_each_subtheme() -> None:
    framework = small_framework({"1": {"1.1": 1, "1.2": 1, "1.3": 1}})
    levels: list[dict[str, Pair]] = [
        {"1.1.a": (1, 2), "1.2.a": (3, 3), "1.3.a": (2 if number < 3 else None, 4)} for number in range(5)
    ]
    votes = [{"1.1"}, {"1.1"}, {"1.1"}, {"1.3"}, {"1.3"}]
    schools = [school("any", given, votes=[vote]) for given, vote in zip(levels, votes, strict=True)]
    content = report_csv(report_facts(framework, 7, schools), framework)
    # The area: own (1 + 3) / 2 of what is shown; partnership (2 + 3 + 4) / 3.
    assert read(content)[1:] == [
        ["Area 1", "", "2.0", "5", "3.0", "5", *[""] * 14],
        ["Area 1", "Sub-theme 1.1", "1.0", "5", "2.0", "5", "-1.0", "5", "1", "0.5", "≥ 3", "5", *UNTOLD],
        ["Area 1", "Sub-theme 1.2", "3.0", "5", "3.0", "5", "0.0", "5", "", "", "", "", *UNTOLD],
        ["Area 1", "Sub-theme 1.3", "withheld", "", "4.0", "5", "withheld", "", "", "", "", "", *UNTOLD],
    ]
    assert read(content)[0][:2] == ["Area", "Sub-theme"]


def test_votes_of_too_few_schools_are_withheld() -> None:
    framework = small_framework({"1": {"1.1": 1}})
    schools = [school("any", {"1.1.a": (2, 2)}, votes=[{"1.1"}]) for _ in range(4)]
    content = report_csv(report_facts(framework, 4, schools), framework)
    assert read(content)[2][8:12] == ["1", "0.5", "withheld", ""]


def test_votes_in_the_middle_are_a_plain_number() -> None:
    framework = small_framework({"1": {"1.1": 1, "1.2": 1}})
    votes = [{"1.1"}] * 3 + [{"1.2"}] * 4
    schools = [school("any", {"1.1.a": (2, 2), "1.2.a": (3, 3)}, votes=[vote]) for vote in votes]
    content = report_csv(report_facts(framework, 7, schools), framework)
    assert read(content)[2][8:12] == ["1", "0.5", "3", "7"]


VOTING = ["First priority", "Votes", "Schools that voted"]


@pytest.mark.parametrize(
    ("asked", "answer", "columns", "row"),
    [
        pytest.param(
            Perspective.SCHOOL, (2, None), ["Own school", "Schools (own)", *VOTING],
            ["2.0", "5", "1", "≥ 3", "5"], id="the schools alone, who have no need",
        ),
        pytest.param(
            Perspective.PARTNERSHIP, (None, 2),
            ["Partnership", "Schools (partnership)", VOTING[0], "Need", *VOTING[1:]],
            ["2.0", "5", "1", "0.5", "≥ 3", "5"], id="the partnership alone",
        ),
    ],
)  # fmt: skip
def test_what_the_framework_does_not_ask_has_no_columns(
    asked: Perspective, answer: Pair, columns: list[str], row: list[str]
) -> None:
    framework = small_framework({"1": {"1.1": 1}}, perspectives=(asked,))
    schools = [school("any", {"1.1.a": answer}, votes=[{"1.1"}]) for _ in range(5)]
    header, area, subtheme = read(report_csv(report_facts(framework, 5, schools), framework))
    assert header[2:8][: len(columns)] == columns
    assert header[2 + len(columns)] == "Established"
    assert subtheme[: 2 + len(row)] == ["Area 1", "Sub-theme 1.1", *row]
    assert len(area) == len(header)


def test_it_has_what_the_pictures_of_counts_of_change_and_of_forms_show() -> None:
    """Of nine of ten schools six give the partnership 3 and three 2; last time all gave 2. Open with one another."""
    framework = default_framework()
    before = [school(str(n), {each.id: (3, 2) for each in framework.criteria}) for n in range(9)]
    now = [school(str(n), {each.id: (3, 3 if n < 6 else 2) for each in framework.criteria}) for n in range(9)]
    last = Previous(1, report_facts(framework, 9, before, visibility=Visibility.OPEN), before)
    facts = report_facts(framework, 10, now, visibility=Visibility.OPEN, previous=last)
    rows = read(report_csv(facts, framework))
    purpose = dict(zip(rows[0], rows[2], strict=True))
    assert purpose["Sub-theme"] == "Shared purpose"
    assert (purpose["Established"], purpose["Schools (established)"]) == ("6", "9")
    # Whatever the tenth school says, the fifth and sixth of ten stand at 3.
    assert (purpose["At least"], purpose["At most"]) == ("3.0", "3.0")
    assert (purpose["Last time"], purpose["Up"], purpose["Same"], purpose["Down"]) == ("2.0", "6", "3", "0")
    assert [row[:6] for row in rows[-2:]] == [
        ["Forms", "Trust", "", "", "3.0", "9"],
        ["Forms", "Challenge", "", "", "3.0", "9"],
    ]
