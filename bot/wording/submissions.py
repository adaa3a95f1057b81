"""Which schools have submitted, in words for the lead only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.inbound.typed_text import Word
from bot.messages.blocks import Block, Buttons, Fact, Facts, Heading, Paragraph
from bot.messages.languages import Words
from bot.wording.shared import help_button
from core.analysis.lead_view import LeadView


@dataclass(frozen=True, slots=True)
class SubmissionFacts:
    partnership: str
    so_far: tuple[str, int, int] | None
    """The open cycle, how many schools have submitted, and how many are asked; None if no cycle is open."""
    cycle: str | None
    """The one that closed last."""
    view: LeadView | None
    """The schools that submitted in that cycle."""


def responses(all_: tuple[SubmissionFacts, ...], words: Words) -> tuple[Block, ...]:
    confidence = words("This is for you alone: who is missing is never said in a channel.")
    return (
        *(block for each in all_ for block in _of_partnership(each, words)),
        Paragraph(confidence),
        Buttons((help_button(words),)),
    )


def _of_partnership(each: SubmissionFacts, words: Words) -> Iterator[Block]:
    yield Heading(words("{partnership}: who has submitted", partnership=each.partnership))
    if each.so_far is not None:
        title, submitted, schools = each.so_far
        so_far = words("{submitted} of {schools} schools so far", submitted=submitted, schools=schools)
        yield Facts((Fact(title, so_far),))
        yield Paragraph(words("Once it has closed you see which ones they are. Until then the bot reminds the others."))
    if each.view is not None:
        yield Heading(words("{cycle}, which has closed", cycle=each.cycle), 2)
        yield Facts(tuple(_schools(each.view, words)))
        if each.view.table is not None:
            yield Paragraph(_named(words))
    if each.so_far is None and each.view is None:
        yield Paragraph(words("No cycle has been opened yet."))


def _schools(view: LeadView, words: Words) -> Iterator[Fact]:
    nobody = words("none")
    yield Fact(words("Have submitted"), words.joined(list(view.submitted)) or nobody)
    yield Fact(words("Not this time"), words.joined(list(view.waiting)) or nobody)
    if view.late:
        late = words(
            "{schools}: after the report was made, so it is without them", schools=words.joined(list(view.late))
        )
        yield Fact(words("Submitted late"), late)


def _named(words: Words) -> str:
    return words(
        "Every school agreed that you may see its scores: they are in the files, and {report} preview last shows "
        "them as pictures.",
        report=words.command(Word.REPORT),
    )
