"""Slack's way of writing text, in both directions: https://docs.slack.dev/messaging/formatting-message-text"""

from __future__ import annotations

import re
from typing import Final

_REFERENCE: Final = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")


def escaped(text: str) -> str:
    """Text that Slack shows as it is: no mention, link or date in it takes effect."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def as_typed(text: str) -> str:
    """What a person typed, from the text as Slack sends it."""
    return _REFERENCE.sub(_reference, text).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _reference(found: re.Match[str]) -> str:
    sign, target, label = found.group(1), found.group(2), found.group(3)
    if sign == "!":
        return label or f"@{target.partition('^')[0]}"
    if sign:
        return sign + (label or target).removeprefix(sign)
    target = target.removeprefix("mailto:")
    return target if not label else label if label in target else f"{label} ({target})"
