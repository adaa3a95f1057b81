"""Teams' limits, and how text is made to fit.

https://learn.microsoft.com/microsoftteams/platform/bots/how-to/format-your-bot-messages
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pydantic_core import to_json

MESSAGE_BYTES: Final = 80_000
"""For a whole message; Teams counts in UTF-16."""
ACTIONS: Final = 6
"""Buttons per card."""
BUTTON_TEXT: Final = 100
LABEL: Final = 500
"""For something to tap, or to write into."""
ALT_TEXT: Final = 4_000
SUMMARY: Final = 150
"""For a message in a notification."""
INPUT_TEXT: Final = 4_000
PICTURE_BYTES: Final = 1_000_000


def is_too_large(activity: Mapping[str, object]) -> bool:
    """Whether a message as sent takes more than ``MESSAGE_BYTES``."""
    written = to_json(activity)
    # One byte of UTF-8 becomes two in UTF-16, and nothing grows by more than that.
    return 2 * len(written) > MESSAGE_BYTES and len(written.decode().encode("utf-16-le")) > MESSAGE_BYTES


def fitted(text: str, most: int) -> str:
    """The text, or as much of it as fits, ending in an ellipsis."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
