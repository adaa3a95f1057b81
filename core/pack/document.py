"""The meeting pack as a document, to print or to read: A4, tagged, in a font that it brings along."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from core.charts.style import INK, OWN_SCHOOL, QUIET_INK
from core.pack.fitting import shortened
from core.pack.material import TAGS, Action, Actions, MeetingPack, PackPicture, Points, Questions

if TYPE_CHECKING:
    from core.pack.tagged_pdf import TaggedPdf

_TITLE: Final = 22.0
_HEADING: Final = 15.0
_GROUP: Final = 12.0
_TEXT: Final = 11.0
_SMALL: Final = 9.5
_SPACE: Final = 18.0
_HIGHEST_PICTURE: Final = 480.0
_LEAST_ROW: Final = 26.0
_ROW_TO_FILL_IN: Final = 58.0
_COLUMNS: Final = (0.54, 0.26, 0.20)
"""The shares of an action, its owner and its date."""


def pack_document(pack: MeetingPack, made_at: datetime) -> bytes:
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
        """What the meeting talks about and agrees stands together, to be printed for everybody."""
        if self._pdf.y > self._pdf.t_margin:
            self._pdf.add_page()

    def front(self, pack: MeetingPack) -> None:
        self._pdf.heading(shortened(pack.title), "H1", _TITLE, OWN_SCHOOL)
        self._space(4)
        for line in (pack.partnership, pack.cycle, pack.date):
            self._pdf.paragraph(shortened(line), 13, QUIET_INK)

    def points(self, points: Points) -> None:
        if points.items:
            self._section(points.heading)
            self._bullets(points)

    def questions(self, questions: Questions) -> None:
        groups = [group for group in questions.groups if group.items]
        if groups:
            self._section(questions.heading)
        for group in groups:
            self._pdf.heading(shortened(group.heading), "H3", _GROUP, INK)
            self._bullets(group)
            self._space(6)

    def picture(self, picture: PackPicture) -> None:
        """With its heading and caption on one page."""
        self._space(_SPACE)
        self._pdf.need(_HIGHEST_PICTURE + 4 * _HEADING)
        self._pdf.heading(shortened(picture.heading), "H2", _HEADING, OWN_SCHOOL)
        self._space(6)
        self._pdf.picture(picture.png, picture.alt, _HIGHEST_PICTURE)
        self._space(6)
        self._pdf.paragraph(shortened(picture.caption), _SMALL, QUIET_INK)

    def actions(self, actions: Actions) -> None:
        """The headings again on each page that the table goes on to; lines to fill in are high enough to write on."""
        rows = [(row, _LEAST_ROW) for row in actions.rows]
        rows += [(Action("", "", ""), _ROW_TO_FILL_IN)] * actions.empty_rows
        if not rows:
            return
        self._section(actions.heading)
        self._table_head(actions)
        for row, least in rows:
            cells = _cells(row.what, row.owner, row.due)
            height = self._pdf.row_height(cells, _COLUMNS, _TEXT, least=least, bold=False)
            if height > self._pdf.room:
                self._pdf.add_page()
                self._table_head(actions)
            self._pdf.row(cells, _COLUMNS, _TEXT, least=least, bold=False)

    def _table_head(self, actions: Actions) -> None:
        cells = _cells(actions.what, actions.owner, actions.due)
        self._pdf.row(cells, _COLUMNS, _TEXT, least=_LEAST_ROW, bold=True)

    def _section(self, heading: str) -> None:
        self._space(_SPACE)
        self._pdf.heading(shortened(heading), "H2", _HEADING, OWN_SCHOOL)
        self._space(4)

    def _bullets(self, points: Points) -> None:
        for item in points.items:
            self._pdf.paragraph(shortened(item), _TEXT, bullet=True)
            self._space(3)

    def _space(self, height: float) -> None:
        """Between two things on a page; not at its top."""
        if self._pdf.y > self._pdf.t_margin:
            self._pdf.y += height


def _cells(what: str, owner: str, due: str) -> tuple[str, str, str]:
    return shortened(what), shortened(owner), shortened(due)
