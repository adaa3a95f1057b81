"""A message as a list of blocks that every platform can show in its own way.

The blocks are a closed union. A platform renders them with one total function (``match`` and ``assert_never``); where
it has nothing better, ``bot.messages.plain_text`` says the same in plain text.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Heading:
    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str


@dataclass(frozen=True, slots=True)
class Fact:
    term: str
    text: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Short terms, each with its description."""

    items: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Table:
    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Picture:
    file_name: str
    png: bytes
    alt: str


@dataclass(frozen=True, slots=True)
class Option:
    """One of the buttons of a choice; ``typed`` is what a person can type instead."""

    label: str
    action: str
    typed: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """A question and a row of short buttons."""

    legend: str
    question: str
    options: tuple[Option, ...]
    name: str = ""
    """What it is about, in a word or two, for when several choices are shown together."""


@dataclass(frozen=True, slots=True)
class TextInput:
    """A text box with a button to send it; the text arrives as ``Pressed.inputs[name]``."""

    name: str
    label: str
    hint: str
    action: str
    submit_label: str
    typed: str
    value: str = ""


class Weight(StrEnum):
    MAIN = "main"
    PLAIN = "plain"
    CAREFUL = "careful"


@dataclass(frozen=True, slots=True)
class Button:
    label: str
    action: str
    typed: str
    """What a person can type instead of pressing it."""
    weight: Weight = Weight.PLAIN


@dataclass(frozen=True, slots=True)
class Buttons:
    buttons: tuple[Button, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    done: int
    total: int
    label: str


Block: TypeAlias = Heading | Paragraph | Facts | Table | Picture | Choice | TextInput | Buttons | Progress


@dataclass(frozen=True, slots=True)
class File:
    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Message:
    key: str
    """A message; one with the same key as an earlier message replaces it."""
    blocks: tuple[Block, ...]
    lang: str
    files: tuple[File, ...] = ()
