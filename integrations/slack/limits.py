"""Slack's limits, from its Block Kit reference, and how text is made to fit.

Slack counts as JavaScript does, in UTF-16 units: most emoji are two of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

BLOCKS: Final = 50
"""Per message."""
SECTION_TEXT: Final = 3000
HEADER_TEXT: Final = 150
BUTTON_TEXT: Final = 75
BUTTON_VALUE: Final = 2000
ALT_TEXT: Final = 2000
CONTEXT_TEXT: Final = 2000
ELEMENTS: Final = 25
"""Per block of buttons."""
ELEMENTS_IN_VIEW: Final = 5
"""Buttons per block that a phone shows without folding some of them away."""
MESSAGE_TEXT: Final = 40_000
"""Slack truncates anything longer."""
MODAL_TITLE: Final = 24
INPUT_LABEL: Final = 2000
INPUT_TEXT: Final = 3000
PRIVATE_METADATA: Final = 3000


def units(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def head(text: str, most: int) -> str:
    """As much of the beginning as fits, in whole characters."""
    if text.isascii():
        return text[:most]
    return text.encode("utf-16-le", "surrogatepass")[: 2 * most].decode("utf-16-le", "ignore")


def fitted(text: str, most: int) -> str:
    """The text, or as much of it as fits, ending in an ellipsis."""
    return text if units(text) <= most else head(text, most - 1).rstrip() + "…"


def pieces(text: str, most: int) -> Iterator[str]:
    """All of the text in pieces that fit, split at the end of a line or a word where possible."""
    while units(text) > most:
        piece = head(text, most)
        cut = max(piece.rfind("\n"), piece.rfind(" "))
        piece = piece[: cut + 1] if cut > len(piece) // 2 else piece
        yield piece
        text = text[len(piece) :]
    if text:
        yield text
