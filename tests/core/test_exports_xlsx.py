"""Tables as a workbook: numbers can be added up, names can be read, and no text is calculated."""

from __future__ import annotations

import io
import re
import zipfile
from decimal import Decimal

import pytest
from openpyxl import Workbook, load_workbook

from core.exports import ExportTable
from core.exports_xlsx import MOST_CHARACTERS, MOST_OF_A_NAME, to_xlsx


def table(name: str = "Scores", text: str = "Alder Primary") -> ExportTable:
    return ExportTable(
        name, ("School", "Score", "Schools"), ((text, Decimal("2.5"), 7), ("Beck Infants", Decimal("-1.0"), None))
    )


def opened(*tables: ExportTable) -> Workbook:
    return load_workbook(io.BytesIO(to_xlsx(tables)))


def test_a_workbook_has_a_sheet_for_each_table_with_its_header_and_rows() -> None:
    book = opened(table(), ExportTable("Priorities", ("Sub-theme",), (("Trust and belonging",),)))
    assert book.sheetnames == ["Scores", "Priorities"]
    assert [[cell.value for cell in row] for row in book["Scores"].rows] == [
        ["School", "Score", "Schools"],
        ["Alder Primary", 2.5, 7],
        ["Beck Infants", -1, None],
    ]
    assert book["Priorities"]["A2"].value == "Trust and belonging"


def test_numbers_are_numbers_and_show_the_decimals_they_have() -> None:
    sheet = opened(table())["Scores"]
    assert [(cell.data_type, cell.number_format) for cell in sheet[3]][1] == ("n", "0.0")
    assert [(cell.data_type, cell.number_format) for cell in sheet[2]][1:] == [("n", "0.0"), ("n", "0")]


@pytest.mark.parametrize(
    "text",
    [
        '=HYPERLINK("http://example.org")',
        "=1+1",
        "+44 1904 000000",
        "-1+1",
        "@SUM(1)",
        "  =1+1",
        "＝1+1",
        "#N/A",
        "St Mary's",
        "Ysgol Tŷ'r Ŵyn",
        "校长 \N{GRADUATION CAP}",
    ],
)
def test_a_text_stays_the_text_it_was_and_is_never_calculated(text: str) -> None:
    cell = opened(table(text=text))["Scores"]["A2"]
    assert (cell.value, cell.data_type) == (text, "s")
    assert cell.quotePrefix


def test_the_file_holds_no_formula_at_all() -> None:
    with zipfile.ZipFile(io.BytesIO(to_xlsx([table("=1+1", "=cmd|' /C calc'!A0")]))) as book:
        sheets = [book.read(name).decode() for name in book.namelist() if "worksheets" in name]
    assert sheets
    assert not any(re.search(r"<f[ >]", sheet) for sheet in sheets)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        pytest.param("a\x00b\x07c", "abc", id="what XML cannot carry"),
        pytest.param("a\ud800b\ufffe", "ab", id="half a character, and what is none"),
        pytest.param("x" * 40_000, "x" * MOST_CHARACTERS, id="too long for a cell"),
    ],
)
def test_what_a_workbook_cannot_hold_is_left_out(text: str, kept: str) -> None:
    assert opened(table(text=text))["Scores"]["A2"].value == kept


@pytest.mark.parametrize(
    ("names", "sheets"),
    [
        pytest.param(["Scores", "scores"], ["Scores", "scores (2)"], id="alike but for capitals"),
        pytest.param(["a/b:c[1]?*\\"], ["a b c 1"], id="signs that no name may have"),
        pytest.param(["'quoted'"], ["quoted"], id="no apostrophe at an end"),
        pytest.param([""], ["–"], id="nothing"),
        pytest.param(["History"], ["History (2)"], id="a name that Excel keeps for itself"),
        pytest.param(["x" * 80, "x" * 80], ["x" * MOST_OF_A_NAME, "x" * 27 + " (2)"], id="too long, twice"),
    ],
)
def test_sheets_have_names_that_a_spreadsheet_takes(names: list[str], sheets: list[str]) -> None:
    assert opened(*(table(name) for name in names)).sheetnames == sheets


def test_columns_are_wide_enough_to_read_and_no_wider_than_a_page() -> None:
    sheet = opened(ExportTable("t", ("A", "Sub-theme", "A"), ((1, "x" * 200, "Fellside Primary"),)))["t"]
    widths = [sheet.column_dimensions[letter].width for letter in "ABC"]
    assert widths == [8, 48, 18]
    assert sheet["B2"].alignment.wrap_text
    assert sheet.freeze_panes == "A2"


def test_a_table_without_rows_or_columns_is_an_empty_sheet() -> None:
    assert opened(ExportTable("none", (), ())).sheetnames == ["none"]
