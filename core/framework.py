"""An enquiry framework: the areas, sub-themes and criteria that leaders score, and the scale they use.

A framework is data. This module defines its model; ``core.framework_file`` reads and checks the file it comes from.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import Literal, NamedTuple, TypeAlias

Text: TypeAlias = Mapping[str, str]
"""The same words in each of the framework's languages, by language code."""


class Perspective(StrEnum):
    """Whom a score is about."""

    SCHOOL = "school"
    PARTNERSHIP = "partnership"


Axis: TypeAlias = Literal["trust", "challenge", "none"]


def in_language(text: Text, language: str) -> str:
    """The words in ``language``, or in the framework's first language if they aren't available in that one."""
    return text.get(language) or next(iter(text.values()))


@dataclass(frozen=True, slots=True)
class Level:
    value: int
    label: Text
    meaning: Text


@dataclass(frozen=True, slots=True)
class Unscored:
    """An answer that is stored and counted, but never averaged."""

    id: str
    label: Text


@dataclass(frozen=True, slots=True)
class Criterion:
    id: str
    title: Text
    axis: Axis
    questions: Mapping[Perspective, Text]
    levels: Mapping[int, Text]
    """What one would see at each level; one descriptor answers both questions."""
    evidence_hint: Text


@dataclass(frozen=True, slots=True)
class SubTheme:
    id: str
    title: Text
    short_title: Text
    description: Text
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True, slots=True)
class Area:
    id: str
    title: Text
    short_title: Text
    subthemes: tuple[SubTheme, ...]


class Row(NamedTuple):
    """One thing to score: a criterion from one perspective.

    A tuple, because each turn looks dozens of them up.
    """

    criterion: str
    perspective: Perspective


@dataclass(frozen=True)
class Framework:
    id: str
    version: str
    title: Text
    languages: tuple[str, ...]
    guidance: Text
    translation_status: Text
    perspectives: tuple[Perspective, ...]
    levels: tuple[Level, ...]
    """Lowest first; the values are 1..K."""
    unscored: tuple[Unscored, ...]
    areas: tuple[Area, ...]
    established: int
    """The level from which something counts as established (3 on the default scale of four)."""

    @cached_property
    def subthemes(self) -> tuple[SubTheme, ...]:
        return tuple(subtheme for area in self.areas for subtheme in area.subthemes)

    @cached_property
    def criteria(self) -> tuple[Criterion, ...]:
        return tuple(criterion for subtheme in self.subthemes for criterion in subtheme.criteria)

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """Everything a leader is asked to score, in the order it is asked."""
        return tuple(Row(criterion.id, perspective) for criterion in self.criteria for perspective in self.perspectives)

    @cached_property
    def row_of(self) -> Mapping[tuple[str, str], Row]:
        """Each of ``rows`` by its criterion and perspective.

        These are the same objects as in ``rows``, since identity is quicker to check than equality."""
        return {(row.criterion, row.perspective): row for row in self.rows}

    @cached_property
    def rows_of(self) -> Mapping[str, tuple[Row, ...]]:
        """The rows of each criterion, by its id."""
        return {each.id: tuple(row for row in self.rows if row.criterion == each.id) for each in self.criteria}

    @cached_property
    def criterion_by_id(self) -> Mapping[str, Criterion]:
        return {criterion.id: criterion for criterion in self.criteria}

    @cached_property
    def subtheme_by_id(self) -> Mapping[str, SubTheme]:
        return {subtheme.id: subtheme for subtheme in self.subthemes}

    @cached_property
    def subtheme_of(self) -> Mapping[str, SubTheme]:
        """The sub-theme that each criterion belongs to, by criterion id."""
        return {criterion.id: subtheme for subtheme in self.subthemes for criterion in subtheme.criteria}

    @cached_property
    def area_of(self) -> Mapping[str, Area]:
        """The area that each sub-theme belongs to, by sub-theme id."""
        return {subtheme.id: area for area in self.areas for subtheme in area.subthemes}

    @cached_property
    def level_values(self) -> tuple[int, ...]:
        return tuple(level.value for level in self.levels)

    @cached_property
    def level_by_name(self) -> Mapping[str, Level]:
        """The levels by their values as written: "1", "2" …"""
        return {str(level.value): level for level in self.levels}

    def level(self, value: int) -> Level:
        return self.levels[value - self.levels[0].value]

    def only(self, subthemes: Iterable[str]) -> Framework:
        """The same framework with only these sub-themes: the scope of a focus cycle."""
        wanted = frozenset(subthemes)
        areas = (
            replace(area, subthemes=tuple(each for each in area.subthemes if each.id in wanted)) for area in self.areas
        )
        return replace(self, areas=tuple(area for area in areas if area.subthemes))
