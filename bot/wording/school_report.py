"""A school's own report, for its leaders alone: its scores beside the partnership's, and its own notes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from bot.messages.blocks import Block, Buttons, Fact, Facts, Heading, Paragraph
from bot.messages.languages import Words
from bot.wording.cards import note_name
from bot.wording.charts.drawing import Drawing, in_words
from bot.wording.figures import (
    criterion_title,
    figure,
    level_names,
    mark,
    on_the_scale,
    response_words,
    title,
    written,
)
from bot.wording.practice import why
from bot.wording.shared import help_button, perspective_name, visibility_words
from core.analysis.report import ReportFacts
from core.analysis.school_report import OwnFigure, SchoolReport
from core.charts.own_school import OwnSchool, OwnSchoolRow, ScorePair
from core.enquiry import Cycle
from core.framework import Framework, Perspective, in_language
from core.practice import Match, Other
from core.services.school_reports_due import OwnNote


@dataclass(frozen=True, slots=True)
class OwnMaterial:
    school: str
    """Its name."""
    cycle: Cycle
    framework: Framework
    facts: ReportFacts
    own: SchoolReport
    notes: tuple[OwnNote, ...]
    matches: tuple[Match, ...] = ()
    """What this leader has been asked about for this school, and who the other side is once both have said yes."""
    met: bool = False
    """Whether the partnership's meeting is over."""


def own_report(material: OwnMaterial, words: Words) -> tuple[Block, ...]:
    return (
        Heading(words("{school}: your report on {cycle}", school=material.school, cycle=material.cycle.title)),
        Paragraph(_for_whom(material, words)),
        Facts(tuple(_areas(material, words))),
        *_gaps(material, Perspective.SCHOOL, words("How you see your own school"), words),
        *_gaps(material, Perspective.PARTNERSHIP, words("How you see the partnership"), words),
        *_leaders_differ(material, words),
        *_notes(material, words),
        *_matches(material, words),
        *_meeting(material, words),
        Buttons((help_button(words),)),
    )


def _for_whom(material: OwnMaterial, words: Words) -> str:
    return words("This is for the leaders of your school.") + f" {visibility_words(material.cycle.visibility, words)}"


def _areas(material: OwnMaterial, words: Words) -> Iterator[Fact]:
    titles = {each.id: each.short_title for each in material.framework.areas}
    for area in material.own.areas:
        told = (
            _beside(perspective_name(perspective, words), found, words)
            for perspective, found in (
                (Perspective.SCHOOL, area.own_school),
                (Perspective.PARTNERSHIP, area.partnership),
            )
            if found is not None
        )
        yield Fact(in_language(titles[area.id], words.language), "; ".join(told))


def _beside(name: str, found: OwnFigure, words: Words) -> str:
    ours = words("no score") if found.own is None else written(found.own)
    if found.group is None:
        return f"{name} {ours}"
    return words("{name} {ours} (all schools {group})", name=name, ours=ours, group=figure(found.group, words))


def _gaps(material: OwnMaterial, perspective: Perspective, heading: str, words: Words) -> tuple[Block, ...]:
    """Where this school is a level or more away from the middle of the others."""
    flagged = material.own.flagged(perspective)
    figures = {each.id: _of(perspective, each.own_school, each.partnership) for each in material.own.subthemes}
    items = tuple(
        Fact(title(material.framework, each, words), _gap(found.gap, words))
        for each in flagged
        if (found := figures[each]) is not None and found.gap is not None
    )
    return (Heading(heading, level=2), Facts(items)) if items else ()


def _of(perspective: Perspective, own_school: OwnFigure | None, partnership: OwnFigure | None) -> OwnFigure | None:
    return own_school if perspective is Perspective.SCHOOL else partnership


def _gap(gap: Decimal, words: Words) -> str:
    if gap > 0:
        return words("{gap} above the middle of the other schools", gap=written(gap))
    return words("{gap} below the middle of the other schools", gap=written(-gap))


