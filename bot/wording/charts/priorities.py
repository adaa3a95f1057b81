"""Top priorities: need and votes, side by side and never combined into one number."""

from __future__ import annotations

from collections.abc import Iterator

from bot.messages.languages import Words
from bot.wording.charts.drawing import Drawing, in_words, subtitle
from bot.wording.figures import chosen_by, title
from bot.wording.report_material import ReportMaterial
from core.analysis.disclosure import Bound, Votes, Withheld
from core.analysis.report import Priority
from core.charts.priorities import Bar, PrioritiesChart, PriorityRow
from core.framework import Perspective


def priorities(material: ReportMaterial, words: Words) -> Drawing | None:
    listed = material.facts.priorities
    if not listed:
        return None
    asked = Perspective.PARTNERSHIP in material.framework.perspectives
    voted = any(isinstance(each.votes, Votes) for each in listed)
    first = [title(material.framework, each.subtheme, words) for each in listed if each.rank == listed[0].rank]
    named = words("First to work on: {subthemes}", subthemes=words.joined(first))
    picture = PrioritiesChart(
        title=named,
        subtitle=subtitle(material, words),
        need=words("Need, 0 to 1") if asked else None,
        votes=words("Schools that chose it") if voted else None,
        withheld=words("withheld"),
        rows=tuple(_row(material, each, words) for each in listed),
        note=words("Need is 0 where the partnership is established, and 1 at the lowest level.") if asked else "",
    )
    lines = ((title(material.framework, each.subtheme, words), list(_told(each, words))) for each in listed)
    return Drawing(picture, in_words(named, _opening(asked, voted, words), lines))


def _opening(asked: bool, voted: bool, words: Words) -> str:
    """What is shown for each: no need where the partnership isn't asked about, and votes may be withheld."""
    if not asked:
        return words("For each first priority, how many schools chose it.")
    if not voted:
        return words("For each first priority, its need from 0 to 1.")
    return words("For each first priority, its need from 0 to 1 and how many schools chose it.")


def _row(material: ReportMaterial, priority: Priority, words: Words) -> PriorityRow:
    need = None if priority.need is None else Bar(float(priority.need), float(priority.need), str(priority.need))
    return PriorityRow(
        rank=str(priority.rank),
        label=title(material.framework, priority.subtheme, words),
        need=need,
        votes=_votes(priority.votes, words),
        remark=words("discuss the evidence first") if priority.evidence_first else "",
    )


def _votes(votes: Votes | Withheld, words: Words) -> Bar | None:
    if isinstance(votes, Withheld):
        return None
    share = float(votes.share)
    match votes.bound:
        case Bound.AT_MOST:
            return Bar(0, share, words("at most {number} of {all}", number=votes.schools, all=votes.voting))
        case Bound.ABOUT:
            return Bar(share, share, words("about {number} of {all}", number=votes.schools, all=votes.voting))
        case Bound.AT_LEAST:
            return Bar(share, 1, words("at least {number} of {all}", number=votes.schools, all=votes.voting))


def _told(priority: Priority, words: Words) -> Iterator[str]:
    if priority.need is not None:
        yield words("need {need} out of 1", need=priority.need)
    if isinstance(priority.votes, Votes):
        yield chosen_by(priority.votes, words)
    if priority.evidence_first:
        yield words("discuss the evidence first")
