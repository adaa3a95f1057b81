"""What may be published, and that nobody can work a school's scores out from it.

The attacker here is exhaustive. For a small partnership it goes through everything the other schools could have
scored, keeps what agrees with what was published and with the reader's own scores, and looks at what remains possible.
``test_disclosure_solver.py`` has one that goes on where there is too much to go through.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cache
from itertools import combinations, combinations_with_replacement, product
from typing import TypeAlias

import pytest

from core.analysis.agreement import Agreement, agreement
from core.analysis.counts import Tally
from core.analysis.disclosure import (
    Bound,
    Count,
    Gate,
    Published,
    ScoredCell,
    Shown,
    Span,
    Votes,
    Withheld,
    may_follow,
    mean_of_published,
    to_tenth,
)
from core.analysis.disclosure.words import word_may_be_told
from core.analysis.nonresponse import Bounds
from core.analysis.others import others_of_each
from core.analysis.report_making import report_facts
from core.analysis.scores import Cell, SchoolScores, median
from core.analysis.subtheme_facts import subtheme_facts
from core.framework import Framework, Perspective
from core.storage.stored_reports import report_to_json
from tests.support.scores import Pair, school, small_framework

HALF = Fraction(1, 2)
GATE = Gate()
Answers: TypeAlias = tuple[int | None, ...]
"""One school's answers, a place for each criterion."""


def shown(value: str, n: int) -> Shown:
    return Shown(Decimal(value), n)


@pytest.mark.parametrize(
    ("exact", "text"),
    [
        (Fraction(5, 2), "2.5"),
        (Fraction(9, 4), "2.3"),
        (Fraction(7, 3), "2.3"),
        (Fraction(-9, 4), "-2.3"),
        (Fraction(3), "3.0"),
        (Fraction(0), "0.0"),
        (Fraction(-1, 25), "0.0"),
    ],
)
def test_figures_have_one_decimal_half_up_and_read_the_same_both_ways(exact: Fraction, text: str) -> None:
    assert str(to_tenth(exact)) == text


@pytest.mark.parametrize(
    ("value", "n", "published"),
    [
        pytest.param(None, 0, Withheld(), id="no school"),
        pytest.param(Fraction(2), 1, Withheld(), id="one"),
        pytest.param(Fraction(2), 2, Withheld(), id="two"),
        pytest.param(Fraction(2), 3, Withheld(), id="three"),
        pytest.param(Fraction(2), 4, shown("2.0", 4), id="four"),
        pytest.param(Fraction(4), 4, Withheld(), id="four, three of them at the top"),
        pytest.param(Fraction(1), 4, Withheld(), id="four, three of them at the bottom"),
        pytest.param(Fraction(79, 20), 4, Withheld(), id="four, and what is shown would be the top"),
        pytest.param(Fraction(15, 4), 4, shown("3.8", 4), id="four, nearly at the top"),
        pytest.param(Fraction(4), 5, shown("4.0", 5), id="five at the top: one of them is free"),
    ],
)
def test_a_median_takes_four_schools_and_stands_back_from_the_ends(
    value: Fraction | None, n: int, published: Published
) -> None:
    assert GATE.median(Cell(value, n), 1, 4) == published


@pytest.mark.parametrize(
    ("n", "at_the_top", "inside"),
    [
        pytest.param(5, Withheld(), Withheld(), id="five, two of whom a reader knows"),
        pytest.param(6, Withheld(), shown("2.0", 6), id="six"),
        pytest.param(7, shown("4.0", 7), shown("2.0", 7), id="seven: one of the other five is free"),
    ],
)
def test_it_takes_two_more_for_each_other_school_that_a_reader_leads(
    n: int, at_the_top: Published, inside: Published
) -> None:
    gate = Gate(known=2)
    assert gate.median(Cell(Fraction(4), n), 1, 4) == at_the_top
    assert gate.median(Cell(Fraction(2), n), 1, 4) == inside


