"""What a network was told, as JSON."""

from __future__ import annotations

from collections.abc import Mapping

from core.analysis.network import NetworkFacts, NetworkSubTheme
from core.analysis.report_json import cell_json, count_json
from core.analysis.report_stored import cell, count
from core.analysis.stored import each, number, object_, text


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
