"""The meeting pack as slides: 16:9, titles in title placeholders, pictures with alt text, notes for the speaker."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

from core.charts.style import OWN_SCHOOL, PAPER, QUIET_INK, red_green_blue
from core.pack.fitting import even_pages, lines_of, pages, pages_of_groups, shortened
from core.pack.material import (
    TAGS,
    PackAction,
    PackActions,
    PackMaterial,
    PackPicture,
    Points,
    Questions,
)
from core.xml_text import xml_text

if TYPE_CHECKING:
    from pptx.dml.color import RGBColor
    from pptx.presentation import Presentation
    from pptx.shapes.base import BaseShape
    from pptx.slide import Slide
    from pptx.table import Table
    from pptx.text.text import TextFrame, _Paragraph

# Everything is measured in points: a slide of 13⅓ by 7½ inches has 960 by 540.
_WIDTH: Final = 960.0
_HEIGHT: Final = 540.0
_MARGIN: Final = 40.0
_WIDE: Final = _WIDTH - 2 * _MARGIN
_TITLE_TOP: Final = 22.0
_TITLE_HEIGHT: Final = 72.0
_TOP: Final = 104.0
_ROOM: Final = 388.0
_FOOTER_TOP: Final = 502.0

_TITLE: Final = 28
_TEXT: Final = 20
_CELL: Final = 16
_CAPTION: Final = 18
_SMALL: Final = 11
_LEADING: Final = 1.25
_INDENT: Final = 60.0
"""The indent of bullets, and the margins of their box."""
_BETWEEN: Final = 8.0
_LEAST_ROW: Final = 34.0
_ROW_TO_FILL_IN: Final = 80.0
_EMPTY: Final = PackAction("", "", "")
_CELL_EDGES: Final = 16.0
_COLUMNS: Final = (0.52, 0.26, 0.22)
"""The shares of an action, its owner and its date."""
_PICTURE_WIDTH: Final = 600.0

_TITLE_LAYOUT, _TEXT_LAYOUT, _TABLE_LAYOUT = 0, 1, 5
"""From python-pptx's own template."""


def pack_slides(pack: PackMaterial, made_at: datetime) -> bytes:
    """The pack as PPTX. What does not fit one slide continues on the next."""
    import pptx

    deck = _Deck(pptx.Presentation(), pack)
    deck.describe(made_at)
    deck.front()
    deck.points(pack.agenda)
    if pack.last_actions is not None:
        deck.actions(pack.last_actions)
    for picture in pack.pictures:
        deck.picture(picture)
    deck.points(pack.talking_points)
    deck.questions(pack.questions)
    deck.actions(pack.actions)
    return deck.file()


