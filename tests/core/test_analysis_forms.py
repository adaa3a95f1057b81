"""Trust against support and challenge."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from core.analysis.disclosure import Shown, Withheld
from core.analysis.forms import Collaboration, has_forms, school_collaboration, side_over_schools
from core.analysis.report_making import report_facts
from core.analysis.scores import Cell
from core.enquiry import Visibility
from core.framework import Axis, Framework, Perspective
from tests.support.scores import Pair, school, small_framework


def tagged(tags: dict[str, Axis], framework: Framework) -> Framework:
    areas = tuple(
        replace(
            area,
            subthemes=tuple(
                replace(
                    subtheme,
                    criteria=tuple(replace(each, axis=tags.get(each.id, "none")) for each in subtheme.criteria),
                )
                for subtheme in area.subthemes
            ),
        )
        for area in framework.areas
    )
    return replace(framework, areas=areas)


TAGS: dict[str, Axis] = {
    "1.1.a": "trust",
    "1.1.b": "trust",
    "1.2.a": "trust",
    "1.2.b": "challenge",
    "1.3.a": "challenge",
}
FRAMEWORK = tagged(TAGS, small_framework({"1": {"1.1": 2, "1.2": 2, "1.3": 1}}))


def answers(*levels: int | None) -> dict[str, Pair]:
    """About the partnership, in the order of the tags."""
    return {criterion: (1, level) for criterion, level in zip(TAGS, levels, strict=True)}


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        pytest.param((4, 3, 3, 2, 3), Collaboration(Fraction(10, 3), Fraction(5, 2)), id="all of it"),
        pytest.param((4, 3, None, 2, 3), Collaboration(Fraction(7, 2), Fraction(5, 2)), id="two answers are enough"),
        pytest.param((4, None, None, 2, 3), None, id="one answer to trust is too little"),
        pytest.param((4, 3, 3, 2, None), None, id="one answer to challenge is too little"),
    ],
)
def test_a_schools_sides_are_the_means_of_its_tagged_answers(
    levels: tuple[int | None, ...], expected: Collaboration | None
) -> None:
    assert school_collaboration(school("any", answers(*levels)), FRAMEWORK) == expected


@pytest.mark.parametrize(("trust", "challenge", "improves"), [(3, 3, True), (4, 2, False), (2, 4, False)])
def test_only_high_on_both_has_a_name(trust: int, challenge: int, improves: bool) -> None:
    assert Collaboration(Fraction(trust), Fraction(challenge)).improves(3) is improves


def test_over_schools_it_is_the_median() -> None:
    schools = [school(str(level), answers(level, level, level, 1, 1)) for level in (1, 2, 4)]
    assert side_over_schools(schools, FRAMEWORK, "trust") == Cell(Fraction(2), 3)
    assert side_over_schools([], FRAMEWORK, "trust") == Cell(None, 0)


def test_a_framework_needs_tags_on_both_sides_and_the_partnership() -> None:
    assert has_forms(FRAMEWORK)
    assert not has_forms(small_framework({"1": {"1.1": 2}}))
    assert not has_forms(replace(FRAMEWORK, perspectives=(Perspective.SCHOOL,)))
    assert not has_forms(tagged({"1.1.a": "trust", "1.1.b": "trust", "1.2.a": "challenge"}, FRAMEWORK))


def test_the_report_makes_it_of_the_criteria_as_they_are_shown_unless_schools_are_named() -> None:
    five = [
        school("a", answers(4, 4, 1, 3, 3)),
        school("b", answers(4, 1, 4, 3, 3)),
        school("c", answers(1, 4, 4, 3, 4)),
        school("d", answers(4, 4, 1, 3, 3)),
        school("e", answers(1, 1, 1, 3, 3)),
    ]
    forms = report_facts(FRAMEWORK, 5, five).forms
    assert forms is not None
    # Medians of the three criteria 4, 4 and 1: their mean. Of the schools: 3, 3, 3, 3 and 1.
    assert (forms.trust, forms.challenge, forms.improvement) == (shown("3.0"), shown("3.0"), True)
    by_name = report_facts(FRAMEWORK, 5, five, visibility=Visibility.OPEN).forms
    assert by_name is not None
    assert by_name.trust == shown("3.0")
    assert report_facts(FRAMEWORK, 5, five[:4]).forms == replace(
        forms, trust=Withheld(), challenge=Withheld(), improvement=None
    )


def shown(value: str, n: int = 5) -> Shown:
    return Shown(Decimal(value), n)
