"""Schools by sub-themes, with their names: only where every school has agreed to it.

In ``open`` every leader may see it, in ``lead-only`` only the lead; callers that show it check ``may_see``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.analysis.disclosure import Published, as_it_is, to_tenth
from core.analysis.forms import has_forms, school_collaboration
from core.analysis.scores import SchoolScores, partnership_value, subtheme_score
from core.enquiry import Visibility
from core.framework import Framework, Perspective


@dataclass(frozen=True, slots=True)
class Column:
    subtheme: str
    perspective: Perspective


@dataclass(frozen=True, slots=True)
class SchoolRow:
    school: str
    leaders: int
    scores: tuple[Decimal | None, ...]
    """One score per column; None where the school left too much unscored."""
    trust: Decimal | None
    challenge: Decimal | None
    """How this school sees the forms of collaboration; both None where the framework does not ask, or it left too much
    unscored."""


@dataclass(frozen=True, slots=True)
class SchoolTable:
    columns: tuple[Column, ...]
    """The sub-themes in the framework's order: all from the first perspective, then all from the second."""
    rows: tuple[SchoolRow, ...]
    """In the order of their ids, which is not a ranking."""
    partnership: tuple[Published, ...]
    """The median of each column."""

    def of(self, perspective: Perspective) -> Mapping[str, tuple[Decimal | None, ...]]:
        """The scores from one perspective by school, in the order of the sub-themes: one heatmap."""
        places = [place for place, column in enumerate(self.columns) if column.perspective is perspective]
        return {row.school: tuple(row.scores[place] for place in places) for row in self.rows}


def may_see(visibility: Visibility, lead: bool) -> bool:
    """Whether a leader, or the lead, of this partnership may see schools by name."""
    return visibility is Visibility.OPEN or (lead and visibility is Visibility.LEAD_ONLY)


def school_table(framework: Framework, schools: Sequence[SchoolScores]) -> SchoolTable:
    """Works from one school upwards: every school in it agreed to be seen."""
    columns = tuple(
        Column(each.id, perspective) for perspective in framework.perspectives for each in framework.subthemes
    )
    ordered = sorted(schools, key=lambda school: school.school)
    return SchoolTable(
        columns=columns,
        rows=tuple(_row(framework, columns, school) for school in ordered),
        partnership=tuple(
            as_it_is(partnership_value(schools, framework.subtheme_by_id[each.subtheme], each.perspective))
            for each in columns
        ),
    )


def _row(framework: Framework, columns: Sequence[Column], school: SchoolScores) -> SchoolRow:
    scores = (subtheme_score(school, framework.subtheme_by_id[each.subtheme], each.perspective) for each in columns)
    forms = school_collaboration(school, framework) if has_forms(framework) else None
    return SchoolRow(
        school=school.school,
        leaders=len(school.leaders),
        scores=tuple(None if score is None else to_tenth(score) for score in scores),
        trust=None if forms is None else to_tenth(forms.trust),
        challenge=None if forms is None else to_tenth(forms.challenge),
    )