def test_where_schools_are_named_everything_passes() -> None:
    gate = Gate(named=True)
    alone = ScoredCell(schools=1, incomplete=1)
    assert gate.median(Cell(Fraction(4), 1), 1, 4) == shown("4.0", 1)
    assert gate.middle(Cell(Fraction(4), 1)) == shown("4.0", 1)
    assert gate.difference(Cell(Fraction(-1), 1), shown("2.0", 1), shown("4.0", 1)) == shown("-1.0", 1)
    assert gate.criterion(Cell(Fraction(2), 1), alone) == shown("2.0", 1)
    assert gate.agreement(Agreement.SPLIT, 4, 4, alone) is Agreement.SPLIT
    assert gate.count(Tally(1, 1)) == Count(1, 1, Bound.ABOUT)
    assert gate.could_be(Bounds(Fraction(1), Fraction(4)), 3, alone) == Span(Decimal("1.0"), Decimal("4.0"))
    assert gate.votes(Cell(Fraction(1), 1)) == Votes(1, 1, Bound.ABOUT)
    assert gate.median(Cell(None, 0), 1, 4) == Withheld()


@pytest.mark.parametrize(("n", "published"), [(4, Withheld()), (5, shown("4.0", 5))])
def test_the_median_of_the_others_takes_five_of_them(n: int, published: Published) -> None:
    assert GATE.middle(Cell(Fraction(4), n)) == published


@pytest.mark.parametrize(
    ("own_school", "partnership", "published"),
    [
        pytest.param(shown("2.0", 4), shown("3.5", 5), shown("-1.5", 4), id="that of the medians as they are shown"),
        pytest.param(Withheld(), shown("3.5", 5), Withheld(), id="not without the one"),
        pytest.param(shown("2.0", 5), Withheld(), Withheld(), id="not without the other"),
    ],
)
def test_a_difference_is_made_of_what_is_shown(
    own_school: Published, partnership: Published, published: Published
) -> None:
    assert GATE.difference(Cell(Fraction(-1), 4), own_school, partnership) == published


@pytest.mark.parametrize(
    ("schools", "left_some_unscored"),
    [(5, 0), (6, 0), (7, 1), (8, 1), (9, 2), (10, 2), (20, 7)],
)
def test_criteria_are_told_unless_too_many_schools_left_some_unscored(schools: int, left_some_unscored: int) -> None:
    assert GATE.criteria(ScoredCell(schools, left_some_unscored))
    assert not GATE.criteria(ScoredCell(schools, left_some_unscored + 1))
    assert not GATE.criteria(ScoredCell(4, 0))


@pytest.mark.parametrize(
    ("n", "known", "levels", "told"),
    [
        pytest.param(5, 1, 4, True, id="a lone dissenter reads close, and one more could dissent a little"),
        pytest.param(5, 1, 3, True, id="three levels"),
        pytest.param(18, 1, 2, False, id="two levels: the one dissenter would read split if there were another"),
        pytest.param(19, 1, 2, True, id="of nineteen two dissenters are still close"),
        pytest.param(7, 2, 4, True, id="a reader with two schools"),
        pytest.param(9, 3, 4, False, id="three known schools of nine decide the word"),
    ],
)
def test_a_word_is_told_where_one_school_could_move_without_changing_it(
    n: int, known: int, levels: int, told: bool
) -> None:
    assert word_may_be_told(n, known, levels) is told


@pytest.mark.parametrize(
    ("tally", "published"),
    [
        pytest.param(Tally(4, 7), Withheld(), id="seven schools"),
        pytest.param(Tally(0, 8), Count(2, 8, Bound.AT_MOST), id="none, which is not said"),
        pytest.param(Tally(2, 8), Count(2, 8, Bound.AT_MOST), id="two"),
        pytest.param(Tally(3, 8), Count(3, 8, Bound.ABOUT), id="three"),
        pytest.param(Tally(6, 8), Count(6, 8, Bound.AT_LEAST), id="six"),
        pytest.param(Tally(8, 8), Count(6, 8, Bound.AT_LEAST), id="all, which is not said"),
    ],
)
def test_counts_take_eight_schools_and_are_never_none_or_all(tally: Tally, published: Count | Withheld) -> None:
    assert GATE.count(tally) == published


