"""The facts of a report, from a case worked by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import pytest

from core.analysis.disclosure import Bound, Published, Shown, Votes, Withheld
from core.analysis.report import (
    Difference,
    Priority,
    ReportFacts,
    ResponseRate,
    Strength,
    SubThemeFacts,
)
from core.analysis.report_making import report_facts
from core.analysis.scores import SchoolScores
from core.framework import Perspective
from core.storage.stored_reports import report_to_json
from tests.support.scores import Pair, school, small_framework

SIX = small_framework({"1": {"1.1": 1, "1.2": 1}, "2": {"2.1": 1, "2.2": 1, "2.3": 1, "2.4": 1}})

FIVE_SCHOOLS: Mapping[str, Sequence[Pair]] = {
    "1.1": [(4, 3), (4, 3), (3, 4), (4, 3), (3, 3)],
    "1.2": [(2, 1), (2, 2), (2, 2), (2, 1), (2, 1)],
    "2.1": [(1, 1), (2, 2), (3, 3), (4, 4), (None, 4)],
    "2.2": [(3, 4), (3, 4), (3, 4), (3, 3), (3, 3)],
    "2.3": [(None, 2), (None, 2), (3, 2), (3, 3), (3, 3)],
    "2.4": [(2, 3), (2, 3), (3, 3), (3, 3), (3, 2)],
}
VOTES = [{"1.2", "2.3"}, {"1.2", "2.3"}, {"2.3"}, {"2.3"}, {"1.1"}]


def schools(given: Mapping[str, Sequence[Pair]], votes: Sequence[set[str]]) -> list[SchoolScores]:
    return [
        school(f"school {number}", {f"{subtheme}.a": pairs[number] for subtheme, pairs in given.items()}, votes=[vote])
        for number, vote in enumerate(votes)
    ]


def shown(value: str, n: int = 5) -> Shown:
    return Shown(Decimal(value), n)


def figures(subtheme: SubThemeFacts) -> tuple[Published | None, ...]:
    return subtheme.own_school, subtheme.partnership, subtheme.difference


@pytest.fixture
def facts() -> ReportFacts:
    return report_facts(SIX, 7, schools(FIVE_SCHOOLS, VOTES))


@pytest.mark.parametrize(
    ("subtheme", "own_school", "partnership", "difference"),
    [
        # own 3 3 4 4 4; partnership 3 3 3 3 4
        pytest.param("1.1", shown("4.0"), shown("3.0"), shown("1.0"), id="1.1"),
        # own 2 2 2 2 2; partnership 1 1 1 2 2
        pytest.param("1.2", shown("2.0"), shown("1.0"), shown("1.0"), id="1.2"),
        # own 1 2 3 4 of four; partnership 1 2 3 4 4; the difference is that of the two, of four schools at least
        pytest.param("2.1", shown("2.5", 4), shown("3.0"), shown("-0.5", 4), id="2.1"),
        # own 3 3 3 3 3; partnership 3 3 4 4 4
        pytest.param("2.2", shown("3.0"), shown("4.0"), shown("-1.0"), id="2.2"),
        # own of three; partnership 2 2 2 3 3
        pytest.param("2.3", Withheld(), shown("2.0"), Withheld(), id="2.3"),
        # own 2 2 3 3 3; partnership 2 3 3 3 3
        pytest.param("2.4", shown("3.0"), shown("3.0"), shown("0.0"), id="2.4"),
    ],
)
def test_each_subtheme_has_its_figures_or_withholds_them(
    facts: ReportFacts, subtheme: str, own_school: Published, partnership: Published, difference: Published
) -> None:
    found = next(each for each in facts.subthemes if each.id == subtheme)
    assert figures(found) == (own_school, partnership, difference)


def test_an_areas_figures_are_the_means_of_what_is_shown_below_them(facts: ReportFacts) -> None:
    one, two = facts.areas
    assert (one.own_school, one.partnership) == (shown("3.0"), shown("2.0"))
    # (2.5 + 3.0 + 3.0) / 3 with the fewest schools of the three; (3 + 4 + 2 + 3) / 4
    assert (two.own_school, two.partnership) == (shown("2.8", 4), shown("3.0"))


def test_the_strongest_are_the_highest_of_the_partnership_with_ties(facts: ReportFacts) -> None:
    # A third of six is two; the second is a tie of three.
    assert facts.strongest == (
        Strength(1, "2.2", Decimal("4.0")),
        Strength(2, "1.1", Decimal("3.0")),
        Strength(2, "2.1", Decimal("3.0")),
        Strength(2, "2.4", Decimal("3.0")),
    )


def test_first_priorities_weigh_need_and_votes(facts: ReportFacts) -> None:
    # 1.2: need (3 - 1) / 2 = 1, two votes of five: 1 x 1.4. 2.3: need (3 - 2) / 2, four votes shown as 3: 0.5 x 1.6.
    assert facts.priorities == (
        Priority(1, "1.2", Decimal("1.0"), Votes(2, 5, Bound.AT_MOST)),
        Priority(2, "2.3", Decimal("0.5"), Votes(3, 5, Bound.AT_LEAST)),
    )


def test_the_widest_differences_point_both_ways(facts: ReportFacts) -> None:
    assert facts.differences == (
        Difference(1, "1.1", Decimal("1.0")),
        Difference(1, "1.2", Decimal("1.0")),
        Difference(1, "2.2", Decimal("-1.0")),
    )


def test_a_difference_under_half_a_level_is_not_spoken_of() -> None:
    framework = small_framework({"1": {"1.1": 3, "1.2": 2}})
    own = {"1.1.a": (3, 2), "1.1.b": (2, 2), "1.1.c": (2, 2), "1.2.a": (3, 2), "1.2.b": (2, 2)}
    # 7/3 - 2 is a third of a level, 5/2 - 2 is half of one.
    found = report_facts(framework, 5, [school(name, own) for name in "abcde"])
    assert found.differences == (Difference(1, "1.2", Decimal("0.5")),)


def test_the_order_of_the_schools_makes_no_difference(facts: ReportFacts) -> None:
    assert report_facts(SIX, 7, schools(FIVE_SCHOOLS, VOTES)[::-1]) == facts


@pytest.mark.parametrize(
    ("submitted", "roster", "partial", "missing"),
    [
        pytest.param(0, 7, True, 4, id="nobody yet"),
        pytest.param(3, 7, True, 1, id="one school short of any figure"),
        pytest.param(4, 7, True, 0, id="57 %"),
        pytest.param(3, 5, False, 1, id="60 %, and still too few"),
        pytest.param(6, 10, False, 0, id="60 %"),
        pytest.param(59, 100, True, 0, id="59 %"),
    ],
)
def test_under_sixty_percent_is_partial_and_four_schools_are_the_least(
    submitted: int, roster: int, partial: bool, missing: int
) -> None:
    rate = ResponseRate(submitted, roster)
    assert (rate.partial, rate.missing) == (partial, missing)


@pytest.mark.parametrize("submitted", [0, 1, 2, 3])
def test_of_less_than_four_schools_there_is_the_response_and_nothing_else(submitted: int) -> None:
    found = report_facts(SIX, 7, schools(FIVE_SCHOOLS, VOTES[:submitted]))
    assert found.response == ResponseRate(submitted, 7)
    assert not found.enough
    assert {cell for each in found.subthemes for cell in (each.own_school, each.partnership, each.difference)} == {
        Withheld()
    }
    assert {cell for area in found.areas for cell in (area.own_school, area.partnership)} == {Withheld()}
    assert (found.strongest, found.priorities, found.differences) == ((), (), ())


def test_four_schools_see_medians_within_the_scale_and_their_difference_but_no_votes() -> None:
    found = report_facts(SIX, 4, schools(FIVE_SCHOOLS, VOTES[:4]))
    assert found.enough
    # 3 4 4 4 for their own schools: at the top, three of the four are.
    assert figures(found.subthemes[0]) == (Withheld(), shown("3.0", 4), Withheld())
    # 2 2 2 2 against 1 1 2 2; 3 3 3 4 against 3 4 4 4 is at the top.
    assert figures(found.subthemes[1]) == (shown("2.0", 4), shown("1.5", 4), shown("0.5", 4))
    assert found.priorities[0] == Priority(1, "1.2", Decimal("0.8"), Withheld())


def test_where_all_are_level_nothing_is_strongest() -> None:
    level: dict[str, Sequence[Pair]] = {subtheme: [(3, 2)] * 5 for subtheme in FIVE_SCHOOLS}
    assert report_facts(SIX, 5, schools(level, VOTES)).strongest == ()


def test_where_everything_is_established_nothing_is_a_first_priority() -> None:
    done: dict[str, Sequence[Pair]] = {subtheme: [(3, 3)] * 5 for subtheme in FIVE_SCHOOLS}
    assert report_facts(SIX, 5, schools(done, VOTES)).priorities == ()


def test_votes_that_would_tell_too_much_are_left_out_of_the_order_too() -> None:
    # Four schools use all twelve votes of theirs on four sub-themes; the fifth knows that nobody joined it.
    framework = small_framework({"1": {f"1.{number}": 1 for number in range(1, 10)}})
    answers: dict[str, Pair] = {f"1.{number}.a": (3, 2 if number <= 5 else 3) for number in range(1, 10)}
    votes = [{"1.1", "1.2", "1.3"}, {"1.1", "1.2", "1.4"}, {"1.1", "1.3", "1.4"}, {"1.2", "1.3", "1.4"}, {"1.5"}]
    found = report_facts(framework, 5, [school("any", answers, votes=[vote]) for vote in votes])
    # By need alone the five are level.
    assert [(each.rank, each.subtheme) for each in found.priorities] == [(1, f"1.{n}") for n in range(1, 6)]
    assert {each.votes for each in found.priorities} == {Withheld()}


OWN_ONLY = small_framework({"1": {"1.1": 1, "1.2": 1, "1.3": 1}}, perspectives=(Perspective.SCHOOL,))


def test_a_framework_about_the_school_alone_ranks_by_votes() -> None:
    answers: dict[str, Pair] = {"1.1.a": (1, None), "1.2.a": (2, None), "1.3.a": (3, None)}
    votes: list[set[str]] = [{"1.2"}, {"1.2"}, {"1.2"}, {"1.3"}, {"1.3"}]
    found = report_facts(OWN_ONLY, 5, [school("any", answers, votes=[vote]) for vote in votes])
    assert figures(found.subthemes[0]) == (shown("1.0"), None, None)
    assert found.areas[0].partnership is None
    assert found.strongest == (Strength(1, "1.3", Decimal("3.0")),)
    assert found.priorities == (Priority(1, "1.2", None, Votes(3, 5, Bound.AT_LEAST)),)
    assert found.differences == ()


def test_a_framework_of_one_subtheme_has_nothing_to_compare() -> None:
    framework = small_framework({"1": {"1.1": 1}})
    found = report_facts(framework, 5, [school("any", {"1.1.a": (3, 2)}) for _ in range(5)])
    assert found.strongest == ()
    assert found.priorities == (Priority(1, "1.1", Decimal("0.5"), Withheld()),)


def test_a_snapshot_holds_nothing_that_is_withheld(facts: ReportFacts) -> None:
    stored = report_to_json(facts)
    withheld = stored["areas"][1]["subthemes"][2]  # type: ignore[index]
    assert {name: withheld[name] for name in ("own_school", "partnership", "difference")} == {
        "own_school": {"withheld": "few-schools"},
        "partnership": {"value": "2.0", "n": 5},
        "difference": {"withheld": "few-schools"},
    }
