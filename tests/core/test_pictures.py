"""Every kind of picture, from plain values: that it fits wherever it is posted, whatever the names and however many."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from core.charts import style
from core.charts.pool import Picture, draw_picture
from tests.support.pictures import every_kind, many_areas, many_schools, named

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
SIZES = [
    pytest.param(every_kind(many_areas(1, 1), many_schools(1)), id="one of each"),
    pytest.param(every_kind(schools=many_schools(3)), id="three schools, nine sub-themes"),
    pytest.param(every_kind(many_areas(9, 3), many_schools(60), ("2024", "2025", "2026")), id="sixty schools, 27"),
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
def test_any_name_can_stand_in_any_picture_without_a_warning(name: str) -> None:
    for picture in every_kind(named(name), (name,) * 5, (name, name)).values():
        assert_it_can_be_posted(picture)
