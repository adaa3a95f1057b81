"""The meeting pack: slides and pages that hold everything they were given, for eyes and for ears."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING

import pptx
import pytest
from pptx.enum.lang import MSO_LANGUAGE_ID
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.shapes.autoshape import Shape
from pptx.shapes.graphfrm import GraphicFrame
from pptx.shapes.picture import Picture
from pptx.table import Table
from pypdf import PdfReader
from pypdf.generic import ArrayObject, BooleanObject, DictionaryObject, PdfObject

from core.charts.pool import draw_picture
from core.pack.document import pack_document
from core.pack.fitting import MOST_CHARACTERS, even_pages, lines_of, pages, pages_of_groups, shortened
from core.pack.material import Language, PackMaterial, PackPicture
from core.pack.slides import pack_slides
from tests.support.packs import pack_of
from tests.support.pictures import heatmap, many_areas, many_schools

if TYPE_CHECKING:
    from pptx.presentation import Presentation
    from pptx.slide import Slide
    from pptx.text.text import TextFrame

MADE_AT = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
PICTURE = PackPicture(
    heading="Trust is strong; the difference we make is the next step",
    png=draw_picture(heatmap(many_areas(3, 3), many_schools(3))),
    alt="Trust: 3.5 and 3.0. The difference we make: 1.5.",
    caption="How each school sees the partnership.",
    notes="Ask what surprises them.",
)
PACK = pack_of((PICTURE,))
HOSTILE = [
    r"$\frac{$ =1+1 **bold** <b>&amp; {nb} %s",
    "Ysgol Tŷ'r Ŵyn, Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch",
    "校长 Школа مدرسة \N{WOMAN}\N{ZERO WIDTH JOINER}\N{SCHOOL}",
    "a\x00b\x0bc\ud800d",
    "x" * 3000,
    "several\nlines\tof it",
    "",
]


def slides(pack: PackMaterial) -> Presentation:
    return pptx.Presentation(io.BytesIO(pack_slides(pack, MADE_AT)))


def texts(slide: Slide) -> list[str]:
    said = [shape.text_frame.text for shape in slide.shapes if isinstance(shape, Shape)]
    return said + [cell.text for table in tables(slide) for row in table.rows for cell in row.cells]


def tables(slide: Slide) -> list[Table]:
    return [shape.table for shape in slide.shapes if isinstance(shape, GraphicFrame)]


def body(slide: Slide) -> TextFrame:
    frame: TextFrame = next(each for each in slide.placeholders if each.placeholder_format.idx == 1).text_frame
    return frame


def title(slide: Slide) -> str:
    assert slide.shapes.title is not None
    words: str = slide.shapes.title.text_frame.text
    return words


def everything_said(pack: PackMaterial) -> Iterator[str]:
    yield from (pack.title, pack.partnership, pack.cycle, pack.date)
    groups = [pack.agenda, pack.talking_points, *pack.questions.groups]
    yield from (words for group in groups for words in (group.heading, *group.items))
    for table in (pack.last_actions, pack.actions):
        assert table is not None
        yield from (table.heading, table.what, table.owner, table.due)
        yield from (words for row in table.rows for words in (row.what, row.owner, row.due))
    yield from (words for picture in pack.pictures for words in (picture.heading, picture.caption))


class TestSlides:
    def test_they_are_wide_and_follow_the_meeting(self) -> None:
        deck = slides(PACK)
        assert deck.slide_width is not None
        assert deck.slide_height is not None
        assert deck.slide_width / deck.slide_height == pytest.approx(16 / 9)
        assert [title(slide) for slide in deck.slides] == [
            "Our meeting: what we see, and what we do next",
            "What we do today",
            "Last time we agreed",
            "Trust is strong; the difference we make is the next step",
            "What the scores say",
            "Questions for us",
            "What we agree today",
        ]

    def test_every_title_is_in_a_title_placeholder_so_that_slides_can_be_listed(self) -> None:
        kinds = {slide.shapes.title.placeholder_format.type for slide in slides(PACK).slides if slide.shapes.title}
        assert kinds == {PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE}

    def test_everything_that_was_given_is_said(self) -> None:
        said = "\n".join(text for slide in slides(PACK).slides for text in texts(slide))
        assert [words for words in everything_said(PACK) if words not in said] == []

    def test_pictures_have_their_alt_text_and_their_shape(self) -> None:
        (slide,) = [slide for slide in slides(PACK).slides if title(slide) == PICTURE.heading]
        (picture,) = [shape for shape in slide.shapes if isinstance(shape, Picture)]
        assert picture.element.xpath("./*/p:cNvPr/@descr") == [PICTURE.alt]
        width, height = picture.image.size
        assert picture.width / picture.height == pytest.approx(width / height, rel=0.01)

    def test_the_speaker_has_notes(self) -> None:
        notes = {
            title(slide): slide.notes_slide.notes_text_frame.text
            for slide in slides(PACK).slides
            if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None
        }
        assert notes[PICTURE.heading] == "Ask what surprises them."
        assert notes["Questions for us"] == "Leave each of them ten quiet seconds."

    def test_there_is_room_to_write_down_actions_with_owner_and_date(self) -> None:
        (table,) = tables(slides(PACK).slides[-1])
        rows = [[cell.text for cell in row.cells] for row in table.rows]
        assert rows == [["What", "Who", "By when"], *[["", "", ""]] * 3]

    @pytest.mark.parametrize(
        ("language", "spoken"), [("cy", MSO_LANGUAGE_ID.WELSH), ("en", MSO_LANGUAGE_ID.ENGLISH_UK)]
    )
    def test_they_are_read_aloud_in_their_language(self, language: Language, spoken: MSO_LANGUAGE_ID) -> None:
        deck = slides(replace(PACK, language=language))
        frames = [shape.text_frame for slide in deck.slides for shape in slide.shapes if isinstance(shape, Shape)]
        runs = [run for frame in frames for paragraph in frame.paragraphs for run in paragraph.runs]
        assert {run.font.language_id for run in runs} == {spoken}
        assert deck.core_properties.language == f"{language}-GB"

    def test_nothing_lies_outside_a_slide(self) -> None:
        deck = slides(pack_of((PICTURE,), words=HOSTILE[1], times=9))
        assert deck.slide_width is not None
        assert deck.slide_height is not None
        for slide in deck.slides:
            for shape in slide.shapes:
                assert shape.left >= 0
                assert shape.left + shape.width <= deck.slide_width
                assert shape.top + shape.height <= deck.slide_height

    def test_what_does_not_fit_goes_on_and_says_so(self) -> None:
        many = replace(PACK.agenda, items=tuple(f"Item {number}" for number in range(30)))
        said = [slide for slide in slides(replace(PACK, agenda=many)).slides if "What we do today" in title(slide)]
        assert [title(slide) for slide in said] == [
            "What we do today",
            "What we do today (2)",
            "What we do today (3)",
        ]
        items = [line for slide in said for line in texts(slide)[1].split("\n")]
        assert items == [f"Item {number}" for number in range(30)]

    @pytest.mark.parametrize("times", range(1, 9))
    def test_no_heading_stands_without_its_questions(self, times: int) -> None:
        said = slides(replace(PACK, questions=pack_of(times=times).questions)).slides
        for slide in (slide for slide in said if "Questions for us" in title(slide)):
            bold = [bool(paragraph.runs[0].font.bold) for paragraph in body(slide).paragraphs]
            assert bold[0], "whoever looks at a slide sees what its questions are for"
            assert not bold[-1]
            assert (True, True) not in pairwise(bold)

    def test_what_there_is_none_of_has_no_slide(self) -> None:
        bare = replace(PACK, last_actions=None, pictures=(), talking_points=replace(PACK.talking_points, items=()))
        assert [title(slide) for slide in slides(bare).slides][1:] == [
            "What we do today",
            "Questions for us",
            "What we agree today",
        ]

    @pytest.mark.parametrize("words", HOSTILE)
    def test_any_words_are_only_words(self, words: str) -> None:
        content = pack_slides(pack_of((PICTURE,), words=words), MADE_AT)
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            links = [name for name in parts.namelist() if b"hyperlink" in parts.read(name) and "/_rels/" in name]
        assert links == []
        assert len(pptx.Presentation(io.BytesIO(content)).slides) >= 7


def document(pack: PackMaterial) -> PdfReader:
    return PdfReader(io.BytesIO(pack_document(pack, MADE_AT)))


def elements(reader: PdfReader) -> list[DictionaryObject]:
    """The parts of a document as a screen reader meets them."""
    (whole,) = listed(inside(reader.root_object, "/StructTreeRoot", "/K"))
    return [each for each in listed(inside(whole, "/K")) if isinstance(each, DictionaryObject)]


def inside(found: PdfObject | None, *names: str) -> PdfObject | None:
    for name in names:
        assert isinstance(found, DictionaryObject)
        found = found[name].get_object()
    return found


def listed(found: PdfObject | None) -> list[PdfObject | None]:
    assert isinstance(found, ArrayObject)
    return [each.get_object() for each in found]


def kinds(reader: PdfReader) -> list[str]:
    return [str(each["/S"]).removeprefix("/") for each in elements(reader)]


def said_in(reader: PdfReader) -> str:
    return " ".join(said_by_page(reader))


def said_by_page(reader: PdfReader) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in reader.pages]


class TestDocument:
    def test_it_is_on_a4(self) -> None:
        sizes = {(round(page.mediabox.width), round(page.mediabox.height)) for page in document(PACK).pages}
        assert sizes == {(595, 842)}

    def test_everything_that_was_given_is_said(self) -> None:
        said = said_in(document(PACK)).replace(" ", "")
        assert [words for words in everything_said(PACK) if words.replace(" ", "") not in said] == []

    def test_a_screen_reader_meets_one_title_then_headings_text_and_the_picture(self) -> None:
        met = kinds(document(PACK))
        assert met[0] == "H1"
        assert met.count("H1") == 1
        assert met.count("H2") == 6
        assert met.count("H3") == 3
        assert met.count("Figure") == 1
        assert met.index("Figure") > met.index("P")
        assert set(met) == {"H1", "H2", "H3", "P", "Figure"}

    def test_the_picture_has_its_alt_text(self) -> None:
        (figure,) = [each for each in elements(document(PACK)) if str(each["/S"]) == "/Figure"]
        assert str(figure["/Alt"]) == PICTURE.alt

    def test_nothing_is_drawn_that_is_neither_tagged_nor_decoration(self) -> None:
        for page in document(PACK).pages:
            contents = page.get_contents()
            assert contents is not None
            outside = re.sub(rb"/\w+ (<<.*?>> BDC|BMC)\n.*?\nEMC", b"", contents.get_data(), flags=re.DOTALL)
            assert b" Tj" not in outside
            assert b" Do" not in outside
            assert b" re" not in outside

    @pytest.mark.parametrize("language", ["en", "cy"])
    def test_it_says_its_language_and_its_title(self, language: Language) -> None:
        reader = document(replace(PACK, language=language))
        assert str(reader.root_object["/Lang"]) == f"{language}-GB"
        assert reader.metadata is not None
        assert reader.metadata.title == "Our meeting: what we see, and what we do next · Willow Valley Partnership"
        assert inside(reader.root_object, "/ViewerPreferences", "/DisplayDocTitle") == BooleanObject(True)

    def test_its_sections_can_be_jumped_to(self) -> None:
        names = [item.title for item in document(PACK).outline if not isinstance(item, list)]
        assert names == [
            "What we do today",
            "Last time we agreed",
            PICTURE.heading,
            "What the scores say",
            "Questions for us",
            "What we agree today",
        ]

    def test_it_brings_its_font_along(self) -> None:
        fonts = set()
        for page in document(PACK).pages:
            used = inside(page, "/Resources", "/Font")
            assert isinstance(used, DictionaryObject)
            for font in used:
                (below,) = listed(inside(used, font, "/DescendantFonts"))
                assert inside(below, "/FontDescriptor", "/FontFile2") is not None
                fonts.add(str(inside(used, font, "/BaseFont")).split("+")[-1])
        assert fonts == {"DejaVuSansBook", "DejaVuSansBold"}

    def test_welsh_letters_can_be_read_and_copied(self) -> None:
        assert "Ysgol Tŷ'r Ŵyn" in said_in(document(replace(PACK, partnership="Ysgol Tŷ'r Ŵyn")))

    def test_a_long_table_goes_on_with_its_headings(self) -> None:
        long = replace(PACK, last_actions=pack_of(times=20).last_actions)
        with_headings = [page for page in document(long).pages if "By when" in page.extract_text()]
        assert len(with_headings) == 4
        assert said_in(document(long)).count("Write down what we mean by a fair challenge") == 20

    @pytest.mark.parametrize("before", range(0, 44, 3))
    def test_what_belongs_together_stands_on_one_page_wherever_it_begins(self, before: int) -> None:
        agenda = replace(PACK.agenda, items=tuple(f"Item {number}" for number in range(before)))
        told = said_by_page(document(replace(PACK, agenda=agenda)))
        for parts in (
            ("Last time we agreed", "By when", "done, 12 November", "carried on to spring"),
            (PICTURE.heading, PICTURE.caption),
            ("What the scores say", "Trust and belonging is strongest"),
            ("Questions for us", "Support for", "Who could help"),
            ("Decide on", "Which one thing"),
        ):
            assert any(all(part in page for part in parts) for page in told), parts

    def test_a_table_to_fill_in_is_not_parted_from_its_heading(self) -> None:
        for lines in range(20, 40):
            points = replace(PACK.talking_points, items=tuple(f"Point {number}" for number in range(lines)))
            told = said_by_page(document(replace(PACK, talking_points=points, pictures=(), last_actions=None)))
            assert "What we agree today What Who By when" in told[-1]
            assert not any("By when" in page for page in told[:-1])

    def test_the_same_pack_is_the_same_file(self) -> None:
        assert pack_document(PACK, MADE_AT) == pack_document(PACK, MADE_AT)

    @pytest.mark.parametrize("words", HOSTILE)
    def test_any_words_are_only_words(self, words: str, caplog: pytest.LogCaptureFixture) -> None:
        reader = document(pack_of((PICTURE,), words=words))
        assert not any("/Annots" in page for page in reader.pages)
        assert not caplog.records

    def test_words_in_braces_do_not_become_the_number_of_pages(self) -> None:
        assert "{nb}" in said_in(document(replace(PACK, partnership="{nb} schools")))


@pytest.mark.parametrize(
    ("heights", "filled"),
    [
        pytest.param([3, 3, 3], [(3, 3, 3)], id="just enough room"),
        pytest.param([3, 3, 4], [(3, 3), (4,)], id="one goes on"),
        pytest.param([20, 1], [(20,), (1,)], id="too high has a page of its own"),
        pytest.param([], [()], id="nothing is one empty page"),
    ],
)
def test_pages_are_filled_in_order(heights: list[float], filled: list[tuple[float, ...]]) -> None:
    assert pages(heights, float, 9) == filled


@pytest.mark.parametrize(
    ("heights", "filled"),
    [
        pytest.param([3, 3, 3], [(3, 3, 3)], id="one page"),
        pytest.param([3, 3, 3, 3], [(3, 3), (3, 3)], id="none nearly empty"),
        pytest.param([2, 2, 2, 2, 2, 2], [(2, 2, 2), (2, 2, 2)], id="half and half"),
        pytest.param([1, 1, 8, 8], [(1, 1), (8,), (8,)], id="no page more"),
        pytest.param([20, 1], [(20,), (1,)], id="too high has a page of its own"),
        pytest.param([], [()], id="nothing is one empty page"),
    ],
)
def test_pages_are_filled_evenly(heights: list[float], filled: list[tuple[float, ...]]) -> None:
    assert even_pages(heights, float, 9) == filled


@pytest.mark.parametrize(
    ("groups", "filled"),
    [
        pytest.param([[1, 3, 3], [1, 1]], [(1, 3, 3, 1, 1)], id="all on one page"),
        pytest.param([[1, 3, 3], [1, 2]], [(1, 3, 3), (1, 2)], id="a heading goes with its group"),
        pytest.param([[1, 5], [1, 3, 3]], [(1, 5), (1, 3, 3)], id="a group that fits a page is not broken"),
        pytest.param([[1, 4, 4, 4]], [(1, 4, 4), (1, 4)], id="one that does not has its heading again"),
        pytest.param([[1, 4], [1, 2, 4, 4]], [(1, 4, 1, 2), (1, 4, 4)], id="it begins where its first has room"),
        pytest.param([[1, 20], [1, 1]], [(1, 20), (1, 1)], id="too high goes with its heading"),
        pytest.param([], [], id="nothing is no page"),
    ],
)
def test_groups_keep_their_headings(groups: list[list[float]], filled: list[tuple[float, ...]]) -> None:
    assert pages_of_groups(groups, float, 9) == filled


def test_endless_words_are_cut_and_say_so() -> None:
    assert len(shortened("word " * 1000)) <= MOST_CHARACTERS
    assert shortened("word " * 1000).endswith("…")
    assert shortened(" two\n words ") == "two words"


def test_lines_are_counted_as_they_will_be_broken() -> None:
    assert lines_of("Trust", 20, 200) == 1
    assert lines_of("Trust and belonging", 20, 110) == 2
