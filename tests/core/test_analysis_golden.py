"""Partnerships of 1, 3, 5, 7 and 40 schools, worked by hand; and what must hold for any."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.analysis.agreement import Agreement
from core.analysis.disclosure import Bound, Count, Published, Shown, Span, Votes, Withheld
from core.analysis.narrative import narrative
from core.analysis.priorities import votes
from core.analysis.report import Detail, More, ReportFacts, ResponseRate, SubThemeFacts
from core.analysis.report_making import report_facts
from core.analysis.school_table import school_table
from core.analysis.scores import SchoolScores, partnership_value, school_answer, subtheme_score
from core.enquiry import Visibility
from core.framework import Perspective, Row
from tests.support.scores import Pair, school, small_framework

FRAMEWORK = small_framework({"1": {"1.1": 2, "1.2": 1, "1.3": 1}})


def schools(given: Mapping[str, Sequence[Pair]], chosen: Sequence[set[str]] = ()) -> list[SchoolScores]:
    """By criterion, a pair for each school; and what each school's leader voted for."""
    number = len(next(iter(given.values())))
    return [
        school(
            f"school {place:02}",
            {criterion: pairs[place] for criterion, pairs in given.items()},
            votes=[chosen[place] if place < len(chosen) else set()],
        )
        for place in range(number)
    ]


def shown(value: str, n: int) -> Shown:
    return Shown(Decimal(value), n)


def medians(facts: ReportFacts) -> dict[str, tuple[Published | None, ...]]:
    return {each.id: (each.own_school, each.partnership, each.difference) for each in facts.subthemes}


def words(subtheme: SubThemeFacts) -> list[Agreement | Withheld]:
    return [each.agreement for each in subtheme.criteria]


NOTHING = (Withheld(), Withheld(), Withheld())
ONE: Mapping[str, Sequence[Pair]] = {"1.1.a": [(3, 2)], "1.1.b": [(2, 2)], "1.2.a": [(4, 3)], "1.3.a": [(None, 1)]}


def test_one_school_sees_the_response_alone() -> None:
    facts = report_facts(FRAMEWORK, 3, schools(ONE))
    assert facts.response == ResponseRate(1, 3)
    assert (facts.response.partial, facts.response.missing) == (True, 3)
    assert set(medians(facts).values()) == {NOTHING}
    assert facts.more == (More.MORE_SCHOOLS, More.BE_OPEN)


def test_one_school_that_is_open_sees_itself() -> None:
    facts = report_facts(FRAMEWORK, 3, schools(ONE), visibility=Visibility.OPEN)
    assert (facts.enough, facts.more) == (True, ())
    assert medians(facts) == {
        "1.1": (shown("2.5", 1), shown("2.0", 1), shown("0.5", 1)),
        "1.2": (shown("4.0", 1), shown("3.0", 1), shown("1.0", 1)),
        "1.3": (Withheld(), shown("1.0", 1), Withheld()),
    }


THREE: Mapping[str, Sequence[Pair]] = {
    "1.1.a": [(1, 1), (2, 2), (4, 4)],
    "1.1.b": [(2, 1), (3, 3), (4, 4)],
    "1.2.a": [(4, 2), (2, 2), (3, 4)],
    "1.3.a": [(3, 3), (3, 3), (3, 3)],
}


def test_three_schools_have_the_response_or_are_open() -> None:
    assert set(medians(report_facts(FRAMEWORK, 3, schools(THREE))).values()) == {NOTHING}
    facts = report_facts(FRAMEWORK, 3, schools(THREE, [{"1.1"}, {"1.1", "1.2"}]), visibility=Visibility.OPEN)
    # 1.5 2.5 4 and 1 2.5 4; differences 0.5 0 0. Then 4 2 3, 2 2 4; differences 2 0 -1.
    assert medians(facts)["1.1"] == (shown("2.5", 3), shown("2.5", 3), shown("0.0", 3))
    assert medians(facts)["1.2"] == (shown("3.0", 3), shown("2.0", 3), shown("0.0", 3))
    assert words(facts.subthemes[0]) == [Withheld(), Withheld()]
    # Needs (3 - 2.5) / 2 and (3 - 2) / 2; of two schools that voted two and one: 0.25 x 2 and 0.5 x 1.5.
    assert [(each.subtheme, each.votes) for each in facts.priorities] == [("1.2", Votes(1, 2, Bound.ABOUT))]
    table = school_table(FRAMEWORK, schools(THREE))
    assert table.of(Perspective.SCHOOL)["school 00"] == (Decimal("1.5"), Decimal("4.0"), Decimal("3.0"))