@pytest.mark.parametrize(
    ("schools", "incomplete", "missing", "told"),
    [
        pytest.param(7, 0, 1, False, id="seven schools"),
        pytest.param(8, 0, 3, True, id="eight, three missing: the third lowest decides"),
        pytest.param(8, 0, 4, False, id="eight, four missing: the second lowest would have a part"),
        pytest.param(8, 1, 3, False, id="one left a criterion unscored"),
        pytest.param(8, 1, 1, True, id="one did, and one is missing"),
    ],
)
def test_bounds_are_told_unless_the_lowest_few_decide_them(
    schools: int, incomplete: int, missing: int, told: bool
) -> None:
    span = GATE.could_be(Bounds(Fraction(2), Fraction(3)), missing, ScoredCell(schools, incomplete))
    assert span == (Span(Decimal("2.0"), Decimal("3.0")) if told else Withheld())


@pytest.mark.parametrize(
    ("cells", "published"),
    [
        pytest.param([shown("2.5", 7), shown("2.0", 5), shown("2.2", 6)], shown("2.2", 5), id="6.7 / 3"),
        pytest.param([shown("2.5", 7), Withheld()], shown("2.5", 7), id="half of them"),
        pytest.param([shown("2.5", 7), Withheld(), Withheld()], Withheld(), id="less than half"),
        pytest.param([Withheld()], Withheld(), id="none"),
    ],
)
def test_an_area_is_made_of_what_is_shown(cells: list[Published], published: Published) -> None:
    assert mean_of_published(cells) == published


@pytest.mark.parametrize(
    ("mean", "n", "published"),
    [
        pytest.param(None, 0, Withheld(), id="nobody voted"),
        pytest.param(HALF, 4, Withheld(), id="four"),
        pytest.param(Fraction(0), 7, Votes(2, 7, Bound.AT_MOST), id="nobody chose it, which is not said"),
        pytest.param(Fraction(2, 7), 7, Votes(2, 7, Bound.AT_MOST), id="two"),
        pytest.param(Fraction(3, 7), 7, Votes(3, 7, Bound.ABOUT), id="three"),
        pytest.param(Fraction(7, 2) / 7, 7, Votes(4, 7, Bound.ABOUT), id="three and a half"),
        pytest.param(Fraction(5, 7), 7, Votes(5, 7, Bound.AT_LEAST), id="five"),
        pytest.param(Fraction(1), 7, Votes(5, 7, Bound.AT_LEAST), id="everybody chose it, which is not said"),
    ],
)
def test_votes_are_told_as_schools_and_never_as_none_or_all(
    mean: Fraction | None, n: int, published: Votes | Withheld
) -> None:
    assert GATE.votes(Cell(mean, n)) == published


def test_votes_that_use_up_every_vote_are_not_told_together() -> None:
    # Five schools with three votes each have 15; a reader knows three. Four times "at least 3" takes all 12 others.
    at_least = Votes(3, 5, Bound.AT_LEAST)
    assert not GATE.leaves_votes_over([at_least] * 4, 3)
    assert GATE.leaves_votes_over([at_least] * 3, 3)
    assert GATE.leaves_votes_over([at_least] * 3 + [Votes(2, 5, Bound.AT_MOST)], 3)
    assert GATE.leaves_votes_over([Withheld()] * 4, 3)


def test_figures_of_a_cycle_are_told_once_unless_schools_are_named() -> None:
    assert not may_follow(named=False, figures=True)
    assert may_follow(named=False, figures=False)
    assert may_follow(named=True, figures=True)


def one_side(criteria: int, levels: int) -> Framework:
    """One sub-theme, asked of the own school alone: with its criteria, its counts and its words."""
    established = min(3, levels)
    return small_framework({"1": {"1.1": criteria}}, levels, established, perspectives=(Perspective.SCHOOL,))


def as_school(name: str, answers: Answers) -> SchoolScores:
    return school(name, {f"1.1.{letter}": (level, None) for letter, level in zip("abc", answers, strict=False)})


