"""Top priorities: how great the need is and how many schools chose each, side by side, never as one number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from core.charts.frame import MARGIN, WIDTH, Frame
from core.charts.lettering import wrapped
from core.charts.rows import row_height, text_size
from core.charts.sheet import Sheet
from core.charts.style import GRID, OWN_SCHOOL, PARTNERSHIP, PARTNERSHIP_INK, QUIET_INK, Type

_LABELS_END: Final = 400.0
_BARS_START: Final = 424.0
_BETWEEN: Final = 32.0
_HEADING: Final = Type(20, bold=True)
_HIGHEST_ROW: Final = 84.0


@dataclass(frozen=True, slots=True)
class Bar:
    """A share from 0 to 1, or the range it lies in where no more may be shown."""

    least: float
    most: float
    text: str
    """As written beside the bar."""


@dataclass(frozen=True, slots=True)
class PriorityRow:
    rank: str
    """``1``, and the same again where two tie."""
    label: str
    need: Bar | None
    votes: Bar | None
    """None where it is withheld."""
    remark: str = ""
    """Below the label, such as that the evidence is to be discussed first."""


@dataclass(frozen=True, slots=True)
class PrioritiesChart:
    """Everything the picture says, in the language of its readers."""

    title: str
    subtitle: str
    need: str | None
    """The heading of that column; None where the framework does not ask about the partnership."""
    votes: str | None
    """None where no votes were cast."""
    withheld: str
    rows: tuple[PriorityRow, ...]
    note: str = ""


def priorities_sheet(picture: PrioritiesChart) -> Sheet:
    """At most 1024 x 1024 pixels."""
    frame = Frame(picture.title, picture.subtitle, picture.note)
    columns = _columns(picture)
    head = max((len(column.heading) for column in columns), default=0) * _HEADING.leading + 16
    height = row_height(frame.room - head, len(picture.rows), _HIGHEST_ROW)
    sheet = frame.sheet(head + height * len(picture.rows))
    top = frame.top + head
    for column in columns:
        column.draw(sheet, top, top + height * len(picture.rows))
    for number, row in enumerate(picture.rows):
        y = top + (number + 0.5) * height
        _draw_label(sheet, row, y, height)
        for column in columns:
            column.draw_bar(sheet, row.need if column.colour == OWN_SCHOOL else row.votes, y, height)
    return sheet


def _draw_label(sheet: Sheet, row: PriorityRow, y: float, height: float) -> None:
    rank, type_ = Type(text_size(height) + 3, bold=True), Type(text_size(height))
    sheet.text(MARGIN, y, row.rank, rank)
    x = MARGIN + 44
    small = Type(max(9.0, type_.size - 6), italic=True)
    remark = wrapped(row.remark, small, _LABELS_END - x, 1) if row.remark else ()
    room = height - len(remark) * small.leading
    label = wrapped(row.label, type_, _LABELS_END - x, max(1, int(room / type_.leading)))
    whole = len(label) * type_.leading + len(remark) * small.leading
    sheet.lines(x, y - whole / 2 + len(label) * type_.leading / 2, label, type_)
    sheet.lines(x, y + whole / 2 - small.leading / 2, remark, small, QUIET_INK)


@dataclass(frozen=True, slots=True)
class _Column:
    heading: tuple[str, ...]
    starts: float
    ends: float
    colour: str
    ink: str
    withheld: str

    def draw(self, sheet: Sheet, top: float, bottom: float) -> None:
        middle = top - 10 - len(self.heading) * _HEADING.leading / 2
        sheet.lines(self.starts, middle, self.heading, _HEADING, self.ink)
        for x in (self.starts, self.ends):
            sheet.line((x, top - 4), (x, bottom), GRID, 2)

    def draw_bar(self, sheet: Sheet, bar: Bar | None, y: float, height: float) -> None:
        """Draw a bar: filled as far as is certain, outlined as far as is possible, with the text above it."""
        type_ = Type(min(20.0, text_size(height / 1.6)), bold=bar is not None, italic=bar is None)
        thick = min(20.0, height * 0.32)
        text_y, bar_y = y - thick / 2 - 3, y + type_.size / 2 + 1
        if bar is None:
            sheet.text(self.starts + 8, y, self.withheld, type_, QUIET_INK)
            return
        wide = self.ends - self.starts
        sheet.text(self.starts + 8, text_y, bar.text, type_, self.ink)
        sheet.band(self.starts, bar_y - thick / 2, wide * bar.least, thick, self.colour)
        if bar.most > bar.least:
            x = self.starts + wide * bar.least
            sheet.frame(x, bar_y - thick / 2, wide * (bar.most - bar.least), thick, self.ink)


def _columns(picture: PrioritiesChart) -> list[_Column]:
    asked = [
        (heading, colour, ink)
        for heading, colour, ink in (
            (picture.need, OWN_SCHOOL, OWN_SCHOOL),
            (picture.votes, PARTNERSHIP, PARTNERSHIP_INK),
        )
        if heading is not None
    ]
    if not asked:
        return []
    width = (WIDTH - MARGIN - _BARS_START - _BETWEEN * (len(asked) - 1)) / len(asked)
    return [
        _Column(wrapped(heading, _HEADING, width, 2), start, start + width, colour, ink, picture.withheld)
        for start, (heading, colour, ink) in zip(
            (_BARS_START + number * (width + _BETWEEN) for number in range(len(asked))), asked, strict=True
        )
    ]
