"""A message's key, which Slack stores in the message's metadata for the bot."""

from __future__ import annotations

from typing import Final

from bot.messages.blocks import Message
from integrations.slack.connection import Answer

EVENT_TYPE: Final = "partnership_message"
"""The metadata field with a message's key."""


def metadata(message: Message) -> dict[str, object]:
    return {"event_type": EVENT_TYPE, "event_payload": {"key": message.key}}


def with_key(answer: Answer, key: str) -> str | None:
    """The first of our messages with this key among those Slack found; it lists a channel's latest first."""
    found = answer.get("messages")
    for each in found if isinstance(found, list) else ():
        match each:
            case {"ts": str(ts), "metadata": {"event_type": kind, "event_payload": {"key": its}}} if (
                kind == EVENT_TYPE and its == key
            ):
                return ts
    return None
