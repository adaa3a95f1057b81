"""The partnership's report as posted in the channel: what a colleague who had read all of it would write.

It ranks no schools, quotes no notes, singles out no outlier and names nobody who is missing.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.inbound import buttons
from bot.messages.blocks import (
    Block,
    Buttons,
    Fact,
    Facts,
    Heading,
    Paragraph,
    Weight,
)
from bot.messages.languages import Words
from bot.wording.agreed_actions import last_time
from bot.wording.figures import (
    chosen_by,
    counted,
    criterion_title,
    response_words,
    title,
    written,
)
from bot.wording.report_material import ReportMaterial
from bot.wording.shared import button, help_button
from core.analysis.agreement import Agreement
from core.analysis.disclosure import Bound, Count, Shown, Votes
from core.analysis.narrative import Evidence, narrative
from core.analysis.report import Difference, More, ReportFacts, Strength, Trend, TrendLine
from core.framework import Framework, in_language


def report(
    material: ReportMaterial, words: Words, lead: tuple[Block, ...] = (), *, pictures_above: bool = False
) -> tuple[Block, ...]:
    """``lead`` is the picture it shows itself, if there is one."""
    facts = material.facts
    pictures = (
        words("The other pictures are above, and the table has every number.")
        if pictures_above
        else words("The other pictures are below, and the table has every number.")
    )
    return (
        Heading(heading(material, words)),
        Paragraph(_opening(facts, words)),
        *lead,
        *(_figures(material, words) if facts.enough else (Paragraph(what_is_missing(facts, words)),)),
        *(_helping(material, words) if facts.enough else ()),
        *how_to_see_more(facts, words),
        *last_time(material.agreed_before, words),
        *_meeting(material, words),
        *((Paragraph(pictures),) if facts.enough else ()),
    )


def heading(material: ReportMaterial, words: Words) -> str:
    """``Willow Valley Partnership: Autumn 2026``, and the area it covers."""
    whole = words("{partnership}: {cycle}", partnership=material.partnership, cycle=material.cycle.title)
    return whole if material.area is None else f"{whole} – {in_language(material.area.title, words.language)}"


def _opening(facts: ReportFacts, words: Words) -> str:
    return f"{response_words(facts.response, words)} " + words("Thank you to everyone who took the time.")


def what_is_missing(facts: ReportFacts, words: Words) -> str:
    if facts.response.roster < facts.response.least:
        return words(
            "Figures are shown for {least} schools or more, so that no school's scores can be worked out, and we are "
            "fewer. At the meeting you can still compare notes, as far as each of you likes.",
            least=facts.response.least,
        )
    return words.plural(
        "Figures are shown for {least} schools or more, so that no school's scores can be worked out. That is {number} "
        "school more than submitted this time. At the meeting you can still compare notes, as far as each of you "
        "likes.",
        "Figures are shown for {least} schools or more, so that no school's scores can be worked out. That is {number} "
        "schools more than submitted this time. At the meeting you can still compare notes, as far as each of you "
        "likes.",
        facts.response.missing,
        least=facts.response.least,
    )


def _figures(material: ReportMaterial, words: Words) -> tuple[Block, ...]:
    framework, facts = material.framework, material.facts
    told = narrative(framework, facts)
    return (
        *_listed(words("Worth celebrating"), [_strength(framework, facts, each, words) for each in told.celebrate]),
        *_listed(words("What to work on first"), [_evidence(framework, each, words) for each in told.work_on]),
        *_listed(
            words("Where our schools and the partnership differ most"),
            [_difference(framework, each, words) for each in told.differ],
        ),
        *_kindly(told.differ, words),
        *_disagreement(framework, facts, told.question, words),
        *_since(material, told.changed, words),
    )


def _listed(name: str, items: list[Fact]) -> tuple[Block, ...]:
    return (Heading(name, level=2), Facts(tuple(items))) if items else ()


def _strength(framework: Framework, facts: ReportFacts, strength: Strength, words: Words) -> Fact:
    details = (
        each.established
        for subtheme in facts.subthemes
        if subtheme.id == strength.subtheme
        for each in subtheme.details
        if each.perspective is framework.perspectives[-1] and _of_most(each.established)
    )
    value = words("middle score {value}", value=written(strength.value))
    return Fact(
        title(framework, strength.subtheme, words), "; ".join((value, *_at_established(framework, details, words)))
    )


def _of_most(cell: object) -> bool:
    """A count indicates a strength only if it is most of the schools."""
    return isinstance(cell, Count) and cell.bound is not Bound.AT_MOST and cell.schools * 2 >= cell.of


def _at_established(framework: Framework, details: Iterator[object], words: Words) -> Iterator[str]:
    level = in_language(framework.level(framework.established).label, words.language)
    for each in details:
        if isinstance(each, Count):
            yield words("{count} at {level} or above", count=counted(each, words), level=level)


def _evidence(framework: Framework, evidence: Evidence, words: Words) -> Fact:
    return Fact(title(framework, evidence.priority.subtheme, words), evidence_words(framework, evidence, words))


def evidence_words(framework: Framework, evidence: Evidence, words: Words) -> str:
    """The evidence for a top priority."""
    priority, partnership = evidence.priority, evidence.partnership
    value = words("middle score {value}", value=written(partnership.value)) if isinstance(partnership, Shown) else None
    told = (
        *(() if value is None else (value,)),
        *(() if priority.need is None else (words("need {need} out of 1", need=priority.need),)),
        *((chosen_by(priority.votes, words),) if isinstance(priority.votes, Votes) else ()),
        *_at_established(framework, iter((evidence.established,)), words),
        *((words("we see it differently, so discuss the evidence first"),) if priority.evidence_first else ()),
    )
    return "; ".join(told)


def _difference(framework: Framework, difference: Difference, words: Words) -> Fact:
    gap = abs(difference.value)
    told = (
        words("our own schools {gap} higher", gap=gap)
        if difference.value > 0
        else words("the partnership {gap} higher", gap=gap)
    )
    return Fact(title(framework, difference.subtheme, words), told)


def _kindly(differ: tuple[Difference, ...], words: Words) -> tuple[Block, ...]:
    if not any(each.value > 0 for each in differ):
        return ()
    question = words("To talk about: is there good practice still to be shared, or do we see ourselves kindly?")
    return (Paragraph(question),)


def _disagreement(framework: Framework, facts: ReportFacts, question: str | None, words: Words) -> tuple[Block, ...]:
    if question is not None:
        asked = words(
            "On “{criterion}” our schools stand far apart. What does each of us see, and what could we show one "
            "another?",
            criterion=criterion_title(framework, question, words),
        )
    elif any(isinstance(each.agreement, Agreement) for subtheme in facts.subthemes for each in subtheme.criteria):
        asked = words("On no question do our schools stand far apart.")
    else:
        return ()
    return Heading(words("Where we disagree"), level=2), Paragraph(asked)


def _since(material: ReportMaterial, changed: tuple[TrendLine, ...], words: Words) -> tuple[Block, ...]:
    trend = material.facts.trend
    if trend is None or not trend.lines or material.previous is None:
        return ()
    items = tuple(_change(material.framework, each, words) for each in changed)
    return (
        Heading(words("Since {cycle}", cycle=material.previous), level=2),
        Facts(items) if items else Paragraph(words("No middle score has moved by half a level or more.")),
        Paragraph(both_times(trend, words)),
    )


def _change(framework: Framework, line: TrendLine, words: Words) -> Fact:
    told = words("from {then} to {now}", then=written(line.then), now=written(line.now))
    return Fact(title(framework, line.subtheme, words), told)


def both_times(trend: Trend, words: Words) -> str:
    """How many schools a comparison is based on, and whether the same people answered."""
    told = words.plural("{number} school answered both times.", "{number} schools answered both times.", trend.schools)
    if not trend.respondents_changed:
        return told
    return f"{told} " + words.plural(
        "In {number} of them other leaders answered, who may see things otherwise. A lower score can simply be a more "
        "candid one.",
        "In {number} of them other leaders answered, who may see things otherwise. A lower score can simply be a more "
        "candid one.",
        trend.respondents_changed,
    )


def _helping(material: ReportMaterial, words: Words) -> tuple[Block, ...]:
    """Where one school could help another. Both learn who the other is once both have said yes."""
    named = [
        title(material.framework, each.id, words)
        for each in material.framework.subthemes
        if each.id in material.helping
    ]
    if not named:
        return ()
    told = words.plural(
        "In {number} sub-theme one school's offer meets another's request: {subthemes}. Whoever it concerns is asked "
        "in private.",
        "In {number} sub-themes one school's offer meets another's request: {subthemes}. Whoever it concerns is asked "
        "in private.",
        len(named),
        subthemes=words.joined(named),
    )
    return Heading(words("Who could help whom"), level=2), Paragraph(told)


def how_to_see_more(facts: ReportFacts, words: Words) -> tuple[Block, ...]:
    """What the schools could do or agree to so that nothing has to be withheld."""
    if facts.enough and More.SCORE_MORE not in facts.more:
        return ()
    told = " ".join(_more(each, words) for each in facts.more)
    return (Heading(words("How we could see more"), level=2), Paragraph(told)) if told else ()


def _more(more: More, words: Words) -> str:
    match more:
        case More.MORE_SCHOOLS:
            return words("The more schools submit, the more can be shown.")
        case More.SCORE_MORE:
            return words("Where people can't say yet, a score would let more sub-themes be shown.")
        case More.BE_OPEN:
            return words(
                "If a leader of every school agrees, the next cycle can be open: then nothing is withheld, and every "
                "school sees every school's scores."
            )


def preview(area: str, cycle: int, told: tuple[Block, ...], words: Words) -> tuple[Block, ...]:
    """The report as shown to the lead who asked for a preview."""
    return (
        Paragraph(words("A preview, for you alone. Nothing has been posted.")),
        *told,
        Buttons(
            (
                button(words("Post it in the channel"), buttons.ReportOn(cycle, area), weight=Weight.MAIN),
                help_button(words),
            )
        ),
    )


def _meeting(material: ReportMaterial, words: Words) -> tuple[Block, ...]:
    if material.cycle.meeting_on is None:
        return ()
    day = words.day(material.cycle.meeting_on)
    told = words("Our meeting was on {day}.", day=day) if material.met else words("Our meeting: {day}.", day=day)
    return (Paragraph(told),)
