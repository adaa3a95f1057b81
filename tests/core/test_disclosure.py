"""What may be published, and that nobody can work a school's scores out from it.

The attacker here is exhaustive. For a small partnership it goes through everything the other schools could have
scored, keeps what agrees with what was published and with the reader's own scores, and looks at what remains possible.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cache
from itertools import combinations, combinations_with_replacement, product
from typing import TypeAlias

import pytest

from core.analysis.disclosure import (
    Bound,
    Published,
    Shown,
    Votes,
    Withheld,
    disclose_difference,
    disclose_median,
    disclose_votes,
    leave_votes_over,
    mean_of_published,
    to_tenth,
)
from core.analysis.report_json import to_json
from core.analysis.report_making import report_facts
from core.analysis.scores import Cell, SchoolScores, over_schools
from tests.support.scores import Pair, school, small_framework

HALF = Fraction(1, 2)
Score: TypeAlias = int
"""In half levels, as the means of two criteria come; whole numbers, because there are many to go through."""
UNSCORED = 99
Scores: TypeAlias = tuple[Score, ...]
"""One school's scores, a place for each cell; or the scores of one cell, in order."""
Gate: TypeAlias = Callable[[Cell, Published, Published], Published]


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
    assert disclose_median(Cell(value, n), 1, 4) == published


@pytest.mark.parametrize(
    ("n", "own_school", "partnership", "published"),
    [
        pytest.param(4, shown("2.0", 4), shown("3.5", 4), Withheld(), id="four"),
        pytest.param(5, shown("2.0", 5), shown("3.5", 5), shown("-1.5", 5), id="five"),
        pytest.param(5, Withheld(), shown("3.5", 5), Withheld(), id="not without the one median"),
        pytest.param(5, shown("2.0", 5), Withheld(), Withheld(), id="not without the other"),
    ],
)
def test_a_difference_takes_five_schools_and_both_medians(
    n: int, own_school: Published, partnership: Published, published: Published
) -> None:
    assert disclose_difference(Cell(Fraction(-3, 2), n), own_school, partnership) == published


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
    assert disclose_votes(Cell(mean, n)) == published


def test_votes_that_use_up_every_vote_are_not_told_together() -> None:
    # Five schools with three votes each have 15; a reader knows three. Four times "at least 3" takes all 12 others.
    at_least = Votes(3, 5, Bound.AT_LEAST)
    assert not leave_votes_over([at_least] * 4, 3)
    assert leave_votes_over([at_least] * 3, 3)
    assert leave_votes_over([at_least] * 3 + [Votes(2, 5, Bound.AT_MOST)], 3)
    assert leave_votes_over([Withheld()] * 4, 3)


def cell_of(scores: Scores) -> Cell:
    return over_schools(None if score == UNSCORED else Fraction(score, 2) for score in scores)


@cache
def median_of(scores: Scores, highest: int) -> Published:
    return disclose_median(cell_of(scores), 1, highest)


@cache
def difference_of(differences: Scores, own_school: Published, partnership: Published, gate: Gate) -> Published:
    return gate(cell_of(differences), own_school, partnership)


def in_order(scores: Iterable[Score]) -> Scores:
    return tuple(sorted(scores))


def subtheme_published(schools: Sequence[Scores], highest: int, gate: Gate) -> tuple[Published, ...]:
    own_school = median_of(in_order(own for own, _ in schools), highest)
    partnership = median_of(in_order(other for _, other in schools), highest)
    differences = in_order(UNSCORED if UNSCORED in pair else pair[0] - pair[1] for pair in schools)
    return own_school, partnership, difference_of(differences, own_school, partnership, gate)


def found_out(
    scores: Scores,
    n: int,
    cells: int,
    publish: Callable[[Sequence[Scores]], Hashable],
    readers: Sequence[Scores] | None = None,
) -> list[str]:
    """Every reader's own scores and publication that leave one level only for a cell of another school.

    The other schools may be exchanged for one another, so a level is possible for each of them as soon as it stands
    anywhere in a world that agrees with what the reader sees. That a school has no score does not count as a level.
    """
    every = tuple(product(scores, repeat=cells))
    found = []
    for reader in readers or every:
        possible: dict[Hashable, tuple[set[Score], ...]] = defaultdict(lambda: tuple(set() for _ in range(cells)))
        for others in combinations_with_replacement(every, n - 1):
            remaining = possible[publish((reader, *others))]
            for cell, levels in enumerate(remaining):
                levels.update(other[cell] for other in others)
        found += [f"{reader}: {seen}" for seen, sets in possible.items() if any(len(s - {UNSCORED}) == 1 for s in sets)]
    return found


