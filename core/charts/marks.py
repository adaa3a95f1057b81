"""The marks for scores in all pictures: a disc for a school's own, a diamond for the partnership's."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Literal, TypeAlias

from core.charts.frame import KeyEntry
from core.charts.sheet import Sheet
from core.charts.style import OWN_SCHOOL, PAPER, PARTNERSHIP, PARTNERSHIP_INK

Kind: TypeAlias = Literal["school", "partnership"]


@dataclass(frozen=True, slots=True)
class Mark:
    value: float
    """On the scale of levels, the lowest of which is 1."""
    text: str
    """As written beside the mark."""


def draw_mark(sheet: Sheet, x: float, y: float, kind: Kind, scale: float = 1.0) -> None:
    """Draw a mark; the disc is smaller than the diamond, so that both are visible where they overlap."""
    if kind == "school":
        sheet.mark(x, y, "o", 21 * scale, OWN_SCHOOL, PAPER)
    else:
        sheet.mark(x, y, "D", 40 * scale, PARTNERSHIP, PARTNERSHIP_INK)


def draw_missing(sheet: Sheet, x: float, y: float, kind: Kind, scale: float) -> None:
    """A small, empty mark beside the word for a missing score: filled, it would look like a score."""
    if kind == "school":
        sheet.mark(x, y, "o", 10.5 * scale, PAPER, OWN_SCHOOL)
    else:
        sheet.mark(x, y, "D", 20 * scale, PAPER, PARTNERSHIP_INK)


def ink(kind: Kind) -> str:
    """The colour of the numbers beside such marks."""
    return OWN_SCHOOL if kind == "school" else PARTNERSHIP_INK


def key_entry(kind: Kind, words: str) -> KeyEntry:
    return KeyEntry(partial(draw_mark, kind=kind), words)