class _Deck:
    def __init__(self, presentation: Presentation, pack: PackMaterial) -> None:
        from pptx.enum.lang import MSO_LANGUAGE_ID

        self._presentation, self._pack = presentation, pack
        self._language = MSO_LANGUAGE_ID.WELSH if pack.language == "cy" else MSO_LANGUAGE_ID.ENGLISH_UK
        _widen(presentation)

    def describe(self, made_at: datetime) -> None:
        about = self._presentation.core_properties
        about.title = xml_text(shortened(f"{self._pack.title} · {self._pack.partnership}"))[:255]
        about.language = TAGS[self._pack.language]
        about.author = about.last_modified_by = ""
        about.created = about.modified = made_at.replace(tzinfo=None)

    def file(self) -> bytes:
        written = io.BytesIO()
        self._presentation.save(written)
        return written.getvalue()

    def front(self) -> None:
        pack = self._pack
        slide = self._presentation.slides.add_slide(self._presentation.slide_layouts[_TITLE_LAYOUT])
        slide.background.fill.solid()
        slide.background.fill.fore_color.rgb = _colour(OWN_SCHOOL)
        self._fill(_title_of(slide), [pack.title], 40, PAPER, bold=True)
        below = [line for line in (pack.partnership, pack.cycle, pack.date) if line]
        self._fill(_body_of(slide), below, 24, PAPER)

    def points(self, points: Points) -> None:
        """Nothing where there is nothing to say."""
        for number, page in enumerate(even_pages(points.items, self._bullet_height, _ROOM)):
            if points.items:
                slide = self._slide(_TEXT_LAYOUT, points.heading, number, points.notes)
                self._fill(_body_of(slide), page, _TEXT)

    def questions(self, questions: Questions) -> None:
        groups = [
            ((group.heading, 0), *((item, 1) for item in group.items)) for group in questions.groups if group.items
        ]
        for number, page in enumerate(pages_of_groups(groups, lambda line: self._bullet_height(line[0]), _ROOM)):
            slide = self._slide(_TEXT_LAYOUT, questions.heading, number, questions.notes)
            self._fill(_body_of(slide), [words for words, _ in page], _TEXT, levels=[level for _, level in page])

    def picture(self, picture: PackPicture) -> None:
        from pptx.util import Pt

        slide = self._slide(_TABLE_LAYOUT, picture.heading, 0, picture.notes)
        drawn = slide.shapes.add_picture(io.BytesIO(picture.png), Pt(_MARGIN), Pt(_TOP - 8))
        share = min(_PICTURE_WIDTH / drawn.width.pt, (_ROOM + 8) / drawn.height.pt)
        drawn.width, drawn.height = Pt(drawn.width.pt * share), Pt(drawn.height.pt * share)
        _describe(drawn, picture.alt)
        if picture.caption:
            left = _MARGIN + drawn.width.pt + 24
            self._box(slide, (left, _TOP, _WIDTH - _MARGIN - left, _ROOM), picture.caption, _CAPTION)

    def actions(self, actions: PackActions) -> None:
        rows = [*actions.rows, *[_EMPTY] * actions.empty_rows]
        head = self._row_height((actions.what, actions.owner, actions.due), bold=True)
        for number, page in enumerate(pages(rows, self._action_height, _ROOM - head)):
            if rows:
                self._table(self._slide(_TABLE_LAYOUT, actions.heading, number, actions.notes), actions, page)

    def _slide(self, layout: int, heading: str, number: int, notes: str) -> Slide:
        """A new slide; a continuation says so in its title."""
        slide: Slide = self._presentation.slides.add_slide(self._presentation.slide_layouts[layout])
        title = heading if number == 0 else f"{shortened(heading)} ({number + 1})"
        self._fill(_title_of(slide), [title], _TITLE, OWN_SCHOOL, bold=True)
        if notes and slide.notes_slide.notes_text_frame is not None:
            self._fill(slide.notes_slide.notes_text_frame, notes.splitlines(), 12)
        page = f"{len(self._presentation.slides)}"
        footer = f"{shortened(self._pack.footer)} · {page}" if self._pack.footer else page
        self._box(slide, (_MARGIN, _FOOTER_TOP, _WIDE, 24), footer, _SMALL, QUIET_INK)
        return slide

    def _box(
        self, slide: Slide, place: tuple[float, float, float, float], words: str, size: int, colour: str | None = None
    ) -> None:
        from pptx.util import Pt

        left, top, width, height = place
        frame = slide.shapes.add_textbox(Pt(left), Pt(top), Pt(width), Pt(height)).text_frame
        frame.word_wrap = True
        self._fill(frame, [words], size, colour)

    def _table(self, slide: Slide, actions: PackActions, rows: Sequence[PackAction]) -> None:
        from pptx.util import Pt

        frame = slide.shapes.add_table(len(rows) + 1, 3, Pt(_MARGIN), Pt(_TOP), Pt(_WIDE), Pt(_LEAST_ROW))
        _describe(frame, actions.heading)
        table = frame.table
        for number, share in enumerate(_COLUMNS):
            table.columns[number].width = Pt(_WIDE * share)
        self._row(table, 0, (actions.what, actions.owner, actions.due), bold=True)
        for number, row in enumerate(rows, start=1):
            self._row(table, number, (row.what, row.owner, row.due))
            table.rows[number].height = Pt(self._action_height(row))

    def _row(self, table: Table, number: int, cells: tuple[str, str, str], *, bold: bool = False) -> None:
        from pptx.util import Pt

        table.rows[number].height = Pt(self._row_height(cells, bold=bold))
        for place, words in enumerate(cells):
            cell = table.cell(number, place)
            self._fill(cell.text_frame, [words], _CELL, PAPER if bold else None, bold=bold)
            if bold:
                cell.fill.solid()
                cell.fill.fore_color.rgb = _colour(OWN_SCHOOL)

    def _action_height(self, action: PackAction) -> float:
        return _ROW_TO_FILL_IN if action == _EMPTY else self._row_height((action.what, action.owner, action.due))

    def _row_height(self, cells: tuple[str, str, str], *, bold: bool = False) -> float:
        lines = max(
            lines_of(shortened(words), _CELL, _WIDE * share - _CELL_EDGES, bold=bold)
            for words, share in zip(cells, _COLUMNS, strict=True)
        )
        return max(_LEAST_ROW, lines * _CELL * _LEADING + 10)

    def _bullet_height(self, words: str) -> float:
        return lines_of(shortened(words), _TEXT, _WIDE - _INDENT) * _TEXT * _LEADING + _BETWEEN

    def _fill(
        self,
        frame: TextFrame,
        paragraphs: Sequence[str],
        size: int,
        colour: str | None = None,
        *,
        bold: bool = False,
        levels: Sequence[int] | None = None,
    ) -> None:
        """Write a paragraph for each; where there are levels, the upper ones are bold."""
        from pptx.enum.text import PP_ALIGN

        for number, words in enumerate(paragraphs):
            paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
            level = 0 if levels is None else levels[number]
            paragraph.level = level
            paragraph.alignment = PP_ALIGN.LEFT
            self._say(paragraph, words, size, colour, bold=bold or (levels is not None and level == 0))

    def _say(self, paragraph: _Paragraph, words: str, size: int, colour: str | None, *, bold: bool) -> None:
        from pptx.util import Pt

        run = paragraph.add_run()
        run.text = xml_text(shortened(words))
        run.font.size, run.font.bold, run.font.language_id = Pt(size), bold, self._language
        if colour is not None:
            run.font.color.rgb = _colour(colour)


