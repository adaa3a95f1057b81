"""Figures in the form in which they may be published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Final, TypeAlias

from core.analysis.scores import Cell, mean_of_most

LEAST_SCHOOLS: Final = 4
"""With fewer schools only the response rate is shown, unless they agreed to be named to one another."""

_TENTH: Final = Decimal("0.1")


class Reason(StrEnum):
    """Why a figure is withheld.

    There is deliberately only one: distinguishing "too few schools" from "at an end of the scale" would reveal the very
    thing that is withheld.
    """

    FEW_SCHOOLS = "few-schools"


@dataclass(frozen=True, slots=True)
class Shown:
    value: Decimal
    """With one decimal."""
    n: int
    """How many schools it was made of."""


@dataclass(frozen=True, slots=True)
class Withheld:
    reason: Reason = Reason.FEW_SCHOOLS


Published: TypeAlias = Shown | Withheld


class Bound(StrEnum):
    AT_MOST = "at-most"
    ABOUT = "about"
    AT_LEAST = "at-least"


@dataclass(frozen=True, slots=True)
class Votes:
    """How many schools chose a sub-theme: about, at most or at least ``schools`` of the ``voting`` ones."""

    schools: int
    voting: int
    bound: Bound

    @property
    def share(self) -> Fraction:
        return Fraction(self.schools, self.voting)


@dataclass(frozen=True, slots=True)
class Count:
    """So many of ``of`` schools, or partnerships: about (which is exact here), at most or at least ``schools``."""

    schools: int
    of: int
    bound: Bound


@dataclass(frozen=True, slots=True)
class Span:
    """From ``least`` to ``most``, each with one decimal."""

    least: Decimal
    most: Decimal


def to_tenth(value: Fraction) -> Decimal:
    """One decimal, half away from zero (-0.25 is -0.3), so that a difference reads the same both ways."""
    tenths = (Decimal(value.numerator * 10) / Decimal(value.denominator)).quantize(Decimal(1), ROUND_HALF_UP)
    return Decimal(int(tenths)) * _TENTH


def as_it_is(cell: Cell) -> Published:
    """A figure with nothing withheld, for schools that agreed to be named; None where there is no school."""
    return Withheld() if cell.value is None else Shown(to_tenth(cell.value), cell.n)


def mean_of_published(cells: Sequence[Published]) -> Published:
    """The mean of published figures, if at least half of them are shown. It reveals nothing new.

    ``n`` is the smallest of theirs.
    """
    value = mean_of_most([Fraction(cell.value) if isinstance(cell, Shown) else None for cell in cells])
    if value is None:
        return Withheld()
    return Shown(to_tenth(value), min(cell.n for cell in cells if isinstance(cell, Shown)))


def difference_of_published(own_school: Published, partnership: Published) -> Published:
    """The difference of two published figures. It reveals nothing new."""
    if isinstance(own_school, Withheld) or isinstance(partnership, Withheld):
        return Withheld()
    return Shown(own_school.value - partnership.value, min(own_school.n, partnership.n))


def bounded(schools: int, of: int, hidden: int) -> tuple[int, Bound]:
    """A count that never distinguishes ``hidden`` or fewer at either end: "at most 2", 3, 4, "at least 5" of 7."""
    if schools <= hidden:
        return hidden, Bound.AT_MOST
    most = of - hidden
    return (most, Bound.AT_LEAST) if schools >= most else (schools, Bound.ABOUT)
