"""What a network needs of a report, and what it was told, as JSON."""

from __future__ import annotations

from collections.abc import Mapping

from core.analysis.disclosure import Shown
from core.analysis.network import NetworkFacts, NetworkSubTheme, PartnershipReport, PublishedSubTheme
from core.analysis.report import ReportFacts
from core.analysis.report_json import cell_json, count_json
from core.analysis.report_stored import cell, count
from core.analysis.stored import each, number, object_, text


def figures_json(facts: ReportFacts) -> dict[str, object]:
    """A few numbers for each sub-theme, kept beside the snapshot.

    ``{"schools": [5, 7], "subthemes": {"1.1": [27, 1]}}``: how many submitted and were asked; the partnership's figure
    in tenths of a level, None where it is withheld or not asked for, and whether it is a first priority.
    """
    first = {priority.subtheme for priority in facts.priorities}
    return {
        "schools": [facts.response.submitted, facts.response.roster],
        "subthemes": {
            subtheme.id: [
                int(subtheme.partnership.value * 10) if isinstance(subtheme.partnership, Shown) else None,
                int(subtheme.id in first),
            ]
            for subtheme in facts.subthemes
        },
    }


def read_figures(stored: Mapping[str, object]) -> PartnershipReport:
    """Raises ``ValueError`` where it is something else."""
    match stored:
        case {"schools": [int(submitted), int(roster)], "subthemes": dict(subthemes)}:
            return PartnershipReport(submitted, roster, {id_: _published(kept) for id_, kept in subthemes.items()})
    raise ValueError("these are not the figures of a report")


def _published(stored: object) -> PublishedSubTheme:
    match stored:
        case [int() | None as tenths, int(first)]:
            return PublishedSubTheme(tenths, first == 1)
    raise ValueError("these are not the figures of a sub-theme")


def to_json(facts: NetworkFacts) -> dict[str, object]:
    return {
        "partnerships": facts.partnerships,
        "reporting": facts.reporting,
        "schools": {"submitted": facts.submitted, "roster": facts.roster},
        "subthemes": [_subtheme_json(subtheme) for subtheme in facts.subthemes],
    }


def _subtheme_json(subtheme: NetworkSubTheme) -> dict[str, object]:
    return {
        "id": subtheme.id,
        "rank": subtheme.rank,
        "asked": subtheme.asked,
        "first_priority": count_json(subtheme.first_priority),
        "partnership": cell_json(subtheme.partnership),
    }


def from_json(stored: Mapping[str, object]) -> NetworkFacts:
    """Raises ``ValueError`` where it is something else."""
    schools = object_(stored, "schools")
    return NetworkFacts(
        partnerships=number(stored, "partnerships"),
        reporting=number(stored, "reporting"),
        submitted=number(schools, "submitted"),
        roster=number(schools, "roster"),
        subthemes=each(stored, "subthemes", _subtheme),
    )


def _subtheme(stored: Mapping[str, object]) -> NetworkSubTheme:
    return NetworkSubTheme(
        id=text(stored, "id"),
        rank=None if stored.get("rank") is None else number(stored, "rank"),
        asked=number(stored, "asked"),
        first_priority=count(object_(stored, "first_priority")),
        partnership=cell(object_(stored, "partnership")),
    )
