"""Every kind of picture, from plain values: that it fits, can be read, and shows what it is given, whoever is in it."""

from __future__ import annotations

import io
import logging
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations, pairwise
from pathlib import Path

import pytest
from PIL import Image

from core.charts import lettering, style
from core.charts.counts import Counts, DotCount
from core.charts.free_room import FreeRoom
from core.charts.heatmap import ink_on, shade
from core.charts.lettering import fits, fitted, measure
from core.charts.marks import Mark
from core.charts.pool import ChartPool, Picture, draw_picture, sheet_of
from core.charts.priorities import Bar
from core.charts.sheet import Sheet
from core.charts.style import Type
from tests.support.pictures import (
    AREAS,
    MOVES,
    SCHOOLS,
    Areas,
    counts,
    every_kind,
    forms,
    heatmap,
    many_areas,
    many_schools,
    named,
    own_school,
    priorities,
    trend,
)

HOSTILE = [
    pytest.param(r"$\frac{$ \alpha $$ x^2_1", id="mathtext"),
    pytest.param("__init__ _quiet", id="underscores lead"),
    pytest.param("校长 Школа مدرسة", id="other scripts"),
    pytest.param("\N{WOMAN}\N{ZERO WIDTH JOINER}\N{SCHOOL}\N{GRADUATION CAP}", id="emoji"),
    pytest.param("<!channel> <@U1> =1+1 [x](y) **b**", id="what would come alive elsewhere"),
    pytest.param("Ysgol Tŷ'r Felin, Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch", id="Welsh"),
    pytest.param("x" * 3000, id="endless"),
    pytest.param("\N{RIGHT-TO-LEFT OVERRIDE}\x00\x07 two\nlines", id="what steers"),
    pytest.param("", id="nothing"),
]
LONGER = ("Autumn 2024", "Spring 2025", "Summer 2025")
SIZES = [
    pytest.param(every_kind(many_areas(1, 1), many_schools(1)), id="one of each"),
    pytest.param(every_kind(schools=many_schools(3)), id="three schools, nine sub-themes"),
    pytest.param(every_kind(), id="seven schools, nine sub-themes"),
    pytest.param(
        every_kind(many_areas(9, 3), many_schools(60), LONGER), id="sixty schools, 27 sub-themes, three cycles"
    ),
    pytest.param(every_kind(many_areas(10, 6), many_schools(60)), id="sixty schools, sixty sub-themes"),
    pytest.param(every_kind({}), id="nothing was asked"),
]


def assert_it_can_be_posted(picture: Picture) -> None:
    png = draw_picture(picture)
    size = Image.open(io.BytesIO(png)).size
    assert max(size) <= style.MOST_PIXELS
    assert len(png) <= style.MOST_BYTES


@pytest.mark.parametrize("pictures", SIZES)
def test_a_picture_is_of_a_size_that_every_platform_takes(pictures: dict[str, Picture]) -> None:
    for picture in pictures.values():
        assert_it_can_be_posted(picture)


@pytest.mark.parametrize("name", HOSTILE)
def test_any_name_can_stand_in_any_picture_without_a_warning(name: str, caplog: pytest.LogCaptureFixture) -> None:
    """Warnings are failures; a glyph that is missing would be one, or a line in matplotlib's log."""
    with caplog.at_level(logging.WARNING):
        for picture in (*every_kind(named(name), (name,) * 5, (name, name)).values(), forms(name)):
            assert_it_can_be_posted(picture)
    assert not caplog.records


@dataclass(frozen=True)
class Written:
    """A line of text, where matplotlib will draw it; pixels from the top left."""

    words: str
    left: float
    top: float
    right: float
    bottom: float

    def hides(self, other: Written) -> bool:
        """More than the edges of the two touch; a line of text has room above and below its letters."""
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return across > 2 and down > 0.3 * min(self.bottom - self.top, other.bottom - other.top)


def written(sheet: Sheet) -> Iterator[Written]:
    figure = sheet._figure
    figure.draw_without_rendering()
    for text in figure.texts:
        if text.get_text():
            box = text.get_window_extent()
            yield Written(text.get_text(), box.x0, sheet.height - box.y1, box.x1, sheet.height - box.y0)


WELSH: Areas = {
    "Uchelgais ar y cyd": ("Pwrpas cyffredin", "Ymrwymiad ymarferol", "Arweinyddiaeth ar y cyd"),
    "Realiti ac effaith": ("Darlun gonest", "Cefnogaeth a her", "Y gwahaniaeth rydym yn ei wneud"),
    "Perthyn a ffynnu": ("Ymddiriedaeth a pherthyn", "Dysgu gyda'n gilydd", "Staff a disgyblion yn ffynnu"),
}
READABLE = [
    pytest.param(every_kind(), id="the demo"),
    pytest.param(every_kind(WELSH), id="in Welsh"),
    pytest.param(every_kind(schools=many_schools(3)), id="three schools with names of eighty characters"),
    pytest.param(every_kind(AREAS, many_schools(60)), id="sixty schools"),
    pytest.param(every_kind(many_areas(9, 3), many_schools(60)), id="sixty schools, 27 sub-themes"),
]


