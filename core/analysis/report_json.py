"""Report facts as JSON, for the snapshot that a report is always made from; ``report_stored`` reads them again."""

from __future__ import annotations

from dataclasses import asdict
from decimal import Decimal
from typing import Final

from core.analysis.agreement import Agreement
from core.analysis.disclosure import Count, Published, Shown, Span, Votes, Withheld
from core.analysis.report import (
    AreaFacts,
    CriterionFacts,
    Detail,
    Forms,
    Priority,
    ReportFacts,
    SubThemeFacts,
    Trend,
    TrendLine,
)

VERSION: Final = 2
"""2 added what schools agree about, counts, forms, trend and what would show more; 1 can still be read."""


def to_json(facts: ReportFacts) -> dict[str, object]:
    return {
        "version": VERSION,
        "response": asdict(facts.response),
        "areas": [_area(area) for area in facts.areas],
        "strongest": [_ranked(each.rank, each.subtheme, each.value) for each in facts.strongest],
        "priorities": [_priority(each) for each in facts.priorities],
        "differences": [_ranked(each.rank, each.subtheme, each.value) for each in facts.differences],
        "visibility": facts.visibility.value,
        "forms": None if facts.forms is None else _forms(facts.forms),
        "trend": None if facts.trend is None else _trend(facts.trend),
        "more": [each.value for each in facts.more],
    }


def _ranked(rank: int, subtheme: str, value: Decimal) -> dict[str, object]:
    return {"rank": rank, "subtheme": subtheme, "value": str(value)}


def _area(area: AreaFacts) -> dict[str, object]:
    return {
        "id": area.id,
        "own_school": cell_json(area.own_school),
        "partnership": cell_json(area.partnership),
        "subthemes": [_subtheme(subtheme) for subtheme in area.subthemes],
    }


def _subtheme(subtheme: SubThemeFacts) -> dict[str, object]:
    return {
        "id": subtheme.id,
        "own_school": cell_json(subtheme.own_school),
        "partnership": cell_json(subtheme.partnership),
        "difference": cell_json(subtheme.difference),
        "criteria": [_criterion(criterion) for criterion in subtheme.criteria],
        "details": [_detail(detail) for detail in subtheme.details],
    }


def cell_json(cell: Published | None) -> dict[str, object] | None:
    match cell:
        case None:
            return None
        case Shown(value, n):
            return {"value": str(value), "n": n}
        case Withheld():
            return _withheld(cell)


def _withheld(cell: Withheld) -> dict[str, object]:
    return {"withheld": cell.reason.value}


def _criterion(criterion: CriterionFacts) -> dict[str, object]:
    word = criterion.agreement
    return {
        "id": criterion.id,
        "value": cell_json(criterion.value),
        "agreement": {"word": word.value} if isinstance(word, Agreement) else _withheld(word),
    }


def _detail(detail: Detail) -> dict[str, object]:
    return {
        "perspective": detail.perspective.value,
        "established": count_json(detail.established),
        "could_be": None if detail.could_be is None else _span(detail.could_be),
    }


def count_json(count: Count | Withheld) -> dict[str, object]:
    if isinstance(count, Withheld):
        return _withheld(count)
    return {"schools": count.schools, "of": count.of, "bound": count.bound.value}


def _span(span: Span | Withheld) -> dict[str, object]:
    return _withheld(span) if isinstance(span, Withheld) else {"least": str(span.least), "most": str(span.most)}


def _priority(priority: Priority) -> dict[str, object]:
    return {
        "rank": priority.rank,
        "subtheme": priority.subtheme,
        "need": None if priority.need is None else str(priority.need),
        "votes": _votes(priority.votes),
        "evidence_first": priority.evidence_first,
    }


def _votes(votes: Votes | Withheld) -> dict[str, object]:
    if isinstance(votes, Withheld):
        return _withheld(votes)
    return {"schools": votes.schools, "voting": votes.voting, "bound": votes.bound.value}


def _forms(forms: Forms) -> dict[str, object]:
    return {
        "trust": cell_json(forms.trust),
        "challenge": cell_json(forms.challenge),
        "improvement": forms.improvement,
    }


def _trend(trend: Trend) -> dict[str, object]:
    return {
        "previous": trend.previous,
        "schools": trend.schools,
        "respondents_changed": trend.respondents_changed,
        "lines": [_line(line) for line in trend.lines],
    }


def _line(line: TrendLine) -> dict[str, object]:
    return {
        "subtheme": line.subtheme,
        "perspective": line.perspective.value,
        "then": str(line.then),
        "now": str(line.now),
        "direction": line.direction.value,
        "moves": None if line.moves is None else asdict(line.moves),
    }
