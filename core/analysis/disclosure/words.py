"""Whether a word for agreement could reveal the other schools' answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from itertools import combinations_with_replacement

from core.analysis.agreement import agreement

_HALF = Fraction(1, 2)


@cache
def word_may_be_told(n: int, known: int, levels: int) -> bool:
    """Whether the word for ``n`` schools on a scale of so many levels reveals nothing about the others.

    So it is if, wherever all the schools that a reader does not know are at one level, one of them could be a level
    away without changing the word, whatever the reader's ``known`` schools answered or left unscored. It depends on
    numbers alone. With one known school it holds from five schools, or from 19 on a scale of two levels.
    """
    answers: list[Fraction | None] = [None, *(1 + _HALF * step for step in range(2 * levels - 1))]
    readers = list(combinations_with_replacement(answers, known))
    return all(
        any(_says_the_same(reader, n, at, to, levels) for to in _further(at, levels))
        for at in answers
        if at is not None
        for reader in readers
    )


def _further(at: Fraction, levels: int) -> Iterator[Fraction]:
    """One step either way: a whole level, or half a level from a midpoint between two levels."""
    step = 1 if at.denominator == 1 else _HALF
    yield from (to for to in (at - step, at + step) if 1 <= to <= levels)


def _says_the_same(reader: tuple[Fraction | None, ...], n: int, at: Fraction, to: Fraction, levels: int) -> bool:
    known = Counter(answer for answer in reader if answer is not None)
    together = n - known.total()
    before, after = known + Counter({at: together}), known + Counter({at: together - 1, to: 1})
    return agreement(before, 1, levels) is agreement(after, 1, levels)
