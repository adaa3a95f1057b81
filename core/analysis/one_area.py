"""One area of a report: the same published figures, and the standouts among them.

Nothing is recomputed from scores, so it reveals nothing that the whole report does not.
"""

from __future__ import annotations

from dataclasses import replace

from core.analysis.report import ReportFacts
from core.analysis.standing_out import differences, strongest


def of_area(facts: ReportFacts, area: str) -> ReportFacts:
    """The report narrowed to an area: its own strongest and differences, and the report's priorities that lie in it.

    Forms of collaboration belong to the whole partnership and are left out.
    """
    areas = tuple(each for each in facts.areas if each.id == area)
    subthemes = tuple(subtheme for each in areas for subtheme in each.subthemes)
    inside = {each.id for each in subthemes}
    lines = () if facts.trend is None else tuple(each for each in facts.trend.lines if each.subtheme in inside)
    return replace(
        facts,
        areas=areas,
        strongest=strongest(subthemes),
        priorities=tuple(each for each in facts.priorities if each.subtheme in inside),
        differences=differences(subthemes),
        forms=None,
        trend=None if facts.trend is None else replace(facts.trend, lines=lines),
    )
