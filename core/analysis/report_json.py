"""Report facts as JSON, for the snapshot that a report is always made from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Final, TypeVar

from core.analysis.disclosure import Bound, Published, Reason, Shown, Votes, Withheld
from core.analysis.report import (
    AreaFacts,
    Difference,
    Priority,
    ReportFacts,
    ResponseRate,
    Strength,
    SubThemeFacts,
)

VERSION: Final = 1

T = TypeVar("T")


def to_json(facts: ReportFacts) -> dict[str, object]:
    return {
        "version": VERSION,
        "response": {"submitted": facts.response.submitted, "roster": facts.response.roster},
        "areas": [_write_area(area) for area in facts.areas],
        "strongest": [
            {"rank": each.rank, "subtheme": each.subtheme, "value": str(each.value)} for each in facts.strongest
        ],
        "priorities": [_write_priority(each) for each in facts.priorities],
        "differences": [
            {"rank": each.rank, "subtheme": each.subtheme, "value": str(each.value)} for each in facts.differences
        ],
    }


def _write_area(area: AreaFacts) -> dict[str, object]:
    return {
        "id": area.id,
        "own_school": _write_cell(area.own_school),
        "partnership": _write_cell(area.partnership),
        "subthemes": [
            {
                "id": subtheme.id,
                "own_school": _write_cell(subtheme.own_school),
                "partnership": _write_cell(subtheme.partnership),
                "difference": _write_cell(subtheme.difference),
            }
            for subtheme in area.subthemes
        ],
    }


def _write_cell(cell: Published | None) -> dict[str, object] | None:
    match cell:
        case None:
            return None
        case Shown(value, n):
            return {"value": str(value), "n": n}
        case Withheld(reason):
            return {"withheld": reason.value}


def _write_priority(priority: Priority) -> dict[str, object]:
    return {
        "rank": priority.rank,
        "subtheme": priority.subtheme,
        "need": None if priority.need is None else str(priority.need),
        "votes": _write_votes(priority.votes),
    }


def _write_votes(votes: Votes | Withheld) -> dict[str, object]:
    if isinstance(votes, Withheld):
        return {"withheld": votes.reason.value}
    return {"schools": votes.schools, "voting": votes.voting, "bound": votes.bound.value}


def from_json(stored: Mapping[str, object]) -> ReportFacts:
    """The facts of a snapshot. Raises ``ValueError`` where this is not one, or one of a later version."""
    if stored.get("version") != VERSION:
        raise ValueError(f"a report of version {stored.get('version')} cannot be read; this is version {VERSION}")
    response = _object(stored, "response")
    return ReportFacts(
        response=ResponseRate(_number(response, "submitted"), _number(response, "roster")),
        areas=_each(stored, "areas", _read_area),
        strongest=_each(stored, "strongest", lambda each: Strength(*_ranked(each), _decimal(each, "value"))),
        priorities=_each(stored, "priorities", _read_priority),
        differences=_each(stored, "differences", lambda each: Difference(*_ranked(each), _decimal(each, "value"))),
    )


def _read_area(stored: Mapping[str, object]) -> AreaFacts:
    return AreaFacts(
        id=_text(stored, "id"),
        own_school=_read_cell(stored, "own_school"),
        partnership=_read_cell(stored, "partnership"),
        subthemes=_each(stored, "subthemes", _read_subtheme),
    )


def _read_subtheme(stored: Mapping[str, object]) -> SubThemeFacts:
    return SubThemeFacts(
        id=_text(stored, "id"),
        own_school=_read_cell(stored, "own_school"),
        partnership=_read_cell(stored, "partnership"),
        difference=_read_cell(stored, "difference"),
    )


def _read_cell(stored: Mapping[str, object], name: str) -> Published | None:
    if stored.get(name) is None:
        return None
    cell = _object(stored, name)
    if "withheld" in cell:
        return Withheld(Reason(_text(cell, "withheld")))
    return Shown(_decimal(cell, "value"), _number(cell, "n"))


def _read_priority(stored: Mapping[str, object]) -> Priority:
    need = None if stored.get("need") is None else _decimal(stored, "need")
    return Priority(*_ranked(stored), need, _read_votes(_object(stored, "votes")))


def _read_votes(stored: Mapping[str, object]) -> Votes | Withheld:
    if "withheld" in stored:
        return Withheld(Reason(_text(stored, "withheld")))
    return Votes(_number(stored, "schools"), _number(stored, "voting"), Bound(_text(stored, "bound")))


def _ranked(stored: Mapping[str, object]) -> tuple[int, str]:
    return _number(stored, "rank"), _text(stored, "subtheme")


def _each(stored: Mapping[str, object], name: str, read: Callable[[Mapping[str, object]], T]) -> tuple[T, ...]:
    items = stored.get(name)
    if not isinstance(items, list):
        raise ValueError(f"{name} is not a list")
    return tuple(read(_mapping(item, name)) for item in items)


def _object(stored: Mapping[str, object], name: str) -> Mapping[str, object]:
    return _mapping(stored.get(name), name)


def _mapping(value: object, name: str) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise ValueError(f"{name} is not an object")
    return value


def _text(stored: Mapping[str, object], name: str) -> str:
    value = stored.get(name)
    if not isinstance(value, str):
        raise ValueError(f"{name} is not a text")
    return value


def _number(stored: Mapping[str, object], name: str) -> int:
    value = stored.get(name)
    if not isinstance(value, int):
        raise ValueError(f"{name} is not a whole number")
    return value


def _decimal(stored: Mapping[str, object], name: str) -> Decimal:
    try:
        return Decimal(_text(stored, name))
    except InvalidOperation:
        raise ValueError(f"{name} is not a decimal number") from None
