"""What a network's partnerships have in common, from their published reports alone, for its facilitator.

It never identifies a school or partnership: every figure covers at least five partnerships, and no count is near none
or all of them. Each report belongs to one period, which is summarised once it is over (``core.analysis.periods``).
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import accumulate
from typing import Final, NamedTuple

from core.analysis.counts import Tally
from core.analysis.disclosure import Count, Gate, Published, Shown, Withheld
from core.analysis.report import ReportFacts
from core.analysis.scores import Cell

_NO_FIGURE: Final = 0


class PartnershipReport(NamedTuple):
    """What a network needs from a partnership's report: small, because there are thousands of them."""

    submitted: int
    roster: int
    asked: str
    """The ids of the sub-themes that its cycle asked, separated by spaces."""
    figures: bytes
    """A byte for each: twice the partnership's figure as shown, in tenths of a level, plus one where it is a
    first priority; 0 where it is withheld, or not asked for. A scale of seven levels needs 141 of the 256."""


@dataclass(frozen=True, slots=True)
class NetworkSubTheme:
    id: str
    rank: int | None
    """1 for the sub-theme that most partnerships need most, ties as ties; None where too little may be shown."""
    asked: int
    """How many partnerships have a figure for it."""
    first_priority: Count | Withheld
    """In how many of those it is among the top priorities."""
    partnership: Published
    """The median of the partnerships' figures."""


@dataclass(frozen=True, slots=True)
class NetworkFacts:
    partnerships: int
    """How many belong to the network."""
    reporting: int
    """How many of them have a report with figures."""
    submitted: int
    roster: int
    """How many schools submitted in those, and how many were asked."""
    subthemes: tuple[NetworkSubTheme, ...]
    """The sub-themes of all the reports, in the order of their ids."""

    @property
    def most_needed(self) -> tuple[NetworkSubTheme, ...]:
        ranked = [subtheme for subtheme in self.subthemes if subtheme.rank is not None]
        return tuple(sorted(ranked, key=lambda subtheme: (subtheme.rank or 0, subtheme.id)))


def figures_of(facts: ReportFacts) -> PartnershipReport:
    """What a network needs from a published report."""
    first = {priority.subtheme for priority in facts.priorities}
    return PartnershipReport(
        submitted=facts.response.submitted,
        roster=facts.response.roster,
        asked=" ".join(subtheme.id for subtheme in facts.subthemes),
        figures=bytes(_figure(subtheme.partnership, subtheme.id in first) for subtheme in facts.subthemes),
    )


def _figure(published: Published | None, first_priority: bool) -> int:
    return 2 * int(published.value * 10) + first_priority if isinstance(published, Shown) else _NO_FIGURE


def network_facts(partnerships: int, reports: Sequence[PartnershipReport]) -> NetworkFacts:
    """The facts of a network, from one report for each partnership that has one, all on the same framework.

    With fewer than five reports only their number is shown.
    """
    gate = Gate()
    told = [report for report in reports if any(report.figures)]
    counted = _counted(told)
    return NetworkFacts(
        partnerships=partnerships,
        reporting=len(told),
        submitted=sum(report.submitted for report in told),
        roster=sum(report.roster for report in told),
        subthemes=_ranked([_subtheme(id_, counted[id_], gate) for id_ in sorted(counted) if counted[id_]]),
    )


def _counted(reports: Sequence[PartnershipReport]) -> Mapping[str, Counter[int]]:
    """For each sub-theme, how many partnerships have each figure: counted by column, which is many times faster.

    Raises ``ValueError`` where a report doesn't have one figure for each sub-theme that was asked.
    """
    by_asked: dict[str, list[bytes]] = defaultdict(list)
    for report in reports:
        by_asked[report.asked].append(report.figures)
    counted: dict[str, Counter[int]] = defaultdict(Counter)
    for asked, figures in by_asked.items():
        subthemes = asked.split()
        if {len(each) for each in figures} != {len(subthemes)}:
            raise ValueError("these are not a report's figures")
        together = b"".join(figures)
        for place, id_ in enumerate(subthemes):
            counted[id_].update(together[place :: len(subthemes)])
    for each in counted.values():
        del each[_NO_FIGURE]
    return counted


def _subtheme(id_: str, counted: Counter[int], gate: Gate) -> NetworkSubTheme:
    asked = counted.total()
    first = sum(partnerships for figure, partnerships in counted.items() if figure % 2)
    return NetworkSubTheme(
        id=id_,
        rank=None,
        asked=asked,
        first_priority=gate.partnerships(Tally(first, asked)),
        partnership=gate.middle(Cell(_median(counted) / 10, asked)),
    )


def _median(counted: Counter[int]) -> Fraction:
    """The median in tenths of a level: the middle figure, or the midpoint of the middle two."""
    figures = sorted(counted)
    ends = list(accumulate(counted[figure] for figure in figures))
    low, high = (figures[bisect_right(ends, place)] // 2 for place in ((ends[-1] - 1) // 2, ends[-1] // 2))
    return Fraction(low + high, 2)


def _ranked(subthemes: Sequence[NetworkSubTheme]) -> tuple[NetworkSubTheme, ...]:
    """Rank by the share of partnerships that have it as a top priority, then by lowest figure; each as shown."""
    weights = {
        each.id: (Fraction(each.first_priority.schools, each.first_priority.of), -each.partnership.value)
        for each in subthemes
        if isinstance(each.first_priority, Count) and isinstance(each.partnership, Shown)
    }
    ranks = {subtheme: 1 + sum(other > own for other in weights.values()) for subtheme, own in weights.items()}
    return tuple(replace(each, rank=ranks.get(each.id)) for each in subthemes)