@pytest.mark.parametrize("pictures", READABLE)
def test_no_words_are_cut_off_at_the_edge_of_the_picture(pictures: dict[str, Picture]) -> None:
    for picture in pictures.values():
        sheet = sheet_of(picture)
        for line in written(sheet):
            assert line.left >= 0, line
            assert line.top >= 0, line
            assert line.right <= sheet.width, line
            assert line.bottom <= sheet.height, line


@pytest.mark.parametrize("pictures", READABLE)
def test_no_words_stand_on_others(pictures: dict[str, Picture]) -> None:
    for name, picture in pictures.items():
        lines = list(written(sheet_of(picture)))
        assert [(name, one, other) for one, other in combinations(lines, 2) if one.hides(other)] == []


def words_of(picture: Picture) -> list[str]:
    return [line.words for line in written(sheet_of(picture))]


def test_every_number_of_a_school_stands_beside_its_mark() -> None:
    picture = own_school()
    given = [mark.text for row in picture.rows for pair in row.panels for mark in (pair.ours, pair.others) if mark]
    assert sorted(set(given)) == sorted({words for words in words_of(picture) if "." in words and len(words) == 3})


def test_need_and_votes_are_told_apart_each_with_its_own_words() -> None:
    words = words_of(priorities())
    assert {"Need", "Schools that chose it", "0.8 out of 1", "at least 3 of 5 schools", "withheld"} <= set(words)


def test_without_the_partnership_perspective_there_is_no_need_to_be_seen() -> None:
    picture = replace(priorities(), need=None)
    assert "0.8 out of 1" not in words_of(picture)
    assert "at least 3 of 5 schools" in words_of(picture)


def test_only_the_box_of_trust_with_challenge_has_a_name() -> None:
    words = words_of(replace(forms(), now=None))
    assert words.count("Improvement") == 1
    assert "withheld" in words


def dots(picture: Counts, *, filled: bool = True) -> int:
    """Below the key, which has a filled one."""
    from matplotlib.lines import Line2D

    lines = [each for each in sheet_of(picture)._figure.artists if isinstance(each, Line2D)]
    diamonds = [line for line in lines if line.get_marker() == "D"]
    found = sum(len(line.get_path()) for line in diamonds if (line.get_markerfacecolor() != style.PAPER) is filled)
    return found - 1 if filled else found


def test_a_count_has_as_many_dots_as_schools_and_its_number() -> None:
    picture = counts(schools=8)
    given = [count.schools for row in picture.rows for count in row.counts if count is not None]
    assert dots(picture) == sum(given) > 0
    assert [words for words in words_of(picture) if words.isdigit()] == [str(number) for number in given]


def test_what_is_withheld_of_a_count_is_a_word_and_no_dots() -> None:
    picture = counts()
    rows = tuple(replace(row, counts=tuple(None for _ in row.counts)) for row in picture.rows)
    nothing = replace(picture, rows=rows)
    assert words_of(nothing).count("withheld") == sum(bool(row.counts) for row in picture.rows)
    assert dots(nothing) == 0


def test_a_bound_is_drawn_as_it_is_written() -> None:
    """Who may be counted or not has an empty dot: both of "at most 2", and two of eight beyond "at least 6"."""
    picture = counts()
    counted = (DotCount(2, "at most 2", unsure=2), DotCount(8, "at least 6", unsure=2), DotCount(3, "3"), None)
    bound = replace(picture, rows=(replace(picture.rows[1], counts=counted),))
    assert " ".join(words_of(bound)).count("at most 2") == 1
    assert (dots(bound), dots(bound, filled=False)) == (6 + 3, 2 + 2)


@pytest.mark.parametrize("cycles", [("2025", "2026"), LONGER], ids=["two cycles", "three cycles"])
def test_a_trend_names_its_cycles_and_says_how_many_moved(cycles: tuple[str, ...]) -> None:
    words = words_of(trend(cycles=cycles))
    assert " → ".join(cycles) in words
    assert [words.count(each) for each in MOVES] == [3, 2, 3]
    assert {"↑ Shared purpose", "Commitment in practice", "↓ Shared leadership"} <= set(words)


def painted(picture: Picture, colour: str) -> int:
    """How many pixels have exactly this colour."""
    wanted = style.red_green_blue(colour)
    image = Image.open(io.BytesIO(draw_picture(picture))).convert("RGB")
    return sum(count for count, found in image.getcolors(1 << 20) or [] if found == wanted)


