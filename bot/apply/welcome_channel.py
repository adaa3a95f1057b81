"""What is said in a channel that the bot was added to, once, where a platform tells of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from bot.inbound.events import Conversation
from bot.messages import references
from core.services import people
from core.storage import outbox


def welcome(
    connection: Connection, channel: Conversation, event_id: str, now: datetime, turn: str | None = None
) -> frozenset[Conversation]:
    """Put it into the outbox, in the channel's language where it is a partnership's; returns where it waits."""
    language = people.channel_language(connection, channel.platform, channel.tenant, channel.id)
    outbox.put(
        connection,
        platform=channel.platform,
        tenant=channel.tenant,
        conversation=channel.id,
        kind=channel.kind.value,
        key=f"welcome:{channel.platform}:{channel.tenant}:{event_id}",
        prompt=references.to_json(references.ChannelWelcome(language or "")),
        manner="once",
        now=now,
        turn=turn,
    )
    return frozenset({channel})
