"""Teams' way of writing text, in both directions.

What people wrote is shown in text without markup (a ``TextRun``). A heading is a ``TextBlock``, which is always
Markdown, so there it is escaped. https://adaptivecards.io/explorer/TextRun.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Final

from integrations.teams.words import CALLS

_MARKS: Final = re.compile(r"[\\`*_\[\]<>&~{}]")
_AT_BEGINNING: Final = re.compile(r"^([-+#]|[0-9]+[.)])")
_BETWEEN_BRACES: Final = re.compile(r"(?<=\{)(?=\{)")
_BREAKS: Final = re.compile(r"\s*\n\s*")
_QUOTED: Final = re.compile(r'<quoted messageId="[^"<>]*"\s*/>')
"""Where a quoted message stands. What people type themselves is escaped, so it can't be this."""


def escaped(text: str) -> str:
    """One line of Markdown that shows the text as it is."""
    return _AT_BEGINNING.sub(_first_escaped, _MARKS.sub(r"\\\g<0>", _BREAKS.sub(" ", text.strip())))


def _first_escaped(found: re.Match[str]) -> str:
    return f"{found[1][:-1]}\\{found[1][-1]}"


def pieces(text: str) -> Iterator[str]:
    """The text in pieces, split so that no card formula such as ``{{DATE(…)}}`` remains."""
    return (each for each in _BETWEEN_BRACES.split(text) if each)


def as_typed(text: str, mention: str | None = None) -> str:
    """What a person typed, from the text as Teams sends it.

    The bot's name is removed, whether it is a mention or, in a direct chat without mentions, typed as plain text, and
    so are the places of quoted messages.
    """
    text = _QUOTED.sub(" ", text)
    if mention:
        text = text.replace(mention, " ", 1)
    typed = unescape(text).replace("\xa0", " ").strip()
    return typed[len(CALLS) :].strip() if typed[: len(CALLS)].casefold() == CALLS.casefold() else typed
