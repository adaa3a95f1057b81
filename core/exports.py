"""Tables as files that a spreadsheet opens without surprises."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, TypeAlias

from core.analysis.disclosure import Bound, Published, Shown, Votes
from core.analysis.report import AreaFacts, Priority, ReportFacts, SubThemeFacts
from core.framework import Framework, in_language

Value: TypeAlias = str | int | Decimal | None
"""Numbers stay numbers, a negative one too; None is an empty cell."""

_COMES_ALIVE: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What makes a spreadsheet take a text for a formula (OWASP, "CSV Injection"), in both widths."""


@dataclass(frozen=True, slots=True)
class Table:
    """What becomes a file of its own as CSV, and a sheet of a workbook as XLSX."""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


_BOUNDS: Final = {Bound.AT_MOST: "≤ ", Bound.ABOUT: "", Bound.AT_LEAST: "≥ "}


def inert(text: str) -> str:
    """The text, behind an apostrophe where a spreadsheet would take it for a formula, even after spaces."""
    return f"'{text}" if text.startswith(_COMES_ALIVE) or text.lstrip().startswith(_COMES_ALIVE) else text


def to_csv(header: Sequence[str], rows: Sequence[Sequence[Value]]) -> bytes:
    """CSV as RFC 4180 has it, in UTF-8 with the mark by which Excel knows it; every text is quoted and inert."""
    written = io.StringIO()
    writer = csv.writer(written, quoting=csv.QUOTE_NONNUMERIC)
    writer.writerows([[_cell(value) for value in row] for row in (header, *rows)])
    return written.getvalue().encode("utf-8-sig")


def _cell(value: Value) -> Value:
    return inert(value) if isinstance(value, str) else value


@dataclass(frozen=True, slots=True)
class ReportWords:
    """The words of a report's table, in the language of the reader."""

    area: str
    subtheme: str
    own_school: str
    own_schools_counted: str
    partnership: str
    partnership_schools_counted: str
    difference: str
    difference_schools_counted: str
    priority: str
    need: str
    votes: str
    voting_schools: str
    withheld: str


def report_csv(facts: ReportFacts, framework: Framework, language: str, words: ReportWords) -> bytes:
    """The table of a report's numbers as CSV."""
    table = report_table("", facts, framework, language, words)
    return to_csv(table.header, table.rows)


def report_table(name: str, facts: ReportFacts, framework: Framework, language: str, words: ReportWords) -> Table:
    """The numbers of a report: a row for each area and below it one for each of its sub-themes.

    What the framework does not ask for is empty; what may not be told says so. Votes are a number of schools, with
    "≤" or "≥" where only that may be told, and stand beside first priorities only, as in the report.
    """
    header = (
        words.area,
        words.subtheme,
        words.own_school,
        words.own_schools_counted,
        words.partnership,
        words.partnership_schools_counted,
        words.difference,
        words.difference_schools_counted,
        words.priority,
        words.need,
        words.votes,
        words.voting_schools,
    )
    return Table(name, header, tuple(_rows(facts, framework, language, words.withheld)))


def _rows(facts: ReportFacts, framework: Framework, language: str, withheld: str) -> Iterator[tuple[Value, ...]]:
    areas = {area.id: in_language(area.title, language) for area in framework.areas}
    priorities = {each.subtheme: each for each in facts.priorities}
    for area in facts.areas:
        yield (areas[area.id], None, *_medians(area, withheld), *[None] * 6)
        for each in area.subthemes:
            title = in_language(framework.subtheme_by_id[each.id].title, language)
            difference = _published(each.difference, withheld)
            priority = _priority(priorities.get(each.id), withheld)
            yield (areas[area.id], title, *_medians(each, withheld), *difference, *priority)


def _medians(of: AreaFacts | SubThemeFacts, withheld: str) -> tuple[Value, ...]:
    return (*_published(of.own_school, withheld), *_published(of.partnership, withheld))


def _published(cell: Published | None, withheld: str) -> tuple[Value, Value]:
    if cell is None:
        return None, None
    return (cell.value, cell.n) if isinstance(cell, Shown) else (withheld, None)


def _priority(priority: Priority | None, withheld: str) -> tuple[Value, Value, Value, Value]:
    if priority is None:
        return None, None, None, None
    if not isinstance(priority.votes, Votes):
        return priority.rank, priority.need, withheld, None
    return priority.rank, priority.need, _votes(priority.votes), priority.votes.voting


def _votes(votes: Votes) -> Value:
    return votes.schools if votes.bound is Bound.ABOUT else f"{_BOUNDS[votes.bound]}{votes.schools}"