def levels_of(answers: Answers) -> tuple[int | Fraction | None, ...]:
    """What a reader must not know: each answer, and the score of the sub-theme they make."""
    there = [level for level in answers if level is not None]
    return *answers, Fraction(sum(there), len(there)) if there and 2 * len(there) >= len(answers) else None


def told(framework: Framework, reader: Sequence[SchoolScores], others: Sequence[SchoolScores]) -> Hashable:
    """All that this reader is told: the report of everybody, and the own reports of the reader's schools."""
    everybody = [*reader, *others]
    gate = Gate(known=len(reader))
    report = subtheme_facts(framework, framework.subthemes[0], everybody, 1, gate)
    of_others = others_of_each(framework, everybody, gate)
    return report, tuple(tuple(of_others[each.school].items()) for each in reader)


def found_out(framework: Framework, n: int, readers: Iterable[Sequence[Answers]], *, unscored: bool) -> list[str]:
    """Every reader's own answers and publication that leave one level only for a cell of another school.

    The other schools may be exchanged for one another, so a level is possible for each of them as soon as it stands
    anywhere in a world that agrees with what the reader sees. That a school has no score does not count as a level.
    """
    levels = (*framework.level_values, *((None,) if unscored else ()))
    every = tuple(product(levels, repeat=len(framework.criteria)))
    places = {answers: as_school("other", answers) for answers in every}
    found = []
    for reader in readers:
        own = [as_school(f"own {number}", answers) for number, answers in enumerate(reader)]
        possible: dict[Hashable, list[set[int | Fraction | None]]] = {}
        for others in combinations_with_replacement(every, n - len(own)):
            seen = told(framework, own, [places[answers] for answers in others])
            cells = possible.setdefault(seen, [set() for _ in range(len(framework.criteria) + 1)])
            for other in others:
                for cell, level in zip(cells, levels_of(other), strict=True):
                    cell.add(level)
        found += [f"{reader}: {seen}" for seen, cells in possible.items() if any(len(c - {None}) == 1 for c in cells)]
    return found


@pytest.mark.parametrize(
    ("n", "criteria", "levels", "readers", "unscored"),
    [
        pytest.param(4, 1, 4, [[(1,)], [(3,)], [(4,)]], True, id="4 schools, 4 levels"),
        pytest.param(4, 2, 2, [[(1, 1)], [(1, 2)], [(2, None)]], True, id="4 schools, two criteria on 2 levels"),
        pytest.param(5, 1, 4, [[(1,)], [(2,)], [(4,)], [(None,)]], True, id="5 schools, 4 levels"),
        pytest.param(5, 2, 3, [[(1, 1)], [(3, 1)], [(2, None)]], True, id="5 schools, two criteria on 3 levels"),
        pytest.param(5, 3, 2, [[(1, 1, 2)]], False, id="5 schools, three criteria on 2 levels"),
        pytest.param(6, 1, 4, [[(1,)], [(3,)]], True, id="6 schools, 4 levels"),
        pytest.param(6, 2, 2, [[(1, 2)], [(2, 2)]], True, id="6 schools, two criteria on 2 levels"),
        pytest.param(8, 1, 3, [[(1,)], [(2,)]], True, id="8 schools with counts, 3 levels"),
        pytest.param(7, 1, 4, [[(1,), (4,)], [(1,), (1,)]], True, id="7 schools, two of them the reader's"),
    ],
)
def test_everything_told_of_a_subtheme_leaves_every_other_school_two_levels(
    n: int, criteria: int, levels: int, readers: Sequence[Sequence[Answers]], unscored: bool
) -> None:
    assert found_out(one_side(criteria, levels), n, readers, unscored=unscored) == []


def test_the_attacker_would_find_a_median_of_four_schools_at_the_end_of_the_scale() -> None:
    possible: dict[Fraction | None, set[int]] = defaultdict(set)
    for others in combinations_with_replacement((1, 2, 3, 4), 3):
        careless = median(Fraction(level) for level in (1, *others))
        possible[careless].update(others)
    assert possible[Fraction(4)] == {4}


