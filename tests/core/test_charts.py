"""Pictures: what they show, that they fit, and that no name comes alive or stays out of them."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from core.charts import style
from core.charts.dumbbell import Dumbbell, DumbbellRow
from core.charts.lettering import BOX, drawable, measure, wrapped
from core.charts.marks import Mark
from core.charts.pool import ChartPool, NotDrawn, draw_picture
from core.charts.sheet import Sheet
from core.charts.style import Type

PLAIN = Type(23)
LEVELS = ("Starting", "Building", "Established", "Extending")


def mark(value: float | None) -> Mark | None:
    return None if value is None else Mark(value, f"{value:.1f}")


def row(own_school: float | None, partnership: float | None, label: str = "Purpose", area: bool = False) -> DumbbellRow:
    return DumbbellRow(label, mark(own_school), mark(partnership), area)


PICTURE = Dumbbell(
    title="Trust is strong; challenge is the next step",
    subtitle="5 of 7 schools",
    own_school="Our own schools",
    partnership="The partnership",
    withheld="withheld",
    levels=LEVELS,
    rows=(row(2.5, 3.0, "Shared ambition", area=True), row(2.5, 3.0)),
)


def with_rows(*rows: DumbbellRow) -> Dumbbell:
    return replace(PICTURE, rows=rows)


def opened(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png)).convert("RGB")


def across(picture: Dumbbell, colour: str) -> list[int]:
    """Where in the rows, below the key, pixels of exactly this colour stand, from the left."""
    image = opened(draw_picture(picture))
    wanted = tuple(int(colour[place : place + 2], 16) for place in (1, 3, 5))
    rows_begin = image.height - 60 * len(picture.rows) - 36
    return [x for x in range(image.width) for y in range(rows_begin, image.height) if image.getpixel((x, y)) == wanted]


def areas(count: int, subthemes: int) -> tuple[DumbbellRow, ...]:
    rows = []
    for area in range(count):
        rows.append(row(2.1, 3.4, f"Area {area} with a name of some length", area=True))
        rows += [row(1.0 + place % 4, 4.0 - place % 4, f"Sub-theme {area}.{place}") for place in range(subthemes)]
    return tuple(rows)


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(areas(3, 3), id="nine sub-themes"),
        pytest.param(areas(9, 3), id="27 sub-themes"),
        pytest.param(areas(10, 6), id="sixty sub-themes"),
        pytest.param(areas(1, 1), id="one sub-theme"),
        pytest.param(tuple(replace(each, own_school=None, partnership=None) for each in areas(3, 3)), id="withheld"),
        pytest.param((), id="nothing at all"),
    ],
)
def test_a_picture_is_a_png_of_a_size_that_every_platform_takes(rows: tuple[DumbbellRow, ...]) -> None:
    png = draw_picture(with_rows(*rows))
    assert png.startswith(b"\x89PNG")
    assert max(opened(png).size) <= style.MOST_PIXELS
    assert len(png) <= style.MOST_BYTES


def test_the_same_picture_is_the_same_bytes() -> None:
    assert draw_picture(PICTURE) == draw_picture(PICTURE)


@pytest.mark.parametrize("colour", [style.OWN_SCHOOL, style.PARTNERSHIP])
def test_a_higher_value_stands_further_to_the_right(colour: str) -> None:
    low, high = across(with_rows(row(1.0, 1.0)), colour), across(with_rows(row(4.0, 4.0)), colour)
    assert max(low) < min(high)


@pytest.mark.parametrize("value", [1.0, 2.5, 4.0])
def test_both_marks_are_seen_where_they_are_level(value: float) -> None:
    picture = with_rows(row(value, value))
    assert len(across(picture, style.OWN_SCHOOL)) > 200
    assert len(across(picture, style.PARTNERSHIP)) > 100


def test_what_is_withheld_has_no_place_on_the_scale() -> None:
    """The word is drawn instead, and a small, empty mark to say of what, where only the other value decides."""
    alone = across(with_rows(row(None, None)), style.OWN_SCHOOL)
    assert alone == across(with_rows(row(None, None)), style.PARTNERSHIP) == []
    assert across(with_rows(row(3.0, None)), style.PARTNERSHIP) == []
    assert across(with_rows(row(3.0, None)), style.PARTNERSHIP_INK) != []


def test_without_the_partnership_perspective_there_is_one_mark_and_nothing_withheld() -> None:
    picture = replace(with_rows(row(3.0, None)), partnership=None)
    assert across(picture, style.PARTNERSHIP) == []
    assert draw_picture(picture) == draw_picture(replace(picture, withheld="something else"))


HOSTILE = [
    r"$\frac{$ and $x^2$",
    r"\alpha $$",
    "_leading __init__",
    "校长 and Школа",
    "\N{WOMAN}\N{ZERO WIDTH JOINER}\N{SCHOOL} \N{GRADUATION CAP}\N{GRADUATION CAP}",
    "\N{RIGHT-TO-LEFT OVERRIDE}<!channel>\N{POP DIRECTIONAL FORMATTING} \x00\x07",
    "مدرسة النور",
    "Ysgol Tŷ'r Felin, Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch",
    "x" * 3000,
    "several\nlines\tof it",
    "",
]


def test_without_the_schools_own_perspective_only_the_partnership_is_drawn() -> None:
    picture = replace(with_rows(row(None, 2.0)), own_school=None)
    assert across(picture, style.OWN_SCHOOL) == []
    assert len(across(picture, style.PARTNERSHIP)) > 100


@pytest.mark.parametrize("name", HOSTILE)
def test_any_name_can_stand_anywhere_without_a_warning(name: str) -> None:
    picture = Dumbbell(
        name, name, name, name, name, (name, name), (row(1.0, 2.0, name, True), row(None, 1.5, name)), name
    )
    assert max(opened(draw_picture(picture)).size) <= style.MOST_PIXELS


@pytest.mark.parametrize(
    ("name", "drawn"),
    [
        pytest.param(r"$\frac{$", r"$\frac{$", id="mathtext stays text"),
        pytest.param("_quiet", "_quiet", id="an underscore leads"),
        pytest.param("Tŷ'r Ŵyn", "Tŷ'r Ŵyn", id="Welsh letters"),
        pytest.param("w\N{COMBINING CIRCUMFLEX ACCENT}", "ŵ", id="put together"),
        pytest.param("校长 Li", f"{BOX} Li", id="what the font cannot draw is one box"),
        pytest.param("\N{WOMAN}\N{ZERO WIDTH JOINER}\N{SCHOOL}!", f"{BOX}!", id="an emoji of several parts too"),
        pytest.param("a\N{RIGHT-TO-LEFT OVERRIDE}b\x07", "ab", id="nothing that only steers"),
        pytest.param(" two\n lines ", "two lines", id="one line"),
    ],
)
def test_a_name_is_drawn_as_it_is_written(name: str, drawn: str) -> None:
    assert drawable(name, PLAIN) == drawn


def test_text_is_never_typeset_as_mathematics() -> None:
    sheet = Sheet(100, 100)
    sheet.text(0, 50, "$x^2$", PLAIN)
    (text,) = sheet._figure.texts
    assert text.get_text() == "$x^2$"
    assert not text.get_parse_math()


@pytest.mark.parametrize("width", [60, 120, 300])
@pytest.mark.parametrize(
    "words", ["Support and challenge", "Llanfairpwllgwyngyllgogerychwyrndrobwll", "a b c", "$" * 90]
)
def test_a_long_label_is_wrapped_and_cut_to_its_width(words: str, width: int) -> None:
    lines = wrapped(words, PLAIN, width, 2)
    assert 1 <= len(lines) <= 2
    assert all(measure(line, PLAIN) <= width for line in lines)
    whole = wrapped(words, PLAIN, width, 99)
    assert "".join(whole).replace(" ", "") == words.replace(" ", "")
    assert lines == whole or lines[-1].endswith("…")


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, "contrast ratio"."""

    def luminance(colour: str) -> float:
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("paper", [style.PAPER, style.BAND])
def test_text_and_marks_stand_out(paper: str) -> None:
    assert all(
        contrast(ink, paper) >= 4.5 for ink in (style.INK, style.QUIET_INK, style.OWN_SCHOOL, style.PARTNERSHIP_INK)
    )
    assert contrast(style.LINE, paper) >= 3
    assert contrast(style.OWN_SCHOOL, style.PARTNERSHIP) >= 3
    assert contrast(style.PARTNERSHIP, style.PAPER) >= 3


