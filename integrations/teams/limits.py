"""What Teams takes at most, and how text is made to fit.

https://learn.microsoft.com/microsoftteams/platform/bots/how-to/format-your-bot-messages
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pydantic_core import to_json

MESSAGE_BYTES: Final = 80_000
"""Of a whole message; Teams counts in UTF-16."""
ACTIONS: Final = 6
"""Buttons of a card."""
BUTTON_TEXT: Final = 100
LABEL: Final = 500
"""Of something to tap, or to write into."""
ALT_TEXT: Final = 4_000
SUMMARY: Final = 150
"""Of a message, in a notification."""
INPUT_TEXT: Final = 4_000
PICTURE_BYTES: Final = 1_000_000


def is_too_large(activity: Mapping[str, object]) -> bool:
    """Whether a message takes more than ``MESSAGE_BYTES``, as it is sent."""
    written = to_json(activity)
    # What UTF-8 writes in one byte takes two in UTF-16, and nothing takes more than twice as much.
    return 2 * len(written) > MESSAGE_BYTES and len(written.decode().encode("utf-16-le")) > MESSAGE_BYTES


def fitted(text: str, most: int) -> str:
    """The text, or as much of it as fits with an ellipsis after it."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
