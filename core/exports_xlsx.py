"""Tables as a workbook: a sheet for each, numbers as numbers, and no text that a spreadsheet would evaluate.

openpyxl is imported only where a workbook is made.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import chain, count
from typing import TYPE_CHECKING, Final

from core.exports import ExportTable, Value
from core.xml_text import xml_text

if TYPE_CHECKING:
    from openpyxl.cell import Cell, MergedCell
    from openpyxl.worksheet.worksheet import Worksheet

MOST_CHARACTERS: Final = 32_767
"""The limit for a cell (Excel, "Specifications and limits")."""
MOST_OF_A_NAME: Final = 31
"""The limit for a sheet, from the same source."""

_NOT_IN_A_NAME: Final = re.compile(r"[\[\]:*?/\\]")
_RESERVED: Final = "history"
_NAMELESS: Final = "–"
_WIDEST: Final = 48
_NARROWEST: Final = 8


def to_xlsx(tables: Sequence[ExportTable]) -> bytes:
    """A workbook with a sheet for each of one or more tables.

    Text stays text, even if it begins with ``=``, and is marked so that it does not turn into a formula when somebody
    edits its cell. Characters that XML cannot represent are dropped, and text too long for a cell is cut.
    """
    from openpyxl import Workbook

    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    workbook.properties.creator = ""
    for table, name in zip(tables, _names(tables), strict=True):
        _fill(workbook.create_sheet(name), table)
    written = io.BytesIO()
    workbook.save(written)
    return written.getvalue()


def _names(tables: Sequence[ExportTable]) -> Iterator[str]:
    """Unique sheet names that Excel accepts."""
    taken = {_RESERVED}
    for table in tables:
        plain = _NOT_IN_A_NAME.sub(" ", _text(table.name)).strip(" '")[:MOST_OF_A_NAME].strip(" '") or _NAMELESS
        name = next(name for name in _numbered(plain) if name.casefold() not in taken)
        taken.add(name.casefold())
        yield name


def _numbered(name: str) -> Iterator[str]:
    yield name
    for number in count(2):
        ending = f" ({number})"
        yield name[: MOST_OF_A_NAME - len(ending)] + ending


def _fill(sheet: Worksheet, table: ExportTable) -> None:
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    for row, values in enumerate(chain([table.header], table.rows), start=1):
        for column, value in enumerate(values, start=1):
            _put(sheet.cell(row, column), value)
    for cell in sheet[1] if table.header else ():
        cell.font = Font(bold=True)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    for column in range(1, sheet.max_column + 1):
        inside = [row[column - 1] for row in (table.header, *table.rows) if len(row) >= column]
        sheet.column_dimensions[get_column_letter(column)].width = _width(inside)
    sheet.freeze_panes = "A2"


def _put(cell: Cell | MergedCell, value: Value) -> None:
    from openpyxl.cell.cell import TYPE_STRING
    from openpyxl.styles import Alignment

    if value is None:
        return
    if isinstance(value, str):
        cell.value = _text(value)
        # A text that begins with "=" has just become a formula, and "#N/A" an error.
        cell.data_type = TYPE_STRING
        cell.quotePrefix = True
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        return
    cell.value = value
    cell.number_format = _format(value)
    cell.alignment = Alignment(vertical="top")


def _format(number: int | Decimal) -> str:
    """A format with as many decimals as the number has."""
    exponent = number.as_tuple().exponent if isinstance(number, Decimal) else 0
    decimals = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    return "0." + "0" * decimals if decimals else "0"


def _text(words: str) -> str:
    return xml_text(words)[:MOST_CHARACTERS]


def _width(values: Sequence[Value]) -> float:
    """The width in characters: that of the longest text, up to a readable limit beyond which text is wrapped."""
    longest = max((len(line) for value in values for line in str(value or "").splitlines()), default=0)
    return min(_WIDEST, max(_NARROWEST, longest + 2))