FIVE: Mapping[str, Sequence[Pair]] = {
    "1.1.a": [(1, 1), (2, 1), (3, 2), (3, 4), (4, 4)],
    "1.1.b": [(2, 1), (2, 2), (3, 2), (4, 2), (4, 3)],
    "1.2.a": [(2, 4), (2, 3), (3, 3), (3, 3), (4, 2)],
    "1.3.a": [(3, 2), (None, 2), (3, 2), (3, 2), (3, None)],
}


def test_five_schools_see_medians_differences_and_what_they_agree_about() -> None:
    facts = report_facts(FRAMEWORK, 5, schools(FIVE, [{"1.1"}, {"1.1"}, {"1.1", "1.3"}, {"1.3"}, {"1.2"}]))
    assert medians(facts) == {
        # 1.5 2 3 3.5 4 and 1 1.5 2 3 3.5
        "1.1": (shown("3.0", 5), shown("2.0", 5), shown("1.0", 5)),
        "1.2": (shown("3.0", 5), shown("3.0", 5), shown("0.0", 5)),
        # four schools each, inside the scale
        "1.3": (shown("3.0", 4), shown("2.0", 4), shown("1.0", 4)),
    }
    # 1 1 2 4 4; 1 2 2 2 3; 2 3 3 3 4
    assert words(facts.subthemes[0]) == [Agreement.SPLIT, Agreement.CLOSE]
    assert [each.value for each in facts.subthemes[0].criteria] == [shown("2.0", 5), shown("2.0", 5)]
    assert words(facts.subthemes[1]) == [Agreement.CLOSE]
    assert words(facts.subthemes[2]) == [Withheld()]
    assert facts.subthemes[0].details[0] == Detail(Perspective.SCHOOL, Withheld(), None)
    # Both need 0.5; three votes are "at least 3", two "at most 2".
    (first,) = facts.priorities
    assert (first.subtheme, first.need, first.votes) == ("1.1", Decimal("0.5"), Votes(3, 5, Bound.AT_LEAST))
    assert first.evidence_first
    assert facts.more == (More.BE_OPEN,)


def test_its_narrative_takes_the_split_criterion_of_the_first_priority() -> None:
    told = narrative(FRAMEWORK, report_facts(FRAMEWORK, 5, schools(FIVE)))
    assert [each.subtheme for each in told.celebrate] == ["1.2"]
    assert [(each.priority.subtheme, each.split) for each in told.work_on] == [("1.1", ("1.1.a",)), ("1.3", ())]
    assert (told.split, told.close, told.question) == (("1.1.a",), ("1.1.b", "1.2.a"), "1.1.a")
    assert [each.subtheme for each in told.differ] == ["1.1", "1.3"]
    assert told.changed == ()


SEVEN_OWN = (1, 2, 2, 3, 3, 4, 4)
SEVEN_PARTNERSHIP = (2, 2, 2, 2, 3, 3, 4)


def test_seven_schools_of_ten_see_no_counts_and_no_bounds_yet() -> None:
    pairs = list(zip(SEVEN_OWN, SEVEN_PARTNERSHIP, strict=True))
    facts = report_facts(FRAMEWORK, 10, schools({f"1.{place}.a": pairs for place in (1, 2, 3)}))
    assert (facts.response.partial, facts.response.missing) == (False, 0)
    assert medians(facts)["1.2"] == (shown("3.0", 7), shown("2.0", 7), shown("1.0", 7))
    assert facts.subthemes[1].details == (
        Detail(Perspective.SCHOOL, Withheld(), Withheld()),
        Detail(Perspective.PARTNERSHIP, Withheld(), Withheld()),
    )
    # 2 2 2 2 3 3 4: six of seven within two levels
    assert words(facts.subthemes[1]) == [Agreement.CLOSE]
    # Of 1.1 everybody left one of two criteria unscored, so nothing is told of either.
    assert words(facts.subthemes[0]) == [Withheld(), Withheld()]


def test_forty_schools_of_forty_six_see_counts_and_bounds() -> None:
    # Ten at each level of their own; the partnership eight at 1, twelve at 2, sixteen at 3 and four at 4.
    own = [level for level in (1, 2, 3, 4) for _ in range(10)]
    partnership = [1] * 8 + [2] * 12 + [3] * 16 + [4] * 4
    pairs: list[Pair] = list(zip(own, partnership, strict=True))
    facts = report_facts(FRAMEWORK, 46, schools({"1.2.a": pairs, "1.3.a": [(4, 4)] * 40}))
    found = facts.subthemes[1]
    # The 20th and 21st: 2 and 3, and 2 and 3.
    assert (found.own_school, found.partnership) == (shown("2.5", 40), shown("2.5", 40))
    # With six more at the bottom the 17th and 18th decide, with six more at the top the 23rd and 24th.
    assert found.details == (
        Detail(Perspective.SCHOOL, Count(20, 40, Bound.ABOUT), Span(Decimal("2.0"), Decimal("3.0"))),
        Detail(Perspective.PARTNERSHIP, Count(20, 40, Bound.ABOUT), Span(Decimal("2.0"), Decimal("3.0"))),
    )
    # mean 2.4: 0.2 log2(1 - 1.4/3) + 0.3 log2(1 - 0.4/3) + 0.4 log2(1 - 0.6/3) + 0.1 log2(1 - 1.6/3) = -0.482
    assert words(found) == [Agreement.MIXED]
    assert facts.subthemes[2].details[0].established == Count(38, 40, Bound.AT_LEAST)


