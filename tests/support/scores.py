"""Small frameworks and schools' scores, written the way a case is worked on paper."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TypeAlias

from core.analysis.scores import SchoolScores
from core.framework import Area, Criterion, Framework, Level, Perspective, Row, SubTheme

BOTH = (Perspective.SCHOOL, Perspective.PARTNERSHIP)

Pair: TypeAlias = tuple[int | None, int | None]
"""What a leader gave their own school and the partnership."""


def small_framework(
    shape: Mapping[str, Mapping[str, int]],
    levels: int = 4,
    established: int = 3,
    perspectives: tuple[Perspective, ...] = BOTH,
) -> Framework:
    """Areas of sub-themes of so many criteria; the criteria of sub-theme 1.1 are 1.1.a, 1.1.b ..."""
    return Framework(
        id="small",
        version="1",
        title={"en": "Small"},
        languages=("en",),
        guidance={"en": ""},
        translation_status={},
        perspectives=perspectives,
        levels=tuple(Level(value, {"en": f"Level {value}"}, {"en": ""}) for value in range(1, levels + 1)),
        unscored=(),
        areas=tuple(_area(area, subthemes) for area, subthemes in shape.items()),
        established=established,
    )


def _area(area: str, subthemes: Mapping[str, int]) -> Area:
    return Area(
        area,
        {"en": f"Area {area}"},
        {"en": f"Area {area}"},
        tuple(_subtheme(subtheme, criteria) for subtheme, criteria in subthemes.items()),
    )


def _subtheme(subtheme: str, criteria: int) -> SubTheme:
    ids = [f"{subtheme}.{letter}" for letter in "abcdefgh"[:criteria]]
    words = {"en": f"Sub-theme {subtheme}"}
    return SubTheme(subtheme, words, words, words, tuple(_criterion(id_) for id_ in ids))


def _criterion(id_: str) -> Criterion:
    return Criterion(id_, {"en": id_}, "none", {}, {}, {"en": ""})


def leader(answers: Mapping[str, Pair]) -> Mapping[Row, int | None]:
    return {
        Row(criterion, perspective): level
        for criterion, pair in answers.items()
        for perspective, level in zip(BOTH, pair, strict=True)
    }


def school(name: str, *leaders: Mapping[str, Pair], votes: Sequence[Collection[str]] | None = None) -> SchoolScores:
    """A school with what each of its leaders answered, by criterion; without votes, each leader chose nothing."""
    chosen = tuple(frozenset(vote) for vote in votes) if votes is not None else (frozenset[str](),) * len(leaders)
    return SchoolScores(name, tuple(leader(each) for each in leaders), chosen)
