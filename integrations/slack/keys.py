"""The key of a message, which Slack keeps in the message's metadata for the bot."""

from __future__ import annotations

from typing import Final

from bot.messages.blocks import Message
from integrations.slack.connection import Answer

EVENT_TYPE: Final = "partnership_message"
"""Under which the key of a message is kept in its metadata."""


def metadata(message: Message) -> dict[str, object]:
    return {"event_type": EVENT_TYPE, "event_payload": {"key": message.key}}


def with_key(answer: Answer, key: str) -> str | None:
    """The first message of ours under this key in what Slack found; it gives the latest of a channel first."""
    found = answer.get("messages")
    for each in found if isinstance(found, list) else ():
        match each:
            case {"ts": str(ts), "metadata": {"event_type": kind, "event_payload": {"key": its}}} if (
                kind == EVENT_TYPE and its == key
            ):
                return ts
    return None
