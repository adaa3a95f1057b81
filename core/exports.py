"""Tables as files that a spreadsheet opens without surprises."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, TypeAlias

from core.analysis.disclosure import Bound, Count, Published, Shown, Span, Votes
from core.analysis.report import AreaFacts, Forms, Priority, ReportFacts, SubThemeFacts, TrendLine
from core.framework import Framework, Perspective, in_language

Value: TypeAlias = str | int | Decimal | None
"""Numbers stay numbers, even negative ones; None is an empty cell."""

_COMES_ALIVE: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""Characters that make a spreadsheet treat text as a formula (OWASP, "CSV Injection"), in both widths."""


@dataclass(frozen=True, slots=True)
class ExportTable:
    """A table that becomes a separate CSV file, or a sheet of an XLSX workbook."""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


_AFTER_MEDIANS: Final = 14
"""Columns that a row without a sub-theme leaves empty."""
_ABOUT: Final[Mapping[Perspective, frozenset[int]]] = {
    Perspective.SCHOOL: frozenset({2, 3, 6, 7}),
    Perspective.PARTNERSHIP: frozenset({4, 5, 6, 7, 9}),
}
"""The columns of a report that need answers from this perspective: its own, the difference, and the need."""
_BOUNDS: Final = {Bound.AT_MOST: "≤ ", Bound.ABOUT: "", Bound.AT_LEAST: "≥ "}


def inert(text: str) -> str:
    """The text, prefixed with an apostrophe if a spreadsheet would treat it as a formula, even after spaces."""
    return f"'{text}" if text.startswith(_COMES_ALIVE) or text.lstrip().startswith(_COMES_ALIVE) else text


def to_csv(header: Sequence[str], rows: Sequence[Sequence[Value]]) -> bytes:
    """CSV as in RFC 4180, in UTF-8 with a byte order mark for Excel; every text is quoted and inert."""
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
    established: str
    established_schools_counted: str
    at_least: str
    """The lowest that the figure could be, had every school answered."""
    at_most: str
    last_time: str
    moved_up: str
    moved_not: str
    moved_down: str
    forms: str
    trust: str
    challenge: str
    withheld: str


def report_table(name: str, facts: ReportFacts, framework: Framework, language: str, words: ReportWords) -> ExportTable:
    """The numbers of a report and its pictures, with a row for each area and sub-theme.

    The forms of collaboration come at the end.

    What the framework does not ask for has no columns; withheld figures say so. Numbers of schools have "≤" or "≥"
    where only that may be shown; votes are given for top priorities only, as in the report. From ``established`` on,
    everything is about the partnership, or own schools where only those are asked about.
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
        words.established,
        words.established_schools_counted,
        words.at_least,
        words.at_most,
        words.last_time,
        words.moved_up,
        words.moved_not,
        words.moved_down,
    )
    rows = (*_rows(facts, framework, language, words.withheld), *_forms(facts.forms, words))
    asked = _asked(framework, len(header))
    return ExportTable(
        name, tuple(header[each] for each in asked), tuple(tuple(row[each] for each in asked) for row in rows)
    )


def _asked(framework: Framework, columns: int) -> tuple[int, ...]:
    """The columns that can contain something."""
    unasked = [about for perspective, about in _ABOUT.items() if perspective not in framework.perspectives]
    return tuple(each for each in range(columns) if not any(each in about for about in unasked))


def _rows(facts: ReportFacts, framework: Framework, language: str, withheld: str) -> Iterator[tuple[Value, ...]]:
    areas = {area.id: in_language(area.title, language) for area in framework.areas}
    priorities = {each.subtheme: each for each in facts.priorities}
    leading = framework.perspectives[-1]
    trend = () if facts.trend is None else facts.trend.lines
    lines = {each.subtheme: each for each in trend if each.perspective is leading}
    for area in facts.areas:
        yield (areas[area.id], None, *_medians(area, withheld), *[None] * _AFTER_MEDIANS)
        for each in area.subthemes:
            title = in_language(framework.subtheme_by_id[each.id].title, language)
            difference = _published(each.difference, withheld)
            priority = _priority(priorities.get(each.id), withheld)
            more = (*_detail(each, leading, withheld), *_line(lines.get(each.id)))
            yield (areas[area.id], title, *_medians(each, withheld), *difference, *priority, *more)


def _detail(subtheme: SubThemeFacts, perspective: Perspective, withheld: str) -> tuple[Value, Value, Value, Value]:
    detail = next((each for each in subtheme.details if each.perspective is perspective), None)
    if detail is None:
        return None, None, None, None
    counted = detail.established
    count = (_bounded(counted.schools, counted.bound), counted.of) if isinstance(counted, Count) else (withheld, None)
    match detail.could_be:
        case Span(least, most):
            return *count, least, most
        case None:
            return *count, None, None
        case _:
            return *count, withheld, withheld


def _line(line: TrendLine | None) -> tuple[Value, Value, Value, Value]:
    if line is None or line.moves is None:
        return None if line is None else line.then, None, None, None
    return line.then, line.moves.up, line.moves.same, line.moves.down


def _forms(forms: Forms | None, words: ReportWords) -> Iterator[tuple[Value, ...]]:
    if forms is None:
        return
    for name, cell in ((words.trust, forms.trust), (words.challenge, forms.challenge)):
        yield (words.forms, name, None, None, *_published(cell, words.withheld), *[None] * _AFTER_MEDIANS)


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
    return _bounded(votes.schools, votes.bound)


def _bounded(schools: int, bound: Bound) -> Value:
    return schools if bound is Bound.ABOUT else f"{_BOUNDS[bound]}{schools}"