def test_drawing_needs_matplotlib_and_importing_does_not_and_nothing_needs_pyplot() -> None:
    look = (
        "import sys; from core.charts.pool import draw_picture; from core.charts.dumbbell import Dumbbell\n"
        "assert 'matplotlib' not in sys.modules\n"
        "draw_picture(Dumbbell('t', '', 's', 'p', 'w', ('a', 'b'), ()))\n"
        "assert 'matplotlib.figure' in sys.modules and 'matplotlib.pyplot' not in sys.modules"
    )
    root = Path(__file__).parent.parent.parent
    subprocess.run([sys.executable, "-c", look], cwd=root, check=True, timeout=120)


@pytest.fixture
def pool() -> Iterator[ChartPool]:
    opened = ChartPool(kept=2)
    yield opened
    opened.close()


async def test_files_named_as_modules_where_it_is_started_are_left_alone(
    pool: ChartPool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("pickle", "core"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('not ours')")
    assert await pool.make(bytes, 2) == b"\0\0"


async def test_a_picture_drawn_elsewhere_is_the_same_and_is_remembered(pool: ChartPool) -> None:
    assert pool._processes is None
    drawn = await pool.draw(PICTURE)
    assert drawn == draw_picture(PICTURE)
    assert await pool.draw(with_rows(*PICTURE.rows)) is drawn


async def test_only_the_latest_pictures_are_remembered(pool: ChartPool) -> None:
    first, second, third = (replace(PICTURE, subtitle=f"{number} of 7 schools") for number in (4, 5, 6))
    for picture in (first, second, first, third):
        await pool.draw(picture)
    assert list(pool._drawn) == [first, third]


async def test_a_process_that_died_is_replaced(pool: ChartPool) -> None:
    await pool.draw(PICTURE)
    assert pool._processes is not None
    for process in pool._processes._processes:
        os.kill(process, signal.SIGKILL)
    other = replace(PICTURE, title="Drawn by another process")
    assert await pool.draw(other) == draw_picture(other)


class Deadly(Dumbbell):
    """Ends the process that unpacks it."""

    def __reduce__(self) -> tuple[object, ...]:
        return os._exit, (1,)


async def test_a_picture_that_kills_every_process_is_given_up_and_the_next_is_drawn(pool: ChartPool) -> None:
    with pytest.raises(NotDrawn):
        await pool.draw(Deadly("t", "", "s", "p", "w", ("a", "b"), ()))
    assert (await pool.draw(PICTURE)).startswith(b"\x89PNG")


async def test_a_closed_pool_holds_no_process(pool: ChartPool) -> None:
    await pool.draw(PICTURE)
    pool.close()
    assert pool._processes is None
    pool.close()