def test_the_attacker_would_find_a_word_on_two_levels() -> None:
    """Of ten schools the reader stands alone at 1. Were another there, the word would be split and not close."""
    possible: dict[Hashable, set[int]] = defaultdict(set)
    for others in combinations_with_replacement((1, 2), 9):
        levels = [Fraction(level) for level in (1, *others)]
        careless = median(levels), agreement(Counter(levels), 1, 2)
        possible[careless].update(others)
    assert possible[Fraction(2), Agreement.CLOSE] == {2}


FRAMEWORK = small_framework({"1": {"1.1": 1, "1.2": 1}}, levels=2, established=2)


@pytest.mark.parametrize(
    ("n", "reader"),
    [
        pytest.param(4, (1, 2, 2, 1), id="4 schools"),
        pytest.param(5, (1, 1, 2, 2), id="5 schools"),
    ],
)
def test_the_whole_report_leaves_every_other_school_two_levels(n: int, reader: tuple[int, ...]) -> None:
    """Both sides of two sub-themes, with areas, differences, strengths and priorities."""

    def as_whole(levels: tuple[int, ...]) -> SchoolScores:
        return school("any", {"1.1.a": (levels[0], levels[1]), "1.2.a": (levels[2], levels[3])})

    possible: dict[str, list[set[int]]] = {}
    for others in combinations_with_replacement(tuple(product((1, 2), repeat=4)), n - 1):
        seen = json.dumps(report_to_json(report_facts(FRAMEWORK, n, [as_whole(each) for each in (reader, *others)])))
        cells = possible.setdefault(seen, [set() for _ in range(4)])
        for other in others:
            for cell, level in zip(cells, other, strict=True):
                cell.add(level)
    assert all(cell == {1, 2} for cells in possible.values() for cell in cells)


SUBTHEMES = [f"1.{number}" for number in range(1, 10)]
VOTED_FOR = SUBTHEMES[:5]
BALLOTS = [frozenset(each) for size in (1, 2, 3) for each in combinations(VOTED_FOR, size)]


def counted(ballots: Iterable[frozenset[str]]) -> tuple[int, ...]:
    return tuple(map(sum, zip(*([each in ballot for each in VOTED_FOR] for ballot in ballots), strict=True)))


@cache
def ballots_by_count() -> dict[tuple[int, ...], set[tuple[str, bool]]]:
    """Whatever four other schools may have chosen, by what it adds up to: who may have chosen what, or not."""
    found: dict[tuple[int, ...], set[tuple[str, bool]]] = defaultdict(set)
    choices = {ballot: {(each, each in ballot) for each in VOTED_FOR} for ballot in BALLOTS}
    for others in combinations_with_replacement(BALLOTS, 4):
        found[counted(others)].update(*(choices[ballot] for ballot in others))
    return found


def priorities_told(counts: Sequence[int]) -> str:
    """What the report of five schools says of their votes, where five of nine sub-themes are below established."""
    framework = small_framework({"1": dict.fromkeys(SUBTHEMES, 1)})
    scored: dict[str, Pair] = {f"{each}.a": (3, 3) for each in SUBTHEMES}
    scored |= {f"{each}.a": (3, 2) for each in VOTED_FOR}
    votes = [{each for each, count in zip(VOTED_FOR, counts, strict=True) if place < count} for place in range(5)]
    schools = [school("any", scored, votes=[vote | {"1.9"}]) for vote in votes]
    return json.dumps(report_to_json(report_facts(framework, 5, schools))["priorities"])


def test_votes_leave_every_other_school_free_to_have_chosen_or_not() -> None:
    possible: dict[str, set[tuple[str, bool]]] = defaultdict(set)
    for (first, *rest), choices in ballots_by_count().items():
        reader_chose_the_first = (first + 1, *rest)
        possible[priorities_told(reader_chose_the_first)] |= choices
    assert all(len(choices) == 2 * len(VOTED_FOR) for choices in possible.values())
