"""Pictures of an invented partnership, from three to sixty schools, in any words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import count
from typing import TypeAlias

from core.charts.counts import Counts, CountsRow, DotCount
from core.charts.dumbbell import Dumbbell, DumbbellRow
from core.charts.forms import FormPoint, FormsOfCollaboration
from core.charts.heatmap import Heatmap, HeatmapColumn, HeatmapRow
from core.charts.marks import Mark
from core.charts.own_school import OwnSchool, OwnSchoolRow, ScorePair
from core.charts.pool import Picture
from core.charts.priorities import Bar, PrioritiesChart, PriorityRow
from core.charts.trend import TrendArea, TrendChart, TrendChartLine

Areas: TypeAlias = dict[str, tuple[str, ...]]

LEVELS = ("1 Starting", "2 Building", "3 Established", "4 Extending")
SUBTITLE = "Willow Valley Partnership · Autumn 2026 · 7 of 7 schools submitted."
AREAS: Areas = {
    "Shared ambition": ("Shared purpose", "Commitment in practice", "Shared leadership"),
    "Reality and impact": ("An honest picture", "Support and challenge", "The difference we make"),
    "Belonging and thriving": ("Trust and belonging", "Learning together", "Thriving staff and pupils"),
}
SCHOOLS = (
    "Alder Primary",
    "Beck Infants",
    "Cedar High",
    "Dale Junior",
    "Elm Grove",
    "Fellside Church of England Primary",
    "Garth Academy",
)
MIDDLES = (3.0, 2.5, 2.5, 3.0, 2.5, 1.5, 3.5, 3.0, 2.0)
"""Of the nine sub-themes, so that what the titles say is true."""
MOVES = ("5 up · 2 the same · 0 down", "2 up · 3 the same · 2 down", "0 up · 2 the same · 5 down")
"""Of the first, the second and the last sub-theme of an area."""
APART = (0.0, 0.5, -0.5, 0.0, 0.5, 0.0, -0.5)
"""How far schools stand from the middle."""


def mark(value: float | None) -> Mark | None:
    return None if value is None else Mark(value, f"{value:.1f}")


def middle(subtheme: int) -> float:
    return MIDDLES[subtheme % len(MIDDLES)]


def score(school: int, subtheme: int) -> Mark | None:
    """Now and then a school gives none."""
    if (5 * school + subtheme) % 23 == 3:
        return None
    return mark(middle(subtheme) + APART[(school + subtheme) % len(APART)])


def _mean(marks: Sequence[Mark | None]) -> Mark | None:
    """What an area has where at least half of its sub-themes have a figure."""
    there = [each.value for each in marks if each is not None]
    return mark(sum(there) / len(there)) if 2 * len(there) >= len(marks) else None


def named(words: str) -> Areas:
    """Areas and sub-themes that all have one name."""
    return {f"{words}{number * ' '}": (words,) * 3 for number in range(3)}


def many_areas(areas: int, subthemes: int) -> Areas:
    return {
        f"Area of enquiry {area}": tuple(f"Sub-theme {area}.{number} with some words" for number in range(subthemes))
        for area in range(areas)
    }


def many_schools(count: int) -> tuple[str, ...]:
    """Names of eighty characters each, the same but for a number."""
    name = "St Bartholomew's and Our Lady of Perpetual Succour Catholic Primary School, Long Lane"
    return tuple(f"{number:02} {name}"[:80] for number in range(count))


def heatmap(areas: Areas = AREAS, schools: Sequence[str] = SCHOOLS) -> Heatmap:
    columns = tuple(HeatmapColumn(subtheme, area) for area, subthemes in areas.items() for subtheme in subthemes)
    rows = tuple(
        HeatmapRow(school, tuple(score(place, column) for column in range(len(columns))))
        for place, school in enumerate(schools)
    )
    all_schools = tuple(mark(middle(column)) for column in range(len(columns)))
    return Heatmap(
        title="Trust is strong in most schools; the difference we make is the next step",
        subtitle=SUBTITLE,
        levels=LEVELS,
        unscored="not scored",
        columns=columns,
        rows=(HeatmapRow("Middle of all schools", all_schools, apart=True), *rows),
        note="How each school sees the partnership, from 1 to 4.",
    )


def counts(areas: Areas = AREAS, schools: int = 8) -> Counts:
    rows: list[CountsRow] = []
    numbers = count()
    for area, subthemes in areas.items():
        rows.append(CountsRow(area, (), area=True))
        rows += [CountsRow(each, _counted(schools, number)) for each, number in zip(subthemes, numbers, strict=False)]
    return Counts(
        title="On trust we agree; on the difference we make we see things differently",
        subtitle=f"Willow Valley Partnership · Autumn 2026 · {schools} of {schools} schools submitted.",
        kind="partnership",
        dot="One school's view of the partnership",
        withheld="withheld",
        columns=LEVELS,
        rows=tuple(rows),
        note="The dots of a row are in no order.",
    )


def _counted(schools: int, subtheme: int) -> tuple[DotCount | None, ...]:
    half, quarter = schools // 2, schools // 4
    rest = schools - half - quarter
    shapes: tuple[tuple[int | None, ...], ...] = (
        (0, half, schools - half, 0),
        (quarter, half, rest, 0),
        (None, None, None, None),
        (quarter, 0, half, rest),
        (None, None, half, schools - half),
        (half, 0, 0, schools - half),
        (0, 0, schools - quarter, quarter),
        (0, quarter, half, rest),
        (rest, half, quarter, 0),
    )
    return tuple(None if number is None else DotCount(number, str(number)) for number in shapes[subtheme % len(shapes)])


def priorities(areas: Areas = AREAS) -> PrioritiesChart:
    votes = (Bar(3 / 5, 1, "at least 3 of 5 schools"), Bar(0, 2 / 5, "at most 2 of 5 schools"), None)
    subthemes = [subtheme for each in areas.values() for subtheme in each]
    needs = sorted(((3 - middle(number)) / 2, subtheme) for number, subtheme in enumerate(subthemes))[::-1]
    return PrioritiesChart(
        title="The difference we make comes first: the need is greatest, and most schools chose it",
        subtitle=SUBTITLE,
        need="Need",
        votes="Schools that chose it",
        withheld="withheld",
        rows=tuple(
            PriorityRow(
                rank=str(place + 1),
                label=subtheme,
                need=Bar(max(0, need), max(0, need), f"{max(0, need):.1f} out of 1"),
                votes=votes[place % len(votes)],
                remark="Discuss the evidence first" if place % 2 else "",
            )
            for place, (need, subtheme) in enumerate(needs)
        ),
        note="Need is how far the partnership's middle score lies below Established: 0 is none, 1 the most.",
    )


def forms(name: str = "Our partnership") -> FormsOfCollaboration:
    return FormsOfCollaboration(
        title="Trust is strong; support and challenge are the next step",
        subtitle=SUBTITLE,
        trust="Trust",
        challenge="Support and challenge",
        levels=LEVELS,
        established=3,
        box="Improvement",
        withheld="withheld",
        now=FormPoint(name, 3.5, 2.5, "3.5 / 2.5"),
        note="The middle of all schools' views of the partnership.",
    )


def trend(areas: Areas = AREAS, cycles: tuple[str, ...] = ("Summer 2026", "Autumn 2026")) -> TrendChart:
    numbers = count()
    return TrendChart(
        title="Most schools say that trust has grown",
        subtitle=SUBTITLE,
        kind="partnership",
        cycles=cycles,
        levels=LEVELS,
        withheld="withheld",
        areas=tuple(
            TrendArea(
                area,
                tuple(
                    TrendChartLine(
                        subtheme,
                        _moved(number, len(cycles)),
                        "" if number % 9 == _WITHHELD_BEFORE else MOVES[number % 3],
                        ("up", None, "down")[number % 3],
                    )
                    for subtheme, number in zip(subthemes, numbers, strict=False)
                ),
            )
            for area, subthemes in areas.items()
        ),
        note="Only schools that answered both times are counted.",
    )


_WITHHELD_BEFORE = 4


def _moved(subtheme: int, cycles: int) -> tuple[Mark | None, ...]:
    """The first of each area has gone up, the last has gone down; of some the first time is withheld."""
    step = (0.5, 0.0, -0.5)[subtheme % 3]
    values = [middle(subtheme) - step * before for before in range(cycles)][::-1]
    return tuple(
        None if subtheme % 9 == _WITHHELD_BEFORE and not place else mark(value) for place, value in enumerate(values)
    )


def own_school(areas: Areas = AREAS, name: str = "Alder Primary") -> OwnSchool:
    rows: list[OwnSchoolRow] = []
    numbers = count()
    for area, subthemes in areas.items():
        below = [_pairs(number) for _, number in zip(subthemes, numbers, strict=False)]
        panels = [[pairs[panel] for pairs in below] for panel in (0, 1)]
        of_area = [
            ScorePair(_mean([each.ours for each in panel]), _mean([each.others for each in panel])) for panel in panels
        ]
        rows.append(OwnSchoolRow(area, (of_area[0], of_area[1]), area=True))
        rows += [OwnSchoolRow(each, pairs) for each, pairs in zip(subthemes, below, strict=True)]
    return OwnSchool(
        title="We see our own school much as others see theirs",
        subtitle=f"{name} · Autumn 2026",
        ours="Our school",
        others="The middle of all schools",
        unscored="not scored",
        withheld="withheld",
        panels=("Our own school", "Our partnership"),
        levels=LEVELS,
        rows=tuple(rows),
        note=f"Only the leaders of {name} see this picture.",
    )


def _pairs(subtheme: int) -> tuple[ScorePair, ScorePair]:
    own, partnership = mark(middle(subtheme) + 0.5), mark(middle(subtheme))
    return ScorePair(score(3, subtheme), None if subtheme % 9 == 4 else own), ScorePair(score(4, subtheme), partnership)


def dumbbell(areas: Areas = AREAS) -> Dumbbell:
    rows: list[DumbbellRow] = []
    numbers = count()
    for area, subthemes in areas.items():
        below = []
        for subtheme, number in zip(subthemes, numbers, strict=False):
            partnership = None if number % 9 == 8 else mark(middle(number))
            below.append(DumbbellRow(subtheme, mark(middle(number) + 0.5 * (number % 2)), partnership))
        own_school, partnership = _mean([row.own_school for row in below]), _mean([row.partnership for row in below])
        rows += [DumbbellRow(area, own_school, partnership, area=True), *below]
    return Dumbbell(
        title="Strongest: Trust and belonging. Next step: The difference we make.",
        subtitle=SUBTITLE,
        own_school="Our own schools",
        partnership="Our partnership",
        withheld="withheld",
        levels=LEVELS,
        rows=tuple(rows),
        note="The middle score of all schools. It is withheld where it could give one school's score away.",
    )


def every_kind(
    areas: Areas = AREAS, schools: Sequence[str] = SCHOOLS, cycles: tuple[str, ...] = ("Summer 2026", "Autumn 2026")
) -> dict[str, Picture]:
    return {
        "dumbbell": dumbbell(areas),
        "dumbbell-of-the-partnership": replace(dumbbell(areas), own_school=None),
        "own-school": own_school(areas, schools[0]),
        "heatmap": heatmap(areas, schools),
        "counts": counts(areas, max(8, len(schools))),
        "priorities": priorities(areas),
        "forms": forms(),
        "trend": trend(areas, cycles),
    }