def _leaders_differ(material: OwnMaterial, words: Words) -> tuple[Block, ...]:
    criteria = dict.fromkeys(row.criterion for row in material.own.leaders_differ)
    if not criteria:
        return ()
    named = words.joined([criterion_title(material.framework, each, words) for each in criteria])
    return (
        Paragraph(
            words(
                "Leaders of your school stand two levels apart on: {criteria}. Only your school is told. It may be "
                "worth talking about among yourselves before the meeting.",
                criteria=named,
            )
        ),
    )


def _notes(material: OwnMaterial, words: Words) -> tuple[Block, ...]:
    asked = material.framework.subtheme_by_id
    items = tuple(
        Fact(f"{note_name(each.kind, words)} · {title(material.framework, each.subtheme, words)}", each.text)
        for each in material.notes
        if each.subtheme in asked
    )
    return (Heading(words("What your school wrote"), level=2), Facts(items)) if items else ()


def _matches(material: OwnMaterial, words: Words) -> tuple[Block, ...]:
    items = tuple(
        Fact(
            in_language(each.title, words.language),
            why(each, words) if each.other is None else _with(each.other, words),
        )
        for each in material.matches
    )
    return (Heading(words("Sharing practice"), level=2), Facts(items)) if items else ()


def _with(other: Other, words: Words) -> str:
    reached = ", ".join(part for part in (other.person_name, other.school_name) if part)
    return words("You have been introduced: {who}", who=reached)


def _meeting(material: OwnMaterial, words: Words) -> tuple[Block, ...]:
    if material.cycle.meeting_on is None:
        return ()
    day = words.day(material.cycle.meeting_on)
    if material.met:
        return (Paragraph(words("The partnership met on {day}.", day=day)),)
    return (Paragraph(words("The partnership meets on {day}.", day=day)),)


def own_picture(material: OwnMaterial, words: Words) -> Drawing:
    """A row for each area, followed by its sub-themes: this school's scores beside all schools'."""
    framework = material.framework
    named = words("{school} beside all schools", school=material.school)
    picture = OwnSchool(
        title=named,
        subtitle=f"{material.cycle.title} · {response_words(material.facts.response, words)}",
        ours=words("Our school"),
        others=words("All schools, middle score"),
        unscored=words("no score"),
        withheld=words("withheld"),
        panels=tuple(_panel(perspective, words) for perspective in framework.perspectives),
        levels=level_names(framework, words),
        rows=tuple(_rows(material, words)),
    )
    opening = words(
        "What your school said beside the middle score of all schools, {on_the_scale}.",
        on_the_scale=on_the_scale(framework, words),
    )
    return Drawing(picture, in_words(named, opening, _in_words(material, words)))


def _panel(perspective: Perspective, words: Words) -> str:
    return words("Our own school") if perspective is Perspective.SCHOOL else words("Our partnership")


def _rows(material: OwnMaterial, words: Words) -> Iterator[OwnSchoolRow]:
    titles = {each.id: each.short_title for each in material.framework.areas}
    for area in material.own.areas:
        yield OwnSchoolRow(
            in_language(titles[area.id], words.language), _pairs(area.own_school, area.partnership), True
        )
        for each in area.subthemes:
            yield OwnSchoolRow(title(material.framework, each.id, words), _pairs(each.own_school, each.partnership))


def _pairs(own_school: OwnFigure | None, partnership: OwnFigure | None) -> tuple[ScorePair, ...]:
    return tuple(ScorePair(mark(each.own), mark(each.group)) for each in (own_school, partnership) if each is not None)


def _in_words(material: OwnMaterial, words: Words) -> Iterator[tuple[str, list[str]]]:
    for each in material.own.subthemes:
        figures = ((Perspective.SCHOOL, each.own_school), (Perspective.PARTNERSHIP, each.partnership))
        told = [_beside(perspective_name(of, words), found, words) for of, found in figures if found is not None]
        yield title(material.framework, each.id, words), told
