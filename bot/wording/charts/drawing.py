"""What all the report's pictures share: the line below the title, and words for those who can't see it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.messages.languages import Words
from bot.wording.figures import response_words
from bot.wording.report_material import ReportMaterial
from core.charts.pool import Picture


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture yet to be drawn, in its readers' language."""

    picture: Picture
    alt: str
    """What it shows, number by number, for someone who can't see it."""


def subtitle(material: ReportMaterial, words: Words) -> str:
    return f"{material.partnership} · {material.cycle.title} · {response_words(material.facts.response, words)}"


def in_words(title: str, opening: str, lines: Iterable[tuple[str, Iterable[str]]]) -> str:
    """The title and what is shown, then a sentence for each row: ``Trust: our schools 3.5, the partnership 3.0.``"""
    told = (f"{name}: {', '.join(parts)}." for name, parts in lines)
    return " ".join((f"{title.rstrip('.')}.", opening, *told))
