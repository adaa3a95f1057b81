"""What many partnerships have in common, from their published reports alone: for a facilitator of a network.

Never a school, and no partnership pointed at: whatever is told is of five partnerships or more, and a count never near
none or all of them. Each report belongs to one period, which is told once it is over (``core.analysis.periods``).
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import NamedTuple

from core.analysis.counts import Tally
from core.analysis.disclosure import Count, Gate, Published, Shown, Withheld
from core.analysis.scores import Cell


class PublishedSubTheme(NamedTuple):
    """What a partnership's report says of one sub-theme. A tuple, because a network has tens of thousands of them."""

    tenths: int | None
    """The partnership's figure as it is shown, in tenths of a level; None where it is withheld, or not asked for."""
    first_priority: bool


class PartnershipReport(NamedTuple):
    submitted: int
    roster: int
    subthemes: Mapping[str, PublishedSubTheme]
    """Only those that its cycle asked."""


@dataclass(frozen=True, slots=True)
class NetworkSubTheme:
    id: str
    rank: int | None
    """1 for the sub-theme that most partnerships need most, ties as ties; None where too little may be told of it."""
    asked: int
    """How many partnerships have a figure for it."""
    first_priority: Count | Withheld
    """In how many of those it is among the first priorities."""
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
    """Those of any of the reports, in the order of their ids."""

    @property
    def most_needed(self) -> tuple[NetworkSubTheme, ...]:
        ranked = [subtheme for subtheme in self.subthemes if subtheme.rank is not None]
        return tuple(sorted(ranked, key=lambda subtheme: (subtheme.rank or 0, subtheme.id)))


def network_facts(partnerships: int, reports: Sequence[PartnershipReport]) -> NetworkFacts:
    """``reports`` hold one for each partnership that has one, all of the same framework.

    Of fewer than five reports only their number is told.
    """
    gate = Gate()
    by_subtheme: dict[str, list[PublishedSubTheme]] = {}
    told = [report for report in reports if any(each.tenths is not None for each in report.subthemes.values())]
    for report in told:
        for id_, published in report.subthemes.items():
            if published.tenths is not None:
                by_subtheme.setdefault(id_, []).append(published)
    return NetworkFacts(
        partnerships=partnerships,
        reporting=len(told),
        submitted=sum(report.submitted for report in told),
        roster=sum(report.roster for report in told),
        subthemes=_ranked([_subtheme(id_, by_subtheme[id_], gate) for id_ in sorted(by_subtheme)]),
    )


def _subtheme(id_: str, published: Sequence[PublishedSubTheme], gate: Gate) -> NetworkSubTheme:
    first = sum(each.first_priority for each in published)
    middle = Fraction(statistics.median(each.tenths or 0 for each in published)) / 10
    return NetworkSubTheme(
        id=id_,
        rank=None,
        asked=len(published),
        first_priority=gate.partnerships(Tally(first, len(published))),
        partnership=gate.middle(Cell(middle, len(published))),
    )


def _ranked(subthemes: Sequence[NetworkSubTheme]) -> tuple[NetworkSubTheme, ...]:
    """By the share of partnerships that have it as a first priority, then the lowest figure; each as it is told."""
    weights = {
        each.id: (Fraction(each.first_priority.schools, each.first_priority.of), -each.partnership.value)
        for each in subthemes
        if isinstance(each.first_priority, Count) and isinstance(each.partnership, Shown)
    }
    ranks = {subtheme: 1 + sum(other > own for other in weights.values()) for subtheme, own in weights.items()}
    return tuple(replace(each, rank=ranks.get(each.id)) for each in subthemes)
