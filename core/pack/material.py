"""The contents of a meeting pack: all words in its readers' language, every picture already drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Language: TypeAlias = Literal["en", "cy"]
TAGS: dict[Language, str] = {"en": "en-GB", "cy": "cy-GB"}
"""The document's language tag (BCP 47)."""


@dataclass(frozen=True, slots=True)
class Points:
    """A heading with a few sentences, such as the agenda, talking points, or questions that decide something."""

    heading: str
    items: tuple[str, ...]
    notes: str = ""
    """Speaker's notes for whoever leads the meeting; below a slide, and not in the document."""


@dataclass(frozen=True, slots=True)
class PackPicture:
    heading: str
    """Says what the picture shows."""
    png: bytes
    alt: str
    """The same for someone who does not see it, number by number."""
    caption: str = ""
    notes: str = ""


@dataclass(frozen=True, slots=True)
class Questions:
    """In groups such as support for, challenge to, and decide on."""

    heading: str
    groups: tuple[Points, ...]
    notes: str = ""


@dataclass(frozen=True, slots=True)
class PackAction:
    what: str
    owner: str
    due: str


@dataclass(frozen=True, slots=True)
class PackActions:
    """A table of actions, with lines to fill in at the meeting."""

    heading: str
    what: str
    owner: str
    due: str
    """The headings of its columns."""
    rows: tuple[PackAction, ...] = ()
    empty_rows: int = 0
    notes: str = ""


@dataclass(frozen=True, slots=True)
class PackMaterial:
    language: Language
    title: str
    partnership: str
    cycle: str
    date: str
    """The date of the meeting, in words; empty if it is not known."""
    agenda: Points
    last_actions: PackActions | None
    """What was agreed last time; None if nothing was."""
    pictures: tuple[PackPicture, ...]
    talking_points: Points
    questions: Questions
    actions: PackActions
    footer: str = ""
    """On every page and slide, such as who may see them."""
