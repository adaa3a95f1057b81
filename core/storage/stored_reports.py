"""Reports as JSON in the database: read and written by pydantic, so that the analysis need not know how they are kept.

Each field is stored under its own name, apart from the few listed here. A wrong type or an unknown name raises
``ValueError``, with no figure in its message.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import fields
from typing import Final, NewType, TypeAlias, TypeVar

from pydantic import AliasChoices, AliasGenerator, AliasPath, ConfigDict, TypeAdapter

from core.analysis.disclosure import Shown
from core.analysis.network import NetworkFacts
from core.analysis.others import Others
from core.analysis.report import ReportFacts
from core.enquiry import Visibility
from core.framework import Perspective

VERSION: Final = 2
"""2 added agreement, counts, forms, trend and what would show more; 1 can still be read."""
_FIRST: Final = 1
_KNOWN_AFTER_THE_FIRST: Final[Mapping[str, object]] = {
    "visibility": Visibility.OWN_AND_GROUP,  # which all partnerships had at that time
    "forms": None,  # absent, as in a framework that does not ask for it
    "trend": None,  # absent, as if there were no cycle to compare with
    "more": [],  # nothing was suggested
}
"""The values that a report of version 1 lacks. Within its sub-themes and priorities, defaults fill the gaps."""
_ALL_FACTS: Final = frozenset(field.name for field in fields(ReportFacts))

_T = TypeVar("_T")

_Place: TypeAlias = str | AliasPath | AliasChoices

_PLACES: Final[Mapping[str, _Place]] = {
    "reason": "withheld",
    "agreement": AliasChoices(AliasPath("agreement", "word"), "agreement"),
}
"""A figure is kept as ``{"value": "2.5", "n": 6}`` or ``{"withheld": "few-schools"}``, and agreement as
``{"word": "split"}`` or withheld as a figure is.
"""
_IN_A_NETWORK: Final[Mapping[str, _Place]] = {name: AliasPath("schools", name) for name in ("submitted", "roster")}


def _config(places: Mapping[str, _Place]) -> ConfigDict:
    return ConfigDict(
        alias_generator=AliasGenerator(
            validation_alias=lambda name: places.get(name, name),
            serialization_alias=lambda name: "withheld" if name == "reason" else name,
        ),
        serialize_by_alias=True,
        strict=True,
        extra="forbid",  # otherwise an incorrect figure would be read as a withheld one
        hide_input_in_errors=True,  # errors are logged, and figures must not be
        defer_build=True,  # most commands read no report
    )


# pydantic accepts a configuration only for a type that isn't itself a dataclass; it applies to those within.
_Report = NewType("_Report", ReportFacts)
_Network = NewType("_Network", NetworkFacts)

_report = TypeAdapter(_Report, config=_config(_PLACES))
_network = TypeAdapter(_Network, config=_config({**_PLACES, **_IN_A_NETWORK}))
_others = TypeAdapter(dict[Perspective, dict[str, Shown]], config=_config(_PLACES))


def _read(adapter: TypeAdapter[_T], stored: object) -> _T:
    """Go through JSON text, from which pydantic makes tuples, decimals and enums while "5" still isn't 5."""
    return adapter.validate_json(json.dumps(stored))


def report_to_json(facts: ReportFacts) -> dict[str, object]:
    stored = _report.dump_python(_Report(facts), mode="json")
    subthemes = [subtheme for area in stored["areas"] for subtheme in area["subthemes"]]
    for criterion in [criterion for subtheme in subthemes for criterion in subtheme["criteria"]]:
        if isinstance(criterion["agreement"], str):
            criterion["agreement"] = {"word": criterion["agreement"]}
    return {"version": VERSION, **stored}


def report_from_json(stored: Mapping[str, object]) -> ReportFacts:
    """The report in this JSON. Raises ``ValueError`` if it isn't one, or is of a later version."""
    version = stored.get("version")
    if version not in (_FIRST, VERSION):
        raise ValueError(f"a report of version {version} cannot be read; this is version {VERSION}")
    facts = {name: value for name, value in stored.items() if name != "version"}
    if version == _FIRST:
        facts = {**_KNOWN_AFTER_THE_FIRST, **facts}
    if missing := _ALL_FACTS - facts.keys():
        raise ValueError(f"a report of version {version} without {', '.join(sorted(missing))}")
    return _read(_report, facts)


def others_to_json(others: Others) -> dict[str, object]:
    """By perspective and sub-theme: ``{"school": {"1.1": {"value": "2.5", "n": 6}}}``."""
    shown: dict[Perspective, dict[str, Shown]] = defaultdict(dict)
    for (subtheme, perspective), cell in others.items():
        if isinstance(cell, Shown):
            shown[perspective][subtheme] = cell
    stored: dict[str, object] = _others.dump_python(shown, mode="json")
    return stored


def others_from_json(stored: Mapping[str, object]) -> Others:
    """Raises ``ValueError`` where it is something else."""
    shown = _read(_others, stored)
    return {(subtheme, perspective): cell for perspective, cells in shown.items() for subtheme, cell in cells.items()}


def network_to_json(facts: NetworkFacts) -> dict[str, object]:
    stored = _network.dump_python(_Network(facts), mode="json")
    return {
        "partnerships": stored["partnerships"],
        "reporting": stored["reporting"],
        "schools": {name: stored[name] for name in _IN_A_NETWORK},
        "subthemes": stored["subthemes"],
    }


def network_from_json(stored: Mapping[str, object]) -> NetworkFacts:
    """Raises ``ValueError`` where it is something else."""
    return _read(_network, stored)
