"""What a framework says about itself."""

from __future__ import annotations

import pytest

from core.framework import Perspective, Row, in_language
from core.framework_file import default_framework


def test_words_are_given_in_the_language_asked_for_else_in_the_first() -> None:
    text = {"cy": "Pwrpas", "en": "Purpose"}
    assert [in_language(text, code) for code in ("en", "cy", "fr")] == ["Purpose", "Pwrpas", "Pwrpas"]


def test_rows_are_asked_criterion_by_criterion_first_of_the_school() -> None:
    assert default_framework().rows[:3] == (
        Row("1.1.a", Perspective.SCHOOL),
        Row("1.1.a", Perspective.PARTNERSHIP),
        Row("1.1.b", Perspective.SCHOOL),
    )


def test_a_criterion_knows_its_subtheme_and_that_its_area() -> None:
    framework = default_framework()
    assert framework.subtheme_of["2.1.b"].id == "2.1"
    assert framework.area_of["2.1"].id == "2"
    assert framework.subtheme_by_id["2.1"] is framework.subtheme_of["2.1.b"]


@pytest.mark.parametrize("value", [1, 2, 3, 4])
def test_a_level_is_found_by_its_value(value: int) -> None:
    assert default_framework().level(value).value == value


def test_a_focus_cycle_asks_its_subthemes_only_in_the_order_of_the_framework() -> None:
    focus = default_framework().only(["3.1", "1.2"])
    assert [area.id for area in focus.areas] == ["1", "3"]
    assert [subtheme.id for subtheme in focus.subthemes] == ["1.2", "3.1"]
    assert len(focus.rows) == 2 * 2 * 2
    assert focus.level_values == (1, 2, 3, 4)
