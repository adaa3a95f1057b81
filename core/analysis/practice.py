"""Who could help whom: an offer meets a request in the same sub-theme.

Scores play no part: what counts is that one school would share and another would welcome help. Of all ways to pair
them, we propose one that meets as many requests as possible and, among those, the closest match: the same partnership,
then the same phase, language and local authority. None of these is a condition.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

MOST_FOR_A_GIVER: Final = 2
"""How many schools one school is asked to help at a time, so that no one is worn out by being good at something."""

_SAME_PARTNERSHIP: Final = 8
_SAME_PHASE: Final = 2
_SAME_LANGUAGE: Final = 2
_SAME_AUTHORITY: Final = 1


@dataclass(frozen=True, slots=True)
class Wish:
    """A school's offer to share a strength in a sub-theme, or its request for help, in one of its partnerships."""

    school: str
    partnership: str
    subtheme: str
    framework: str
    phase: str | None = None
    language: str | None = None
    authority: str | None = None


class Pair(NamedTuple):
    giver: Wish
    receiver: Wish


class Couple(NamedTuple):
    """Two schools and what they would meet about."""

    giver: str
    receiver: str
    subtheme: str


def propose(
    offers: Iterable[Wish],
    requests: Iterable[Wish],
    *,
    linked: Mapping[str, Collection[str]],
    helping: Mapping[str, int],
    not_again: Collection[Couple],
) -> tuple[Pair, ...]:
    """A pair for as many requests as possible, at most ``MOST_FOR_A_GIVER`` for each giver.

    ``linked`` gives the other partnerships that each one may meet; ``helping`` how many schools each giver has
    been paired with already; ``not_again`` who has been proposed to whom before. A maximum-weight assignment; which of
    several equally good ones depends on ids alone, never on the order of the input.
    """
    givers, asked = _one_each(offers), _one_each(requests)
    schools = sorted({each.school for each in givers})
    rooms = [max(0, MOST_FOR_A_GIVER - helping.get(school, 0)) for school in schools]
    best: dict[tuple[int, int], tuple[int, Pair]] = {}
    for number, receiver in enumerate(asked):
        for giver in givers:
            place = (number, schools.index(giver.school))
            if _may_meet(giver, receiver, linked, not_again):
                preference = _preference(giver, receiver)
                if place not in best or preference > best[place][0]:
                    best[place] = (preference, Pair(giver, receiver))
    # More than all preferences together, so that no preference outweighs a request.
    one_more = 1 + len(asked) * (_SAME_PARTNERSHIP + _SAME_PHASE + _SAME_LANGUAGE + _SAME_AUTHORITY)
    weights = {place: one_more + preference for place, (preference, _) in best.items()}
    chosen = assign(weights, len(asked), rooms)
    return tuple(best[place][1] for place in sorted(chosen.items()))


def _one_each(wishes: Iterable[Wish]) -> list[Wish]:
    """Each one once, in a fixed order."""
    return sorted(set(wishes), key=lambda each: (each.school, each.framework, each.subtheme, each.partnership))


def _may_meet(
    giver: Wish, receiver: Wish, linked: Mapping[str, Collection[str]], not_again: Collection[Couple]
) -> bool:
    same = (giver.framework, giver.subtheme) == (receiver.framework, receiver.subtheme)
    near = giver.partnership == receiver.partnership or receiver.partnership in linked.get(giver.partnership, ())
    met = Couple(giver.school, receiver.school, receiver.subtheme) in not_again
    return same and near and giver.school != receiver.school and not met


def _preference(giver: Wish, receiver: Wish) -> int:
    return (
        _SAME_PARTNERSHIP * (giver.partnership == receiver.partnership)
        + _SAME_PHASE * _alike(giver.phase, receiver.phase)
        + _SAME_LANGUAGE * _alike(giver.language, receiver.language)
        + _SAME_AUTHORITY * _alike(giver.authority, receiver.authority)
    )


def _alike(one: str | None, other: str | None) -> bool:
    """Unknown values never count as alike."""
    return one is not None and other is not None and one.casefold() == other.casefold()


def assign(weights: Mapping[tuple[int, int], int], asked: int, rooms: Sequence[int]) -> dict[int, int]:
    """A column or none for each of ``asked`` rows, so that the total weight is as large as possible.

    Column c takes ``rooms[c]`` rows. Successive best augmenting paths (Ford and Fulkerson; Edmonds and Karp 1972, each
    the best by Bellman and Ford): rows are added one by one, and existing ones may move to make room.
    """
    columns: list[dict[int, int]] = [{} for _ in range(asked)]
    for (row, column), weight in sorted(weights.items()):
        columns[row][column] = weight
    chosen: dict[int, int] = {}
    while (path := _best_path(columns, chosen, rooms)) is not None:
        chosen.update(path)
    return chosen


def _best_path(
    columns: Sequence[Mapping[int, int]], chosen: Mapping[int, int], rooms: Sequence[int]
) -> dict[int, int] | None:
    """The moves that add most: a row without a column gets one, and each row that has to move gets its next one."""
    gains: dict[int, tuple[int, dict[int, int]]] = {}
    """The best way to bring one more row to each column, with its moves."""
    for row, of_row in enumerate(columns):
        if row not in chosen:
            for column, weight in of_row.items():
                _keep_better(gains, column, weight, {row: column})
    for _ in rooms:
        if not _moved_on(columns, chosen, gains):
            break
    taken = list(chosen.values())
    free = [(gain, -column) for column, (gain, _) in gains.items() if taken.count(column) < rooms[column]]
    gain, column = max(free, default=(0, 0))
    return gains[-column][1] if gain > 0 else None


def _moved_on(
    columns: Sequence[Mapping[int, int]], chosen: Mapping[int, int], gains: dict[int, tuple[int, dict[int, int]]]
) -> bool:
    """Let rows move on from columns that could take one more; returns whether that helped."""
    helped = False
    for row, here in sorted(chosen.items()):
        if here in gains and row not in gains[here][1]:
            gain, moves = gains[here]
            for column, weight in columns[row].items():
                if column != here:
                    so_far = gain + weight - columns[row][here]
                    helped |= _keep_better(gains, column, so_far, {**moves, row: column})
    return helped


def _keep_better(gains: dict[int, tuple[int, dict[int, int]]], column: int, gain: int, moves: dict[int, int]) -> bool:
    if column in gains and gains[column][0] >= gain:
        return False
    gains[column] = (gain, moves)
    return True