def whole(highest: int) -> Scores:
    return tuple(range(2, 2 * highest + 1, 2))


def halves(highest: int) -> Scores:
    """What a sub-theme of two criteria can come to."""
    return tuple(range(2, 2 * highest + 1))


@pytest.mark.parametrize(
    ("n", "highest", "scores"),
    [
        *[pytest.param(4, highest, whole(highest), id=f"4 schools, {highest} levels") for highest in (2, 3, 4)],
        *[pytest.param(5, highest, whole(highest), id=f"5 schools, {highest} levels") for highest in (2, 3, 4)],
        *[pytest.param(6, highest, whole(highest), id=f"6 schools, {highest} levels") for highest in (2, 3, 4)],
        *[pytest.param(4, highest, halves(highest), id=f"4 schools, {highest} levels by halves") for highest in (2, 3)],
        pytest.param(5, 2, halves(2), id="5 schools, 2 levels by halves"),
        *[pytest.param(n, 2, (*whole(2), UNSCORED), id=f"{n} schools, 2 levels or unscored") for n in (4, 5, 6)],
        pytest.param(5, 3, (*whole(3), UNSCORED), id="5 schools, 3 levels or unscored"),
    ],
)
def test_medians_and_difference_together_leave_every_other_school_two_levels(
    n: int, highest: int, scores: Scores
) -> None:
    assert found_out(scores, n, 2, lambda schools: subtheme_published(schools, highest, disclose_difference)) == []


def test_the_attacker_would_find_a_difference_of_four_schools() -> None:
    def careless(cell: Cell, own_school: Published, partnership: Published) -> Published:
        return Withheld() if cell.value is None else Shown(to_tenth(cell.value), cell.n)

    found = found_out(whole(4), 4, 2, lambda schools: subtheme_published(schools, 4, careless), [(2, 2)])
    assert any("'2.0'" in each and "'3.5'" in each and "'-1.5'" in each for each in found)


def test_the_attacker_would_find_a_median_of_four_schools_at_the_end_of_the_scale() -> None:
    def careless(schools: Sequence[Scores]) -> Hashable:
        return cell_of(in_order(score for (score,) in schools))

    assert any("Fraction(4, 1), n=4" in each for each in found_out(whole(4), 4, 1, careless))


def test_the_attacker_would_find_an_areas_own_median() -> None:
    """Why an area is made of what is shown: the median of area scores gives a school away even among eight."""

    def careless(schools: Sequence[Scores]) -> Hashable:
        first = subtheme_published([each[:2] for each in schools], 2, disclose_difference)
        second = subtheme_published([each[2:] for each in schools], 2, disclose_difference)
        areas = [median_of(in_order((each[i] + each[i + 2]) // 2 for each in schools), 2) for i in (0, 1)]
        return (*first, *second, *areas)

    assert found_out(whole(2), 6, 4, careless, [(2, 2, 2, 2)])


FRAMEWORK = small_framework({"1": {"1.1": 1, "1.2": 1}}, levels=2, established=2)


def as_school(scores: Scores) -> SchoolScores:
    levels = [score // 2 for score in scores]
    return school("any", {"1.1.a": (levels[0], levels[1]), "1.2.a": (levels[2], levels[3])})


@pytest.mark.parametrize(
    ("n", "reader"),
    [
        pytest.param(4, (1, 1, 1, 1), id="4 schools, a reader at the bottom"),
        pytest.param(4, (1, 2, 2, 1), id="4 schools, a reader who differs"),
        pytest.param(5, (1, 1, 2, 2), id="5 schools, a reader who differs"),
    ],
)
def test_the_whole_report_leaves_every_other_school_two_levels(n: int, reader: tuple[int, ...]) -> None:
    def publish(schools: Sequence[Scores]) -> str:
        return json.dumps(to_json(report_facts(FRAMEWORK, n, [as_school(each) for each in schools])))

    own = tuple(2 * level for level in reader)
    assert found_out(whole(2), n, 4, publish, [own]) == []


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
    return json.dumps(to_json(report_facts(framework, 5, schools))["priorities"])


def test_votes_leave_every_other_school_free_to_have_chosen_or_not() -> None:
    possible: dict[str, set[tuple[str, bool]]] = defaultdict(set)
    for (first, *rest), choices in ballots_by_count().items():
        reader_chose_the_first = (first + 1, *rest)
        possible[priorities_told(reader_chose_the_first)] |= choices
    assert all(len(choices) == 2 * len(VOTED_FOR) for choices in possible.values())
