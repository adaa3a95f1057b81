"""Reports of Ysgolion Aber, all names and titles in Welsh: few and many schools, one area, open with one another."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Final

from bot.wording.report_material import ReportMaterial
from bot.wording.school_report import OwnMaterial
from core.analysis.disclosure import Gate
from core.analysis.one_area import of_area
from core.analysis.others import others_of_each
from core.analysis.report_making import report_facts
from core.analysis.school_report import own_report
from core.analysis.school_table import school_table
from core.analysis.scores import SchoolScores
from core.analysis.trend_facts import Previous
from core.enquiry import Cycle, NoteKind, Visibility
from core.framework_file import default_framework
from core.practice import Match, Other
from core.services.school_reports_due import OwnNote
from tests.support.scores import school

FRAMEWORK: Final = default_framework()
CLOSES: Final = datetime(2026, 12, 3, 16, 0, tzinfo=UTC)
CYCLE: Final = Cycle(
    1, "aber", "Hydref 2026", Visibility.OWN_AND_GROUP, CLOSES, CLOSES, None, meeting_on=date(2026, 12, 15)
)


def seven(number: int) -> SchoolScores:
    levels = {each.id: (4 if each.id < "2" else 1, 2) for each in FRAMEWORK.criteria}
    return school(str(number), levels, votes=[{"1.1"}])


def apart(number: int) -> SchoolScores:
    """One of nine that stand far apart on the second area's criteria, and chose different priorities."""
    levels = {each.id: (3, (4 if number % 2 else 1) if each.id.startswith("2") else 3) for each in FRAMEWORK.criteria}
    return school(str(number), levels, votes=[{"2.1", "2.2" if number < 6 else "1.1"}])


NINE: Final = [apart(number) for number in range(9)]
BEFORE: Final = [school(str(number), {each.id: (2, 4) for each in FRAMEWORK.criteria}) for number in range(9)]
OLDER: Final = Previous(2, report_facts(FRAMEWORK, 9, BEFORE), BEFORE)

REPORT: Final = ReportMaterial(
    "Ysgolion Aber", CYCLE, FRAMEWORK, report_facts(FRAMEWORK, 9, [seven(each) for each in range(7)])
)
FEW: Final = replace(REPORT, facts=report_facts(FRAMEWORK, 7, []))
NONE_IN_THREE: Final = replace(REPORT, facts=report_facts(FRAMEWORK, 3, []))
FULL: Final = replace(
    REPORT,
    facts=report_facts(FRAMEWORK, 9, NINE, previous=OLDER),
    previous="Haf 2026",
    helping=frozenset({"1.1", "3.2"}),
)
OPEN: Final = replace(
    FULL,
    facts=report_facts(FRAMEWORK, 9, NINE, visibility=Visibility.OPEN, previous=OLDER),
    schools=school_table(FRAMEWORK, NINE),
    names={str(number): f"Ysgol {number}" for number in range(9)},
)
ONE_AREA: Final = replace(
    FULL,
    area=FRAMEWORK.areas[1],
    framework=FRAMEWORK.only(each.id for each in FRAMEWORK.areas[1].subthemes),
    facts=of_area(FULL.facts, FRAMEWORK.areas[1].id),
)

TWO_LEADERS: Final = school(
    "cwm",
    {each.id: (4, 1) for each in FRAMEWORK.criteria},
    {each.id: (2, None) for each in FRAMEWORK.criteria},
)
"""They stand two levels apart on their own school: 3.0 in the middle."""
OWN: Final = OwnMaterial(
    "Ysgol y Cwm",
    CYCLE,
    FRAMEWORK,
    FULL.facts,
    own_report(FRAMEWORK, TWO_LEADERS, others_of_each(FRAMEWORK, [*NINE, TWO_LEADERS], Gate())["cwm"], FULL.facts),
    (OwnNote("1.1", NoteKind.STRENGTH, "Rydym yn cyfarfod."),),
    (
        Match(
            1, True, "cwm", "Ysgol y Cwm", "Ysgolion Aber", FRAMEWORK.subtheme_by_id["1.1"].title, False, None, CLOSES,
            None,
        ),
        Match(
            2, False, "cwm", "Ysgol y Cwm", "Ysgolion Aber", FRAMEWORK.subtheme_by_id["2.2"].title, False, True, CLOSES,
            Other("Ysgol y Bryn", "Ysgolion Aber", "Mari", None),
        ),
    ),
)  # fmt: skip
