"""Figures as words: the same in a message, below a picture and in a table."""

from __future__ import annotations

from decimal import Decimal

from bot.messages.languages import Words
from bot.wording.shared import level_name
from core.analysis.disclosure import Bound, Count, Published, Shown, Votes
from core.analysis.report import ResponseRate
from core.charts.marks import Kind, Mark
from core.framework import Framework, Perspective, in_language


def title(framework: Framework, subtheme: str, words: Words) -> str:
    return in_language(framework.subtheme_by_id[subtheme].title, words.language)


def criterion_title(framework: Framework, criterion: str, words: Words) -> str:
    return in_language(framework.criterion_by_id[criterion].title, words.language)


def written(value: Decimal) -> str:
    return f"{value:.1f}"


def figure(cell: Published, words: Words) -> str:
    return written(cell.value) if isinstance(cell, Shown) else words("withheld")


def mark(cell: Published | Decimal | None) -> Mark | None:
    """The figure as a picture shows it; None if there is nothing to show."""
    value = cell.value if isinstance(cell, Shown) else cell
    return Mark(float(value), written(value)) if isinstance(value, Decimal) else None


def kind(perspective: Perspective) -> Kind:
    return "school" if perspective is Perspective.SCHOOL else "partnership"


def counted(count: Count, words: Words) -> str:
    match count.bound:
        case Bound.AT_MOST:
            return words("at most {schools} of {all} schools", schools=count.schools, all=count.of)
        case Bound.ABOUT:
            return words("{schools} of {all} schools", schools=count.schools, all=count.of)
        case Bound.AT_LEAST:
            return words("at least {schools} of {all} schools", schools=count.schools, all=count.of)


def chosen_by(votes: Votes, words: Words) -> str:
    match votes.bound:
        case Bound.AT_MOST:
            return words("chosen by at most {schools} of {voting} schools", schools=votes.schools, voting=votes.voting)
        case Bound.ABOUT:
            return words("chosen by about {schools} of {voting} schools", schools=votes.schools, voting=votes.voting)
        case Bound.AT_LEAST:
            return words("chosen by at least {schools} of {voting} schools", schools=votes.schools, voting=votes.voting)


def response_words(response: ResponseRate, words: Words) -> str:
    """``5 of 7 schools submitted.``, and whether the picture is only partial."""
    told = words("{submitted} of {schools} schools submitted.", submitted=response.submitted, schools=response.roster)
    if not response.partial:
        return told
    return f"{told} " + words("That is under 60%, so this is a partial picture.")


def perspective_names(framework: Framework, words: Words) -> dict[Perspective, str]:
    """The name in a sentence of each perspective asked about: ``our schools``, ``the partnership``."""
    names = {Perspective.SCHOOL: words("our schools"), Perspective.PARTNERSHIP: words("the partnership")}
    return {each: names[each] for each in framework.perspectives}


def level_names(framework: Framework, words: Words) -> tuple[str, ...]:
    return tuple(level_name(framework, value, words) for value in framework.level_values)


def on_the_scale(framework: Framework, words: Words) -> str:
    """``on a scale from 1 Starting to 4 Extending``: what a number means to somebody who can't see the scale."""
    names = level_names(framework, words)
    return words("on a scale from {lowest} to {highest}", lowest=names[0], highest=names[-1])