def test_every_cell_of_a_heatmap_has_its_number_whatever_was_drawn_before() -> None:
    """With a number in it, a cell has fewer pixels of its own colour than without.

    Fonts are shared, so a number is drawn at the right size only if nobody sets another in between.
    """
    for value in (1.0, 2.5, 4.0):
        lettering._has_shape.cache_clear()
        mark, bare = Mark(value, f"{value}"), Mark(value, "")
        picture = heatmap(schools=SCHOOLS[:1])
        row = replace(picture.rows[0], cells=(mark,) * 9)
        numbered, empty = replace(picture, rows=(row,)), replace(picture, rows=(replace(row, cells=(bare,) * 9),))
        colour = shade(value, 4)
        assert painted(empty, colour) - painted(numbered, colour) > 9 * 20


def test_a_cell_without_a_score_says_so_and_has_no_colour() -> None:
    picture = heatmap(schools=SCHOOLS[:1])
    unscored = replace(picture, rows=tuple(replace(row, cells=(None,) * 9) for row in picture.rows))
    assert "not scored" in words_of(unscored)
    key_alone = painted(unscored, shade(3.0, 4))
    assert painted(picture, shade(3.0, 4)) > key_alone > 0


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, "contrast ratio"."""

    def luminance(colour: str) -> float:
        parts = [part / 255 for part in style.red_green_blue(colour)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_numbers_stand_out_on_every_shade_of_a_heatmap() -> None:
    shades = [shade(1 + step / 100, 4) for step in range(301)]
    assert min(contrast(ink_on(colour), colour) for colour in shades) >= 4.5


def test_the_levels_of_a_heatmap_can_be_told_apart_and_grow_darker() -> None:
    levels = [shade(level, 4) for level in (1, 2, 3, 4)]
    assert all(contrast(pale, dark) > 1.2 for pale, dark in pairwise(levels))
    assert contrast(levels[0], levels[-1]) >= 3


@pytest.mark.parametrize(
    ("words", "width", "lines", "size"),
    [
        pytest.param("Trust", 200, ("Trust",), 20, id="as asked for"),
        pytest.param("Trust and belonging", 185, ("Trust and belonging",), 18, id="a little smaller"),
        pytest.param("Trust and belonging", 90, ("Trust and", "belonging"), 16, id="in two lines, and smaller"),
    ],
)
def test_a_label_is_set_smaller_before_it_is_cut(words: str, width: float, lines: tuple[str, ...], size: int) -> None:
    shown, type_ = fitted(words, Type(20), width, 40)
    assert (shown, type_.pixels) == (lines, size)
    assert fits(words, type_, width, 40)


def test_a_label_that_fits_at_no_size_is_cut() -> None:
    (line,), type_ = fitted("Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch", Type(20), 100, 20)
    assert line.endswith("…")
    assert measure(line, type_) <= 100


def test_a_label_goes_where_it_hides_nothing() -> None:
    room = FreeRoom(0, 0, 100, 100)
    room.take(60, 40, 40, 20)
    assert room.beside((50, 50), 5, (30, 10)) == (15, 45)
    assert room.beside((50, 50), 5, (30, 10)) == (15, 35)


def test_a_label_stays_inside() -> None:
    assert FreeRoom(0, 0, 100, 100).beside((50, 50), 5, (90, 10)) == (5, 35)


def test_a_bar_is_full_as_far_as_is_certain_and_outlined_as_far_as_is_possible() -> None:
    picture = replace(priorities(), need=None)
    row = picture.rows[0]

    def orange(votes: Bar) -> int:
        return painted(replace(picture, rows=(replace(row, votes=votes),)), style.PARTNERSHIP)

    assert orange(Bar(0.6, 1, "at least 3 of 5")) == pytest.approx(orange(Bar(0.6, 0.6, "3 of 5")), rel=0.02)
    assert orange(Bar(0.6, 0.6, "3 of 5")) > 2 * orange(Bar(0.2, 0.2, "1 of 5"))
    assert orange(Bar(0, 0.4, "at most 2 of 5")) == 0


def file_of(words: str, number: int) -> bytes:
    return f"{words} {number}".encode()


async def test_other_files_are_made_in_the_drawing_process_too() -> None:
    pool = ChartPool()
    try:
        assert await pool.make(file_of, "pack", 3) == b"pack 3"
    finally:
        pool.close()


def test_importing_the_pictures_loads_no_library_that_draws() -> None:
    look = (
        "import sys, core.charts.pool, core.exports, core.exports_xlsx, core.pack.slides, core.pack.document\n"
        "heavy = {'matplotlib', 'numpy', 'PIL', 'openpyxl', 'pptx', 'lxml', 'fpdf', 'fontTools'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)"
    )
    root = Path(__file__).parent.parent.parent
    subprocess.run([sys.executable, "-c", look], cwd=root, check=True, timeout=120)