levels = st.one_of(st.none(), st.integers(1, 4))
pairs = st.tuples(levels, levels)
leaders = st.fixed_dictionaries({"1.1.a": pairs, "1.1.b": pairs, "1.2.a": pairs, "1.3.a": pairs})
chosen = st.sets(st.sampled_from(["1.1", "1.2", "1.3"]), max_size=3)


@st.composite
def partnerships(draw: st.DrawFn, least: int = 1) -> list[SchoolScores]:
    number = draw(st.integers(least, 12))
    return [_school(draw, f"school {place}") for place in range(number)]


def _school(draw: st.DrawFn, name: str) -> SchoolScores:
    team = draw(st.lists(leaders, min_size=1, max_size=3))
    return school(name, *team, votes=[draw(chosen) for _ in team])


def every_score(school: SchoolScores) -> list[Fraction | None]:
    sides = [(each, side) for each in FRAMEWORK.subthemes for side in FRAMEWORK.perspectives]
    return [subtheme_score(school, each, side) for each, side in sides]


@given(partnerships(least=2), leaders, chosen)
def test_another_leader_of_one_school_changes_no_other_schools_score_and_no_schools_weight(
    partnership: list[SchoolScores], answers: Mapping[str, Pair], vote: set[str]
) -> None:
    first, *rest = partnership
    joined = school(first.school, answers, votes=[vote])
    more = replace(first, leaders=(*first.leaders, *joined.leaders), votes=(*first.votes, *joined.votes))
    assert [every_score(each) for each in [more, *rest][1:]] == [every_score(each) for each in rest]
    for subtheme in FRAMEWORK.subthemes:
        for side in FRAMEWORK.perspectives:
            before = partnership_value(partnership, subtheme, side).n
            grown = partnership_value([more, *rest], subtheme, side).n
            had = subtheme_score(first, subtheme, side) is not None
            assert grown - before == (subtheme_score(more, subtheme, side) is not None) - had
        assert votes([more], subtheme.id).n <= 1


@given(st.data(), partnerships())
def test_the_order_of_the_schools_and_of_their_leaders_never_matters(
    data: st.DataObject, partnership: list[SchoolScores]
) -> None:
    mixed = [
        replace(each, leaders=each.leaders[::-1], votes=each.votes[::-1])
        for each in data.draw(st.permutations(partnership))
    ]
    for visibility in Visibility:
        facts = report_facts(FRAMEWORK, 12, partnership, visibility=visibility)
        assert report_facts(FRAMEWORK, 12, mixed, visibility=visibility) == facts


@given(partnerships())
def test_unscored_never_counts_as_a_score(partnership: list[SchoolScores]) -> None:
    """An answer that is unscored and one that was never given are the same, and neither is a number."""
    silent = [
        replace(
            each,
            leaders=tuple(
                {row: level for row, level in leader.items() if level is not None} for leader in each.leaders
            ),
        )
        for each in partnership
    ]
    assert report_facts(FRAMEWORK, 12, silent) == report_facts(FRAMEWORK, 12, partnership)
    nobody = school("nobody", {"1.1.a": (None, None)})
    assert school_answer(nobody, Row("1.1.a", Perspective.SCHOOL)) is None
    for subtheme in FRAMEWORK.subthemes:
        cell = partnership_value(partnership, subtheme, Perspective.SCHOOL)
        assert partnership_value([*partnership, nobody], subtheme, Perspective.SCHOOL) == cell


@pytest.mark.parametrize("number", [0, 1, 2, 3])
def test_of_up_to_three_schools_nothing_is_told_of_any_score(number: int) -> None:
    facts = report_facts(FRAMEWORK, 7, schools(FIVE)[:number])
    assert set(medians(facts).values()) == {NOTHING}
    assert {word for each in facts.subthemes for word in words(each)} == {Withheld()}
    assert (facts.strongest, facts.priorities, facts.differences) == ((), (), ())
