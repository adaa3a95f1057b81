"""What many partnerships have in common, from their published reports alone: for a facilitator of a network.

Never a school, and no partnership pointed at: whatever is told is of five partnerships or more, and a count never near
none or all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from core.analysis.counts import Tally
from core.analysis.disclosure import Count, Published, Shown, Withheld, disclose_network_count, disclose_network_median
from core.analysis.scores import Cell, over_schools


@dataclass(frozen=True, slots=True)
class PublishedSubTheme:
    """What a partnership's report says of one sub-theme."""

    partnership: Decimal | None
    """Its figure as it is shown; None where it is withheld."""
    need: Decimal | None
    """0 to 1; None where the figure is withheld, or the framework does not ask about the partnership."""
    first_priority: bool


@dataclass(frozen=True, slots=True)
class PartnershipReport:
    submitted: int
    roster: int
    subthemes: Mapping[str, PublishedSubTheme]
    """By sub-theme; only those that its cycle asked."""


@dataclass(frozen=True, slots=True)
class NetworkSubTheme:
    id: str
    rank: int | None
    """1 for the sub-theme that most partnerships need most, ties as ties; None where too little is known of it."""
    asked: int
    """How many partnerships have a figure for it."""
    first_priority: Count | Withheld
    """In how many of those it is among the first priorities."""
    need: Published
    """The median of the partnerships' needs, from 0 to 1."""
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
    """``reports`` hold one for each partnership that has one, all of the same framework."""
    known = [report for report in reports if any(each.partnership is not None for each in report.subthemes.values())]
    ids = sorted({subtheme for report in known for subtheme in report.subthemes})
    told = [_subtheme(each, [report.subthemes[each] for report in known if each in report.subthemes]) for each in ids]
    return NetworkFacts(
        partnerships=partnerships,
        reporting=len(known),
        submitted=sum(report.submitted for report in known),
        roster=sum(report.roster for report in known),
        subthemes=_ranked(told),
    )


def _subtheme(id_: str, all_of_it: Iterable[PublishedSubTheme]) -> NetworkSubTheme:
    of_it = [each for each in all_of_it if each.partnership is not None]
    return NetworkSubTheme(
        id=id_,
        rank=None,
        asked=len(of_it),
        first_priority=disclose_network_count(Tally(sum(each.first_priority for each in of_it), len(of_it))),
        need=disclose_network_median(_over(each.need for each in of_it)),
        partnership=disclose_network_median(_over(each.partnership for each in of_it)),
    )


def _over(values: Iterable[Decimal | None]) -> Cell:
    return over_schools(None if value is None else Fraction(value) for value in values)


def _ranked(subthemes: Sequence[NetworkSubTheme]) -> tuple[NetworkSubTheme, ...]:
    """By the share of partnerships that have it as a first priority, then by need, each as it is told."""
    weights = {
        each.id: (Fraction(each.first_priority.schools, each.first_priority.of), _value(each.need))
        for each in subthemes
        if isinstance(each.first_priority, Count)
    }
    ranks = {subtheme: 1 + sum(other > own for other in weights.values()) for subtheme, own in weights.items()}
    return tuple(replace(each, rank=ranks.get(each.id)) for each in subthemes)


def _value(cell: Published) -> Decimal:
    return cell.value if isinstance(cell, Shown) else Decimal(-1)
