"""Make an event fit to be stored: cut to the length the bot can use, without anything a database rejects."""

from __future__ import annotations

from typing import Final

from bot.decide.notes import MOST_CHARACTERS
from bot.inbound.events import Body, Command, Edited, Installed, Left, Pressed, Typed

_MOST_READ: Final = 2 * MOST_CHARACTERS
"""Characters: enough to see that a note is too long, even with other words before it."""


def legible(body: Body) -> Body:
    match body:
        case Typed(text, with_files):
            return Typed(_legible(text), with_files)
        case Command(name, text, with_files):
            return Command(_legible(name), _legible(text), with_files)
        case Pressed(press, inputs):
            return Pressed(press, {name: _legible(text) for name, text in inputs.items()}) if inputs else body
        case Edited() | Installed() | Left():
            return body


def _legible(text: str) -> str:
    """Text without the characters that PostgreSQL rejects (NUL) or UTF-8 can't encode (lone surrogates)."""
    if text.isascii() and "\0" not in text:
        return text[:_MOST_READ]
    whole = text.replace("\0", "").encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return whole[:_MOST_READ]