def _widen(presentation: Presentation) -> None:
    """Make the template 16:9, keeping only the layouts in use, with room for a two-line title."""
    from pptx.enum.shapes import PP_PLACEHOLDER
    from pptx.enum.text import MSO_ANCHOR
    from pptx.util import Pt

    presentation.slide_width, presentation.slide_height = Pt(_WIDTH), Pt(_HEIGHT)
    places = {
        PP_PLACEHOLDER.TITLE: (_MARGIN, _TITLE_TOP, _WIDE, _TITLE_HEIGHT),
        PP_PLACEHOLDER.CENTER_TITLE: (_MARGIN, 130.0, _WIDE, 140.0),
        PP_PLACEHOLDER.SUBTITLE: (_MARGIN, 290.0, _WIDE, 180.0),
        PP_PLACEHOLDER.OBJECT: (_MARGIN, _TOP, _WIDE, _ROOM),
        PP_PLACEHOLDER.BODY: (_MARGIN, _TOP, _WIDE, _ROOM),
    }
    for page in (presentation.slide_master, *presentation.slide_layouts):
        for shape in page.placeholders:
            place = places.get(shape.placeholder_format.type)
            if place is not None:
                shape.left, shape.top, shape.width, shape.height = (Pt(each) for each in place)
                shape.text_frame.vertical_anchor = MSO_ANCHOR.TOP if place[1] == _TOP else MSO_ANCHOR.MIDDLE


def _title_of(slide: Slide) -> TextFrame:
    title = slide.shapes.title
    assert title is not None
    frame: TextFrame = title.text_frame
    return frame


def _body_of(slide: Slide) -> TextFrame:
    frame: TextFrame = next(each for each in slide.placeholders if each.placeholder_format.idx == 1).text_frame
    return frame


def _describe(shape: BaseShape, alt: str) -> None:
    """Give a shape alt text, for which python-pptx has no API."""
    (properties,) = shape.element.xpath("./*/p:cNvPr")
    properties.set("descr", xml_text(alt))


def _colour(colour: str) -> RGBColor:
    from pptx.dml import color

    return color.RGBColor(*red_green_blue(colour))
