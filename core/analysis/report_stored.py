"""Report facts out of the JSON of a snapshot, of this version or an earlier one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from core.analysis.agreement import Agreement
from core.analysis.disclosure import Bound, Count, Published, Reason, Shown, Span, Votes, Withheld
from core.analysis.report import (
    AreaFacts,
    CriterionFacts,
    Detail,
    Difference,
    Forms,
    More,
    Priority,
    ReportFacts,
    ResponseRate,
    Strength,
    SubThemeFacts,
    Trend,
    TrendLine,
)
from core.analysis.report_json import VERSION
from core.analysis.stored import decimal, each, flag, number, object_, optional, text, texts
from core.analysis.trend import Direction, Moves
from core.enquiry import Visibility
from core.framework import Perspective

_FIRST: Final = 1


def from_json(stored: Mapping[str, object]) -> ReportFacts:
    """The facts of a snapshot. Raises ``ValueError`` where this is not one, or one of a later version."""
    version = stored.get("version")
    if version == _FIRST:
        return _first_version(stored)
    if version != VERSION:
        raise ValueError(f"a report of version {version} cannot be read; this is version {VERSION}")
    response = object_(stored, "response")
    return ReportFacts(
        response=ResponseRate(number(response, "submitted"), number(response, "roster"), number(response, "least")),
        areas=each(stored, "areas", _area),
        strongest=each(stored, "strongest", _strength),
        priorities=each(stored, "priorities", _priority),
        differences=each(stored, "differences", _difference),
        visibility=Visibility(text(stored, "visibility")),
        forms=optional(stored, "forms", _forms),
        trend=optional(stored, "trend", _trend),
        more=tuple(More(word) for word in texts(stored, "more")),
    )


def _first_version(stored: Mapping[str, object]) -> ReportFacts:
    """Before there were agreement, counts, forms and trend; the visibility was always that of the default."""
    response = object_(stored, "response")
    return ReportFacts(
        response=ResponseRate(number(response, "submitted"), number(response, "roster")),
        areas=each(stored, "areas", _area),
        strongest=each(stored, "strongest", _strength),
        priorities=each(stored, "priorities", _priority),
        differences=each(stored, "differences", _difference),
    )


def _strength(stored: Mapping[str, object]) -> Strength:
    return Strength(number(stored, "rank"), text(stored, "subtheme"), decimal(stored, "value"))


def _difference(stored: Mapping[str, object]) -> Difference:
    return Difference(number(stored, "rank"), text(stored, "subtheme"), decimal(stored, "value"))


def _area(stored: Mapping[str, object]) -> AreaFacts:
    return AreaFacts(
        id=text(stored, "id"),
        own_school=optional(stored, "own_school", cell),
        partnership=optional(stored, "partnership", cell),
        subthemes=each(stored, "subthemes", _subtheme),
    )


def _subtheme(stored: Mapping[str, object]) -> SubThemeFacts:
    return SubThemeFacts(
        id=text(stored, "id"),
        own_school=optional(stored, "own_school", cell),
        partnership=optional(stored, "partnership", cell),
        difference=optional(stored, "difference", cell),
        criteria=each(stored, "criteria", _criterion) if "criteria" in stored else (),
        details=each(stored, "details", _detail) if "details" in stored else (),
    )


def cell(stored: Mapping[str, object]) -> Published:
    return _withheld(stored) or Shown(decimal(stored, "value"), number(stored, "n"))


def _withheld(stored: Mapping[str, object]) -> Withheld | None:
    return Withheld(Reason(text(stored, "withheld"))) if "withheld" in stored else None


def _criterion(stored: Mapping[str, object]) -> CriterionFacts:
    word = object_(stored, "agreement")
    return CriterionFacts(
        id=text(stored, "id"),
        value=cell(object_(stored, "value")),
        agreement=_withheld(word) or Agreement(text(word, "word")),
    )


def _detail(stored: Mapping[str, object]) -> Detail:
    return Detail(
        perspective=Perspective(text(stored, "perspective")),
        established=count(object_(stored, "established")),
        could_be=optional(stored, "could_be", _span),
    )


def count(stored: Mapping[str, object]) -> Count | Withheld:
    return _withheld(stored) or Count(number(stored, "schools"), number(stored, "of"), Bound(text(stored, "bound")))


def _span(stored: Mapping[str, object]) -> Span | Withheld:
    return _withheld(stored) or Span(decimal(stored, "least"), decimal(stored, "most"))


def _priority(stored: Mapping[str, object]) -> Priority:
    return Priority(
        rank=number(stored, "rank"),
        subtheme=text(stored, "subtheme"),
        need=None if stored.get("need") is None else decimal(stored, "need"),
        votes=_votes(object_(stored, "votes")),
        evidence_first=flag(stored, "evidence_first") if "evidence_first" in stored else False,
    )


def _votes(stored: Mapping[str, object]) -> Votes | Withheld:
    withheld = _withheld(stored)
    return withheld or Votes(number(stored, "schools"), number(stored, "voting"), Bound(text(stored, "bound")))


def _forms(stored: Mapping[str, object]) -> Forms:
    return Forms(
        trust=cell(object_(stored, "trust")),
        challenge=cell(object_(stored, "challenge")),
        improvement=None if stored.get("improvement") is None else flag(stored, "improvement"),
    )


def _trend(stored: Mapping[str, object]) -> Trend:
    return Trend(
        previous=number(stored, "previous"),
        schools=number(stored, "schools"),
        respondents_changed=number(stored, "respondents_changed"),
        lines=each(stored, "lines", _line),
    )


def _line(stored: Mapping[str, object]) -> TrendLine:
    return TrendLine(
        subtheme=text(stored, "subtheme"),
        perspective=Perspective(text(stored, "perspective")),
        then=decimal(stored, "then"),
        now=decimal(stored, "now"),
        direction=Direction(text(stored, "direction")),
        moves=optional(stored, "moves", _moves),
    )


def _moves(stored: Mapping[str, object]) -> Moves:
    return Moves(number(stored, "up"), number(stored, "same"), number(stored, "down"))
