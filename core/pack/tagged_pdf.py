"""A4 pages whose parts say what they are, so that a screen reader reads headings, text and pictures in their order.

fpdf2 tags only pictures, and untagged text beside tagged pictures would not be read at all. This module imports fpdf2,
so it is imported only where a document is made.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Final, Literal, TypeAlias

from fpdf import FPDF
from fpdf.enums import MethodReturnValue
from fpdf.prefs import ViewerPreferences
from PIL import Image

from core.charts.lettering import drawable
from core.charts.style import INK, LINE, QUIET_INK, Type, red_green_blue

Tag: TypeAlias = Literal["H1", "H2", "H3", "P"]

# Everything is measured in points: A4 has 595 by 842.
MARGIN: Final = 51.0
LEADING: Final = 1.35
_BOTTOM: Final = 64.0
_SMALL: Final = 8.5
_FAMILY: Final = "DejaVu Sans"
_CELL_EDGE: Final = 6.0
_BULLET: Final = 1.4
"""How far text is indented after its bullet, as a multiple of the type size."""


class TaggedPdf(FPDF):
    def __init__(self, title: str, language: str, made_at: datetime, footer: str) -> None:
        super().__init__(unit="pt", format="A4")
        self._footer_words = footer
        self.set_margins(MARGIN, MARGIN)
        self.set_auto_page_break(False)
        for style, type_ in (("", Type(10)), ("B", Type(10, bold=True)), ("I", Type(10, italic=True))):
            self.add_font(_FAMILY, style, type_.file)
        self.set_title(_plain(title))
        self.set_lang(language)
        self.set_creation_date(made_at)
        self.viewer_preferences = ViewerPreferences(display_doc_title=True)
        self.add_page()

    @property
    def room(self) -> float:
        """The space left on the page."""
        return self.h - _BOTTOM - self.y

    def footer(self) -> None:
        """The words and page number at the foot of every page, which a screen reader skips."""
        with self._artifact():
            self._set(_SMALL, QUIET_INK)
            words = self._lines(self._footer_words, self.epw - 40) if self._footer_words else []
            for number, line in enumerate(words[:2]):
                self._line(MARGIN, self.h - _BOTTOM + 20 + number * _SMALL * LEADING, line)
            page = str(self.page_no())
            self._line(self.w - MARGIN - self.get_string_width(page), self.h - _BOTTOM + 20, page)

    def need(self, height: float) -> None:
        """Start a new page if there is less room than this."""
        if height > self.room and self.y > MARGIN:
            self.add_page()

    def heading(self, words: str, tag: Tag, size: float, colour: str, below: float = 0.0) -> None:
        """A heading, kept on one page with this much of what follows; a section's heading gets a bookmark."""
        self.need(self.height_of(words, size, bold=True) + below)
        if tag == "H2":
            self.start_section(_plain(words))
        self.paragraph(words, size, colour, tag=tag, bold=True)

    def paragraph(
        self, words: str, size: float, colour: str = INK, *, tag: Tag = "P", bold: bool = False, bullet: bool = False
    ) -> None:
        """A paragraph, continued on the next page if necessary; nothing if there are no words."""
        indent = size * _BULLET if bullet else 0.0
        lines = self._measured(words, size, bold=bold, indent=indent)
        while lines:
            self.need(size * LEADING)
            fit = max(1, int(self.room / (size * LEADING)))
            with self._tagged(tag):
                self._set(size, colour, bold=bold)
                if bullet:
                    self._line(MARGIN, self.y, "•")
                    bullet = False
                for line in lines[:fit]:
                    self._line(MARGIN + indent, self.y, line)
                    self.y += size * LEADING
            lines = lines[fit:]

    def height_of(self, words: str, size: float, *, bold: bool = False, bullet: bool = False) -> float:
        """The height of a paragraph."""
        indent = size * _BULLET if bullet else 0.0
        return len(self._measured(words, size, bold=bold, indent=indent)) * size * LEADING

    def picture_size(self, png: bytes, most_height: float) -> tuple[float, float]:
        """The picture's size: as wide as the page, or as tall as allowed."""
        with Image.open(io.BytesIO(png)) as image:
            share = min(self.epw / image.width, most_height / image.height)
            return image.width * share, image.height * share

    def picture(self, png: bytes, alt: str, most_height: float) -> None:
        image = Image.open(io.BytesIO(png)).convert("RGB")
        width, height = self.picture_size(png, most_height)
        self.need(height)
        self.image(image, MARGIN, self.y, width, height, alt_text=_plain(alt))
        self.y += height

    def row(self, cells: Sequence[str], shares: Sequence[float], size: float, *, least: float, bold: bool) -> None:
        """A row of a table between two lines; it is never split."""
        widths = [self.epw * share for share in shares]
        height = self.row_height(cells, shares, size, least=least, bold=bold)
        self.need(height)
        x, top = MARGIN, self.y
        for words, width in zip(cells, widths, strict=True):
            lines = self._measured(words, size, bold=bold, width=width - 2 * _CELL_EDGE)
            if lines:
                with self._tagged("P"):
                    self._set(size, INK, bold=bold)
                    for number, line in enumerate(lines):
                        self._line(x + _CELL_EDGE, top + _CELL_EDGE + number * size * LEADING, line)
            x += width
        with self._artifact():
            self._rules(widths, top, height)
        self.set_y(top + height)

    def row_height(
        self, cells: Sequence[str], shares: Sequence[float], size: float, *, least: float, bold: bool
    ) -> float:
        lines = max(
            len(self._measured(words, size, bold=bold, width=self.epw * share - 2 * _CELL_EDGE))
            for words, share in zip(cells, shares, strict=True)
        )
        return max(least, lines * size * LEADING + 2 * _CELL_EDGE)

    def _rules(self, widths: Sequence[float], top: float, height: float) -> None:
        self.set_draw_color(*red_green_blue(LINE))
        self.set_line_width(0.7)
        x = MARGIN
        for width in widths:
            self.rect(x, top, width, height)
            x += width

    def _measured(
        self, words: str, size: float, *, bold: bool, indent: float = 0.0, width: float | None = None
    ) -> list[str]:
        self._set(size, INK, bold=bold)
        return self._lines(words, (self.epw if width is None else width) - indent)

    def _lines(self, words: str, width: float) -> list[str]:
        plain = _plain(words)
        if not plain:
            return []
        # fpdf2 adds a margin inside each cell.
        broken = self.multi_cell(
            width + 2 * self.c_margin, text=plain, align="L", dry_run=True, output=MethodReturnValue.LINES
        )
        assert isinstance(broken, list)
        return [str(line) for line in broken]

    def _line(self, x: float, top: float, words: str) -> None:
        self.text(x, top + self.font_size * 0.95, words)

    def _set(self, size: float, colour: str, *, bold: bool = False) -> None:
        self.set_font(_FAMILY, "B" if bold else "", size)
        self.set_text_color(*red_green_blue(colour))

    @contextmanager
    def _tagged(self, tag: Tag) -> Iterator[None]:
        """Tag everything drawn inside as one element of this kind, all on one page."""
        mcid = self.struct_builder.next_mcid_for_page(self.page)
        self._add_marked_content(struct_type=f"/{tag}", mcid=mcid)
        self._out(f"/{tag} <</MCID {mcid}>> BDC")
        yield
        self._out("EMC")

    @contextmanager
    def _artifact(self) -> Iterator[None]:
        """Mark everything drawn inside as decoration rather than content."""
        self._out("/Artifact BMC")
        yield
        self._out("EMC")


def _plain(words: str) -> str:
    """The text on one line, with a box for anything the font cannot draw."""
    return drawable(words, Type(10))
