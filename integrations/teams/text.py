"""Teams' way of writing text, in both directions.

What people wrote is shown in text of the kind that knows no markup (a ``TextRun``). A heading is a ``TextBlock``, which
is always Markdown, so there it is escaped. https://adaptivecards.io/explorer/TextRun.html
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


def escaped(text: str) -> str:
    """One line of Markdown that shows the text as it is."""
    return _AT_BEGINNING.sub(_first_escaped, _MARKS.sub(r"\\\g<0>", _BREAKS.sub(" ", text.strip())))


def _first_escaped(found: re.Match[str]) -> str:
    return f"{found[1][:-1]}\\{found[1][-1]}"


def pieces(text: str) -> Iterator[str]:
    """The text in pieces none of which is one of a card's own formulas, such as ``{{DATE(…)}}``."""
    return (each for each in _BETWEEN_BRACES.split(text) if each)


def as_typed(text: str, mention: str | None = None) -> str:
    """What a person typed, of the text in which Teams sends it.

    Without the name of the bot, be it a mention or, in a chat of its own where nobody is mentioned, plainly typed.
    """
    if mention:
        text = text.replace(mention, " ", 1)
    typed = unescape(text).replace("\xa0", " ").strip()
    return typed[len(CALLS) :].strip() if typed[: len(CALLS)].casefold() == CALLS.casefold() else typed
