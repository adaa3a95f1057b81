"""Practice sharing: whom the matcher proposes to whom, against every other way to pair them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import product
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.analysis.practice import Couple, Wish, assign, propose

NOBODY: Mapping[str, Collection[str]] = {}


def wish(school: str, subtheme: str = "2.2", partnership: str = "river", **known: str) -> Wish:
    return Wish(school, partnership, subtheme, "enquiry", **known)


def pairs(
    offers: list[Wish],
    requests: list[Wish],
    linked: Mapping[str, Collection[str]] = NOBODY,
    helping: Mapping[str, int] | None = None,
    not_again: Collection[Couple] = (),
) -> list[str]:
    """Who helps whom, as ``giver>receiver``."""
    found = propose(offers, requests, linked=linked, helping=helping or {}, not_again=not_again)
    return [f"{pair.giver.school}>{pair.receiver.school}" for pair in found]


def test_an_offer_meets_a_request_in_the_same_subtheme() -> None:
    assert pairs([wish("a"), wish("b", "1.1")], [wish("c")]) == ["a>c"]
    assert pairs([wish("a", "1.1")], [wish("c")]) == []


def test_nobody_is_proposed_to_themselves() -> None:
    assert pairs([wish("a")], [wish("a")]) == []


def test_a_giver_is_asked_to_help_two_schools_at_most() -> None:
    assert pairs([wish("a")], [wish("b"), wish("c"), wish("d")]) == ["a>b", "a>c"]
    assert pairs([wish("a"), wish("a", "1.1")], [wish("b"), wish("c"), wish("d", "1.1")]) == ["a>b", "a>c"]


def test_who_helps_already_is_asked_for_less() -> None:
    requests = [wish("b"), wish("c")]
    assert pairs([wish("a")], requests, helping={"a": 1}) == ["a>b"]
    assert pairs([wish("a")], requests, helping={"a": 2}) == []


def test_as_many_requests_as_can_be_are_helped_whatever_anyone_would_prefer() -> None:
    """Only A can help D. So B, who would best be helped by A, is helped by C."""
    offers = [wish("a", phase="Primary"), wish("a", "1.1"), wish("c", phase="Secondary")]
    requests = [wish("b", phase="Primary"), wish("d", "1.1"), wish("e", "1.1")]
    assert sorted(pairs(offers, requests)) == ["a>d", "a>e", "c>b"]


@pytest.mark.parametrize(
    ("known", "other"),
    [
        pytest.param({"phase": "Primary"}, {"phase": "Secondary"}, id="phase"),
        pytest.param({"language": "cy"}, {"language": "en"}, id="language"),
        pytest.param({"authority": "Powys"}, {"authority": "Gwynedd"}, id="local authority"),
        pytest.param({"phase": "primary"}, {}, id="what is not known is never alike"),
    ],
)
def test_what_is_alike_is_preferred_and_never_a_condition(known: dict[str, str], other: dict[str, str]) -> None:
    receiver = wish("z", **{name: text.capitalize() if name != "language" else text for name, text in known.items()})
    assert pairs([wish("a", **other), wish("b", **known)], [receiver]) == ["b>z"]
    assert pairs([wish("a", **other)], [receiver]) == ["a>z"]


def test_the_same_partnership_comes_first() -> None:
    near, far = wish("b"), wish("a", partnership="hill", phase="Primary", language="cy", authority="Powys")
    receiver = wish("z", phase="Primary", language="cy", authority="Powys")
    assert pairs([far, near], [receiver], linked={"hill": {"river"}}) == ["b>z"]
    assert pairs([far], [receiver], linked={"hill": {"river"}}) == ["a>z"]


def test_partnerships_that_are_not_linked_do_not_meet() -> None:
    assert pairs([wish("a", partnership="hill")], [wish("z")]) == []
    assert pairs([wish("a", partnership="hill")], [wish("z")], linked={"hill": {"valley"}}) == []


def test_who_was_proposed_before_is_not_again() -> None:
    before = {Couple("a", "z", "2.2")}
    assert pairs([wish("a"), wish("b")], [wish("z")], not_again=before) == ["b>z"]
    assert pairs([wish("a")], [wish("z")], not_again=before) == []
    assert pairs([wish("a", "1.1")], [wish("z", "1.1")], not_again=before) == ["a>z"], "another sub-theme"


def test_sub_themes_of_two_frameworks_are_not_the_same() -> None:
    other = Wish("a", "river", "2.2", "their-own")
    assert pairs([other], [wish("z")]) == []


@given(st.permutations(["a", "b", "c", "d"]), st.permutations(["v", "w", "x", "y", "z"]))
def test_the_order_of_schools_never_matters(givers: list[str], receivers: list[str]) -> None:
    assert pairs([wish(each) for each in givers], [wish(each) for each in receivers]) == pairs(
        [wish(each) for each in sorted(givers)], [wish(each) for each in sorted(receivers)]
    )


# The assignment


def by_trying_all(weights: Mapping[tuple[int, int], int], asked: int, rooms: list[int]) -> int:
    """The most that any way to assign them adds up to."""
    ways = product(
        *([None, *(column for column in range(len(rooms)) if (row, column) in weights)] for row in range(asked))
    )
    return max(
        sum(weights[row, column] for row, column in enumerate(way) if column is not None)
        for way in ways
        if all(way.count(column) <= room for column, room in enumerate(rooms))
    )


SMALL = st.integers(0, 4).flatmap(
    lambda rows: st.integers(1, 4).flatmap(
        lambda columns: st.tuples(
            st.just(rows),
            st.lists(st.integers(0, 2), min_size=columns, max_size=columns),
            st.dictionaries(
                st.tuples(st.integers(0, max(rows - 1, 0)), st.integers(0, columns - 1)), st.integers(1, 9)
            ).map(lambda weights: weights if rows else {}),
        )
    )
)


@given(SMALL)
def test_no_other_way_adds_up_to_more(case: tuple[int, list[int], dict[tuple[int, int], int]]) -> None:
    asked, rooms, weights = case
    chosen = assign(weights, asked, rooms)
    assert all(list(chosen.values()).count(column) <= room for column, room in enumerate(rooms))
    assert sum(weights[place] for place in chosen.items()) == by_trying_all(weights, asked, rooms)


def test_no_other_way_adds_up_to_more_for_many_random_partnerships() -> None:
    random = Random(20261125)
    for _ in range(3_000):
        asked, rooms = random.randint(1, 5), [random.randint(0, 2) for _ in range(random.randint(1, 5))]
        places = [(row, column) for row in range(asked) for column in range(len(rooms)) if random.random() < 0.6]
        weights = {place: 40 + random.randint(0, 13) for place in places}
        chosen = assign(weights, asked, rooms)
        assert sum(weights[place] for place in chosen.items()) == by_trying_all(weights, asked, rooms)
