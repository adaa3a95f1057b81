"""The meeting pack as a document, to print or to read: A4, tagged, with an embedded font."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

from core.charts.style import INK, OWN_SCHOOL, QUIET_INK
from core.pack.fitting import shortened
from core.pack.material import (
    TAGS,
    PackAction,
    PackActions,
    PackMaterial,
    PackPicture,
    Points,
    Questions,
)

if TYPE_CHECKING:
    from core.pack.tagged_pdf import TaggedPdf

_TITLE: Final = 22.0
_HEADING: Final = 15.0
_GROUP: Final = 12.0
_TEXT: Final = 11.0
_SMALL: Final = 9.5
_SPACE: Final = 18.0
_BELOW_HEADING: Final = 5.0
_AROUND_PICTURE: Final = 6.0
_HIGHEST_PICTURE: Final = 480.0
_SMALLEST: Final = 0.8
"""The fraction of its size to which a picture may shrink to fit the page."""
_MOST_TOGETHER: Final = 400.0
"""A table taller than this may be split across pages, below its heading."""
_LEAST_ROW: Final = 26.0
_ROW_TO_FILL_IN: Final = 58.0
_COLUMNS: Final = (0.54, 0.26, 0.20)
"""The shares of an action, its owner and its date."""


def pack_document(pack: PackMaterial, made_at: datetime) -> bytes:
    """A PDF of A4 pages, in the order of the meeting."""
    from core.pack.tagged_pdf import TaggedPdf

    pdf = TaggedPdf(
        shortened(f"{pack.title} · {pack.partnership}"), TAGS[pack.language], made_at, shortened(pack.footer)
    )
    pages = _Pages(pdf)
    pages.front(pack)
    pages.points(pack.agenda)
    if pack.last_actions is not None:
        pages.actions(pack.last_actions)
    for picture in pack.pictures:
        pages.picture(picture)
    pages.new()
    pages.points(pack.talking_points)
    pages.questions(pack.questions)
    pages.actions(pack.actions)
    return bytes(pdf.output())


class _Pages:
    def __init__(self, pdf: TaggedPdf) -> None:
        self._pdf = pdf

    def new(self) -> None:
        """Keep what the meeting discusses and agrees together, to be printed for everybody."""
        if self._pdf.y > self._pdf.t_margin:
            self._pdf.add_page()

    def front(self, pack: PackMaterial) -> None:
        self._pdf.heading(shortened(pack.title), "H1", _TITLE, OWN_SCHOOL)
        self._space(4)
        for line in (pack.partnership, pack.cycle, pack.date):
            self._pdf.paragraph(shortened(line), 13, QUIET_INK)

    def points(self, points: Points) -> None:
        if points.items:
            self._section(points.heading, self._first_of(points))
            self._bullets(points)

    def questions(self, questions: Questions) -> None:
        groups = [group for group in questions.groups if group.items]
        if groups:
            of_group = self._pdf.height_of(shortened(groups[0].heading), _GROUP, bold=True)
            self._section(questions.heading, of_group + self._first_of(groups[0]))
        for group in groups:
            self._pdf.heading(shortened(group.heading), "H3", _GROUP, INK, self._first_of(group))
            self._bullets(group)
            self._space(6)

    def picture(self, picture: PackPicture) -> None:
        """With its heading and caption on one page."""
        caption = shortened(picture.caption)
        below = _AROUND_PICTURE + self._pdf.height_of(caption, _SMALL)
        heading = self._pdf.height_of(shortened(picture.heading), _HEADING, bold=True)
        _, height = self._pdf.picture_size(picture.png, _HIGHEST_PICTURE)
        left = self._pdf.room - _SPACE - heading - _BELOW_HEADING - below - 1
        if height > left >= _SMALLEST * height:
            height = left
        self._section(picture.heading, height + below)
        self._pdf.picture(picture.png, picture.alt, height)
        self._space(_AROUND_PICTURE)
        self._pdf.paragraph(caption, _SMALL, QUIET_INK)

    def actions(self, actions: PackActions) -> None:
        """Repeat the headings on each page of the table; lines to fill in are tall enough to write on."""
        rows = [(row, _LEAST_ROW) for row in actions.rows]
        rows += [(PackAction("", "", ""), _ROW_TO_FILL_IN)] * actions.empty_rows
        if not rows:
            return
        self._section(actions.heading, self._together(actions, rows))
        self._table_head(actions)
        for row, least in rows:
            if self._row_height(row, least) > self._pdf.room:
                self._pdf.add_page()
                self._table_head(actions)
            self._pdf.row(_cells(row.what, row.owner, row.due), _COLUMNS, _TEXT, least=least, bold=False)

    def _together(self, actions: PackActions, rows: Sequence[tuple[PackAction, float]]) -> float:
        """How much of a table goes on one page with its heading: all of it or, if that fits no page, its first row."""
        cells = _cells(actions.what, actions.owner, actions.due)
        head = self._pdf.row_height(cells, _COLUMNS, _TEXT, least=_LEAST_ROW, bold=True)
        heights = [self._row_height(row, least) for row, least in rows]
        whole = head + sum(heights)
        return whole if whole <= _MOST_TOGETHER else head + heights[0]

    def _row_height(self, row: PackAction, least: float) -> float:
        cells = _cells(row.what, row.owner, row.due)
        return self._pdf.row_height(cells, _COLUMNS, _TEXT, least=least, bold=False)

    def _table_head(self, actions: PackActions) -> None:
        cells = _cells(actions.what, actions.owner, actions.due)
        self._pdf.row(cells, _COLUMNS, _TEXT, least=_LEAST_ROW, bold=True)

    def _section(self, heading: str, below: float) -> None:
        """A section heading, kept on one page with this much of what follows."""
        self._space(_SPACE)
        self._pdf.heading(shortened(heading), "H2", _HEADING, OWN_SCHOOL, _BELOW_HEADING + below)
        self._space(_BELOW_HEADING)

    def _first_of(self, points: Points) -> float:
        return self._pdf.height_of(shortened(points.items[0]), _TEXT, bullet=True)

    def _bullets(self, points: Points) -> None:
        for item in points.items:
            self._pdf.paragraph(shortened(item), _TEXT, bullet=True)
            self._space(3)

    def _space(self, height: float) -> None:
        """Leave a space between two things on a page, but not at its top."""
        if self._pdf.y > self._pdf.t_margin:
            self._pdf.y += height


def _cells(what: str, owner: str, due: str) -> tuple[str, str, str]:
    return shortened(what), shortened(owner), shortened(due)
