"""The partnership's report, as it is posted in the channel: a few sentences, the picture, and the numbers as a file."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from bot.languages import Words
from bot.messages import Block, Fact, Facts, Heading, Paragraph
from bot.prompts.shared import level_name
from core.analysis.disclosure import Bound, Published, Shown, Votes, Withheld
from core.analysis.report import AreaFacts, Difference, Priority, ReportFacts, ResponseRate, Strength
from core.charts.dumbbell import Dumbbell, DumbbellRow
from core.charts.marks import Mark
from core.enquiry import Cycle
from core.exports import ReportWords
from core.framework import Framework, Perspective, in_language


def report(partnership: str, cycle: Cycle, framework: Framework, facts: ReportFacts, words: Words) -> tuple[Block, ...]:
    return (
        Heading(words("{partnership}: {cycle}", partnership=partnership, cycle=cycle.title)),
        Paragraph(response_words(facts.response, words)),
        *(_figures(framework, facts, words) if facts.enough else (Paragraph(_what_is_missing(facts, words)),)),
        *_meeting(cycle, words),
    )


def response_words(response: ResponseRate, words: Words) -> str:
    """``5 of 7 schools submitted.``, and whether that is only a partial picture."""
    counted = words(
        "{submitted} of {schools} schools submitted.", submitted=response.submitted, schools=response.roster
    )
    if not response.partial:
        return counted
    return f"{counted} " + words("That is under 60%, so this is a partial picture.")


def _what_is_missing(facts: ReportFacts, words: Words) -> str:
    return words.plural(
        "Figures are shown for four schools or more, so that no school's scores can be worked out. That is {number} "
        "school more than submitted this time. At the meeting you can still compare notes, as far as each of you "
        "likes.",
        "Figures are shown for four schools or more, so that no school's scores can be worked out. That is {number} "
        "schools more than submitted this time. At the meeting you can still compare notes, as far as each of you "
        "likes.",
        facts.response.missing,
    )


def _figures(framework: Framework, facts: ReportFacts, words: Words) -> tuple[Block, ...]:
    return (
        *_listed(words("Strongest"), [_strength(framework, each, words) for each in facts.strongest]),
        *_listed(words("First priorities"), [_priority(framework, each, words) for each in facts.priorities]),
        *_listed(
            words("Where our schools and the partnership differ most"),
            [_difference(framework, each, words) for each in facts.differences],
        ),
        *_question(facts, words),
    )


def _listed(name: str, items: list[Fact]) -> tuple[Block, ...]:
    return (Heading(name, level=2), Facts(tuple(items))) if items else ()


def _question(facts: ReportFacts, words: Words) -> tuple[Block, ...]:
    if not any(each.value > 0 for each in facts.differences):
        return ()
    question = words("To talk about: is there good practice still to be shared, or do we see ourselves kindly?")
    return (Paragraph(question),)


def _title(framework: Framework, subtheme: str, words: Words) -> str:
    return in_language(framework.subtheme_by_id[subtheme].title, words.language)


def _strength(framework: Framework, strength: Strength, words: Words) -> Fact:
    return Fact(_title(framework, strength.subtheme, words), str(strength.value))


def _priority(framework: Framework, priority: Priority, words: Words) -> Fact:
    told = [
        *([] if priority.need is None else [words("need {need} out of 1", need=priority.need)]),
        *([] if isinstance(priority.votes, Withheld) else [_votes(priority.votes, words)]),
    ]
    return Fact(_title(framework, priority.subtheme, words), ", ".join(told))


def _votes(votes: Votes, words: Words) -> str:
    match votes.bound:
        case Bound.AT_MOST:
            return words("chosen by at most {schools} of {voting} schools", schools=votes.schools, voting=votes.voting)
        case Bound.ABOUT:
            return words("chosen by about {schools} of {voting} schools", schools=votes.schools, voting=votes.voting)
        case Bound.AT_LEAST:
            return words("chosen by at least {schools} of {voting} schools", schools=votes.schools, voting=votes.voting)


def _difference(framework: Framework, difference: Difference, words: Words) -> Fact:
    gap = abs(difference.value)
    told = (
        words("our own schools {gap} higher", gap=gap)
        if difference.value > 0
        else words("the partnership {gap} higher", gap=gap)
    )
    return Fact(_title(framework, difference.subtheme, words), told)


def _meeting(cycle: Cycle, words: Words) -> tuple[Block, ...]:
    if cycle.meeting_on is None:
        return ()
    return (Paragraph(words("We meet on {day}.", day=words.day(cycle.meeting_on))),)


def alt_text(framework: Framework, facts: ReportFacts, words: Words) -> str:
    """What the picture shows, number by number, for someone who does not see it."""
    lowest, highest = framework.level_values[0], framework.level_values[-1]
    opening = words(
        "For each sub-theme, the middle score that schools gave themselves and the one they gave the partnership, on "
        "a scale from {lowest} to {highest}.",
        lowest=level_name(framework, lowest, words),
        highest=level_name(framework, highest, words),
    )
    lines = (
        f"{_title(framework, each.id, words)}: "
        + ", ".join(
            f"{name} {figure(cell, words)}"
            for name, cell in (
                (words("our schools"), each.own_school),
                (words("the partnership"), each.partnership),
            )
            if cell is not None
        )
        for each in facts.subthemes
    )
    return " ".join((opening, *(f"{line}." for line in lines)))


def figure(cell: Published, words: Words) -> str:
    return _written(cell.value) if isinstance(cell, Shown) else words("withheld")


def _written(value: Decimal) -> str:
    return f"{value:.1f}"


def picture_title(framework: Framework, facts: ReportFacts, words: Words) -> str:
    """A title that says what the picture shows."""
    strongest = [_title(framework, each.subtheme, words) for each in facts.strongest[:1]]
    first = [_title(framework, each.subtheme, words) for each in facts.priorities[:1]]
    match strongest, first:
        case [strong], [next_step]:
            return words("Strongest: {strong}. Next step: {next_step}.", strong=strong, next_step=next_step)
        case [strong], []:
            return words("Strongest: {strong}.", strong=strong)
        case [], [next_step]:
            return words("Next step: {next_step}.", next_step=next_step)
        case _:
            return words("How we see our schools and our partnership")


def dumbbell(partnership: str, cycle: Cycle, framework: Framework, facts: ReportFacts, words: Words) -> Dumbbell:
    """The lead picture, with every word in the language of its readers."""
    both = Perspective.PARTNERSHIP in framework.perspectives
    return Dumbbell(
        title=picture_title(framework, facts, words),
        subtitle=f"{partnership} · {cycle.title} · {response_words(facts.response, words)}",
        own_school=words("Our own schools"),
        partnership=words("Our partnership") if both else None,
        withheld=words("withheld"),
        levels=tuple(level_name(framework, value, words) for value in framework.level_values),
        rows=tuple(row for area in facts.areas for row in _area_rows(framework, area, words)),
        note=words("The middle score of all schools. It is withheld where it could give one school's score away."),
    )


def _area_rows(framework: Framework, area: AreaFacts, words: Words) -> Iterator[DumbbellRow]:
    titles = {each.id: in_language(each.short_title, words.language) for each in framework.areas}
    yield DumbbellRow(titles[area.id], _mark(area.own_school), _mark(area.partnership), area=True)
    for each in area.subthemes:
        yield DumbbellRow(_title(framework, each.id, words), _mark(each.own_school), _mark(each.partnership))


def _mark(cell: Published | None) -> Mark | None:
    return Mark(float(cell.value), _written(cell.value)) if isinstance(cell, Shown) else None


def csv_words(words: Words) -> ReportWords:
    return ReportWords(
        area=words("Area"),
        subtheme=words("Sub-theme"),
        own_school=words("Our own schools, middle score"),
        own_schools_counted=words("Schools counted"),
        partnership=words("Our partnership, middle score"),
        partnership_schools_counted=words("Schools counted (partnership)"),
        difference=words("Difference"),
        difference_schools_counted=words("Schools counted (difference)"),
        priority=words("Priority"),
        need=words("Need, 0 to 1"),
        votes=words("Schools that chose it"),
        voting_schools=words("Schools that chose priorities"),
        withheld=words("withheld"),
    )
