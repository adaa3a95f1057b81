"""Pictures of an invented partnership, from three to sixty schools, in any words."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle, islice
from typing import TypeAlias

from core.charts.counts import Count, Counts, CountsRow
from core.charts.dumbbell import Dumbbell, DumbbellRow
from core.charts.forms import FormsOfCollaboration, Place
from core.charts.heatmap import Heatmap, HeatmapColumn, HeatmapRow
from core.charts.marks import Mark
from core.charts.own_school import OwnSchool, OwnSchoolRow, Pair
from core.charts.pool import Picture
from core.charts.priorities import Bar, Priorities, PriorityRow
from core.charts.trend import Trend, TrendArea, TrendLine

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
VALUES = (2.5, 3.0, 1.0, None, 3.5, 2.0, 4.0, 1.5, 3.0, 2.5, 2.0)


def mark(value: float | None) -> Mark | None:
    return None if value is None else Mark(value, f"{value:.1f}")


def marks(first: int, count: int) -> tuple[Mark | None, ...]:
    return tuple(mark(value) for value in islice(cycle(VALUES), first, first + count))


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
    rows = tuple(HeatmapRow(school, marks(place, len(columns))) for place, school in enumerate(schools))
    middle = HeatmapRow("Middle of all schools", marks(4, len(columns)), apart=True)
    return Heatmap(
        title="Trust is strong in most schools; the difference we make is the next step",
        subtitle=SUBTITLE,
        levels=LEVELS,
        unscored="not scored",
        columns=columns,
        rows=(middle, *rows),
        note="How each school sees the partnership, from 1 to 4.",
    )


def counts(areas: Areas = AREAS, schools: int = 8) -> Counts:
    rows: list[CountsRow] = []
    for place, (area, subthemes) in enumerate(areas.items()):
        rows.append(CountsRow(area, (), area=True))
        rows += [CountsRow(each, _counted(schools, place + number)) for number, each in enumerate(subthemes)]
    return Counts(
        title="On trust we agree; on the difference we make we see things differently",
        subtitle=SUBTITLE,
        kind="partnership",
        dot="One school's view of the partnership",
        withheld="withheld",
        columns=LEVELS,
        rows=tuple(rows),
        note="The dots of a row are in no order.",
    )


def _counted(schools: int, kind: int) -> tuple[Count | None, ...]:
    half = schools // 2
    shapes: tuple[tuple[int | None, ...], ...] = (
        (0, schools - half, half, 0),
        (half, 0, 0, schools - half),
        (None, None, None, None),
        (0, 0, schools, 0),
        (None, None, half, schools - half),
    )
    return tuple(None if number is None else Count(number, str(number)) for number in shapes[kind % len(shapes)])


def priorities(areas: Areas = AREAS) -> Priorities:
    votes = (Bar(3 / 5, 1, "at least 3 of 5 schools"), Bar(0, 2 / 5, "at most 2 of 5 schools"), None)
    subthemes = [subtheme for each in areas.values() for subtheme in each]
    return Priorities(
        title="The difference we make comes first: the need is greatest, and most schools chose it",
        subtitle=SUBTITLE,
        need="Need",
        votes="Schools that chose it",
        withheld="withheld",
        rows=tuple(
            PriorityRow(
                rank=str(place + 1),
                label=subtheme,
                need=Bar(1 - place / 40, 1 - place / 40, f"{1 - place / 40:.1f} out of 1"),
                votes=votes[place % len(votes)],
                remark="Discuss the evidence first" if place % 2 else "",
            )
            for place, subtheme in enumerate(subthemes)
        ),
        note="Need is how far the partnership's middle score lies below Established: 0 is none, 1 the most.",
    )


def forms(schools: Sequence[str] = (), name: str = "Autumn 2026") -> FormsOfCollaboration:
    return FormsOfCollaboration(
        title="Trust is strong; support and challenge are the next step",
        subtitle=SUBTITLE,
        trust="Trust",
        challenge="Support and challenge",
        levels=LEVELS,
        established=3,
        box="Improvement",
        withheld="withheld",
        now=Place(name, 3.5, 2.5, "3.5 · 2.5"),
        before=Place("Summer 2026", 3.0, 2.0, "3.0 · 2.0"),
        schools=tuple(
            Place(school, 1 + (5 * place % 7) / 2, 1 + (3 * place % 7) / 2) for place, school in enumerate(schools)
        ),
        note="The middle of all schools' views of the partnership.",
    )


def trend(areas: Areas = AREAS, cycles: tuple[str, ...] = ("Summer 2026", "Autumn 2026")) -> Trend:
    return Trend(
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
                    TrendLine(
                        subtheme,
                        marks(place + 3 * number, len(cycles)),
                        "4 up · 2 the same · 1 down",
                        (None, "up", "down")[number % 3],
                    )
                    for number, subtheme in enumerate(subthemes)
                ),
            )
            for place, (area, subthemes) in enumerate(areas.items())
        ),
        note="Only schools that answered both times are counted.",
    )


def own_school(areas: Areas = AREAS, name: str = "Alder Primary") -> OwnSchool:
    rows: list[OwnSchoolRow] = []
    for place, (area, subthemes) in enumerate(areas.items()):
        rows.append(OwnSchoolRow(area, _pairs(place), area=True))
        rows += [OwnSchoolRow(each, _pairs(place + number)) for number, each in enumerate(subthemes, start=1)]
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


def _pairs(place: int) -> tuple[Pair, Pair]:
    one, two, three, four = marks(place, 4)
    return Pair(one, two), Pair(three, four)


def dumbbell(areas: Areas = AREAS) -> Dumbbell:
    rows: list[DumbbellRow] = []
    for place, (area, subthemes) in enumerate(areas.items()):
        rows.append(DumbbellRow(area, mark(2.3), mark(3.1), area=True))
        for number, subtheme in enumerate(subthemes):
            own_school, partnership = marks(place + number, 2)
            rows.append(DumbbellRow(subtheme, own_school, partnership))
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
        "own-school": own_school(areas, schools[0]),
        "heatmap": heatmap(areas, schools),
        "counts": counts(areas, len(schools)),
        "priorities": priorities(areas),
        "forms": forms(name=schools[0]),
        "forms-with-schools": forms(schools),
        "trend": trend(areas, cycles),
    }
