"""The meeting pack in words: an agenda, talking points, and questions that follow from the figures.

The meeting celebrates first, looks at one split criterion and its evidence, hears an offer and a request from each
school, and agrees at most three actions, each with an owner and a date.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from bot.messages.blocks import Block, Buttons, Paragraph
from bot.messages.languages import Words
from bot.wording.agreed_actions import by_when
from bot.wording.figures import criterion_title, response_words, title, written
from bot.wording.report import both_times, evidence_words, what_is_missing
from bot.wording.report_material import ReportMaterial
from bot.wording.shared import help_button
from core.agreed_actions import ENCOURAGED, AgreedAction
from core.analysis.narrative import Narrative, narrative
from core.analysis.report import Difference
from core.framework import in_language
from core.pack import material as pack
from core.pack.material import PackMaterial, PackPicture, Points, Questions


def meeting_pack(material: ReportMaterial, pictures: tuple[PackPicture, ...], words: Words) -> PackMaterial:
    """``pictures`` have already been drawn, in the language of these words."""
    told = narrative(material.framework, material.facts)
    cycle = material.cycle
    return PackMaterial(
        language="cy" if words.language == "cy" else "en",
        title=words("Our partnership meeting"),
        partnership=material.partnership,
        cycle=cycle.title,
        date="" if cycle.meeting_on is None else words.day(cycle.meeting_on),
        agenda=_agenda(material, told, words),
        last_actions=_last_actions(material.agreed_before, words),
        pictures=pictures,
        talking_points=_talking_points(material, told, words),
        questions=_questions(material, told, words),
        actions=_actions(words("What we agree today"), words, empty=ENCOURAGED),
        footer=words("Confidential: for the leaders of our schools."),
    )


def _agenda(material: ReportMaterial, told: Narrative, words: Words) -> Points:
    named = words.joined([title(material.framework, each.subtheme, words) for each in told.celebrate])
    celebrate = words("Celebrate: {subthemes}", subthemes=named) if named else words("Celebrate what went well")
    question = (
        ()
        if told.question is None
        else (
            words(
                "One question on which we differ, evidence first: “{criterion}”",
                criterion=criterion_title(material.framework, told.question, words),
            ),
        )
    )
    return Points(
        words("Agenda"),
        (
            *((words("What we agreed last time: done, or carried on?"),) if material.agreed_before else ()),
            celebrate,
            *question,
            words("From each school one offer and one request"),
            words("Agree at most three actions, each with an owner and a date"),
        ),
    )


def _talking_points(material: ReportMaterial, told: Narrative, words: Words) -> Points:
    framework, facts = material.framework, material.facts
    if not facts.enough:
        points = (response_words(facts.response, words), what_is_missing(facts, words))
        return Points(words("Talking points"), points)
    strong = (
        f"{title(framework, each.subtheme, words)}: {words('middle score {value}', value=written(each.value))}"
        for each in told.celebrate
    )
    first = (
        f"{title(framework, each.priority.subtheme, words)}: {evidence_words(framework, each, words)}"
        for each in told.work_on
    )
    trend = () if facts.trend is None or not facts.trend.lines else (both_times(facts.trend, words),)
    changed = (
        words(
            "Since last time {subtheme}: from {then} to {now}",
            subtheme=title(framework, each.subtheme, words),
            then=written(each.then),
            now=written(each.now),
        )
        for each in told.changed
    )
    return Points(words("Talking points"), (response_words(facts.response, words), *strong, *first, *changed, *trend))


def _questions(material: ReportMaterial, told: Narrative, words: Words) -> Questions:
    return Questions(
        words("Questions"),
        (
            Points(words("Support for"), tuple(_support(material, told, words))),
            Points(words("Challenge to"), tuple(_challenge(material, told, words))),
            Points(words("Decide on"), tuple(_decide(material, told, words))),
        ),
    )


def _support(material: ReportMaterial, told: Narrative, words: Words) -> Iterable[str]:
    for each in told.work_on:
        named = title(material.framework, each.priority.subtheme, words)
        yield words("Who could help with “{subtheme}”, and who would welcome it?", subtheme=named)
    for subtheme in material.framework.subthemes if material.facts.enough else ():
        if subtheme.id in material.helping:
            named = title(material.framework, subtheme.id, words)
            yield words("On “{subtheme}” an offer meets a request. What would help it to begin?", subtheme=named)
    for strength in told.celebrate[:1]:
        named = title(material.framework, strength.subtheme, words)
        yield words("How could what works in “{subtheme}” reach every school?", subtheme=named)


def _challenge(material: ReportMaterial, told: Narrative, words: Words) -> Iterable[str]:
    if told.question is not None:
        named = criterion_title(material.framework, told.question, words)
        yield words("On “{criterion}” we stand far apart. What would each of us point to?", criterion=named)
    for value, subthemes in _alike(told.differ).items():
        named = words.joined([f"“{title(material.framework, each, words)}”" for each in subthemes])
        if value > 0:
            yield words(
                "We score our own schools {gap} higher than the partnership on {subthemes}. Is good practice not yet "
                "shared, or do we see ourselves kindly?",
                gap=written(value),
                subthemes=named,
            )
        else:
            yield words(
                "We score the partnership {gap} higher than our own schools on {subthemes}. What has not reached our "
                "schools yet?",
                gap=written(-value),
                subthemes=named,
            )
    for strength in told.celebrate[:1]:
        named = title(material.framework, strength.subtheme, words)
        yield words("What would show a visitor that “{subtheme}” is as strong as we say?", subtheme=named)


def _alike(differences: Iterable[Difference]) -> Mapping[Decimal, list[str]]:
    """The sub-themes for each difference: each question is asked only once."""
    found: dict[Decimal, list[str]] = {}
    for each in differences:
        found.setdefault(each.value, []).append(each.subtheme)
    return found


def _decide(material: ReportMaterial, told: Narrative, words: Words) -> Iterable[str]:
    named = [title(material.framework, each.priority.subtheme, words) for each in told.work_on]
    if len(named) > 1:
        yield words("Which of these do we take on first: {subthemes}?", subthemes=words.joined(named))
    for each in named[:1]:
        yield words("What will be different in “{subtheme}” by our next meeting, and how shall we know?", subtheme=each)
    yield words("Who leads on each action, and by when?")


def _last_actions(agreed: tuple[AgreedAction, ...], words: Words) -> pack.PackActions | None:
    rows = tuple(
        pack.PackAction(
            f"{in_language(each.title, words.language)}: {each.words}", each.owner.name, by_when(each, words)
        )
        for each in agreed
    )
    return _actions(words("What we agreed last time"), words, rows) if rows else None


def _actions(heading: str, words: Words, rows: tuple[pack.PackAction, ...] = (), empty: int = 0) -> pack.PackActions:
    return pack.PackActions(heading, words("Action"), words("Led by"), words("By when"), rows, empty)


def pack_sent(cycle: str, words: Words) -> tuple[Block, ...]:
    """The message that comes with the files."""
    return (
        Paragraph(
            words(
                "Here is the pack for your meeting about {cycle}: slides, the same to print, and the numbers where any "
                "can be shown. It is for you; show it at the meeting as you like.",
                cycle=cycle,
            )
        ),
        Buttons((help_button(words),)),
    )
